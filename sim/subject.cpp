// The subject: what is drawn of it, what is seen of it on visits, and the doses that policies give.

#include <algorithm>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"
#include "kernels/plasticity/persons.hpp"
#include "sim/model/clock.hpp"
#include "sim/simulation.hpp"

namespace respine {

namespace {

double evoked_release(const BdnfParams& p, Genotype g) {
    return g == Genotype::kMetMet ? p.evoked_met_met : g == Genotype::kValMet ? p.evoked_val_met : 1.0;
}

// What makes one person's course another's, once the network and its receptors are given.
void draw_course(const Scenario& s, const Model& m, Subject& out) {
    const Draw a = philox(s.seed, Stream::kSubject, s.subject, 3, 0),
               b = philox(s.seed, Stream::kSubject, s.subject, 4, 0);
    out.return_factor = det_exp(m.subject.return_sd * normal(a[0], a[1]));
    out.placebo = logit_normal(m.readout.placebo, m.subject.placebo_sd, normal(a[2], a[3]));
    out.antidepressant_share =
        logit_normal(m.subject.antidepressant_share, m.subject.antidepressant_share_sd, normal(b[0], b[1]));
    out.inclusion_error = inclusion_error(m.rating, s.seed, s.subject, out.state.severity);
    out.new_stress = new_stress_times(m.new_stress, s.seed, s.subject, in_hours(s.end() - s.start));
}

}  // namespace

Subject draw_subject(const Scenario& s, const Model& m) {
    const Person known = s.person();
    Subject out{.state = {s.severity, s.genotype, known.inflammation.value_or(s.inflammation)},
                .body = {known.weight.value_or(s.weight.value_or(m.subject.weight)), 0.0, 0.0, known.volume,
                         known.clearance},
                .synaptic_share = m.subject.synaptic_share,
                .placebo = m.readout.placebo,
                .antidepressant_share = m.subject.antidepressant_share};
    if (s.subject > 0) {
        const Draw a = philox(s.seed, Stream::kSubject, s.subject, 0, 0),
                   b = philox(s.seed, Stream::kSubject, s.subject, 1, 0);
        const Draw c = philox(s.seed, Stream::kSubject, s.subject, 2, 0);
        out.body.volume_z = normal(a[0], a[1]);
        out.body.clearance_z = normal(a[2], a[3]);
        out.state.severity *= det_exp(m.subject.stress_sd * normal(b[0], b[1]));
        out.bdnf_factor = det_exp(m.subject.sensitivity_sd * normal(b[2], b[3]));
        out.synaptic_share =
            logit_normal(m.subject.synaptic_share, m.subject.synaptic_share_sd, normal(c[2], c[3]));
        const int met =
            (unit(c[0]) < m.subject.met_share ? 1 : 0) + (unit(c[1]) < m.subject.met_share ? 1 : 0);
        out.state.severity = known.severity.value_or(out.state.severity);
        draw_course(s, m, out);
        out.state.genotype = known.genotype ? *known.genotype
                             : met == 2     ? Genotype::kMetMet
                             : met == 1     ? Genotype::kValMet
                                            : s.genotype;
    }
    out.bdnf_factor *= evoked_release(m.bdnf, out.state.genotype);
    return out;
}

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
