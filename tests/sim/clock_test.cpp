// The two clocks: half the tick gives half the error, and the relaxed network agrees with milliseconds.

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

#include "tests/support.hpp"

namespace respine {
namespace {

using testing::mean_of;
using testing::run_to;
using testing::shrunk;

// Observables over the acute hour, every minute.
std::vector<std::vector<double>> acute_hour(const std::function<void(Inputs&)>& edit) {
    Scenario s = shrunk("mouse-ketamine-10mgkg", 150, 40, kHour);
    s.start = 0;
    s.duration = kHour;
    s.structure = StructureRule::kFixed;
    s.sessions.clear();
    s.snapshots.clear();
    for (Tick t = kMinute; t <= kHour; t += kMinute) s.snapshots.push_back(t);  // steps end on every minute
    Inputs inputs = load_inputs(s);
    inputs.model.clock.tolerance = 1e-6;
    edit(inputs);
    Simulation sim(std::move(inputs));
    std::vector<std::vector<double>> rows;
    for (Tick t = kMinute; t <= kHour; t += kMinute) {
        run_to(sim, t);
        const State& x = sim.state();
        const std::vector<float> e(x.rate.begin(), x.rate.begin() + static_cast<std::ptrdiff_t>(sim.network().excitatory));
        rows.push_back({sim.pharmacology().levels(0).brain, sim.nmda_block(CellType::kE), sim.nmda_block(CellType::kSst), x.translation, mean_of(e),
                        mean_of(x.rate), sim.glutamate_mean(), mean_of(x.ampa), mean_of(x.bdnf_excess), mean_of(x.trkb), mean_of(x.mtorc1),
                        mean_of(x.protein_pool), mean_of(x.potentiation), mean_of(x.trkb_surface)});
    }
    return rows;
}

// Largest difference of each observable over its range.
std::vector<double> relative_difference(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
    std::vector<double> worst;
    for (size_t k = 0; k < a[0].size(); ++k) {
        double low = b[0][k], high = b[0][k], most = 0.0;
        for (size_t t = 0; t < a.size(); ++t) {
            low = std::min(low, b[t][k]);
            high = std::max(high, b[t][k]);
            most = std::max(most, std::fabs(a[t][k] - b[t][k]));
        }
        worst.push_back(most / (high - low));
    }
    return worst;
}

void with_step(Inputs& in, double seconds) {
    in.model.clock.fine_step = seconds;
    in.model.clock.growth = 1e-4;  // the step stays fine over the hour
}

TEST(Clock, HalfTheTickHalfTheError) {
    const auto exact = acute_hour([](Inputs& in) { with_step(in, 1.0); });
    double previous = 0.0;
    for (double step : {30.0, 15.0}) {
        const double error = relative_difference(acute_hour([&](Inputs& in) { with_step(in, step); }), exact)[11];  // protein pool: the end of the chain
        std::cout << "protein pool, step " << step << " s: error " << 100.0 * error << " % of the range\n";
        EXPECT_LT(error, 0.05);
        if (previous > 0.0) {
            EXPECT_NEAR(previous / error, 2.0, 0.4);
        }
        previous = error;
    }
}

TEST(Clock, RelaxedNetworkAgreesWithMilliseconds) {
    omp_set_num_threads(1);  // the network is tiny
    const auto relaxed = acute_hour([](Inputs&) {});
    const auto explicit_steps = acute_hour([](Inputs& in) {
        in.scenario.integrator = Integrator::kExplicit;
        in.model.clock.explicit_step = 0.005;
    });
    const auto difference = relative_difference(relaxed, explicit_steps);
    for (size_t k = 0; k < difference.size(); ++k) EXPECT_LT(difference[k], 0.02) << "observable " << k;
    std::cout << "largest difference " << 100.0 * *std::max_element(difference.begin(), difference.end()) << " % of an observable's range\n";
    omp_set_num_threads(omp_get_num_procs());
}

}  // namespace
}  // namespace respine
