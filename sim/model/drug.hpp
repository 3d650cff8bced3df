// A drug as data: pharmacokinetics by species and the targets it acts on. A new drug on known targets is one
// YAML file.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernels/activity/nmda_block.hpp"
#include "sim/model/choices.hpp"
#include "sim/model/links.hpp"
#include "sim/model/target.hpp"

namespace respine {

// First-order absorption of one route.
struct Absorption {
    double rate = 0.0;             // ka [1/h]; 0 means straight into the blood
    double bioavailability = 1.0;  // [1]
    double lag = 0.0;              // [h]
};

// A nasal spray: part is absorbed in the nose, the rest is swallowed.
struct NasalRoute {
    double rate = 0.0;            // ka of the nasal part [1/h]
    double spray = 0.0;           // [mg]
    double interval = 0.0;        // between sprays [h]
    double fraction = 0.0;        // nasal fraction of the first spray [1]
    double later_factor = 1.0;    // later sprays: fraction x this [1]
    double swallowed_over = 0.0;  // zero-order delivery of the swallowed part [h]
    double swallowed_rate = 0.0;  // ka [1/h]
    double swallowed_bioavailability = 0.0;
};

struct MetaboliteLink {
    std::string drug;       // name, or path beside the file of the parent
    double fraction = 0.0;  // share of the parent's clearance [1]
    double transit = 0.0;   // mean transit time [h]
    u32 stages = 1;
    size_t index = 0;  // of the metabolite, in the list of drugs that holds the parent
};

struct Pharmacokinetics {
    double reference_weight = 70.0;                          // [kg]
    std::vector<double> volumes;                             // [L], central first
    double clearance = 0.0;                                  // [L/h]
    std::vector<double> exchange;                            // [L/h], central with each other compartment
    bool venous_sampling = false;                            // the model was fitted to venous samples
    double venous_half_time = 0.0;                           // [h] lag of venous behind arterial
    double brain_partition = 0.0;                            // unbound brain over plasma [1]
    double brain_half_time = 0.0;                            // [h]
    double volume_variance = 0.0, clearance_variance = 0.0;  // omega^2 of the log-normal between subjects
    std::map<Route, Absorption, ByWord> routes;
    std::optional<NasalRoute> nasal;
    std::vector<MetaboliteLink> metabolites;
    double largest_dose = 0.0;  // [mg/kg] that these numbers are meant for; 0 when the file does not say
};

// A concentration-dependent effect on one target, or one that is there while the treatment window is open.
struct TargetEffect {
    double ec50 = 0.0;  // [uM]; 0 with `window`
    double hill = 1.0;
    double window = 0.0;                 // effect during the window [1]
    double efficacy = 1.0;               // of signed targets: 1 drives the target fully, -1 shuts it [1]
    double LinkParams::*link = nullptr;  // contested: its strength multiplies (C / EC50)^hill
    bool operator==(const TargetEffect&) const = default;
};

struct NmdaAction {
    SubunitValues ic50_magnesium{}, ic50_free{};  // [uM] at 1 mM Mg and without
    double hill_magnesium = 1.0, hill_free = 1.0;
    double kon = 0.0, koff = 0.0;
    double trapping = 1.0;  // share of closing channels that keep the drug inside
};

struct Drug {
    std::string name, title, file, text;  // text: the file as read, kept in every run file
    double molar_mass = 0.0;              // [g/mol]; 0 for tools without pharmacokinetics
    std::map<std::string, Pharmacokinetics> species;
    std::optional<NmdaAction> nmda;
    std::array<std::optional<TargetEffect>, kTargets> targets;
};

// Every drug of a scenario's treatments and, recursively, their metabolites.
struct DrugList {
    std::vector<Drug> drugs;
    std::vector<size_t> given;  // the drug of each treatment
};

}  // namespace respine
