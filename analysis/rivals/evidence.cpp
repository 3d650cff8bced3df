#include "analysis/rivals/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kSure = 0.95;     // of a row that is true or false
constexpr double kNothing = 1e-6;  // a state that no drug has moved, but for rounding

double log_normal_density(double y, double mean, double spread) {
    const double z = (y - mean) / spread;
    return -0.5 * z * z - std::log(spread * std::sqrt(2.0 * 3.14159265358979323846));
}

double log_above(double z) { return std::log(std::max(1e-300, 0.5 * std::erfc(-z / std::sqrt(2.0)))); }

}  // namespace

RowScore score_of(const TargetResult& r) {
    const TargetRow& row = r.row;
    RowScore s{.mean = r.mean};
    if (row.kind == "order") {
        s.mean = r.verdict == Verdict::kPass ? 1.0 : 0.0;
        s.aim = 1.0;
        s.density = std::isfinite(r.mean) ? std::log(s.mean == 1.0 ? kSure : 1.0 - kSure) : kNaN;
        return s;
    }
    const bool from_nothing = std::fabs(r.reference_mean) < kNothing;
    const double least = least_change(from_nothing ? 0.0 : r.reference_mean);
    if (row.kind == "value") {
        s.aim = row.value;
        s.spread = 0.25 * (row.high - row.low);
    } else if (row.kind == "zero") {
        s.spread = 0.5 * kZeroBand;
    } else {
        s.mean = r.mean - r.reference_mean;
        s.aim = row.kind == "up" ? least : row.kind == "down" ? -least : 0.0;
        s.spread = 0.5 * least;
    }
    const double z = (s.mean - s.aim) / s.spread;
    s.density = !std::isfinite(s.mean) ? kNaN
                : row.kind == "up"     ? log_above(z)
                : row.kind == "down"   ? log_above(-z)
                                       : log_normal_density(s.aim, s.mean, s.spread);
    return s;
}

double standardised(const TargetResult& result) {
    const RowScore s = score_of(result);
    const std::string& kind = result.row.kind;
    if (kind == "up" || kind == "down") return (kind == "up" ? s.mean : -s.mean) / s.spread;
    return (s.mean - s.aim) / s.spread;
}

double separation_of(const std::vector<RowScore>& by_rival) {
    double least = std::numeric_limits<double>::infinity(), most = -least, spread = 0.0;
    for (const RowScore& s : by_rival) {
        if (!std::isfinite(s.density)) continue;
        least = std::min(least, s.mean);
        most = std::max(most, s.mean);
        spread = std::max(spread, s.spread);
    }
    if (!(most > least)) return 0.0;
    return spread > 0.0 ? (most - least) / spread : most - least;
}

std::vector<double> recovered(size_t truth, const std::vector<std::vector<RowScore>>& made,
                              const std::vector<std::vector<RowScore>>& predicted, u32 draws) {
    std::vector<double> share(predicted.size(), 0.0);
    for (u32 draw = 0; draw < draws; ++draw) {
        std::vector<double> total(predicted.size(), 0.0);
        for (u32 k = 0; k < made[truth].size(); ++k) {
            const RowScore& own = made[truth][k];
            if (!(own.spread > 0.0) || !std::isfinite(own.mean)) continue;
            const Draw bits = philox(draw, Stream::kScoring, static_cast<u32>(truth), k, 0);
            const double y = own.mean + own.spread * normal(bits[0], bits[1]);
            for (size_t h = 0; h < predicted.size(); ++h)
                total[h] += std::isfinite(predicted[h][k].mean)
                                ? log_normal_density(y, predicted[h][k].mean, own.spread)
                                : -1e6;
        }
        const auto best = std::max_element(total.begin(), total.end()) - total.begin();
        share[static_cast<size_t>(best)] += 1.0 / draws;
    }
    return share;
}

}  // namespace respine
