// The virtual microscope's sessions, written when all are known.

#include <cmath>

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

}  // namespace

void Recorder::write_imaging(const Simulation& sim) {
    if (rig_.sessions().empty()) return;
    const ImagingColumns columns = columns_of(rig_.sessions(), sim.model().imaging);
    write_sessions(file_, columns, rig_.dendrites());
    write_sightings(file_, columns);
}

}  // namespace respine
