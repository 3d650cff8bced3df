#include "analysis/rivals/readouts.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "sim/model/error.hpp"
#include "sim/model/units.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

constexpr size_t kColumns = 7;

std::vector<std::string> parts_of(const std::string& text, char between) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, between);) parts.push_back(part);
    return parts;
}

Readout row_of(const std::vector<std::string>& cells, const Place& at, Problems& problems) {
    Readout row{.name = cells[0],
                .quantity = cells[1],
                .times = parts_of(cells[2], ';'),
                .species = parts_of(cells[4], ';'),
                .mark = cells[5],
                .source = cells[6]};
    row.relative = cells[3].ends_with(" %");
    const auto spread = parse_number(row.relative ? cells[3].substr(0, cells[3].size() - 2) : cells[3]);
    if (!spread || *spread <= 0.0)
        problems.add(at, "spread: '{}' must be a number above 0, or a percentage of the value without drug",
                     cells[3]);
    row.spread = spread.value_or(1.0) * (row.relative ? 0.01 : 1.0);
    if (row.times.empty()) problems.add(at, "times: one or more are needed, such as 30 min;24 h");
    return row;
}

}  // namespace

bool Readout::is_for(const std::string& of) const {
    return std::find(species.begin(), species.end(), of) != species.end();
}

double Readout::sd(double without_drug) const { return relative ? spread * std::fabs(without_drug) : spread; }

std::vector<Readout> read_readouts(const std::string& path) {
    std::istringstream in(read_bytes(path));
    std::vector<Readout> rows;
    Problems problems;
    Place at{path, 0, 1};
    for (std::string line; next_line(in, line);) {
        ++at.line;
        if (line.empty() || line.front() == '#' || line.starts_with("readout,")) continue;
        const std::vector<std::string> cells = parts_of(line, ',');
        if (cells.size() != kColumns)
            problems.add(at, "{} cells, {} are needed: readout,quantity,times,spread,species,mark,source",
                         cells.size(), kColumns);
        else
            rows.push_back(row_of(cells, at, problems));
    }
    problems.throw_if_any(Exit::kInput);
    return rows;
}

}  // namespace respine
