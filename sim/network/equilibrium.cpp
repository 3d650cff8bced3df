#include "sim/network/equilibrium.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/numerics/elementary.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr size_t kGrid = 600;
constexpr double kLow = kSmallestSpine, kHigh = kLargestSpine, kCell = (kHigh - kLow) / kGrid;

double grid_x(size_t i) { return kLow + (static_cast<double>(i) + 0.5) * kCell; }

// The walk with loss as a tridiagonal operator on cell averages: du/dt = -(M + f h) u + q, f the factor on
// the hazard.
struct WalkOperator {
    std::vector<double> lower, diagonal, upper, hazard, renewal;

    WalkOperator(const SpineSizeParams& size, const PruningParams& pruning)
        : lower(kGrid, 0.0), diagonal(kGrid, 0.0), upper(kGrid, 0.0), hazard(kGrid), renewal(kGrid, 0.0) {
        const double spread = size.sd * size.sd / size.time;
        for (size_t i = 0; i + 1 < kGrid; ++i) {  // flux through the face between cells i and i + 1
            const double face = kLow + static_cast<double>(i + 1) * kCell;
            const double drift = -face / size.time;
            const double from_left = (0.5 * drift + spread / kCell) / kCell,
                         from_right = (0.5 * drift - spread / kCell) / kCell;
            diagonal[i] += from_left;
            upper[i] += from_right;
            lower[i + 1] -= from_left;
            diagonal[i + 1] -= from_right;
        }
        double total = 0.0;
        for (size_t i = 0; i < kGrid; ++i) {
            hazard[i] = pruning.hazard * det_exp(-pruning.steepness * grid_x(i));
            const double z = (grid_x(i) - size.new_mean) / std::max(size.new_sd, kCell);
            renewal[i] = det_exp(-0.5 * z * z);
            total += renewal[i] * kCell;
        }
        for (double& q : renewal) q /= total;
    }

    // Solves (shift + M + factor h) u = right.
    std::vector<double> solve(double shift, double factor, const std::vector<double>& right) const {
        std::vector<double> c(kGrid), u(kGrid);
        double pivot = shift + diagonal[0] + factor * hazard[0];
        c[0] = upper[0] / pivot;
        u[0] = right[0] / pivot;
        for (size_t i = 1; i < kGrid; ++i) {
            pivot = shift + diagonal[i] + factor * hazard[i] - lower[i] * c[i - 1];
            c[i] = upper[i] / pivot;
            u[i] = (right[i] - lower[i] * u[i - 1]) / pivot;
        }
        for (size_t i = kGrid - 1; i-- > 0;) u[i] -= c[i] * u[i + 1];
        return u;
    }
};

double integral(const std::vector<double>& u) {
    double s = 0.0;
    for (double v : u) s += v;
    return s * kCell;
}

double mean_hazard(const WalkOperator& walk, double loss_factor) {
    return 1.0 / integral(walk.solve(0.0, loss_factor, walk.renewal));
}

// Stationary law of the count for a given n* and mean hazard; also the mean homeostatic factor.
struct CountSolution {
    std::vector<double> probability;
    double mean = 0.0, factor = 1.0;
};

CountSolution count_law(const Balance& b, const Condition& c, double homeostasis, double axonal,
                        double equilibrium, double hazard) {
    const size_t most = static_cast<size_t>(b.capacity) + 1;
    const auto factor = [&](double n) { return 1.0 + homeostasis * std::max(0.0, n / equilibrium - 1.0); };
    const auto ratio =
        [&](size_t n) {  // p_n / p_(n-1): flow up over flow down; falls with n, so the law has one peak
            const double up = b.attempts * c.formation * axonal *
                              std::max(1e-12, 1.0 - static_cast<double>(n - 1) / b.capacity);
            return up / (static_cast<double>(n) * hazard * factor(static_cast<double>(n)));
        };
    size_t peak = 0;
    for (size_t above = most; peak < above;) {
        const size_t middle = (peak + above + 1) / 2;
        if (ratio(middle) >= 1.0)
            peak = middle;
        else
            above = middle - 1;
    }
    constexpr double kNegligible = 1e-30;
    CountSolution law;
    law.probability.assign(most + 1, 0.0);
    auto& p = law.probability;
    p[peak] = 1.0;
    size_t first = peak, last = peak;
    for (; first > 0 && p[first] > kNegligible; --first) p[first - 1] = p[first] / ratio(first);
    for (; last < most && p[last] > kNegligible; ++last) p[last + 1] = p[last] * ratio(last + 1);
    double total = 0.0, mean = 0.0, weighted = 0.0;
    for (size_t n = first; n <= last; ++n) {
        const double count = static_cast<double>(n);
        total += p[n];
        mean += p[n] * count;
        weighted += p[n] * count * factor(count);
    }
    for (size_t n = first; n <= last; ++n) p[n] /= total;
    law.mean = mean / total;
    law.factor = mean > 0.0 ? weighted / mean : 1.0;
    return law;
}

