#include "kernels/plasticity/formation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "sim/network/geometry.hpp"
#include "tests/kernels/helpers.hpp"
#include "tests/reference/formation.hpp"
#include "tests/reference/rows.hpp"

namespace respine {
namespace {

constexpr double kWidth = 1.5;  // SD of the distance kernel, in cells

// A sheet of cells along a Hilbert curve. A cell of group g holds `crowd(g, rank)` neurons, so crowding
// varies.
struct Sheet {
    PartnerTables tables;
    u32 neurons = 0;

    template <class Crowd>
    Sheet(u32 nx, u32 ny, bool periodic, u32 groups, Crowd crowd) {
        tables.nx = nx;
        tables.ny = ny;
        tables.periodic = periodic;
        tables.rank = hilbert_ranks(nx, ny);
        std::vector<u32> cell_of_rank(nx * ny);
        for (u32 c = 0; c < nx * ny; ++c) cell_of_rank[tables.rank[c]] = c;
        for (u32 g = 0; g < groups; ++g) {
            u32 most = 0;
            for (u32 r = 0; r < nx * ny; ++r) {
                tables.cell_begin.push_back(neurons);
                const u32 n = crowd(g, r);
                tables.cell.insert(tables.cell.end(), n, cell_of_rank[r]);
                neurons += n;
                most = std::max(most, n);
            }
            tables.cell_begin.push_back(neurons);
            tables.most_in_cell.push_back(most);
        }
        std::vector<double> weight;
        for (int dy = -3; dy <= 3; ++dy)
            for (int dx = -3; dx <= 3; ++dx) {
                tables.dx.push_back(dx);
                tables.dy.push_back(dy);
                weight.push_back(std::exp(-(dx * dx + dy * dy) / (2.0 * kWidth * kWidth)));
            }
        build_alias(weight, tables.keep, tables.alias);
        tables.group_share = {std::vector<float>(groups, 1.0F)};
    }
    PartnerKernel kernel() const { return tables.kernel(0); }

