// What is known before the first step: treatments and neurons.

#include "sim/io/run/recorder.hpp"

namespace respine {

namespace {

DatasetShape by_neuron(const Network& n) { return {{n.neurons}, {"/network/neuron"}, false, {}}; }

void write_neurons(H5File& file, const Simulation& sim) {
    const Network& n = sim.network();
    std::vector<u8> type(n.neurons), group(n.neurons);
    for (size_t g = 0; g < n.groups.size(); ++g)
        for (u32 i = n.groups[g].first; i < n.groups[g].last; ++i) {
            type[i] = static_cast<u8>(n.groups[g].type);
            group[i] = static_cast<u8>(g);
        }
    const DatasetShape shape = by_neuron(n);
    file.write_all<u32>("/network/neuron", numbers_to(n.neurons), {{n.neurons}, {}, false, {}},
                        {"1", "number of the neuron in this run"}, true);
    file.write_all<float>("/network/x", whole_at_root(sim, n.x), shape, {"um", "position x"});
    file.write_all<float>("/network/y", whole_at_root(sim, n.y), shape, {"um", "position y"});
    file.write_all<float>("/network/z", whole_at_root(sim, n.z), shape, {"um", "depth z"});
    file.write_all<u8>("/network/type", type, shape, {"1", "cell type: 0 E, 1 PV, 2 SST, 3 VIP"});
    file.write_all<u8>("/network/group", group, shape, {"1", "group, index into group_name"});
}

// Groups of one population stand side by side.
void write_groups(H5File& file, const Network& n) {
    std::vector<std::string> names, populations;
    std::vector<float> sizes, rates;
    for (const Group& g : n.groups) {
        names.push_back(g.name);
        sizes.push_back(static_cast<float>(g.size()));
        if (!populations.empty() && populations.back() == g.population) continue;
        populations.push_back(g.population);
        rates.push_back(static_cast<float>(g.baseline_rate));
    }
    file.write_strings("/network/group_name", names, "", {"1", "name of the group"});
    file.write_all<float>("/network/group_size", sizes, {{sizes.size()}, {"/network/group_name"}, false, {}},
                          {"count", "neurons of the group"});
    file.write_strings("/network/population_name", populations, "", {"1", "name of the population"});
    file.write_all<float>("/network/population_rate", rates,
                          {{rates.size()}, {"/network/population_name"}, false, {}},
                          {"Hz", "baseline, or published, mean rate"});
    if (!n.ids.empty())
        file.write_strings("/network/id", n.ids, "/network/neuron",
                           {"1", "id of the neuron in the user's file"});
}

void write_excitatory(H5File& file, const Simulation& sim) {
    const Network& n = sim.network();
    file.write_all<u32>("/network/excitatory", numbers_to(n.excitatory), {{n.excitatory}, {}, false, {}},
                        {"1", "number of the excitatory neuron in this run"}, true);
    const DatasetShape shape{{n.excitatory}, {"/network/excitatory"}, false, {}};
    file.write_all<float>("/network/healthy", whole_at_root(sim, n.recurrent().healthy), shape,
                          {"count", "healthy equilibrium of plastic synapses"});
    file.write_all<float>("/network/equilibrium", whole_at_root(sim, n.recurrent().equilibrium), shape,
                          {"count", "drug-free equilibrium under the present stress"});
}

// Of plastic synapses beside the recurrent ones; 0 for neurons that are no targets of theirs.
void write_other_plastic(H5File& file, const Simulation& sim) {
    const Network& n = sim.network();
    for (size_t k = 1; k < n.plastic.size(); ++k) {
        const PlasticSynapses& p = n.plastic[k];
        std::vector<float> healthy = whole_at_root(sim, p.healthy),
                           equilibrium = whole_at_root(sim, p.equilibrium);
        for (auto* v : {&healthy, &equilibrium}) v->resize(n.neurons, 0.0F);
        file.write_all<float>("/network/healthy_" + p.name, healthy, by_neuron(n),
                              {"count", "healthy equilibrium of the synapses of projection " + p.name});
        file.write_all<float>("/network/equilibrium_" + p.name, equilibrium, by_neuron(n),
                              {"count", "drug-free equilibrium of the same under the present stress"});
    }
}

void write_regions(H5File& file, const Network& n) {
    if (n.regions.size() < 2) return;
    std::vector<u8> region(n.neurons);
    for (const Group& g : n.groups)
        std::fill(region.begin() + g.first, region.begin() + g.last, static_cast<u8>(g.region));
    std::vector<std::string> names;
    for (const Region& r : n.regions) names.push_back(r.name);
    file.write_strings("/network/region_name", names, "", {"1", "name of the region"});
    file.write_all<u8>("/network/region", region, by_neuron(n), {"1", "region, index into region_name"});
}

}  // namespace

std::vector<float> whole_at_root(const Simulation& sim, std::span<const float> values) {
    return sim.ranks().whole_at_root(sim.network().partition, values);
}

void Recorder::write_events(const Simulation& sim) {
    std::vector<double> dose_time, dose, over;
    std::vector<std::string> drug, route, unit;
    const std::vector<Treatment>& treatments = sim.scenario().treatments;
    const PolicyLog& log = sim.policy_log();
    for (size_t k = 0; k < treatments.size(); ++k) {
        const Treatment& t = treatments[k];
        std::vector<std::pair<Tick, double>> given;
        for (const Tick at : t.at) given.emplace_back(at, t.dose);
        for (size_t n = 0; n < log.size(); ++n)
            if (log.treatment[n] == k && log.amount[n] > 0.0)
                given.emplace_back(log.time[n], t.is_held() ? t.dose : log.amount[n]);
        for (const auto& [at, amount] : given) {
            dose_time.push_back(in_hours(at));
            dose.push_back(t.route == Route::kBath ? t.bath : amount);
            over.push_back(in_hours(t.over));
            drug.push_back(sim.inputs().drugs[sim.inputs().given[k]].name);
            route.emplace_back(word_of(t.route));
            unit.push_back(t.route == Route::kWindow ? "1"
                           : t.route == Route::kBath ? "uM"
                           : t.per_kg                ? "mg/kg"
                                                     : "mg");
        }
    }
    const hsize_t doses = dose_time.size();
    file_.write_all<double>("/events/time", dose_time, {{doses}, {}, false, {}},
                            {"h", "start of the treatment"}, true);
    file_.write_all<double>("/events/dose", dose, {{doses}, {"/events/time"}, false, {}},
                            {"see dose_unit", "dose"});
    file_.write_all<double>("/events/over", over, {{doses}, {"/events/time"}, false, {}}, {"h", "duration"});
    file_.write_strings("/events/drug", drug, "/events/time", {"1", "drug"});
    file_.write_strings("/events/route", route, "/events/time", {"1", "route"});
    file_.write_strings("/events/dose_unit", unit, "/events/time", {"1", "unit of dose"});
}

// Doses of policies are known at the end: the list of all takes the place of that of the planned ones.
void Recorder::write_policies(const Simulation& sim) {
    const PolicyLog& log = sim.policy_log();
    if (visits_of(sim.scenario()).empty()) return;
    file_.remove("/events");
    file_.make_group("/events");
    write_events(sim);
    write_visits(file_, log, {});
}

void write_visits(H5File& file, const PolicyLog& log, std::span<const u32> subject) {
    file.make_group("/visits");
    std::vector<double> hours;
    for (const Tick at : log.time) hours.push_back(in_hours(at));
    std::vector<u32> treatment;
    for (const u32 k : log.treatment) treatment.push_back(k + 1);
    std::vector<u8> decision(log.decision.begin(), log.decision.end()),
        judged(log.judged.begin(), log.judged.end());
    const hsize_t n = log.size();
    const DatasetShape each{{n}, {"/visits/time"}, false, {}};
    file.write_all<double>("/visits/time", hours, {{n}, {}, false, {}}, {"h", "visit"}, true);
    if (!subject.empty())
        file.write_all<u32>("/visits/subject", subject, each, {"1", "number of the subject"});
    file.write_all<u32>("/visits/treatment", treatment, each, {"1", "treatment of the list, from 1"});
    file.write_all<u8>("/visits/decision", decision, each, {"1", "index into decision_names"});
    file.write_all<u8>("/visits/judged", judged, each,
                       {"1", "0 the last dose was not judged, 1 it helped, 2 it missed"});
    file.write_all<double>("/visits/amount", log.amount, each,
                           {"see /events/dose_unit", "dose given; 0 for none"});
    std::vector<std::string> names(kWords<Decision>.begin(), kWords<Decision>.end());
    file.write_strings("/visits/decision_names", names, "", {"1", "what a policy decides"});
}

void Recorder::write_network(const Simulation& sim) {
    write_neurons(file_, sim);
    write_groups(file_, sim.network());
    write_excitatory(file_, sim);
    write_other_plastic(file_, sim);
    write_regions(file_, sim.network());
    file_.write_all<float>("/network/rate_baseline", whole_at_root(sim, sim.state().rate_baseline),
                           by_neuron(sim.network()), {"Hz", "drug-free rate at the start"});
    file_.set_attribute("/network", "kind", std::string(word_of(sim.network().kind)));
    file_.set_attribute("/network", "capacity_over_healthy",
                        sim.report().balance.capacity / sim.report().balance.healthy);
    file_.set_attribute("/network", "equilibrium_over_healthy", sim.report().equilibrium);
}

}  // namespace respine
