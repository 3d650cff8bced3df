// Tables in text, line by line: cells between commas, or (SONATA) between any number of spaces; quotes as in
// RFC 4180. Lines that begin with # are skipped.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kernels/numerics/types.hpp"
#include "sim/system/files.hpp"

namespace respine {

inline constexpr u64 kLargestFile = 128ULL << 30;  // with a network

// Throws Error(kInput) unless it is a regular file of at most this many bytes: a pipe or a device would never
// end.
void check_size(const std::string& path, u64 most, const char* advice);

class CsvReader {
public:
    explicit CsvReader(
        const std::string& path,
        char separator = ',');  // reads the header; of two columns of one name the first counts

    bool next(std::vector<std::string>& cells);
    bool has(const std::string& name) const { return column_.contains(name); }
    const std::map<std::string, size_t>& columns() const { return column_; }
    const std::string& cell(const std::vector<std::string>& cells, const std::string& name) const;
    size_t width() const { return width_; }        // cells of the header
    size_t line() const { return line_; }          // that was read last, from 1
    std::string where() const;                     // file:line
    size_t comments() const { return comments_; }  // lines below the header that were skipped as such
    size_t first_comment() const { return first_comment_; }

private:
    bool next_line(std::string& line);
    int next_byte();  // EOF at the end
    void split(const std::string& line, std::vector<std::string>& cells) const;

    std::string path_;
    char separator_;
    InputFile file_;
    std::vector<char> buffer_;
    size_t at_ = 0, filled_ = 0;  // of the buffer
    std::map<std::string, size_t> column_;
    size_t width_ = 0, line_ = 0, comments_ = 0, first_comment_ = 0;
};

}  // namespace respine
