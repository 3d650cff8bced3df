// Mechanisms that a scenario brings: compiled formulas have the bits of computed ones, and a mechanism in
// YAML is the one in C++.

#include "sim/mechanisms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/kernels/helpers.hpp"
#include "tests/support.hpp"

namespace respine {
namespace {

using ::testing::HasSubstr;

// Places 0 to 2 differ between neurons, 3 and 4 are the same for all.
const std::vector<NamedUnit> kNames = {{"a", "1"}, {"b", "fold"}, {"c", "Hz"}, {"d", "1"}, {"e", "uM"}};

void expect_bits_of_formula(const std::string& text) {
    constexpr size_t kNeurons = 1000;
    const Formula formula(text, scope_of(kNames));
    const auto a = test::random_floats(kNeurons, -2.0, 3.0, 1),
               b = test::random_floats(kNeurons, 0.0, 2.0, 2), c = test::random_floats(kNeurons, 0.1, 9.0, 3);
    const double d = 0.7, e = 1.3;
    std::vector<std::vector<double>> lanes = {{a.begin(), a.end()},
                                              {b.begin(), b.end()},
                                              {c.begin(), c.end()},
                                              std::vector<double>(kNeurons, d),
                                              std::vector<double>(kNeurons, e)};
    std::vector<const double*> places;
    for (const auto& lane : lanes) places.push_back(lane.data());
    std::vector<double> computed(kNeurons), compiled(kNeurons);
    formula.values(places, computed);

    LaneProgram program(formula, {false, false, false, true, true});
    program.prepare(std::vector<double>{0.0, 0.0, 0.0, d, e});
    const std::vector<const float*> arrays = {a.data(), b.data(), c.data(), nullptr, nullptr};
    for (size_t first = 0; first < kNeurons; first += LaneProgram::kTogether) {
        const size_t n = std::min(LaneProgram::kTogether, kNeurons - first);
        program.run(arrays, first, std::span(compiled).subspan(first, n));
    }
    for (size_t i = 0; i < kNeurons; ++i)
        EXPECT_TRUE(computed[i] == compiled[i] || (std::isnan(computed[i]) && std::isnan(compiled[i])))
            << text << " of neuron " << i << ": " << computed[i] << " and " << compiled[i];
}

TEST(LaneProgram, HasTheBitsOfTheFormula) {
    for (const char* text : {"a",
                             "d",
                             "2.5",
                             "a + b",
                             "a - 1",
                             "1 - a",
                             "2 * a",
                             "a / 3",
                             "3 / a",
                             "a / b",
                             "a / 0",
                             "1 / (a - a)",
                             "a * (b + d) - (a - d) / (b * 2)",
                             "exp(a) + log(b) * sqrt(b)",
                             "hill(a, d, 2)",
                             "hill(b, 0.5, d)",
                             "if(a > b, a, d)",
                             "if(d > 1, a, b)",
                             "min(a, d) + max(1, b)",
                             "clamp(a, 0, d)",
                             "-a ^ 3",
                             "abs(a)^-2",
                             "1/(2 h) * (1 + 0.8 * (b - 1))",
                             "c * 20 min / d",
                             "e / 1 uM * b",
                             "if(not (a < 0 and b > 1), 1, 2)",
                             "((((((((((a + 1) * (b + (a + (b + (a + (b + (a + (b + (a + b)))))))))))))))))"})
        expect_bits_of_formula(text);
}

TEST(LaneProgram, WhatIsTheSameForAllIsOneNumber) {
    const Formula formula("1 + 2 * d", scope_of(kNames));
    LaneProgram program(formula, {false, false, false, true, true});
    program.prepare(std::vector<double>{0.0, 0.0, 0.0, 0.25, 0.0});
    ASSERT_TRUE(program.same_for_all());
    EXPECT_EQ(program.value(), 1.5);
}

Mechanism lactate() {
    Mechanism m;
    m.name = "lactate";
    m.unit = "fold";
    m.production = "(1 + 0.5 * (glutamate - 1)) / (20 min)";
    m.decay = "1 / (20 min)";
    m.acts_on = ActsOn::kBdnfRelease;
    m.factor = "1 + 0.3 * (lactate - 1)";
    return m;
}

Simulation with(const std::vector<Mechanism>& mechanisms, const Settings& settings = {}) {
    Scenario s = test::shrunk("mouse-ketamine-10mgkg", 600, 60, 2 * kDay, settings);
    s.start = -kHour;
    s.duration = 6 * kHour;
    s.mechanisms = mechanisms;
    return Simulation(load_inputs(s));
}

// The same mechanism as one would write it in C++.
TEST(Mechanisms, InYamlAreThoseInCpp) {
    Simulation sim = with({lactate()});
    const NeuronArray<u32>& voxel = sim.network().regions.front().voxels.voxel;
    const auto glutamate = [&](size_t i) { return static_cast<double>(sim.state().glutamate[voxel[i]]); };
    std::vector<double> x(sim.network().excitatory);
    for (size_t i = 0; i < x.size(); ++i) x[i] = 1.0 + 0.5 * (glutamate(i) - 1.0);
    double most = 0.0;
    while (!sim.done()) {
        const Tick before = sim.now();
        sim.advance();
        const double keep = std::exp(-static_cast<double>(sim.now() - before) / 1200.0);
        for (size_t i = 0; i < x.size(); ++i) {
            const double rest = 1.0 + 0.5 * (glutamate(i) - 1.0);
            x[i] = rest + (x[i] - rest) * keep;
            ASSERT_NEAR(sim.state().own[0][i], x[i], 1e-6) << "neuron " << i << " at " << sim.now();
            most = std::max(most, x[i]);
        }
    }
    EXPECT_GT(most, 1.1);
}

void expect_same_course(Simulation a, Simulation b, NeuronArray<float> State::*field, double within) {
    double most = 0.0;
    while (!a.done()) {
        a.advance();
        b.advance();
        for (size_t i = 0; i < a.network().excitatory; ++i) {
            const float value = (a.state().*field)[i];
            ASSERT_NEAR(value, (b.state().*field)[i], within) << i << " at " << a.now();
            most = std::max(most, static_cast<double>(value));
        }
    }
    EXPECT_GT(most, 100 * within);
}

// TrkB is BDNF over BDNF and half: a factor on BDNF is one on the half, the other way round.
TEST(Mechanisms, ScaleTrkbActivation) {
    Mechanism m = lactate();
    m.acts_on = ActsOn::kTrkbActivation;
    m.factor = "1.25";
    const double half = with({}).model().signalling.trkb_half;
    expect_same_course(with({m}),
                       with({}, {{"overrides.signalling.trkb_half", fmt::format("{}", half / 1.25)}}),
                       &State::mtorc1, 1e-6);
}

// A factor of 1 changes nothing, not a bit; where it is not, the chain behind it follows.
TEST(Mechanisms, AFactorOfOneChangesNothing) {
    for (const ActsOn on : {ActsOn::kAmpaDrive, ActsOn::kBdnfRelease, ActsOn::kTrkbActivation}) {
        Mechanism m = lactate();
        m.acts_on = on;
        m.factor = "1 + 0 * lactate";
        Simulation a = with({m}), b = with({});
        m.factor = "0.5";
        Simulation c = with({m});
        for (Simulation* s : {&a, &b, &c}) test::run_to(*s, 2 * kHour);
        EXPECT_TRUE(std::ranges::equal(a.state().protein_pool, b.state().protein_pool)) << word_of(on);
        EXPECT_EQ(a.state().live, b.state().live);
        EXPECT_LT(c.state().protein_pool[3], 0.9F * b.state().protein_pool[3]) << word_of(on);
    }
}

TEST(Mechanisms, OfTheSubjectReadMeansAndDrugs) {
    Mechanism m = lactate();
    m.of = HeldBy::kSubject;
    m.production = "brain_ketamine / (30 min) + 0 uM/h * mtorc1";
    m.unit = "uM";
    m.decay = "1 / (30 min)";
    m.factor = "1 + lactate / (1 uM)";
    Simulation sim = with({m});
    EXPECT_EQ(sim.state().own_of_subject[0], 0.0);
    double x = 0.0;
    while (sim.now() < 2 * kHour) {
        const Tick before = sim.now();
        sim.advance();
        const double keep = std::exp(-static_cast<double>(sim.now() - before) / 1800.0),
                     brain = sim.pharmacology().levels(sim.inputs().given[0]).brain;
        x = brain + (x - brain) * keep;
        ASSERT_NEAR(sim.state().own_of_subject[0], x, 1e-9 + 1e-9 * x) << sim.now();
    }
    EXPECT_GT(x, 0.05);
}

TEST(Mechanisms, ConstantsStandForTheirNumbers) {
    Mechanism named = lactate();
    named.constants = {{"clearance", "1200 s"}, {"yield", "0.5"}, {"gain", "0.3"}};
    named.production = "(1 + yield * (glutamate - 1)) / clearance";
    named.decay = "1 / clearance";
    named.factor = "1 + gain * (lactate - 1)";
    Simulation a = with({named}), b = with({lactate()});
    for (Simulation* s : {&a, &b}) test::run_to(*s, kHour);
    EXPECT_TRUE(std::ranges::equal(a.state().protein_pool, b.state().protein_pool));
}

TEST(Mechanisms, ReadEachOtherInTheOrderOfTheList) {
    Mechanism first = lactate(), second = lactate();
    second.name = "monocarboxylates";
    second.production = "lactate / (5 min)";
    second.decay = "1 / (5 min)";
    second.factor = "1 + 0.3 * (monocarboxylates - 1)";
    first.acts_on = ActsOn::kNothing;
    first.factor.clear();
    Simulation sim = with({first, second});
    for (size_t i = 0; i < 20; ++i) EXPECT_EQ(sim.state().own[0][i], sim.state().own[1][i]);
    test::run_to(sim, kHour / 2);
    EXPECT_NE(sim.state().own[0][5], sim.state().own[1][5]);
    EXPECT_NEAR(sim.state().own[0][5], sim.state().own[1][5], 0.05);
}

std::string errors_of(const Mechanism& m) {
    try {
        with({m});
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), Exit::kUsage);
        return e.what();
    }
    return "";
}

