// A table that a user wrote, row by row: cells by the names of their columns, and problems with line and
// column.
#pragma once

#include <string>
#include <vector>

#include "sim/model/error.hpp"
#include "sim/system/csv_reader.hpp"

namespace respine {

class TableRows {
public:
    TableRows(const std::string& path, Problems& problems) : path_(path), problems_(problems), table_(path) {}

    // The next row; one that has more or fewer cells than the header is told and passed over.
    bool next();
    bool has(const std::string& column) const { return table_.has(column); }
    const std::map<std::string, size_t>& columns() const { return table_.columns(); }
    // Of the row; "" where there is no such column, and for '.', which stands for nothing.
    std::string text(const std::string& column) const;
    void wrong(const std::string& column, const std::string& what);
    const std::string& path() const { return path_; }
    std::string where() const { return table_.where(); }

private:
    std::string path_;
    Problems& problems_;
    CsvReader table_;
    std::vector<std::string> cells_;
};

}  // namespace respine
