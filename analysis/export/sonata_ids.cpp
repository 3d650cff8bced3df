#include "analysis/export/sonata_ids.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>

namespace respine {

namespace {

// False unless it is `population/number`.
bool split_id(const std::string& id, std::string& population, u64& number) {
    const size_t slash = id.rfind('/');
    if (slash == std::string::npos || slash == 0) return false;
    population = id.substr(0, slash);
    const char* const end = id.data() + id.size();
    const auto read = std::from_chars(id.data() + slash + 1, end, number);
    return read.ec == std::errc() && read.ptr == end && population.find('/') == std::string::npos;
}

}  // namespace

SonataIds sonata_ids(const std::vector<std::string>& ids) {
    SonataIds out{{}, std::vector<u64>(ids.size()), std::vector<u32>(ids.size(), 0), !ids.empty()};
    std::vector<std::string> name(ids.size());
    std::map<std::string, u32> number;  // populations by name
    for (size_t i = 0; i < ids.size(); ++i) out.kept = out.kept && split_id(ids[i], name[i], out.node_id[i]);
    if (!out.kept) {
        std::fill(name.begin(), name.end(), "neurons");
        std::iota(out.node_id.begin(), out.node_id.end(), u64{0});
    }
    for (const std::string& n : name) number.emplace(n, 0);
    for (auto& [n, k] : number) {
        k = static_cast<u32>(out.populations.size());
        out.populations.push_back({n, {}});
    }
    for (u32 i = 0; i < ids.size(); ++i) {
        out.population[i] = number[name[i]];
        out.populations[out.population[i]].neurons.push_back(i);
    }
    for (SonataPopulation& p : out.populations)
        std::stable_sort(p.neurons.begin(), p.neurons.end(),
                         [&](u32 a, u32 b) { return out.node_id[a] < out.node_id[b]; });
    return out;
}

}  // namespace respine
