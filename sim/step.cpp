// The step: the model on one screen, in causal order.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/activity/modulation.hpp"
#include "kernels/numerics/ordered_sum.hpp"
#include "kernels/plasticity/bdnf.hpp"
#include "sim/model/clock.hpp"
#include "sim/simulation.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

void average_into(std::vector<float>& before, const std::vector<float>& after) {
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(before.size()))
    for (size_t i = 0; i < before.size(); ++i) before[i] = 0.5F * (before[i] + after[i]);
}

struct Extracellular {
    std::vector<float>&release, &glutamate, &scratch;  // of each voxel
};

// A step outlasts uptake, so what mGluR2/3 hold back follows the glutamate after it: the second pass has that
// of the first.
void advance_extracellular(const Network& network, GlutamateParams p, const PresynapticDrugs& drugs,
                           double uptake, double hours, const Extracellular& voxels) {
    const std::vector<float> before = voxels.glutamate, fired = voxels.release;
    for (int pass = 0; pass < 2; ++pass) {
        for (size_t v = 0; v < fired.size(); ++v)
            voxels.release[v] = static_cast<float>(fired[v] * release_factor(p, drugs, voxels.glutamate[v]));
        voxels.glutamate = before;
        for (const Region& r : network.regions) {
            p.voxel = r.voxels.edge;
            advance_glutamate(p, r.voxels.grid(), uptake, hours * 3600.0, r.of(voxels.release),
                              r.of(voxels.glutamate), r.of(voxels.scratch));
        }
    }
}

}  // namespace

void Simulation::advance() {
    const Tick length = next_step();
    const double hours = in_hours(length);
    pharmacology_->apply_events(state_.now);
    if (scenario().integrator == Integrator::kExplicit) {
        explicit_slow_step(length);
    } else {
        advance_drugs(hours, state_.now + length / 2);  // dose, plasma, brain, receptor block
        relax_network();       // interneurons fall silent, pyramidal cells are released
        advance_chain(hours);  // glutamate, AMPA, BDNF, TrkB, mTORC1, protein
    }
    advance_adaptation_states(hours);  // receptors, inflammation, antidepressant: days and weeks
    feel_new_stress(hours);            // events of a drawn subject, and their fading
    state_.now += length;
    if (state_.now == state_.structural_due) {
        if (scenario().structure != StructureRule::kFixed)
            turn_over_structure();  // spines walk, die and form on last step's vacancies
        state_.structural_from = state_.now;
        state_.structural_due = next_structural();
    }
    ++effort_.slow_steps;
}

Tick Simulation::next_structural() const {
    return next_structural_step(clock_of(model(), scenario()), scenario().start, upheavals_, state_.now);
}

// The longest step that the pharmacology allows: fine after a dosing event, growing with the time since.
Tick Simulation::next_step() const {
    Tick boundary = state_.structural_due;
    const auto next_stop = std::upper_bound(stops_.begin(), stops_.end(), state_.now);
    if (next_stop != stops_.end()) boundary = std::min(boundary, *next_stop);
    return slow_step(model().clock, boundary, pharmacology_->event_ticks(), state_.now);
}

void Simulation::advance_drugs(double hours, Tick middle) {
    const std::vector<double> before = pharmacology_->blocker_levels();
    const double blocked = nmda_block(CellType::kE), blocked_2b = pyramidal_2b_block();
    pharmacology_->advance(hours, middle);
    const std::vector<double> after = pharmacology_->blocker_levels();
    for (size_t t = 0; t < kCellTypes; ++t)
        advance_nmda_block(pharmacology_->blockers(static_cast<CellType>(t)), before, after, hours * 3600.0,
                           state_.block[t]);

    const double at_rest = 0.5 * (resting_block(before) + resting_block(after)),
                 in_use = 0.5 * (blocked + nmda_block(CellType::kE)),
                 in_use_2b = 0.5 * (blocked_2b + pyramidal_2b_block());
    translation_before_ = state_.translation;
    state_.translation = advance_translation(model().translation, lost_current(receptors(), at_rest), hours,
                                             state_.translation);
    const double supply =
        settled_supply(model().bdnf, lost_current(receptors(), in_use), in_use_2b, glutamate_mean());
    state_.bdnf_supply = advance_supply(model().bdnf, supply, hours, state_.bdnf_supply);
    refresh_rate_groups();
}

