// Every neuron and every plastic synapse at the wanted times, and the events between them.

#include <numeric>

#include "sim/io/run/live_rows.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

// netCDF looks for a dimension in the group and above it, so the snapshots have scales of their own.
void create_scales(H5File& file, const Network& n) {
    file.create_scale("/snapshots/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {}},
                      {"h", "time on the clock of the scenario"});
    file.write_all<u32>("/snapshots/neuron", numbers_to(n.neurons), {{n.neurons}, {}, false, {}},
                        {"1", "number of the neuron in this run"}, true);
    file.write_all<u32>("/snapshots/excitatory", numbers_to(n.excitatory), {{n.excitatory}, {}, false, {}},
                        {"1", "number of the excitatory neuron in this run"}, true);
}

// A row a snapshot, a column a neuron.
DatasetShape frames_of(const char* neurons, hsize_t width) {
    return {{0, width},
            {"/snapshots/time", std::string("/snapshots/") + neurons},
            true,
            {1, std::min<hsize_t>(width, 65536)}};
}

void number_synapses(H5File& file, const std::string& scale, u64 total) {
    file.create_scale(scale, H5T_NATIVE_UINT64, {{total}, {}, false, {}},
                      {"1", "number of the live synapse"});
    std::vector<u64> index(std::min<u64>(kStagedValues, total));
    for (u64 first = 0; first < total; first += kStagedValues) {
        const size_t count = std::min<u64>(kStagedValues, total - first);
        std::iota(index.begin(), index.begin() + static_cast<std::ptrdiff_t>(count), first);
        file.write_block<u64>(scale, first, {index.data(), count});
    }
}

void create_synapse_events(H5File& file) {
    file.create_scale("/synapse_events/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {65536}},
                      {"h", "time on the clock of the scenario"});
    const DatasetShape shape{{0}, {"/synapse_events/time"}, true, {65536}};
    file.create_dataset<u32>("/synapse_events/source", shape, {"1", "presynaptic neuron"});
    file.create_dataset<u32>("/synapse_events/target", shape, {"1", "postsynaptic neuron"});
    file.create_dataset<float>("/synapse_events/log_size", shape, {"1", "log size"});
    file.create_dataset<u8>("/synapse_events/formed", shape, {"1", "1 formed, 0 eliminated"});
}

}  // namespace

void Recorder::create_snapshots(const Simulation& sim) {
    const Network& n = sim.network();
    create_scales(file_, n);
    for (const Quantity& q : sim.quantities()) {
        if (!q.in_snapshots()) continue;
        const bool all = q.scope == Scope::kNeuron;
        file_.create_dataset<float>(
            "/snapshots/" + q.name,
            all ? frames_of("neuron", n.neurons) : frames_of("excitatory", n.excitatory),
            {q.unit, q.long_name});
        describe(file_, "/snapshots/" + q.name, q);
    }
    file_.create_dataset<u32>("/snapshots/live", frames_of("excitatory", n.excitatory),
                              {"count", "live plastic synapses onto the neuron"});
    if (sim.scenario().synapse_events) create_synapse_events(file_);
}

void Recorder::write_snapshot(const Simulation& sim) {
    const std::string group = fmt::format("/snapshots/synapses/{:03d}", snapshot_times_.size());
    snapshot_times_.push_back(in_hours(sim.now()));
    append<double>("/snapshots/time", {snapshot_times_.back()});
    for (const Quantity& q : sim.quantities())
        if (q.in_snapshots()) append("/snapshots/" + q.name, whole_at_root(sim, q.of(sim.state())));
    for (const PlasticSynapses& p : sim.network().plastic) {
        const std::vector<u32> live =
            sim.ranks().whole_at_root(sim.network().partition, std::span<const u32>(p.live));
        const bool recurrent = &p == &sim.network().recurrent();
        if (recurrent) append<u32>("/snapshots/live", live);
        write_synapses(sim, p, recurrent ? group : group + "/" + p.name, live_offsets(live));
    }
    background_.post(0, [this, group, hours = snapshot_times_.back()] {
        file_.set_attribute(group, "time_h", hours);
        file_.flush();
    });
}

// Stretch by stretch: the graph may fill most of the memory, and what is to be compressed beside the run is a
// copy. `offsets` are known to the root.
void Recorder::write_synapses(const Simulation& sim, const PlasticSynapses& p, const std::string& group,
                              const std::vector<u64>& offsets) {
    const LiveNumbers live = live_numbers(p, sim.network().partition, sim.ranks());
    const hsize_t total = live.total;
    const About row_about{"1", sim.network().on_excitatory(p)
                                   ? "first synapse of each excitatory neuron (CSR by target)"
                                   : "first synapse of each neuron (CSR by target)"};
    background_.post(offsets.size() * sizeof(u64), [this, group, offsets, row_about, total] {
        file_.write_all<u64>(group + "/offsets", offsets, {{offsets.size()}, {}, false, {}}, row_about, true);
        number_synapses(file_, group + "/synapse", total);
    });
    const auto write = [&]<class T>(const std::string& name, const About& about, T, const auto& value) {
        background_.post(0, [this, total, path = group + name, scale = group + "/synapse", about] {
            file_.create_dataset<T>(path, {{total}, {scale}, false, {}}, about);
        });
        stage_live<T>(p, sim.ranks(), live, kStagedValues, value, [&](u64 first, std::span<const T> values) {
            background_.post(values.size_bytes(), [this, path = group + name, first,
                                                   kept = std::vector<T>(values.begin(), values.end())] {
                file_.write_block<T>(path, first, kept);
            });
        });
    };
    write("/source", {"1", "presynaptic neuron"}, u32{},
          [&](u64 at) { return sim.network().numbers.neuron(p.source[at]); });
    write("/log_size", {"1", "log size, relative to the attractor"}, float{},
          [&](u64 at) { return log_size_at(p, at); });
    write("/birth", {"d", "time of formation"}, float{}, [&](u64 at) { return birth_at(sim, p, at); });
}

void Recorder::write_synapse_events(Simulation& sim) {
    const std::vector<SynapseEvent> events = sim.take_synapse_events();
    if (events.empty()) return;
    std::vector<double> time(events.size(), in_hours(sim.now()));
    std::vector<u32> source, target;
    std::vector<float> log_size;
    std::vector<u8> formed;
    for (const SynapseEvent& e : events) {
        source.push_back(e.source);
        target.push_back(e.target);
        log_size.push_back(static_cast<float>(size_from_fixed(e.log_size)));
        formed.push_back(e.formed ? 1 : 0);
    }
    event_rows_ += events.size();
    append<double>("/synapse_events/time", std::move(time));
    append<u32>("/synapse_events/source", std::move(source));
    append<u32>("/synapse_events/target", std::move(target));
    append<float>("/synapse_events/log_size", std::move(log_size));
    append<u8>("/synapse_events/formed", std::move(formed));
}

}  // namespace respine
