// The benchmark's verification passes what is right and fails what is wrong.

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/bench/result.hpp"

namespace respine {
namespace {

constexpr ProblemClass kSmall{"S", 3000, 100, "a small one"};

std::vector<std::string> failed(Problem problem) {
    std::vector<std::string> names;
    for (const Check& c : verify(problem))
        if (!c.passed()) names.push_back(c.name);
    return names;
}

Problem with(const PlasticKernels& kernels, Topology topology = Topology::kSheet,
             const ProblemClass& size = kSmall) {
    Problem problem = Problem::of(size, topology);
    problem.kernels = kernels;
    return problem;
}

TEST(Bench, TheKernelsPass) {
    for (const Topology topology : kTopologies)
        EXPECT_EQ(failed(Problem::of(kSmall, topology)), std::vector<std::string>{});
}

TEST(Bench, AGatherThatForgetsASynapseFails) {
    PlasticKernels wrong;
    wrong.gather = [](const SynapseRows& rows, std::span<const float> rate, size_t first, size_t last,
                      std::span<float> sums) {
        gather_plastic(rows, rate, first, last, sums);
        sums[17] -= spine_weight(rows.log_size[rows.begin[17]]) * rate[rows.source[rows.begin[17]]];
    };
    EXPECT_EQ(failed(with(wrong)), std::vector<std::string>{"drive: sums against double precision"});
}

TEST(Bench, AWalkWithTooMuchNoiseFails) {
    PlasticKernels wrong;
    wrong.turn_over = [](const TurnoverInput& in, const SynapseRows& rows, size_t first, size_t last,
                         std::span<u32> degree, std::span<u32> lost,
                         std::span<std::vector<SynapseEvent>> events) {
        TurnoverInput off = in;
        off.walk.noise *= 1.02F;
        turn_over_spines(off, rows, first, last, degree, lost, events);
    };
    EXPECT_EQ(failed(with(wrong)), std::vector<std::string>{"turnover: walk of log sizes, variance"});
}

TEST(Bench, LossesThatForgetTheSizeFail) {
    PlasticKernels wrong;
    wrong.turn_over = [](const TurnoverInput& in, const SynapseRows& rows, size_t first, size_t last,
                         std::span<u32> degree, std::span<u32> lost,
                         std::span<std::vector<SynapseEvent>> events) {
        const float same = in.loss.chance[kSizeTable / 2];
        const LossTable flat(std::vector<float>(kSizeTable, same));
        const TurnoverInput off{in.walk, flat,       in.equilibrium, in.homeostasis, in.seed,
                                in.tick, in.newborn, in.pool,        in.places};
        turn_over_spines(off, rows, first, last, degree, lost, events);
    };
    EXPECT_EQ(failed(with(wrong)), std::vector<std::string>{"turnover: losses by size"});
}

TEST(Bench, PartnersOfATooWideKernelFail) {
    PlasticKernels wrong;
    wrong.form = [](const FormationInput& in, const PartnerKernel& kernel, size_t first, size_t last,
                    std::span<const std::vector<Attempts>> attempts, const SynapseRows& rows,
                    std::span<u32> degree, std::span<u32> formed, std::span<u32> passed,
                    std::span<std::vector<SynapseEvent>> events) {
        PartnerKernel off = kernel;
        off.uniform_share = 0.1;
        form_spines(in, off, first, last, attempts, rows, degree, formed, passed, events);
    };
    EXPECT_EQ(failed(with(wrong, Topology::kSheet, kProblemClasses[0])),
              std::vector<std::string>{"formation: from where"});
}

TEST(Bench, ATenthTooFewAttemptsFail) {
    PlasticKernels wrong;
    wrong.attempt = [](const FormationInput& in, size_t first, size_t last, std::span<const u32> live,
                       std::span<std::vector<Attempts>> attempts) {
        FormationInput off = in;
        off.basal *= 0.9;
        return draw_attempts(off, first, last, live, attempts);
    };
    EXPECT_EQ(failed(with(wrong, Topology::kHubs)), std::vector<std::string>{"formation: how many"});
}

BenchResult small_result() {
    BenchResult result;
    result.size = kSmall;
    Problem problem = Problem::of(kSmall, Topology::kSheet);
    result.neurons = problem.network.neurons;
    result.synapses = static_cast<u64>(problem.live);
    result.verified.push_back({"sheet", verify(problem)});
    result.timings = measure(problem, {{1}, 2, 0.0}, [](size_t, size_t) {});
    return result;
}

TEST(Bench, AResultIsValidUntilItIsTouched) {
    const nlohmann::json good = to_json(small_result());
    EXPECT_EQ(faults_of(good), std::vector<std::string>{});
    const auto faults = [&](auto touch) {
        nlohmann::json bad = good;
        touch(bad);
        return faults_of(bad);
    };
    const auto says = [](const std::vector<std::string>& all, const std::string& what) {
        return std::any_of(all.begin(), all.end(),
                           [&](const std::string& f) { return f.find(what) != std::string::npos; });
    };
    EXPECT_TRUE(says(faults([](auto& r) { r["rows"][0]["per_second"] = 1e12; }),
                     "/rows/0/per_second: is not items over the median of seconds"));
    EXPECT_TRUE(says(faults([](auto& r) { r["rows"][2]["twin_ratio"] = 1.0; }), "/rows/2/twin_ratio"));
    EXPECT_TRUE(says(faults([](auto& r) { r["verification"][1]["value"] = -1.0; }),
                     "/verification/1/passed: does not follow from value and limit"));
    EXPECT_TRUE(says(faults([](auto& r) { r["verification"][0]["passed"] = false; }), "/verified"));
    EXPECT_TRUE(says(faults([](auto& r) { r["problem"]["class"] = "XXL"; }), "/problem/class"));
    EXPECT_TRUE(says(faults([](auto& r) { r.erase("machine"); }), "/machine: is missing"));
    EXPECT_TRUE(says(faults([](auto& r) { r["format"] = "other"; }), "/format"));
    EXPECT_EQ(faults([](auto& r) {
                  r["rows"][0]["threads"] = 0, r["rows"][1].erase("item"), r["when"] = "";
              }).size(),
              3U)
        << "all at once";
}

TEST(Bench, HubsHoldAllSynapses) {
    double sum = 0.0;
    for (u32 j = 0; j < 1000; ++j) sum += expected_hub_degree(j, 1000, 5e4);
    EXPECT_NEAR(sum, 5e4, 1e-6);
    EXPECT_GT(expected_hub_degree(0, 1000, 5e4), 30.0 * expected_hub_degree(500, 1000, 5e4));
}

}  // namespace
}  // namespace respine
