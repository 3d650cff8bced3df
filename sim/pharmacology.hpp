// The drugs of a scenario in one body: doses become inputs of linear systems, and levels become effects on
// targets.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kernels/activity/pharmacokinetics.hpp"
#include "sim/model/drug.hpp"
#include "sim/model/model.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

class CheckpointRows;

struct Levels {
    double plasma = 0.0;  // arterial, or of the model's own sampling site [ng/mL]
    double venous = 0.0;  // [ng/mL]
    double brain = 0.0;   // unbound [uM]
};

// Between-subject factors of one body.
struct BodyFactors {
    double weight = 70.0;                      // [kg]
    double volume_z = 0.0, clearance_z = 0.0;  // standard normal draws
};

struct DerivedNumber {
    std::string name, unit;
    double value;
};

class Pharmacology {
public:
    // `drugs` holds every drug of the treatments and, recursively, their metabolites. All problems of the
    // plan are reported at once.
    Pharmacology(const Scenario& scenario, const Model& model, const BodyFactors& body,
                 std::vector<Drug> drugs);

    const std::vector<Drug>& drugs() const { return drugs_; }
    // The drug's own name, for the name or path that a treatment gives.
    const std::string& name_of(const std::string& treatment_drug) const {
        return drugs_[index_of(treatment_drug)].name;
    }
    const std::vector<NmdaBlocker>& blockers() const { return blockers_; }
    std::vector<double> blocker_levels() const;  // [uM], one per blocker

    // Ticks where a dose starts or stops: steps must not cross them. Sorted.
    const std::vector<Tick>& event_ticks() const { return event_ticks_; }
    // Starts of treatments, sorted.
    const std::vector<Tick>& dose_ticks() const { return dose_ticks_; }

    void apply_events(Tick now);              // doses that start or stop at `now`
    void advance(double hours, Tick middle);  // levels after a step whose middle lies at `middle`

    Levels levels(size_t drug) const;
    double effect(Target target) const;  // combined over drugs [1]
    double resting_exposure() const;     // sum of C / EC50_rest [1]

    void add_checkpoint_rows(CheckpointRows& memory);  // adds what changes with time

    // clearance_<drug>, bioavailability_<drug>, auc_ratio_<a>_<b>, with areas extrapolated to infinity.
    std::vector<DerivedNumber> derived() const;

private:
    struct Site {  // where a drug sits in a system
        size_t central, venous, brain, area;
        bool present = false, has_venous = false;
        double volume = 1.0;  // [L]
    };
    struct System {  // one given drug and what becomes of it
        size_t size = 0;
        std::vector<double> rate, amount;
        std::vector<Site> site;                               // by drug
        std::map<std::string, size_t> input;                  // route: state that receives it
        std::map<long long, std::vector<double>> transition;  // by step in microseconds
    };
    struct Event {
        Tick at;
        size_t system, state;
        double change;
    };
    struct Window {
        size_t drug;
        Tick from, to;
        double bath;  // [uM]; 0: full effect
    };

    void build_system(size_t drug, const std::string& species, const BodyFactors& body);
    size_t add_drug(System& system, size_t drug, const std::string& species, const BodyFactors& body);
    void schedule(const Treatment& t, size_t drug, double weight, const std::string& species);
    const std::vector<double>& transition_of(System& system, double hours) const;
    size_t index_of(const std::string& name) const;

    std::vector<Drug> drugs_;
    std::vector<std::string> keys_;  // name in treatments, same order
    std::vector<System> systems_;
    std::vector<size_t> system_of_;  // by drug; npos when it is not given itself
    std::vector<Event> events_;
    std::vector<Window> windows_;
    std::vector<NmdaBlocker> blockers_;
    std::vector<size_t> blocker_drug_;
    std::vector<Tick> event_ticks_, dose_ticks_;
    std::vector<double> given_;                    // [umol] by drug
    std::map<size_t, double> route_bioavailable_;  // [umol] that reaches the blood, by drug
    Tick middle_ = 0;
    size_t next_event_ = 0;
};

}  // namespace respine
