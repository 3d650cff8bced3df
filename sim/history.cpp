#include "sim/history.hpp"

#include <algorithm>

#include "kernels/numerics/ordered_sum.hpp"
#include "kernels/plasticity/readout.hpp"

namespace respine {

namespace {

// One level, summed over the drugs that are `wanted` by their place.
double sum_of_levels(const Simulation& s, double Levels::*level, const auto& wanted) {
    double sum = 0.0;
    for (size_t d = 0; d < s.pharmacology().drugs().size(); ++d)
        if (wanted(d)) sum += s.pharmacology().levels(d).*level;
    return sum;
}

bool was_given(const Simulation& s, size_t drug) {
    const std::vector<size_t>& given = s.inputs().given;
    return std::find(given.begin(), given.end(), drug) != given.end();
}

// Dissociation and blood pressure follow the sum of the arterial levels of the NMDA blockers that were given
// and that a closing channel traps; memantine, which it does not, is taken for years without either.
double arterial_level(const Simulation& s) {
    return sum_of_levels(s, &Levels::plasma, [&](size_t d) {
        const Drug& drug = s.pharmacology().drugs()[d];
        return drug.nmda && drug.nmda->trapping > 0.5 && was_given(s, d);
    });
}

// Of the drugs that were given; what the body makes of them is not among these.
double given_in_brain(const Simulation& s) {
    return sum_of_levels(s, &Levels::brain, [&](size_t d) { return was_given(s, d); });
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

void Turnover::add_checkpoint_rows(CheckpointRows& memory, const std::string& prefix) {
    memory.number(prefix + "structural_seen", "count", structural_seen);
    for (const auto& [name, value] : {std::pair{"formed", &formed},
                                      {"lost", &lost},
                                      {"synapse_days", &synapse_days},
                                      {"formation_rate", &formation_rate},
                                      {"elimination_rate", &elimination_rate}})
        memory.number(prefix + name, "1", *value);
}

namespace {

using enum Stage;
using enum Scope;
using enum Kept;
using enum Prominence;

using ValueOf = std::function<double(const Simulation&, const Turnover&)>;
using ValuesOf = std::function<Spread(const Simulation&)>;

Quantity scalar(std::string name, std::string unit, std::string long_name, Stage stage, Shown shown,
                Prominence prominence, ValueOf value) {
    return {std::move(name), std::move(unit), std::move(long_name), stage, kSubject, std::move(shown),
            prominence,      kHistory,        kDefinedOrNot,        0.0,   nullptr,  nullptr,
            std::move(value)};
}

Quantity spread(std::string name, std::string unit, std::string long_name, Stage stage, Scope scope,
                Shown shown, Prominence prominence, ValuesOf values) {
    return {std::move(name), std::move(unit),  std::move(long_name), stage, scope,   std::move(shown),
            prominence,      kHistory,         kDefinedOrNot,        0.0,   nullptr, nullptr,
            nullptr,         std::move(values)};
}

// Of the groups that are wanted.
Spread of_groups(const Simulation& s, Spread all, const auto& wanted) {
    all.of.clear();
    for (const Group& g : s.network().groups)
        if (wanted(g)) all.of.push_back({g.first, g.last});
    return all;
}

Spread all_of(std::span<const float> values) { return {{{0, static_cast<u32>(values.size())}}, values}; }

void add_drug(std::vector<Quantity>& rows, const Cast::Substance& drug) {
    const auto level = [&](double Levels::*member) -> ValueOf {
        return [place = drug.place, member](const Simulation& s, const Turnover&) {
            return s.pharmacology().levels(place).*member;
        };
    };
    rows.push_back(scalar("plasma_" + drug.name, "ng/mL",
                          "plasma level of " + drug.title + ", arterial unless its model is venous", kDose,
                          {drug.title + " in plasma"}, kCompared, level(&Levels::plasma)));
    rows.push_back(scalar("venous_" + drug.name, "ng/mL", "venous level of " + drug.title, kDose,
                          {drug.title + " in venous plasma"}, kRecorded, level(&Levels::venous)));
    rows.push_back(scalar("brain_" + drug.name, "uM", "unbound brain concentration of " + drug.title, kDose,
                          {drug.title + " in the brain", "µM"}, kCompared, level(&Levels::brain)));
}

void add_type(std::vector<Quantity>& rows, CellType type) {
    const size_t t = static_cast<size_t>(type);
    const std::string suffix(kCellTypeSuffixes[t]), name(kCellTypeNames[t]);
    const std::string people = type == CellType::kE ? "pyramidal cells" : name + " interneurons";
    // The chain goes by SST and pyramidal cells; PV cells only feel it, VIP cells are on few networks.
    const Prominence prominence = type == CellType::kE || type == CellType::kSst ? kShown
                                  : type == CellType::kPv                        ? kCompared
                                                                                 : kRecorded;
    rows.push_back(scalar("nmda_block_" + suffix, "1",
                          "blocked share of NMDA receptors of " + name + " cells", kNmdaBlock,
                          {"NMDA block, " + people, "%", 100.0}, prominence,
                          [type](const Simulation& s, const Turnover&) { return s.nmda_block(type); }));
    rows.push_back(spread(
        "rate_" + suffix, "Hz", "firing rate of " + name + " cells", kRates, kNeuron,
        {type == CellType::kE ? "Pyramidal cells" : people}, prominence, [type](const Simulation& s) {
            return of_groups(s, all_of(s.state().rate), [type](const Group& g) { return g.type == type; });
        }));
}

void add_group(std::vector<Quantity>& rows, const std::string& group) {
    rows.push_back(spread("rate_" + group, "Hz", "firing rate of group " + group, kRates, kNeuron, {group},
                          kRecorded, [group](const Simulation& s) {
                              return of_groups(s, all_of(s.state().rate),
                                               [&](const Group& g) { return g.name == group; });
                          }));
}

Spread bdnf_of(const Simulation& s) {
    const double beta = s.state().beta / basal_bdnf(s.model().bdnf, s.subject().state);
    const NeuronArray<float>& excess = s.state().bdnf_excess;
    Spread bdnf = all_of(excess);
    bdnf.made = NeuronArray<float>(excess.size());
    for (const Slice own : s.own_excitatory())
        for (u32 i = own.first; i < own.last; ++i)
            bdnf.made[i] = static_cast<float>(beta * (1.0 + excess[i]));
    bdnf.values = bdnf.made;
    return bdnf;
}

// What the chain does in one region.
void add_region(std::vector<Quantity>& rows, const std::string& name, u32 region) {
    const auto add = [&](const char* of, const char* unit, const char* meaning, Stage stage,
                         const char* label, const ValuesOf& all) {
        const auto here = [region](const Group& g) { return g.region == region && g.type == CellType::kE; };
        rows.push_back(spread(of + name, unit, meaning + name, stage, kExcitatory, {label + name}, kCompared,
                              [=](const Simulation& s) { return of_groups(s, all(s), here); }));
    };
    add("rate_e_", "Hz", "firing rate of pyramidal cells in ", kRates, "Pyramidal cells, ",
        [](const Simulation& s) { return all_of(s.state().rate); });
    add("bdnf_", "fold", "BDNF over the drug-free baseline in region ", kBdnf, "BDNF, ", bdnf_of);
    add("protein_pool_", "1", "synaptic-protein pool in region ", kSignalling, "Synaptic protein, ",
        [](const Simulation& s) { return all_of(s.state().protein_pool); });
    const auto density = [region](const Simulation& s, const Turnover&) {
        return 100.0 * static_cast<double>(s.state().spines_in[region]) / s.network().healthy_spines(region);
    };
    const auto undone = [region](const Simulation& s, const Turnover&) { return s.restored(region); };
    rows.push_back(scalar("spine_density_" + name, "%",
                          "live spines in region " + name + " over the healthy equilibrium", kSpines,
                          {"Spines, " + name, "% of healthy"}, kShown, density));
    rows.push_back(scalar("restored_" + name, "1",
                          "undone share of what stress took from, or added to, the spines of region " + name,
                          kSpines, {"Undone, " + name}, kCompared, undone));
}

void add_plastic(std::vector<Quantity>& rows, const std::string& name, size_t number) {
    rows.push_back(scalar("synapse_density_" + name, "%",
                          "live synapses of the plastic projection " + name + " over the healthy equilibrium",
                          kSpines, {"Synapses, " + name, "% of healthy"}, kShown,
                          [number](const Simulation& s, const Turnover&) {
                              const double healthy = s.network().plastic[number].sum_healthy.all;
                              return 100.0 * static_cast<double>(s.state().live_of[number]) / healthy;
                          }));
}

// What is computed from the simulation when it is looked at.
std::vector<Quantity> computed() {
    return {
        scalar("brain", "uM", "unbound brain concentration, summed over the drugs that were given", kDose,
               {"Drug in the brain", "µM"}, kShown,
               [](const Simulation& s, const Turnover&) { return given_in_brain(s); }),
        spread("bdnf", "fold", "BDNF over the drug-free baseline", kBdnf, kExcitatory, {"BDNF"}, kShown,
               bdnf_of),
        scalar("receptor_number", "fold", "NMDA receptors over their number without drug", kNmdaBlock,
               {"NMDA receptors"}, kRecorded,
               [](const Simulation& s, const Turnover&) { return s.receptors(); }),
        scalar("rebound", "fold", "NMDA current of pyramidal cells above that without drug", kNmdaBlock,
               {"Rebound"}, kRecorded, [](const Simulation& s, const Turnover&) { return s.rebound(); }),
        scalar("synapses", "count", "live plastic (E to E) synapses", kSpines, {"Synapses"}, kRecorded,
               [](const Simulation& s, const Turnover&) { return static_cast<double>(s.state().live); }),
        scalar("spine_density", "%", "live plastic synapses over the healthy equilibrium", kSpines,
               {"Spines", "% of healthy"}, kShown,
               [](const Simulation& s, const Turnover&) { return 100.0 * s.live_share(); }),
        scalar("set_point", "%", "count that neurons defend, over the healthy equilibrium", kSpines,
               {"Set point", "% of healthy"}, kRecorded,
               [](const Simulation& s, const Turnover&) {
                   const double healthy = s.network().healthy_spines();
                   return healthy > 0.0 ? 100.0 * s.set_points() / healthy : 100.0;
               }),
        scalar("formation_rate", "1/d", "true formation per live synapse since the last row", kSpines,
               {"Formation"}, kCompared,
               [](const Simulation&, const Turnover& t) { return t.formation_rate; }),
        scalar("elimination_rate", "1/d", "true loss per live synapse since the last row", kSpines,
               {"Elimination"}, kCompared,
               [](const Simulation&, const Turnover& t) { return t.elimination_rate; }),
        scalar("response_index", "1",
               "S + m D (1 - S) - rebound - new stress + placebo, "
               "S = s (1 - (1 - w_e E)(1 - w_l L)(1 - w_s T)); "
               "not defined (NaN) where there is no deficit to restore",
               kReadout, {"Response index"}, kCompared,
               [](const Simulation& s, const Turnover&) { return s.response(); }),
        scalar("dissociation_index", "1", "clip((arterial - 50)/150 ng/mL, 0, 2), less the tolerance to it",
               kReadout, {"Dissociation index"}, kRecorded,
               [](const Simulation& s, const Turnover&) {
                   return dissociation_index(s.model().readout, arterial_level(s),
                                             s.state().adaptation.psychotomimetic);
               }),
        scalar("blood_pressure_index", "1", "clip(arterial/reference, 0, 2)", kReadout,
               {"Blood pressure index"}, kRecorded,
               [](const Simulation& s, const Turnover&) {
                   return blood_pressure_index(s.model().readout, arterial_level(s));
               }),
    };
}

}  // namespace

Cast cast_of(const Simulation& sim) {
    Cast cast;
    const std::vector<Drug>& drugs = sim.pharmacology().drugs();
    for (size_t d = 0; d < drugs.size(); ++d)
        if (!drugs[d].species.empty()) cast.drugs.push_back({drugs[d].name, drugs[d].title, d});
    const auto& groups = sim.network().groups;
    for (size_t t = 0; t < kCellTypes; ++t)
        if (std::any_of(groups.begin(), groups.end(),
                        [t](const Group& g) { return g.type == static_cast<CellType>(t); }))
            cast.types.push_back(static_cast<CellType>(t));
    if (groups.size() > cast.types.size())  // else a type's rate is its group's
        for (const Group& g : groups) cast.groups.push_back(g.name);
    if (sim.network().regions.size() > 1)
        for (const Region& r : sim.network().regions) cast.regions.push_back(r.name);
    for (size_t k = 1; k < sim.network().plastic.size(); ++k)
        cast.plastic.push_back(sim.network().plastic[k].name);
    cast.brought = sim.scenario().mechanisms;
    cast.answers = !visits_of(sim.scenario()).empty();
    return cast;
}

std::vector<Quantity> history_quantities(const Cast& cast) {
    std::vector<Quantity> rows;
    for (const Cast::Substance& drug : cast.drugs) add_drug(rows, drug);
    for (CellType type : cast.types) add_type(rows, type);
    for (const std::string& group : cast.groups) add_group(rows, group);
    for (u32 r = 0; r < cast.regions.size(); ++r) add_region(rows, cast.regions[r], r);
    for (size_t k = 0; k < cast.plastic.size(); ++k) add_plastic(rows, cast.plastic[k], k + 1);
    if (cast.answers)
        rows.push_back(scalar("doses", "count", "doses begun so far, of all treatments", kDose, {"Doses"},
                              kCompared, [](const Simulation& s, const Turnover&) { return s.doses(); }));
    for (Quantity& q : state_quantities(cast.brought))
        if (q.in_history()) rows.push_back(std::move(q));
    for (Quantity& q : computed()) rows.push_back(std::move(q));
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Quantity& a, const Quantity& b) { return a.stage < b.stage; });
    return rows;
}

Spread spread_of(const Quantity& q, const Simulation& sim) {
    return q.values ? q.values(sim) : all_of(q.of(sim.state()));
}

std::vector<float> values_of(const Quantity& q, const Simulation& sim) {
    const Spread spread = spread_of(q, sim);
    std::vector<float> values;
    for (const Slice s : spread.of)
        values.insert(values.end(), spread.values.begin() + s.first, spread.values.begin() + s.last);
    return values;
}

double value_of(const Quantity& q, const Simulation& sim, const Turnover& turnover) {
    if (q.value) return q.value(sim, turnover);
    if (q.number) return q.number_of(sim.state());
    return ordered_moments(values_of(q, sim)).mean;
}

}  // namespace respine
