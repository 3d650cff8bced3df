#include "sim/model/network_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

namespace respine {

namespace {

double sum_of(const auto& shares) { return std::accumulate(shares.begin(), shares.end(), 0.0); }

// Names of datasets and series are made from it.
bool is_plain(const std::string& name) {
    return std::all_of(name.begin(), name.end(),
                       [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

// What the keys of one population cannot be together.
void check_population(const PopulationSpec& p, const auto& add) {
    for (const std::string& name : {p.name, p.region})
        if (!is_plain(name)) add("'{}' names series of the run file: write letters, digits, _ and -", name);
    if (std::find(kCellTypeSuffixes.begin(), kCellTypeSuffixes.end(), p.name) != kCellTypeSuffixes.end())
        add("population {}: rate_{} is the rate of a cell type; write another name", p.name, p.name);
    for (const std::string_view taken : {"excess", "supply", "sd", "quantiles"})  // bdnf_sd is a series
        if (p.region == taken)
            add("population {}: bdnf_{} is another series; write another name of its region", p.name, taken);
    if (std::fabs(sum_of(p.types) - 1.0) > 1e-9)
        add("population {}: the shares of the cell types sum to {:g}, not 1", p.name, sum_of(p.types));
    if (p.excitatory() && p.types[static_cast<size_t>(CellType::kE)] < 1.0)
        add("population {} mixes E with inhibitory types", p.name);
    if (p.trait && *p.trait == (p.excitatory() ? Trait::kInhibitory : Trait::kExcitatory))
        add("population {}: cells of its types are not {}", p.name, word_of(*p.trait));
    if (p.mix && std::fabs(sum_of(*p.mix) - 1.0) > 1e-6)
        add("population {}: the shares of the subunits sum to {:g}, not 1", p.name, sum_of(*p.mix));
}

// What it cannot be beside those before it.
void check_beside(const NetworkSpec& spec, size_t place, const auto& add) {
    const PopulationSpec& p = spec.populations[place];
    const bool several_regions = spec.kind == NetworkKind::kSheet || spec.counted();
    for (size_t k = 0; k < place; ++k) {
        const PopulationSpec& other = spec.populations[k];
        if (other.name == p.name) add("there are two populations {}", p.name);
        if (k + 1 == place && other.region.empty() != p.region.empty())
            add("population {} has a region and {} has none; all have one, or none has",
                p.region.empty() ? other.name : p.name, p.region.empty() ? p.name : other.name);
        if (other.region != p.region && !several_regions)
            add("population {}: a network of kind {} has one region; a sheet or a microcircuit may have more",
                p.name, word_of(spec.kind));
        for (size_t t = 0; spec.kind == NetworkKind::kFile && t < kCellTypes; ++t)
            if (p.types[t] > 0.0 && other.types[t] > 0.0)
                add("populations {} and {} both have {} cells; kind file has one population of a type",
                    other.name, p.name, kCellTypeNames[t]);
    }
}

// What a projection onto a population cannot be.
void check_projection(const NetworkSpec& spec, const ProjectionSpec& p, const auto& add) {
    if (p.structure == Structure::kPlastic && spec.kind != NetworkKind::kFile &&
        spec.indegree[p.target][p.source] == 0.0)
        add("the projection from {} to {} is plastic and has no in-degree", p.source_name, p.target_name);
    if (p.weight && p.weighs_per_rate == spec.counted())
        add("the projection from {} to {}: its weight is {}, as those in 'weights'", p.source_name,
            p.target_name, spec.counted() ? "a multiple of recurrent_weight, without a unit" : "in 1/Hz");
    if (p.reach == Reach::kNear && spec.populations[p.source].region != spec.populations[p.target].region)
        add("the projection from {} to {} leads to another region, where no partner is near; leave "
            "'partners' "
            "out",
            p.source_name, p.target_name);
}

// Where a scenario says how many neurons there are, they are shared out.
void check_shares(const NetworkSpec& spec, const auto& add) {
    double sum = 0.0;
    for (const PopulationSpec& p : spec.populations) sum += p.share;
    if (!spec.counted() && spec.kind != NetworkKind::kFile && std::fabs(sum - 1.0) > 1e-6)
        add("the shares of the populations sum to {:g}, not 1", sum);
}

void check_sends_nothing(const NetworkSpec& spec, size_t source, const auto& add) {
    for (size_t t = 0; t < spec.populations.size(); ++t)
        if (spec.weight[t][source] > 0.0 || spec.indegree[t][source] > 0.0)
            add("population {} has trait none, but a weight or in-degree onto {}",
                spec.populations[source].name, spec.populations[t].name);
}

}  // namespace

std::vector<std::string> NetworkSpec::regions() const {
    std::vector<std::string> names;
    for (const PopulationSpec& p : populations)
        if (std::find(names.begin(), names.end(), p.region) == names.end()) names.push_back(p.region);
    return names;
}

Structure NetworkSpec::structure_of(size_t target, size_t source) const {
    const PopulationSpec &to = populations[target], &from = populations[source];
    Structure found = to.excitatory() && from.excitatory() && to.region == from.region ? Structure::kPlastic
                                                                                       : Structure::kFixed;
    for (const ProjectionSpec& p : projections)
        if (p.target == target && p.source == source) found = p.structure.value_or(found);
    return found;
}

std::vector<Contradiction> contradictions_in(const NetworkSpec& spec) {
    std::vector<Contradiction> found;
    for (size_t k = 0; k < spec.populations.size(); ++k) {
        const auto add = [&]<class... Values>(fmt::format_string<Values...> text, Values&&... values) {
            found.push_back({k, fmt::format(text, std::forward<Values>(values)...)});
        };
        check_population(spec.populations[k], add);
        check_beside(spec, k, add);
        if (spec.populations[k].trait == Trait::kNone) check_sends_nothing(spec, k, add);
        for (const ProjectionSpec& p : spec.projections)
            if (p.target == k && p.source < spec.populations.size()) check_projection(spec, p, add);
        if (k + 1 == spec.populations.size()) check_shares(spec, add);
    }
    return found;
}

}  // namespace respine
