// How often neurons try to form spines in a step.

#include <gtest/gtest.h>

#include <utility>

#include "tests/reference/formation.hpp"
#include "tests/sim/formation_sheet.hpp"

namespace respine {
namespace {

using test::empty_rows;
using test::form;
using test::Grown;
using test::large_sheet;
using test::open_setting;
using test::Setting;
using test::Sheet;
using test::varied;

// Enough room for the most attempts of a row, and room beyond it, form the same.
TEST(Attempts, TheMostOfARowAreRoomEnough) {
    const Sheet sheet = large_sheet();
    const std::vector<u32> none(sheet.neurons, 0U);
    for (const float rate : {0.02F, 1.0F, 30.0F, 200.0F}) {
        const Setting s = open_setting(sheet.neurons, rate);
        std::vector<std::vector<Attempts>> attempts(block_count(sheet.neurons));
        const u32 most = draw_attempts(s.input(), 0, sheet.neurons, none, attempts);
        const Grown wide = form(s, sheet, empty_rows(sheet.neurons, 0, 4000));
        EXPECT_EQ(*std::max_element(wide.rows.live.begin(), wide.rows.live.end()), most)
            << "all are accepted";
        EXPECT_EQ(form(s, sheet, empty_rows(sheet.neurons, 0, most)).rows.live, wide.rows.live) << rate;
    }
}

using Counts = std::vector<std::pair<u32, u32>>;

// Draws the attempts of the rows [first, n - 3), and compares them with those of the exact mean.
void expect_exact(const FormationInput& in, size_t first, size_t n) {
    std::vector<u32> live(n);
    for (size_t i = 0; i < n; ++i) live[i] = static_cast<u32>(i * 7 % 65);  // beyond capacity too
    std::vector<std::vector<Attempts>> attempts(block_count(n));
    const u32 returned = draw_attempts(in, first, n - 3, live, attempts);
    u32 most = 0;
    Counts wanted, got;
    for (size_t i = first; i < n - 3; ++i) {
        const u32 count = reference::attempts_of(in, static_cast<u32>(i), live[i]);
        if (count > 0) wanted.emplace_back(i, count);
        most = std::max(most, count);
    }
    for (size_t b = 0; b < attempts.size(); ++b)
        for (const Attempts& a : attempts[b]) {
            EXPECT_EQ(a.row / kBlock, b);
            got.emplace_back(a.row, a.count);
        }
    EXPECT_EQ(got, wanted) << in.dt << " " << first;
    EXPECT_EQ(returned, most);
}

// A bound in single precision clears most rows; those it leaves are drawn from their exact mean.
TEST(Attempts, AreThoseOfTheExactMean) {
    const Sheet sheet = large_sheet();
    for (const double dt : {1e-6, 1e-3, 0.02, 0.5, 5.0})
        for (const bool needs_deficit : {true, false})
            for (const size_t first : {size_t{0}, size_t{13}}) {
                Setting s = varied(sheet.neurons);
                s.dt = dt;
                FormationInput in = s.input();
                in.needs_deficit = needs_deficit;
                expect_exact(in, first, sheet.neurons);
            }
}

}  // namespace
}  // namespace respine
