#include "kernels/activity/drive.hpp"

#include <cmath>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/drive.hpp"
#include "tests/reference/rows.hpp"

namespace respine {
namespace {

constexpr u32 kPublishers = 3000;

struct Fixed {
    std::vector<u64> begin = {0};
    std::vector<u32> inhibitory;
    SourceIds source;
    std::vector<u16> log_size{};
    FixedRows view() const { return {begin, inhibitory, source, log_size}; }
};

Fixed random_fixed(size_t rows, u64 seed) {
    std::mt19937_64 engine(seed);
    Fixed f;
    for (size_t i = 0; i < rows; ++i) {
        const u32 n = static_cast<u32>(i % 70);
        f.begin.push_back(f.begin.back() + n);
        f.inhibitory.push_back(static_cast<u32>(engine() % (n + 1)));
        f.source.resize(f.begin.back());
        for (u64 k = f.begin[i]; k < f.begin.back(); ++k)
            f.source.set(k, static_cast<u32>(engine() % kPublishers));
    }
    return f;
}

TEST(Drive, SpineWeightIsTheExponential) {
    double worst = 0.0, sum = 0.0;
    for (u32 fixed = 0; fixed < 65536; ++fixed) {
        const double error = static_cast<double>(spine_weight(static_cast<u16>(fixed))) /
                                 std::exp(size_from_fixed(static_cast<u16>(fixed))) -
                             1.0;
        worst = std::max(worst, std::fabs(error));
        sum += error;
    }
    EXPECT_LT(worst, 8e-5);
    EXPECT_LT(std::fabs(sum / 65536.0), 1e-5) << "and hardly biased";
}

TEST(Drive, OneSynapseGivesItsWeightTimesItsRate) {
    reference::PlasticRows rows;
    rows.add_row(1, 0);
    rows.source.set(0, 2);
    rows.log_size[0] = size_to_fixed(-0.5);
    const std::vector<float> published = {100.0F, 100.0F, 3.0F};
    std::vector<float> recurrent(1);
    gather_plastic(rows.view(), published, 0, 1, recurrent);
    EXPECT_NEAR(recurrent[0], 3.0 * std::exp(-0.5), 2e-4) << "to half a step of the size";
}

TEST(Drive, SparePlacesAreNotRead) {
    auto rows = reference::random_rows(100, 40, kPublishers, 1);
    const auto published = test::random_floats(kPublishers, 0.0, 2.0, 2);
    std::vector<float> before(100), after(100);
    gather_plastic(rows.view(), published, 0, 100, before);
    for (size_t i = 0; i < rows.count(); ++i)
        for (u64 k = rows.begin[i] + rows.live[i]; k < rows.begin[i + 1]; ++k) {
            rows.source.set(k, kMostNeurons - 1);  // would fault if it were followed
            rows.log_size[k] = 65535;
        }
    gather_plastic(rows.view(), published, 0, 100, after);
    EXPECT_EQ(before, after);
}

TEST(Drive, PlasticAgreesWithNaiveSerial) {
    auto rows = reference::random_rows(500, 67, kPublishers, 3);
    const auto published = test::random_floats(kPublishers, 0.0, 2.0, 4);
    std::vector<float> recurrent(500);
    gather_plastic(rows.view(), published, 0, 500, recurrent);
    test::expect_close(recurrent, reference::plastic_drive(rows.view(), published), 1e-4);
}

// What decides between loads and gathers is how many publish.
TEST(Drive, LoadsAndGathersGiveTheSameBits) {
    auto rows = reference::random_rows(500, 67, kPublishers, 3);
    const Fixed fixed = random_fixed(500, 7);
    auto published = test::random_floats(kPublishers, 0.0, 2.0, 4);
    std::vector<std::vector<float>> by_loads(3, std::vector<float>(500)), by_gathers = by_loads;
    for (auto* sums : {&by_loads, &by_gathers}) {
        gather_plastic(rows.view(), published, 0, 500, sums->at(0));
        gather_fixed(fixed.view(), published, 0, 500, sums->at(1), sums->at(2));
        published.resize(70000);
    }
    EXPECT_EQ(by_loads, by_gathers);
}

TEST(Drive, NumbersOfMoreThanSixteenBitsAreFollowed) {
    auto rows = reference::random_rows(500, 67, 200000, 5);
    const auto published = test::random_floats(200000, 0.0, 2.0, 6);
    std::vector<float> recurrent(500);
    gather_plastic(rows.view(), published, 0, 500, recurrent);
    test::expect_close(recurrent, reference::plastic_drive(rows.view(), published), 1e-4);
}

void expect_naive_sums(const Fixed& rows, double relative) {
    const auto published = test::random_floats(kPublishers, 0.0, 2.0, 8);
    std::vector<float> excitation(500), inhibition(500);
    gather_fixed(rows.view(), published, 0, 500, excitation, inhibition);
    const auto expected = reference::fixed_drive(rows.view(), published);
    test::expect_close(excitation, expected.excitation, relative);
    test::expect_close(inhibition, expected.inhibition, relative);
}

TEST(Drive, FixedAgreesWithNaiveSerial) { expect_naive_sums(random_fixed(500, 7), 1e-6); }

// As exact as the weight, which comes from a polynomial.
TEST(Drive, FixedWithSizesAgreesWithNaiveSerial) {
    Fixed rows = random_fixed(500, 7);
    for (size_t k = 0; k < rows.source.size() + kReadAhead; ++k)
        rows.log_size.push_back(size_to_fixed(std::sin(static_cast<double>(k))));
    expect_naive_sums(rows, 1e-4);
}

TEST(Drive, OnlyTheAskedRowsAreWritten) {
    auto plastic = reference::random_rows(300, 40, kPublishers, 9);
    const Fixed fixed = random_fixed(300, 10);
    const auto published = test::random_floats(kPublishers, 1.0, 2.0, 11);
    std::vector<float> recurrent(300, -1.0F), excitation(300, -1.0F), inhibition(300, -1.0F);
    gather_plastic(plastic.view(), published, 70, 201, recurrent);
    gather_fixed(fixed.view(), published, 70, 201, excitation, inhibition);
    for (size_t i = 0; i < 300; ++i) {
        const bool asked = i >= 70 && i < 201;
        EXPECT_EQ(recurrent[i] >= 0.0F, asked) << i;
        EXPECT_EQ(excitation[i] >= 0.0F, asked) << i;
        EXPECT_EQ(inhibition[i] >= 0.0F, asked) << i;
    }
}

TEST(Drive, EmptyRowsAndSilentSourcesGiveZero) {
    auto rows = reference::random_rows(10, 0, kPublishers, 12);
    const std::vector<float> silent(kPublishers, 0.0F);
    std::vector<float> recurrent(10, 5.0F);
    gather_plastic(rows.view(), test::random_floats(kPublishers, 1.0, 2.0, 13), 0, 10, recurrent);
    EXPECT_EQ(recurrent, std::vector<float>(10, 0.0F));
    auto full = reference::random_rows(10, 9, kPublishers, 14);
    recurrent.assign(10, 5.0F);
    gather_plastic(full.view(), silent, 0, 10, recurrent);
    EXPECT_EQ(recurrent, std::vector<float>(10, 0.0F));
    gather_plastic(full.view(), silent, 4, 4, recurrent);  // an empty range
}

TEST(Drive, PublishesTheWeightedRatesOfItsGroup) {
    const std::vector<float> rate = {1.0F, 2.0F, 4.0F, 8.0F};
    std::vector<float> published(4, -1.0F);
    publish_rates(rate, 0.25, 1, 3, published);
    EXPECT_EQ(published, (std::vector<float>{-1.0F, 0.5F, 1.0F, -1.0F}));
}

TEST(Drive, SameBitsForAnyThreadCount) {
    auto plastic = reference::random_rows(3000, 67, kPublishers, 15);
    const Fixed fixed = random_fixed(3000, 16);
    const auto rate = test::random_floats(kPublishers, 0.0, 20.0, 17);
    test::expect_same_bits_for_any_thread_count([&] {
        std::vector<float> published(kPublishers), all(9000);
        publish_rates(rate, 0.037, 0, kPublishers, published);
        const std::span<float> out(all);
        gather_plastic(plastic.view(), published, 0, 3000, out.subspan(0, 3000));
        gather_fixed(fixed.view(), published, 0, 3000, out.subspan(3000, 3000), out.subspan(6000, 3000));
        return all;
    });
}

}  // namespace
}  // namespace respine
