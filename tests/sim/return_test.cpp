// New synapses at places that lost one: in the kernel of formation, and in a network.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/kernels/helpers.hpp"
#include "tests/reference/lost_places.hpp"
#include "tests/sim/formation_sheet.hpp"
#include "tests/support.hpp"

namespace respine {
namespace {

using test::shrunk;

struct Returning {
    test::Grown out;
    reference::PlasticRows lost;
};

// A step in which every row remembers ten places with births below 100, all lost just now.
Returning form_with_memory(double share, bool keeps_mark, u32 attempts) {
    const test::Sheet sheet = test::large_sheet();
    Returning r{test::empty_rows(sheet.neurons, 0, 60), {}};
    for (size_t i = 0; i < sheet.neurons; ++i) {
        r.lost.add_row(10, 0);
        for (u32 k = 0; k < 10; ++k) {
            const u64 at = r.lost.begin[i] + k;
            r.lost.source.set(at, static_cast<u32>((i + 17 * k + 1) % sheet.neurons));
            r.lost.birth[at] = static_cast<u16>(k);
            r.lost.log_size[at] = loss_stamp(5, k % 2 == 1);
        }
    }
    test::Setting s = test::open_setting(sheet.neurons, static_cast<float>(attempts));
    s.newborn_share = 1.0;
    const std::vector<float> weight = place_weights(7.0, 1.0 / 48.0);
    FormationInput in = s.input();
    in.places = {r.lost.view(), 10, keeps_mark, share, weight};
    test::form_on(in, sheet, 0, r.out.rows.count(), r.out);
    return r;
}

TEST(Return, AShareOfWhatFormsTakesSourceAndBirthOfALostSynapseOutOfTheMemory) {
    const Returning r = form_with_memory(0.6, false, 2);
    double returned = 0.0, formed = 0.0;
    for (size_t i = 0; i < r.out.rows.count(); ++i) {
        std::set<u32> left;
        for (u64 k = r.lost.begin[i]; k < r.lost.begin[i] + r.lost.live[i]; ++k) left.insert(r.lost.birth[k]);
        u32 back = 0;
        for (u64 at = r.out.rows.begin[i]; at < r.out.rows.begin[i] + r.out.rows.live[i]; ++at) {
            formed += 1.0;
            EXPECT_TRUE(is_newborn(r.out.rows.log_size[at]));
            const u32 birth = r.out.rows.birth[at];
            if (birth >= 100) continue;
            ++back;
            EXPECT_FALSE(left.contains(birth));
            EXPECT_EQ(r.out.rows.source[at], (i + 17 * birth + 1) % r.out.rows.count());
        }
        EXPECT_EQ(r.lost.live[i], 10 - back);
        returned += back;
    }
    EXPECT_NEAR(returned / formed, 0.6 * 10.0 / 11.0, 0.03);
}

TEST(Return, TheMarkComesBackWhereItBelongsToThePlace) {
    const Returning r = form_with_memory(1.0, true, 2);
    for (size_t i = 0; i < r.out.rows.count(); ++i)
        for (u64 at = r.out.rows.begin[i]; at < r.out.rows.begin[i] + r.out.rows.live[i]; ++at)
            if (r.out.rows.birth[at] < 100) {
                ASSERT_EQ(is_newborn(r.out.rows.log_size[at]), r.out.rows.birth[at] % 2 == 1);
            }
}

TEST(Return, SameBitsForAnyThreadCount) {
    test::expect_same_bits_for_any_thread_count([] {
        const Returning r = form_with_memory(0.6, false, 2);
        std::vector<u32> all = r.out.rows.sources();
        all.insert(all.end(), r.out.rows.birth.begin(), r.out.rows.birth.end());
        all.insert(all.end(), r.lost.log_size.begin(), r.lost.log_size.end());
        return all;
    });
}

TEST(Return, OffRemembersNothing) {
    const Simulation sim(load_inputs(shrunk("mouse-vehicle", 300, 60, kHour)));
    EXPECT_TRUE(sim.network().recurrent().lost.empty());
}

// What stress has taken is the healthy row's own, so the seed holds about the deficit and some days of loss.
TEST(Return, TheMemoryBeginsWithWhatStressTook) {
    Simulation sim(load_inputs(shrunk("mouse-ketamine-return", 500, 100, kHour)));
    const PlasticSynapses& p = sim.network().recurrent();
    ASSERT_EQ(p.lost.size(), 1U);
    double places = 0.0, deficit = 0.0;
    for (size_t i = 0; i < p.live.size(); ++i) {
        places += p.lost[0].live[i];
        deficit += p.healthy[i] - static_cast<double>(p.live[i]);
        EXPECT_LE(p.lost[0].live[i], p.most_lost);
    }
    EXPECT_GT(places, 0.8 * deficit);
    EXPECT_LT(places, 2.5 * deficit);
}

}  // namespace
}  // namespace respine
