#include "sim/io/recorder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "sim/error.hpp"
#include "sim/io/files.hpp"
#include "sim/io/provenance.hpp"
#include "sim/io/scenario_yaml.hpp"

namespace respine {

namespace fs = std::filesystem;

namespace {

constexpr double kFlushSeconds = 10.0;

std::string now_text() {
    const std::time_t now = std::time(nullptr);
    char text[32];
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

std::string host_text() {
    char name[256] = "";
    gethostname(name, sizeof name - 1);
    return name;
}

}  // namespace

void claim_output(const std::string& path, bool force) {
    const fs::path target(path);
    if (fs::is_directory(target)) fail(Exit::kIo, "{}: error: is a folder", path);
    if (fs::exists(target) && !force) fail(Exit::kIo, "{}: error: exists already; give another -o, or --force to replace it", path);
    need_folder_of(path);
    const std::string part = path + ".part";
    const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | (force ? 0 : O_EXCL), 0666);
    if (fd < 0) {
        const int code = errno;
        if (code == EEXIST)
            fail(Exit::kIo, "{}: error: exists: another run writes this output now, or one was stopped; --force replaces it", part);
        fail(Exit::kIo, "{}: error: cannot be written: {}", part, std::strerror(code));
    }
    ::close(fd);
}

void write_meta(H5File& file, const std::string& format, const Inputs& inputs, const RunInfo& info) {
    file.set_attribute("/", "format", format);
    file.set_attribute("/", "format_version", static_cast<i64>(kFormatVersion));
    file.make_group("/meta");
    file.set_attribute("/meta", "name", inputs.scenario.name);
    file.set_attribute("/meta", "title", inputs.scenario.title);
    file.set_attribute("/meta", "seed", fmt::format("{}", inputs.scenario.seed));
    file.set_attribute("/meta", "model", inputs.model.name);
    file.set_attribute("/meta", "scenario", resolved_inputs(inputs));
    for (const Drug& d : inputs.drugs) file.set_attribute("/meta", "drug_" + d.name, d.text);
    file.set_attribute("/meta", "network_" + inputs.network.kind, inputs.network.text);
    file.set_attribute("/meta", "disclaimer", std::string("A research and teaching model of mechanisms; never medical advice."));
    // Attributes from here on describe the execution; they differ between runs with equal results.
    file.set_attribute("/meta", "version", version_text());
    file.set_attribute("/meta", "build", build_text());
    file.set_attribute("/meta", "threads", static_cast<i64>(info.threads));
    file.set_attribute("/meta", "thread_source", info.thread_source);
    file.set_attribute("/meta", "command", info.command);
    file.set_attribute("/meta", "host", host_text());
    file.set_attribute("/meta", "started", now_text());
    file.set_attribute("/meta", "exit_status", std::string("running"));
    file.set_attribute("/meta", "complete", static_cast<i64>(0));
}

void close_and_rename(H5File& file, const std::string& path) {
    const std::string part = path + ".part";
    file.set_attribute("/meta", "finished", now_text());
    file.set_attribute("/meta", "exit_status", std::string("ok"));
    file.set_attribute("/meta", "complete", static_cast<i64>(1));
    file.close();
    const int fd = ::open(part.c_str(), O_RDONLY);
    if (fd < 0 || ::fsync(fd) != 0) fail(Exit::kIo, "{}: error: cannot be synced: {}", part, std::strerror(errno));
    ::close(fd);
    if (std::rename(part.c_str(), path.c_str()) != 0) fail(Exit::kIo, "{}: error: cannot be renamed: {}", part, std::strerror(errno));
}

Recorder::Recorder(const std::string& path, const Simulation& sim, const RunInfo& info)
    : path_(path), part_(path + ".part"), file_(H5File::create(part_)), observables_(observables_of(sim)), distributions_(distributions_of(sim)),
      rig_(sim.scenario().dendrites, sim.seed(), sim.model().imaging, sim.network()), next_history_(sim.scenario().start), last_flush_(std::chrono::steady_clock::now()),
      started_(last_flush_) {
    const Scenario& s = sim.scenario();
    write_meta(file_, "respine-run", sim.inputs(), info);

    const DatasetShape rows{{0}, {"/history/time"}, true, {}};
    file_.create_scale("/history/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {}}, {"h", "time since the first dose"});
    std::vector<float> q(std::begin(kQuantiles), std::end(kQuantiles));
    file_.write_all<float>("/history/quantile", q, {{q.size()}, {}, false, {}}, {"1", "quantile over neurons, from at most 1000 of them"}, true);
    for (const Observable& o : observables_) file_.create_dataset<float>("/history/" + o.name, rows, {o.unit, o.long_name});
    for (const Distribution& d : distributions_) {
        file_.create_dataset<float>("/history/" + d.name, rows, {d.unit, d.long_name + ", mean"});
        file_.create_dataset<float>("/history/" + d.name + "_sd", rows, {d.unit, d.long_name + ", SD"});
        file_.create_dataset<float>("/history/" + d.name + "_quantiles", {{0, q.size()}, {"/history/time", "/history/quantile"}, true, {256, q.size()}},
                                    {d.unit, d.long_name + ", quantiles"});
    }
    file_.create_scale("/pk/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {}}, {"h", "time since the first dose"});
    for (const Observable& o : observables_)
        if (o.pharmacology) file_.create_dataset<float>("/pk/" + o.name, {{0}, {"/pk/time"}, true, {}}, {o.unit, o.long_name});
    columns_.resize(observables_.size() + 2 * distributions_.size());
    quantiles_.resize(distributions_.size());

    std::vector<double> dose_time, dose, over;
    std::vector<std::string> drug, route, unit;
    for (const Treatment& t : s.treatments)
        for (Tick at : t.at) {
            dose_time.push_back(in_hours(at));
            dose.push_back(t.route == "bath" ? t.bath : t.dose);
            over.push_back(in_hours(t.over));
            drug.push_back(sim.pharmacology().name_of(t.drug));
            route.push_back(t.route);
            unit.push_back(t.route == "window" ? "1" : t.route == "bath" ? "uM" : t.per_kg ? "mg/kg" : "mg");
        }
    const hsize_t doses = dose_time.size();
    file_.write_all<double>("/events/time", dose_time, {{doses}, {}, false, {}}, {"h", "start of the treatment"}, true);
    file_.write_all<double>("/events/dose", dose, {{doses}, {"/events/time"}, false, {}}, {"see dose_unit", "dose"});
    file_.write_all<double>("/events/over", over, {{doses}, {"/events/time"}, false, {}}, {"h", "duration"});
    file_.write_strings("/events/drug", drug, "/events/time", {"1", "drug"});
    file_.write_strings("/events/route", route, "/events/time", {"1", "route"});
    file_.write_strings("/events/dose_unit", unit, "/events/time", {"1", "unit of dose"});
    write_network(sim);
    file_.flush();
}

Recorder::~Recorder() {
    if (finished_) return;
    try {  // what has been recorded stays readable in the .part file
        write_buffered();
        file_.set_attribute("/meta", "exit_status", std::string("stopped"));
        file_.close();
    } catch (const Error&) {
    }
}

void Recorder::write_network(const Simulation& sim) {
    const Network& n = sim.network();
    const hsize_t neurons = n.neurons;
    std::vector<u32> index(n.neurons);
    std::vector<u8> type(n.neurons), group(n.neurons);
    for (u32 i = 0; i < n.neurons; ++i) index[i] = i;
    for (size_t g = 0; g < n.groups.size(); ++g)
        for (u32 i = n.groups[g].first; i < n.groups[g].last; ++i) {
            type[i] = static_cast<u8>(n.groups[g].type);
            group[i] = static_cast<u8>(g);
        }
    const DatasetShape by_neuron{{neurons}, {"/network/neuron"}, false, {}};
    file_.write_all<u32>("/network/neuron", index, {{neurons}, {}, false, {}}, {"1", "number of the neuron in this run"}, true);
    file_.write_all<float>("/network/x", n.x, by_neuron, {"um", "position x"});
    file_.write_all<float>("/network/y", n.y, by_neuron, {"um", "position y"});
    file_.write_all<float>("/network/z", n.z, by_neuron, {"um", "depth z"});
    file_.write_all<u8>("/network/type", type, by_neuron, {"1", "cell type: 0 E, 1 PV, 2 SST, 3 VIP"});
    file_.write_all<u8>("/network/group", group, by_neuron, {"1", "group, index into group_name"});
    std::vector<std::string> names;
    for (const Group& g : n.groups) names.push_back(g.name);
    file_.write_strings("/network/group_name", names, "", {"1", "name of the group"});
    std::vector<float> sizes, rates;
    std::vector<std::string> populations;
    for (const Group& g : n.groups) {
        sizes.push_back(static_cast<float>(g.size()));
        if (!populations.empty() && populations.back() == g.population) continue;
        populations.push_back(g.population);
        rates.push_back(static_cast<float>(g.baseline_rate));
    }
    file_.write_all<float>("/network/group_size", sizes, {{sizes.size()}, {"/network/group_name"}, false, {}}, {"count", "neurons of the group"});
    file_.write_strings("/network/population_name", populations, "", {"1", "name of the population"});
    file_.write_all<float>("/network/population_rate", rates, {{rates.size()}, {"/network/population_name"}, false, {}}, {"Hz", "baseline, or published, mean rate"});
    if (!n.ids.empty()) file_.write_strings("/network/id", n.ids, "/network/neuron", {"1", "id of the neuron in the user's file"});
    std::vector<u32> excitatory(index.begin(), index.begin() + static_cast<std::ptrdiff_t>(n.excitatory));
    file_.write_all<u32>("/network/excitatory", excitatory, {{n.excitatory}, {}, false, {}}, {"1", "number of the excitatory neuron in this run"}, true);
    const DatasetShape by_excitatory{{n.excitatory}, {"/network/excitatory"}, false, {}};
    file_.write_all<float>("/network/healthy", n.healthy, by_excitatory, {"count", "healthy equilibrium of plastic synapses"});
    file_.write_all<float>("/network/equilibrium", n.equilibrium, by_excitatory, {"count", "drug-free equilibrium under the present stress"});
    file_.write_all<float>("/network/rate_baseline", sim.state().rate_baseline, by_neuron, {"Hz", "drug-free rate at the start"});
    file_.set_attribute("/network", "kind", n.kind);
    file_.set_attribute("/network", "capacity_over_healthy", sim.report().balance.capacity / sim.report().balance.healthy);
    file_.set_attribute("/network", "equilibrium_over_healthy", sim.report().equilibrium);

    file_.create_scale("/snapshots/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {}}, {"h", "time since the first dose"});
    // netCDF looks for a dimension in the group and above it, so the snapshots have scales of their own.
    file_.write_all<u32>("/snapshots/neuron", index, {{neurons}, {}, false, {}}, {"1", "number of the neuron in this run"}, true);
    file_.write_all<u32>("/snapshots/excitatory", excitatory, {{n.excitatory}, {}, false, {}}, {"1", "number of the excitatory neuron in this run"}, true);
    for (const Field& f : fields()) {
        const bool all = f.scope == Scope::kNeuron;
        const hsize_t width = all ? neurons : n.excitatory;
        file_.create_dataset<float>("/snapshots/" + std::string(f.name),
                                    {{0, width}, {"/snapshots/time", all ? "/snapshots/neuron" : "/snapshots/excitatory"}, true, {1, std::min<hsize_t>(width, 65536)}},
                                    {std::string(f.unit), std::string(f.long_name)});
    }
    file_.create_dataset<u32>("/snapshots/live", {{0, n.excitatory}, {"/snapshots/time", "/snapshots/excitatory"}, true, {1, std::min<hsize_t>(n.excitatory, 65536)}},
                              {"count", "live plastic synapses onto the neuron"});
    if (sim.scenario().synapse_events) {
        file_.create_scale("/synapse_events/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {65536}}, {"h", "time since the first dose"});
        const DatasetShape shape{{0}, {"/synapse_events/time"}, true, {65536}};
        file_.create_dataset<u32>("/synapse_events/source", shape, {"1", "presynaptic neuron"});
        file_.create_dataset<u32>("/synapse_events/target", shape, {"1", "postsynaptic neuron"});
        file_.create_dataset<float>("/synapse_events/log_size", shape, {"1", "log size"});
        file_.create_dataset<u8>("/synapse_events/formed", shape, {"1", "1 formed, 0 eliminated"});
    }
}

void Recorder::observe(Simulation& sim) {
    const Scenario& s = sim.scenario();
    if (sim.effort().structural_steps > structural_seen_) {
        structural_seen_ = sim.effort().structural_steps;
        turnover_.add(sim.state());
        if (s.synapse_events) write_synapse_events(sim);
    }
    const bool last = sim.done();
    if (sim.now() >= next_history_ || last) {
        write_history_row(sim);
        while (next_history_ <= sim.now()) next_history_ += s.history;
    }
    while (next_snapshot_ < s.snapshots.size() && s.snapshots[next_snapshot_] <= sim.now()) {
        write_snapshot(sim);
        ++next_snapshot_;
    }
    while (next_session_ < s.sessions.size() && s.sessions[next_session_] <= sim.now()) {
        rig_.look(sim.now(), sim.network());
        ++next_session_;
    }
    if (std::chrono::duration<double>(std::chrono::steady_clock::now() - last_flush_).count() > kFlushSeconds) {
        write_buffered();
        file_.flush();
        last_flush_ = std::chrono::steady_clock::now();
    }
}

void Recorder::write_history_row(const Simulation& sim) {
    turnover_.close();
    times_.push_back(in_hours(sim.now()));
    size_t c = 0;
    for (const Observable& o : observables_) columns_[c++].push_back(static_cast<float>(o.value(sim, turnover_)));
    for (size_t d = 0; d < distributions_.size(); ++d) {
        const Summary summary = summarise(distributions_[d].values(sim));
        columns_[c++].push_back(static_cast<float>(summary.mean));
        columns_[c++].push_back(static_cast<float>(summary.sd));
        quantiles_[d].insert(quantiles_[d].end(), summary.quantiles.begin(), summary.quantiles.end());
    }
    if (times_.size() >= 256) write_buffered();
}

void Recorder::write_buffered() {
    if (times_.empty()) return;
    file_.append<double>("/history/time", times_);
    file_.append<double>("/pk/time", times_);
    size_t c = 0;
    for (const Observable& o : observables_) {
        file_.append<float>("/history/" + o.name, columns_[c]);
        if (o.pharmacology) file_.append<float>("/pk/" + o.name, columns_[c]);
        ++c;
    }
    for (size_t d = 0; d < distributions_.size(); ++d) {
        file_.append<float>("/history/" + distributions_[d].name, columns_[c++]);
        file_.append<float>("/history/" + distributions_[d].name + "_sd", columns_[c++]);
        file_.append<float>("/history/" + distributions_[d].name + "_quantiles", quantiles_[d]);
        quantiles_[d].clear();
    }
    for (auto& column : columns_) column.clear();
    times_.clear();
}

void Recorder::write_snapshot(const Simulation& sim) {
    const Network& n = sim.network();
    snapshot_times_.push_back(in_hours(sim.now()));
    file_.append<double>("/snapshots/time", std::span(&snapshot_times_.back(), 1));
    for (const Field& f : fields()) file_.append<float>("/snapshots/" + std::string(f.name), f.values(sim.state()));
    file_.append<u32>("/snapshots/live", n.live);

    const std::string group = fmt::format("/snapshots/synapses/{:03d}", snapshots_written_++);
    std::vector<u64> offsets(n.excitatory + 1, 0);
    for (size_t i = 0; i < n.excitatory; ++i) offsets[i + 1] = offsets[i] + n.live[i];
    const hsize_t total = offsets.back();
    std::vector<u32> source(total);
    std::vector<float> log_size(total), birth(total);
    const double step_days = sim.model().clock.structural_step / kDay, start_days = in_days(sim.scenario().start);
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n.excitatory; ++i)
        for (u32 k = 0; k < n.live[i]; ++k) {
            const u64 from = n.row_begin[i] + k, to = offsets[i] + k;
            source[to] = n.source[from];
            log_size[to] = static_cast<float>(size_from_fixed(n.log_size[from]));
            birth[to] = static_cast<float>(start_days + (static_cast<double>(n.birth[from]) - kBirthOrigin) * step_days);
        }
    const About row_about{"1", "first synapse of each excitatory neuron (CSR by target)"};
    file_.write_all<u64>(group + "/offsets", offsets, {{offsets.size()}, {}, false, {}}, row_about, true);
    std::vector<u64> index(total);
    for (u64 k = 0; k < total; ++k) index[k] = k;
    file_.write_all<u64>(group + "/synapse", index, {{total}, {}, false, {}}, {"1", "number of the live synapse"}, true);
    const DatasetShape shape{{total}, {group + "/synapse"}, false, {}};
    file_.write_all<u32>(group + "/source", source, shape, {"1", "presynaptic neuron"});
    file_.write_all<float>(group + "/log_size", log_size, shape, {"1", "log size, relative to the attractor"});
    file_.write_all<float>(group + "/birth", birth, shape, {"d", "time of formation"});
    file_.set_attribute(group, "time_h", in_hours(sim.now()));
    file_.flush();
}

void Recorder::write_synapse_events(Simulation& sim) {
    const std::vector<SynapseEvent> events = sim.take_synapse_events();
    if (events.empty()) return;
    const std::vector<double> time(events.size(), in_hours(sim.now()));
    std::vector<u32> source, target;
    std::vector<float> log_size;
    std::vector<u8> formed;
    for (const SynapseEvent& e : events) {
        source.push_back(e.source);
        target.push_back(e.target);
        log_size.push_back(static_cast<float>(size_from_fixed(e.log_size)));
        formed.push_back(e.formed ? 1 : 0);
    }
    file_.append<double>("/synapse_events/time", time);
    file_.append<u32>("/synapse_events/source", source);
    file_.append<u32>("/synapse_events/target", target);
    file_.append<float>("/synapse_events/log_size", log_size);
    file_.append<u8>("/synapse_events/formed", formed);
}

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
        for (double v : elimination_percent(before, sessions[k])) elimination.push_back(static_cast<float>(v));
        survival.push_back(static_cast<float>(k < 1 ? NAN : new_spine_survival(sessions[0], sessions[1], sessions[k])));
        width.push_back(static_cast<float>(k < 1 ? NAN : head_width_ratio(sim.model().imaging, before, sessions[k])));
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
    file_.write_all<double>("/imaging/session", time, {{s}, {}, false, {}}, {"h", "time of the session"}, true);
    file_.write_all<u32>("/imaging/dendrite", dendrite, {{d}, {}, false, {}}, {"1", "dendrite in view"}, true);
    const DatasetShape both{{s, d}, {"/imaging/session", "/imaging/dendrite"}, false, {}}, one{{s}, {"/imaging/session"}, false, {}};
    file_.write_all<u32>("/imaging/neuron", neuron, {{d}, {"/imaging/dendrite"}, false, {}}, {"1", "neuron of the dendrite"});
    file_.write_all<float>("/imaging/density", density, both, {"count", "spines seen on the dendrite"});
    file_.write_all<float>("/imaging/formation", formation, both, {"%", "spines new since the session before, over those seen then"});
    file_.write_all<float>("/imaging/elimination", elimination, both, {"%", "spines gone since the session before, over those seen then"});
    file_.write_all<float>("/imaging/new_spine_survival", survival, one, {"1", "share of the spines new in session 1 that are seen again"});
    file_.write_all<float>("/imaging/head_width_ratio", width, one, {"1", "head width of new over existing spines"});
    const hsize_t seen = index.size();
    file_.write_all<u32>("/imaging/seen", index, {{seen}, {}, false, {}}, {"1", "number of the sighting"}, true);
    const DatasetShape sighting{{seen}, {"/imaging/seen"}, false, {}};
    file_.write_all<u32>("/imaging/seen_session", seen_session, sighting, {"1", "session of the sighting"});
    file_.write_all<u32>("/imaging/seen_dendrite", seen_dendrite, sighting, {"1", "dendrite of the sighting"});
    file_.write_all<u32>("/imaging/seen_place", seen_place, sighting, {"1", "place along the dendrite"});
    file_.write_all<float>("/imaging/seen_log_size", seen_size, sighting, {"1", "apparent log size"});
}

void Recorder::finish(const Simulation& sim) {
    write_buffered();
    write_imaging(sim);
    file_.make_group("/derived");
    for (const DerivedNumber& d : sim.pharmacology().derived()) {
        file_.set_attribute("/derived", d.name, d.value);
        file_.set_attribute("/derived", d.name + "_units", d.unit);
    }
    file_.set_attribute("/meta", "wall_seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count());
    close_and_rename(file_, path_);
    finished_ = true;
    if (!snapshot_times_.empty()) write_xdmf(path_, sim, snapshot_times_);
}

}  // namespace respine