// What drugs make of each cell type's receptors, drive and inhibition.
void Simulation::refresh_rate_groups() {
    const double ampa = pharmacology_->effect(Target::kAmpa), own = model().links.disinhibition;
    std::array<double, kByType> occupancy;
    for (size_t r = 0; r < kByType; ++r)
        occupancy[r] = pharmacology_->signed_effect(static_cast<Target>(kFirstByType + r));
    const BlockedParts pyramidal = blocked_parts(network_.groups[0]);
    for (size_t g = 0; g < network_.groups.size(); ++g) {
        const Group& group = network_.groups[g];
        BlockedParts blocked = blocked_parts(group);
        if (group.type != CellType::kE) {
            blocked.ab = (1.0 - own) * pyramidal.ab + own * blocked.ab;
            blocked.cd = (1.0 - own) * pyramidal.ab + own * blocked.cd;
        }
        RateGroup& out = rate_groups_[g];
        out.block_ab = blocked.ab;
        out.block_cd = blocked.cd;
        out.ampa_block = ampa;
        out.receptors = receptors();
        modulate(g, occupancy);
    }
}

// Blocked share of the GluN2A/GluN2B part of a group's receptors, and of the GluN2C/GluN2D part.
BlockedParts Simulation::blocked_parts(const Group& group) const {
    const SubunitValues& mix = group.receptors.mix;
    const SubunitValues blocked = total_block(state_.block[static_cast<size_t>(group.type)]);
    const double ab = mix[0] + mix[1], cd = mix[2] + mix[3];
    BlockedParts out;
    out.ab = ab > 0.0 ? (mix[0] * blocked[0] + mix[1] * blocked[1]) / ab : 0.0;
    out.cd = cd > 0.0 ? (mix[2] * blocked[2] + mix[3] * blocked[3]) / cd : out.ab;
    return out;
}

// Drive of group g, and what each other one's inhibition of it is worth: a GABA-A modulator acts on all of
// it, an alpha-5 modulator on what comes from SST cells, onto dendrites.
void Simulation::modulate(size_t g, std::span<const double> occupancy) {
    const auto type = static_cast<size_t>(network_.groups[g].type);
    std::array<double, kByType> gain;
    for (size_t r = 0; r < kByType; ++r) gain[r] = model().modulation[r][type];
    const std::span<const double> gains(gain);
    constexpr size_t kGaba = kOnDrive, kAlpha5 = kOnDrive + 1;
    rate_groups_[g].drive = modulated(gains.first(kOnDrive), occupancy.first(kOnDrive));
    const double dendritic = modulated(gains.subspan(kAlpha5), occupancy.subspan(kAlpha5)),
                 all = modulated(gains.subspan(kGaba, 1), occupancy.subspan(kGaba, 1));
    const size_t groups = network_.groups.size();
    for (size_t s = 0; s < groups; ++s) {
        const Group& source = network_.groups[s];
        received_[g * groups + s] = source.trait != Trait::kInhibitory ? 1.0
                                    : source.type == CellType::kSst    ? all * dendritic
                                                                       : all;
    }
}

// The slow truth: all equations in steps of milliseconds, network and chain alike.
void Simulation::explicit_slow_step(Tick length) {
    const double step = model().clock.explicit_step;
    const Tick from = state_.now;
    const auto substeps = static_cast<i64>(std::llround(static_cast<double>(length) / step));
    for (i64 n = 0; n < substeps; ++n) {
        advance_drugs(step / 3600.0, from + static_cast<Tick>(static_cast<double>(n) * step));
        step_network_explicitly(step);
        advance_chain(step / 3600.0);
    }
    check_rates();
}

