#include "analysis/bench/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>

#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr double kLeastP = 1e-5;
constexpr double kDriveError = 3e-4;  // of weights with 16 bits and a sum of f32
constexpr double kFewest = 10.0;      // expected in a bin

// Bins of what was counted, what was expected, and how much it scatters.
class Bins {
public:
    explicit Bins(size_t n) : seen_(n, 0.0), expected_(n, 0.0), variance_(n, 0.0) {}
    void see(size_t bin) { seen_[bin] += 1.0; }
    void expect(size_t bin, double mean, double variance) {
        expected_[bin] += mean;
        variance_[bin] += variance;
    }
    // Of those in which enough is expected.
    Check check(const std::string& name, const std::string& what) const {
        double sum = 0.0, all = 0.0;
        int used = 0;
        for (size_t b = 0; b < seen_.size(); ++b) {
            all += seen_[b];
            if (expected_[b] < kFewest) continue;
            sum += (seen_[b] - expected_[b]) * (seen_[b] - expected_[b]) / variance_[b];
            ++used;
        }
        return {name, used > 0 ? chi_square_p(sum, used) : 0.0, kLeastP, false,
                fmt::format("{:.0f} {}, {} bins", all, what, used)};
    }

private:
    std::vector<double> seen_, expected_, variance_;
};

Check drive_check(Problem& p, size_t most) {
    p.drive();
    const PlasticSynapses& s = p.synapses();
    double error = 0.0;
    const size_t rows = std::min(most, s.live.size());
    for (size_t i = 0; i < rows; ++i) {
        double sum = 0.0;
        for (u64 k = s.row_begin[i]; k < s.row_begin[i] + s.live[i]; ++k)
            sum += std::exp(size_from_fixed(s.log_size[k])) * static_cast<double>(p.published[s.source[k]]);
        if (sum > 0.0) error = std::max(error, std::fabs(static_cast<double>(p.recurrent[i]) / sum - 1.0));
    }
    return {"drive: sums against double precision", error, kDriveError, true, fmt::format("{} rows", rows)};
}

// A number that has mean 0 and variance 1 if all is right, as a p.
Check z_check(const std::string& name, double z, const std::string& about) {
    return {name, chi_square_p(z * z, 1.0), kLeastP, false, about};
}

// Mean and variance of standardised values, whose fourth moment is known.
std::vector<Check> moment_checks(const std::string& name, const std::vector<double>& z, double fourth) {
    const double n = static_cast<double>(z.size());
    double sum = 0.0, square = 0.0;
    for (const double v : z) sum += v, square += v * v;
    const std::string about =
        fmt::format("{:.0f} values, mean {:+.5f}, variance {:.5f}", n, sum / n, square / n);
    return {z_check(name + ", mean", sum / std::sqrt(n), about),
            z_check(name + ", variance", (square - n) / std::sqrt(n * (fourth - 1.0)), about)};
}

// By how much each source is wanted: what is weighed is the neuron or its vacancy. Sources are in bins: by
// distance on a sheet, by number elsewhere, where hubs come first.
class SourceLaw {
public:
    explicit SourceLaw(const Problem& p)
        : p_(p),
          t_(p.network.regions.front().partners),
          n_(static_cast<u32>(p.network.excitatory)),
          sheet_(p.topology == Topology::kSheet) {}

