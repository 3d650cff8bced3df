#include "sim/io/checkpoint.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "sim/error.hpp"
#include "sim/io/live_rows.hpp"
#include "sim/io/provenance.hpp"
#include "sim/io/scenario_yaml.hpp"
#include "sim/io/seal.hpp"

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

void write_rows(H5File& file, const Memory& memory) {
    for (const Remembered& row : memory.rows())
        std::visit(
            [&](const auto& values) {
                const auto span = span_of(values);
                using T = typename decltype(span)::element_type;
                file.write_all<T>("/" + row.name, span, {{span.size()}, {}, false, {}, true}, {row.unit, row.name});
            },
            row.values);
}

void write_synapses(H5File& file, const Network& n) {
    const std::vector<u64> offsets = live_offsets(n);
    const auto write = [&]<class T>(const std::string& path, T, const auto& value) {
        file.create_dataset<T>(path, {{offsets.back()}, {}, false, {}, true}, {"1", path.substr(path.rfind('/') + 1) + " of each live synapse, row by row"});
        stage_live<T>(n, offsets, kStagedValues, value, [&](u64 first, std::span<const T> values) { file.write_block<T>(path, first, values); });
    };
    write("/network/source", u32{}, [&](u64 at) { return static_cast<u32>(n.source[at]); });
    write("/network/log_size", u16{}, [&](u64 at) { return n.log_size[at]; });
    write("/network/birth", u16{}, [&](u64 at) { return n.birth[at]; });
}

// Gives the finished file its name; the one that had it stays as the previous one.
void put_in_place(const std::string& fresh, const std::string& path) {
    if (fs::exists(path) && std::rename(path.c_str(), previous_of(path).c_str()) != 0)
        fail(Exit::kIo, "{}: error: cannot be renamed: {}", path, std::strerror(errno));
    if (std::rename(fresh.c_str(), path.c_str()) != 0) fail(Exit::kIo, "{}: error: cannot be renamed: {}", fresh, std::strerror(errno));
    sync_folder_of(path);
}

template <class Fill>
void write_file(const std::string& path, const char* kind, const Inputs& inputs, const RunInfo& info, const Fill& fill) {
    const std::string fresh = path + ".new";
    H5File file = H5File::create(fresh, kSealBytes);
    write_meta(file, kFormat, kCheckpointVersion, inputs, info);
    file.set_attribute("/meta", "kind", std::string(kind));
    file.set_attribute("/meta", "scenario_file", fs::absolute(inputs.scenario.file).lexically_normal().string());
    fill(file);
    file.close();
    seal(fresh);
    put_in_place(fresh, path);
}

std::string digest_text(const Network& network) { return fmt::format("{:016x}", constant_digest(network)); }

}  // namespace

void write_checkpoint(const std::string& path, Simulation& sim, const Memory& recorder, const RunInfo& info) {
    write_file(path, "run", sim.inputs(), info, [&](H5File& file) {
        Memory memory;
        sim.remember(memory);
        file.set_attribute("/meta", "network_digest", digest_text(sim.network()));
        write_rows(file, memory);
        write_synapses(file, *memory.network());
        write_rows(file, recorder);
    });
}

void write_cohort_checkpoint(const std::string& path, const Inputs& inputs, const Memory& cohort, const RunInfo& info) {
    write_file(path, "cohort", inputs, info, [&](H5File& file) { write_rows(file, cohort); });
}

Checkpoint::Checkpoint(const std::string& path) {
    check_seal(path);
    file_ = H5File::open(path);
    if (file_.text_attribute("/", "format") != kFormat || file_.number_attribute("/", "format_version", 0.0) != kCheckpointVersion)
        fail(Exit::kInput, "{}: error: format is '{}' version {:g}; this program reads '{}' version {}", path, file_.text_attribute("/", "format"),
             file_.number_attribute("/", "format_version", 0.0), kFormat, kCheckpointVersion);
    if (const std::string version = file_.text_attribute("/meta", "version"); version != version_text())
        fail(Exit::kInput, "{}: error: /meta version is respine {}; this is respine {}, whose bits may differ: resume with the program that began the run",
             path, version, version_text());
}

