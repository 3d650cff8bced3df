#include "sim/observables.hpp"

#include <algorithm>

#include "kernels/ordered_sum.hpp"
#include "kernels/readout.hpp"

namespace respine {

namespace {

// Dissociation and blood pressure follow the sum over NMDA blockers of arterial levels.
double arterial_level(const Simulation& s) {
    double level = 0.0;
    for (size_t d = 0; d < s.pharmacology().drugs().size(); ++d)
        if (const Drug& drug = s.pharmacology().drugs()[d];
            drug.nmda && drug.targets[static_cast<size_t>(Target::kRestingNmda)])
            level += s.pharmacology().levels(d).plasma;
    return level;
}

}  // namespace

bool Turnover::follow(const Simulation& sim) {
    if (sim.effort().structural_steps == structural_seen) return false;
    structural_seen = sim.effort().structural_steps;
    const State& state = sim.state();
    formed += static_cast<double>(state.formed);
    lost += static_cast<double>(state.lost);
    synapse_days += static_cast<double>(state.live) * state.structural_days;
    return true;
}

void Turnover::close() {
    if (synapse_days <= 0.0) return;
    formation_rate = formed / synapse_days;
    elimination_rate = lost / synapse_days;
    formed = lost = synapse_days = 0.0;
}

void Turnover::remember(Memory& memory, const std::string& prefix) {
    memory.number(prefix + "structural_seen", "count", structural_seen);
    for (const auto& [name, value] : {std::pair{"formed", &formed},
                                      {"lost", &lost},
                                      {"synapse_days", &synapse_days},
                                      {"formation_rate", &formation_rate},
                                      {"elimination_rate", &elimination_rate}})
        memory.number(prefix + name, "1", *value);
}

std::vector<Observable> observables_of(const Simulation& sim) {
    std::vector<Observable> list;
    for (size_t d = 0; d < sim.pharmacology().drugs().size(); ++d) {
        const Drug& drug = sim.pharmacology().drugs()[d];
        if (drug.species.empty()) continue;
        list.push_back(
            {"plasma_" + drug.name, "ng/mL",
             "plasma level of " + drug.title + ", arterial unless its model is venous",
             [d](const Simulation& s, const Turnover&) { return s.pharmacology().levels(d).plasma; }, true});
        list.push_back(
            {"venous_" + drug.name, "ng/mL", "venous level of " + drug.title,
             [d](const Simulation& s, const Turnover&) { return s.pharmacology().levels(d).venous; }, true});
        list.push_back(
            {"brain_" + drug.name, "uM", "unbound brain concentration of " + drug.title,
             [d](const Simulation& s, const Turnover&) { return s.pharmacology().levels(d).brain; }, true});
    }
    for (size_t t = 0; t < kCellTypes; ++t) {
        const CellType type = static_cast<CellType>(t);
        if (std::none_of(sim.network().groups.begin(), sim.network().groups.end(),
                         [&](const Group& g) { return g.type == type; }))
            continue;
        list.push_back({"nmda_block_" + std::string(kCellTypeSuffixes[t]), "1",
                        "blocked share of NMDA receptors of " + std::string(kCellTypeNames[t]) + " cells",
                        [type](const Simulation& s, const Turnover&) { return s.nmda_block(type); }});
    }
    const auto add = [&](const char* name, const char* unit, const char* text,
                         double (*value)(const Simulation&, const Turnover&)) {
        list.push_back({name, unit, text, value});
    };
    add("translation", "1", "released translation",
        [](const Simulation& s, const Turnover&) { return s.state().translation; });
    add("synapses", "count", "live plastic (E to E) synapses",
        [](const Simulation& s, const Turnover&) { return static_cast<double>(s.state().live); });
    add("spine_density", "%", "live plastic synapses over the healthy equilibrium",
        [](const Simulation& s, const Turnover&) { return 100.0 * s.live_share(); });
    add("formation_rate", "1/d", "true formation per live synapse since the last row",
        [](const Simulation&, const Turnover& t) { return t.formation_rate; });
    add("elimination_rate", "1/d", "true loss per live synapse since the last row",
        [](const Simulation&, const Turnover& t) { return t.elimination_rate; });
    add("tolerance", "1", "up-regulation of NMDA receptors",
        [](const Simulation& s, const Turnover&) { return s.state().adaptation.up_regulation; });
    add("rebound", "1", "up-regulation that no drug opposes",
        [](const Simulation& s, const Turnover&) { return rebound_of(s.state().adaptation); });
    add("inflammation", "1", "inflammation",
        [](const Simulation& s, const Turnover&) { return s.state().adaptation.inflammation; });
    add("antidepressant", "1", "build-up of a conventional antidepressant",
        [](const Simulation& s, const Turnover&) { return s.state().adaptation.antidepressant; });
    add("response_index", "1",
        "s (1 - (1 - w_e E)(1 - w_l L)) - rebound + placebo; not defined (NaN) where there is no deficit to "
        "restore",
        [](const Simulation& s, const Turnover&) { return s.response(); });
    add("dissociation_index", "1", "clip((arterial - 50)/150 ng/mL, 0, 2)",
        [](const Simulation& s, const Turnover&) {
            return dissociation_index(s.model().readout, arterial_level(s));
        });
    add("blood_pressure_index", "1", "clip(arterial/reference, 0, 2)",
        [](const Simulation& s, const Turnover&) {
            return blood_pressure_index(s.model().readout, arterial_level(s));
        });
    return list;
}

std::vector<Distribution> distributions_of(const Simulation& sim) {
    std::vector<Distribution> list;
    for (size_t t = 0; t < kCellTypes; ++t) {
        const CellType type = static_cast<CellType>(t);
        if (std::none_of(sim.network().groups.begin(), sim.network().groups.end(),
                         [&](const Group& g) { return g.type == type; }))
            continue;
        list.push_back(
            {"rate_" + std::string(kCellTypeSuffixes[t]), "Hz",
             "firing rate of " + std::string(kCellTypeNames[t]) + " cells", [type](const Simulation& s) {
                 std::vector<float> v;
                 for (const Group& g : s.network().groups)
                     if (g.type == type)
                         v.insert(v.end(), s.state().rate.begin() + g.first, s.state().rate.begin() + g.last);
                 return v;
             }});
    }
    if (sim.network().kind == "microcircuit")
        for (const Group& g : sim.network().groups)
            list.push_back(
                {"rate_" + g.name, "Hz", "firing rate of group " + g.name, [g](const Simulation& s) {
                     return std::vector<float>(s.state().rate.begin() + g.first,
                                               s.state().rate.begin() + g.last);
                 }});
    const auto add = [&](const char* name, const char* unit, const char* text,
                         std::vector<float> (*values)(const Simulation&)) {
        list.push_back({name, unit, text, values});
    };
    add("glutamate", "fold", "extracellular glutamate over the drug-free baseline, over voxels",
        [](const Simulation& s) { return s.state().glutamate; });
    add("ampa", "fold", "AMPA drive of pyramidal cells over the drug-free baseline",
        [](const Simulation& s) { return s.state().ampa; });
    add("bdnf", "fold", "BDNF over the drug-free baseline", [](const Simulation& s) {
        const double beta = s.state().beta / basal_bdnf(s.model().bdnf, s.subject().state);
        std::vector<float> v(s.state().bdnf_excess);
        for (float& e : v) e = static_cast<float>(beta * (1.0 + e));
        return v;
    });
    add("bdnf_excess", "fold", "BDNF above basal release",
        [](const Simulation& s) { return s.state().bdnf_excess; });
    add("trkb", "1", "TrkB activation above basal", [](const Simulation& s) { return s.state().trkb; });
    add("mtorc1", "1", "mTORC1 activation above basal", [](const Simulation& s) { return s.state().mtorc1; });
    add("protein_pool", "1", "synaptic-protein pool",
        [](const Simulation& s) { return s.state().protein_pool; });
    add("potentiation", "1", "strength of recurrent synapses over baseline",
        [](const Simulation& s) { return s.state().potentiation; });
    return list;
}

Summary summarise(std::span<const float> values) {
    const Moments m = ordered_moments(values);
    std::vector<float> sample;
    const size_t stride = std::max<size_t>(1, values.size() / kQuantileSample);
    for (size_t i = 0; i < values.size(); i += stride) sample.push_back(values[i]);
    Summary out{m.mean, m.sd, {}};
    if (sample.empty()) sample.push_back(0.0F);
    auto smaller =
        sample.begin();  // the quantiles ascend, and nth_element leaves what is smaller before them
    for (double q : kQuantiles) {
        const auto at = sample.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(sample.size()));
        std::nth_element(smaller, at, sample.end());
        out.quantiles.push_back(*at);
        smaller = at;
    }
    return out;
}

}  // namespace respine
