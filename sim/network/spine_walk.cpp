#include "sim/network/spine_walk.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/numerics/elementary.hpp"

namespace respine {

namespace {

constexpr size_t kGrid = 600;
constexpr double kLow = kSmallestSpine, kHigh = kLargestSpine, kCell = (kHigh - kLow) / kGrid;

double grid_x(size_t i) { return kLow + (static_cast<double>(i) + 0.5) * kCell; }

double integral(const std::vector<double>& u) {
    double s = 0.0;
    for (double v : u) s += v;
    return s * kCell;
}

// Newborn and mature spines at ages, or, with shift 0, of all ages: of what enters (or was there before) each
// stays or goes on.
struct Spines {
    std::vector<double> newborn, mature;
};
Spines solve_spines(const WalkOperator& walk, double shift, double factor, Spines entering) {
    Spines out{std::vector<double>(kGrid, 0.0), {}};
    if (walk.newborn.share > 0.0) {
        out.newborn = walk.solve(shift + walk.leaving(factor), 0.0, entering.newborn);
        for (size_t i = 0; i < kGrid; ++i) entering.mature[i] += walk.newborn.maturation * out.newborn[i];
    }
    out.mature = walk.solve(shift, factor, entering.mature);
    return out;
}

Spines new_spines(const WalkOperator& walk) {
    Spines out{walk.renewal, walk.renewal};
    for (double& q : out.newborn) q *= walk.newborn.share;
    for (double& q : out.mature) q *= 1.0 - walk.newborn.share;
    return out;
}

}  // namespace

WalkOperator::WalkOperator(const PlasticRule& rule)
    : lower(kGrid, 0.0),
      diagonal(kGrid, 0.0),
      upper(kGrid, 0.0),
      hazard(kGrid),
      renewal(kGrid, 0.0),
      newborn(rule.newborn) {
    const SpineSizeParams& size = rule.spine_size;
    const PruningParams& pruning = rule.pruning;
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

std::vector<double> WalkOperator::solve(double shift, double factor, const std::vector<double>& right) const {
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

double mean_hazard(const WalkOperator& walk, double loss_factor) {
    const Spines rest = solve_spines(walk, 0.0, loss_factor, new_spines(walk));
    return 1.0 / (integral(rest.newborn) + integral(rest.mature));
}

SizeDensity stationary_sizes(const PlasticRule& rule, double loss_factor) {
    const WalkOperator walk(rule);
    Spines rest = solve_spines(walk, 0.0, loss_factor, new_spines(walk));
    SizeDensity out;
    const double lifetime = integral(rest.newborn) + integral(rest.mature);
    out.mean_hazard = 1.0 / lifetime;
    out.x.resize(kGrid);
    out.density = std::move(rest.mature);
    out.newborn = std::move(rest.newborn);
    for (size_t i = 0; i < kGrid; ++i) {
        out.x[i] = grid_x(i);
        out.newborn[i] /= lifetime;
        out.density[i] = out.density[i] / lifetime + out.newborn[i];
        out.newborn_share += out.newborn[i] * kCell;
        out.mean_weight += out.density[i] * kCell * det_exp(out.x[i]);
    }
    return out;
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

SpineSampler::SpineSampler(const PlasticRule& rule, double loss_factor, const SizeDensity& sizes)
    : x_(sizes.x), low_(kLow) {
    for (double d : sizes.density) sizes_.cumulative.push_back(d * kCell);
    sizes_.finish();
    for (size_t i = 0; i < kGrid; ++i)
        newborn_of_size_.push_back(sizes.density[i] > 0.0 ? sizes.newborn[i] / sizes.density[i] : 0.0);
    tabulate_ages(rule, loss_factor);
}

void SpineSampler::tabulate_ages(const PlasticRule& rule, double loss_factor) {
    constexpr size_t kBins = 60, kAges = 80;
    bin_ = (kHigh - kLow) / kBins;
    age_of_size_.resize(kBins);
    for (InverseTable& law : age_of_size_) law.cumulative.assign(kAges, 0.0);
    const WalkOperator walk(rule);
    leaves_ = walk.leaving(loss_factor);
    Spines u = new_spines(walk);
    double step = 0.05, age = 0.0;  // steps grow: young ages finely, old ones coarsely
    for (size_t a = 0; a < kAges; ++a) {
        for (std::vector<double>* part : {&u.newborn, &u.mature})
            for (double& v : *part) v /= step;
        u = solve_spines(walk, 1.0 / step, loss_factor, std::move(u));
        age += step;
        ages_.push_back(age);
        for (size_t i = 0; i < kGrid; ++i)
            age_of_size_[i * kBins / kGrid].cumulative[a] += u.mature[i] * step;
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

bool SpineSampler::newborn(double x, double u) const {
    const double cell = std::clamp((x - low_) / kCell, 0.0, static_cast<double>(kGrid) - 1.0);
    return u < newborn_of_size_[static_cast<size_t>(cell)];
}

double SpineSampler::age(double x, bool newborn, double u) const {
    if (newborn) return -det_log(u) / leaves_;  // the walk is too slow to tell its ages apart by size
    const double b = std::clamp((x - low_) / bin_, 0.0, static_cast<double>(age_of_size_.size()) - 1.0);
    const InverseTable& law = age_of_size_[static_cast<size_t>(b)];
    const size_t a = law.place(u);
    const double newer = a == 0 ? 0.0 : ages_[a - 1], below = a == 0 ? 0.0 : law.cumulative[a - 1],
                 width = law.cumulative[a] - below;
    return newer + (ages_[a] - newer) * (width > 0.0 ? std::clamp((u - below) / width, 0.0, 1.0) : 0.5);
}

}  // namespace respine