bool Checkpoint::of_cohort() const { return file_.text_attribute("/meta", "kind") == "cohort"; }

Scenario Checkpoint::scenario() const {
    try {
        YamlDocument document = parse_yaml(file_.text_attribute("/meta", "scenario"), file_.text_attribute("/meta", "scenario_file"));
        return read_scenario(std::move(document), {});
    } catch (const Error& e) {
        fail(Exit::kInput, "{}: error: /meta scenario cannot be used:\n{}", path(), e.what());
    }
}

void Checkpoint::check_inputs(const Inputs& inputs) const {
    for (const auto& [name, text] : input_texts(inputs))
        if (file_.text_attribute("/meta", name) != text)
            fail(Exit::kInput, "{}: error: /meta {} is not that of {}; a run goes on with the inputs it began with only", path(), name,
                 name == "scenario" ? "scenario '" + inputs.scenario.name + "' as it is now" : "its file as it is now");
}

void Checkpoint::check_same_run(const H5File& part) const {
    if (part.text_attribute("/", "format") != "respine-run" || part.number_attribute("/", "format_version", 0.0) != kFormatVersion)
        fail(Exit::kInput, "{}: error: is not a run file of format version {}; the run of {} cannot go on in it", part.path(), kFormatVersion, path());
    if (part.text_attribute("/meta", "scenario") != file_.text_attribute("/meta", "scenario"))
        fail(Exit::kInput, "{}: error: /meta scenario is '{}'; that of {} is another one", part.path(), part.text_attribute("/meta", "name"), path());
}

void Checkpoint::restore(Simulation& sim) const {
    if (const std::string found = file_.text_attribute("/meta", "network_digest"); found != digest_text(sim.network()))
        fail(Exit::kInput, "{}: error: /meta network_digest is {}, and the network built from the inputs has {}; was the network's file changed?", path(),
             found, digest_text(sim.network()));
    Memory memory;
    sim.remember(memory);
    read(memory);
    if (sim.now() < sim.scenario().start || sim.now() > sim.scenario().end())
        fail(Exit::kInput, "{}: error: dataset /state/now is {} s; the run lies in [{}, {}]", path(), sim.now(), sim.scenario().start, sim.scenario().end());
    if (sim.state().live != sim.network().live_synapses())
        fail(Exit::kInput, "{}: error: dataset /state/live is {}, but the rows hold {} synapses", path(), sim.state().live, sim.network().live_synapses());
    sim.forget_scratch();
}

void Checkpoint::read(const Memory& memory) const {
    for (const Remembered& row : memory.rows()) {
        const std::string path = "/" + row.name;
        const auto read_row = [&]<class T>(std::vector<T> values) {
            const auto bad = std::find_if(values.begin(), values.end(), [&](T v) { return !row.range.holds(static_cast<double>(v)); });
            if (bad != values.end())
                fail(Exit::kInput, "{}: error: dataset {}: value {} is {}; it must lie in [{:g}, {:g}]", file_.path(), path, bad - values.begin(), *bad,
                     row.range.least, row.range.most);
            return values;
        };
        std::visit(
            [&](const auto& wanted) {
                if constexpr (std::is_pointer_v<std::decay_t<decltype(wanted)>>) {
                    *wanted = read_row(file_.read<typename std::decay_t<decltype(*wanted)>::value_type>(path));
                } else {
                    const auto values = read_row(file_.read<typename std::decay_t<decltype(wanted)>::value_type>(path));
                    if (values.size() != wanted.size())
                        fail(Exit::kInput, "{}: error: dataset {} has {} values; this run has {}", file_.path(), path, values.size(), wanted.size());
                    std::copy(values.begin(), values.end(), wanted.begin());
                }
            },
            row.values);
    }
    if (memory.network()) read_synapses(*memory.network());
}

