#include "analysis/bench/machine_state.hpp"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/system/machine.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

// Energy counters of whole sockets: intel-rapl:0, but not its parts intel-rapl:0:0.
std::vector<std::string> energy_files() {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator("/sys/class/powercap", none)) {
        const std::string name = entry.path().filename();
        if (name.starts_with("intel-rapl:") && std::count(name.begin(), name.end(), ':') == 1)
            found.push_back(entry.path() / "energy_uj");
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string line_after(const std::string& file, const std::string& key) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(key)) return line.substr(std::min(line.size(), line.find(':') + 2));
    return "";
}

std::string first_line(const std::string& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

double seconds_of(const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
}

}  // namespace

QuietWatch::QuietWatch() : begun_(now()) {}

QuietWatch::Ticks QuietWatch::now() {
    std::istringstream line(first_line("/proc/stat"));
    std::string cpu;
    double user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, soft = 0, stolen = 0;
    line >> cpu >> user >> nice >> system >> idle >> waiting >> irq >> soft >> stolen;
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    static const WallTime start = wall_now();
    const double tick = 1.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
    return {tick * (user + nice + system + irq + soft + stolen), tick * stolen,
            seconds_of(used.ru_utime) + seconds_of(used.ru_stime), seconds_since(start)};
}

QuietWatch::Shares QuietWatch::shares() const {
    const Ticks t = now();
    const double all =
        std::max(1e-9, t.wall - begun_.wall) * static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
    return {std::clamp((t.busy - begun_.busy - (t.own - begun_.own)) / all, 0.0, 1.0),
            std::clamp((t.stolen - begun_.stolen) / all, 0.0, 1.0)};
}

std::optional<double> joules_so_far() {
    static const std::vector<std::string> files = energy_files();
    double sum = 0.0;
    for (const std::string& file : files) {
        std::ifstream in(file);
        double micro = 0.0;
        if (!(in >> micro)) return std::nullopt;
        sum += 1e-6 * micro;
    }
    return files.empty() ? std::nullopt : std::optional(sum);
}

std::string why_no_joules() {
    if (joules_so_far()) return "";
    return energy_files().empty() ? "no RAPL counters in /sys/class/powercap"
                                  : "RAPL counters may be read by root only";
}

nlohmann::json machine_facts() {
    utsname system{};
    uname(&system);
    nlohmann::json caches = nlohmann::json::object();
    for (const auto& [level, name] : {std::pair{"L1", _SC_LEVEL1_DCACHE_SIZE},
                                      {"L2", _SC_LEVEL2_CACHE_SIZE},
                                      {"L3", _SC_LEVEL3_CACHE_SIZE}})
        if (const long bytes = sysconf(name); bytes > 0) caches[level] = bytes;
    return {{"processor", line_after("/proc/cpuinfo", "model name")},
            {"processors", sysconf(_SC_NPROCESSORS_ONLN)},
            {"allowed_processors", processor_allowance().amount},
            {"caches", caches},
            {"memory_bytes",
             static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE))},
            {"system", std::string(system.sysname) + " " + system.release + " " + system.machine}};
}

}  // namespace respine
