// The step: the model on one screen, in causal order.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/activity/modulation.hpp"
#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/ordered_sum.hpp"
#include "kernels/plasticity/bdnf.hpp"
#include "sim/model/clock.hpp"
#include "sim/network/extracellular.hpp"
#include "sim/simulation.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

void average_into(std::span<float> before, std::span<const float> after) {
    for_neurons(0, before.size(), [&](size_t i) { before[i] = 0.5F * (before[i] + after[i]); });
}

}  // namespace

void Simulation::advance() {
    visit();  // policies decide about the next dose
    const Tick length = next_step();
    const double hours = in_hours(length);
    pharmacology_->apply_events(state_.now);
    if (scenario().integrator == Integrator::kExplicit) {
        explicit_slow_step(length);
    } else {
        advance_drugs(hours, state_.now + length / 2);  // dose, plasma, brain, receptor block
        relax_network(hours);  // interneurons fall silent, pyramidal cells are released
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
    return next_structural_step(clock_of(model(), scenario()), scenario().start, upheavals_,
                                policies_.visits(), state_.now);
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
    average_rates(-1.0F, release_);
    for (size_t v = 0; v < release_.size(); ++v)
        release_[v] = release_[v] < 0.0F || state_.release_baseline[v] <= 0.0F
                          ? 1.0F
                          : release_[v] / state_.release_baseline[v];
    const GlutamateParams& glutamate = m.glutamate;
    const PresynapticDrugs presynaptic = pharmacology_->presynaptic(glutamate);
    advance_extracellular(network_, glutamate, presynaptic, uptake(), hours, release_, state_.glutamate,
                          ranks_);
    mechanisms_.advance(*this, state_, hours);  // what the scenario brings
    const double currents = 1.0 + m.ampa.modulator * pharmacology_->signed_effect(Target::kAmpaModulator);
    for (size_t v = 0; v < scratch_.size(); ++v)
        scratch_[v] = static_cast<float>(
            currents * synaptic_gain(glutamate, presynaptic, state_.glutamate[v]) / resting_gain_);
    for (size_t g = 0; g < network_.excitatory_groups; ++g) {
        const Slice own = network_.partition.own(g);
        const Region& r = network_.regions[network_.groups[g].region];
        spread_by_voxel(part_of(r.voxels.voxel, own), r.of(std::span(scratch_)),
                        part_of(synaptic_gain_, own));
        mechanisms_.act(ActsOn::kAmpaDrive, state_, own, part_of(synaptic_gain_, own));
    }
    drive_synapses(hours);
    const double translation = 0.5 * (translation_before_ + state_.translation),
                 scavenged = pharmacology_->effect(Target::kBdnf);
    release_bdnf(translation, hours);

    const double sensitivity = 1.0 + m.signalling.trkb_antidepressant * state_.adaptation.antidepressant;
    const SignallingInput input{
        sensitivity, pharmacology_->effect(Target::kTrkb), pharmacology_->effect(Target::kMtorc1),
        m.signalling.trkb_partner * pharmacology_->effect(Target::kTrkbPartner) * (1.0 - scavenged),
        m.links.scaling * translation};
    for (const Slice s : own_excitatory_) {
        SignallingState signalling{part_of(state_.trkb, s),
                                   part_of(state_.trkb_internalised, s),
                                   part_of(state_.mtorc1, s),
                                   part_of(state_.protein_pool, s),
                                   {}};
        for (size_t k = 0; k < kLagStages; ++k) signalling.lag[k] = part_of(state_.lag[k], s);
        mechanisms_.act(ActsOn::kTrkbActivation, state_, s, part_of(held_bdnf_, s));
        advance_signalling(m.signalling, input, hours, part_of(held_bdnf_, s), signalling);
        potentiate_synapses(m.ampa, part_of(state_.protein_pool, s), part_of(state_.potentiation, s));
    }
}

// Mean rate of the pyramidal cells of each voxel.
void Simulation::average_rates(float absent, std::span<float> by_voxel) {
    const std::span<const float> pyramidal(state_.rate.data(), network_.excitatory);
    for (const Region& r : network_.regions) {
        const std::span<float> mean = r.of(by_voxel);
        average_by_voxel(r.voxels.grid(), pyramidal, absent, mean);
        for (size_t v = 0; v < mean.size(); ++v)
            if (r.voxels.averages[v] == 0) mean[v] = 0.0F;  // another rank knows it
    }
    ranks_.merge(std::as_writable_bytes(by_voxel));
}

// Every stage is driven by the mean of its input before and after the step.
void Simulation::drive_synapses(double hours) {
    const double blocked = pharmacology_->effect(Target::kAmpa);
    for (const Slice s : own_excitatory_) {
        const AmpaInput drive{part_of(state_.recurrent, s), part_of(state_.potentiation, s),
                              part_of(state_.recurrent_baseline, s), part_of(synaptic_gain_, s)};
        std::ranges::copy(part_of(state_.ampa, s), part_of(held_ampa_, s).begin());
        get_used_to(model().ampa, drive, hours, part_of(state_.habit, s));
        drive_ampa(drive, part_of(state_.habit, s), blocked, part_of(state_.ampa, s));
        average_into(part_of(held_ampa_, s), part_of(state_.ampa, s));
    }
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
    std::vector<SumTerms> drive;
    for (size_t g = 0; g < network_.excitatory_groups; ++g)
        drive.push_back({held_ampa_.data(), nullptr, network_.groups[g].first, network_.groups[g].last});
    const std::vector<double> driven = share().sums(drive);
    for (size_t g = 0; g < network_.excitatory_groups; ++g) {
        const Slice own = network_.partition.own(g);
        if (own.size() == 0) continue;
        const double started =
            started_translation(p, translation, supply, driven[g] / network_.groups[g].size());
        mechanisms_.act(ActsOn::kBdnfRelease, state_, own, part_of(held_ampa_, own));
        const std::span<float> held = part_of(held_bdnf_, own), excess = part_of(state_.bdnf_excess, own);
        std::ranges::copy(excess, held.begin());
        advance_bdnf(p, {translation, started, calcium, scavenged, supply, m.links.surge, m.links.resting},
                     hours, part_of(held_ampa_, own), excess);
        average_into(held, excess);
    }
}

void Simulation::advance_adaptation_states(double hours) {
    advance_adaptation(model().adaptation, nmda_block(CellType::kE), subject_.state.inflammation,
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
        if (const PlasticSynapses& p = network_.plastic[k]; network_.on_spines(p))
            for (const Slice s : network_.partition.own(p.targets))
                undo_set_point(model().new_stress.undone, part_of(p.equilibrium, s),
                               set_point_of(k).subspan(s.first, s.size()));
}

}  // namespace respine
