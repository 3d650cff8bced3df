#include "sim/io/run/live_rows.hpp"

namespace respine {

LiveNumbers live_numbers(const PlasticSynapses& p, const Partition& partition, Ranks& ranks) {
    LiveNumbers live{{}, NeuronArray<u64>(p.live.size() + 1)};
    std::vector<u64> of_slice(p.targets.size() * ranks.size(), 0);  // in the order of the neurons
    for (size_t t = 0; t < p.targets.size(); ++t) {
        const Slice own = partition.own(size_t{p.targets[t]});
        for (u32 i = own.first; i < own.last; ++i) of_slice[t * ranks.size() + ranks.rank()] += p.live[i];
    }
    ranks.sum(std::span(of_slice));
    for (size_t t = 0; t < p.targets.size(); ++t)
        for (u32 r = 0; r < ranks.size(); ++r) {
            const Slice own = partition.of(p.targets[t], r);
            if (r == ranks.rank() && own.size() > 0) {
                live.own.push_back(own);
                live.number[own.first] = live.total;
                for (u32 i = own.first; i < own.last; ++i) live.number[i + 1] = live.number[i] + p.live[i];
            }
            live.total += of_slice[t * ranks.size() + r];
        }
    return live;
}

LiveSynapses live_synapses(const Simulation& sim, const PlasticSynapses& p) {
    const LiveNumbers live = live_numbers(p, sim.network().partition, alone());
    LiveSynapses found{live_offsets(p.live), {}, {}, {}};
    found.source.resize(live.total), found.log_size.resize(live.total), found.birth.resize(live.total);
    for_live(p, live, 0, live.total, [&](u64 place, u64 k) {
        found.source[k] = sim.network().numbers.neuron(p.source[place]);
        found.log_size[k] = log_size_at(p, place);
        found.birth[k] = birth_at(sim, p, place);
    });
    return found;
}

}  // namespace respine
