#include <fmt/format.h>

#include <algorithm>

#include "sim/checkpoint_rows.hpp"
#include "sim/quantity.hpp"

namespace respine {

namespace {

template <NeuronArray<float> State::*Member>
NeuronArray<float>& of(State& s) {
    return s.*Member;
}

template <size_t... Stage>
constexpr auto lag_accessors(std::index_sequence<Stage...>) {
    using Accessor = NeuronArray<float>& (*)(State&);
    return std::array<Accessor, sizeof...(Stage)>{
        [](State& s) -> NeuronArray<float>& { return s.lag[Stage]; }...};
}
constexpr auto kLag = lag_accessors(std::make_index_sequence<kLagStages>{});

template <double AdaptationState::*Member>
double& of_adaptation(State& s) {
    return s.adaptation.*Member;
}

constexpr Range kRate{0.0, 1e4}, kInput{0.0, 1e6}, kFold{0.0, 1e6}, kElements{0.0, 1e9};
constexpr Range kShare{-1e-6, 1.0 + 1e-6};  // an exact update may miss its bound by rounding
constexpr Range kSlow{-1e-9, 1e6};          // zero and more, with the same allowance

using enum Stage;
using enum Scope;
using enum Kept;
using enum Prominence;

// A row of what people see: arrays in the snapshots, the history, or both.
Quantity seen(std::string name, std::string unit, std::string long_name, Stage stage, Scope scope,
              Shown shown, Prominence prominence, Kept kept, Range range, double initial,
              std::function<NeuronArray<float>&(State&)> array) {
    return {std::move(name), std::move(unit),  std::move(long_name), stage,
            scope,           std::move(shown), prominence,           kept,
            range,           initial,          std::move(array)};
}

// A row of what only the next step needs.
Quantity inner(std::string name, std::string unit, std::string long_name, Stage stage, Scope scope,
               Range range, double initial, NeuronArray<float>& (*array)(State&)) {
    return {std::move(name),
            std::move(unit),
            std::move(long_name),
            stage,
            scope,
            {},
            kRecorded,
            kNowhere,
            range,
            initial,
            array};
}

Quantity number(std::string name, std::string unit, std::string long_name, Stage stage, Shown shown,
                Kept kept, Range range, double initial, std::function<double&(State&)> of) {
    return {std::move(name),
            std::move(unit),
            std::move(long_name),
            stage,
            kSubject,
            std::move(shown),
            kRecorded,
            kept,
            range,
            initial,
            {},
            std::move(of)};
}

std::vector<Quantity> table() {
    std::vector<Quantity> rows = {
        seen("rate", "Hz", "firing rate", kRates, kNeuron, {"Firing rate"}, kRecorded, kSnapshots, kRate, 0,
             of<&State::rate>),
        seen("glutamate", "fold", "extracellular glutamate over that in health without drug", kGlutamate,
             kVoxel, {"Glutamate"}, kShown, kHistory, kFold, 1, of<&State::glutamate>),
        seen("ampa", "fold", "AMPA drive over what the neuron is used to", kAmpa, kExcitatory, {"AMPA drive"},
             kShown, kBoth, kFold, 1, of<&State::ampa>),
        seen("bdnf_excess", "fold", "BDNF above basal release", kBdnf, kExcitatory, {"BDNF above basal"},
             kRecorded, kBoth, kFold, 0, of<&State::bdnf_excess>),
        seen("trkb", "1", "TrkB activation above basal", kSignalling, kExcitatory, {"TrkB", "0–1"}, kShown,
             kBoth, kShare, 0, of<&State::trkb>),
        seen("trkb_internalised", "1", "share of TrkB lost from the surface", kSignalling, kExcitatory,
             {"TrkB lost from the surface", "0–1"}, kRecorded, kSnapshots, kShare, 0,
             of<&State::trkb_internalised>),
        seen("mtorc1", "1", "mTORC1 activation above basal", kSignalling, kExcitatory, {"mTORC1", "0–1"},
             kShown, kBoth, kShare, 0, of<&State::mtorc1>),
        seen("protein_pool", "1", "synaptic-protein pool", kSignalling, kExcitatory,
             {"Synaptic protein", "0–1"}, kShown, kBoth, kShare, 0, of<&State::protein_pool>),
        seen("pool_lagged", "1", "protein pool as seen by spine formation", kSignalling, kExcitatory,
             {"Protein pool, lagged", "0–1"}, kRecorded, kSnapshots, kShare, 0, kLag.back()),
        seen("potentiation", "1", "strength of recurrent synapses over baseline", kSignalling, kExcitatory,
             {"Synaptic strength", "fold"}, kShown, kBoth, kFold, 1, of<&State::potentiation>),

        inner("rate_baseline", "Hz", "drug-free rate at the start", kRates, kNeuron, kRate, 0,
              of<&State::rate_baseline>),
        inner("excitation", "1", "fixed excitatory input of the last sweep", kRates, kNeuron, kInput, 0,
              of<&State::excitation>),
        inner("inhibition", "1", "fixed inhibitory input of the last sweep", kRates, kNeuron, kInput, 0,
              of<&State::inhibition>),
        inner("recurrent", "1", "plastic input of the last sweep", kRates, kExcitatory, kInput, 0,
              of<&State::recurrent>),
        inner("recurrent_baseline", "1", "drug-free plastic input at the start", kRates, kExcitatory, kInput,
              0, of<&State::recurrent_baseline>),
        inner("habit", "fold", "AMPA drive of the last hours over the drug-free baseline, less 1", kAmpa,
              kExcitatory, {-0.99, 1e6}, 0, of<&State::habit>),
        inner("release_baseline", "Hz", "mean drug-free pyramidal rate of the voxel", kGlutamate, kVoxel,
              kRate, 1, of<&State::release_baseline>),
        inner("pool_then", "1", "synaptic-protein pool at the last structural step", kSignalling, kExcitatory,
              kShare, 0, of<&State::pool_then>),
        inner("lag_then", "1", "lagged pool at the last structural step", kSignalling, kExcitatory, kShare, 0,
              of<&State::lag_then>),
        inner("elements", "count", "synaptic elements of the growth rule", kSpines, kExcitatory, kElements, 0,
              of<&State::elements>),
        inner("set_point", "count", "synapses above which a neuron loses faster", kSpines, kExcitatory,
              kElements, 0, of<&State::set_point>),

        number("translation", "1", "released translation", kBdnf, {"Translation", "0–1"}, kHistory, kShare, 0,
               [](State& s) -> double& { return s.translation; }),
        number("bdnf_supply", "1", "supply of BDNF for release", kBdnf, {"BDNF supply", "0–1"}, kHistory,
               kShare, 1, [](State& s) -> double& { return s.bdnf_supply; }),
        number("beta", "1", "basal BDNF release over the healthy one", kBdnf, {}, kNowhere, kFold, 1,
               [](State& s) -> double& { return s.beta; }),
        number("up_regulation", "1", "up-regulation of NMDA receptors", kNmdaBlock, {}, kNowhere, kSlow, 0,
               of_adaptation<&AdaptationState::up_regulation>),
        number("inflammation", "1", "inflammation", kReadout, {"Inflammation"}, kHistory, kSlow, 0,
               of_adaptation<&AdaptationState::inflammation>),
        number("antidepressant", "1", "build-up of a conventional antidepressant", kReadout,
               {"Conventional antidepressant"}, kHistory, kSlow, 0,
               of_adaptation<&AdaptationState::antidepressant>),
        number("psychotomimetic", "1", "tolerance to dissociation", kReadout, {"Tolerance to dissociation"},
               kHistory, kShare, 0, of_adaptation<&AdaptationState::psychotomimetic>),
        number("new_stress", "1", "new stress that is still felt", kReadout, {"New stress"}, kHistory, kSlow,
               0, [](State& s) -> double& { return s.new_stress; }),
        number("structural_days", "d", "length of the last structural step", kSpines, {}, kNowhere,
               {0.0, 1e6}, 0, [](State& s) -> double& { return s.structural_days; }),
    };
    for (size_t k = 0; k + 1 < kLagStages; ++k)
        rows.push_back(inner("lag_" + std::to_string(k + 1), "1",
                             "stage " + std::to_string(k + 1) + " of the lag", kSignalling, kExcitatory,
                             kShare, 0, kLag[k]));
    return rows;
}

// The state of a mechanism that a scenario brings.
Quantity brought(const Mechanism& m, size_t k) {
    const Stage stage = m.acts_on == ActsOn::kAmpaDrive        ? kAmpa
                        : m.acts_on == ActsOn::kBdnfRelease    ? kBdnf
                        : m.acts_on == ActsOn::kTrkbActivation ? kSignalling
                                                               : kGlutamate;
    const std::string meaning = m.title.empty() ? m.name : m.title;
    Quantity q = m.of == HeldBy::kSubject
                     ? number(m.name, m.unit, meaning, stage, {meaning}, kHistory, {}, 0,
                              [k](State& s) -> double& { return s.own_of_subject[k]; })
                     : seen(m.name, m.unit, meaning, stage, kExcitatory, {meaning}, kShown, kBoth, {}, 0,
                            [k](State& s) -> NeuronArray<float>& { return s.own[k]; });
    q.prominence = kShown;
    return q;
}

// In floats and without a branch, because at nearly every row of the history all is good; NaN fails both.
RESPINE_CLONES bool all_hold(Range range, std::span<const float> values) {
    constexpr double kMost = std::numeric_limits<float>::max();
    const float least = static_cast<float>(std::max(range.least, -kMost)),
                most = static_cast<float>(std::min(range.most, kMost));
    u32 outside = 0;
    for (const float v : values) outside += 1U - (static_cast<u32>(v >= least) & static_cast<u32>(v <= most));
    return outside == 0;
}

std::optional<Violation> violation_of(const Quantity& q, const State& state, const Network& network) {
    if (q.number) {
        const double value = q.number_of(state);
        if (q.range.holds(value)) return std::nullopt;
        return Violation{q.name, q.unit, "the subject", value, q.range};
    }
    const std::span<const float> values = q.of(state);
    for (const Slice s : own_part(q, network, values.size())) {
        const std::span<const float> own = values.subspan(s.first, s.size());
        if (all_hold(q.range, own)) continue;
        const auto at = std::ranges::find_if(own, [&](float v) { return !q.range.holds(v); });
        if (at == own.end()) continue;
        const std::string of =
            (q.scope == kVoxel ? "voxel " : "neuron ") + std::to_string(s.first + (at - own.begin()));
        return Violation{q.name, q.unit, of, *at, q.range};
    }
    return std::nullopt;
}

}  // namespace

std::vector<Quantity> state_quantities(std::span<const Mechanism> mechanisms) {
    static const std::vector<Quantity> built_in = table();
    std::vector<Quantity> rows = built_in;
    for (size_t k = 0; k < mechanisms.size(); ++k) rows.push_back(brought(mechanisms[k], k));
    return rows;
}

void allocate(State& state, const Network& network, std::span<const Quantity> quantities) {
    for (const Quantity& q : quantities) {
        if (q.number) {
            q.number(state) = q.initial;
            continue;
        }
        NeuronArray<float>& values = q.array(state);
        values = NeuronArray<float>(q.scope == kNeuron       ? network.neurons
                                    : q.scope == kExcitatory ? network.excitatory
                                                             : network.voxels);
        for (const Slice s : own_part(q, network, values.size()))
            std::ranges::fill(part_of(values, s), static_cast<float>(q.initial));
    }
}

std::vector<Slice> own_part(const Quantity& q, const Network& network, size_t values) {
    const u32 all = static_cast<u32>(values);
    if (q.scope == kVoxel) return {{0, all}};
    std::vector<Slice> parts;
    const auto add = [&](std::span<const Slice> own, u32 first, size_t size) {
        for (const Slice s : own)
            if (const u32 last = static_cast<u32>(std::min<size_t>(s.last, size)); s.first < last)
                parts.push_back({first + s.first, first + last});
    };
    const std::vector<Slice> own = network.partition.own(0, network.groups.size());
    if (q.scope == kNeuron || values <= network.excitatory) {
        add(own, 0, values);
        return parts;
    }
    u32 first = 0;  // one list after the other: of each of the plastic ones on spines
    for (const PlasticSynapses& p : network.plastic) {
        if (!network.on_spines(p)) continue;
        add(own, first, p.equilibrium.size());
        first += static_cast<u32>(p.equilibrium.size());
    }
    return parts;
}

std::optional<Violation> find_violation(const State& state, const Network& network,
                                        std::span<const Quantity> quantities) {
    for (const Quantity& q : quantities)
        if (auto found = violation_of(q, state, network)) return found;
    for (const auto& of_type : state.block)
        for (size_t b = 0; b < of_type.size(); ++b)
            for (const double share : of_type[b])
                if (!kBlockRange.holds(share))
                    return Violation{"block", "1", "blocker " + std::to_string(b), share, kBlockRange};
    return std::nullopt;
}

// Names all members of the state: a new one stops the compiler here until it has its row above, or is said to
// follow.
void add_checkpoint_rows(State& state, const Network& network, std::span<const Quantity> quantities,
                         CheckpointRows& memory) {
    [[maybe_unused]] auto& [now, structural_from, structural_due, rate, rate_baseline, excitation, inhibition,
                            recurrent, recurrent_baseline, potentiation, ampa, habit, bdnf_excess, trkb,
                            trkb_internalised, mtorc1, protein_pool, lag, pool_then, lag_then, elements,
                            set_point, own, own_of_subject, glutamate, release_baseline, block, translation,
                            bdnf_supply, beta, adaptation, new_stress, formed, lost, live, spines_in, live_of,
                            structural_days, turned] = state;
    [[maybe_unused]] auto& [up_regulation, inflammation, antidepressant, psychotomimetic] = adaptation;
    for (const Quantity& q : quantities)
        if (q.number)
            memory.number("state/" + q.name, q.unit, q.number(state), q.range);
        else
            memory.shared("state/" + q.name, q.unit, std::span<float>(q.array(state)), q.range,
                          own_part(q, network, q.array(state).size()),
                          q.name == "rate" ? network.known : std::vector<Slice>{});
    memory.number("state/now", "s", now);
    memory.number("state/structural_from", "s", structural_from);
    memory.number("state/structural_due", "s", structural_due);
    for (size_t t = 0; t < kCellTypes; ++t)
        for (size_t b = 0; b < block[t].size(); ++b)
            memory.array(fmt::format("state/block_{}_{}", kCellTypeSuffixes[t], b), "1",
                         std::span<double>(block[t][b]), kBlockRange);
    memory.number("state/formed", "count", formed, kCount);
    memory.number("state/lost", "count", lost, kCount);
    memory.number("state/live", "count", live, kCount);
    memory.array("state/spines_in", "count", std::span<u64>(spines_in), kCount);
    memory.array("state/live_of", "count", std::span<u64>(live_of), kCount);
    memory.array("state/turned", "count", std::span<u64>(turned), kCount);
}

}  // namespace respine
