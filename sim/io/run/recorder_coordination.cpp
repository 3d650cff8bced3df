// Sessions of coordination: measured when they are due, written when all are known.

#include "sim/io/run/recorder.hpp"

namespace respine {

namespace {

// Column `place` of rows of `width` values.
std::vector<float> column(const std::vector<double>& values, size_t width, size_t place) {
    std::vector<float> out;
    for (size_t k = place; k < values.size(); k += width) out.push_back(static_cast<float>(values[k]));
    return out;
}

}  // namespace

void Recorder::look_at_coordination(const Simulation& sim) {
    if (coordination_width_ == 0) return;
    const std::vector<Tick>& sessions = sim.scenario().coordination.sessions;
    const size_t seen = coordination_.size() / coordination_width_;
    if (seen >= sessions.size() || sessions[seen] > sim.now()) return;
    const std::vector<double> now = measure_coordination(sim);
    coordination_.insert(coordination_.end(), now.begin(), now.end());
}

void Recorder::write_coordination(const Simulation& sim) {
    if (coordination_.empty()) return;
    const Network& net = sim.network();
    const auto rows = coordination_rows(net);
    const size_t width = coordination_width_, groups = net.groups.size();
    const hsize_t sessions = coordination_.size() / width;
    std::vector<double> time;
    for (size_t k = 0; k < sessions; ++k) time.push_back(in_hours(sim.scenario().coordination.sessions[k]));
    file_.write_all<double>("/coordination/session", time, {{sessions}, {}, false, {}},
                            {"h", "time of the session"}, true);
    for (size_t k = 0; k < rows.size(); ++k)
        file_.write_all<float>("/coordination/" + rows[k].name, column(coordination_, width, k),
                               {{sessions}, {"/coordination/session"}, false, {}},
                               {rows[k].unit, rows[k].long_name});
    file_.write_all<u32>("/coordination/group", numbers_to(groups), {{groups}, {}, false, {}},
                         {"1", "group, index into /network/group_name"}, true);
    std::vector<float> pairs;
    for (size_t k = 0; k < coordination_.size(); ++k)
        if (k % width >= rows.size()) pairs.push_back(static_cast<float>(coordination_[k]));
    file_.write_all<float>("/coordination/group_correlation", pairs,
                           {{sessions, groups, groups},
                            {"/coordination/session", "/coordination/group", "/coordination/group"},
                            false,
                            {}},
                           {"1", "correlation of pairs of neurons of two groups, or of one"});
}

}  // namespace respine
