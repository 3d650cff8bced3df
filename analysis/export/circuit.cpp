#include "analysis/export/circuit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/read/plastic_groups.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/output.hpp"
#include "sim/model/error.hpp"
#include "sim/simulation.hpp"
#include "sim/system/machine.hpp"

namespace respine {

namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

std::string listed(const std::vector<double>& hours) {
    std::string text;
    for (const double h : hours) text += fmt::format("{}{:g} h", text.empty() ? "" : ", ", h);
    return text;
}

size_t choose_snapshot(const H5File& run, const CircuitChoice& choice) {
    const std::vector<double> hours = snapshot_hours(run);
    if (!choice.hours) return hours.size() - 1;
    for (size_t k = 0; k < hours.size(); ++k)
        if (std::fabs(hours[k] - *choice.hours) < kSameTime) return k;
    fail(Exit::kUsage, "{}: error: there is no snapshot at {:g} h; there are some at {}", run.path(),
         *choice.hours, listed(hours));
}

template <class T>
std::vector<T> read_sized(const H5File& run, const std::string& dataset, size_t size) {
    std::vector<T> values = run.read<T>(dataset);
    if (values.size() != size)
        fail(Exit::kInput, "{}: error: dataset {} has {} values, and {} are wanted (damaged?)", run.path(),
             dataset, values.size(), size);
    return values;
}

void read_neurons(const H5File& run, size_t snapshot, Circuit& c) {
    const size_t n = run.size("/network/neuron");
    c.group = read_sized<u8>(run, "/network/group", n);
    const std::vector<u8> type = read_sized<u8>(run, "/network/type", n);
    for (const std::string& name : run.read_strings("/network/group_name"))
        c.groups.push_back({.name = name, .population = name, .type = CellType::kE});
    for (size_t i = 0; i < n; ++i) {
        if (c.group[i] >= c.groups.size() || type[i] >= kCellTypes)
            fail(Exit::kInput, "{}: error: neuron {} is of no known group or type (damaged?)", run.path(), i);
        c.groups[c.group[i]].type = static_cast<CellType>(type[i]);
    }
    if (run.exists("/network/id")) c.id = run.read_strings("/network/id");
    for (size_t i = 0; c.id.size() < n; ++i) c.id.push_back(std::to_string(i));
    if (c.id.size() != n)
        fail(Exit::kInput, "{}: error: dataset /network/id has {} values for {} neurons (damaged?)",
             run.path(), c.id.size(), n);
    const auto add = [&](const std::string& path, const std::string& name, std::vector<float> values) {
        c.neurons.push_back({name, run.text_attribute(path, "units"), run.text_attribute(path, "long_name"),
                             std::move(values)});
    };
    for (const std::string axis : {"x", "y", "z"})
        add("/network/" + axis, axis, read_sized<float>(run, "/network/" + axis, n));
    for (const std::string& field : snapshot_fields(run))
        add("/snapshots/" + field, field, snapshot_row(run, field, snapshot, n));
}

struct PlasticRows {
    std::vector<u64> offsets;
    std::vector<u32> source;
    std::vector<float> log_size, birth;
    // Of a row; neurons behind the last row have none.
    u64 first(size_t row) const { return offsets[std::min(row, offsets.size() - 1)]; }
};

PlasticRows read_plastic(const H5File& run, const std::string& group, size_t neurons) {
    if (run.number_attribute(group, "every", 1.0) != 1.0)
        fail(Exit::kInput,
             "{}: error: {} holds the synapses of some neurons only; export the run file itself", run.path(),
             group);
    PlasticRows rows{run.read<u64>(group + "/offsets"), run.read<u32>(group + "/source"), {}, {}};
    rows.log_size = read_sized<float>(run, group + "/log_size", rows.source.size());
    rows.birth = read_sized<float>(run, group + "/birth", rows.source.size());
    const auto& o = rows.offsets;
    bool valid = o.size() > 1 && o.size() <= neurons + 1 && o.front() == 0 &&
                 o.back() == rows.source.size() && std::is_sorted(o.begin(), o.end());
    for (const u32 s : rows.source) valid = valid && s < neurons;
    if (!valid) fail(Exit::kInput, "{}: error: {} is no consistent graph (damaged?)", run.path(), group);
    return rows;
}

// The network as the run had it at its start: its fixed synapses and its weights never change, and no file
// holds them.
Network built_anew(const H5File& run, const Circuit& c) {
    Network network;
    try {
        Scenario scenario = scenario_in(run);
        scenario.treatments.clear();  // their drug files are not needed
        const Inputs inputs = load_inputs(scenario);
        const std::string name = "network_" + inputs.network.name;
        if (run.text_attribute("/meta", name) != inputs.network.text)
            fail(Exit::kInput, "/meta {}: the file behind is another now", name);
        if (const auto changed = changed_network_files(run, inputs); !changed.empty())
            fail(Exit::kInput, "{}: is another file now than when the run was made", changed[0]);
        network = Simulation(inputs).network();
    } catch (const Error& e) {
        fail(e.code(),
             "{}: error: the fixed synapses cannot be built anew from its scenario; --plastic exports what "
             "the run file holds. {}",
             run.path(), e.what());
    }
    const bool same = std::ranges::equal(network.x, c.neurons[0].values) &&
                      std::ranges::equal(network.y, c.neurons[1].values) &&
                      std::ranges::equal(network.z, c.neurons[2].values) &&
                      network.groups.size() == c.groups.size() &&
                      (network.ids.empty() || network.ids == c.id);
    if (!same)
        fail(Exit::kInput,
             "{}: error: the network built anew from its scenario is another (the program or the network's "
             "file has changed since); --plastic exports "
             "what the run file holds",
             run.path());
    return network;
}

// The plastic synapses of each neuron, followed by its fixed ones where the network is given.
void join_rows(const std::vector<PlasticRows>& plastic, const Network* network, Circuit& c) {
    const FixedRows fixed = network ? network->fixed_rows() : FixedRows{};
    for (const SynapseColumn& s : kSynapseColumns)
        if (network || !s.fixed_too) c.synapses.push_back({s.name, s.unit, s.long_name, {}});
    const auto weight = [&](u32 target, u32 from, double size) {
        const double sign = c.type(from) == CellType::kE ? 1.0 : -1.0;
        return static_cast<float>(sign * network->projection(c.group[target], c.group[from]).weight * size);
    };
    const auto add = [&](u32 target, u32 from, float size, float birth) {
        size_t k = 0;
        c.source.push_back(from);
        if (network) c.synapses[k++].values.push_back(weight(target, from, std::isnan(size) ? 1.0 : size));
        c.synapses[k++].values.push_back(size);
        c.synapses[k].values.push_back(birth);
    };
    for (u32 i = 0; i < c.size(); ++i) {
        c.begin.push_back(c.source.size());
        for (const PlasticRows& rows : plastic)
            for (u64 k = rows.first(i); k < rows.first(i + 1); ++k)
                add(i, rows.source[k], static_cast<float>(std::exp(static_cast<double>(rows.log_size[k]))),
                    rows.birth[k]);
        c.plastic.push_back(static_cast<u32>(c.source.size() - c.begin.back()));
        for (u64 k = network ? fixed.begin[i] : 0; network && k < fixed.begin[i + 1]; ++k)
            add(i, fixed.source[k], fixed.log_size.empty() ? kNone : spine_weight(fixed.log_size[k]), kNone);
    }
    c.begin.push_back(c.source.size());
}

}  // namespace

