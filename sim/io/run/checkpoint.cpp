#include "sim/io/run/checkpoint.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "sim/io/run/live_rows.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/run/rank_errors.hpp"
#include "sim/io/run/seal.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"

namespace respine {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFormat = "respine-checkpoint";

template <class T>
std::span<T> span_of(std::span<T> values) {
    return values;
}
template <class T>
std::span<T> span_of(std::vector<T>* values) {
    return *values;
}

void write_rows(H5File& file, const CheckpointRows& memory) {
    for (const Remembered& row : memory.rows())
        std::visit(
            [&](const auto& values) {
                const auto span = span_of(values);
                using T = typename decltype(span)::element_type;
                file.write_all<T>("/" + row.name, span, {{span.size()}, {}, false, {}, true},
                                  {row.unit, row.name});
            },
            row.values);
}

// Empty rows for so many synapses of this rank's own neurons.
void make_rows(PlasticSynapses& p, const Partition& partition, const std::vector<u32>& live) {
    constexpr u32 kSpare = 8;
    std::fill(p.live.begin(), p.live.end(), 0U);
    for (const u32 g : p.targets)
        for (u32 i = partition.own(g).first; i < partition.own(g).last; ++i) p.live[i] = live[i];
    p.row_begin = row_borders(p, partition, kSpare);
    p.source.resize(p.row_begin.back());
    for (auto* values : {&p.log_size, &p.birth}) values->assign(p.row_begin.back() + kReadAhead, 0);
    p.out_degree.assign(p.last_source, 0);
}

std::string group_of(const PlasticSynapses& p) { return "/network/" + p.name; }

void write_synapses(H5File& file, const PlasticSynapses& p, Ranks& ranks) {
    const std::vector<u32> live = live_of_all(p, ranks);
    const std::vector<u64> offsets = live_offsets(live);
    file.write_all<u32>(group_of(p) + "/live", live, {{live.size()}, {}, false, {}, true},
                        {"count", "live synapses of each row"});
    const auto write = [&]<class T>(const std::string& name, T, const auto& value) {
        const std::string path = group_of(p) + "/" + name;
        file.create_dataset<T>(path, {{offsets.back()}, {}, false, {}, true},
                               {"1", name + " of each live synapse, row by row"});
        stage_live<T>(p, ranks, offsets, kStagedValues, value, [&](u64 first, std::span<const T> values) {
            file.write_block<T>(path, first, values);
        });
    };
    write("source", u32{}, [&](u64 at) { return static_cast<u32>(p.source[at]); });
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
    write_meta(file, kFormat, kCheckpointVersion, inputs, info);
    file.set_attribute("/meta", "kind", std::string(kind));
    fill(file);
    at_root(ranks, [&] {
        file.close();
        seal(fresh);
        put_in_place(fresh, path);
    });
}

std::string digest_text(const Simulation& sim) {
    return fmt::format("{:016x}", constant_digest(sim.network(), sim.ranks()));
}

}  // namespace

void write_checkpoint(const std::string& path, Simulation& sim, const CheckpointRows& recorder,
                      const RunInfo& info) {
    write_file(path, "run", sim.inputs(), info, sim.ranks(), [&](H5File& file) {
        CheckpointRows memory;
        sim.add_checkpoint_rows(memory);
        file.set_attribute("/meta", "network_digest", digest_text(sim));
        write_rows(file, memory);
        for (const PlasticSynapses& p : memory.network()->plastic) {
            write_synapses(file, p, sim.ranks());
            for (const PlasticSynapses& lost : p.lost) write_synapses(file, lost, sim.ranks());
        }
        write_rows(file, recorder);
    });
}

void write_cohort_checkpoint(const std::string& path, const Inputs& inputs, const CheckpointRows& cohort,
                             const RunInfo& info) {
    write_file(path, "cohort", inputs, info, alone(), [&](H5File& file) { write_rows(file, cohort); });
}

