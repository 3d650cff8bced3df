// The comparison of rivals as tables on the screen.

#include <fmt/format.h>

#include "analysis/rivals/rival_table.hpp"

namespace respine {

namespace {

void print_rows(const RivalTable& c) {
    fmt::print("{:<28}", "target");
    for (size_t h = 0; h < c.rivals.size(); ++h) fmt::print(" {:>2}", h + 1);
    fmt::print("  separation\n");
    for (size_t k = 0; k < c.rows(); ++k) {
        fmt::print("{:<28}", c.results[0][k].row.id);
        for (const auto& results : c.results) {
            const Verdict v = results[k].verdict;
            fmt::print(" {:>2}", v == Verdict::kPass ? "+" : v == Verdict::kMiss ? "-" : "?");
        }
        const double d = separation_of(c.of_row(k));
        fmt::print("  {:>8.1f}{}\n", d,
                   c.is_fitted(k)   ? "  fitted"
                   : c.separates(k) ? ""
                                    : "  same for all: not counted");
    }
}

void print_summary(const RivalTable& c) {
    fmt::print("\n{:>2} {:<24} {:>5} {:>5} {:>5} {:>12}  {}\n", "", "rival", "pass", "miss", "open",
               "log density", "title");
    for (size_t h = 0; h < c.rivals.size(); ++h) {
        const Standing s = standing_of(c, h);
        fmt::print("{:>2} {:<24} {:>5} {:>5} {:>5} {:>12.1f}  {}\n", h + 1, c.rivals[h].text.name, s.pass,
                   s.miss, s.open, s.density, c.rivals[h].text.title);
    }
    fmt::print(
        "On rows that were not fitted and that tell at least two rivals apart; a row counts for no "
        "less than {:g}.\n",
        kLeastDensity);
}

void print_experiments(const RivalTable& c) {
    fmt::print("\nThe experiment that tells two rivals apart best\n");
    for (size_t a = 0; a < c.rivals.size(); ++a)
        for (size_t b = a + 1; b < c.rivals.size(); ++b) {
            const Prediction* p = c.best(a, b);
            if (!p) continue;
            const double d = separation(*p, a, b);
            fmt::print(
                "{} | {}: {} ({}), {} at {}: {:+.3g} against {:+.3g} {}, {:.1f} SD, {:.0f} animals a group\n",
                c.rivals[a].text.name, c.rivals[b].text.name, p->arm->title, p->arm->scenario,
                p->readout->name, p->time, p->effect[a], p->effect[b], p->unit, d, animals(d));
        }
}

void print_recovery(const RivalTable& c) {
    if (c.recovery.empty()) return;
    fmt::print("\nData made by one rival (row), and whom they point to (column) [%]\n{:<28}", "");
    for (size_t h = 0; h < c.rivals.size(); ++h) fmt::print(" {:>4}", h + 1);
    fmt::print("\n");
    for (size_t t = 0; t < c.recovery.size(); ++t) {
        fmt::print("{:>2} {:<25}", t + 1, c.rivals[t].text.name);
        for (const double share : c.recovery[t]) fmt::print(" {:>4.0f}", 100.0 * share);
        fmt::print("\n");
    }
}

}  // namespace

void print_table_of_rivals(const RivalTable& c) {
    print_rows(c);
    print_summary(c);
    print_experiments(c);
    print_recovery(c);
}

}  // namespace respine
