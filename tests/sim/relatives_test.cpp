// Drugs that act on other receptors than the NMDA receptor: occupancy, and what each does to the network.

#include <gtest/gtest.h>

#include "tests/support.hpp"

namespace respine {
namespace {

struct Rates {
    double e, pv, sst;
};

Rates rates_of(const Simulation& sim) {
    return {test::group_rate(sim, "E"), test::group_rate(sim, "PV"), test::group_rate(sim, "SST")};
}

// Rates half an hour after the dose over those before it.
Rates moved_by(const char* scenario, const Settings& settings = {}) {
    Scenario s = test::shrunk(scenario, 500, 60, kHour, settings);
    s.start = 0;
    s.duration = kHour;
    Simulation sim(load_inputs(s));
    const Rates before = rates_of(sim);
    test::run_to(sim, kHour / 2);
    const Rates after = rates_of(sim);
    return {after.e / before.e, after.pv / before.pv, after.sst / before.sst};
}

double occupancy_after(const char* scenario, Target target, const Settings& settings = {}) {
    Scenario s = test::shrunk(scenario, 200, 30, kHour, settings);
    s.start = 0;
    s.duration = kHour;
    Simulation sim(load_inputs(s));
    test::run_to(sim, kHour / 2);
    return is_signed(target) ? sim.pharmacology().signed_effect(target) : sim.pharmacology().effect(target);
}

TEST(Relatives, ScopolamineTakesDriveFromSstCellsMoreThanFromPvCells) {
    EXPECT_LT(occupancy_after("mouse-scopolamine", Target::kMuscarinicM1), -0.5);
    const Rates moved = moved_by("mouse-scopolamine");
    EXPECT_LT(moved.sst, 0.95);
    EXPECT_LT(moved.sst, moved.pv);
    EXPECT_GT(moved.e, 1.05);
}

TEST(Relatives, WithoutM1OnAnyCellScopolamineDoesNothing) {
    Settings none;
    for (const auto type : kCellTypeNames)
        none.emplace_back("modulation.muscarinic_m1." + std::string(type), "0");
    const Rates moved = moved_by("mouse-scopolamine", none);
    EXPECT_NEAR(moved.e, 1.0, 1e-3);
    EXPECT_NEAR(moved.sst, 1.0, 1e-3);
}

TEST(Relatives, ABenzodiazepineSilencesAndAnAlpha5NegativeModulatorFrees) {
    EXPECT_LT(moved_by("mouse-diazepam").e, 0.9);
    const Rates freed = moved_by("mouse-mrk-016");
    EXPECT_GT(freed.e, 1.05);
    EXPECT_GT(moved_by("mouse-psilocybin").e, 1.01);
}

// Alpha-5 modulates what comes from SST cells and nothing else.
TEST(Relatives, Alpha5ActsOnDendriticInhibitionAlone) {
    const Rates moved = moved_by("mouse-mrk-016", {{"modulation.gaba_a_alpha5.E", "0"}});
    EXPECT_NEAR(moved.e, 1.0, 1e-3);
}

TEST(Relatives, AContestedEffectIsThereOnlyWhereItsLinkIs) {
    EXPECT_EQ(occupancy_after("mouse-rr-hnk", Target::kAmpaModulator), 0.0);
    EXPECT_GT(occupancy_after("mouse-rr-hnk", Target::kAmpaModulator, {{"links.hnk_ampa", "1"}}), 0.2);
    EXPECT_EQ(occupancy_after("mouse-ketamine-10mgkg", Target::kTrkbPartner), 0.0);
    EXPECT_GT(occupancy_after("mouse-ketamine-10mgkg", Target::kTrkbPartner, {{"links.trkb_binding", "1"}}),
              0.02);
}

TEST(Relatives, ANeutralAntagonistDrivesAnAgonistOut) {
    const Settings opioid = {{"links.ketamine_opioid", "1"}};
    const double alone = occupancy_after("mouse-ketamine-10mgkg", Target::kMuOpioid, opioid),
                 under = occupancy_after("mouse-ketamine-naltrexone", Target::kMuOpioid, opioid);
    EXPECT_GT(alone, 0.01);
    EXPECT_LT(under, 0.1 * alone);
}

TEST(Relatives, TenMilligramsOfEscitalopramADayTakeFourFifthsOfTheTransporters) {
    Scenario s = test::shrunk("human-escitalopram", 100, 20);
    s.start = 0;
    s.duration = 10 * kDay;
    for (Treatment& t : s.treatments) std::erase_if(t.at, [&](Tick at) { return at >= s.duration; });
    s.structure = StructureRule::kFixed;
    Simulation sim(load_inputs(s));
    test::run_to(sim, 9 * kDay + 6 * kHour);
    EXPECT_NEAR(sim.pharmacology().effect(Target::kSert), 0.815, 0.03);  // Klein 2007, six hours after a dose
}

}  // namespace
}  // namespace respine