TEST(Mechanisms, AllThatIsWrongIsSaidAtOnce) {
    Mechanism m = lactate();
    m.name = "rate";
    m.production = "glutamate";
    m.decay = "1/h + ampha";
    m.factor = "2 uM";
    m.unit = "furlong";
    EXPECT_THAT(errors_of(m),
                ::testing::AllOf(HasSubstr("'mechanisms[0].name': 'rate' means something else"),
                                 HasSubstr("no formula can hold the unit furlong"),
                                 HasSubstr("'ampha' is not known here; did you mean 'ampa'"),
                                 HasSubstr("'mechanisms[0].factor': is measured in uM"),
                                 HasSubstr("'mechanisms[0].production': is measured in a number")));
    m = lactate();
    m.factor.clear();
    EXPECT_THAT(errors_of(m), HasSubstr("wants a 'factor' by which it scales bdnf_release"));
    m.acts_on = ActsOn::kNothing;
    EXPECT_EQ(errors_of(m), "");
    m.factor = "2";
    EXPECT_THAT(errors_of(m), HasSubstr("has no meaning where the mechanism acts on nothing"));
    m = lactate();
    m.production = "lactate > 1";
    EXPECT_THAT(errors_of(m), HasSubstr("is a condition"));
    m = lactate();
    m.name = "Lactate 2";
    m.constants = {{"ampa", "1"}, {"gain", "much"}, {"h", "1 h"}};
    EXPECT_THAT(
        errors_of(m),
        ::testing::AllOf(HasSubstr("'Lactate 2' is no name"), HasSubstr("'ampa' means something else"),
                         HasSubstr("'gain: much' is no number"), HasSubstr("'h' means something else")));
}

// What cannot be computed ends the run with the name of the state, and is never carried on.
TEST(Mechanisms, WhatIsUndefinedEndsTheRun) {
    Mechanism m = lactate();
    m.initial = "1";
    m.production = "log(0 * glutamate) / (20 min)";
    Simulation sim = with({m});
    sim.advance();
    try {
        sim.check_physical();
        FAIL();
    } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr("lactate of neuron 0 is nan"));
    }
}

TEST(Mechanisms, SameBitsForAnyThreadCount) {
    test::expect_same_bits_for_any_thread_count([&] {
        Simulation sim = with({lactate()});
        test::run_to(sim, kHour);
        const NeuronArray<float>& pool = sim.state().protein_pool;
        return std::vector<float>(pool.begin(), pool.end());
    });
}

}  // namespace
}  // namespace respine
