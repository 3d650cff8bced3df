// Fits of Hill curves with the band that their residuals allow.

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlopt.hpp>

#include "analysis/design/bootstrap.hpp"
#include "analysis/design/indices.hpp"
#include "analysis/read/series.hpp"
#include "kernels/numerics/elementary.hpp"
#include "sim/model/error.hpp"

namespace respine {

double Hill::at(double x) const {
    if (x <= 0.0) return e0;
    const double r = std::pow(x / ec50, n);
    return e0 + (emax - e0) * r / (1.0 + r);
}

namespace {

struct Sample {
    std::vector<double> x, y, log_x;
    mutable std::vector<double> risen{};  // of each point, between 0 and 1; room for the search
};

double squares(const Hill& h, const Sample& s) {
    double sum = 0.0;
    for (size_t k = 0; k < s.x.size(); ++k) sum += (s.y[k] - h.at(s.x[k])) * (s.y[k] - h.at(s.x[k]));
    return sum;
}

struct LinearPart {
    Hill curve;
    double squares;  // of what the curve leaves
};

// For a given ec50 and n the curve is linear in e0 and emax: only two numbers are searched.
LinearPart linear_part(double log_ec50, double n, const Sample& s) {
    const size_t points = s.x.size();
    const double count = static_cast<double>(points);
    s.risen.resize(points);
    for (size_t k = 0; k < points; ++k) {
        const double falls = det_exp(n * (log_ec50 - s.log_x[k]));
        s.risen[k] = 1.0 / (1.0 + falls);
    }
    double sh = 0.0, shh = 0.0, sy = 0.0, shy = 0.0;
    for (size_t k = 0; k < points; ++k) {
        const double r = s.risen[k];
        sh += r;
        shh += r * r;
        sy += s.y[k];
        shy += r * s.y[k];
    }
    const double det = count * shh - sh * sh;
    const double slope = std::fabs(det) > 1e-12 * count * shh ? (count * shy - sh * sy) / det : 0.0;
    const double e0 = (sy - slope * sh) / count;
    double left = 0.0;
    for (size_t k = 0; k < points; ++k) {
        const double miss = s.y[k] - e0 - slope * s.risen[k];
        left += miss * miss;
    }
    return {{e0, e0 + slope, std::exp(log_ec50), n}, left};
}

Hill best_hill(const Sample& s, const Hill* start) {
    constexpr double kClose = 1e-6, kCloseForAnInterval = 1e-4;
    const auto [low, high] = std::minmax_element(s.x.begin(), s.x.end());
    nlopt::opt search(nlopt::LN_SBPLX, 2);
    const std::vector<double> least_of = {std::log(*low / 10.0), std::log(0.2)},
                              most_of = {std::log(*high * 10.0), std::log(12.0)};
    search.set_lower_bounds(least_of);
    search.set_upper_bounds(most_of);
    search.set_xtol_rel(start ? kCloseForAnInterval : kClose);
    search.set_maxeval(400);
    const auto loss = [](const std::vector<double>& p, std::vector<double>&, void* data) {
        const Sample& of = *static_cast<const Sample*>(data);
        return linear_part(p[0], std::exp(p[1]), of).squares;
    };
    search.set_min_objective(loss, const_cast<Sample*>(&s));
    std::vector<double> best;
    double least = std::numeric_limits<double>::infinity();
    std::vector<std::vector<double>> starts;
    if (start)
        starts.push_back({std::log(start->ec50), std::log(start->n)});
    else
        for (double share : {0.2, 0.5, 0.8})
            for (double n : {1.0, 3.0})
                starts.push_back({std::log(*low) + share * std::log(*high / *low), std::log(n)});
    for (std::vector<double> at : starts) {
        double reached = 0.0;
        for (size_t k = 0; k < 2; ++k) at[k] = std::clamp(at[k], least_of[k], most_of[k]);
        search.optimize(at, reached);
        if (reached < least) {
            least = reached;
            best = at;
        }
    }
    return linear_part(best[0], std::exp(best[1]), s).curve;
}

Sample usable(const std::vector<double>& dose, const std::vector<double>& response) {
    Sample s;
    for (size_t k = 0; k < dose.size(); ++k)
        if (dose[k] > 0.0 && std::isfinite(response[k])) {
            s.x.push_back(dose[k]);
            s.y.push_back(response[k]);
            s.log_x.push_back(std::log(dose[k]));
        }
    if (s.x.size() < 5 ||
        *std::max_element(s.x.begin(), s.x.end()) <= *std::min_element(s.x.begin(), s.x.end()))
        fail(Exit::kInput,
             "a dose-response curve wants five points with positive doses that differ; there are {}",
             s.x.size());
    return s;
}

}  // namespace

HillFit fit_hill(const std::vector<double>& dose, const std::vector<double>& response, u64 seed,
                 u32 resamples) {
    const Sample s = usable(dose, response);
    HillFit fit;
    fit.curve = best_hill(s, nullptr);
    fit.rises = fit.curve.emax >= fit.curve.e0;
    const double all = variance(s.y) * static_cast<double>(s.y.size() - 1);
    fit.r2 = all > 0.0 ? 1.0 - squares(fit.curve, s) / all : 0.0;
    const auto [low, high] = std::minmax_element(s.x.begin(), s.x.end());
    for (int k = 0; k <= 50; ++k) fit.x.push_back(*low * std::pow(*high / *low, k / 50.0));
    // The doses were chosen, so they stay: residuals are drawn, not points. A draw without the low doses
    // would leave the curve free there.
    const double count = static_cast<double>(s.x.size()),
                 inflation = std::sqrt(count / (count - 4.0));  // four numbers were fitted
    const auto all_of_it = bootstrap(s.x.size(), seed, resamples, [&](const std::vector<size_t>& places) {
        Sample again = s;
        for (size_t k = 0; k < places.size(); ++k) {
            const size_t p = places[k];
            again.y[k] = fit.curve.at(s.x[k]) + inflation * (s.y[p] - fit.curve.at(s.x[p]));
        }
        const Hill h = best_hill(again, &fit.curve);
        std::vector<double> out;
        for (double x : fit.x) out.push_back(h.at(x));
        out.push_back(h.ec50);
        out.push_back(h.n);
        return out;
    });
    for (size_t k = 0; k < fit.x.size(); ++k) {
        fit.middle.push_back(fit.curve.at(fit.x[k]));
        fit.low.push_back(all_of_it[k].low);
        fit.high.push_back(all_of_it[k].high);
    }
    fit.ec50 = {fit.curve.ec50, all_of_it[fit.x.size()].low, all_of_it[fit.x.size()].high};
    fit.n = {fit.curve.n, all_of_it[fit.x.size() + 1].low, all_of_it[fit.x.size() + 1].high};
    return fit;
}

}  // namespace respine
