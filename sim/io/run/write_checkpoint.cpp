// The checkpoint as it is written: by the root, which every rank tells what it has.

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "sim/io/run/checkpoint.hpp"
#include "sim/io/run/live_rows.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/run/rank_errors.hpp"
#include "sim/io/run/seal.hpp"

namespace respine {

namespace fs = std::filesystem;

namespace {

template <class T>
std::span<T> span_of(std::span<T> values) {
    return values;
}
template <class T>
std::span<T> span_of(std::vector<T>* values) {
    return *values;
}

// Stretch by stretch: the root puts together what each rank has.
template <class T>
void write_shared(H5File& file, const std::string& path, std::span<const T> values,
                  std::span<const Slice> own, const About& about, Ranks& ranks) {
    file.create_dataset<T>(path, {{values.size()}, {}, false, {}, true}, about);
    for (size_t first = 0; first < values.size(); first += kStagedValues) {
        std::vector<T> stretch(std::min<size_t>(kStagedValues, values.size() - first));
        for (const Slice s : own) {
            const size_t from = std::max<size_t>(s.first, first),
                         to = std::min<size_t>(s.last, first + stretch.size());
            if (from < to)
                std::copy(values.begin() + static_cast<std::ptrdiff_t>(from),
                          values.begin() + static_cast<std::ptrdiff_t>(to),
                          stretch.begin() + static_cast<std::ptrdiff_t>(from - first));
        }
        ranks.merge_at_root(std::as_writable_bytes(std::span(stretch)));
        file.write_block<T>(path, first, stretch);
    }
}

void write_rows(H5File& file, const CheckpointRows& memory, Ranks& ranks) {
    for (const CheckpointRow& row : memory.rows())
        std::visit(
            [&](const auto& values) {
                const auto span = span_of(values);
                using T = typename decltype(span)::element_type;
                if (ranks.size() > 1 && row.shared)
                    write_shared<T>(file, "/" + row.name, span, row.own, {row.unit, row.name}, ranks);
                else
                    file.write_all<T>("/" + row.name, span, {{span.size()}, {}, false, {}, true},
                                      {row.unit, row.name});
            },
            row.values);
}

void write_synapses(H5File& file, const PlasticSynapses& p, const Network& network, Ranks& ranks) {
    const LiveNumbers live = live_numbers(p, network.partition, ranks);
    write_shared<u32>(file, checkpoint_group(p) + "/live", p.live, live.own,
                      {"count", "live synapses of each row"}, ranks);
    const auto write = [&]<class T>(const std::string& name, T, const auto& value) {
        const std::string path = checkpoint_group(p) + "/" + name;
        file.create_dataset<T>(path, {{live.total}, {}, false, {}, true},
                               {"1", name + " of each live synapse, row by row"});
        stage_live<T>(p, ranks, live, kStagedValues, value, [&](u64 first, std::span<const T> values) {
            file.write_block<T>(path, first, values);
        });
    };
    write("source", u32{}, [&](u64 at) { return network.numbers.neuron(p.source[at]); });
    write("log_size", u16{}, [&](u64 at) { return p.log_size[at]; });
    write("birth", u16{}, [&](u64 at) { return p.birth[at]; });
}

// Gives the finished file its name; the one that had it stays as the previous one.
void put_in_place(const std::string& fresh, const std::string& path) {
    if (fs::exists(path) && std::rename(path.c_str(), previous_of(path).c_str()) != 0)
        fail(Exit::kIo, "{}: error: cannot be renamed: {}", path, std::strerror(errno));
    if (std::rename(fresh.c_str(), path.c_str()) != 0)
        fail(Exit::kIo, "{}: error: cannot be renamed: {}", fresh, std::strerror(errno));
    sync_folder_of(path);
}

// The root alone writes; `fill` is called by all.
template <class Fill>
void write_file(const std::string& path, const char* kind, const Inputs& inputs, const RunInfo& info,
                Ranks& ranks, const Fill& fill) {
    const std::string fresh = path + ".new";
    H5File file = ranks.root() ? H5File::create(fresh, kSealBytes) : H5File::nowhere();
    write_meta(file, kCheckpointFormat, kCheckpointVersion, inputs, info);
    file.set_attribute("/meta", "kind", std::string(kind));
    fill(file);
    at_root(ranks, [&] {
        file.close();
        seal(fresh);
        put_in_place(fresh, path);
    });
}

}  // namespace

std::string checkpoint_group(const PlasticSynapses& p) { return "/network/" + p.name; }

std::string network_digest(const Simulation& sim) {
    return fmt::format("{:016x}", constant_digest(sim.network(), sim.ranks()));
}

void write_checkpoint(const std::string& path, Simulation& sim, const CheckpointRows& recorder,
                      const RunInfo& info) {
    write_file(path, "run", sim.inputs(), info, sim.ranks(), [&](H5File& file) {
        CheckpointRows memory;
        sim.add_checkpoint_rows(memory);
        file.set_attribute("/meta", "network_digest", network_digest(sim));
        write_rows(file, memory, sim.ranks());
        for (const PlasticSynapses& p : memory.network()->plastic) {
            const Network& network = sim.network();
            write_synapses(file, p, network, sim.ranks());
            for (const PlasticSynapses& lost : p.lost) write_synapses(file, lost, network, sim.ranks());
        }
        write_rows(file, recorder, sim.ranks());
    });
}

void write_cohort_checkpoint(const std::string& path, const Inputs& inputs, const CheckpointRows& cohort,
                             const RunInfo& info) {
    write_file(path, "cohort", inputs, info, alone(),
               [&](H5File& file) { write_rows(file, cohort, alone()); });
}

}  // namespace respine
