// What is known before the first step: treatments and neurons.

#include "sim/io/run/recorder.hpp"

namespace respine {

void Recorder::write_events(const Simulation& sim) {
    std::vector<double> dose_time, dose, over;
    std::vector<std::string> drug, route, unit;
    const std::vector<Treatment>& treatments = sim.scenario().treatments;
    for (size_t k = 0; k < treatments.size(); ++k)
        for (const Treatment& t = treatments[k]; Tick at : t.at) {
            dose_time.push_back(in_hours(at));
            dose.push_back(t.route == Route::kBath ? t.bath : t.dose);
            over.push_back(in_hours(t.over));
            drug.push_back(sim.inputs().drugs[sim.inputs().given[k]].name);
            route.emplace_back(word_of(t.route));
            unit.push_back(t.route == Route::kWindow ? "1"
                           : t.route == Route::kBath ? "uM"
                           : t.per_kg                ? "mg/kg"
                                                     : "mg");
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

void Recorder::write_network(const Simulation& sim) {
    const Network& n = sim.network();
    const hsize_t neurons = n.neurons;
    std::vector<u32> index(n.neurons);
    std::vector<u8> type(n.neurons), group(n.neurons);
    for (u32 i = 0; i < n.neurons; ++i) index[i] = i;
    for (size_t g = 0; g < n.groups.size(); ++g)
        for (u32 i = n.groups[g].first; i < n.groups[g].last; ++i) {
            type[i] = static_cast<u8>(n.groups[g].type);
            group[i] = static_cast<u8>(g);
        }
    const DatasetShape by_neuron{{neurons}, {"/network/neuron"}, false, {}};
    file_.write_all<u32>("/network/neuron", index, {{neurons}, {}, false, {}},
                         {"1", "number of the neuron in this run"}, true);
    file_.write_all<float>("/network/x", n.x, by_neuron, {"um", "position x"});
    file_.write_all<float>("/network/y", n.y, by_neuron, {"um", "position y"});
    file_.write_all<float>("/network/z", n.z, by_neuron, {"um", "depth z"});
    file_.write_all<u8>("/network/type", type, by_neuron, {"1", "cell type: 0 E, 1 PV, 2 SST, 3 VIP"});
    file_.write_all<u8>("/network/group", group, by_neuron, {"1", "group, index into group_name"});
    std::vector<std::string> names;
    for (const Group& g : n.groups) names.push_back(g.name);
    file_.write_strings("/network/group_name", names, "", {"1", "name of the group"});
    std::vector<float> sizes, rates;
    std::vector<std::string> populations;
    for (const Group& g : n.groups) {
        sizes.push_back(static_cast<float>(g.size()));
        if (!populations.empty() && populations.back() == g.population) continue;
        populations.push_back(g.population);
        rates.push_back(static_cast<float>(g.baseline_rate));
    }
    file_.write_all<float>("/network/group_size", sizes, {{sizes.size()}, {"/network/group_name"}, false, {}},
                           {"count", "neurons of the group"});
    file_.write_strings("/network/population_name", populations, "", {"1", "name of the population"});
    file_.write_all<float>("/network/population_rate", rates,
                           {{rates.size()}, {"/network/population_name"}, false, {}},
                           {"Hz", "baseline, or published, mean rate"});
    if (!n.ids.empty())
        file_.write_strings("/network/id", n.ids, "/network/neuron",
                            {"1", "id of the neuron in the user's file"});
    std::vector<u32> excitatory(index.begin(), index.begin() + static_cast<std::ptrdiff_t>(n.excitatory));
    file_.write_all<u32>("/network/excitatory", excitatory, {{n.excitatory}, {}, false, {}},
                         {"1", "number of the excitatory neuron in this run"}, true);
    const DatasetShape by_excitatory{{n.excitatory}, {"/network/excitatory"}, false, {}};
    file_.write_all<float>("/network/healthy", n.healthy, by_excitatory,
                           {"count", "healthy equilibrium of plastic synapses"});
    file_.write_all<float>("/network/equilibrium", n.equilibrium, by_excitatory,
                           {"count", "drug-free equilibrium under the present stress"});
    file_.write_all<float>("/network/rate_baseline", sim.state().rate_baseline, by_neuron,
                           {"Hz", "drug-free rate at the start"});
    file_.set_attribute("/network", "kind", std::string(word_of(n.kind)));
    file_.set_attribute("/network", "capacity_over_healthy",
                        sim.report().balance.capacity / sim.report().balance.healthy);
    file_.set_attribute("/network", "equilibrium_over_healthy", sim.report().equilibrium);
}

}  // namespace respine
