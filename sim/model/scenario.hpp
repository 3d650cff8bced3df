// What a run is asked to do, as plain values. Times are integer ticks of one second, on the clock of the
// scenario. Doses may stand anywhere on it: what is measured since the first dose asks `first_dose`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/numerics/types.hpp"
#include "sim/model/choices.hpp"
#include "sim/model/mechanism.hpp"
#include "sim/model/person.hpp"

namespace respine {

using Tick = i64;
inline constexpr Tick kMinute = 60, kHour = 3600, kDay = 86400;
inline constexpr double in_hours(Tick t) { return static_cast<double>(t) / kHour; }
inline constexpr double in_days(Tick t) { return static_cast<double>(t) / kDay; }

// How a treatment answers the subject: on visits, formulas over what is seen there decide about another dose
// (sim/policy). An empty formula leaves its part out.
struct Policy {
    Tick every = 0;  // between visits
    std::optional<Tick>
        from{};  // first visit; one interval after the last dose that is planned, or the start
    std::optional<Tick> until{};
    Tick at_least = 0;              // between the starts of two doses
    std::optional<Tick> at_most{};  // after so long a dose is due whatever is seen
    std::string when{};             // a dose is due
    std::string amount{};           // of the next dose, else that of the treatment
    std::string miss_when{};        // the last dose did not help
    std::string stop_when{};        // no dose ever again
    u32 most = 10000;               // doses in all, those of `at` among them
    double attendance = 1.0;        // chance that the subject comes to a visit

    bool operator==(const Policy&) const = default;
};

struct Treatment {
    std::string drug;
    Route route = Route::kIv;
    double dose = 0.0;  // mg/kg or mg
    bool per_kg = true;
    double bath = 0.0;     // [uM], route bath only
    Tick over = 0;         // infusion, bath, or the window of a tool
    std::vector<Tick> at;  // every start that is planned, repeats unrolled
    std::optional<Policy> policy;
    u32 subject = 0;  // of a cohort, who alone gets it; 0: all

    bool is_of(u32 who) const { return subject == 0 || subject == who; }
    bool is_drug_dose() const { return route != Route::kWindow; }
    // Held at the tissue for a while: no dose, and nothing of the body's pharmacokinetics.
    bool is_held() const { return route == Route::kBath || route == Route::kWindow; }
};

struct NetworkChoice {
    std::string name;                        // of its file in configs/networks, or its path
    NetworkKind kind = NetworkKind::kSheet;  // which that file says
    u32 neurons = 0;
    u32 synapses_per_neuron = 0;
    double scale = 1.0;  // microcircuit
    std::string file, nodes,
        node_types;  // file: GraphML, CSV or SONATA edges or a circuit; nodes and their types
    std::map<std::string, std::string> types;  // file: E, PV, SST or VIP by the names of its cell types

    // Whether the scenario says how many neurons and synapses it has.
    bool is_sized() const { return kind != NetworkKind::kMicrocircuit && kind != NetworkKind::kFile; }
};

// When the coordination of activity is looked at, and how closely.
struct CoordinationChoice {
    std::vector<Tick> sessions;
    u32 probes = 16;         // random ones, for variances and dimensionality
    u32 ensembles = 8;       // in each region
    double ensemble = 0.05;  // share of a region's pyramidal cells
};

struct Scenario {
    std::string file;  // where it was read from
    std::string name, title, model;
    std::string hypothesis;          // rival whose numbers stand over the model's; empty for none
    std::vector<std::string> notes;  // what was given and is not used; no part of the scenario
    Tick start = 0, duration = 0;
    u64 seed = 1;
    NetworkChoice network;
    double severity = 1.0;
    double inflammation = 0.0;
    double magnesium = 1.0;  // [mM]
    Genotype genotype = Genotype::kValVal;
    std::optional<double> weight;  // [kg]
    u32 subject = 0;               // 0: the typical subject; k > 0: the k-th drawn one
    u32 cohort = 0;                // subjects of a cohort run, 0 for a single one
    u32 member = 0;                // of an ensemble of parameter sets, which its overrides are; 0 for none
    bool expectation = false;      // placebo response on
    Integrator integrator = Integrator::kRelaxed;
    StructureRule structure = StructureRule::kEquilibrium;
    bool needs_deficit = true;
    std::vector<Treatment> treatments;
    std::vector<std::string> dosed;  // IDs of a dosing table, in order
    std::vector<Person> persons;     // the k-th is subject k; those behind them are drawn
    std::vector<Mechanism> mechanisms;
    Tick history = 5 * kMinute;
    std::vector<Tick> snapshots;
    bool synapse_events = false;
    std::vector<Tick> sessions;
    u32 dendrites = 60;
    CoordinationChoice coordination;
    std::vector<std::pair<std::string, std::string>> overrides;  // parameter path, value with unit
    // The same of the drug files and the network file that it names: drugs.NAME.PATH, wiring.PATH.
    std::vector<std::pair<std::string, std::string>> numbers;

    Tick end() const { return start + duration; }
    // Of the subject that is run; nothing of one that is drawn.
    Person person() const {
        return subject > 0 && subject <= persons.size() ? persons[subject - 1] : Person{};
    }

    // Starts of the doses, ascending: of drugs, or, in a run that gets none, of its other treatments (tools
    // and placebo by route window).
    std::vector<Tick> doses() const;
    bool has_drug_dose() const;
    // Without any treatment 0, or the start of a run that begins later.
    Tick first_dose() const;
};

}  // namespace respine
