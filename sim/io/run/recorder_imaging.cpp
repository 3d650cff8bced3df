// The virtual microscope's sessions, written when all are known.

#include <algorithm>
#include <cmath>

#include "sim/io/run/gephyrin.hpp"
#include "sim/io/run/live_rows.hpp"
#include "sim/io/run/recorder.hpp"

namespace respine {

namespace {

// The columns of what is written: one row a session, one a session and dendrite, or one a sighting.
struct ImagingColumns {
    std::vector<double> time;
    std::vector<float> density, formation, elimination, survival, width;
    std::vector<u32> seen_session, seen_dendrite, seen_place;
    std::vector<float> seen_size;

    void add_changes(const ImagingSession& before, const ImagingSession& now) {
        time.push_back(in_hours(now.at));
        for (const auto& spines : now.dendrite) density.push_back(static_cast<float>(spines.size()));
        for (double v : formation_percent(before, now)) formation.push_back(static_cast<float>(v));
        for (double v : elimination_percent(before, now)) elimination.push_back(static_cast<float>(v));
    }

    void add_sightings(u32 session, const ImagingSession& now) {
        for (u32 n = 0; n < now.dendrite.size(); ++n)
            for (const SeenSpine& spine : now.dendrite[n]) {
                seen_session.push_back(session);
                seen_dendrite.push_back(n);
                seen_place.push_back(spine.place);
                seen_size.push_back(spine.log_size);
            }
    }
};

ImagingColumns columns_of(const std::vector<ImagingSession>& sessions, const ImagingParams& imaging) {
    ImagingColumns c;
    for (size_t k = 0; k < sessions.size(); ++k) {
        const ImagingSession& before = sessions[k == 0 ? 0 : k - 1];
        c.add_changes(before, sessions[k]);
        c.survival.push_back(
            static_cast<float>(k < 1 ? NAN : new_spine_survival(sessions[0], sessions[1], sessions[k])));
        c.width.push_back(static_cast<float>(k < 1 ? NAN : head_width_ratio(imaging, before, sessions[k])));
        c.add_sightings(static_cast<u32>(k), sessions[k]);
    }
    return c;
}

void write_sessions(H5File& file, const ImagingColumns& c, const std::vector<Dendrite>& dendrites) {
    const hsize_t s = c.time.size(), d = dendrites.size();
    std::vector<u32> neuron;
    for (const Dendrite& view : dendrites) neuron.push_back(view.neuron);
    file.write_all<double>("/imaging/session", c.time, {{s}, {}, false, {}}, {"h", "time of the session"},
                           true);
    file.write_all<u32>("/imaging/dendrite", numbers_to(d), {{d}, {}, false, {}}, {"1", "dendrite in view"},
                        true);
    const DatasetShape both{{s, d}, {"/imaging/session", "/imaging/dendrite"}, false, {}},
        one{{s}, {"/imaging/session"}, false, {}};
    file.write_all<u32>("/imaging/neuron", neuron, {{d}, {"/imaging/dendrite"}, false, {}},
                        {"1", "neuron of the dendrite"});
    file.write_all<float>("/imaging/density", c.density, both, {"count", "spines seen on the dendrite"});
    file.write_all<float>("/imaging/formation", c.formation, both,
                          {"%", "spines new since the session before, over those seen then"});
    file.write_all<float>("/imaging/elimination", c.elimination, both,
                          {"%", "spines gone since the session before, over those seen then"});
    file.write_all<float>("/imaging/new_spine_survival", c.survival, one,
                          {"1", "share of the spines new in session 1 that are seen again"});
    file.write_all<float>("/imaging/head_width_ratio", c.width, one,
                          {"1", "head width of new over existing spines"});
}

void write_sightings(H5File& file, const ImagingColumns& c) {
    const hsize_t seen = c.seen_session.size();
    file.write_all<u32>("/imaging/seen", numbers_to(seen), {{seen}, {}, false, {}},
                        {"1", "number of the sighting"}, true);
    const DatasetShape sighting{{seen}, {"/imaging/seen"}, false, {}};
    file.write_all<u32>("/imaging/seen_session", c.seen_session, sighting, {"1", "session of the sighting"});
    file.write_all<u32>("/imaging/seen_dendrite", c.seen_dendrite, sighting,
                        {"1", "dendrite of the sighting"});
    file.write_all<u32>("/imaging/seen_place", c.seen_place, sighting, {"1", "place along the dendrite"});
    file.write_all<float>("/imaging/seen_log_size", c.seen_size, sighting, {"1", "apparent log size"});
}

void write_inhibitory(H5File& file, const std::vector<ImagingSession>& sessions, const ImagingParams& p) {
    const std::vector<InhibitorySeen> seen = inhibitory_seen(sessions, kSameSpine / p.length * p.spacing);
    const hsize_t count = seen.size();
    for (const InhibitoryColumn& column : kInhibitoryColumns) {
        std::vector<float> values;
        for (const InhibitorySeen& s : seen) values.push_back(s.*column.member);
        file.write_all<float>(column.dataset(), values, {{count}, {"/imaging/session"}, false, {}},
                              {column.unit, column.doc});
    }
}

void write_inhibitory_sightings(H5File& file, const std::vector<ImagingSession>& sessions) {
    std::vector<u32> when, where, place;
    std::vector<u8> on_spine;
    std::vector<float> size;
    for (u32 k = 0; k < sessions.size(); ++k)
        for (const auto kind : {&ImagingSession::on_spine, &ImagingSession::on_shaft})
            for (u32 d = 0; d < (sessions[k].*kind).size(); ++d)
                for (const SeenSpine& s : (sessions[k].*kind)[d]) {
                    when.push_back(k), where.push_back(d), place.push_back(s.place);
                    on_spine.push_back(kind == &ImagingSession::on_spine ? 1 : 0);
                    size.push_back(s.log_size);
                }
    const hsize_t seen = when.size();
    file.write_all<u32>("/imaging/inhibitory", numbers_to(seen), {{seen}, {}, false, {}},
                        {"1", "number of the sighting of an inhibitory synapse"}, true);
    const DatasetShape row{{seen}, {"/imaging/inhibitory"}, false, {}};
    file.write_all<u32>("/imaging/inhibitory_session", when, row, {"1", "session of the sighting"});
    file.write_all<u32>("/imaging/inhibitory_dendrite", where, row, {"1", "dendrite of the sighting"});
    file.write_all<u32>("/imaging/inhibitory_place", place, row, {"1", "place along the dendrite"});
    file.write_all<u8>("/imaging/inhibitory_spine", on_spine, row, {"1", "1 on a spine, 0 on the shaft"});
    file.write_all<float>("/imaging/inhibitory_log_size", size, row, {"1", "apparent log size"});
}

bool sees_inhibition(const Network& n) {
    return std::any_of(n.plastic.begin(), n.plastic.end(), [&](const PlasticSynapses& p) {
        return p.trait == Trait::kInhibitory && n.on_excitatory(p);
    });
}

}  // namespace

void Recorder::write_lost_places(const Simulation& sim) {
    const PlasticSynapses& p = sim.network().recurrent();
    for (const PlasticSynapses& lost : p.lost) {
        std::vector<u32> dendrite, place;
        for (const LostPlaceInView& l : rig_.lost_places(sim.network(), sim.ranks()))
            dendrite.push_back(l.dendrite), place.push_back(l.place);
        const hsize_t seen = place.size();
        file_.write_all<u32>("/network/lost_place", place, {{seen}, {}, false, {}},
                             {"1", "place along a dendrite in view where stress took a spine"});
        file_.write_all<u32>("/network/lost_dendrite", dendrite, {{seen}, {}, false, {}},
                             {"1", "dendrite of each of these places"});
        const LiveNumbers live = live_numbers(lost, sim.network().partition, sim.ranks());
        const std::vector<u64> offsets =
            live_offsets(sim.ranks().whole_at_root(sim.network().partition, std::span<const u32>(lost.live)));
        file_.write_all<u64>("/network/lost_offsets", offsets, {{offsets.size()}, {}, false, {}},
                             {"1", "first remembered loss of each excitatory neuron (CSR by target)"});
        file_.create_dataset<u32>("/network/lost_source", {{live.total}, {}, false, {}},
                                  {"1", "neuron that a lost synapse came from"});
        file_.create_dataset<u8>("/network/lost_to_stress", {{live.total}, {}, false, {}},
                                 {"1", "1 where stress took the synapse, 0 where it turned over"});
        stage_live<u32>(
            lost, sim.ranks(), live, kStagedValues,
            [&](u64 at) { return sim.network().numbers.neuron(lost.source[at]); },
            [&](u64 first, std::span<const u32> values) {
                file_.write_block<u32>("/network/lost_source", first, values);
            });
        stage_live<u8>(
            lost, sim.ranks(), live, kStagedValues,
            [&](u64 at) { return static_cast<u8>(taken_by_stress(lost.log_size[at])); },
            [&](u64 first, std::span<const u8> values) {
                file_.write_block<u8>("/network/lost_to_stress", first, values);
            });
    }
}

void Recorder::write_imaging(const Simulation& sim) {
    if (rig_.sessions().empty()) return;
    const ImagingColumns columns = columns_of(rig_.sessions(), sim.model().imaging);
    write_sessions(file_, columns, rig_.dendrites());
    write_sightings(file_, columns);
    file_.set_attribute("/imaging", "um_per_place", sim.model().imaging.length / sim.model().imaging.spacing);
    if (!sees_inhibition(sim.network())) return;
    write_inhibitory(file_, rig_.sessions(), sim.model().imaging);
    write_inhibitory_sightings(file_, rig_.sessions());
}

}  // namespace respine