Checkpoint::Checkpoint(const std::string& path) {
    seal_ = check_seal(path);
    file_ = H5File::open(path);
    if (file_.text_attribute("/", "format") != kFormat ||
        file_.number_attribute("/", "format_version", 0.0) != kCheckpointVersion)
        fail(Exit::kInput, "{}: error: format is '{}' version {:g}; this program reads '{}' version {}", path,
             file_.text_attribute("/", "format"), file_.number_attribute("/", "format_version", 0.0), kFormat,
             kCheckpointVersion);
    if (const std::string version = file_.text_attribute("/meta", "version"); version != version_text())
        fail(Exit::kInput,
             "{}: error: /meta version is respine {}; this is respine {}, whose bits may differ: resume with "
             "the program that began the run",
             path, version, version_text());
}

bool Checkpoint::of_cohort() const { return file_.text_attribute("/meta", "kind") == "cohort"; }

Scenario Checkpoint::scenario() const { return scenario_in(file_); }

void Checkpoint::check_inputs(const Inputs& inputs) const {
    for (const std::string& name : other_inputs(file_, inputs))
        fail(Exit::kInput,
             "{}: error: /meta {} is not that of {}; a run goes on with the inputs it began with only",
             path(), name,
             name == "scenario" ? "scenario '" + inputs.scenario.name + "' as it is now"
                                : "its file as it is now");
}

void Checkpoint::check_same_run(const H5File& part) const {
    if (part.text_attribute("/", "format") != "respine-run" ||
        part.number_attribute("/", "format_version", 0.0) != kFormatVersion)
        fail(Exit::kInput,
             "{}: error: is not a run file of format version {}; the run of {} cannot go on in it",
             part.path(), kFormatVersion, path());
    if (part.text_attribute("/meta", "scenario") != file_.text_attribute("/meta", "scenario"))
        fail(Exit::kInput, "{}: error: /meta scenario is '{}'; that of {} is another one", part.path(),
             part.text_attribute("/meta", "name"), path());
}

void Checkpoint::restore(Simulation& sim) const {
    if (const std::string found = file_.text_attribute("/meta", "network_digest"), built = digest_text(sim);
        found != built)
        fail(Exit::kInput,
             "{}: error: /meta network_digest is {}, and the network built from the inputs has {}; was the "
             "network's file changed?",
             path(), found, built);
    CheckpointRows memory;
    sim.add_checkpoint_rows(memory);
    read(memory);
    Network& network = *memory.network();
    u64 spines = 0;
    for (size_t k = 0; k < network.plastic.size(); ++k) {
        PlasticSynapses& p = network.plastic[k];
        const u64 synapses = read_synapses(p, network.partition);
        for (PlasticSynapses& lost : p.lost) read_lost(lost, p.most_lost, network.partition);
        if (network.on_spines(p)) spines += synapses;
        if (sim.state().live_of[k] != synapses)
            fail(Exit::kInput,
                 "{}: error: dataset /state/live_of: value {} is {}, but the rows hold {} synapses", path(),
                 k, sim.state().live_of[k], synapses);
    }
    if (sim.state().live != spines)
        fail(Exit::kInput, "{}: error: dataset /state/live is {}, but the rows hold {} spines", path(),
             sim.state().live, spines);
    if (sim.now() < sim.scenario().start || sim.now() > sim.scenario().end())
        fail(Exit::kInput, "{}: error: dataset /state/now is {} s; the run lies in [{}, {}]", path(),
             sim.now(), sim.scenario().start, sim.scenario().end());
    sim.forget_scratch();
}

void Checkpoint::read(const CheckpointRows& memory) const {
    for (const Remembered& row : memory.rows()) {
        const std::string path = "/" + row.name;
        const auto read_row = [&]<class T>(std::vector<T> values) {
            const auto bad = std::find_if(values.begin(), values.end(),
                                          [&](T v) { return !row.range.holds(static_cast<double>(v)); });
            if (bad != values.end())
                fail(Exit::kInput, "{}: error: dataset {}: value {} is {}; it must lie in [{:g}, {:g}]",
                     file_.path(), path, bad - values.begin(), *bad, row.range.least, row.range.most);
            return values;
        };
        std::visit(
            [&](const auto& wanted) {
                if constexpr (std::is_pointer_v<std::decay_t<decltype(wanted)>>) {
                    *wanted =
                        read_row(file_.read<typename std::decay_t<decltype(*wanted)>::value_type>(path));
                } else {
                    const auto values =
                        read_row(file_.read<typename std::decay_t<decltype(wanted)>::value_type>(path));
                    if (values.size() != wanted.size())
                        fail(Exit::kInput, "{}: error: dataset {} has {} values; this run has {}",
                             file_.path(), path, values.size(), wanted.size());
                    std::copy(values.begin(), values.end(), wanted.begin());
                }
            },
            row.values);
    }
}

