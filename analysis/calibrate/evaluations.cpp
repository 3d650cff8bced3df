#include "analysis/calibrate/evaluations.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include "analysis/read/series.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"
#include "sim/system/files.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

std::string line_of(size_t number, const Evaluation& e) {
    std::string line = fmt::format("{}", number);
    for (const auto* part : {&e.parameters, &e.simulated, &e.loss})
        for (double v : *part) line += "," + csv_number(v);
    return line + "," + csv_number(e.total) + "," + e.note + "\n";
}

std::string header_of(const std::vector<std::string>& parameters, const std::vector<std::string>& targets) {
    std::string line = "evaluation";
    for (const std::string& p : parameters) line += "," + p;
    for (const std::string& t : targets) line += ",simulated:" + t;
    for (const std::string& t : targets) line += ",loss:" + t;
    return line + ",total,note";
}

}  // namespace

Evaluations::Evaluations(const std::string& path, const std::vector<std::string>& parameters,
                         const std::vector<std::string>& targets)
    : path_(path) {
    const std::string header = header_of(parameters, targets);
    if (std::filesystem::exists(path)) read(header, parameters.size(), targets.size());
    const bool fresh = !std::filesystem::exists(path) || std::filesystem::file_size(path) == 0;
    out_.open(path, std::ios::binary | std::ios::app);
    if (fresh) out_ << header << "\n";
    if (!out_.flush()) fail(Exit::kIo, "{}: error: cannot be written", path);
}

void Evaluations::read(const std::string& header, size_t parameters, size_t targets) {
    std::string text = read_bytes(path_);
    if (const size_t end = text.rfind('\n') + 1; end < text.size()) {
        text.resize(end);
        std::filesystem::resize_file(path_, end);
    }
    std::stringstream lines(text);
    std::string line;
    if (!std::getline(lines, line)) return;
    if (line != header)
        fail(Exit::kInput, "{}:1: error: these evaluations are of other parameters or targets", path_);
    const size_t numbers = 1 + parameters + 2 * targets + 1;
    for (size_t row = 2; std::getline(lines, line); ++row) {
        std::vector<double> values;
        size_t from = 0;
        for (; values.size() < numbers && from <= line.size();) {
            const size_t comma = std::min(line.find(',', from), line.size());
            const std::string text_of = line.substr(from, comma - from);
            const auto v = parse_number(text_of);
            if (!v && !text_of.empty())
                fail(Exit::kInput, "{}:{}: error: '{}' is not a number", path_, row, text_of);
            values.push_back(v.value_or(kNaN));
            from = comma + 1;
        }
        if (values.size() < numbers || from > line.size())
            fail(Exit::kInput, "{}:{}: error: {} cells are needed", path_, row, numbers + 1);
        const auto at = [&](size_t first, size_t count) {
            const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
            return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(count));
        };
        all_.push_back({at(1, parameters), at(1 + parameters, targets), at(1 + parameters + targets, targets),
                        values.back(), line.substr(from)});
        by_point_[all_.back().parameters] = &all_.back();
    }
}

const Evaluation* Evaluations::find(const std::vector<double>& point) const {
    const auto at = by_point_.find(point);
    return at == by_point_.end() ? nullptr : at->second;
}

size_t Evaluations::failed() const {
    return static_cast<size_t>(
        std::count_if(all_.begin(), all_.end(), [](const Evaluation& e) { return !e.note.empty(); }));
}

const Evaluation& Evaluations::add(Evaluation e) {
    std::replace_if(
        e.note.begin(), e.note.end(), [](char c) { return c == ',' || c == '\n' || c == '\r'; }, ';');
    all_.push_back(std::move(e));
    by_point_[all_.back().parameters] = &all_.back();
    if (out_.is_open()) {
        out_ << line_of(all_.size(), all_.back());
        if (!out_.flush()) fail(Exit::kIo, "{}: error: cannot be written", path_);
    }
    return all_.back();
}

}  // namespace respine
