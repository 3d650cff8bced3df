#include "sim/io/run/output.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <sstream>

#include "sim/io/hdf5/journal.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/model/error.hpp"
#include "sim/system/files.hpp"
#include "sim/system/machine.hpp"

namespace respine {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDigests = "network_sha256";

// As sha256sum prints and checks it.
std::string digests_text(const GraphFile& graph) {
    std::string text;
    for (const SourceFile& file : graph.files)
        text += fmt::format("{}  {}\n", file.sha256, fs::absolute(file.path).lexically_normal().string());
    return text;
}

}  // namespace

std::string now_text() {
    const std::time_t now = std::time(nullptr);
    char text[32];
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

void remove_checkpoints(const std::string& output) {
    const std::string checkpoint = checkpoint_of(output);
    std::error_code ignored;
    for (const std::string& path : {checkpoint, previous_of(checkpoint), checkpoint + ".new"})
        fs::remove(path, ignored);
    remove_journal(part_of(output));
}

// Who sees the output appear under its name may open it at once, which takes a lock to read.
void Claim::let_read() const { ::flock(fd_, LOCK_SH); }

void Claim::release() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

// A file system without locks refuses nothing here; there the .part file itself is the only sign.
void Claim::lock(const std::string& part) const {
    const bool taken = ::flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    struct stat mine {
    }, there{};
    const bool moved = ::fstat(fd_, &mine) != 0 || ::stat(part.c_str(), &there) != 0 ||
                       mine.st_ino != there.st_ino;  // finished meanwhile
    if (taken || moved)
        fail(Exit::kIo, "{}: error: exists: another run writes this output now; give another -o", part);
}

Claim Claim::fresh(const std::string& output, bool force) {
    const fs::path target(output);
    if (fs::is_directory(target)) fail(Exit::kIo, "{}: error: is a folder", output);
    if (fs::exists(target) && !fs::is_regular_file(target))
        fail(Exit::kIo, "{}: error: is a pipe or a device; name a file", output);
    if (fs::exists(target) && !force)
        fail(Exit::kIo, "{}: error: exists already; give another -o, or --force to replace it", output);
    need_folder_of(output);
    const std::string part = part_of(output), checkpoint = checkpoint_of(output);
    int fd = ::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    const bool old = fd < 0 && errno == EEXIST;
    if (old) fd = ::open(part.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    Claim claim(fd);
    if (fd < 0) fail(Exit::kIo, "{}: error: cannot be written{}", part, write_problem(errno));
    claim.lock(part);
    if (force) {
        remove_checkpoints(output);
    } else if (fs::exists(checkpoint)) {
        if (!old) fs::remove(part);
        fail(Exit::kIo,
             "{}: error: exists: a run was stopped here; go on with: respine run --resume {}, or replace it "
             "with --force",
             checkpoint, checkpoint);
    } else if (old) {
        fail(Exit::kIo,
             "{}: error: exists: a run was stopped here, without a checkpoint; --force replaces it", part);
    }
    return claim;
}

Claim Claim::of_stopped_run(const std::string& output) {
    const std::string part = part_of(output);
    Claim claim(::open(part.c_str(), O_RDWR | O_CLOEXEC));
    if (claim.fd_ < 0) {
        const int code = errno;
        fail(code == ENOENT ? Exit::kInput : Exit::kIo, "{}: error: {}; a resumed run goes on in it", part,
             std::strerror(code));
    }
    claim.lock(part);
    return claim;
}

std::vector<std::pair<std::string, std::string>> input_texts(const Inputs& inputs) {
    std::vector<std::pair<std::string, std::string>> texts = {{"scenario", resolved_inputs(inputs)}};
    for (const Drug& d : inputs.drugs) texts.emplace_back("drug_" + d.name, d.text);
    texts.emplace_back("network_" + inputs.network.name, inputs.network.text);
    return texts;
}

Scenario scenario_in(const H5File& file) {
    try {
        YamlDocument document = parse_yaml(file.text_attribute("/meta", "scenario"),
                                           file.text_attribute("/meta", "scenario_file"));
        return read_scenario(std::move(document), {});
    } catch (const Error& e) {
        fail(Exit::kInput, "{}: error: /meta scenario cannot be used:\n{}", file.path(), e.what());
    }
}

std::vector<std::string> other_inputs(const H5File& file, const Inputs& inputs) {
    std::vector<std::string> names;
    for (const auto& [name, text] : input_texts(inputs))
        if (file.text_attribute("/meta", name) != text) names.push_back(name);
    for (const std::string& path : changed_network_files(file, inputs))
        names.push_back(fmt::format("{} ({})", kDigests, path));
    return names;
}

std::vector<std::string> changed_network_files(const H5File& file, const Inputs& inputs) {
    std::istringstream lines(file.text_attribute("/meta", kDigests));  // older files have none
    std::vector<std::string> changed;
    size_t k = 0;
    for (std::string line; std::getline(lines, line); ++k) {
        const std::string digest = line.substr(0, line.find(' '));
        if (!inputs.graph || k >= inputs.graph->files.size())
            changed.push_back(line.substr(std::min(line.size(), digest.size() + 2)));
        else if (inputs.graph->files[k].sha256 != digest)
            changed.push_back(inputs.graph->files[k].path);
    }
    for (; k > 0 && inputs.graph && k < inputs.graph->files.size(); ++k)
        changed.push_back(inputs.graph->files[k].path);
    return changed;
}

void write_meta(H5File& file, const std::string& format, int version, const Inputs& inputs,
                const RunInfo& info) {
    file.set_attribute("/", "format", format);
    file.set_attribute("/", "format_version", static_cast<i64>(version));
    file.make_group("/meta");
    file.set_attribute("/meta", "name", inputs.scenario.name);
    file.set_attribute("/meta", "title", inputs.scenario.title);
    file.set_attribute("/meta", "seed", fmt::format("{}", inputs.scenario.seed));
    file.set_attribute("/meta", "model", inputs.model.name);
    for (const auto& [name, text] : input_texts(inputs)) file.set_attribute("/meta", name, text);
    if (inputs.graph) file.set_attribute("/meta", kDigests, digests_text(*inputs.graph));
    file.set_attribute("/meta", "disclaimer",
                       std::string("A research and teaching model of mechanisms; never medical advice."));
    // Attributes from here on describe the execution; they differ between runs with equal results.
    file.set_attribute("/meta", "started", now_text());
    file.set_attribute("/meta", "scenario_file",
                       fs::absolute(inputs.scenario.file).lexically_normal().string());
    write_execution(file, info);
}

void write_execution(H5File& file, const RunInfo& info) {
    file.set_attribute("/meta", "version", version_text());
    file.set_attribute("/meta", "build", build_text());
    file.set_attribute("/meta", "threads", static_cast<i64>(info.threads));
    file.set_attribute("/meta", "thread_source", info.thread_source);
    file.set_attribute("/meta", "ranks", static_cast<i64>(info.ranks));
    file.set_attribute("/meta", "command", info.command);
    file.set_attribute("/meta", "host", host_name());
    file.set_attribute("/meta", "exit_status", std::string("running"));
    file.set_attribute("/meta", "complete", static_cast<i64>(0));
}

void close_and_rename(H5File& file, Claim& claim, const std::string& output, bool replace) {
    file.set_attribute("/meta", "finished", now_text());
    file.set_attribute("/meta", "exit_status", std::string("ok"));
    file.set_attribute("/meta", "complete", static_cast<i64>(1));
    file.close();
    claim.let_read();
    give_name(output, replace);
    claim.release();
}

}  // namespace respine