    size_t bins() const { return sheet_ ? 12 : 64; }
    size_t bin(u32 source, u32 target) const {
        if (!sheet_) return static_cast<size_t>(source) * bins() / n_;
        return ring(t_.cell[source], t_.cell[target]);
    }
    // Adds to each bin how probable it is that a draw for `target` is in it and is kept, if each source is
    // kept with its `kept` (by neuron).
    void add(u32 target, const std::vector<double>& kept, bool hubs, double times, std::vector<double>& to) {
        if (sheet_) return add_by_cell(target, kept, times, to);
        for (size_t b = 0; b < bins(); ++b) to[b] += times * share_of(b, kept, hubs);
    }

private:
    static double apart(u32 a, u32 b, u32 n) {
        const u32 d = a > b ? a - b : b - a;
        return std::min(d, n - d);
    }
    double squared(u32 a, u32 b) const {
        const double x = apart(a % t_.nx, b % t_.nx, t_.nx), y = apart(a / t_.nx, b / t_.nx, t_.ny);
        return (x * x + y * y) / (p_.width_in_cells * p_.width_in_cells);
    }
    size_t ring(u32 a, u32 b) const {
        return std::min(bins() - 1, static_cast<size_t>(3.0 * std::sqrt(squared(a, b))));
    }
    // Everywhere all alike, or hubs by their square roots.
    double share_of(size_t b, const std::vector<double>& kept, bool hubs) {
        if (shares_.empty()) {
            shares_.assign(bins(), 0.0);
            for (u32 j = 0; j < n_; ++j)
                shares_[static_cast<size_t>(j) * bins() / n_] +=
                    kept[j] * (hubs ? expected_hub_degree(j, n_, 1.0) : 1.0 / n_);
        }
        return shares_[b];
    }
    void add_by_cell(u32 target, const std::vector<double>& kept, double times, std::vector<double>& to) {
        const u32 own = t_.cell[target];
        if (by_cell_.empty()) {
            by_cell_.assign(t_.cells(), 0.0), crowd_ = by_cell_;
            for (u32 j = 0; j < n_; ++j) by_cell_[t_.cell[j]] += kept[j], crowd_[t_.cell[j]] += 1.0;
        }
        if (own != cell_) {  // neurons of a cell stand together
            cell_ = own;
            law_.assign(bins(), 0.0);
            double all = -1.0;  // not the neuron itself
            const double reach = std::ceil(3.5 * p_.width_in_cells);
            for (u32 c = 0; c < t_.cells(); ++c) {
                const double x = apart(own % t_.nx, c % t_.nx, t_.nx),
                             y = apart(own / t_.nx, c / t_.nx, t_.ny);
                if (x > reach || y > reach) continue;
                const double g = std::exp(-0.5 * squared(own, c));
                all += g * crowd_[c];
                law_[ring(own, c)] += g * by_cell_[c];
            }
            for (double& l : law_) l /= all;
        }
        for (size_t b = 0; b < bins(); ++b) to[b] += times * law_[b];
    }

    const Problem& p_;
    const PartnerTables& t_;
    u32 n_, cell_ = kNoPartner;
    bool sheet_;
    std::vector<double> shares_, by_cell_, crowd_, law_;
};

// Where the first sources are.
Check source_check(const Problem& p, size_t most) {
    const PlasticSynapses& s = p.synapses();
    SourceLaw law(p);
    Bins bins(law.bins());
    const std::vector<double> all(p.network.excitatory, 1.0);
    std::vector<double> expected(law.bins(), 0.0);
    double drawn = 0.0;
    for (u32 i = 0; i < std::min<size_t>(most, s.live.size()); ++i) {
        law.add(i, all, p.topology == Topology::kHubs, s.live[i], expected);
        drawn += s.live[i];
        for (u64 k = s.row_begin[i]; k < s.row_begin[i] + s.live[i]; ++k) bins.see(law.bin(s.source[k], i));
    }
    for (size_t b = 0; b < expected.size(); ++b)
        bins.expect(b, expected[b], expected[b] * (1.0 - expected[b] / drawn));
    return bins.check(p.topology == Topology::kSheet  ? "sources: distance kernel"
                      : p.topology == Topology::kHubs ? "sources: degree law of hubs"
                                                      : "sources: the same chance for all",
                      "synapses");
}

std::vector<Check> walk_checks(Problem& p, size_t most) {
    PlasticSynapses& s = p.synapses();
    const std::vector<u16> before = s.log_size;
    p.turn_over(p.never);
    const double keep = std::exp(-p.never.days / p.model.spine_size.time),
                 sd = p.model.spine_size.sd * std::sqrt(1.0 - keep * keep);
    std::vector<double> z;
    for (size_t i = 0; i < std::min(most, s.live.size()); ++i)
        for (u64 k = s.row_begin[i]; k < s.row_begin[i] + s.live[i]; ++k)
            z.push_back((size_from_fixed(s.log_size[k]) - keep * size_from_fixed(before[k])) / sd);
    constexpr double kFourth = 2.4;  // of a sum of two bytes; 3 of a normal number
    return moment_checks("turnover: walk of log sizes", z, kFourth);
}

