#include "analysis/study/study_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "analysis/read/series.hpp"
#include "sim/model/error.hpp"

namespace respine {

size_t StudyTable::missing() const {
    return static_cast<size_t>(
        std::count_if(records.begin(), records.end(), [](const auto& r) { return !r; }));
}

size_t StudyTable::failed() const {
    return static_cast<size_t>(
        std::count_if(records.begin(), records.end(), [](const auto& r) { return r && !r->ok; }));
}

double StudyTable::value(u32 point, size_t outcome) const {
    const auto& record = records[point];
    if (!record || !record->ok) return kNaN;
    const Measure& measure = spec.outcomes[outcome].measure;
    const std::string& against = spec.outcomes[outcome].arm();
    const std::string definition = text_of(measure);
    if (against.empty()) return record->values.at(definition);
    const StudyPoint& p = points[point];
    for (size_t arm = 0; arm < spec.arms.size(); ++arm) {
        if (spec.arms[arm].name != against) continue;
        const auto& other = records[point + (arm - p.arm) * spec.each()];
        return other && other->ok ? held_against(measure.against.mode, record->values.at(definition),
                                                 other->values.at(definition))
                                  : kNaN;
    }
    return kNaN;
}

std::vector<std::vector<double>> StudyTable::by_row(u32 arm, size_t outcome) const {
    std::vector<std::vector<double>> groups(rows.values.size());
    for (const StudyPoint& p : points)
        if (const double v = p.arm == arm ? value(p.number, outcome) : kNaN; std::isfinite(v))
            groups[p.row].push_back(v);
    return groups;
}

std::vector<double> StudyTable::persons(u32 arm, size_t outcome) const {
    std::vector<double> all;
    for (const auto& row : by_row(arm, outcome)) all.insert(all.end(), row.begin(), row.end());
    return all;
}

std::pair<std::vector<double>, std::vector<double>> StudyTable::pairs(u32 one, u32 other,
                                                                      size_t outcome) const {
    std::map<std::array<u32, 3>, std::array<double, 2>> by_person;  // row, replicate, subject
    for (const StudyPoint& p : points)
        if (p.arm == one || p.arm == other) {
            const auto at =
                by_person.try_emplace({p.row, p.replicate, p.subject}, std::array{kNaN, kNaN}).first;
            at->second[p.arm == one ? 0 : 1] = value(p.number, outcome);
        }
    std::pair<std::vector<double>, std::vector<double>> both;
    for (const auto& [person, values] : by_person) {
        both.first.push_back(values[0]);
        both.second.push_back(values[1]);
    }
    return both;
}

int StudyTable::exit_code() const {
    for (const auto& r : records)
        if (r && !r->ok) return r->exit_code > 0 ? r->exit_code : static_cast<int>(Exit::kInternal);
    return 0;
}

double number_of(const Factor& f, const std::string& text) {
    if (f.unit.empty()) return kNaN;
    const auto q = parse_quantity(text);
    if (!q) return kNaN;
    if (q->unit == f.unit) return q->value;
    return convert(*q, f.unit).value_or(kNaN);
}

void take_records(StudyTable& table, const TriesById& known) {
    const std::vector<std::string> wanted = table.spec.definitions();
    const std::set<std::string> own(table.ids.begin(), table.ids.end());
    table.strangers = known.size();
    for (const std::string& id : own) table.strangers -= known.contains(id) ? 1 : 0;
    table.records.clear();
    for (const std::string& id : table.ids) {
        const auto found = known.find(id);
        const PointRecord* record = found == known.end() ? nullptr : found->second.record(wanted);
        table.records.push_back(record ? std::optional(*record) : std::nullopt);
    }
}

std::vector<std::string> inert_parameters(const StudyTable& t) {
    // By outcome of an arm, by row, by replicate and subject.
    std::vector<std::vector<std::vector<double>>> values;
    for (size_t o = 0; o < t.spec.outcomes.size(); ++o)
        for (u32 arm = 0; arm < t.spec.arms.size(); ++arm) values.push_back(t.by_row(arm, o));
    std::vector<std::string> inert;
    for (size_t f = 0; f < t.spec.factors.size(); ++f) {
        std::map<std::vector<std::string>, size_t> first;  // row with these values of the others
        bool compared = false, acts = false;
        for (size_t row = 0; row < t.rows.values.size() && !acts; ++row) {
            std::vector<std::string> others = t.rows.values[row];
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(f));
            const auto [at, fresh] = first.emplace(std::move(others), row);
            if (fresh || t.rows.values[at->second][f] == t.rows.values[row][f]) continue;
            for (const auto& of_row : values) {
                compared =
                    compared || (!of_row[row].empty() && of_row[row].size() == of_row[at->second].size());
                acts = acts || of_row[row] != of_row[at->second];
            }
        }
        if (compared && !acts) inert.push_back(t.spec.factors[f].key);
    }
    return inert;
}

}  // namespace respine
