#include "kernels/plasticity/formation.hpp"

#include <cmath>
#include <tuple>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/formation.hpp"
#include "tests/sim/formation_sheet.hpp"

namespace respine {
namespace {

using test::empty_rows;
using test::form;
using test::form_on;
using test::Grown;
using test::large_sheet;
using test::open_setting;
using test::Setting;
using test::Sheet;
using test::small_sheet;
using test::varied;

// z score of the number formed against a Poisson law with this mean for every neuron.
double formed_z(const Setting& s, const Sheet& sheet, u32 live, double mean) {
    const double total = mean * sheet.neurons;
    return (static_cast<double>(form(s, sheet, empty_rows(sheet.neurons, live, 60)).total()) - total) /
           std::sqrt(total);
}

TEST(Formation, PoissonCountsFollowTheirLaw) {
    for (double mean : {0.01, 0.7, 4.2, 30.0}) {
        std::vector<double> share(200, 0.0);
        for (u32 k = 0; k < 65536; ++k)
            share[poisson_count(mean, k * 65536 + 32768)] += 1.0 / 65536.0;  // a comb over all draws
        for (u32 n = 0; n < 100; ++n)
            ASSERT_NEAR(share[n], std::exp(n * std::log(mean) - mean - std::lgamma(n + 1.0)), 1.01 / 65536.0)
                << mean << ", " << n;
    }
}

TEST(Formation, PoissonCountEndsForEveryDraw) {
    EXPECT_EQ(poisson_count(0.0, 0), 0U);
    EXPECT_EQ(poisson_count(0.0, 0xffffffff), 0U);
    EXPECT_EQ(poisson_count(5.0, 0), 0U);
    EXPECT_GT(poisson_count(5.0, 0xffffffff), 20U);
    EXPECT_LT(poisson_count(5.0, 0xffffffff), 40U);
}

TEST(Formation, CountHasTheAskedMean) {
    const Sheet sheet = large_sheet();
    Setting s = open_setting(sheet.neurons, 2.0F);
    s.dt = 0.25;
    s.basal = 0.7;
    EXPECT_LT(std::fabs(formed_z(s, sheet, 0, 2.0 * 0.25 * 0.7)), 4.0);
    s.tick = 6;
    EXPECT_LT(std::fabs(formed_z(s, sheet, 0, 2.0 * 0.25 * 0.7)), 4.0);
}

TEST(Formation, DendriticVacancyThins) {
    const Sheet sheet = large_sheet();
    Setting s = open_setting(sheet.neurons, 2.0F);
    s.capacity.assign(sheet.neurons, 40.0F);
    EXPECT_LT(std::fabs(formed_z(s, sheet, 30, 2.0 * 0.25)), 4.0);
    EXPECT_EQ(form(s, sheet, empty_rows(sheet.neurons, 40, 60)).total(), 0U);
    EXPECT_EQ(form(s, sheet, empty_rows(sheet.neurons, 50, 60)).total(), 0U) << "above the capacity, too";
}

TEST(Formation, AxonalVacancyThins) {
    const Sheet sheet = large_sheet();
    Setting s = open_setting(sheet.neurons, 2.0F);
    s.vacancy.assign(sheet.neurons, 0.3F);
    EXPECT_LT(std::fabs(formed_z(s, sheet, 0, 2.0 * 0.3)), 4.0);
    s.vacancy.assign(sheet.neurons, 0.0F);
    EXPECT_EQ(form(s, sheet, empty_rows(sheet.neurons, 0, 60)).total(), 0U);
    for (u32 j = 0; j < sheet.neurons; j += 2) s.vacancy[j] = 1.0F;
    const Grown half = form(s, sheet, empty_rows(sheet.neurons, 0, 60));
    EXPECT_GT(half.total(), 1000U);
    for (u32 j = 1; j < sheet.neurons; j += 2)
        ASSERT_EQ(half.out_degree[j], 0U) << "a full axon takes no partner";
}

TEST(Formation, PoolRestoresTheDeficitOnly) {
    const Sheet sheet = large_sheet();
    Setting s = open_setting(sheet.neurons, 0.5F);
    s.basal = 0.0;
    s.gain = 4.0;
    s.pool.assign(sheet.neurons, 0.5F);
    EXPECT_EQ(form(s, sheet, empty_rows(sheet.neurons, 100, 60)).total(), 0U) << "no deficit";
    EXPECT_LT(std::fabs(formed_z(s, sheet, 80, 0.5 * 4.0 * 0.5)), 4.0)
        << "a deficit of 20 % gives the whole gain";
    EXPECT_LT(std::fabs(formed_z(s, sheet, 90, 0.5 * 4.0 * 0.5 * 0.5)), 4.0);
    s.needs_deficit = false;
    EXPECT_LT(std::fabs(formed_z(s, sheet, 100, 0.5 * 4.0 * 0.5)), 4.0);
    s.gain = 0.0;
    EXPECT_EQ(form(s, sheet, empty_rows(sheet.neurons, 80, 60)).total(), 0U) << "gain cut off";
}

TEST(Formation, RowsNeverOverflow) {
    const Sheet sheet = small_sheet();
    Grown o = empty_rows(sheet.neurons, 0, 3);
    Grown after = form(open_setting(sheet.neurons, 200.0F), sheet, o);
    EXPECT_EQ(after.rows.live, std::vector<u32>(sheet.neurons, static_cast<u32>(kRowStride)));
    EXPECT_EQ(after.total(), kRowStride * sheet.neurons);
    const Grown again = form(open_setting(sheet.neurons, 200.0F), sheet, after);
    EXPECT_EQ(again.rows.source, after.rows.source) << "a full row stays as it is";
}

TEST(Formation, CountsEventsAndDegreesAgree) {
    const Sheet sheet = large_sheet();
    Grown o = empty_rows(sheet.neurons, 5, 60);
    for (u64 k = 0; k < o.rows.places(); ++k) o.rows.source.set(k, static_cast<u32>(k % 100));
    o.out_degree = o.rows.out_degree(sheet.neurons);
    const auto before = o.rows;
    const Grown after = form(open_setting(sheet.neurons, 3.0F), sheet, o);
    EXPECT_EQ(after.out_degree, after.rows.out_degree(sheet.neurons));
    std::vector<u32> grown(sheet.neurons, 5U);
    for (size_t b = 0; b < after.events.size(); ++b) {
        EXPECT_EQ(after.events[b].size(), after.formed[b]);
        for (const SynapseEvent& e : after.events[b]) {
            const u64 at = after.rows.begin[e.target] + grown[e.target]++;
            ASSERT_TRUE(e.formed);
            ASSERT_EQ(e.target / kBlock, b);
            ASSERT_EQ(std::tuple(e.source, e.log_size),
                      std::tuple(after.rows.source[at], after.rows.log_size[at]));
        }
    }
    EXPECT_EQ(grown, after.rows.live);
    for (size_t i = 0; i < sheet.neurons; ++i)
        for (u64 k = before.begin[i]; k < before.begin[i] + 5; ++k)
            ASSERT_EQ(after.rows.source[k], before.source[k]) << "old synapses stay where they are";
}

TEST(Formation, NewSpinesHaveTheirOwnSizeAndBirth) {
    const Sheet sheet = large_sheet();
    const Grown o = form(open_setting(sheet.neurons, 5.0F), sheet, empty_rows(sheet.neurons, 0, 60));
    double sum = 0.0, square = 0.0;
    const double n = static_cast<double>(o.total());
    for (size_t i = 0; i < sheet.neurons; ++i)
        for (u64 k = o.rows.begin[i]; k < o.rows.begin[i] + o.rows.live[i]; ++k) {
            ASSERT_EQ(o.rows.birth[k], kBirthOrigin + 5);
            const double x = size_from_fixed(o.rows.log_size[k]) + 0.67;
            sum += x;
            square += x * x;
        }
    EXPECT_LT(std::fabs(sum / n) * std::sqrt(n) / 0.21, 4.0);
    EXPECT_LT(std::fabs(square / n / (0.21 * 0.21) - 1.0) * std::sqrt(n / 2.0), 4.0);
}

TEST(Formation, OnlyTheAskedRowsGrow) {
    const Sheet sheet = large_sheet();
    Grown o = empty_rows(sheet.neurons, 0, 60);
    form_on(open_setting(sheet.neurons, 5.0F).input(), sheet, 1000, 2100, o);
    EXPECT_EQ(std::accumulate(o.rows.live.begin(), o.rows.live.begin() + 1000, 0U), 0U);
    EXPECT_EQ(std::accumulate(o.rows.live.begin() + 2100, o.rows.live.end(), 0U), 0U);
    EXPECT_EQ(o.total(), std::accumulate(o.rows.live.begin(), o.rows.live.end(), u64{0}));
    EXPECT_GT(o.formed[0], 0U);  // rows 1000 to 1023
    EXPECT_GT(o.formed[2], 0U);  // rows 2048 to 2099
    EXPECT_EQ(o.formed[3], 0U);
}

TEST(Formation, VacancyIsTheFreeShare) {
    std::vector<float> vacancy(4);
    publish_vacancy(std::vector<u32>{0, 30, 40, 55}, std::vector<float>(4, 40.0F), vacancy);
    EXPECT_EQ(vacancy, (std::vector<float>{1.0F, 0.25F, 0.0F, 0.0F}));
}

void expect_naive_serial(const Setting& s, const Sheet& sheet) {
    Grown expected = empty_rows(sheet.neurons, 25, 9);
    std::vector<SynapseEvent> formed;
    u32 passed = 0;
    const Grown got = form(s, sheet, expected);
    reference::form_spines(s.input(), sheet.kernel(), 0, sheet.neurons, expected.rows.view(),
                           expected.out_degree, formed, passed);
    EXPECT_GT(formed.size(), 2000U);
    ASSERT_EQ(std::accumulate(got.passed.begin(), got.passed.end(), 0U), passed);
    ASSERT_EQ(got.rows.live, expected.rows.live);
    ASSERT_EQ(got.rows.source, expected.rows.source);
    ASSERT_EQ(got.rows.birth, expected.rows.birth);
    ASSERT_EQ(got.out_degree, expected.out_degree);
    for (size_t k = 0; k < got.rows.log_size.size(); ++k)
        ASSERT_NEAR(got.rows.log_size[k], expected.rows.log_size[k], s.newborn_share > 0.0 ? 2 : 1)
            << "libm may round the other way";
    for (size_t k = 0; s.newborn_share > 0.0 && k < got.rows.log_size.size(); ++k)
        ASSERT_EQ(is_newborn(got.rows.log_size[k]), is_newborn(expected.rows.log_size[k]));
}

TEST(Formation, AgreesWithNaiveSerial) {
    const Sheet sheet = large_sheet();
    expect_naive_serial(varied(sheet.neurons), sheet);
}

// All that a long step adds: counts of before, and fates within it.
Setting long_step(size_t n) {
    Setting s = varied(n);
    s.newborn_share = 0.7;
    s.newborn = {.any = true, .dies = 0.4, .matures = 0.1, .protein = 2.0};
    s.hazard_at_birth = 0.2;
    s.homeostasis = 3.0;
    s.equilibrium = test::random_floats(n, 20.0, 30.0, 6);
    for (const float f : test::random_floats(n, 20.0, 35.0, 7)) s.count.push_back(static_cast<u32>(f));
    return s;
}

TEST(Formation, AgreesWithNaiveSerialOverALongStep) {
    const Sheet sheet = large_sheet();
    expect_naive_serial(long_step(sheet.neurons), sheet);
}

// Of newborns that die at rate 1.5 a step those are left that the mean of e^(-1.5 s) leaves, and the others
// are counted as formed and lost.
TEST(Formation, WhatFormsInALongStepMayBeGoneByItsEnd) {
    const Sheet sheet = large_sheet();
    Setting s = open_setting(sheet.neurons, 5.0F);
    s.newborn_share = 1.0;
    const u64 all = form(s, sheet, empty_rows(sheet.neurons, 0, 60)).total();
    s.newborn = {.any = true, .dies = 1.5, .matures = 0.0, .protein = 0.0};
    const Grown o = form(s, sheet, empty_rows(sheet.neurons, 0, 60));
    const double n = static_cast<double>(all), there = -std::expm1(-1.5) / 1.5;
    EXPECT_EQ(o.total() + std::accumulate(o.passed.begin(), o.passed.end(), u64{0}), all);
    EXPECT_NEAR(static_cast<double>(o.total()) / n, there, 4.0 * std::sqrt(0.25 / n));
}

TEST(Formation, MarksTheShareThatIsNewborn) {
    const Sheet sheet = large_sheet();
    Setting s = varied(sheet.neurons);
    s.newborn_share = 0.3;
    expect_naive_serial(s, sheet);
    const Grown o = form(s, sheet, empty_rows(sheet.neurons, 0, 9));
    double marked = 0.0;
    for (size_t i = 0; i < sheet.neurons; ++i)
        for (u64 k = o.rows.begin[i]; k < o.rows.begin[i] + o.rows.live[i]; ++k)
            marked += is_newborn(o.rows.log_size[k]);
    const double n = static_cast<double>(o.total());
    EXPECT_NEAR(marked / n, 0.3, 4.0 * std::sqrt(0.21 / n));
}

TEST(Formation, SameBitsForAnyThreadCount) {
    const Sheet sheet(28, 28, true, 1, [](u32, u32 r) { return 9 + r % 3; });
    const Setting s = varied(sheet.neurons);
    test::expect_same_bits_for_any_thread_count([&] {
        const Grown o = form(s, sheet, empty_rows(sheet.neurons, 25, 9));
        std::vector<u32> all = o.rows.sources();
        all.insert(all.end(), o.rows.live.begin(), o.rows.live.end());
        all.insert(all.end(), o.rows.log_size.begin(), o.rows.log_size.end());
        all.insert(all.end(), o.out_degree.begin(), o.out_degree.end());
        all.insert(all.end(), o.formed.begin(), o.formed.end());
        return all;
    });
}

}  // namespace
}  // namespace respine