size_t size_bin(double x) { return static_cast<size_t>(std::clamp((x + 2.0) * 4.0, 0.0, 15.0)); }

// Losses of a day, by size after the walk, which has the same draws when nothing is lost.
Check loss_check(Problem& p, size_t most) {
    PlasticSynapses& s = p.synapses();
    const std::vector<u16> before = s.log_size;
    const u32 tick = p.tick;
    p.turn_over({p.all_day.days, p.never.loss});
    Bins bins(16);
    const PruningParams& r = p.model.pruning;
    const size_t rows = std::min(most, s.live.size());
    for (size_t i = 0; i < rows; ++i) {
        const double excess = std::max(0.0, s.live[i] / static_cast<double>(s.equilibrium[i]) - 1.0);
        for (u64 k = s.row_begin[i]; k < s.row_begin[i] + s.live[i]; ++k) {
            const double x = size_from_fixed(s.log_size[k]),
                         hazard = r.hazard * p.condition().elimination * std::exp(-r.steepness * x),
                         chance = std::min(
                             1.0, (1.0 + r.homeostasis * excess) * -std::expm1(-hazard * p.all_day.days));
            bins.expect(size_bin(x), chance, chance * (1.0 - chance));
        }
    }
    s.log_size = before;
    p.tick = tick;
    p.events.assign(block_count(s.live.size()), {});
    p.turn_over(p.all_day);
    for (const auto& block : p.events)
        for (const SynapseEvent& e : block)
            if (e.target < rows) bins.see(size_bin(size_from_fixed(e.log_size)));
    p.events.clear();
    return bins.check("turnover: losses by size", "losses");
}

// What a day forms: from where, how many, and how large.
std::vector<Check> formation_checks(Problem& p, size_t most) {
    repack_rows(p.synapses(), p.network.partition, 64);
    p.publish_vacancies();
    PlasticSynapses& s = p.synapses();
    SourceLaw law(p);
    std::vector<double> expected(law.bins(), 0.0), kept(p.vacancy.begin(), p.vacancy.end());
    const size_t rows = std::min(most, s.live.size());
    for (u32 i = 0; i < rows; ++i) {
        const double room = std::max(0.0, 1.0 - s.live[i] / static_cast<double>(s.capacity[i]));
        law.add(i, kept, false, s.attempts[i] * p.condition().formation * room, expected);
    }
    p.events.assign(block_count(s.live.size()), {});
    p.form(1.0);
    Bins bins(law.bins());
    for (size_t b = 0; b < expected.size(); ++b) bins.expect(b, expected[b], expected[b]);
    std::vector<double> z;
    for (const auto& block : p.events)
        for (const SynapseEvent& e : block) {
            if (e.target >= rows) continue;
            bins.see(law.bin(e.source, e.target));
            z.push_back((size_from_fixed(e.log_size) - p.model.spine_size.new_mean) /
                        p.model.spine_size.new_sd);
        }
    p.events.clear();
    std::vector<Check> checks = moment_checks("formation: log sizes of the new", z, 3.0);
    const double all = std::accumulate(expected.begin(), expected.end(), 0.0),
                 n = static_cast<double>(z.size());
    checks.insert(checks.begin(), z_check("formation: how many", (n - all) / std::sqrt(all),
                                          fmt::format("{:.0f} formed, {:.0f} expected", n, all)));
    checks.insert(checks.begin() + 1, bins.check("formation: from where", "formed"));
    return checks;
}

}  // namespace

std::vector<Check> verify(Problem& p, size_t most) {
    std::vector<Check> checks = {drive_check(p, most)};
    const bool one_law = p.network.excitatory_groups == 1 || p.topology != Topology::kSheet;
    if (one_law) checks.push_back(source_check(p, most));  // else each pair of layers has its own
    const auto add = [&](const std::vector<Check>& more) {
        checks.insert(checks.end(), more.begin(), more.end());
    };
    add(walk_checks(p, most));
    checks.push_back(loss_check(p, most));
    if (p.network.excitatory_groups == 1) add(formation_checks(p, most));
    return checks;
}

double chi_square_p(double sum, double degrees) {
    if (!std::isfinite(sum)) return 0.0;
    return boost::math::cdf(boost::math::complement(boost::math::chi_squared(degrees), sum));
}

}  // namespace respine
