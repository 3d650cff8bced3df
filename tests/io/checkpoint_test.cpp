// Checkpoints in memory and on disk: the same bits after a restore and ever after, and a large graph in small
// stretches.
#include "sim/io/run/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "sim/io/run/live_rows.hpp"
#include "sim/model/error.hpp"
#include "tests/support.hpp"
#include "tests/temporary_folder.hpp"

namespace respine {
namespace {

namespace fs = std::filesystem;
using test::shrunk;

class Checkpoints : public ::testing::Test {
protected:
    std::string path() const { return folder_.file("run.h5.ckpt"); }

    test::TemporaryFolder folder_;
};

std::string bytes_of(const CheckpointRow& row) {
    return std::visit(
        [](const auto& values) {
            const auto text = [](const auto& list) {
                std::string out(list.size() * sizeof(*list.data()), '\0');
                if (!list.empty()) std::memcpy(out.data(), list.data(), out.size());
                return out;
            };
            if constexpr (std::is_pointer_v<std::decay_t<decltype(values)>>)
                return text(*values);
            else
                return text(values);
        },
        row.values);
}

bool describes_time_spent(const std::string& name) { return name.ends_with("_seconds"); }

void expect_same(Simulation& a, Simulation& b, const char* when) {
    CheckpointRows one, other;
    a.add_checkpoint_rows(one);
    b.add_checkpoint_rows(other);
    ASSERT_EQ(one.rows().size(), other.rows().size());
    for (size_t k = 0; k < one.rows().size(); ++k) {
        EXPECT_EQ(one.rows()[k].name, other.rows()[k].name);
        if (describes_time_spent(one.rows()[k].name)) continue;
        EXPECT_EQ(bytes_of(one.rows()[k]), bytes_of(other.rows()[k])) << one.rows()[k].name << " " << when;
    }
    const PlasticSynapses &n = a.network().recurrent(), &m = b.network().recurrent();
    EXPECT_EQ(n.live, m.live) << when;
    EXPECT_EQ(n.out_degree, m.out_degree) << when;
    for (size_t i = 0; i < n.live.size(); ++i)
        for (u64 k = n.row_begin[i], l = m.row_begin[i]; k < n.row_begin[i] + n.live[i]; ++k, ++l) {
            ASSERT_EQ(static_cast<u32>(n.source[k]), static_cast<u32>(m.source[l])) << when << " row " << i;
            ASSERT_EQ(n.log_size[k], m.log_size[l]) << when << " row " << i;
            ASSERT_EQ(n.birth[k], m.birth[l]) << when << " row " << i;
        }
}

TEST_F(Checkpoints, GiveTheSameBitsAtOnceAndEverAfter) {
    for (const char* name : {"mouse-ketamine-10mgkg", "human-iv-six", "human-ssri-ketamine"}) {
        const Inputs inputs = load_inputs(shrunk(name, 300, 50, 3 * kDay));
        Simulation whole(inputs), resumed(inputs);
        for (int step = 0; step < 150; ++step) whole.advance();
        write_checkpoint(path(), whole, CheckpointRows{}, {});
        Checkpoint(path()).restore(resumed);
        expect_same(whole, resumed, "after the restore");
        for (int step = 0; step < 150 && !whole.done(); ++step) {
            whole.advance();
            resumed.advance();
        }
        expect_same(whole, resumed, "later");
    }
}

TEST_F(Checkpoints, KeepTheOneBefore) {
    Simulation sim(load_inputs(shrunk("mouse-vehicle", 200, 40, kDay)));
    write_checkpoint(path(), sim, CheckpointRows{}, {});
    const auto first = fs::file_size(path());
    EXPECT_FALSE(fs::exists(previous_of(path())));
    sim.advance();
    write_checkpoint(path(), sim, CheckpointRows{}, {});
    EXPECT_EQ(fs::file_size(previous_of(path())), first);
    EXPECT_FALSE(fs::exists(path() + ".new"));
    EXPECT_NO_THROW(Checkpoint{previous_of(path())});
    EXPECT_NO_THROW(Checkpoint{path()});
}

TEST_F(Checkpoints, OfAnotherRunAreRefused) {
    Simulation sim(load_inputs(shrunk("mouse-vehicle", 200, 40, kDay)));
    write_checkpoint(path(), sim, CheckpointRows{}, {});
    const Checkpoint checkpoint(path());
    EXPECT_NO_THROW(checkpoint.check_inputs(sim.inputs()));
    EXPECT_NO_THROW(checkpoint.check_inputs(load_inputs(checkpoint.scenario())));
    EXPECT_THROW(checkpoint.check_inputs(load_inputs(shrunk("mouse-vehicle", 200, 41, kDay))), Error);
    Simulation other(load_inputs(shrunk("mouse-vehicle", 200, 41, kDay)));
    EXPECT_THROW(checkpoint.restore(other), Error);
}

TEST(LiveRows, ComeInStretchesInOrder) {
    PlasticSynapses n;
    n.live = {2, 0, 3, 0, 0, 1};
    n.row_begin = {0, 4, 4, 9, 10, 10, 12};
    n.targets = {0};
    n.log_size.resize(12);
    std::vector<u16> wanted;
    for (size_t i = 0; i < n.live.size(); ++i)
        for (u64 k = n.row_begin[i]; k < n.row_begin[i] + n.live[i]; ++k)
            wanted.push_back(n.log_size[k] = static_cast<u16>(100 + k));
    const LiveNumbers live = live_numbers(n, Partition(std::vector<Slice>{{0, 6}}, 0, 1, {}), alone());
    for (size_t most : {1, 2, 3, 5, 6, 100}) {
        std::vector<u16> found;
        stage_live<u16>(
            n, alone(), live, most, [&](u64 at) { return n.log_size[at]; },
            [&](u64 first, std::span<const u16> values) {
                EXPECT_EQ(first, found.size());
                EXPECT_LE(values.size(), most);
                found.insert(found.end(), values.begin(), values.end());
            });
        EXPECT_EQ(found, wanted) << most;
    }
}

TEST(ResumePaths, FollowFromAnyNameOfTheRun) {
    for (const char* name : {"a/b.h5", "a/b.h5.part", "a/b.h5.ckpt"}) {
        EXPECT_EQ(resume_paths(name).output, "a/b.h5");
        EXPECT_EQ(resume_paths(name).checkpoint, "a/b.h5.ckpt");
    }
    EXPECT_EQ(resume_paths("b.h5.ckpt.prev").output, "b.h5");
    EXPECT_EQ(resume_paths("b.h5.ckpt.prev").checkpoint, "b.h5.ckpt.prev");
}

}  // namespace
}  // namespace respine
