// What a drawn subject is, and what a course leaves in its set points.

#include <gtest/gtest.h>

#include "sim/io/yaml/model_yaml.hpp"
#include "tests/support.hpp"

namespace respine {
namespace {

using test::shrunk;

TEST(Subjects, DifferAndAreTheSameAgainForTheSameNumber) {
    const Scenario base = shrunk("human-iv-cohort", 200, 40, kDay);
    Model model = load_model("human", "");
    Scenario one = base, two = base;
    one.subject = 1;
    two.subject = 2;
    const Subject a = draw_subject(one, model), b = draw_subject(one, model), c = draw_subject(two, model);
    EXPECT_EQ(a.state.severity, b.state.severity);
    EXPECT_NE(a.state.severity, c.state.severity);
    EXPECT_NE(a.body.clearance_z, c.body.clearance_z);
    EXPECT_NE(a.bdnf_factor, c.bdnf_factor);
}

TEST(Subjects, DifferInReturnPlaceboAndNewStressWhereTheModelSaysSo) {
    Scenario s = shrunk("human-iv-cohort", 200, 40, 60 * kDay);
    Model model = load_model("human", "");
    model.subject.return_sd = model.subject.placebo_sd = model.subject.antidepressant_share_sd = 0.0;
    model.rating = {.rater_sd = 0.1, .inclusion_sd = 0.0, .inclusion = 0.8};
    model.new_stress.rate = 0.0;
    s.subject = 1;
    const Subject alike = draw_subject(s, model);
    EXPECT_EQ(alike.return_factor, 1.0);
    EXPECT_EQ(alike.placebo, model.readout.placebo);
    EXPECT_EQ(alike.antidepressant_share, model.subject.antidepressant_share);
    EXPECT_EQ(alike.inclusion_error, 0.0);
    EXPECT_TRUE(alike.new_stress.empty());

    model.subject.return_sd = 0.5, model.subject.placebo_sd = 1.2;
    model.subject.antidepressant_share = 0.4, model.subject.antidepressant_share_sd = 1.0;
    model.rating.inclusion_sd = 0.2, model.new_stress.rate = 0.1;
    const Subject one = draw_subject(s, model), again = draw_subject(s, model);
    s.subject = 2;
    const Subject two = draw_subject(s, model);
    for (const auto member : {&Subject::return_factor, &Subject::placebo, &Subject::antidepressant_share,
                              &Subject::inclusion_error}) {
        EXPECT_EQ(one.*member, again.*member);
        EXPECT_NE(one.*member, two.*member);
    }
    EXPECT_EQ(one.new_stress, again.new_stress);
    EXPECT_NE(one.new_stress, two.new_stress);
    EXPECT_EQ(one.state.severity, alike.state.severity) << "what was drawn before stays";
    EXPECT_EQ(one.synaptic_share, alike.synaptic_share);
    s.subject = 0;
    const Subject typical = draw_subject(s, model);
    EXPECT_EQ(typical.return_factor, 1.0);
    EXPECT_EQ(typical.placebo, model.readout.placebo);
    EXPECT_TRUE(typical.new_stress.empty());
}

Scenario course_of_six(Tick days) {
    Scenario s = shrunk("human-iv-six", 200, 40, days * kDay);
    s.start = 0;
    return s;
}

double kept(Inputs in) {  // of the deficit, by the set point
    Simulation sim(std::move(in));
    while (!sim.done()) sim.advance();
    double above = 0.0, deficit = 0.0;
    const PlasticSynapses& p = sim.network().recurrent();
    for (size_t i = 0; i < p.equilibrium.size(); ++i) {
        EXPECT_GE(sim.state().set_point[i], p.equilibrium[i]);
        above += sim.state().set_point[i] - p.equilibrium[i];
        deficit += p.healthy[i] - p.equilibrium[i];
    }
    return above / deficit;
}

TEST(SetPoints, KeepAShareOfACourseAndNothingWithoutADrug) {
    Inputs in = load_inputs(course_of_six(14));
    in.model.set_point.consolidation = 0.0;
    EXPECT_EQ(kept(in), 0.0);
    in.model.set_point.consolidation = 1.0;
    const double course = kept(in);
    EXPECT_GT(course, 0.02);
    Inputs vehicle = load_inputs(course_of_six(14));
    vehicle.model.set_point.consolidation = 1.0;
    vehicle.scenario.treatments.clear();
    vehicle.given.clear();
    EXPECT_EQ(kept(vehicle), 0.0) << "fluctuations keep nothing";
}

TEST(SetPoints, NewStressUndoesWhatACourseKept) {
    Inputs in = load_inputs(course_of_six(14));
    in.model.set_point.consolidation = 1.0;
    in.scenario.subject = 3;
    const double calm = kept(in);
    in.model.new_stress.rate = 1.0;
    EXPECT_LT(kept(in), 0.5 * calm);
}

}  // namespace
}  // namespace respine
