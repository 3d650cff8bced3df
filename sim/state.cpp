#include "sim/state.hpp"

#include <algorithm>

namespace respine {

namespace {

template <std::vector<float> State::*Member>
std::vector<float>& of(State& s) {
    return s.*Member;
}

template <size_t Stage>
std::vector<float>& lag_of(State& s) {
    return s.lag[Stage];
}

constexpr Range kRate{0.0, 1e4}, kInput{0.0, 1e6}, kFold{0.0, 1e6};
constexpr Range kShare{-1e-6, 1.0 + 1e-6};  // an exact update may miss its bound by rounding

constexpr Field kFields[] = {
    {"rate", "Hz", "firing rate", Scope::kNeuron, kRate, true, of<&State::rate>},
    {"ampa", "fold", "AMPA drive over its drug-free baseline", Scope::kExcitatory, kFold, true,
     of<&State::ampa>},
    {"bdnf_excess", "fold", "BDNF above basal release", Scope::kExcitatory, kFold, true,
     of<&State::bdnf_excess>},
    {"trkb", "1", "TrkB activation above basal", Scope::kExcitatory, kShare, true, of<&State::trkb>},
    {"trkb_internalised", "1", "share of TrkB lost from the surface", Scope::kExcitatory, kShare, true,
     of<&State::trkb_internalised>},
    {"mtorc1", "1", "mTORC1 activation above basal", Scope::kExcitatory, kShare, true, of<&State::mtorc1>},
    {"protein_pool", "1", "synaptic-protein pool", Scope::kExcitatory, kShare, true,
     of<&State::protein_pool>},
    {"pool_lagged", "1", "protein pool as seen by spine formation", Scope::kExcitatory, kShare, true,
     lag_of<kLagStages - 1>},
    {"potentiation", "1", "strength of recurrent synapses over baseline", Scope::kExcitatory, kFold, true,
     of<&State::potentiation>},

    {"rate_baseline", "Hz", "drug-free rate at the start", Scope::kNeuron, kRate, false,
     of<&State::rate_baseline>},
    {"excitation", "1", "fixed excitatory input of the last sweep", Scope::kNeuron, kInput, false,
     of<&State::excitation>},
    {"inhibition", "1", "fixed inhibitory input of the last sweep", Scope::kNeuron, kInput, false,
     of<&State::inhibition>},
    {"recurrent", "1", "plastic input of the last sweep", Scope::kExcitatory, kInput, false,
     of<&State::recurrent>},
    {"recurrent_baseline", "1", "drug-free plastic input at the start", Scope::kExcitatory, kInput, false,
     of<&State::recurrent_baseline>},
    {"lag_1", "1", "stage 1 of the lag", Scope::kExcitatory, kShare, false, lag_of<0>},
    {"lag_2", "1", "stage 2 of the lag", Scope::kExcitatory, kShare, false, lag_of<1>},
    {"lag_3", "1", "stage 3 of the lag", Scope::kExcitatory, kShare, false, lag_of<2>},
    {"lag_4", "1", "stage 4 of the lag", Scope::kExcitatory, kShare, false, lag_of<3>},
    {"lag_5", "1", "stage 5 of the lag", Scope::kExcitatory, kShare, false, lag_of<4>},
    {"lag_6", "1", "stage 6 of the lag", Scope::kExcitatory, kShare, false, lag_of<5>},
    {"lag_7", "1", "stage 7 of the lag", Scope::kExcitatory, kShare, false, lag_of<6>},
    {"lag_8", "1", "stage 8 of the lag", Scope::kExcitatory, kShare, false, lag_of<7>},
    {"lag_9", "1", "stage 9 of the lag", Scope::kExcitatory, kShare, false, lag_of<8>},
    {"axonal_vacancy", "1", "axonal vacancy as published at the last structural step", Scope::kExcitatory,
     kShare, false, of<&State::axonal_vacancy>},
    {"elements",
     "count",
     "synaptic elements of the growth rule",
     Scope::kExcitatory,
     {0.0, 1e9},
     false,
     of<&State::elements>},
    {"glutamate", "fold", "extracellular glutamate over its drug-free baseline", Scope::kVoxel, kFold, false,
     of<&State::glutamate>},
    {"release_baseline", "Hz", "mean drug-free pyramidal rate of the voxel", Scope::kVoxel, kRate, false,
     of<&State::release_baseline>},
};

template <double AdaptationState::*Member>
double& of_adaptation(State& s) {
    return s.adaptation.*Member;
}

constexpr Range kSlow{-1e-9, 1e6};  // zero and more; an exact update may miss its bound by rounding
constexpr Number kNumbers[] = {
    {"translation", "1", kShare, [](State& s) -> double& { return s.translation; }},
    {"beta", "1", kFold, [](State& s) -> double& { return s.beta; }},
    {"up_regulation", "1", kSlow, of_adaptation<&AdaptationState::up_regulation>},
    {"recent", "1", kSlow, of_adaptation<&AdaptationState::recent>},
    {"inflammation", "1", kSlow, of_adaptation<&AdaptationState::inflammation>},
    {"antidepressant", "1", kSlow, of_adaptation<&AdaptationState::antidepressant>},
    {"structural_days", "d", {0.0, 1e6}, [](State& s) -> double& { return s.structural_days; }},
};

static_assert(kLagStages == 10, "every stage of the lag has a row of its own");

}  // namespace

std::span<const Field> fields() { return kFields; }

std::span<const Number> numbers() { return kNumbers; }

std::vector<const Field*> recorded_fields() {
    std::vector<const Field*> list;
    for (const Field& f : kFields)
        if (f.recorded) list.push_back(&f);
    return list;
}

namespace {

// In floats and without a branch, because at nearly every row of the history all is good; NaN fails both.
bool all_hold(Range range, std::span<const float> values) {
    constexpr double kMost = std::numeric_limits<float>::max();
    const float least = static_cast<float>(std::max(range.least, -kMost)),
                most = static_cast<float>(std::min(range.most, kMost));
    u32 outside = 0;
    for (const float v : values) outside += 1U - (static_cast<u32>(v >= least) & static_cast<u32>(v <= most));
    return outside == 0;
}

}  // namespace

std::optional<Violation> find_violation(const State& state) {
    for (const Field& f : kFields) {
        const std::span<const float> values = f.of(state);
        if (all_hold(f.range, values)) continue;
        const auto at =
            std::find_if(values.begin(), values.end(), [&](float v) { return !f.range.holds(v); });
        const std::string of =
            (f.scope == Scope::kVoxel ? "voxel " : "neuron ") + std::to_string(at - values.begin());
        if (at != values.end()) return Violation{f.name, f.unit, of, *at, f.range};
    }
    for (const Number& n : kNumbers)
        if (!n.range.holds(n.of(state)))
            return Violation{n.name, n.unit, "the subject", n.of(state), n.range};
    for (size_t b = 0; b < state.block.size(); ++b)
        for (const double share : state.block[b])
            if (!kBlockRange.holds(share))
                return Violation{"block", "1", "blocker " + std::to_string(b), share, kBlockRange};
    return std::nullopt;
}

}  // namespace respine
