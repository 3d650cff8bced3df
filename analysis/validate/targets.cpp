#include "analysis/validate/targets.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "analysis/read/series.hpp"
#include "sim/io/yaml/yaml_table.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

// Paired differences, seed by seed: common random numbers make them less noisy than the values.
std::vector<double> differences(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> d;
    for (size_t k = 0; k < std::min(a.size(), b.size()); ++k) d.push_back(a[k] - b[k]);
    return d;
}

Verdict within(double mean, double error, double low, double high) {
    if (std::isfinite(error) && error > (high - low) / 6.0) return Verdict::kUndecided;
    return mean >= low && mean <= high ? Verdict::kPass : Verdict::kMiss;
}

}  // namespace

const char* verdict_text(Verdict v) {
    switch (v) {
        case Verdict::kPass:
            return "pass";
        case Verdict::kMiss:
            return "MISS";
        case Verdict::kUndecided:
            return "undecided";
        case Verdict::kInput:
            return "input";
    }
    return "";
}

double mean_of(const std::vector<double>& v) {
    double s = 0.0;
    for (double x : v) s += x;
    return v.empty() ? kNaN : s / static_cast<double>(v.size());
}

double standard_error(const std::vector<double>& v) {
    if (v.size() < 2) return kNaN;
    const double mean = mean_of(v), n = static_cast<double>(v.size());
    double square = 0.0;
    for (double x : v) square += (x - mean) * (x - mean);
    return std::sqrt(square / (n - 1.0) / n);
}

std::vector<TargetRow> read_targets(const std::string& path) {
    std::istringstream in(read_bytes(path));
    std::vector<TargetRow> rows;
    size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (line.empty() || line.front() == '#' || line.starts_with("id,")) continue;
        std::vector<std::string> cells;
        std::stringstream parts(line);
        for (std::string cell; std::getline(parts, cell, ',');) cells.push_back(cell);
        if (line.back() == ',') cells.emplace_back();
        if (cells.size() != 14)
            fail(Exit::kInput, "{}:{}: error: {} cells, 14 are needed", path, number, cells.size());
        const auto value = [&](size_t k) {
            if (cells[k].empty()) return kNaN;
            const auto v = parse_number(cells[k]);
            if (!v) fail(Exit::kInput, "{}:{}: error: '{}' is not a number", path, number, cells[k]);
            return *v;
        };
        rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[9], cells[10],
                        cells[11], cells[12], value(6), value(7), value(8), cells[13] == "1"});
    }
    return rows;
}

double least_change(double reference) {
    return std::fabs(reference) < 1e-12 ? 0.1 : 0.1 * std::fabs(reference);
}

std::map<std::string, std::string> read_reasons(const std::string& path, const std::vector<TargetRow>& rows) {
    Table table;
    for (const TargetRow& r : rows) table.push_back({.name = r.id});
    const YamlDocument document = load_yaml(path);
    Problems problems;
    check_map(document.root, table, "", path, problems);
    problems.throw_if_any(Exit::kUsage);
    std::map<std::string, std::string> reasons;
    for (const auto& entry : document.root)
        reasons[entry.first.as<std::string>()] = entry.second.as<std::string>();
    return reasons;
}

TargetResult judge(const TargetRow& row, const std::vector<double>& by_seed,
                   const std::vector<double>& reference) {
    TargetResult o{.row = row,
                   .by_seed = by_seed,
                   .reference_by_seed = reference,
                   .mean = mean_of(by_seed),
                   .error = standard_error(by_seed),
                   .reference_mean = mean_of(reference),
                   .note = {}};
    if (by_seed.empty() || !std::isfinite(o.mean)) {
        o.note = "no value";
        return o;
    }
    const std::vector<double> change = differences(by_seed, reference);
    const double moved = mean_of(change),
                 noise = std::isfinite(standard_error(change)) ? standard_error(change) : 0.0;
    const double least = least_change(o.reference_mean);
    if (row.kind == "value")
        o.verdict = within(o.mean, o.error, row.low, row.high);
    else if (row.kind == "input")
        o.verdict = Verdict::kInput;
    else if (row.kind == "up")
        o.verdict = moved >= least && moved >= 2.0 * noise ? Verdict::kPass : Verdict::kMiss;
    else if (row.kind == "down")
        o.verdict = -moved >= least && -moved >= 2.0 * noise ? Verdict::kPass : Verdict::kMiss;
    else if (row.kind == "flat")
        o.verdict = noise > least / 3.0         ? Verdict::kUndecided
                    : std::fabs(moved) <= least ? Verdict::kPass
                                                : Verdict::kMiss;
    else if (row.kind == "zero")
        o.verdict = within(o.mean, o.error, -kZeroBand, kZeroBand);
    else if (row.kind == "order")
        o.verdict = std::all_of(by_seed.begin(), by_seed.end(), [](double v) { return v == 1.0; })
                        ? Verdict::kPass
                        : Verdict::kMiss;
    else
        o.note = "unknown kind " + row.kind;
    return o;
}

}  // namespace respine
