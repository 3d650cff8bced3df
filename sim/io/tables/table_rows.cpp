#include "sim/io/tables/table_rows.hpp"

namespace respine {

bool TableRows::next() {
    while (table_.next(cells_)) {
        if (cells_.size() == table_.width()) return true;
        wrong("", fmt::format("has {} cells, and the header {}", cells_.size(), table_.width()));
    }
    return false;
}

std::string TableRows::text(const std::string& column) const {
    if (!table_.has(column)) return "";
    const std::string& cell = table_.cell(cells_, column);
    return cell == "." ? "" : cell;
}

void TableRows::wrong(const std::string& column, const std::string& what) {
    const auto at = table_.columns().find(column);
    const int place = at == table_.columns().end() ? 1 : static_cast<int>(at->second) + 1;
    problems_.add({path_, static_cast<int>(table_.line()), place}, "{}{}",
                  column.empty() ? "the line " : column + ": ", what);
}

}  // namespace respine
