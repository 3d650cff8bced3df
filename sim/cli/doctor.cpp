// respine doctor: what this installation is made of, what the machine gives it, and whether a run could be
// written here.

#include <fcntl.h>
#include <nlopt.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <boost/version.hpp>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include "sim/cli/commands.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/jobs/python.hpp"
#include "sim/jobs/threads.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"
#include "sim/system/machine.hpp"
#include "sim/system/sha256.hpp"
#include "sim/system/vector_width.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

constexpr double kLittleDisk = 1e9, kLittleMemory = 5e8;  // the demo needs less of each

// Lines of "name  value", and below them what should be done.
class Findings {
public:
    void tell(const std::string& name, const std::string& value) {
        text_ += fmt::format("{:<16} {}\n", name, value);
    }
    void advise(const std::string& what) { advice_ += "advice: " + what + "\n"; }
    void fails(const std::string& what) { failures_ += "respine doctor: fails: " + what + "\n"; }
    // Tells what `look` finds; its Error is what fails.
    void look(const std::string& name, const std::function<std::string()>& find) {
        try {
            tell(name, find());
        } catch (const std::exception& e) {
            tell(name, "fails");
            fails(e.what());
        }
    }
    std::string text() const {
        return text_ + (advice_.empty() && failures_.empty() ? "all is well\n" : advice_);
    }
    const std::string& failures() const { return failures_; }

private:
    std::string text_, advice_, failures_;
};

void look_at_program(Findings& f) {
    std::istringstream build(build_text());
    for (std::string line; std::getline(build, line);)
        f.tell(line.substr(0, line.find(' ')), line.substr(line.find(' ') + 1));
    int major = 0, minor = 0, patch = 0;
    nlopt_version(&major, &minor, &patch);
    f.tell("libraries",
           fmt::format(
               "yaml-cpp {}, Boost {}.{}.{}, fmt {}.{}.{}, CLI11 {}, nlohmann-json {}.{}.{}, NLopt {}.{}.{}",
               yaml_version_text(), BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100,
               FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100, CLI11_VERSION,
               NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH, major,
               minor, patch));
    f.look("program sha256", [] { return sha256_of_file(own_file()); });
    const size_t lanes = vector_lanes();
    f.tell("vectors", fmt::format("{}, {} floats at once",
                                  lanes == 16  ? "AVX-512"
                                  : lanes == 8 ? "AVX2"
                                               : "baseline",
                                  lanes));
}

void look_at_threads(Findings& f) {
    const Allowance allowed = processor_allowance();
    f.tell("processors", fmt::format("{} seen, {:g} allowed (by {})", sysconf(_SC_NPROCESSORS_ONLN),
                                     allowed.amount, allowed.set_by));
    f.look("threads of a run", [&] {
        const ThreadChoice choice = choose_threads(0);
        if (choice.threads > allowed.amount)
            f.advise(fmt::format(
                "{} threads ({}) share {:g} processors and wait for each other; give --threads {:.0f}",
                choice.threads, choice.source, allowed.amount, std::max(1.0, std::floor(allowed.amount))));
        return fmt::format("{} ({})", choice.threads, choice.source);
    });
    for (const char* name : {"OMP_WAIT_POLICY", "OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY"})
        if (const char* value = std::getenv(name)) f.tell(name, value);
}

void look_at_memory(Findings& f) {
    const Allowance memory = available_memory();
    f.tell("memory", fmt::format("{:.0f} MB can be had (by {})", memory.amount / kMegabyte, memory.set_by));
    if (memory.amount < kLittleMemory)
        f.advise("little memory: look at respine run SCENARIO --dry-run before a run");
}

void look_at_configs(Findings& f) {
    f.look("configs", [] {
        const size_t scenarios = names_of("scenarios").size();
        if (scenarios == 0)
            fail(Exit::kIo,
                 "{}: there are no scenarios; point RESPINE_CONFIGS to the configs folder of this version",
                 config_folder());
        load_inputs(load_scenario("demo-ketamine", {}));
        return fmt::format("{}, {} scenarios", config_folder(), scenarios);
    });
    f.look("configs sha256", [] { return sha256_of_folder(config_folder()); });
    const std::string used = python_program();
    const bool there = access(used.c_str(), X_OK) == 0;
    f.tell("python", used + (there ? "" : ", not there"));
    if (!there) f.advise(used + " is not there: no figures and reports; name another with RESPINE_PYTHON");
}

std::string new_file_in(const std::string& folder) {
    std::string path = folder + "/.respine-doctor-XXXXXX";
    const int fd = mkstemp(path.data());
    if (fd < 0)
        fail(Exit::kIo,
             "{}: a file cannot be made here: {}; go to a folder that you may write, or give run -o", folder,
             std::strerror(errno));
    close(fd);
    return path;
}

std::string try_hdf5(const std::string& path) {
    H5File made = H5File::create(path);
    const std::vector<float> values(100000, 1.0F);
    made.write_all<float>("/values", values, {{values.size()}, {}, false, {}}, {"1", "trial"});
    made.close();
    sync_file(path);
    if (H5File::open(path).read<float>("/values") != values)
        fail(Exit::kIo, "{}: what was written is read back differently", path);
    const char* locking = std::getenv("HDF5_USE_FILE_LOCKING");
    return std::string("written, synced and read back; HDF5_USE_FILE_LOCKING is ") +
           (locking ? locking : "not set");
}

std::string try_lock(const std::string& path, Findings& f) {
    const int one = ::open(path.c_str(), O_RDWR), other = ::open(path.c_str(), O_RDWR);
    const bool locked = ::flock(one, LOCK_EX | LOCK_NB) == 0;
    const int code = errno;
    const bool held = locked && ::flock(other, LOCK_EX | LOCK_NB) != 0;
    ::close(one);
    ::close(other);
    if (!locked)
        f.advise(
            fmt::format("this file system refuses locks ({}): never start two runs into one output; set "
                        "HDF5_USE_FILE_LOCKING=FALSE",
                        std::strerror(code)));
    else if (!held)
        f.advise("this file system grants a lock twice: never start two runs into one output");
    return held ? "kept" : locked ? "granted twice" : "refused";
}

void look_at_folder(Findings& f, const std::string& folder) {
    f.tell("folder", fs::absolute(folder).lexically_normal().string());
    struct statvfs disk {};
    if (statvfs(folder.c_str(), &disk) == 0) {
        const double free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
        f.tell("free disk", fmt::format("{:.0f} MB", free / kMegabyte));
        if (free < kLittleDisk) f.advise("little disk: look at respine run SCENARIO --dry-run before a run");
    }
    f.look("writing", [&] {
        const Scratch trial(new_file_in(folder));
        f.look("HDF5 here", [&] { return try_hdf5(trial.path()); });
        f.look("locks here", [&] { return try_lock(trial.path(), f); });
        return std::string("allowed");
    });
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
    const auto folder = std::make_shared<std::string>(".");
    app.add_option("--work", *folder,
                   "the folder where runs would be written; the current one when not given");
    app.callback([folder, &exit_code] {
        Findings f;
        look_at_program(f);
        look_at_threads(f);
        look_at_memory(f);
        look_at_configs(f);
        look_at_folder(f, *folder);
        std::cout << f.text();
        std::cerr << f.failures();
        if (!f.failures().empty()) exit_code = static_cast<int>(Exit::kIo);
    });
}

}  // namespace respine
