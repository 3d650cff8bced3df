#include "sim/io/hdf5/differences.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace respine {

namespace {

constexpr std::string_view kOfExecution[] = {"version",       "build",        "threads", "thread_source",
                                             "ranks",         "command",      "host",    "started",
                                             "finished",      "wall_seconds", "resumes", "scenario_file",
                                             "network_sha256"};  // holds paths; the digests are compared
                                                                 // before the run

struct Contents {
    std::map<std::string, std::string> attributes;  // bytes by "/object@name"
    std::vector<std::string> datasets;              // sorted
};

Contents contents_of(const H5File& file) {
    Contents found;
    std::vector<H5Object> objects = file.objects();
    objects.insert(objects.begin(), {"/", true});
    for (const auto& [path, has_children] : objects) {
        for (const auto& [name, bytes] : file.attributes(path))
            if (path != "/meta" || std::ranges::count(kOfExecution, name) == 0)
                found.attributes[path + "@" + name] = bytes;
        if (!has_children && path != "/meta" && path != "/derived") found.datasets.push_back(path);
    }
    std::ranges::sort(found.datasets);
    return found;
}

}  // namespace

Differences differences(const H5File& one, const H5File& other) {
    const Contents first = contents_of(one), second = contents_of(other);
    Differences result{first.attributes.size() + first.datasets.size(), {}};
    for (const auto& [name, bytes] : first.attributes)
        if (const auto there = second.attributes.find(name);
            there == second.attributes.end() || there->second != bytes)
            result.names.push_back(name);
    for (const auto& [name, bytes] : second.attributes)
        if (!first.attributes.contains(name)) result.names.push_back(name);
    for (const std::string& name : first.datasets)
        if (!std::ranges::binary_search(second.datasets, name) || !one.same_values(name, other))
            result.names.push_back(name);
    std::ranges::set_difference(second.datasets, first.datasets, std::back_inserter(result.names));
    return result;
}

}  // namespace respine