    // Offset between the cells of two neurons along one axis, by the shorter way on a periodic sheet.
    int offset(u32 from, u32 to, bool along_y) const {
        const u32 n = along_y ? tables.ny : tables.nx;
        const auto place = [&](u32 i) {
            return static_cast<int>(along_y ? tables.cell[i] / tables.nx : tables.cell[i] % tables.nx);
        };
        const int d = place(to) - place(from), half = static_cast<int>(n / 2);
        return !tables.periodic ? d : (d + static_cast<int>(n) + half) % static_cast<int>(n) - half;
    }
};

Sheet small_sheet() {
    return {8, 8, true, 1, [](u32, u32 r) { return 2 + r % 2; }};
}

struct Setting {
    std::vector<float> attempts, capacity, healthy, pool, vacancy;
    double basal = 1.0, gain = 0.0, dt = 1.0;
    bool needs_deficit = true;
    u32 tick = 5;
    FormationInput input() const {
        constexpr SpineSizeParams kSize{.sd = 0.36, .time = 155.0, .new_mean = -0.67, .new_sd = 0.21};
        return {basal,   gain, needs_deficit, dt, kSize, attempts,           capacity,
                healthy, pool, vacancy,       99, tick,  kBirthOrigin + tick};
    }
};

// Every axon open, rows far below their capacity, `rate` attempts a day.
Setting open_setting(size_t n, float rate) {
    return {.attempts = std::vector<float>(n, rate),
            .capacity = std::vector<float>(n, 1e9F),
            .healthy = std::vector<float>(n, 100.0F),
            .pool = std::vector<float>(n, 0.0F),
            .vacancy = std::vector<float>(n, 1.0F)};
}

struct Outcome {
    reference::PlasticRows rows;
    std::vector<u32> out_degree, formed;
    std::vector<std::vector<SynapseEvent>> events;
    u64 total() const { return std::accumulate(formed.begin(), formed.end(), u64{0}); }
};

Outcome empty_rows(size_t n, u32 live, u32 spare) {
    Outcome o{{},
              std::vector<u32>(n, 0U),
              std::vector<u32>(block_count(n), 0U),
              std::vector<std::vector<SynapseEvent>>(block_count(n))};
    for (size_t i = 0; i < n; ++i) o.rows.add_row(live, spare);
    o.out_degree = o.rows.out_degree(n);
    return o;
}

Outcome form(const Setting& s, const Sheet& sheet, Outcome o) {
    form_spines(s.input(), sheet.kernel(), 0, o.rows.count(), o.rows.view(), o.out_degree, o.formed,
                o.events);
    return o;
}

// z score of the number formed against a Poisson law with this mean for every neuron.
double formed_z(const Setting& s, const Sheet& sheet, u32 live, double mean) {
    const double total = mean * sheet.neurons;
    return (static_cast<double>(form(s, sheet, empty_rows(sheet.neurons, live, 60)).total()) - total) /
           std::sqrt(total);
}

Sheet large_sheet() {
    return {20, 20, true, 1, [](u32, u32 r) { return 9 + r % 3; }};
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
    const Outcome half = form(s, sheet, empty_rows(sheet.neurons, 0, 60));
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

// Chi-square of drawn partners against their expected shares; its own SD away from the degrees of freedom.
double chi_square_z(const std::vector<u32>& count, const std::vector<double>& weight) {
    const double draws = std::accumulate(count.begin(), count.end(), 0.0),
                 total = std::accumulate(weight.begin(), weight.end(), 0.0);
    double chi = 0.0, bins = 0.0;
    for (size_t j = 0; j < count.size(); ++j) {
        const double expected = draws * weight[j] / total;
        if (weight[j] == 0.0) {
            EXPECT_EQ(count[j], 0U) << "neuron " << j << " is out of reach";
            continue;
        }
        EXPECT_GT(expected, 5.0) << "too few draws for the test";
        chi += (count[j] - expected) * (count[j] - expected) / expected;
        bins += 1.0;
    }
    return (chi - (bins - 1.0)) / std::sqrt(2.0 * (bins - 1.0));
}

std::vector<u32> partner_counts(const PartnerKernel& kernel, u32 group, u32 target, u32 neurons, u32 draws) {
    std::vector<u32> count(neurons, 0);
    for (u32 k = 0; k < draws; ++k) {
        const u32 partner = find_partner(kernel, group, target, 1, Stream::kFormationPartner, k, 0,
                                         philox(1, Stream::kFormationPartner, target, k, 0));
        if (partner != kNoPartner) ++count.at(partner);
    }
    return count;
}

double gaussian(const Sheet& sheet, u32 target, u32 j) {
    const int dx = sheet.offset(target, j, false), dy = sheet.offset(target, j, true);
    return j == target || std::abs(dx) > 3 || std::abs(dy) > 3
               ? 0.0
               : std::exp(-(dx * dx + dy * dy) / (2.0 * kWidth * kWidth));
}

TEST(Formation, PartnersFollowTheDistanceKernel) {
    const Sheet sheet = small_sheet();
    for (u32 target : {0U, 77U}) {
        std::vector<double> weight;
        for (u32 j = 0; j < sheet.neurons; ++j) weight.push_back(gaussian(sheet, target, j));
        EXPECT_LT(std::fabs(chi_square_z(
                      partner_counts(sheet.kernel(), kAnyGroup, target, sheet.neurons, 200000), weight)),
                  4.0)
            << target;
    }
}

TEST(Formation, OpenBordersDoNotWrap) {
    const Sheet sheet(6, 5, false, 1, [](u32, u32 r) { return 1 + r % 3; });
    std::vector<double> weight;
    for (u32 j = 0; j < sheet.neurons; ++j) weight.push_back(gaussian(sheet, 0, j));  // a corner
    EXPECT_LT(
        std::fabs(chi_square_z(partner_counts(sheet.kernel(), kAnyGroup, 0, sheet.neurons, 100000), weight)),
        4.0);
}

TEST(Formation, UniformShareDrawsAnywhere) {
    Sheet sheet = small_sheet();
    std::vector<double> weight;
    sheet.tables.uniform_share = 1.0;
    EXPECT_LT(std::fabs(chi_square_z(partner_counts(sheet.kernel(), kAnyGroup, 9, sheet.neurons, 100000),
                                     [&] {
                                         std::vector<double> even(sheet.neurons, 1.0);
                                         even[9] = 0.0;
                                         return even;
                                     }())),
              4.0);
    double kernel_total = 0.0;  // per place of the crowding: both kinds of draw refuse empty places alike
    for (double dy = -3; dy <= 3; ++dy)
        for (double dx = -3; dx <= 3; ++dx)
            kernel_total += std::exp(-(dx * dx + dy * dy) / (2.0 * kWidth * kWidth));
    sheet.tables.uniform_share = 0.25;
    for (u32 j = 0; j < sheet.neurons; ++j)
        weight.push_back(j == 9 ? 0.0 : 0.25 / 64.0 + 0.75 * gaussian(sheet, 9, j) / kernel_total);
    EXPECT_LT(
        std::fabs(chi_square_z(partner_counts(sheet.kernel(), kAnyGroup, 9, sheet.neurons, 200000), weight)),
        4.0);
}

TEST(Formation, GroupsTakeTheirShares) {
    Sheet sheet(4, 4, true, 3, [](u32 g, u32) { return 3 + g; });
    sheet.tables.group_share = {{0.5F, 0.8F, 1.0F}};
    const auto count = partner_counts(sheet.kernel(), kAnyGroup, 60, sheet.neurons, 60000);
    const auto group_total = [&](u32 first, u32 last) {
        return std::accumulate(count.begin() + first, count.begin() + last, 0.0) / 60000.0;
    };
    // Every place of a cell is taken in each group, so only the target itself is ever refused: it shifts the
    // shares by less than 0.006.
    EXPECT_NEAR(group_total(0, 48), 0.5, 0.012);
    EXPECT_NEAR(group_total(48, 112), 0.3, 0.012);
    EXPECT_NEAR(group_total(112, 192), 0.2, 0.012);
    const auto asked = partner_counts(sheet.kernel(), 2, 60, sheet.neurons, 5000);
    EXPECT_EQ(std::accumulate(asked.begin() + 112, asked.end(), 0U), 5000U) << "an asked group is kept to";
}

TEST(Formation, NoNeuronIsItsOwnPartner) {
    const Sheet sheet(2, 2, false, 1, [](u32, u32) { return 1U; });
    for (u32 target = 0; target < 4; ++target)
        EXPECT_EQ(partner_counts(sheet.kernel(), kAnyGroup, target, 4, 3000)[target], 0U);
    const Sheet alone(1, 1, true, 1, [](u32, u32) { return 1U; });
    EXPECT_EQ(find_partner(alone.kernel(), kAnyGroup, 0, 1, Stream::kFormationPartner, 0, 0,
                           philox(1, Stream::kFormationPartner, 0, 0, 0)),
              kNoPartner)
        << "and gives up when it is alone";
}

TEST(Formation, RowsNeverOverflow) {
    const Sheet sheet = small_sheet();
    Outcome o = empty_rows(sheet.neurons, 0, 3);
    Outcome after = form(open_setting(sheet.neurons, 200.0F), sheet, o);
    EXPECT_EQ(after.rows.live, std::vector<u32>(sheet.neurons, static_cast<u32>(kRowStride)));
    EXPECT_EQ(after.total(), kRowStride * sheet.neurons);
    const Outcome again = form(open_setting(sheet.neurons, 200.0F), sheet, after);
    EXPECT_EQ(again.rows.source, after.rows.source) << "a full row stays as it is";
}

// Enough room for the most that may be tried, and room beyond it, form the same.
TEST(Formation, MostAttemptsIsRoomEnough) {
    const Sheet sheet = large_sheet();
    for (const float rate : {0.02F, 1.0F, 30.0F, 200.0F}) {
        const Setting s = open_setting(sheet.neurons, rate);
        const u32 most = most_attempts(s.input(), 0, sheet.neurons, std::vector<u32>(sheet.neurons, 0U));
        const Outcome wide = form(s, sheet, empty_rows(sheet.neurons, 0, 4000));
        EXPECT_LE(*std::max_element(wide.rows.live.begin(), wide.rows.live.end()), most) << rate;
        EXPECT_LT(most, 2.0F * rate + 20.0F + 8.0F * std::sqrt(rate)) << "and no more than it must be";
        EXPECT_EQ(form(s, sheet, empty_rows(sheet.neurons, 0, most)).rows.live, wide.rows.live) << rate;
    }
    EXPECT_EQ(most_attempts(open_setting(sheet.neurons, 0.0F).input(), 0, sheet.neurons,
                            std::vector<u32>(sheet.neurons, 0U)),
              0U);
    EXPECT_EQ(
        most_attempts(open_setting(sheet.neurons, 5.0F).input(), 7, 7, std::vector<u32>(sheet.neurons, 0U)),
        0U);
}

TEST(Formation, CountsEventsAndDegreesAgree) {
    const Sheet sheet = large_sheet();
    Outcome o = empty_rows(sheet.neurons, 5, 60);
    for (u64 k = 0; k < o.rows.places(); ++k) o.rows.source.set(k, static_cast<u32>(k % 100));
    o.out_degree = o.rows.out_degree(sheet.neurons);
    const auto before = o.rows;
    const Outcome after = form(open_setting(sheet.neurons, 3.0F), sheet, o);
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
    const Outcome o = form(open_setting(sheet.neurons, 5.0F), sheet, empty_rows(sheet.neurons, 0, 60));
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
    Outcome o = empty_rows(sheet.neurons, 0, 60);
    form_spines(open_setting(sheet.neurons, 5.0F).input(), sheet.kernel(), 1000, 2100, o.rows.view(),
                o.out_degree, o.formed, {});
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

// Everything varies from neuron to neuron.
Setting varied(size_t n) {
    return {.attempts = test::random_floats(n, 0.5, 3.0, 1),
            .capacity = test::random_floats(n, 20.0, 60.0, 2),
            .healthy = test::random_floats(n, 25.0, 40.0, 3),
            .pool = test::random_floats(n, 0.0, 1.0, 4),
            .vacancy = test::random_floats(n, 0.0, 1.0, 5),
            .basal = 0.6,
            .gain = 5.0,
            .dt = 0.5};
}

TEST(Formation, AgreesWithNaiveSerial) {
    const Sheet sheet = large_sheet();
    const Setting s = varied(sheet.neurons);
    Outcome expected = empty_rows(sheet.neurons, 25, 9);
    std::vector<SynapseEvent> formed;
    const Outcome got = form(s, sheet, expected);
    reference::form_spines(s.input(), sheet.kernel(), 0, sheet.neurons, expected.rows.view(),
                           expected.out_degree, formed);
    EXPECT_GT(formed.size(), 2000U);
    ASSERT_EQ(got.rows.live, expected.rows.live);
    ASSERT_EQ(got.rows.source, expected.rows.source);
    ASSERT_EQ(got.rows.birth, expected.rows.birth);
    ASSERT_EQ(got.out_degree, expected.out_degree);
    for (size_t k = 0; k < got.rows.log_size.size(); ++k)
        ASSERT_NEAR(got.rows.log_size[k], expected.rows.log_size[k], 1) << "libm may round the other way";
}

TEST(Formation, SameBitsForAnyThreadCount) {
    const Sheet sheet(28, 28, true, 1, [](u32, u32 r) { return 9 + r % 3; });
    const Setting s = varied(sheet.neurons);
    test::expect_same_bits_for_any_thread_count([&] {
        const Outcome o = form(s, sheet, empty_rows(sheet.neurons, 25, 9));
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
