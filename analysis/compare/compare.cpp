// The statistics of a comparison, and its table.

#include "analysis/compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "analysis/read/series.hpp"
#include "sim/model/error.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

constexpr double kActs = 2.0;       // [h]
constexpr double kFineRows = 0.35;  // [h]: what happens after a dose takes longer than this

struct Sample {
    double mean = kNaN, sd = kNaN;
    int n = 0;
};

Sample sample_of(const std::vector<double>& values) {
    Sample s;
    double sum = 0.0, square = 0.0;
    for (double v : values)
        if (std::isfinite(v)) {
            sum += v;
            ++s.n;
        }
    if (s.n == 0) return s;
    s.mean = sum / s.n;
    for (double v : values)
        if (std::isfinite(v)) square += (v - s.mean) * (v - s.mean);
    s.sd = s.n > 1 ? std::sqrt(square / (s.n - 1)) : kNaN;
    return s;
}

std::string number_text(double v) {
    if (!std::isfinite(v)) return "-";
    const double a = std::fabs(v);
    return a != 0.0 && (a < 1e-3 || a >= 1e5) ? fmt::format("{:.2e}", v) : fmt::format("{:.4g}", v);
}

// Median and 90 % band over the members, and where its band leaves out 0 the difference from the reference.
std::string band_text(const Cell& c) {
    std::string text = number_text(c.band[kMedian]);
    if (std::isfinite(c.band[kMedian]))
        text += fmt::format(" [{}, {}]", number_text(c.band[0]), number_text(c.band[4]));
    const auto& d = c.difference_band;
    if (d[0] > 0.0 || d[4] < 0.0)
        text += fmt::format(" ({}{}, {} to {})", d[2] > 0.0 ? "+" : "", number_text(d[2]), number_text(d[0]),
                            number_text(d[4]));
    return text;
}

// Mean and SD over seeds, and where its interval leaves out 0 the difference from the reference.
std::string cell_text(const Cell& c) {
    std::string text = number_text(c.mean);
    if (c.n > 1 && std::isfinite(c.mean)) text += " ± " + number_text(c.sd);
    if (c.low > 0.0 || c.high < 0.0)
        text += fmt::format(" ({}{}, {} to {})", c.difference > 0.0 ? "+" : "", number_text(c.difference),
                            number_text(c.low), number_text(c.high));
    return text;
}

constexpr const char* kDifferenceCaption =
    "In brackets: mean difference from the reference over {} pairs of one seed, with its 95 % interval by "
    "Student's t ({} degree{} of\n"
    "freedom), where that leaves out 0. With so few seeds and this many rows, some leave it out by chance.\n";

constexpr const char* kEnsembleCaption =
    "Median and 90 % band over the members of the ensemble: what the data leave open, not how animals\n"
    "differ. In brackets: the same of the difference from the reference, member by member, where its\n"
    "band leaves out 0.\n";

// The doses whose rows the text shows; the table for spreadsheets has all.
bool shown(const Comparison& c, const CompareRow& m) { return m.dose == 0 || m.dose + 1 == c.doses; }

std::string captions_of(const Comparison& c) {
    int df = 0;
    for (const auto& row : c.cells)
        for (const Cell& cell : row) df = std::max(df, cell.df);
    std::string text;
    if (c.ensemble)
        text += "\n" + std::string(kEnsembleCaption);
    else if (!c.reference.empty() && df > 0)
        text += "\n" + fmt::format(kDifferenceCaption, df + 1, df, df > 1 ? "s" : "");
    if (c.row_spacing > kFineRows)
        text += fmt::format(
            "\nPeaks and areas are those of history rows, up to {:g} h apart after the first dose: a smaller "
            "record.history "
            "shows more.\n",
            c.row_spacing);
    if (c.doses > 2)
        text += fmt::format(
            "\nOf {} doses the first and the last are shown; --csv and --json have a window for each.\n",
            c.doses);
    return text;
}

size_t width_of(const std::string& text) {  // characters, not bytes
    return static_cast<size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// The widest gap between history rows while the drug acts, in the first hours after the first dose [h].
double row_spacing(const RunFile& run) {
    double widest = 0.0;
    for (size_t k = 1; k < run.time().size(); ++k)
        if (run.time()[k - 1] >= run.first_dose() && run.time()[k - 1] < run.first_dose() + kActs)
            widest = std::max(widest, run.time()[k] - run.time()[k - 1]);
    return widest;
}

Cell cell_of(const std::vector<double>& values, const std::vector<double>& differences,
             const std::vector<double>& of_reference) {
    const Sample s = sample_of(values), d = sample_of(differences), ref = sample_of(of_reference);
    Cell cell{s.mean, s.sd, s.n, d.mean, kNaN, kNaN, kNaN, std::max(0, d.n - 1), kNaN, {}, {}};
    if (d.n > 1) {
        const double error = d.sd / std::sqrt(static_cast<double>(d.n));
        const double reach = boost::math::quantile(boost::math::students_t(cell.df), 0.975) * error;
        cell.low = d.mean - reach;
        cell.high = d.mean + reach;
        if (error > 0.0) cell.t = d.mean / error;
    }
    if (d.n > 1 && ref.sd > 0.0) cell.effect = d.mean / ref.sd;
    cell.band = band_of(values);
    cell.difference_band = band_of(differences);
    return cell;
}

}  // namespace