// Each rank reads its own rows. Returns how many synapses there are in all.
u64 Checkpoint::read_synapses(PlasticSynapses& p, const Partition& partition) const {
    const std::string group = group_of(p);
    const std::vector<u32> live = file_.read<u32>(group + "/live");
    if (live.size() != p.live.size())
        fail(Exit::kInput, "{}: error: dataset {}/live has {} values; this run has {}", path(), group,
             live.size(), p.live.size());
    const std::vector<u64> offsets = live_offsets(live);
    for (const char* name : {"/source", "/log_size", "/birth"})
        if (const size_t found = file_.size(group + name); found != offsets.back())
            fail(Exit::kInput, "{}: error: dataset {}{} has {} values; the rows hold {} synapses", path(),
                 group, name, found, offsets.back());

    make_rows(p, partition, live);

    // Calls look(values, number of the first) and put(place, value) for the own rows, stretch by stretch.
    const auto read_staged = [&]<class T>(const std::string& name, T, const auto& look, const auto& put) {
        std::vector<T> staged(std::min<u64>(kStagedValues, offsets.back()));
        for (const u32 g : p.targets) {
            const u64 end = offsets[partition.own(g).last];
            for (u64 first = offsets[partition.own(g).first]; first < end; first += kStagedValues) {
                const std::span<T> part(staged.data(), std::min<u64>(kStagedValues, end - first));
                file_.read_block<T>(group + name, first, part);
                look(part, first);
                for_live(p, offsets, first, first + part.size(),
                         [&](u64 place, u64 k) { put(place, part[k - first]); });
            }
        }
    };
    const auto as_they_are = [](const auto&, u64) {};
    const auto counted = [&](std::span<const u32> sources, u64 first) { count_sources(sources, first, p); };
    read_staged("/source", u32{}, counted, [&](u64 place, u32 source) { p.source.set(place, source); });
    read_staged("/log_size", u16{}, as_they_are, [&](u64 place, u16 size) { p.log_size[place] = size; });
    read_staged("/birth", u16{}, as_they_are, [&](u64 place, u16 birth) { p.birth[place] = birth; });
    return offsets.back();
}

// No row remembers more than it has places for.
void Checkpoint::read_lost(PlasticSynapses& lost, u32 most, const Partition& partition) const {
    read_synapses(lost, partition);
    for (size_t i = 0; i < lost.live.size(); ++i)
        if (lost.live[i] > most)
            fail(Exit::kInput, "{}: error: dataset {}/live: value {} is {}; it must lie in [0, {}]", path(),
                 group_of(lost), i, lost.live[i], most);
    repack_rows(lost, partition, most);
}

// Each must be a neuron that sends such synapses.
void Checkpoint::count_sources(std::span<const u32> sources, u64 first, PlasticSynapses& p) const {
    for (size_t k = 0; k < sources.size(); ++k) {
        if (sources[k] >= p.last_source)
            fail(Exit::kInput, "{}: error: dataset {}/source: value {} is {}; the sources are below {}",
                 path(), group_of(p), first + k, sources[k], p.last_source);
        ++p.out_degree[sources[k]];
    }
}

ResumePaths resume_paths(const std::string& file) {
    const std::string checkpoint = checkpoint_of(""), previous = previous_of(checkpoint), part = part_of("");
    for (const std::string& ending : {previous, checkpoint})
        if (file.ends_with(ending)) return {file.substr(0, file.size() - ending.size()), file};
    const std::string output = file.ends_with(part) ? file.substr(0, file.size() - part.size()) : file;
    return {output, checkpoint_of(output)};
}

}  // namespace respine