// The self-consistent law when the mean itself is n* and sets the axonal vacancy.
CountLaw settle(const PlasticRule& rule, const WalkOperator& walk, const Balance& b, const Condition& c,
                double guess) {
    CountLaw out;
    double equilibrium = guess, factor = 1.05;
    CountSolution law;
    for (int round = 0; round < 400; ++round) {
        const double plain = mean_hazard(walk, c.elimination * factor) / factor;  // hbar without homeostasis
        law = count_law(b, c, rule.pruning.homeostasis, std::max(1e-6, 1.0 - equilibrium / b.capacity),
                        equilibrium, plain);
        const double move = law.mean - equilibrium;
        const double factor_move = law.factor - factor;
        equilibrium += 0.5 * move;
        factor += 0.7 * factor_move;
        if (std::fabs(move) < 1e-7 * b.healthy && std::fabs(factor_move) < 1e-9) break;
    }
    out.probability = std::move(law.probability);
    out.mean = law.mean;
    out.equilibrium = equilibrium;
    out.loss_factor = c.elimination * factor;
    return out;
}

// Attempts that hold the healthy mean at h for a given capacity: the balance of flows fixes them once the law
// is known.
double attempts_for(const PlasticRule& rule, const WalkOperator& walk, double healthy, double capacity) {
    Balance b{healthy, capacity, 0.0};
    const double vacancy = 1.0 - healthy / capacity;
    double factor = 1.05;
    for (int round = 0; round < 100; ++round) {
        const double hazard = mean_hazard(walk, factor);
        if (b.attempts == 0.0) b.attempts = healthy * hazard / (vacancy * vacancy);
        const CountSolution law =
            count_law(b, {}, rule.pruning.homeostasis, vacancy, healthy, hazard / factor);
        const double before = b.attempts;
        b.attempts *= 1.0 + (healthy / law.mean - 1.0) * 1.5;
        const double move = law.factor - factor;
        factor += 0.7 * move;
        if (std::fabs(move) < 1e-9 && std::fabs(b.attempts / before - 1.0) < 1e-10) break;
    }
    return b.attempts;
}

}  // namespace

SizeDensity stationary_sizes(const SpineSizeParams& size, const PruningParams& pruning, double loss_factor) {
    const WalkOperator walk(size, pruning);
    SizeDensity out;
    out.density = walk.solve(0.0, loss_factor, walk.renewal);
    const double lifetime = integral(out.density);
    out.mean_hazard = 1.0 / lifetime;
    out.x.resize(kGrid);
    for (size_t i = 0; i < kGrid; ++i) {
        out.x[i] = grid_x(i);
        out.density[i] /= lifetime;
        out.mean_weight += out.density[i] * kCell * det_exp(out.x[i]);
    }
    return out;
}

Balance solve_balance(const PlasticRule& rule, double healthy, const Condition& stressed) {
    const double wanted = rule.formation.stressed_equilibrium * healthy;
    const WalkOperator walk(rule.spine_size, rule.pruning);
    const auto stressed_mean = [&](double capacity) {
        const Balance b{healthy, capacity, attempts_for(rule, walk, healthy, capacity)};
        return settle(rule, walk, b, stressed, wanted).mean;
    };
    double low = healthy * 1.02, high = healthy * 40.0;
    if (stressed_mean(high) > wanted)
        fail(Exit::kUsage,
             "formation.stressed_equilibrium: stress lowers formation and raises elimination too little for "
             "an equilibrium of {:g}",
             rule.formation.stressed_equilibrium);
    if (stressed_mean(low) < wanted)
        fail(Exit::kUsage,
             "formation.stressed_equilibrium: no capacity holds {:g} of the healthy synapses under this "
             "stress",
             rule.formation.stressed_equilibrium);
    for (int round = 0; round < 40 && high / low > 1.0 + 1e-7;
         ++round) {  // more room makes the count more sensitive to stress
        const double middle = std::sqrt(low * high);
        (stressed_mean(middle) > wanted ? low : high) = middle;
    }
    const double capacity = std::sqrt(low * high);
    return {healthy, capacity, attempts_for(rule, walk, healthy, capacity)};
}

