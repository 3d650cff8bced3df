#include "analysis/infer/measurements.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "analysis/read/run_file.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"
#include "sim/system/files.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

constexpr const char* kKnown[] = {"id",    "scenario", "reference", "quantity", "take", "time",  "against",
                                  "value", "sd",       "count",     "total",    "unit", "source"};
constexpr std::pair<const char*, const char*> kPetab[] = {{"observableId", "quantity"},
                                                          {"simulationConditionId", "scenario"},
                                                          {"measurement", "value"},
                                                          {"noiseParameters", "sd"}};

using Cells = std::map<std::string, std::string>;

std::string column_of(const std::string& name) {
    for (const auto& [theirs, ours] : kPetab)
        if (name == theirs) return ours;
    return name;
}

// One line. Counts have the error of a binomial whose share is not nearer to 0 or 1 than one more count.
struct RowReader {
    const Cells& cells;
    const Place at;
    Problems& problems;

    std::string text(const char* column) const {
        const auto found = cells.find(column);
        return found == cells.end() ? "" : found->second;
    }

    double number(const char* column) const {
        const auto v = parse_number(text(column));
        if (!v) problems.add(at, "{}: '{}' is not a number", column, text(column));
        return v.value_or(NAN);
    }

    std::pair<double, double> value_and_sd() const {
        if (text("count").empty()) return {number("value"), number("sd")};
        const double count = number("count"), total = number("total");
        if (!(count >= 0.0) || !(total >= 1.0) || count > total)
            problems.add(at, "count: {:g} of {:g} is no count; wanted is 0 <= count <= total", count, total);
        const double p = (count + 0.5) / (total + 1.0);
        return {count / total, std::sqrt(p * (1.0 - p) / total)};
    }

    std::string time() const {
        const std::string given = text("time");
        return parse_number(given) ? given + " h" : given;
    }

    TargetRow read(size_t number_of_row) const {
        const auto [value, sd] = value_and_sd();
        if (!(sd > 0.0)) problems.add(at, "sd: must lie above 0, got {:g}", sd);
        TargetRow row{
            .id = text("id").empty() ? fmt::format("data-{}", number_of_row) : text("id"),
            .scenario = text("scenario"),
            .reference = text("reference"),
            .what = text("quantity") + " " + time(),
            .kind = "value",
            .unit = text("unit"),
            .source = text("source").empty() ? "your data" : text("source"),
            .doi = "",
            .mark = "",
            .evidence = "",
            .words = {text("quantity"), text("take").empty() ? "at" : text("take"), time(), text("against")},
            .value = value,
            .low = value - 2.0 * sd,
            .high = value + 2.0 * sd};
        row.measure = parse_measure(
            row.words, {.series = series_names(), .runs = {"reference"}},
            [&](const char* column, const std::string& what) { problems.add(at, "{}: {}", column, what); });
        if (row.measure.take && row.measure.needs_reference() && row.reference.empty())
            problems.add(at, "reference: is needed, a scenario that the value is held against");
        return row;
    }
};

}  // namespace

std::vector<TargetRow> read_measurements(const std::string& path, std::vector<std::string>& unused) {
    std::istringstream in(read_bytes(path));
    std::vector<std::string> columns;
    std::vector<TargetRow> rows;
    Problems problems;
    Place at{path, 0, 1};
    char by = ',';
    for (std::string line; next_line(in, line);) {
        ++at.line;
        if (line.empty() || line.front() == '#') continue;
        if (columns.empty()) {
            by = line.find('\t') != std::string::npos ? '\t' : ',';
            for (const std::string& c : cells_of(line, by)) columns.push_back(column_of(c));
            for (const std::string& c : columns)
                if (std::find(std::begin(kKnown), std::end(kKnown), c) == std::end(kKnown))
                    unused.push_back(c);
            for (const char* needed : {"scenario", "quantity", "time"})
                if (std::find(columns.begin(), columns.end(), needed) == columns.end())
                    problems.add(at, "a column '{}' is needed (known: {})", needed, fmt::join(kKnown, ", "));
            problems.throw_if_any(Exit::kInput);
            continue;
        }
        const std::vector<std::string> cells = cells_of(line, by);
        if (cells.size() != columns.size()) {
            problems.add(at, "{} cells are needed, got {}", columns.size(), cells.size());
            continue;
        }
        Cells named;
        for (size_t k = 0; k < cells.size(); ++k) named[columns[k]] = cells[k];
        rows.push_back(RowReader{named, at, problems}.read(rows.size() + 1));
    }
    if (rows.empty() && problems.count() == 0) problems.add(at, "holds no measurement");
    problems.throw_if_any(Exit::kInput);
    return rows;
}

}  // namespace respine