std::vector<double> snapshot_hours(const H5File& run) {
    std::vector<double> hours =
        run.exists("/snapshots/time") ? run.read<double>("/snapshots/time") : std::vector<double>();
    if (hours.empty())
        fail(
            Exit::kInput,
            "{}: error: it has no snapshots; a scenario asks for them with record: {{snapshots: [0 h, 1 d]}}",
            run.path());
    return hours;
}

std::vector<std::string> snapshot_fields(const H5File& run) {
    std::vector<std::string> names;
    for (const std::string& name : run.children("/snapshots"))
        if (run.is_dataset("/snapshots/" + name) && run.extent("/snapshots/" + name).size() == 2)
            names.push_back(name);
    return names;
}

std::vector<float> snapshot_row(const H5File& run, const std::string& field, size_t snapshot,
                                size_t neurons) {
    std::vector<float> values = run.read_row<float>("/snapshots/" + field, snapshot);
    if (values.size() > neurons)
        fail(Exit::kInput, "{}: error: /snapshots/{} has {} values for {} neurons (damaged?)", run.path(),
             field, values.size(), neurons);
    values.resize(neurons, kNone);  // excitatory neurons stand first
    return values;
}

Circuit read_circuit(const H5File& run, const CircuitChoice& choice) {
    constexpr double kSynapse = 120.0;  // bytes, here and on the way to a file
    const size_t snapshot = choose_snapshot(run, choice);
    Circuit c;
    c.run = run.path();
    c.hours = snapshot_hours(run)[snapshot];
    read_neurons(run, snapshot, c);
    std::vector<PlasticRows> rows;
    double synapses = 0.0;
    for (const std::string& group :
         plastic_groups(run, fmt::format("/snapshots/synapses/{:03d}", snapshot))) {
        rows.push_back(read_plastic(run, group, c.size()));
        synapses += static_cast<double>(rows.back().source.size());
    }
    need_memory(kSynapse * synapses, run.path(), "take another machine");
    if (choice.plastic_only) {
        join_rows(rows, nullptr, c);
    } else {
        const Network network = built_anew(run, c);
        need_memory(kSynapse * (synapses + static_cast<double>(network.fixed_source.size())), run.path(),
                    "give --plastic, or take another machine");
        join_rows(rows, &network, c);
    }
    return c;
}

}  // namespace respine
