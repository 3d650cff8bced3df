#include "sim/coordination/coordination.hpp"

#include <cmath>
#include <limits>

#include "sim/coordination/probes.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr double kNotDefined = std::numeric_limits<double>::quiet_NaN();
constexpr double kLargestResidual = 1e-5;

// All pyramidal cells, and those of each region where there are several, as lists of regions.
struct Cells {
    std::string suffix, of;
    std::vector<size_t> regions;
};

std::vector<Cells> cells_of(const Network& net) {
    std::vector<Cells> all = {{"", "", {}}};
    for (size_t r = 0; r < net.regions.size(); ++r) {
        all[0].regions.push_back(r);
        const std::string& name = net.regions[r].name;
        if (net.regions.size() > 1) all.push_back({"_" + name, " in " + name, {r}});
    }
    return all;
}

// What follows from group sums and the mean of some probes.
struct Estimator {
    const Network& net;
    const std::vector<double>& group_sums;
    std::vector<std::vector<size_t>> groups = excitatory_groups_of(net);  // by region

    double between(size_t a, size_t b) const { return group_sums[a * net.groups.size() + b]; }

    struct Block {
        double cells = 0.0, trace = 0.0, sum = 0.0;
    };
    Block block(const std::vector<size_t>& of, const ProbeSums& p) const {
        Block out;
        for (const size_t a : of) {
            out.cells += net.groups[a].size();
            out.trace += p.trace[a];
            for (const size_t b : of) out.sum += between(a, b);
        }
        return out;
    }
    static double within(const Block& b) {
        return b.cells > 1.0 ? (b.sum - b.trace) / (b.cells - 1.0) / b.trace : kNotDefined;
    }
    double across(const std::vector<size_t>& of, const std::vector<size_t>& with, const ProbeSums& p) const {
        const Block x = block(of, p), y = block(with, p);
        double sum = 0.0;
        for (const size_t a : of)
            for (const size_t b : with) sum += between(a, b);
        return sum / std::sqrt(x.cells * x.trace * y.cells * y.trace);
    }

    std::vector<double> operator()(const ProbeSums& p) const {
        std::vector<double> out;
        for (const Cells& s : cells_of(net)) {
            std::vector<size_t> of;
            double square = 0.0;
            for (const size_t r : s.regions) {
                of.insert(of.end(), groups[r].begin(), groups[r].end());
                for (const size_t q : s.regions) square += p.square[r * net.regions.size() + q];
            }
            const Block b = block(of, p);
            out.insert(out.end(), {b.trace / b.cells, within(b), b.trace * b.trace / square});
        }
        for (size_t r = 0; r < groups.size(); ++r)
            for (size_t q = r + 1; q < groups.size(); ++q) out.push_back(across(groups[r], groups[q], p));
        return out;
    }

    std::vector<double> of_groups(const ProbeSums& p) const {
        std::vector<double> out;
        for (size_t a = 0; a < net.groups.size(); ++a)
            for (size_t b = 0; b < net.groups.size(); ++b)
                out.push_back(a == b ? within(block({a}, p)) : across({a}, {b}, p));
        return out;
    }
};

// Mean of the probes, leaving one out; none when `left_out` is their number.
ProbeSums mean_of(const std::vector<ProbeSums>& probes, size_t left_out) {
    ProbeSums mean{std::vector<double>(probes[0].trace.size()), std::vector<double>(probes[0].square.size())};
    const double n = static_cast<double>(probes.size()) - (left_out < probes.size() ? 1.0 : 0.0);
    for (size_t p = 0; p < probes.size(); ++p) {
        if (p == left_out) continue;
        for (size_t k = 0; k < mean.trace.size(); ++k) mean.trace[k] += probes[p].trace[k] / n;
        for (size_t k = 0; k < mean.square.size(); ++k) mean.square[k] += probes[p].square[k] / n;
    }
    return mean;
}

// Standard errors from the values with each of the items left out.
std::vector<double> jackknife(const std::vector<std::vector<double>>& without) {
    const double n = static_cast<double>(without.size());
    std::vector<double> error;
    for (size_t k = 0; k < without[0].size(); ++k) {
        double mean = 0.0, sum = 0.0;
        for (const auto& one : without) mean += one[k] / n;
        for (const auto& one : without) sum += (one[k] - mean) * (one[k] - mean);
        error.push_back(std::sqrt((n - 1.0) / n * sum));
    }
    return error;
}

