#include "sim/imaging.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace respine {
namespace {

ImagingParams params(double noise) {
    return {.threshold = -0.5,
            .noise = noise,
            .spines_per_dendrite = 20.0,
            .spacing = 1e6,
            .width_exponent = 1.0 / 3.0,
            .length = 50.0};
}

constexpr u64 kSeed = 4;

// Ten neurons with a hundred synapses each, sizes above the threshold, from 0.0 to 0.99.
Network tiny_network() {
    Network net;
    net.excitatory = net.neurons = 10;
    net.excitatory_groups = 1;
    net.partition = Partition(std::vector<Slice>{{0, 10}}, 0, 1, {});
    net.plastic.resize(1);
    net.plastic[0].targets = {0};
    net.plastic[0].seed = kSeed;
    net.recurrent().row_begin = {0};
    for (u32 i = 0; i < 10; ++i) {
        net.recurrent().row_begin.push_back(net.recurrent().row_begin.back() + 120);
        net.recurrent().live.push_back(100);
        net.recurrent().healthy.push_back(100.0F);
    }
    net.recurrent().source.resize(1200);
    net.recurrent().log_size.assign(1200, 65535);  // spare places hold what would be seen
    net.recurrent().birth.assign(1200, 1);
    for (u32 i = 0; i < 10; ++i)
        for (u32 k = 0; k < 100; ++k) {
            net.recurrent().source.set(120 * i + k, 7 * k);
            net.recurrent().log_size[120 * i + k] = size_to_fixed(0.01 * k);
            net.recurrent().birth[120 * i + k] = static_cast<u16>(1000 + k);
        }
    return net;
}

std::vector<std::vector<u32>> places_of(const ImagingSession& s) {
    std::vector<std::vector<u32>> places;
    for (const auto& d : s.dendrite) {
        places.emplace_back();
        for (const SeenSpine& spine : d) places.back().push_back(spine.place);
    }
    return places;
}

TEST(Imaging, AStaticNetworkWithoutNoiseDoesNotTurnOver) {
    const Network net = tiny_network();
    ImagingRig rig(30, kSeed, params(0.0), net);
    rig.look(0, net);
    rig.look(kDay, net);
    ASSERT_EQ(rig.sessions().size(), 2U);
    EXPECT_EQ(rig.sessions()[1].at, kDay);
    EXPECT_EQ(formation_percent(rig.sessions()[0], rig.sessions()[1]), std::vector<double>(30, 0.0));
    EXPECT_EQ(elimination_percent(rig.sessions()[0], rig.sessions()[1]), std::vector<double>(30, 0.0));
    for (const auto& d : rig.sessions()[0].dendrite) EXPECT_GT(d.size(), 5U);
}

TEST(Imaging, TheDendritesOfANeuronHoldAllItsSpines) {
    const Network net = tiny_network();
    ImagingRig rig(600, kSeed, params(0.0), net);  // so many that every dendrite is met
    rig.look(0, net);
    std::map<std::pair<u32, u32>, size_t> seen;
    for (u32 d = 0; d < rig.count(); ++d) {
        EXPECT_EQ(rig.dendrites()[d].branches, 5U);
        seen[{rig.dendrites()[d].neuron, rig.dendrites()[d].branch}] = rig.sessions()[0].dendrite[d].size();
    }
    EXPECT_EQ(seen.size(), 50U);
    size_t total = 0;
    for (const auto& [dendrite, spines] : seen) total += spines;
    EXPECT_EQ(total, 1000U);
}

TEST(Imaging, TheOrderOfARowIsNotSeen) {  // pruning moves synapses within their row
    Network net = tiny_network();
    ImagingRig rig(30, kSeed, params(0.1), net), other(30, kSeed, params(0.1), net);
    rig.look(0, net);
    for (u32 i = 0; i < 10; ++i)
        for (u32 k = 0; k < 50; ++k) {
            const u32 near = net.recurrent().source[120 * i + k],
                      far = net.recurrent().source[120 * i + 99 - k];
            net.recurrent().source.set(120 * i + k, far);
            net.recurrent().source.set(120 * i + 99 - k, near);
            std::swap(net.recurrent().log_size[120 * i + k], net.recurrent().log_size[120 * i + 99 - k]);
            std::swap(net.recurrent().birth[120 * i + k], net.recurrent().birth[120 * i + 99 - k]);
        }
    other.look(0, net);
    EXPECT_EQ(places_of(rig.sessions()[0]), places_of(other.sessions()[0]));
}

TEST(Imaging, SpinesBelowTheThresholdAreNotSeen) {
    Network net = tiny_network();
    ImagingRig rig(30, kSeed, params(0.0), net);
    rig.look(0, net);
    for (size_t k = 0; k < net.recurrent().log_size.size(); ++k)
        if (net.recurrent().birth[k] % 2 == 0) net.recurrent().log_size[k] = size_to_fixed(-0.51);
    rig.look(kDay, net);
    const auto before = places_of(rig.sessions()[0]), after = places_of(rig.sessions()[1]);
    const auto elimination = elimination_percent(rig.sessions()[0], rig.sessions()[1]);
    double lost = 0.0, all = 0.0;
    for (size_t d = 0; d < 30; ++d) {
        EXPECT_TRUE(std::includes(before[d].begin(), before[d].end(), after[d].begin(), after[d].end()));
        const double gone = static_cast<double>(before[d].size() - after[d].size());
        EXPECT_DOUBLE_EQ(elimination[d], 100.0 * gone / static_cast<double>(before[d].size()));
        lost += gone;
        all += static_cast<double>(before[d].size());
    }
    EXPECT_NEAR(lost / all, 0.5, 4.0 * std::sqrt(0.25 / all));
    EXPECT_EQ(formation_percent(rig.sessions()[0], rig.sessions()[1]), std::vector<double>(30, 0.0));
}

TEST(Imaging, ASpineThatFormsAnewIsAnotherSpine) {
    Network net = tiny_network();
    ImagingRig rig(30, kSeed, params(0.0), net);
    rig.look(0, net);
    for (u16& birth : net.recurrent().birth)
        birth = static_cast<u16>(birth + 5000);  // the same partners, but formed later
    rig.look(kDay, net);
    EXPECT_EQ(elimination_percent(rig.sessions()[0], rig.sessions()[1]), std::vector<double>(30, 100.0));
    for (double f : formation_percent(rig.sessions()[0], rig.sessions()[1])) EXPECT_GT(f, 20.0);
}

TEST(Imaging, NoiseBlursTheThreshold) {
    Network net = tiny_network();
    std::fill(net.recurrent().log_size.begin(), net.recurrent().log_size.end(), size_to_fixed(-0.5));
    ImagingRig rig(60, kSeed, params(0.2), net);
    rig.look(0, net);
    rig.look(kDay, net);
    const auto percent = elimination_percent(rig.sessions()[0], rig.sessions()[1]);
    double mean = 0.0, seen = 0.0;
    for (size_t d = 0; d < 60; ++d) {
        const double n = static_cast<double>(rig.sessions()[0].dendrite[d].size());
        mean += percent[d] * n;
        seen += n;
    }
    EXPECT_NEAR(seen, 600.0, 100.0) << "half of 20 on each of 60 dendrites";
    EXPECT_NEAR(mean / seen, 50.0, 4.0 * 50.0 / std::sqrt(0.5 * seen)) << "sessions are scored independently";
}

TEST(Imaging, SeesApparentSizes) {
    Network net = tiny_network();
    std::fill(net.recurrent().log_size.begin(), net.recurrent().log_size.end(), size_to_fixed(1.0));
    ImagingRig rig(200, kSeed, params(0.1), net);
    rig.look(0, net);
    double sum = 0.0, square = 0.0, n = 0.0;
    std::map<std::pair<u32, u32>, size_t>
        unique;  // a dendrite that is looked at twice is scored the same twice
    for (u32 d = 0; d < rig.count(); ++d) {
        if (!unique.emplace(std::pair(rig.dendrites()[d].neuron, rig.dendrites()[d].branch), d).second)
            continue;
        for (const SeenSpine& s : rig.sessions()[0].dendrite[d]) {
            const double x = static_cast<double>(s.log_size) - 1.0;
            sum += x;
            square += x * x;
            n += 1.0;
        }
    }
    EXPECT_GT(n, 900.0);
    EXPECT_LT(std::fabs(sum / n) * std::sqrt(n) / 0.1, 4.0);
    EXPECT_LT(std::fabs(square / n / 0.01 - 1.0) * std::sqrt(n / 2.0), 4.0);
}

// Two dendrites, seen three times, by hand.
ImagingSession first() { return {0, {{{1, 0.5F}, {2, 0.1F}, {3, 0.2F}, {4, 0.9F}}, {}}}; }
ImagingSession second() { return {1, {{{2, 0.15F}, {3, 0.3F}, {5, -0.6F}}, {{7, -0.3F}}}}; }
ImagingSession later() { return {2, {{{2, 0.15F}, {5, -0.4F}, {9, 0.0F}}, {{6, 0.0F}}}}; }

TEST(Imaging, PercentagesOfHandMadeSessions) {
    const auto formation = formation_percent(first(), second()),
               elimination = elimination_percent(first(), second());
    EXPECT_EQ(formation[0], 25.0);    // place 5 of four
    EXPECT_EQ(elimination[0], 50.0);  // places 1 and 4
    EXPECT_TRUE(std::isnan(formation[1])) << "nothing before";
    EXPECT_TRUE(std::isnan(elimination[1]));
    EXPECT_EQ(formation_percent(second(), later())[1], 100.0);
    EXPECT_EQ(elimination_percent(second(), later())[1], 100.0);
}

TEST(Imaging, SurvivalOfNewSpines) {
    EXPECT_EQ(new_spine_survival(first(), second(), later()), 0.5);  // 5 is there again, 7 is not
    EXPECT_EQ(new_spine_survival(first(), second(), second()), 1.0);
    EXPECT_EQ(new_spine_survival(first(), second(), first()), 0.0);
    EXPECT_TRUE(std::isnan(new_spine_survival(first(), first(), later())));
}

TEST(Imaging, HeadWidthOfNewOverOld) {
    const double fresh = 0.5 * (std::exp(-0.2) + std::exp(-0.1)),
                 old = 0.5 * (std::exp(0.05) + std::exp(0.1));
    EXPECT_NEAR(head_width_ratio(params(0.0), first(), second()), fresh / old, 1e-7);
    EXPECT_TRUE(std::isnan(head_width_ratio(params(0.0), first(), first()))) << "nothing new";
}

}  // namespace
}  // namespace respine
