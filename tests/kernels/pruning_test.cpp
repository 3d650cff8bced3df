#include "kernels/plasticity/pruning.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "tests/kernels/turnover.hpp"

namespace respine {
namespace {

using namespace turnover;

using Spine = std::tuple<u32, u32, u16>;  // target, source, birth

std::vector<Spine> live_spines(const reference::PlasticRows& rows) {
    std::vector<Spine> spines;
    for (u32 i = 0; i < rows.count(); ++i)
        for (u64 k = rows.begin[i]; k < rows.begin[i] + rows.live[i]; ++k)
            spines.emplace_back(i, rows.source[k], rows.birth[k]);
    std::sort(spines.begin(), spines.end());
    return spines;
}

TEST(Pruning, LossTableIsTheChanceOfOneStep) {
    const auto table =
        loss_table({.hazard = 0.0065, .steepness = 1.7, .stress = 1.0, .homeostasis = 0.0}, 1.3, 0.25).chance;
    for (size_t e = 0; e < kSizeTable; e += 31) {
        const double x = (16.0 * static_cast<double>(e) + 7.5 - 32768.0) / 4096.0 * std::log(2.0);
        ASSERT_NEAR(table[e], -std::expm1(-0.0065 * 1.3 * std::exp(-1.7 * x) * 0.25), 1e-7) << e;
    }
    EXPECT_GT(table[1000], table[3000]);
}

TEST(Pruning, NoHazardKillsNone) {
    auto rows = reference::random_rows(300, 70, kSources, 1);
    auto out_degree = rows.out_degree(kSources);
    const auto before = live_spines(rows);
    EXPECT_EQ(turn_over(constant_chance(300, 0.0F), rows, out_degree).total, 0U);
    EXPECT_EQ(live_spines(rows), before);
}

TEST(Pruning, CertainLossKillsAll) {
    auto rows = reference::random_rows(2500, 70, kSources, 2);
    auto out_degree = rows.out_degree(kSources);
    const u64 before = live_spines(rows).size();
    const Outcome o = turn_over(constant_chance(2500, 1.0F), rows, out_degree);
    EXPECT_EQ(o.total, before);
    EXPECT_TRUE(live_spines(rows).empty());
    EXPECT_EQ(out_degree, std::vector<u32>(kSources, 0U));
}

TEST(Pruning, CompactionKeepsTheSurvivors) {
    auto rows = reference::random_rows(2500, 70, kSources, 3);
    auto out_degree = rows.out_degree(kSources);
    for (size_t k = 0; k < rows.birth.size(); ++k)
        rows.birth[k] = static_cast<u16>(k);  // a name within each row
    const auto before = live_spines(rows);
    const Outcome o = turn_over(lively(2500), rows, out_degree);
    const auto after = live_spines(rows);
    EXPECT_EQ(after.size() + o.total, before.size());
    EXPECT_GT(o.total, 1000U);
    EXPECT_GT(after.size(), 10000U);
    EXPECT_TRUE(std::includes(before.begin(), before.end(), after.begin(), after.end()));
    EXPECT_EQ(out_degree, rows.out_degree(kSources));
}

TEST(Pruning, EventsListTheLost) {
    auto rows = reference::random_rows(2500, 70, kSources, 4);
    auto out_degree = rows.out_degree(kSources);
    std::vector<std::pair<u32, u32>> before, after;
    for (const auto& [target, source, birth] : live_spines(rows)) before.emplace_back(target, source);
    const Outcome o = turn_over(lively(2500), rows, out_degree);
    for (const auto& [target, source, birth] : live_spines(rows)) after.emplace_back(target, source);
    for (size_t b = 0; b < o.events.size(); ++b) {
        EXPECT_EQ(o.events[b].size(), o.lost[b]);
        for (const SynapseEvent& e : o.events[b]) {
            EXPECT_FALSE(e.formed);
            EXPECT_EQ(e.target / kBlock, b);
            after.emplace_back(e.target, e.source);
        }
    }
    std::sort(after.begin(), after.end());
    EXPECT_EQ(after, before);
}

TEST(Pruning, LossWithoutEventsIsTheSame) {
    auto rows = reference::random_rows(500, 70, kSources, 5), silent = rows;
    auto out_degree = rows.out_degree(kSources), silent_degree = out_degree;
    const Turnover t = lively(500);
    turn_over(t, rows, out_degree);
    std::vector<u32> lost(1);
    turn_over_spines(t.input(), silent.view(), 0, silent.count(), silent_degree, lost, {});
    EXPECT_EQ(silent.live, rows.live);
    EXPECT_EQ(silent.source, rows.source);
    EXPECT_EQ(silent_degree, out_degree);
}

// Number lost of `rows` rows with `count` synapses each, and its z score against the chance.
double loss_z(Turnover t, u32 count, double chance) {
    reference::PlasticRows rows;
    for (size_t i = 0; i < t.equilibrium.size(); ++i) rows.add_row(count, 0);
    std::fill(rows.log_size.begin(), rows.log_size.end(), size_to_fixed(-0.4));
    auto out_degree = rows.out_degree(1);
    const double n = static_cast<double>(count) * static_cast<double>(rows.count());
    return (static_cast<double>(turn_over(t, rows, out_degree).total) - n * chance) /
           std::sqrt(n * chance * (1.0 - chance));
}

TEST(Pruning, LossRateEqualsTheHazardTable) {
    Turnover t{
        .loss = loss_table({.hazard = 0.2, .steepness = 1.5, .stress = 1.0, .homeostasis = 3.0}, 1.0, 0.25),
        .equilibrium = std::vector<float>(4000, 100.0F)};
    EXPECT_LT(std::fabs(loss_z(t, 80, -std::expm1(-0.05 * std::exp(0.6)))),
              4.0);  // 0.087: the table entry holds -0.4 to 0.1 %
    t.tick = 12;
    EXPECT_LT(std::fabs(loss_z(t, 80, -std::expm1(-0.05 * std::exp(0.6)))), 4.0);
}

TEST(Pruning, ExcessRaisesTheLoss) {
    Turnover t = constant_chance(4000, 0.02F);
    t.homeostasis = 3.0;
    t.equilibrium.assign(4000, 40.0F);
    EXPECT_LT(std::fabs(loss_z(t, 60, 0.02 * (1.0 + 3.0 * 0.5))), 4.0);
    EXPECT_LT(std::fabs(loss_z(t, 40, 0.02)), 4.0);
    EXPECT_LT(std::fabs(loss_z(t, 20, 0.02)), 4.0) << "a deficit does not slow the loss";
}

TEST(Pruning, TicksAndSeedsDrawAfresh) {
    const Turnover base = lively(50);
    Turnover later = base, other = base;
    later.tick = 12;
    other.seed = 8;
    std::vector<std::vector<u16>> sizes;
    for (const Turnover& t : {base, later, other}) {
        auto rows = reference::random_rows(50, 70, kSources, 6);
        auto out_degree = rows.out_degree(kSources);
        turn_over(t, rows, out_degree);
        sizes.push_back(rows.log_size);
    }
    EXPECT_NE(sizes[0], sizes[1]);
    EXPECT_NE(sizes[0], sizes[2]);
}

TEST(Pruning, EqualsNaiveSerialByteForByte) { expect_naive_serial(lively(2300)); }

TEST(Pruning, SameBitsForAnyThreadCount) { expect_same_bits(lively(9000)); }

}  // namespace
}  // namespace respine
