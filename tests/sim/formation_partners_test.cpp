// Where the partners of new synapses are: near by the distance kernel, anywhere, in each group its share.
#include <cmath>
#include <vector>

#include "kernels/numerics/random.hpp"
#include "kernels/plasticity/formation.hpp"
#include "tests/kernels/helpers.hpp"
#include "tests/sim/formation_sheet.hpp"

namespace respine {
namespace {

using test::kWidth;
using test::Sheet;
using test::small_sheet;

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
    sheet.share = {0.5F, 0.8F, 1.0F};
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

}  // namespace
}  // namespace respine
