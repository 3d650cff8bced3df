#include "analysis/validate/targets.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include "analysis/read/run_file.hpp"
#include "analysis/read/series.hpp"
#include "sim/io/yaml/yaml_table.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"
#include "sim/system/quoting.hpp"

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

namespace {

const std::vector<std::string> kColumns = {"id",   "scenario", "reference", "what",  "quantity", "take",
                                           "time", "against",  "kind",      "value", "low",      "high",
                                           "unit", "source",   "doi",       "mark",  "evidence", "must"};
const std::vector<std::string> kKinds = {"value", "up", "down", "flat", "zero", "order", "input"};

// Without these no row says what is wanted.
const std::vector<std::string> kNeeded = {"id", "scenario", "quantity", "take", "time", "kind"};

// How trustworthy agreement is need not be said in a table of one's own.
void check_evidence(const TargetRow& row, const Place& at, Problems& problems) {
    std::vector<std::string> words;
    for (const Evidence& e : kEvidence) words.emplace_back(e.word);
    const bool known = std::find(words.begin(), words.end(), row.evidence) != words.end();
    if (row.kind == "input" && !row.evidence.empty())
        problems.add(at, "target {}, evidence: an input is none; leave '{}' out", row.id, row.evidence);
    else if (row.kind != "input" && !known)
        problems.add(at, "target {}, evidence: {} (one of: {})", row.id,
                     row.evidence.empty() ? "is needed"
                                          : fmt::format("there is no kind of evidence '{}'{}", row.evidence,
                                                        suggestion(row.evidence, words)),
                     fmt::join(words, ", "));
}

// A line of the table, whose cells stand by the names of their columns.
TargetRow row_of(const std::map<std::string, std::string>& cells, const Vocabulary& vocabulary,
                 const Place& at, Problems& problems) {
    const auto number = [&](const char* column) {
        const std::string& text = cells.at(column);
        const auto v = parse_number(text);
        if (!v && !text.empty()) problems.add(at, "{}: '{}' is not a number", column, text);
        return v.value_or(kNaN);
    };
    TargetRow row{.id = cells.at("id"),
                  .scenario = cells.at("scenario"),
                  .reference = cells.at("reference"),
                  .what = cells.at("what"),
                  .kind = cells.at("kind"),
                  .unit = cells.at("unit"),
                  .source = cells.at("source"),
                  .doi = cells.at("doi"),
                  .mark = cells.at("mark"),
                  .evidence = cells.at("evidence"),
                  .words = {cells.at("quantity"), cells.at("take"), cells.at("time"), cells.at("against")},
                  .value = number("value"),
                  .low = number("low"),
                  .high = number("high"),
                  .must = cells.at("must") == "1"};
    const size_t before = problems.count();
    row.measure = parse_measure(row.words, vocabulary, [&](const char* column, const std::string& what) {
        problems.add(at, "target {}, {}: {}", row.id, column, what);
    });
    if (std::find(kKinds.begin(), kKinds.end(), row.kind) == kKinds.end())
        problems.add(at, "target {}, kind: there is no kind '{}'{} (one of: {})", row.id, row.kind,
                     suggestion(row.kind, kKinds), fmt::join(kKinds, ", "));
    if (problems.count() > before || !row.measure.needs_reference()) return row;
    if (row.reference.empty())
        problems.add(at, "target {}, reference: is needed, a scenario that the value is held against",
                     row.id);
    if (row.compares())
        problems.add(
            at,
            "target {}: kind {} holds the value against that of the reference; leave it out of the measure",
            row.id, row.kind);
    return row;
}

}  // namespace

namespace {

// The columns of a table, by its header.
std::vector<std::string> columns_of(const std::vector<std::string>& header, const Place& at,
                                    TargetTable table) {
    if (table == TargetTable::kReference) {
        if (header != kColumns)
            fail(Exit::kInput, "{}:{}: error: the columns are {}; got {}", at.file, at.line,
                 fmt::join(kColumns, ","), fmt::join(header, ","));
        return kColumns;
    }
    Problems problems;
    for (const std::string& column : header)
        if (std::ranges::count(kColumns, column) == 0)
            problems.add(at, "there is no column '{}'{}; there is {}", column, suggestion(column, kColumns),
                         fmt::join(kColumns, ", "));
        else if (std::ranges::count(header, column) > 1)
            problems.add(at, "the column '{}' stands twice", column);
    for (const std::string& column : kNeeded)
        if (std::ranges::count(header, column) == 0) problems.add(at, "the column '{}' is missing", column);
    problems.throw_if_any(Exit::kInput);
    return header;
}

void place_beside(std::string& scenario, const std::string& table) {
    if (is_path(scenario))
        scenario = (std::filesystem::path(table).parent_path() / scenario).lexically_normal().string();
}

}  // namespace

std::vector<TargetRow> read_targets(const std::string& path, TargetTable table) {
    std::istringstream in(read_bytes(path));
    const Vocabulary vocabulary{.series = series_names(), .runs = {"reference"}};
    std::vector<TargetRow> rows;
    std::vector<std::string> columns;
    Problems problems;
    Place at{path, 0, 1};
    for (std::string line; next_line(in, line);) {
        ++at.line;
        if (line.empty() || line.front() == '#') continue;
        const std::vector<std::string> cells = cells_of(line);
        if (columns.empty()) {
            columns = columns_of(cells, at, table);
            continue;
        }
        if (cells.size() != columns.size()) {
            problems.add(at, "{} cells, {} are needed: {}", cells.size(), columns.size(),
                         fmt::join(columns, ","));
            continue;
        }
        std::map<std::string, std::string> by_column;
        for (const std::string& column : kColumns) by_column[column];
        for (size_t k = 0; k < cells.size(); ++k) by_column[columns[k]] = cells[k];
        const bool told = table == TargetTable::kReference || std::ranges::count(columns, "evidence") > 0;
        rows.push_back(row_of(by_column, vocabulary, at, problems));
        if (told) check_evidence(rows.back(), at, problems);
        if (table == TargetTable::kOwn)
            for (std::string* scenario : {&rows.back().scenario, &rows.back().reference})
                place_beside(*scenario, path);
    }
    if (rows.empty() && problems.count() == 0) problems.add(at, "there is no target");
    problems.throw_if_any(Exit::kInput);
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

std::string evidence_counts(const std::vector<TargetResult>& outcomes) {
    std::vector<std::string> parts;
    for (const auto& [evidence, title] : kEvidence) {
        const auto is = [word = evidence](const TargetResult& x) { return x.row.evidence == word; };
        const auto passes = [&](const TargetResult& x) { return is(x) && x.verdict == Verdict::kPass; };
        if (const auto all = std::count_if(outcomes.begin(), outcomes.end(), is); all > 0)
            parts.push_back(fmt::format("{} {} of {}", title,
                                        std::count_if(outcomes.begin(), outcomes.end(), passes), all));
    }
    return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace respine
