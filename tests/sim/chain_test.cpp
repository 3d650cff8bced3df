// The chain as a whole: what ketamine does to a stressed network, what cutting a link does, and what a
// network does without drugs.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "kernels/numerics/ordered_sum.hpp"
#include "tests/support.hpp"

namespace respine {
namespace {

using test::imaged;
using test::mean_of;
using test::seen;
using test::shrunk;

struct Course {
    std::vector<double> seen;  // by session
    double glutamate_peak = 0.0, glutamate_4h = 0.0, ampa_peak = 0.0, bdnf_peak = 0.0;
};

Course follow(const Scenario& scenario, Links links = {}) {
    Simulation sim(load_inputs(scenario), links);
    Course c;
    const auto sessions = imaged(sim, [&](const Simulation& s) {
        if (s.now() < 0) return;
        c.glutamate_peak = std::max(c.glutamate_peak, s.glutamate_mean());
        if (s.now() <= 4 * kHour) {
            c.glutamate_4h = s.glutamate_mean();
            c.ampa_peak = std::max(c.ampa_peak, mean_of(s.state().ampa));
        }
        c.bdnf_peak = std::max(c.bdnf_peak, mean_of(s.state().bdnf_excess));
    });
    for (const ImagingSession& s : sessions) c.seen.push_back(seen(s));
    return c;
}

double points(const Course& treated, const Course& reference, size_t session) {
    return 100.0 * (treated.seen[session] / treated.seen[0] - reference.seen[session] / reference.seen[0]);
}

struct Spread {
    double mean, error;
};

Spread spread_of(const std::vector<double>& v) {
    const double n = static_cast<double>(v.size()), mean = std::accumulate(v.begin(), v.end(), 0.0) / n;
    double square = 0.0;
    for (double x : v) square += (x - mean) * (x - mean);
    return {mean, std::sqrt(square / (n - 1.0) / n)};
}

Scenario arm(const std::string& name, u64 seed, Tick end = 14 * kDay) {
    Scenario s = shrunk(name, 1000, 100, end);
    s.seed = seed;
    return s;
}

// Sessions of the demo: -3, -1, 1, 3, 5, 10, 14 d.
TEST(Chain, KetamineRaisesEveryStageAndTheSpinesFadeAgain) {
    std::vector<double> at_5d, at_14d, blocked_5d;
    for (u64 seed = 1; seed <= 5; ++seed) {
        const Course vehicle = follow(arm("demo-vehicle", seed)),
                     ketamine = follow(arm("demo-ketamine", seed));
        const Course blocked = follow(arm("demo-ketamine-nbqx", seed, 5 * kDay));
        EXPECT_GT(ketamine.glutamate_peak, 1.1);
        EXPECT_GT(ketamine.ampa_peak, 1.1);
        EXPECT_GT(ketamine.bdnf_peak, 0.03);
        EXPECT_EQ(vehicle.bdnf_peak, 0.0);
        EXPECT_LT(blocked.bdnf_peak,
                  1e-3 * ketamine.bdnf_peak);  // a trace of drug is left when the blocker's window ends
        EXPECT_NEAR(ketamine.glutamate_4h, vehicle.glutamate_4h, 0.1);
        at_5d.push_back(points(ketamine, vehicle, 4));
        at_14d.push_back(points(ketamine, vehicle, 6));
        blocked_5d.push_back(points(blocked, vehicle, 4));
        double most = 0.0;
        for (size_t k = 2; k < 7; ++k) most = std::max(most, points(ketamine, vehicle, k));
        EXPECT_LT(at_14d.back(), most);
    }
    const Spread gain = spread_of(at_5d), blocked = spread_of(blocked_5d);
    RecordProperty("gain_5d_points", std::to_string(gain.mean));
    std::cout << "gain at 5 d " << gain.mean << " +- " << gain.error << " points (z "
              << gain.mean / gain.error << "), with the AMPA blocker " << blocked.mean << ", at 14 d "
              << spread_of(at_14d).mean << "\n";
    EXPECT_GT(gain.mean, 3.0);
    EXPECT_LT(gain.mean, 35.0);
    EXPECT_GT(gain.mean / gain.error, 3.0);
    EXPECT_LT(std::fabs(blocked.mean), 3.0);
}

double synapse_ratio(const std::string& name, Tick days) {
    Scenario s = shrunk(name, 1500, 200, days * kDay);
    s.sessions.clear();
    s.start = 0;
    s.duration = days * kDay;
    Simulation sim(load_inputs(s));
    const double before = static_cast<double>(sim.state().live);
    while (!sim.done()) sim.advance();
    for (float e : sim.state().bdnf_excess) EXPECT_EQ(e, 0.0F);
    return static_cast<double>(sim.state().live) / before;
}

TEST(Chain, UntreatedStressedNetworkDoesNotDrift) {
    const double ratio = synapse_ratio("mouse-vehicle", 30);
    std::cout << "stressed: " << 100.0 * ratio << " % after 30 d\n";
    EXPECT_NEAR(ratio, 1.0, 0.01);
}

TEST(Chain, UntreatedHealthyNetworkDoesNotDrift) {
    const double ratio = synapse_ratio("mouse-vehicle-healthy", 30);
    std::cout << "healthy: " << 100.0 * ratio << " % after 30 d\n";
    EXPECT_NEAR(ratio, 1.0, 0.01);
}

TEST(Chain, UntreatedHumanNetworkDoesNotDrift) { EXPECT_NEAR(synapse_ratio("human-placebo", 30), 1.0, 0.01); }

TEST(Chain, HealthyNetworkGainsOnlyWhenTheDeficitLinkIsCut) {
    std::vector<double> with_link, without_link;
    for (u64 seed = 1; seed <= 3; ++seed) {
        Scenario vehicle = arm("mouse-ketamine-10mgkg-healthy", seed, 5 * kDay), ketamine = vehicle;
        vehicle.treatments.clear();
        Scenario freed = ketamine;
        freed.needs_deficit = false;
        const Course reference = follow(vehicle);
        with_link.push_back(points(follow(ketamine), reference, 4));
        without_link.push_back(points(follow(freed), reference, 4));
    }
    std::cout << "healthy gain at 5 d: " << spread_of(with_link).mean << " points, without the deficit link "
              << spread_of(without_link).mean << "\n";
    EXPECT_LT(std::fabs(spread_of(with_link).mean), 3.0);
    EXPECT_GT(spread_of(without_link).mean, 5.0);
}

// Mean glutamate over the first 40 minutes after a dose, fold of that before it.
double surge(const char* scenario, const char* disinhibition) {
    Scenario s = arm(scenario, 1, kHour);
    s.start = 0;
    s.duration = kHour;
    s.overrides.emplace_back("links.disinhibition", disinhibition);
    Simulation sim(load_inputs(s));
    const double before_dose = sim.glutamate_mean();
    double area = 0.0;
    while (sim.now() < 2400) {
        const Tick before = sim.now();
        sim.advance();
        area += sim.glutamate_mean() * static_cast<double>(sim.now() - before);
    }
    return area / static_cast<double>(sim.now()) / before_dose;
}

TEST(Chain, TheInvertedUOfTheSurgeNeedsDisinhibition) {
    constexpr const char* kDoses[] = {"rat-ketamine-10mgkg", "rat-ketamine-30mgkg", "rat-ketamine-50mgkg",
                                      "rat-ketamine-200mgkg"};
    std::vector<double> linked, severed;
    for (const char* dose : kDoses) {
        linked.push_back(surge(dose, "1"));
        severed.push_back(surge(dose, "0"));
        std::cout << dose << ": glutamate over 40 min " << linked.back() << ", without disinhibition "
                  << severed.back() << "\n";
    }
    EXPECT_GT(linked[0], 1.1);  // up at a low dose, down at a high one
    EXPECT_LT(linked[3], 0.9);
    EXPECT_GT(linked[0], linked[2] + 0.1);
    EXPECT_LT(severed[0], 1.02);  // without the link every dose only silences
    for (size_t k = 1; k < severed.size(); ++k) EXPECT_LT(severed[k], severed[k - 1]);
}

double formed_between(Tick from, Tick to, bool treated, Links links) {
    Scenario s = shrunk("mouse-ketamine-10mgkg", 1500, 150, kDay);
    s.sessions.clear();
    if (!treated) s.treatments.clear();
    Inputs inputs = load_inputs(s);
    inputs.model.clock.longest_structural =
        inputs.model.clock.structural_step;  // a window of hours is counted
    Simulation sim(std::move(inputs), links);
    double formed = 0.0;
    u64 steps = 0;
    while (sim.now() < to) {
        sim.advance();
        if (sim.effort().structural_steps > steps && sim.now() > from)
            formed += static_cast<double>(sim.state().formed);
        steps = sim.effort().structural_steps;
    }
    return formed;
}

TEST(Chain, SpinesFormAfterTheLagAndAtOnceWithoutIt) {
    Links cut;
    cut.lag = false;
    const double early =
        formed_between(3 * kHour, 6 * kHour, true, {}) / formed_between(3 * kHour, 6 * kHour, false, {});
    const double late =
        formed_between(12 * kHour, 24 * kHour, true, {}) / formed_between(12 * kHour, 24 * kHour, false, {});
    const double early_without =
        formed_between(3 * kHour, 6 * kHour, true, cut) / formed_between(3 * kHour, 6 * kHour, false, cut);
    std::cout << "formation over vehicle: 3-6 h " << early << ", 12-24 h " << late
              << "; without the lag, 3-6 h " << early_without << "\n";
    EXPECT_NEAR(early, 1.0, 0.1);
    EXPECT_GT(late, 1.2);
    EXPECT_GT(early_without, 2.0);
}

class CutLink : public ::testing::TestWithParam<const char*> {};

TEST_P(CutLink, BreaksTheChain) {
    const Course vehicle = follow(arm("mouse-vehicle", 1, 5 * kDay)),
                 cut = follow(arm(GetParam(), 1, 5 * kDay));
    EXPECT_LT(std::fabs(points(cut, vehicle, 4)), 3.0);
}

INSTANTIATE_TEST_SUITE_P(Drugs, CutLink,
                         ::testing::Values("mouse-ketamine-nbqx", "mouse-ketamine-rapamycin",
                                           "mouse-ketamine-anti-bdnf", "mouse-ketamine-l-type-ca-block",
                                           "mouse-ketamine-trkb-block", "mouse-memantine"));

}  // namespace
}  // namespace respine