// Glutamate, AMPA, BDNF, TrkB, mTORC1, protein pool, lag, potentiation.
void Simulation::advance_chain(double hours) {
    const Model& m = model();
    const std::span<const float> pyramidal(state_.rate.data(), network_.excitatory);
    for (const Region& r : network_.regions)
        average_by_voxel(r.voxels.grid(), pyramidal, -1.0F, r.of(release_));
    for (size_t v = 0; v < release_.size(); ++v)
        release_[v] = release_[v] < 0.0F || state_.release_baseline[v] <= 0.0F
                          ? 1.0F
                          : release_[v] / state_.release_baseline[v];
    const GlutamateParams& glutamate = m.glutamate;
    const PresynapticDrugs presynaptic = pharmacology_->presynaptic(glutamate);
    advance_extracellular(network_, glutamate, presynaptic, uptake(), hours,
                          {release_, state_.glutamate, scratch_});
    const double currents = 1.0 + m.ampa.modulator * pharmacology_->signed_effect(Target::kAmpaModulator);
    for (size_t v = 0; v < scratch_.size(); ++v)
        scratch_[v] = static_cast<float>(
            currents * synaptic_gain(glutamate, presynaptic, state_.glutamate[v]) / resting_gain_);
    for (const Region& r : network_.regions) spread_by_voxel(r.voxels.grid(), r.of(scratch_), synaptic_gain_);

    // Every stage is driven by the mean of its input before and after the step.
    const double ampa_block = pharmacology_->effect(Target::kAmpa);
    held_ampa_ = state_.ampa;
    const AmpaInput drive{state_.recurrent, state_.potentiation, state_.recurrent_baseline, synaptic_gain_};
    get_used_to(m.ampa, drive, hours, state_.habit);
    drive_ampa(drive, state_.habit, ampa_block, state_.ampa);
    average_into(held_ampa_, state_.ampa);
    const double translation = 0.5 * (translation_before_ + state_.translation),
                 scavenged = pharmacology_->effect(Target::kBdnf);
    release_bdnf(translation, hours);

    SignallingState signalling{state_.trkb, state_.trkb_internalised, state_.mtorc1, state_.protein_pool, {}};
    for (size_t k = 0; k < kLagStages; ++k) signalling.lag[k] = state_.lag[k];
    const double sensitivity = 1.0 + m.signalling.trkb_antidepressant * state_.adaptation.antidepressant;
    advance_signalling(
        m.signalling,
        {sensitivity, pharmacology_->effect(Target::kTrkb), pharmacology_->effect(Target::kMtorc1),
         m.signalling.trkb_partner * pharmacology_->effect(Target::kTrkbPartner) * (1.0 - scavenged),
         m.links.scaling * translation},
        hours, held_bdnf_, signalling);
    potentiate_synapses(m.ampa, state_.protein_pool, state_.potentiation);
}

// Population by population, since what activity starts of translation follows the mean drive of each.
void Simulation::release_bdnf(double translation, double hours) {
    const Model& m = model();
    BdnfParams p = m.bdnf;
    p.release *= subject_.bdnf_factor *
                 (1.0 - m.adaptation.inflammation_evoked * state_.adaptation.inflammation) *
                 (1.0 + p.antidepressant * state_.adaptation.antidepressant);
    const double supply = state_.bdnf_supply, calcium = 1.0 - pharmacology_->effect(Target::kLTypeCa),
                 scavenged = pharmacology_->effect(Target::kBdnf);
    held_bdnf_ = state_.bdnf_excess;
    for (size_t g = 0; g < network_.excitatory_groups; ++g) {
        const Group& group = network_.groups[g];
        if (group.size() == 0) continue;
        const auto ampa = std::span<const float>(held_ampa_).subspan(group.first, group.size());
        const double started = started_translation(p, translation, supply, ordered_sum(ampa) / group.size());
        advance_bdnf(p, {translation, started, calcium, scavenged, supply, m.links.surge, m.links.resting},
                     hours, ampa, std::span(state_.bdnf_excess).subspan(group.first, group.size()));
    }
    average_into(held_bdnf_, state_.bdnf_excess);
}

void Simulation::advance_adaptation_states(double hours) {
    advance_adaptation(model().adaptation, nmda_block(CellType::kE), scenario().inflammation,
                       pharmacology_->effect(Target::kSert), hours, state_.adaptation);
    SubjectState subject = subject_.state;
    subject.inflammation = state_.adaptation.inflammation;
    state_.beta = basal_bdnf(model().bdnf, subject) *
                  (1.0 + model().bdnf.antidepressant * state_.adaptation.antidepressant);
}

// Each event takes from the set point what treatment has moved it by; at once, so before the step's turnover.
void Simulation::feel_new_stress(double hours) {
    const double from = in_hours(state_.now - scenario().start), to = from + hours;
    std::vector<double> since;
    for (const double event : subject_.new_stress)
        if (event >= from && event < to) since.push_back(to - event);
    state_.new_stress = felt_stress(model().new_stress, state_.new_stress, hours, since);
    if (since.empty() || state_.set_point.empty()) return;
    for (size_t k = 0; k < network_.plastic.size(); ++k)
        if (network_.on_spines(network_.plastic[k]))
            undo_set_point(model().new_stress.undone, network_.plastic[k].equilibrium, set_point_of(k));
}

}  // namespace respine
