// Plastic inhibition on pyramidal cells: its place in the microscope, its stability, and what it matches.

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "sim/io/run/gephyrin.hpp"
#include "tests/support.hpp"

namespace respine {
namespace {

using test::group_rate;
using test::shrunk;

// Of the boundary box of the sheet (Sheet.DrugFreeRatesStayStableOverSynapsesAndPotentiation), with
// inhibition at rest for that excitation too.
TEST(Inhibition, DrugFreeRatesStayStableOverSynapsesAndPotentiation) {
    Simulation healthy(
        load_inputs(shrunk("mouse-vehicle-inhibition", 1000, 100, kHour, {{"stress.severity", "0"}}))),
        stressed(load_inputs(shrunk("mouse-vehicle-inhibition", 1000, 100, kHour)));
    const double baseline = group_rate(healthy, "E");
    EXPECT_NEAR(baseline, 2.0, 0.1);
    double worst = 0.0;
    for (Simulation* sim : {&healthy, &stressed})
        for (double synapses : {0.7, 0.85, 1.0, 1.2, 1.4})
            for (double potentiation : {1.0, 1.25, 1.5}) {
                for (float& a : sim->mutable_state().potentiation)
                    a = static_cast<float>(synapses * potentiation);
                sim->relax_network();
                worst = std::max(worst, group_rate(*sim, "E") / baseline);
            }
    std::cout << "largest rate_e over baseline: " << worst << "\n";
    EXPECT_LT(worst, 1.25);
}

TEST(Inhibition, AnInhibitorySynapseIsCountedOnTheLargestSpineWithinReachElseOnTheNearest) {
    ImagingSession s{
        0, {{{100, 0.0F}, {150, 0.5F}, {400, -0.2F}}}, {{{110, 0.0F}, {120, 0.0F}, {300, 0.0F}}}, {{}}};
    EXPECT_EQ(dually_innervated(s, 60.0), 2U);  // 110 and 120 on 150, 300 on 400
    EXPECT_EQ(dually_innervated(s, 15.0), 2U);  // 110 on 100, 120 on the nearest, 100 too; 300 on 400
}

TEST(Inhibition, TurnoverOfInhibitorySynapsesIsCountedByPlace) {
    const auto seen = [](std::vector<SeenSpine> spine, std::vector<SeenSpine> shaft) {
        return ImagingSession{0, {{{5, 0.0F}}}, {std::move(spine)}, {std::move(shaft)}};
    };
    const auto found =
        inhibitory_seen({seen({{1, 0.0F}, {2, 0.0F}}, {{7, 0.0F}}), seen({{2, 0.0F}}, {{7, 0.0F}}),
                         seen({{1, 0.0F}, {2, 0.0F}}, {{8, 0.0F}})},
                        10.0);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_TRUE(std::isnan(found[0].spine_loss));
    EXPECT_FLOAT_EQ(found[1].spine_loss, 50.0F);
    EXPECT_FLOAT_EQ(found[1].shaft_formation, 0.0F);
    EXPECT_FLOAT_EQ(found[2].spine_formation, 100.0F);
    EXPECT_FLOAT_EQ(found[2].shaft_loss, 100.0F);
    EXPECT_FLOAT_EQ(found[2].recurring, 50.0F);  // place 1 of spine and 8 of shaft are new, 1 was seen
}

// In the microcircuit, where recurrent excitation is a large part of all, stress takes much of it.
TEST(Inhibition, ItsNumberMatchesTheExcitationThatStressLeftAndStaysThere) {
    const auto live_after = [](double matching, Tick duration) {
        Scenario s = shrunk("microcircuit-ketamine", 800, 0);
        s.start = 0, s.duration = duration;
        s.snapshots.clear();
        s.treatments.clear();
        Inputs inputs = load_inputs(s);
        ProjectionSpec row;
        row.source_name = "L4I", row.target_name = "L4E";
        row.source = 5, row.target = 1;
        row.structure = Structure::kPlastic;
        row.parameters = {{"formation.matching", matching},
                          {"formation.stress", 0.9},
                          {"pruning.stress", 1.1},
                          {"formation.stressed_equilibrium", 0.95}};
        inputs.network.projections.push_back(row);
        Simulation sim(std::move(inputs));
        while (!sim.done()) sim.advance();
        return static_cast<double>(sim.state().live_of[1]);
    };
    const double unmatched = live_after(0.0, kHour), matched = live_after(1.0, kHour);
    EXPECT_LT(matched / unmatched, 0.97);
    EXPECT_GT(matched / unmatched, 0.80);
    EXPECT_NEAR(live_after(1.0, 12 * kHour) / matched, 1.0, 0.02);
}

}  // namespace
}  // namespace respine
