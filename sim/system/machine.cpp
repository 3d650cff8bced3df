#include "sim/system/machine.hpp"

#include <omp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <vector>

#include "sim/model/error.hpp"

namespace respine {

namespace {

const std::string kGroups = "/sys/fs/cgroup";

std::optional<double> first_number(const std::string& path) {
    std::ifstream in(path);
    double value = 0.0;
    return in >> value ? std::optional(value) : std::nullopt;
}

// The number after `key` in a file of lines "key number" or "key: number".
std::optional<double> number_after(const std::string& path, const std::string& key) {
    std::ifstream in(path);
    for (std::string word; in >> word;) {
        if (word != key && word != key + ":") continue;
        double value = 0.0;
        return in >> value ? std::optional(value) : std::nullopt;
    }
    return std::nullopt;
}

// Folders of this process's control group for a controller ("" for version 2) and of all groups around it.
// Inside a container the path may not be visible; its own group is then at the root.
std::vector<std::string> group_folders(const std::string& controller) {
    std::ifstream in("/proc/self/cgroup");
    std::vector<std::string> folders;
    for (std::string line; std::getline(in, line);) {
        const size_t first = line.find(':'), second = line.find(':', first + 1);
        if (first == line.npos || second == line.npos) continue;
        const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
        if (names != "," + controller + "," &&
            (controller.empty() || names.find("," + controller + ",") == names.npos))
            continue;
        const std::string root = kGroups + (controller.empty() ? "" : "/" + controller);
        for (std::string path = line.substr(second + 1); path.size() > 1; path.resize(path.rfind('/')))
            folders.push_back(root + path);
        folders.push_back(root);
    }
    return folders;
}

void take_least(Allowance& least, std::optional<double> amount, const std::string& set_by) {
    if (amount && *amount < least.amount) least = {std::max(0.0, *amount), set_by};
}

// Of a limit, what is left; files that the kernel only keeps at hand count as free.
std::optional<double> left_of(std::optional<double> limit, std::optional<double> used,
                              std::optional<double> reclaimable) {
    constexpr double kUnlimited = 1e18;
    if (!limit || !used || *limit > kUnlimited) return std::nullopt;
    return *limit - *used + reclaimable.value_or(0.0);
}

std::optional<double> left_of_resource(int resource, size_t column) {
    rlimit limit{};
    if (getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return std::nullopt;
    std::ifstream in("/proc/self/statm");
    double pages = 0.0;
    for (size_t k = 0; k <= column; ++k) in >> pages;
    return static_cast<double>(limit.rlim_cur) - pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::string host_name() {
    char name[256] = "";
    gethostname(name, sizeof name - 1);
    return name;
}

Allowance available_memory() {
    constexpr size_t kAddressSpace = 0, kData = 5;  // columns of statm
    Allowance least{std::numeric_limits<double>::infinity(), "nothing"};
    if (const auto kilobytes = number_after("/proc/meminfo", "MemAvailable"))
        take_least(least, *kilobytes * 1024.0, "the memory of this machine");
    take_least(least, left_of_resource(RLIMIT_AS, kAddressSpace), "ulimit -v");
    take_least(least, left_of_resource(RLIMIT_DATA, kData), "ulimit -d");
    for (const std::string& folder : group_folders(""))
        take_least(least,
                   left_of(first_number(folder + "/memory.max"), first_number(folder + "/memory.current"),
                           number_after(folder + "/memory.stat", "inactive_file")),
                   "the control group");
    for (const std::string& folder : group_folders("memory"))
        take_least(least,
                   left_of(first_number(folder + "/memory.limit_in_bytes"),
                           first_number(folder + "/memory.usage_in_bytes"),
                           number_after(folder + "/memory.stat", "total_inactive_file")),
                   "the control group");
    return least;
}

cpu_set_t allowed_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int place = 0; place < omp_get_num_places(); ++place) {
        std::vector<int> processors(static_cast<size_t>(omp_get_place_num_procs(place)));
        omp_get_place_proc_ids(place, processors.data());
        for (const int p : processors) CPU_SET(static_cast<size_t>(p), &set);
    }
    if (CPU_COUNT(&set) == 0 && sched_getaffinity(0, sizeof set, &set) != 0) CPU_SET(0, &set);
    return set;
}

void unbind_this_thread() {
    const cpu_set_t allowed = allowed_processors();
    sched_setaffinity(0, sizeof allowed, &allowed);
}

Allowance processor_allowance() {
    const cpu_set_t allowed = allowed_processors();
    Allowance least{static_cast<double>(CPU_COUNT(&allowed)), "affinity"};
    const auto share = [](std::optional<double> quota, std::optional<double> period) {
        return quota && period && *quota > 0.0 && *period > 0.0 ? std::optional(*quota / *period)
                                                                : std::nullopt;
    };
    for (const std::string& folder : group_folders("")) {
        std::ifstream in(folder + "/cpu.max");
        double quota = 0.0, period = 0.0;
        if (in >> quota >> period) take_least(least, share(quota, period), "the control group");
    }
    for (const std::string& folder : group_folders("cpu"))
        take_least(
            least,
            share(first_number(folder + "/cpu.cfs_quota_us"), first_number(folder + "/cpu.cfs_period_us")),
            "the control group");
    return least;
}

double peak_memory() { return number_after("/proc/self/status", "VmHWM").value_or(0.0) * 1024.0; }

void need_memory(double bytes, const std::string& what, const std::string& advice) {
    const Allowance there = available_memory();
    if (bytes > there.amount)
        fail(Exit::kNumerical,
             "{}: error: not enough memory: about {:.0f} MB are needed, and {:.0f} MB can be had (by {}); {}",
             what, bytes / 1e6, there.amount / 1e6, there.set_by, advice);
}

}  // namespace respine
