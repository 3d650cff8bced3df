#include "sim/system/csv_reader.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr size_t kLongestLine = 100000;
constexpr size_t kBuffer = size_t{1} << 18;

}  // namespace

void check_size(const std::string& path, u64 most, const char* advice) {
    std::error_code failed;
    need_regular(path);
    if (const u64 size = std::filesystem::file_size(path, failed); failed)
        fail(Exit::kInput, "{}: error: cannot be read: {}", path, read_problem(failed.value()));
    else if (size > most)
        fail(Exit::kInput, "{}: error: {} MB are more than is read, {} MB{}", path, size >> 20, most >> 20,
             advice);
}

CsvReader::CsvReader(const std::string& path, char separator)
    : path_(path), separator_(separator), file_(path), buffer_(kBuffer) {
    check_size(path, kLargestFile, "");
    std::vector<std::string> header;
    if (!next(header)) fail(Exit::kInput, "{}: error: is empty; a header line is needed", path);
    if (header.front().starts_with("\xEF\xBB\xBF"))
        header.front().erase(0, 3);  // a byte-order mark, as spreadsheets write it
    if (separator == ',' && header.size() == 1 && header.front().find_first_of(";\t") != std::string::npos)
        fail(Exit::kInput, "{}: error: the header has one column, '{}'; commas separate columns", where(),
             header.front());
    width_ = header.size();
    for (size_t k = 0; k < header.size(); ++k) column_.emplace(header[k], k);
}

bool CsvReader::next(std::vector<std::string>& cells) {
    std::string line;
    while (next_line(line)) {
        ++line_;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        if (line.front() == '#') {
            if (!column_.empty() && comments_++ == 0) first_comment_ = line_;
            continue;
        }
        split(line, cells);
        if (!cells.empty()) return true;
    }
    return false;
}

void CsvReader::split(const std::string& line, std::vector<std::string>& cells) const {
    cells.clear();
    std::string cell;
    bool quoted = false, begun = false;  // begun: an empty cell may be meant
    const auto end_cell = [&] {
        if (separator_ != ' ' || begun || !cell.empty()) cells.push_back(cell);
        cell.clear();
        begun = false;
    };
    for (size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') {
            begun = true;
            if (quoted && i + 1 < line.size() && line[i + 1] == '"')
                cell += line[i++];
            else
                quoted = !quoted;
        } else if (line[i] == separator_ && !quoted) {
            end_cell();
        } else {
            cell += line[i];
        }
    }
    if (quoted) fail(Exit::kInput, "{}: error: a quote is not closed", where());
    end_cell();
}

const std::string& CsvReader::cell(const std::vector<std::string>& cells, const std::string& name) const {
    const auto at = column_.find(name);
    if (at == column_.end()) {
        std::vector<std::string> known;
        for (const auto& [column, index] : column_) known.push_back(column);
        fail(Exit::kInput, "{}: error: there is no column '{}'; the header has {}", path_, name,
             fmt::join(known, ", "));
    }
    if (at->second >= cells.size())
        fail(Exit::kInput, "{}: error: the line has {} cells, column '{}' is number {}", where(),
             cells.size(), name, at->second + 1);
    return cells[at->second];
}

std::string CsvReader::where() const { return fmt::format("{}:{}", path_, line_); }

bool CsvReader::next_line(std::string& line) {  // never more of it than a line may hold
    line.clear();
    for (int c = next_byte(); c != EOF; c = next_byte()) {
        if (c == '\n') return true;
        if (line.size() >= kLongestLine)
            fail(Exit::kInput, "{}:{}: error: the line is longer than {} characters", path_, line_ + 1,
                 kLongestLine);
        line += static_cast<char>(c);
    }
    return !line.empty();
}

int CsvReader::next_byte() {
    if (at_ == filled_) {
        filled_ = file_.read(buffer_.data(), buffer_.size());
        at_ = 0;
        if (filled_ == 0) return EOF;
    }
    return static_cast<unsigned char>(buffer_[at_++]);
}

}  // namespace respine
