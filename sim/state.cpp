#include "sim/state.hpp"

#include <algorithm>

namespace respine {

namespace {

constexpr Field kFields[] = {
    {"rate", "Hz", "firing rate", Scope::kNeuron, [](const State& s) { return std::span<const float>(s.rate); }},
    {"ampa", "fold", "AMPA drive over its drug-free baseline", Scope::kExcitatory, [](const State& s) { return std::span<const float>(s.ampa); }},
    {"bdnf_excess", "fold", "BDNF above basal release", Scope::kExcitatory, [](const State& s) { return std::span<const float>(s.bdnf_excess); }},
    {"trkb", "1", "TrkB activation above basal", Scope::kExcitatory, [](const State& s) { return std::span<const float>(s.trkb); }},
    {"trkb_internalised", "1", "share of TrkB lost from the surface", Scope::kExcitatory, [](const State& s) { return std::span<const float>(s.trkb_internalised); }},
    {"mtorc1", "1", "mTORC1 activation above basal", Scope::kExcitatory, [](const State& s) { return std::span<const float>(s.mtorc1); }},
    {"protein_pool", "1", "synaptic-protein pool", Scope::kExcitatory, [](const State& s) { return std::span<const float>(s.protein_pool); }},
    {"pool_lagged", "1", "protein pool as seen by spine formation", Scope::kExcitatory,
     [](const State& s) { return std::span<const float>(s.lag.back()); }},
    {"potentiation", "1", "strength of recurrent synapses over baseline", Scope::kExcitatory,
     [](const State& s) { return std::span<const float>(s.potentiation); }},
};

}  // namespace

std::span<const Field> fields() { return kFields; }

const Field* find_field(std::string_view name) {
    const auto* at = std::find_if(std::begin(kFields), std::end(kFields), [&](const Field& f) { return f.name == name; });
    return at == std::end(kFields) ? nullptr : at;
}

}  // namespace respine
