// One given drug and what becomes of it in a body: compartments, brain, and a chain of metabolites.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/compartments.hpp"
#include "sim/model/drug.hpp"

namespace respine {

struct Levels {
    double plasma = 0.0;  // arterial, or of the model's own sampling site [ng/mL]
    double venous = 0.0;  // [ng/mL]
    double brain = 0.0;   // unbound [uM]
};

// Between-subject factors of one body.
struct BodyFactors {
    double weight = 70.0;                         // [kg]
    double volume_z = 0.0, clearance_z = 0.0;     // standard normal draws
    std::optional<double> volume{}, clearance{};  // over those of a typical subject, where they are known
};

// Where a dose enters.
enum class Entry {
    kBolus,       // the central compartment [umol]
    kInfusion,    // it, evenly [umol/h]
    kRoute,       // the depot of a route [umol]
    kNose,        // [umol]
    kSwallowing,  // the gut, evenly [umol/h]
};

class DrugSystem {
public:
    // `drugs` holds the given one and all metabolites; species and links are known to be there.
    DrugSystem(const std::vector<Drug>& drugs, size_t given, const std::string& species,
               const BodyFactors& body);

    void give(Entry entry, Route route, double change);
    void advance(double hours) { compartments_.advance(hours); }
    Levels levels(size_t drug) const;         // none of a drug that does not arise here
    std::vector<double> final_areas() const;  // of the central level, to infinity, by drug [uM h]

    void add_checkpoint_rows(CheckpointRows& memory, const std::string& name);

private:
    struct Site {  // where a drug sits
        size_t central, brain, area;
        std::optional<size_t> venous;  // none where the model was fitted to venous samples
        double volume;                 // of the central compartment [L]
        double molar_mass;
    };

    void add_drug(const std::vector<Drug>& drugs, size_t d, const std::string& species,
                  const BodyFactors& body);
    void add_peripheral(const Pharmacokinetics& k, const Site& site, double flow, double volume);
    void add_levels(const Pharmacokinetics& k, Site& site);
    void add_transit(const MetaboliteLink& link, size_t from, size_t arrival, double rate);
    void add_entries(const Pharmacokinetics& k, size_t central);
    size_t add_depot(size_t target, double rate, bool empties);

    CompartmentSystem compartments_;
    std::vector<std::optional<Site>> site_;                  // by drug
    std::map<std::pair<Entry, Route>, size_t> entry_state_;  // route: only of kRoute
};

}  // namespace respine