CountLaw stationary_counts(const PlasticRule& rule, const Balance& balance, const Condition& condition) {
    CountLaw law =
        settle(rule, WalkOperator(rule.spine_size, rule.pruning), balance, condition, 0.9 * balance.healthy);
    law.sizes = stationary_sizes(rule.spine_size, rule.pruning, law.loss_factor);
    return law;
}

void SpineSampler::InverseTable::finish() {
    double total = 0.0;
    for (double& c : cumulative) c = total += c;
    for (double& c : cumulative) c = total > 0.0 ? c / total : 1.0;
    guide.resize(16 * cumulative.size());  // so fine that the entry there is nearly always the right one, and
                                           // the branch foreseen
    u16 at = 0;
    for (size_t g = 0; g < guide.size(); ++g) {
        const double u = static_cast<double>(g) / static_cast<double>(guide.size());
        while (at + 1U < cumulative.size() && cumulative[at] < u) ++at;
        guide[g] = at;
    }
}

size_t SpineSampler::InverseTable::place(double u) const {
    size_t at = guide[std::min(guide.size() - 1, static_cast<size_t>(u * static_cast<double>(guide.size())))];
    while (at + 1 < cumulative.size() && cumulative[at] < u) ++at;
    return at;
}

SpineSampler::SpineSampler(const SpineSizeParams& size, const PruningParams& pruning, double loss_factor,
                           const SizeDensity& sizes)
    : x_(sizes.x), low_(kLow) {
    for (double d : sizes.density) sizes_.cumulative.push_back(d * kCell);
    sizes_.finish();

    constexpr size_t kBins = 60, kAges = 80;
    bin_ = (kHigh - kLow) / kBins;
    age_of_size_.resize(kBins);
    for (InverseTable& law : age_of_size_) law.cumulative.assign(kAges, 0.0);
    const WalkOperator walk(size, pruning);
    std::vector<double> u = walk.renewal;
    double step = 0.05, age = 0.0;  // steps grow: young ages finely, old ones coarsely
    for (size_t a = 0; a < kAges; ++a) {
        std::vector<double> right(kGrid);
        for (size_t i = 0; i < kGrid; ++i) right[i] = u[i] / step;
        u = walk.solve(1.0 / step, loss_factor, right);
        age += step;
        ages_.push_back(age);
        for (size_t i = 0; i < kGrid; ++i) age_of_size_[i * kBins / kGrid].cumulative[a] += u[i] * step;
        step *= 1.1;
    }
    for (InverseTable& law : age_of_size_) law.finish();
}

double SpineSampler::size(double u) const {
    const size_t at = sizes_.place(u);
    const double below = at == 0 ? 0.0 : sizes_.cumulative[at - 1], width = sizes_.cumulative[at] - below;
    const double within = width > 0.0 ? std::clamp((u - below) / width, 0.0, 1.0) : 0.5;
    return x_[at] + (within - 0.5) * kCell;
}

double SpineSampler::age(double x, double u) const {
    const double b = std::clamp((x - low_) / bin_, 0.0, static_cast<double>(age_of_size_.size()) - 1.0);
    const InverseTable& law = age_of_size_[static_cast<size_t>(b)];
    const size_t a = law.place(u);
    const double newer = a == 0 ? 0.0 : ages_[a - 1], below = a == 0 ? 0.0 : law.cumulative[a - 1],
                 width = law.cumulative[a] - below;
    return newer + (ages_[a] - newer) * (width > 0.0 ? std::clamp((u - below) / width, 0.0, 1.0) : 0.5);
}

}  // namespace respine
