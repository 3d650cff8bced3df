// What a run remembers: every array of the state has its row, and what is out of range is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "sim/model/error.hpp"
#include "tests/support.hpp"

namespace respine {
namespace {

using ::testing::HasSubstr;

Simulation small() {
    return Simulation(load_inputs(test::shrunk("mouse-ketamine-10mgkg", 200, 40, 2 * kDay)));
}

template <class T>
void collect(const T&, std::set<const void*>&) {}
void collect(const NeuronArray<float>& values, std::set<const void*>& found) { found.insert(&values); }
template <size_t N>
void collect(const std::array<NeuronArray<float>, N>& list, std::set<const void*>& found) {
    for (const auto& values : list) found.insert(&values);
}

TEST(CheckpointRows, EveryArrayOfTheStateIsAField) {
    State state;
    auto& [now, structural_from, structural_due, rate, rate_baseline, excitation, inhibition, recurrent,
           recurrent_baseline, potentiation, ampa, habit, bdnf_excess, trkb, trkb_internalised, mtorc1,
           protein_pool, lag, pool_then, lag_then, elements, set_point, own, own_of_subject, glutamate,
           release_baseline, block, translation, bdnf_supply, beta, adaptation, new_stress, formed, lost,
           live, spines_in, live_of, structural_days, turned] = state;
    std::set<const void*> members, listed;
    const auto collect_all = [&](const auto&... member) { (collect(member, members), ...); };
    // `own` and `own_of_subject` have rows by what the scenario brings.
    collect_all(now, structural_from, structural_due, rate, rate_baseline, excitation, inhibition, recurrent,
                recurrent_baseline, potentiation, ampa, habit, bdnf_excess, trkb, trkb_internalised, mtorc1,
                protein_pool, lag, pool_then, lag_then, elements, set_point, glutamate, release_baseline,
                block, translation, bdnf_supply, beta, adaptation, new_stress, formed, lost, live, spines_in,
                live_of, structural_days, turned);
    std::set<std::string_view> names;
    for (const Quantity& q : state_quantities()) {
        if (q.array) listed.insert(&q.array(state));
        EXPECT_TRUE(names.insert(q.name).second) << q.name;
    }
    EXPECT_EQ(listed, members);
}

TEST(CheckpointRows, NamesAreDifferent) {
    Simulation sim = small();
    CheckpointRows memory;
    sim.add_checkpoint_rows(memory);
    std::set<std::string> names;
    for (const CheckpointRow& row : memory.rows()) EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_GT(names.size(), state_quantities().size() + 10);
}

TEST(CheckpointRows, ValuesOutOfRangeAreNamed) {
    Simulation sim = small();
    EXPECT_NO_THROW(sim.check_physical());
    for (const Quantity& f : state_quantities()) {
        if (!f.array) continue;
        NeuronArray<float>& values = f.array(sim.mutable_state());
        if (values.empty()) continue;
        for (const double wrong : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1.01 * f.range.most, -1.0}) {
            const float before = std::exchange(values[values.size() / 2], static_cast<float>(wrong));
            try {
                sim.check_physical();
                ADD_FAILURE() << f.name << " = " << wrong;
            } catch (const Error& e) {
                EXPECT_EQ(e.code(), Exit::kNumerical);
                EXPECT_THAT(e.what(),
                            ::testing::AllOf(HasSubstr(f.name + " of "),
                                             HasSubstr(" " + std::to_string(values.size() / 2) + " is "),
                                             HasSubstr("t = " + std::to_string(sim.now()) + " s")));
            }
            values[values.size() / 2] = before;
        }
    }
    EXPECT_NO_THROW(sim.check_physical());
}

TEST(CheckpointRows, NumbersOutOfRangeAreNamed) {
    Simulation sim = small();
    State& state = sim.mutable_state();
    size_t numbers = 0;
    for (const Quantity& q : state_quantities()) {
        if (!q.number) continue;
        ++numbers;
        for (const double wrong : {std::nan(""), HUGE_VAL, -1.0}) {
            const double before = std::exchange(q.number(state), wrong);
            try {
                sim.check_physical();
                ADD_FAILURE() << q.name << " = " << wrong;
            } catch (const Error& e) {
                EXPECT_EQ(e.code(), Exit::kNumerical);
                EXPECT_THAT(e.what(), HasSubstr(q.name + " of the subject is "));
            }
            q.number(state) = before;
        }
    }
    EXPECT_EQ(numbers, 9U);
    state.block[1].resize(1);
    state.block[1][0].fill(2.0);
    EXPECT_THROW(sim.check_physical(), Error);
}

}  // namespace
}  // namespace respine
