#include "sim/coordination/probes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

constexpr double kTolerance = 1e-7;
constexpr u32 kDrawnCentres = 1;  // tick of the draws of ensembles; probes have 0

// What a thread needs for its solves.
struct Workspace {
    explicit Workspace(size_t n)
        : basis((kKrylovDepth + 1) * n), residual(n), z(n, 0.0), behind(n), product(n) {}
    std::vector<double> basis, residual, z, behind, product;
    KrylovSpace space() { return {basis, residual}; }
};

// work(job, workspace) of all jobs; each writes to places of its own, so the threads do not matter.
template <class Work>
void for_jobs(size_t jobs, size_t neurons, const Work& work) {
#pragma omp parallel
    {
        Workspace own(neurons);
#pragma omp for schedule(dynamic, 1)
        for (size_t job = 0; job < jobs; ++job) work(job, own);
    }
}

void sum_by_groups(const Network& net, const NoisyNetwork& view, Solved& out, std::vector<double>& residual) {
    const size_t groups = net.groups.size(), n = net.neurons;
    std::vector<double> behind(groups * n);
    const auto of = [&](size_t g) { return std::span(behind).subspan(g * n, n); };
    residual.resize(groups);
    for_jobs(groups, n, [&](size_t g, Workspace& own) {
        std::fill(own.z.begin(), own.z.end(), 0.0);
        std::fill(own.z.begin() + net.groups[g].first, own.z.begin() + net.groups[g].last, 1.0);
        residual[g] = noise_behind(view, own.z, kTolerance, own.space(), of(g));
    });
    for (size_t a = 0; a < groups; ++a)
        for (size_t b = 0; b < groups; ++b) out.group_sums.push_back(dot(of(a), of(b)));
}

// The sets that probes stand on: pyramidal cells of each region, then all other neurons.
std::vector<std::vector<size_t>> sets_of(const Network& net) {
    std::vector<std::vector<size_t>> sets = excitatory_groups_of(net);
    sets.emplace_back(net.groups.size() - net.excitatory_groups);
    std::iota(sets.back().begin(), sets.back().end(), net.excitatory_groups);
    return sets;
}

double sum_over(const Network& net, const std::vector<size_t>& groups, const auto& value) {
    double sum = 0.0;
    for (const size_t g : groups)
        for (size_t i = net.groups[g].first; i < net.groups[g].last; ++i) sum += value(i);
    return sum;
}

void send_probes(const Simulation& sim, const NoisyNetwork& view, Solved& out,
                 std::vector<double>& residual) {
    const Network& net = sim.network();
    const auto sets = sets_of(net);
    const size_t regions = net.regions.size(), probes = sim.scenario().coordination.probes;
    out.probes.assign(probes,
                      {std::vector<double>(net.groups.size()), std::vector<double>(regions * regions)});
    residual.resize(probes * sets.size());
    for_jobs(residual.size(), net.neurons, [&](size_t job, Workspace& own) {
        const size_t p = job / sets.size(), s = job % sets.size();
        std::fill(own.z.begin(), own.z.end(), 0.0);
        for (const size_t g : sets[s])
            draw_signs(sim.seed(), static_cast<u32>(p), net.groups[g].first, net.groups[g].last, own.z);
        residual[job] = covariance_times(view, own.z, kTolerance, own.space(), own.behind, own.product);
        for (const size_t g : sets[s])
            out.probes[p].trace[g] = sum_over(net, {g}, [&](size_t i) { return own.z[i] * own.product[i]; });
        for (size_t r = 0; s < regions && r < regions; ++r)
            out.probes[p].square[s * regions + r] =
                sum_over(net, sets[r], [&](size_t i) { return own.product[i] * own.product[i]; });
    });
}

EnsembleResponse respond(const ProbeEnsemble& e, const ResponseMatrix& m, Workspace& own, double& residual) {
    std::fill(own.z.begin(), own.z.end(), 0.0);
    for (size_t k = 0; k < e.members; k += 2) own.z[e.cells[k]] = m.slope[e.cells[k]];
    residual = solve_response(m.j.rows(), own.z, kTolerance, own.space(), own.product);
    const auto mean = [&](size_t first, size_t last, size_t step) {
        double sum = 0.0, count = 0.0;
        for (size_t k = first; k < last; k += step, count += 1.0) sum += own.product[e.cells[k]];
        return sum / count;
    };
    return {mean(0, e.members, 2), mean(1, e.members, 2), mean(e.members, e.cells.size(), 1)};
}

void drive_ensembles(const Simulation& sim, const ResponseMatrix& m, Solved& out,
                     std::vector<double>& residual) {
    const size_t regions = sim.network().regions.size(), each = sim.scenario().coordination.ensembles;
    out.ensembles.resize(regions);
    residual.assign(regions * each, 0.0);
    std::vector<EnsembleResponse> all(residual.size());
    std::vector<char> there(residual.size(), 0);
    for_jobs(residual.size(), sim.network().neurons, [&](size_t job, Workspace& own) {
        const ProbeEnsemble e = ensemble_of(sim, job / each, static_cast<u32>(job % each));
        if (e.members == 0) return;
        all[job] = respond(e, m, own, residual[job]);
        there[job] = 1;
    });
    for (size_t job = 0; job < all.size(); ++job)
        if (there[job] != 0) out.ensembles[job / each].push_back(all[job]);
}

}  // namespace

ProbeEnsemble ensemble_of(const Simulation& sim, size_t region, u32 number) {
    const Network& net = sim.network();
    std::vector<u32> cells;
    for (size_t g = 0; g < net.excitatory_groups; ++g)
        for (u32 i = net.groups[g].first; net.groups[g].region == region && i < net.groups[g].last; ++i)
            cells.push_back(i);
    if (cells.size() < 8) return {};
    const u32 first = cells.front(),
              centre = cells[below(philox(sim.seed(), Stream::kCoordination, first, number, kDrawnCentres)[0],
                                   static_cast<u32>(cells.size()))];
    const auto distance = [&](u32 i) {
        const auto apart = [&](const NeuronArray<float>& axis) {
            return static_cast<double>(axis[i]) - static_cast<double>(axis[centre]);
        };
        const double x = apart(net.x), y = apart(net.y), z = apart(net.z);
        return x * x + y * y + z * z;
    };
    std::stable_sort(cells.begin(), cells.end(), [&](u32 a, u32 b) { return distance(a) < distance(b); });
    const double half = 0.5 * sim.scenario().coordination.ensemble * static_cast<double>(cells.size());
    const size_t members = 2 * std::max<size_t>(2, static_cast<size_t>(std::lround(half)));
    return {cells, std::min(members, cells.size() - 2)};
}

std::vector<std::vector<size_t>> excitatory_groups_of(const Network& net) {
    std::vector<std::vector<size_t>> by_region(net.regions.size());
    for (size_t g = 0; g < net.excitatory_groups; ++g) by_region[net.groups[g].region].push_back(g);
    return by_region;
}

Solved solve_coordination(const Simulation& sim) {
    const ResponseMatrix m = response_matrix(sim);
    const NoisyNetwork view = m.view();
    Solved out;
    std::vector<double> sums, probes, ensembles;
    sum_by_groups(sim.network(), view, out, sums);
    send_probes(sim, view, out, probes);
    drive_ensembles(sim, m, out, ensembles);
    for (const auto* list : {&sums, &probes, &ensembles})
        for (const double r : *list)
            if (!(r <= out.residual)) out.residual = r;
    return out;
}

}  // namespace respine
