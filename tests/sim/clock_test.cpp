// The two clocks: half the tick gives half the error, and the relaxed network agrees with milliseconds.

#include "sim/model/clock.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

#include "tests/support.hpp"

namespace respine {
namespace {

using test::mean_of;
using test::run_to;
using test::shrunk;

// The lengths of all structural steps of so many days.
std::vector<Tick> structural_steps(const ClockParams& clock, std::vector<Tick> upheavals, Tick days) {
    std::vector<Tick> lengths;
    for (Tick now = -kDay; now < days * kDay;) {
        const Tick due = next_structural_step(clock, -kDay, upheavals, {}, now);
        EXPECT_EQ((now + kDay) % (due - now), 0) << "begins at a multiple of its length";
        for (const Tick at : upheavals) EXPECT_FALSE(now < at && at < due && due - now > kHour / 2) << now;
        lengths.push_back(due - now);
        now = due;
    }
    return lengths;
}

TEST(Clock, StructureIsLookedAtOftenAfterAnEventAndEverLessOften) {
    ClockParams clock = load_inputs(shrunk("mouse-vehicle", 100, 20, kDay)).model.clock;
    clock.structural_step = kHour / 2, clock.longest_structural = kDay / 2, clock.structural_growth = 0.1;
    for (const Tick length : structural_steps(clock, {}, 4)) EXPECT_EQ(length, kDay / 2);

    const std::vector<Tick> once = structural_steps(clock, {0, kHour / 2}, 14);
    EXPECT_EQ(once[0], kDay / 2) << "nothing has moved before the dose";
    EXPECT_EQ(once[2], kHour / 2);
    EXPECT_EQ(once.back(), kDay / 2);
    Tick now = 0;
    for (size_t k = 2; k < once.size(); now += once[k++])
        EXPECT_LE(static_cast<double>(once[k]), std::max(1800.0, 0.1 * static_cast<double>(now)));
    EXPECT_LT(once.size(), 90U);

    clock.longest_structural = kHour / 2;
    for (const Tick length : structural_steps(clock, {0}, 2)) EXPECT_EQ(length, kHour / 2);
}

// Snapshots and sessions cut slow steps, but no structural one.
TEST(Clock, WhatIsRecordedDoesNotDecideWhereStepsLie) {
    Scenario s = shrunk("mouse-ketamine-10mgkg", 150, 40, 3 * kDay);
    s.sessions.clear();
    const auto lengths = [&](std::vector<Tick> snapshots) {
        s.snapshots = std::move(snapshots);
        Simulation sim(load_inputs(s));
        std::vector<Tick> ends;
        while (!sim.done()) {
            const u64 before = sim.effort().structural_steps;
            sim.advance();
            if (sim.effort().structural_steps > before) ends.push_back(sim.now());
        }
        return ends;
    };
    EXPECT_EQ(lengths({}), lengths({7 * kHour, kDay + 1234, 2 * kDay + 5 * kHour}));
}

// Observables over the acute hour, at regular times where steps end.
std::vector<std::vector<double>> acute_hour(Tick every, const std::function<void(Inputs&)>& edit) {
    Scenario s = shrunk("mouse-ketamine-10mgkg", 150, 40, kHour);
    s.start = 0;
    s.duration = kHour;
    s.structure = StructureRule::kFixed;
    s.sessions.clear();
    s.snapshots.clear();
    for (Tick t = every; t <= kHour; t += every) s.snapshots.push_back(t);
    Inputs inputs = load_inputs(s);
    inputs.model.clock.tolerance = 1e-6;
    edit(inputs);
    Simulation sim(std::move(inputs));
    std::vector<std::vector<double>> rows;
    for (Tick t = every; t <= kHour; t += every) {
        run_to(sim, t);
        const State& x = sim.state();
        const std::span<const float> e(x.rate.data(), sim.network().excitatory);
        rows.push_back({sim.pharmacology().levels(0).brain, sim.nmda_block(CellType::kE),
                        sim.nmda_block(CellType::kSst), x.translation, mean_of(e), mean_of(x.rate),
                        sim.glutamate_mean(), mean_of(x.ampa), mean_of(x.bdnf_excess), mean_of(x.trkb),
                        mean_of(x.mtorc1), mean_of(x.protein_pool), mean_of(x.potentiation),
                        mean_of(x.trkb_internalised)});
    }
    return rows;
}

// Largest difference of each observable over its range.
std::vector<double> relative_difference(const std::vector<std::vector<double>>& a,
                                        const std::vector<std::vector<double>>& b) {
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

double root_mean_square(const std::vector<double>& v) {
    double square = 0.0;
    for (double x : v) square += x * x;
    return std::sqrt(square / static_cast<double>(v.size()));
}

// First order where the glutamate step is implicit, better elsewhere: half the tick leaves at most about half
// of the error, over all observables together and at the end of the chain.
TEST(Clock, HalfTheTickHalfTheError) {
    const auto exact = acute_hour(kMinute, [](Inputs& in) { with_step(in, 1.0); });
    double all = 0.0, pool = 0.0;
    for (double step : {60.0, 30.0, 15.0}) {
        const auto error =
            relative_difference(acute_hour(kMinute, [&](Inputs& in) { with_step(in, step); }), exact);
        const double all_now = root_mean_square(error), pool_now = error[11];
        std::cout << "step " << step << " s: error over all observables " << 100.0 * all_now
                  << " % of their range, protein pool " << 100.0 * pool_now << " %\n";
        if (all > 0.0) {
            EXPECT_LT(all_now, 0.5 * all);
            EXPECT_LT(pool_now, 0.5 * pool);
        }
        all = all_now;
        pool = pool_now;
    }
    EXPECT_LT(all, 0.005);
}

TEST(Clock, RelaxedNetworkAgreesWithMilliseconds) {
    omp_set_num_threads(1);  // the network is tiny
    const auto relaxed = acute_hour(kMinute, [](Inputs&) {});
    const auto explicit_steps = acute_hour(kMinute, [](Inputs& in) {
        in.scenario.integrator = Integrator::kExplicit;
        in.model.clock.explicit_step = 0.005;
    });
    const auto difference = relative_difference(relaxed, explicit_steps);
    for (size_t k = 0; k < difference.size(); ++k) EXPECT_LT(difference[k], 0.02) << "observable " << k;
    std::cout << "largest difference " << 100.0 * *std::max_element(difference.begin(), difference.end())
              << " % of an observable's range\n";
    omp_set_num_threads(omp_get_num_procs());
}

}  // namespace
}  // namespace respine
