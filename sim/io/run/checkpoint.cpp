#include "sim/io/run/checkpoint.hpp"

#include <algorithm>
#include <fstream>

#include "sim/io/run/live_rows.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/run/seal.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/model/clock.hpp"
#include "sim/model/format_version.hpp"

namespace respine {

namespace {

constexpr const char* kCheckpointTitle = "respine checkpoint ";  // as seal.cpp begins it

// Empty rows for so many synapses of this rank's own neurons.
void make_rows(PlasticSynapses& p, const Partition& partition) {
    constexpr u32 kSpare = 8;
    RowBorders rows = row_borders(p, partition, kSpare);
    p.row_begin = std::move(rows.begin);
    p.source.resize(rows.places);
    for (auto* values : {&p.log_size, &p.birth}) values->assign(rows.places + kReadAhead, 0);
    p.out_degree = NeuronArray<u32>(p.out_degree.size());
}

}  // namespace

Checkpoint::Checkpoint(const std::string& path) {
    const int version = sealed_version(path);
    if (version > kCheckpointVersion) need_version(path, kCheckpointFormat, version, kCheckpointVersion);
    if (version > 0 && version < kCheckpointVersion)
        fail(
            Exit::kInput,
            "{}: error: {} version {}; this program resumes version {} alone, because the states of its runs "
            "are others. Resume with the program that began the run, or begin it again from the scenario in "
            "this file: respine upgrade {}",
            path, kCheckpointFormat, version, kCheckpointVersion, path);
    seal_ = check_seal(path);
    file_ = H5File::open(path);
    if (const std::string format = file_.text_attribute("/", "format"); format != kCheckpointFormat)
        fail(Exit::kInput, "{}: error: format is '{}'; a checkpoint is '{}'", path, format,
             kCheckpointFormat);
    const std::string release = file_.text_attribute("/meta", "version");
    need_version(path, kCheckpointFormat, file_.number_attribute("/", "format_version", 0.0),
                 kCheckpointVersion, release);
    if (release != version_text())
        fail(Exit::kInput,
             "{}: error: /meta version is respine {}; this is respine {}, whose bits may differ: resume with "
             "the program that began the run, or begin it again from the scenario in this file: respine "
             "upgrade {}",
             path, release, version_text(), path);
}

int sealed_version(const std::string& path) {
    need_regular(path);
    std::ifstream file(path, std::ios::binary);
    std::string line(std::string_view(kCheckpointTitle).size(), '\0');
    int version = 0;
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    return line == kCheckpointTitle && file >> version ? version : 0;
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
    if (part.text_attribute("/", "format") != "respine-run")
        fail(Exit::kInput, "{}: error: is not a run file; the run of {} cannot go on in it", part.path(),
             path());
    need_version(part.path(), "respine-run", part.number_attribute("/", "format_version", 0.0),
                 kFormatVersion, part.text_attribute("/meta", "version"));
    if (part.text_attribute("/meta", "scenario") != file_.text_attribute("/meta", "scenario"))
        fail(Exit::kInput, "{}: error: /meta scenario is '{}'; that of {} is another one", part.path(),
             part.text_attribute("/meta", "name"), path());
}

void Checkpoint::restore(Simulation& sim) const {
    if (const std::string found = file_.text_attribute("/meta", "network_digest"),
        built = network_digest(sim);
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
        const u64 synapses = read_synapses(p, network, sim.ranks());
        for (PlasticSynapses& lost : p.lost) read_lost(lost, p.most_lost, network, sim.ranks());
        if (network.on_spines(p)) spines += synapses;
        if (sim.state().live_of[k] != synapses)
            fail(Exit::kInput,
                 "{}: error: dataset /state/live_of: value {} is {}, but the rows hold {} synapses", path(),
                 k, sim.state().live_of[k], synapses);
    }
    if (sim.state().live != spines)
        fail(Exit::kInput, "{}: error: dataset /state/live is {}, but the rows hold {} spines", path(),
             sim.state().live, spines);
    check_times(sim);
    try {
        sim.restored_memory();
    } catch (const Error& e) {
        fail(e.code(), "{}: error: {}", path(), e.what());
    }
    sim.forget_scratch();
}

// Steps of structure reach from the past into the future, and none is longer than the clock allows.
void Checkpoint::check_times(const Simulation& sim) const {
    const State& s = sim.state();
    const Tick start = sim.scenario().start;
    const ClockParams clock = clock_of(sim.model(), sim.scenario());
    const auto step = static_cast<Tick>(clock.structural_step),
               longest = std::max(step, static_cast<Tick>(clock.longest_structural));
    const auto check = [&](const std::string& name, i64 value, i64 least, i64 most, const char* unit) {
        if (value < least || value > most)
            fail(Exit::kInput, "{}: error: dataset /state/{} is {} {}; it must lie in [{}, {}]", path(), name,
                 value, unit, least, most);
    };
    check("now", s.now, start, sim.scenario().end(), "s");
    check("structural_from", s.structural_from, start, s.now, "s");
    check("structural_due", s.structural_due, s.now + 1, s.structural_from + longest, "s");
    for (const u64 turned : s.turned)
        check("turned", static_cast<i64>(turned), 0, (s.now - start) / step, "steps");
}

void Checkpoint::read(const CheckpointRows& memory) const {
    for (const CheckpointRow& row : memory.rows()) {
        const std::string path = "/" + row.name;
        const auto check = [&]<class T>(std::span<const T> values, size_t first) {
            const auto bad =
                std::ranges::find_if(values, [&](T v) { return !row.range.holds(static_cast<double>(v)); });
            if (bad != values.end())
                fail(Exit::kInput, "{}: error: dataset {}: value {} is {}; it must lie in [{:g}, {:g}]",
                     file_.path(), path, first + static_cast<size_t>(bad - values.begin()), *bad,
                     row.range.least, row.range.most);
        };
        const auto read_into = [&]<class T>(std::span<T> wanted) {
            if (const size_t found = file_.size(path); found != wanted.size())
                fail(Exit::kInput, "{}: error: dataset {} has {} values; this run has {}", file_.path(), path,
                     found, wanted.size());
            const Slice all{0, static_cast<u32>(wanted.size())};
            for (const Slice s : row.shared ? std::span(row.known) : std::span(&all, 1)) {
                const std::span<T> part = wanted.subspan(s.first, s.size());
                if (part.empty()) continue;
                file_.read_block<T>(path, s.first, part);
                check(std::span<const T>(part), s.first);
            }
        };
        std::visit(
            [&](const auto& wanted) {
                if constexpr (std::is_pointer_v<std::decay_t<decltype(wanted)>>) {
                    using T = typename std::decay_t<decltype(*wanted)>::value_type;
                    *wanted = file_.read<T>(path);
                    check(std::span<const T>(*wanted), 0);
                } else {
                    read_into(wanted);
                }
            },
            row.values);
    }
}

// Each rank reads its own rows. Returns how many synapses there are in all.
u64 Checkpoint::read_synapses(PlasticSynapses& p, const Network& network, Ranks& ranks) const {
    const std::string group = checkpoint_group(p);
    read_live(p, network.partition);
    const LiveNumbers live = live_numbers(p, network.partition, ranks);
    for (const char* name : {"/source", "/log_size", "/birth"})
        if (const size_t found = file_.size(group + name); found != live.total)
            fail(Exit::kInput, "{}: error: dataset {}{} has {} values; the rows hold {} synapses", path(),
                 group, name, found, live.total);
    make_rows(p, network.partition);

    // Calls look(values, number of the first) and put(place, value) for the own rows, stretch by stretch.
    const auto read_staged = [&]<class T>(const std::string& name, T, const auto& look, const auto& put) {
        std::vector<T> staged(std::min<u64>(kStagedValues, live.total));
        for (const Slice own : live.own) {
            const u64 end = live.number[own.last];
            for (u64 first = live.number[own.first]; first < end; first += kStagedValues) {
                const std::span<T> part(staged.data(), std::min<u64>(kStagedValues, end - first));
                file_.read_block<T>(group + name, first, part);
                look(part, first);
                for_live(p, live, first, first + part.size(),
                         [&](u64 place, u64 k) { put(place, part[k - first]); });
            }
        }
    };
    const auto as_they_are = [](const auto&, u64) {};
    const auto counted = [&](std::span<const u32> sources, u64 first) {
        count_sources(sources, first, network.numbers, p);
    };
    read_staged("/source", u32{}, counted,
                [&](u64 place, u32 source) { p.source.set(place, network.numbers.in_rows(source)); });
    read_staged("/log_size", u16{}, as_they_are, [&](u64 place, u16 size) { p.log_size[place] = size; });
    read_staged("/birth", u16{}, as_they_are, [&](u64 place, u16 birth) { p.birth[place] = birth; });
    return live.total;
}

void Checkpoint::read_live(PlasticSynapses& p, const Partition& partition) const {
    const std::string dataset = checkpoint_group(p) + "/live";
    if (const size_t found = file_.size(dataset); found != p.live.size())
        fail(Exit::kInput, "{}: error: dataset {} has {} values; this run has {}", path(), dataset, found,
             p.live.size());
    for (const Slice s : partition.own(p.targets))
        file_.read_block<u32>(dataset, s.first, part_of(p.live, s));
}

// No row remembers more than it has places for.
void Checkpoint::read_lost(PlasticSynapses& lost, u32 most, const Network& network, Ranks& ranks) const {
    read_synapses(lost, network, ranks);
    for (const Slice s : network.partition.own(lost.targets))
        for (u32 i = s.first; i < s.last; ++i)
            if (lost.live[i] > most)
                fail(Exit::kInput, "{}: error: dataset {}/live: value {} is {}; it must lie in [0, {}]",
                     path(), checkpoint_group(lost), i, lost.live[i], most);
    repack_rows(lost, network.partition, most);
}

// Each must be a neuron that sends such synapses, and within the reach of these rows.
void Checkpoint::count_sources(std::span<const u32> sources, u64 first, const SourceNumbers& numbers,
                               PlasticSynapses& p) const {
    for (size_t k = 0; k < sources.size(); ++k) {
        if (sources[k] >= p.last_source)
            fail(Exit::kInput, "{}: error: dataset {}/source: value {} is {}; the sources are below {}",
                 path(), checkpoint_group(p), first + k, sources[k], p.last_source);
        const u32 number = numbers.in_rows(sources[k]);
        if (number == kNoNumber)
            fail(Exit::kInput, "{}: error: dataset {}/source: value {} is {}, out of reach of its target",
                 path(), checkpoint_group(p), first + k, sources[k]);
        ++p.out_degree[number];
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