Comparison compare_runs(const std::vector<RunFile>& runs, const std::vector<RunArm>& arms,
                        const std::string& wanted) {
    Comparison c;
    c.rows = rows_of(runs);
    const RunArm* reference_arm = wanted.empty() ? nullptr : &find_arm(arms, wanted);
    std::vector<const RunArm*> order;
    for (const RunArm& arm : arms) order.push_back(&arm);
    std::stable_partition(order.begin(), order.end(), [&](const RunArm* a) { return a == reference_arm; });
    if (reference_arm) c.reference = reference_arm->label;
    const RunFile* lender = dose_lender(runs);
    for (const RunFile& r : runs) {
        c.doses = std::max(c.doses, r.doses().size());
        if (r.has_drug_dose()) c.row_spacing = std::max(c.row_spacing, row_spacing(r));
        c.ensemble = c.ensemble || !r.member().empty();
    }
    const auto reference_for = [&](const RunFile& r) -> const RunFile* {
        if (!reference_arm) return nullptr;
        for (const RunFile* candidate : reference_arm->runs)
            if (candidate->seed() == r.seed() && candidate->member() == r.member()) return candidate;
        return nullptr;
    };
    for (const RunArm* arm : order) c.arms.push_back(arm->label);
    for (const CompareRow& m : c.rows) {
        std::vector<Cell> row;
        for (const RunArm* arm : order) {
            std::vector<double> values, differences, of_reference;
            for (const RunFile* r : arm->runs) {
                const RunFile* reference = reference_for(*r);
                const Sight own = sight_of(*r, clock_of(*r, lender));
                if (!reference) {
                    values.push_back(value_of(m, own, nullptr));
                    continue;
                }
                const Sight other =
                    sight_of(*reference, clock_of(*reference, r->has_drug_dose() ? r : lender));
                values.push_back(value_of(m, own, &other));
                of_reference.push_back(value_of(m, other, &other));
                differences.push_back(values.back() - of_reference.back());
            }
            row.push_back(cell_of(values, differences, of_reference));
        }
        c.cells.push_back(row);
    }
    return c;
}

std::string as_text(const Comparison& c, bool markdown) {
    std::vector<std::vector<std::string>> table = {{"stage", "measure", "unit"}};
    for (const std::string& arm : c.arms) table[0].push_back(arm == c.reference ? arm + " (reference)" : arm);
    std::string stage;
    for (size_t m = 0; m < c.rows.size(); ++m) {
        const bool empty = std::none_of(c.cells[m].begin(), c.cells[m].end(),
                                        [](const Cell& x) { return std::isfinite(x.mean); });
        if (empty || !shown(c, c.rows[m])) continue;
        std::vector<std::string> row = {c.rows[m].stage == stage ? "" : c.rows[m].stage, c.rows[m].name,
                                        c.rows[m].unit};
        stage = c.rows[m].stage;
        for (const Cell& cell : c.cells[m]) row.push_back(c.ensemble ? band_text(cell) : cell_text(cell));
        table.push_back(row);
    }
    std::vector<size_t> width(table[0].size(), 0);
    for (const auto& row : table)
        for (size_t k = 0; k < row.size(); ++k) width[k] = std::max(width[k], width_of(row[k]));
    std::string out;
    for (size_t r = 0; r < table.size(); ++r) {
        for (size_t k = 0; k < table[r].size(); ++k)
            out += (markdown ? "| "
                    : k      ? "  "
                             : "") +
                   table[r][k] + std::string(width[k] - width_of(table[r][k]), ' ') + (markdown ? " " : "");
        out += markdown ? "|\n" : "\n";
        if (r > 0) continue;
        for (size_t k = 0; k < width.size(); ++k)
            out += markdown ? "|" + std::string(width[k] + 2, '-')
                            : std::string(k ? 2 : 0, ' ') + std::string(width[k], '-');
        out += markdown ? "|\n" : "\n";
    }
    return out + captions_of(c);
}

}  // namespace respine
