#include "stepped.hpp"

#include <fmt/format.h>

#include <cstring>

#include "sim/io/yaml/yaml_forms.hpp"
#include "sim/jobs/threads.hpp"

namespace py = pybind11;

namespace respine {

namespace {

constexpr const char *kNetwork = "network_digest", *kStart = "start";

template <class T>
py::bytes bytes_of(std::span<const T> values) {
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// Takes the bytes where they are as many as wanted; a list is as long as they are.
template <class T>
bool take(std::string_view bytes, std::span<T> values) {
    if (bytes.size() != values.size_bytes()) return false;
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return true;
}
template <class T>
bool take(std::string_view bytes, std::vector<T>* values) {
    if (bytes.size() % sizeof(T) != 0) return false;
    values->resize(bytes.size() / sizeof(T));
    return take(bytes, std::span<T>(*values));
}
template <class T>
py::bytes bytes_of(const std::vector<T>* values) {
    return bytes_of(std::span<const T>(*values));
}
template <class T>
py::bytes bytes_of(std::span<T> values) {
    return bytes_of(std::span<const T>(values));
}

// Each array of plastic synapses that changes, and those of the places that they remember.
template <class Each>
void for_synapses(PlasticSynapses& p, const std::string& name, const Each& each) {
    each(name + "row_begin", p.row_begin);
    each(name + "live", p.live);
    each(name + "out_degree", p.out_degree);
    each(name + "source_low", p.source.low);
    each(name + "source_high", p.source.high);
    each(name + "log_size", p.log_size);
    each(name + "birth", p.birth);
    for (size_t k = 0; k < p.lost.size(); ++k)
        for_synapses(p.lost[k], fmt::format("{}lost_{}_", name, k), each);
}

template <class T>
bool take_all(std::string_view bytes, NeuronArray<T>& values) {
    return take(bytes, std::span<T>(values));
}
template <class T>
bool take_all(std::string_view bytes, std::vector<T>& values) {
    return take(bytes, &values);
}

CheckpointRows rows_of(Stepped& s) {
    CheckpointRows rows;
    s.sim.add_checkpoint_rows(rows);
    s.turnover.add_checkpoint_rows(rows, "turnover/");
    return rows;
}

std::string blockers_of(const Simulation& sim) {
    std::string names;
    for (const std::string& name : sim.pharmacology().blocker_names()) names += name + "\n";
    return names;
}

// What a memory without it may lack: of drugs that came later.
bool of_drugs(const std::string& name) {
    return name.starts_with("pharmacology/amount_") || name.starts_with("state/block_");
}

}  // namespace

Stepped::Stepped(Inputs inputs, int wanted)
    : threads(set_threads(wanted).threads), sim(std::move(inputs)), history(history_of(sim)) {}

void Stepped::step() {
    if (sim.done())
        fail(Exit::kUsage, "{}: error: is at its end, {}; make another Simulation, or give a longer duration",
             sim.scenario().name, time_text(sim.now()));
    set_threads(threads);  // OpenMP keeps the number by thread, and this may be another one
    sim.advance();
    turnover.follow(sim);
}

py::dict memory_of(Stepped& s) {
    py::dict memory;
    const CheckpointRows rows = rows_of(s);
    for (const CheckpointRow& row : rows.rows())
        std::visit([&](const auto& values) { memory[py::str(row.name)] = bytes_of(values); }, row.values);
    for (PlasticSynapses& p : rows.network()->plastic)
        for_synapses(p, "synapses/" + p.name + "/", [&](const std::string& name, const auto& values) {
            memory[py::str(name)] = bytes_of(std::span(values));
        });
    memory[kNetwork] = py::int_(constant_digest(s.sim.network()));
    memory[kStart] = py::int_(s.sim.scenario().start);
    memory["blockers"] = py::str(blockers_of(s.sim));
    return memory;
}

namespace {

// Throws where the inputs would have made another simulation up to now.
void need_same_past(Stepped& s, const py::dict& memory) {
    const std::string name = s.sim.scenario().name;
    if (!memory.contains(kNetwork) || memory[kNetwork].cast<u64>() != constant_digest(s.sim.network()))
        fail(
            Exit::kUsage,
            "{}: error: this changes the network itself, which a simulation has from its start; make another "
            "Simulation of a Scenario with it",
            name);
    if (memory[kStart].cast<Tick>() != s.sim.scenario().start)
        fail(Exit::kUsage, "{}: error: a simulation that has begun cannot begin at another time", name);
    if (!blockers_of(s.sim).starts_with(memory["blockers"].cast<std::string>()))
        fail(Exit::kUsage,
             "{}: error: a drug that blocks NMDA receptors, and that the scenario did not name, comes before "
             "others; name it in the scenario from the start, with its doses later",
             name);
}

}  // namespace

std::unique_ptr<Stepped> gone_on(Inputs inputs, int threads, const py::dict& memory, bool changed) {
    auto s = std::make_unique<Stepped>(std::move(inputs), threads);
    need_same_past(*s, memory);
    const auto bytes_for = [&](const std::string& row) -> std::optional<std::string_view> {
        if (!memory.contains(row.c_str())) return std::nullopt;
        return memory[row.c_str()].cast<std::string_view>();
    };
    const auto need = [&](bool taken, const std::string& row) {
        if (!taken)
            fail(Exit::kUsage, "{}: error: what this simulation remembers of {} does not fit these inputs",
                 s->sim.scenario().name, row);
    };
    const CheckpointRows rows = rows_of(*s);
    for (const CheckpointRow& row : rows.rows()) {
        const auto bytes = bytes_for(row.name);
        if (!bytes && of_drugs(row.name)) continue;
        need(bytes && std::visit([&](const auto& values) { return take(*bytes, values); }, row.values),
             row.name);
    }
    for (PlasticSynapses& p : rows.network()->plastic)
        for_synapses(p, "synapses/" + p.name + "/", [&](const std::string& row, auto& values) {
            const auto bytes = bytes_for(row);
            need(bytes && take_all(*bytes, values), row);
        });
    s->sim.restored_memory();
    if (changed) s->sim.changed_from_outside();
    return s;
}

}  // namespace respine