namespace {

// Rows must be in order, hold their synapses, and not claim more room than a run ever gives them.
void check_borders(const std::string& file, const Network& n) {
    constexpr u64 kRoom = 64;  // places a live synapse or a row, far above what repacking leaves
    const u64 most = kRoom * (n.live_synapses() + n.live.size() + 1);
    for (size_t i = 0; i < n.live.size(); ++i)
        if (n.row_begin[i] > n.row_begin[i + 1] || n.row_begin[i + 1] - n.row_begin[i] < n.live[i] || n.row_begin[i + 1] > most || n.row_begin[i + 1] % kRowStride != 0)
            fail(Exit::kInput, "{}: error: dataset /network/row_begin: row {} is [{}, {}) for {} synapses; rows must follow each other in whole strides of {} and hold them",
                 file, i, n.row_begin[i], n.row_begin[i + 1], n.live[i], kRowStride);
    if (n.row_begin[0] != 0) fail(Exit::kInput, "{}: error: dataset /network/row_begin: begins with {}; it must begin with 0", file, n.row_begin[0]);
}

}  // namespace

void Checkpoint::read_synapses(Network& n) const {
    check_borders(path(), n);
    const std::vector<u64> offsets = live_offsets(n);
    const auto read_staged = [&]<class T>(const std::string& name, T, const auto& put) {
        if (const auto extent = file_.extent(name); extent != std::vector<hsize_t>{offsets.back()})
            fail(Exit::kInput, "{}: error: dataset {} has {} values; the rows hold {} synapses", path(), name, extent.empty() ? 0 : extent[0], offsets.back());
        std::vector<T> staged(std::min<u64>(kStagedValues, offsets.back()));
        for (u64 first = 0; first < offsets.back(); first += kStagedValues) {
            const std::span<T> part(staged.data(), std::min<u64>(kStagedValues, offsets.back() - first));
            file_.read_block<T>(name, first, part);
            put(first, part);
        }
    };
    const auto fill = [&](auto& rows) {
        rows.resize(n.row_begin.back());
        return [&](u64 first, const auto& part) { for_live(n, offsets, first, first + part.size(), [&](u64 place, u64 k) {
                if constexpr (requires { rows.set(place, part[k - first]); })  // ids that are packed
                    rows.set(place, part[k - first]);
                else
                    rows[place] = part[k - first];
            }); };
    };
    std::vector<u32> found(n.excitatory, 0);
    const auto fill_sources = fill(n.source);
    read_staged("/network/source", u32{}, [&](u64 first, std::span<const u32> part) {
        for (size_t k = 0; k < part.size(); ++k) {
            if (part[k] >= n.excitatory)
                fail(Exit::kInput, "{}: error: dataset /network/source: value {} is {}; the excitatory neurons are below {}", path(), first + k, part[k],
                     n.excitatory);
            ++found[part[k]];
        }
        fill_sources(first, part);
    });
    read_staged("/network/log_size", u16{}, fill(n.log_size));
    read_staged("/network/birth", u16{}, fill(n.birth));
    const auto [wanted, counted] = std::mismatch(n.out_degree.begin(), n.out_degree.end(), found.begin());
    if (wanted != n.out_degree.end())
        fail(Exit::kInput, "{}: error: dataset /network/out_degree: value {} is {}, but it is the source of {} synapses", path(), wanted - n.out_degree.begin(),
             *wanted, *counted);
}

ResumePaths resume_paths(const std::string& file) {
    const std::string checkpoint = checkpoint_of(""), previous = previous_of(checkpoint), part = part_of("");
    for (const std::string& ending : {previous, checkpoint})
        if (file.ends_with(ending)) return {file.substr(0, file.size() - ending.size()), file};
    const std::string output = file.ends_with(part) ? file.substr(0, file.size() - part.size()) : file;
    return {output, checkpoint_of(output)};
}

}  // namespace respine