// The four numbers of kOfEnsembles, without the one that is left out.
std::vector<double> of_ensembles(const std::vector<EnsembleResponse>& all, size_t left_out) {
    EnsembleResponse mean;
    double n = 0.0;
    for (size_t k = 0; k < all.size(); ++k) {
        if (k == left_out) continue;
        mean.driven += all[k].driven, mean.other += all[k].other, mean.rest += all[k].rest;
        n += 1.0;
    }
    const double completion = n > 0.0 ? (mean.other - mean.rest) / mean.driven : kNotDefined;
    return {mean.driven / n, mean.other / n, mean.rest / n, completion};
}

std::vector<double> errors_of_ensembles(const std::vector<EnsembleResponse>& all) {
    if (all.size() < 2) return std::vector<double>(std::size(kOfEnsembles), kNotDefined);
    std::vector<std::vector<double>> without;
    for (size_t k = 0; k < all.size(); ++k) without.push_back(of_ensembles(all, k));
    return jackknife(without);
}

void add_with_errors(const double* value, const double* error, size_t count, std::vector<double>& out) {
    for (size_t k = 0; k < count; ++k) out.insert(out.end(), {value[k], error[k]});
}

}  // namespace

std::vector<CoordinationRow> coordination_rows(const Network& net) {
    std::vector<CoordinationRow> rows;
    const auto add = [&](const CoordinationQuantity& a, const std::string& suffix, const std::string& of) {
        rows.push_back({a.name + suffix, a.unit, a.meaning + of});
        rows.push_back({"error_" + rows.back().name, a.unit, "standard error of " + rows.back().name});
    };
    for (const Cells& s : cells_of(net)) {
        for (const CoordinationQuantity& a : kOfProbes) add(a, s.suffix, s.of);
        for (const CoordinationQuantity& a : kOfEnsembles) add(a, s.suffix, s.of);
    }
    for (size_t r = 0; r < net.regions.size(); ++r)
        for (size_t q = r + 1; q < net.regions.size(); ++q)
            add(kOfProbes[1], "_" + net.regions[r].name + "_" + net.regions[q].name,
                ", one in " + net.regions[r].name + " and one in " + net.regions[q].name);
    return rows;
}

size_t coordination_width(const Network& net) {
    return coordination_rows(net).size() + net.groups.size() * net.groups.size();
}

std::vector<double> measure_coordination(const Simulation& sim) {
    const Network& net = sim.network();
    const Solved solved = solve_coordination(sim);
    if (!(solved.residual < kLargestResidual))
        fail(Exit::kNumerical,
             "{}: t = {} s: error: coordination: the linear response of the network does not converge "
             "(residual {:.1e}); its state is close to losing stability: weaken the recurrent weights",
             sim.scenario().name, sim.now(), solved.residual);
    const Estimator estimate{net, solved.group_sums};
    std::vector<std::vector<double>> without;
    for (size_t p = 0; p < solved.probes.size(); ++p) without.push_back(estimate(mean_of(solved.probes, p)));
    const ProbeSums mean = mean_of(solved.probes, solved.probes.size());
    const std::vector<double> value = estimate(mean), error = jackknife(without);
    constexpr size_t kPerCells = std::size(kOfProbes);
    std::vector<double> out;
    size_t at = 0;
    for (const Cells& s : cells_of(net)) {
        add_with_errors(&value[at], &error[at], kPerCells, out);
        at += kPerCells;
        std::vector<EnsembleResponse> all;
        for (const size_t r : s.regions)
            all.insert(all.end(), solved.ensembles[r].begin(), solved.ensembles[r].end());
        const std::vector<double> response = of_ensembles(all, all.size()), errors = errors_of_ensembles(all);
        add_with_errors(response.data(), errors.data(), response.size(), out);
    }
    add_with_errors(value.data() + at, error.data() + at, value.size() - at, out);
    const std::vector<double> groups = estimate.of_groups(mean);
    out.insert(out.end(), groups.begin(), groups.end());
    return out;
}

}  // namespace respine
