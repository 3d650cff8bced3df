// The virtual microscope's sessions, written when all are known.

#include <cmath>

#include "sim/io/run/recorder.hpp"

namespace respine {

void Recorder::write_imaging(const Simulation& sim) {
    const auto& sessions = rig_.sessions();
    if (sessions.empty()) return;
    const hsize_t s = sessions.size(), d = rig_.count();
    std::vector<double> time;
    std::vector<float> density, formation, elimination, survival, width;
    std::vector<u32> seen_session, seen_dendrite, seen_place;
    std::vector<float> seen_size;
    for (size_t k = 0; k < s; ++k) {
        time.push_back(in_hours(sessions[k].at));
        for (const auto& spines : sessions[k].dendrite) density.push_back(static_cast<float>(spines.size()));
        const ImagingSession& before = sessions[k == 0 ? 0 : k - 1];
        for (double v : formation_percent(before, sessions[k])) formation.push_back(static_cast<float>(v));
        for (double v : elimination_percent(before, sessions[k]))
            elimination.push_back(static_cast<float>(v));
        survival.push_back(
            static_cast<float>(k < 1 ? NAN : new_spine_survival(sessions[0], sessions[1], sessions[k])));
        width.push_back(
            static_cast<float>(k < 1 ? NAN : head_width_ratio(sim.model().imaging, before, sessions[k])));
        for (u32 n = 0; n < d; ++n)
            for (const SeenSpine& spine : sessions[k].dendrite[n]) {
                seen_session.push_back(static_cast<u32>(k));
                seen_dendrite.push_back(n);
                seen_place.push_back(spine.place);
                seen_size.push_back(spine.log_size);
            }
    }
    std::vector<u32> dendrite(d), neuron, index(seen_session.size());
    for (u32 n = 0; n < d; ++n) dendrite[n] = n;
    for (const Dendrite& view : rig_.dendrites()) neuron.push_back(view.neuron);
    for (u32 n = 0; n < index.size(); ++n) index[n] = n;
    file_.write_all<double>("/imaging/session", time, {{s}, {}, false, {}}, {"h", "time of the session"},
                            true);
    file_.write_all<u32>("/imaging/dendrite", dendrite, {{d}, {}, false, {}}, {"1", "dendrite in view"},
                         true);
    const DatasetShape both{{s, d}, {"/imaging/session", "/imaging/dendrite"}, false, {}},
        one{{s}, {"/imaging/session"}, false, {}};
    file_.write_all<u32>("/imaging/neuron", neuron, {{d}, {"/imaging/dendrite"}, false, {}},
                         {"1", "neuron of the dendrite"});
    file_.write_all<float>("/imaging/density", density, both, {"count", "spines seen on the dendrite"});
    file_.write_all<float>("/imaging/formation", formation, both,
                           {"%", "spines new since the session before, over those seen then"});
    file_.write_all<float>("/imaging/elimination", elimination, both,
                           {"%", "spines gone since the session before, over those seen then"});
    file_.write_all<float>("/imaging/new_spine_survival", survival, one,
                           {"1", "share of the spines new in session 1 that are seen again"});
    file_.write_all<float>("/imaging/head_width_ratio", width, one,
                           {"1", "head width of new over existing spines"});
    const hsize_t seen = index.size();
    file_.write_all<u32>("/imaging/seen", index, {{seen}, {}, false, {}}, {"1", "number of the sighting"},
                         true);
    const DatasetShape sighting{{seen}, {"/imaging/seen"}, false, {}};
    file_.write_all<u32>("/imaging/seen_session", seen_session, sighting, {"1", "session of the sighting"});
    file_.write_all<u32>("/imaging/seen_dendrite", seen_dendrite, sighting,
                         {"1", "dendrite of the sighting"});
    file_.write_all<u32>("/imaging/seen_place", seen_place, sighting, {"1", "place along the dendrite"});
    file_.write_all<float>("/imaging/seen_log_size", seen_size, sighting, {"1", "apparent log size"});
}

}  // namespace respine
