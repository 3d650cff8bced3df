#include "analysis/validate/result_table.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analysis/read/series.hpp"

namespace respine {

void print_table(const std::vector<TargetResult>& outcomes) {
    fmt::print("{:<22} {:>11} {:>19} {:>20} {:<17} {:<5} {:<12} {:<4} {}\n", "target", "published",
               "accepted", "simulated", "unit", "mark", "evidence", "must", "verdict");
    for (const TargetResult& o : outcomes) {
        const bool range = std::isfinite(o.row.low);
        const std::string accepted = range ? fmt::format("[{:g}, {:g}]", o.row.low, o.row.high) : o.row.kind;
        const std::string published = std::isfinite(o.row.value) ? fmt::format("{:g}", o.row.value) : "-";
        const double rounding = 1e-12 * std::abs(o.mean);  // equal in all seeds but for last bits of a sum
        std::string simulated = fmt::format("{:.4g}", o.mean);
        if (std::isfinite(o.error) && o.row.kind != "order")
            simulated += o.error > rounding ? fmt::format(" ± {:.2g}", o.error) : " (exact)";
        if (!range && std::isfinite(o.reference_mean))
            simulated += fmt::format(" / {:.3g}", o.reference_mean);
        const size_t wide = simulated.find("±") == std::string::npos ? 20 : 21;  // one character of two bytes
        fmt::print("{:<22} {:>11} {:>19} {:>{}} {:<17} {:<5} {:<12} {:<4} {}{}\n", o.row.id, published,
                   accepted, simulated, wide, o.row.unit, o.row.mark, o.row.evidence,
                   o.row.must ? "must" : "", verdict_text(o.verdict),
                   o.note.empty() ? "" : " (" + o.note + ")");
        if (!o.reason.empty()) fmt::print("{:<22} {}\n", "", o.reason);
    }
}

void print_bands(const std::vector<TargetResult>& outcomes) {
    fmt::print("{:<22} {:>11} {:>19} {:>11} {:>22} {:<17} {:>6} {}\n", "target", "published", "accepted",
               "median", "90 % of the members", "unit", "inside", "evidence");
    for (const TargetResult& o : outcomes) {
        const std::vector<double>& values = o.by_seed;
        const std::array<double, 5> band = band_of(values);
        size_t inside = 0;
        for (size_t k = 0; k < values.size(); ++k) {
            const std::vector<double> reference =
                k < o.reference_by_seed.size() ? std::vector{o.reference_by_seed[k]} : std::vector<double>{};
            inside += judge(o.row, {values[k]}, reference).verdict == Verdict::kPass ? 1 : 0;
        }
        fmt::print("{:<22} {:>11} {:>19} {:>11.4g} {:>22} {:<17} {:>4.0f} % {}\n", o.row.id,
                   std::isfinite(o.row.value) ? fmt::format("{:g}", o.row.value) : "-",
                   std::isfinite(o.row.low) ? fmt::format("[{:g}, {:g}]", o.row.low, o.row.high) : o.row.kind,
                   band[kMedian], fmt::format("{:.4g} to {:.4g}", band.front(), band.back()), o.row.unit,
                   100.0 * static_cast<double>(inside) / static_cast<double>(values.size()), o.row.evidence);
    }
}

}  // namespace respine
