// What a rank builds of a shared network, without any other: its rows are those of one process, whatever it
// knows of the rest.

#include <gtest/gtest.h>

#include "tests/support.hpp"

namespace respine {
namespace {

class OneOf final : public Ranks {
public:
    OneOf(u32 rank, u32 ranks) : rank_(rank), ranks_(ranks) {}
    u32 rank() const override { return rank_; }
    u32 size() const override { return ranks_; }

private:
    u32 rank_, ranks_;
};

Inputs narrow_sheet(double kernel_width) {
    Inputs in = load_inputs(test::shrunk("mouse-ketamine-10mgkg", 8000, 30, kDay));
    in.network.kernel_width = kernel_width;
    return in;
}

Network built(const Inputs& in, Ranks& ranks) {
    return build_network(in.scenario, in.model, in.network, {1.0, Genotype::kValVal, 0.0}, nullptr, nullptr,
                         ranks);
}

u64 known_neurons(const Network& net) {
    u64 sum = 0;
    for (const Slice s : net.known) sum += s.size();
    return sum;
}

void expect_rows_of(const Network& one, const Network& shared) {
    const PlasticSynapses &p = one.recurrent(), &q = shared.recurrent();
    for (const Slice own : shared.partition.own(q.targets))
        for (u32 i = own.first; i < own.last; ++i) {
            ASSERT_EQ(q.live[i], p.live[i]);
            for (u32 k = 0; k < p.live[i]; ++k) {
                const u64 a = p.row_begin[i] + k, b = q.row_begin[i] + k;
                ASSERT_EQ(shared.numbers.neuron(q.source[b]), p.source[a]);
                ASSERT_EQ(q.log_size[b], p.log_size[a]);
                ASSERT_EQ(q.birth[b], p.birth[a]);
            }
        }
    for (const Slice own : shared.partition.own(0, shared.groups.size()))
        for (u32 i = own.first; i < own.last; ++i) {
            ASSERT_EQ(shared.external[i], one.external[i]) << "so it knows the rates of all its sources";
            const u64 a = one.fixed_begin[i], b = shared.fixed_begin[i];
            ASSERT_EQ(shared.fixed_begin[i + 1] - b, one.fixed_begin[i + 1] - a);
            for (u64 k = 0; k < one.fixed_begin[i + 1] - a; ++k)
                ASSERT_EQ(shared.numbers.neuron(shared.fixed_source[b + k]), one.fixed_source[a + k]);
        }
}

TEST(SharedNetwork, ARankBuildsTheRowsOfOneProcess) {
    for (const double width : {10.0, 30.0, 150.0}) {
        const Inputs in = narrow_sheet(width);
        const Network one = built(in, alone());
        for (const u32 rank : {0U, 2U, 4U}) {
            SCOPED_TRACE(testing::Message() << "rank " << rank << " of 5, kernel " << width << " um");
            OneOf ranks(rank, 5);
            const Network shared = built(in, ranks);
            expect_rows_of(one, shared);
            EXPECT_EQ(known_neurons(shared) < one.neurons, width < 100.0);
            if (width == 10.0) {
                EXPECT_LT(known_neurons(shared), one.neurons / 2);
            }
        }
    }
}

TEST(Halo, IsWhatOthersHaveOfWhatIsNeeded) {
    const std::vector<Slice> groups = {{0, 100}, {100, 140}};
    OneOf ranks(1, 4);
    const Partition partition(groups, 1, 4, {});
    const Halo halo(partition, {{20, 60}, {10, 15}, {95, 125}}, ranks);
    EXPECT_EQ(halo.takes()[0], (std::vector<Slice>{{10, 15}, {20, 25}, {100, 110}}));
    EXPECT_EQ(halo.takes()[1], std::vector<Slice>{}) << "its own neurons are 25 to 50, and 110 to 120";
    EXPECT_EQ(halo.takes()[2], (std::vector<Slice>{{50, 60}, {120, 125}}));
    EXPECT_EQ(halo.takes()[3], (std::vector<Slice>{{95, 100}}));
    EXPECT_EQ(halo.known(), (std::vector<Slice>{{10, 15}, {20, 60}, {95, 125}}));
    EXPECT_EQ(halo.neurons(), 5U + 5U + 10U + 10U + 5U + 5U);
}

}  // namespace
}  // namespace respine
