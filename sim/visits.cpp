// Visits: what is seen of a subject, and the doses that policies give.

#include <algorithm>

#include "kernels/plasticity/persons.hpp"
#include "sim/model/clock.hpp"
#include "sim/simulation.hpp"

namespace respine {

double improvement_at(Tick visit, const Scenario& s, const Model& m, const Subject& subject, double index) {
    const auto minutes = static_cast<u32>((visit - s.start) / 60);
    return rated_improvement(m.rating, s.seed, s.subject, minutes, subject.state.severity,
                             subject.inclusion_error, index);
}

double Simulation::doses() const {
    const std::vector<Tick>& starts = pharmacology_->dose_ticks();
    return static_cast<double>(std::upper_bound(starts.begin(), starts.end(), now()) - starts.begin());
}

// What a clinician, or a device, would see.
Observed Simulation::observed() const {
    double plasma = 0.0;
    for (size_t d = 0; d < pharmacology_->drugs().size(); ++d) plasma += pharmacology_->levels(d).plasma;
    const double index = response();
    return {index,
            early_response(),
            restored(),
            100.0 * live_share(),
            improvement_at(now(), scenario(), model(), subject_, index),
            subject_.state.severity,
            state_.adaptation.inflammation,
            plasma};
}

void Simulation::give(Tick at, const Policies::Dose& dose) {
    Treatment once = scenario().treatments[dose.treatment];
    once.at = {at};
    if (!once.is_held()) once.dose = dose.amount;
    pharmacology_->give(std::move(once), inputs_.given[dose.treatment]);
}

void Simulation::visit() {
    if (!std::binary_search(policies_.visits().begin(), policies_.visits().end(), now())) return;
    const std::vector<Policies::Dose> doses = policies_.visit(now(), observed());
    if (doses.empty()) return;
    for (const Policies::Dose& dose : doses) give(now(), dose);
    list_stops();
    // A step of structure that begins here is short again.
    if (state_.structural_from == now()) state_.structural_due = next_structural();
}

void Simulation::restored_memory() {
    for (const auto& [at, dose] : policies_.restored(now())) give(at, dose);
    pharmacology_->check_restored();
    list_stops();
}

void Simulation::changed_from_outside() {
    if (state_.structural_from == now()) {
        state_.structural_due = next_structural();
        return;
    }
    const Tick shortest = static_cast<Tick>(clock_of(model(), scenario()).structural_step),
               since = now() - scenario().start;
    state_.structural_due =
        std::min(state_.structural_due, scenario().start + (since / shortest + 1) * shortest);
}

}  // namespace respine
