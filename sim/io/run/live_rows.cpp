#include "sim/io/run/live_rows.hpp"

namespace respine {

LiveSynapses live_synapses(const Simulation& sim, const PlasticSynapses& p) {
    LiveSynapses found{live_offsets(p.live), {}, {}, {}};
    const u64 total = found.offsets.back();
    found.source.resize(total), found.log_size.resize(total), found.birth.resize(total);
    for_live(p, found.offsets, 0, total, [&](u64 place, u64 k) {
        found.source[k] = static_cast<u32>(p.source[place]);
        found.log_size[k] = log_size_at(p, place);
        found.birth[k] = birth_at(sim, p, place);
    });
    return found;
}

}  // namespace respine
