// The step: the model on one screen, in causal order.

#include "sim/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "kernels/bdnf.hpp"
#include "kernels/ordered_sum.hpp"
#include "kernels/relaxation.hpp"
#include "sim/error.hpp"

namespace respine {

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void average_into(std::vector<float>& before, const std::vector<float>& after) {
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(before.size()))
    for (size_t i = 0; i < before.size(); ++i) before[i] = 0.5F * (before[i] + after[i]);
}

double mean_of_group(std::span<const float> values, const Group& g) { return ordered_sum(values.subspan(g.first, g.size())) / g.size(); }

void scale(const std::vector<float>& factor, size_t first, size_t last, std::vector<float>& values) {
#pragma omp parallel for simd schedule(static) if (parallel : worth_threads(last - first))
    for (size_t i = first; i < last; ++i) values[i] *= factor[i];
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
        relax_network();                                // interneurons fall silent, pyramidal cells are released
        advance_chain(hours);                           // glutamate, AMPA, BDNF, TrkB, mTORC1, protein
    }
    advance_adaptation_states(hours);                   // tolerance, inflammation, antidepressant: days and weeks
    state_.now += length;
    const Tick structural = static_cast<Tick>(model().clock.structural_step);
    if (scenario().structure != StructureRule::kFixed && (state_.now - scenario().start) % structural == 0)
        turn_over_structure();                          // spines walk, die and form on last step's vacancies
    ++effort_.slow_steps;
}

// The longest step that the pharmacology allows: fine after a dosing event, growing with the time since.
Tick Simulation::next_step() const {
    const ClockParams& clock = model().clock;
    const Tick structural = static_cast<Tick>(clock.structural_step), now = state_.now;
    Tick boundary = scenario().start + ((now - scenario().start) / structural + 1) * structural;
    const auto next_stop = std::upper_bound(stops_.begin(), stops_.end(), now);
    if (next_stop != stops_.end()) boundary = std::min(boundary, *next_stop);

    const auto& events = pharmacology_->event_ticks();
    const auto after = std::upper_bound(events.begin(), events.end(), now);
    double wanted = static_cast<double>(boundary - now);
    if (after != events.begin()) wanted = std::max(clock.fine_step, clock.growth * static_cast<double>(now - *(after - 1)));
    const Tick left = boundary - now;
    const Tick parts = std::max<Tick>(1, static_cast<Tick>(std::ceil(static_cast<double>(left) / std::max(1.0, wanted) - 1e-9)));
    return (left + parts - 1) / parts;
}

void Simulation::advance_drugs(double hours, Tick middle) {
    const std::vector<double> before = pharmacology_->blocker_levels();
    const double exposure = pharmacology_->resting_exposure();
    translation_before_ = state_.translation;
    pharmacology_->advance(hours, middle);
    advance_nmda_block(pharmacology_->blockers(), before, pharmacology_->blocker_levels(), hours * 3600.0, state_.block);
    state_.translation = advance_translation(model().translation, 0.5 * (exposure + pharmacology_->resting_exposure()), hours, state_.translation);
    refresh_rate_groups();
}

void Simulation::refresh_rate_groups() {
    const SubunitValues blocked = total_block(state_.block);
    const double left = remaining_block(model().adaptation, state_.adaptation), ampa = pharmacology_->effect(Target::kAmpa);
    for (size_t g = 0; g < network_.groups.size(); ++g) {
        const CellType type = links_.disinhibition ? network_.groups[g].type : CellType::kE;
        const ReceptorParams& r = model().receptors[static_cast<size_t>(type)];
        const double ab = r.mix[0] + r.mix[1], cd = r.mix[2] + r.mix[3];
        RateGroup& out = rate_groups_[g];
        out.block_ab = left * (ab > 0.0 ? (r.mix[0] * blocked[0] + r.mix[1] * blocked[1]) / ab : 0.0);
        out.block_cd = left * (cd > 0.0 ? (r.mix[2] * blocked[2] + r.mix[3] * blocked[3]) / cd : out.block_ab);
        out.ampa_block = ampa;
        if (!links_.disinhibition && network_.groups[g].type != CellType::kE) out.block_cd = out.block_ab;
    }
}

// Every neuron's settled rate for the present rates of its sources: one pass over all synapses.
void Simulation::sweep(std::span<float> settled) {
    const size_t groups = network_.groups.size();
    for (size_t t = 0; t < groups; ++t) {
        const Group& target = network_.groups[t];
        for (size_t s = 0; s < groups; ++s)
            publish_rates(state_.rate, network_.pair_weight(t, s), network_.groups[s].first, network_.groups[s].last, published_);
        gather_fixed(network_.fixed_rows(), published_, target.first, target.last, state_.excitation, state_.inhibition);
        const bool excitatory = t < network_.excitatory_groups;
        if (excitatory && !inhibition_factor_.empty()) scale(inhibition_factor_, target.first, target.last, state_.inhibition);
        if (excitatory) gather_plastic(network_.rows(), published_, target.first, target.last, state_.recurrent);
        RateInput in{{}, {}, state_.excitation, network_.external, state_.inhibition, network_.slow_share};
        if (excitatory) {
            in.recurrent = state_.recurrent;
            in.potentiation = state_.potentiation;
        }
        settled_rates(rate_groups_[t], in, target.first, target.last, settled);
    }
    ++effort_.sweeps;
}

// What the present synapses would bring at healthy rates: their lasting strength, apart from what the drug does to the rates.
void Simulation::measure_recurrent() {
    if (network_.inhibitory_matching == 0.0) return;
    lasting_.resize(network_.excitatory);
    for (size_t t = 0; t < network_.excitatory_groups; ++t) {
        const Group& target = network_.groups[t];
        for (size_t s = 0; s < network_.excitatory_groups; ++s)
            publish_rates(network_.baseline_rate, network_.pair_weight(t, s), network_.groups[s].first, network_.groups[s].last, published_);
        gather_plastic(network_.rows(), published_, target.first, target.last, lasting_);
    }
}

void Simulation::balance_inhibition() {
    if (network_.inhibitory_matching == 0.0) return;
    inhibition_factor_.resize(network_.excitatory);
    match_inhibition(network_.inhibitory_matching, {state_.potentiation, lasting_, network_.healthy_recurrent, network_.external}, inhibition_factor_);
}

// Input of each group per Hz of mean rate of each other one, with the present drugs, potentiation and number of synapses.
std::vector<double> Simulation::mean_coupling() const {
    const size_t groups = network_.groups.size();
    const double restored = static_cast<double>(state_.live) / ordered_sum(network_.healthy);
    const double potentiation = ordered_sum(state_.potentiation) / static_cast<double>(network_.excitatory);
    std::vector<double> coupling(groups * groups);
    for (size_t t = 0; t < groups; ++t) {
        const RateGroup& g = rate_groups_[t];
        const double block = g.block_ab + shares_[t] * (g.block_cd - g.block_ab);
        const double through = (1.0 - g.nmda_share) * (1.0 - g.ampa_block) + g.nmda_share * g.receptor_number * (1.0 - block);
        const bool balanced = t < network_.excitatory_groups && !inhibition_factor_.empty();
        const double inhibition = balanced ? mean_of_group(inhibition_factor_, network_.groups[t]) : 1.0;
        for (size_t s = 0; s < groups; ++s) {
            const double w = network_.summed_weight[t * groups + s];
            const bool plastic = t < network_.excitatory_groups && s < network_.excitatory_groups;
            coupling[t * groups + s] = s >= network_.excitatory_groups ? -w * inhibition : plastic ? w * through * potentiation * restored : w * through;
        }
    }
    return coupling;
}

void Simulation::relax_network() {
    constexpr int kMostSweeps = 400;
    const auto start = std::chrono::steady_clock::now();
    balance_inhibition();
    const std::vector<double> coupling = mean_coupling();
    std::vector<GroupRange> ranges;
    for (const Group& g : network_.groups) ranges.push_back({g.first, g.last, g.gain});
    AndersonSpace space;
    for (size_t k = 0; k < kAndersonDepth; ++k) {
        space.rate_change[k] = rate_change_[k];
        space.residual_change[k] = residual_change_[k];
    }
    space.residual = residual_;
    double best = 1e300;
    for (int n = 0;; ++n) {
        sweep(settled_);
        const double residual = relative_residual(settled_, state_.rate);
        if (residual < model().clock.tolerance) break;
        if (n == kMostSweeps)
            fail(Exit::kNumerical, "{}: t = {} s: error: the fast network does not settle (residual {:.2e} after {} sweeps); weaken the recurrent weights",
                 scenario().name, state_.now, best, n);
        if (!(residual < 1.5 * best)) {  // strong inhibition overshot: back to the best iterate, and more carefully
            state_.rate = best_rate_;
            damping_ = std::max(0.05, 0.5 * damping_);
            space.filled = space.next = 0;
            space.started = false;
            continue;
        }
        if (residual < best) {
            best = residual;
            best_rate_ = state_.rate;
        }
        correct_by_groups(ranges, coupling, state_.rate, slope_, settled_);
        accelerate(space, settled_, damping_, state_.rate);
    }
    damping_ = std::min(model().clock.damping, 1.1 * damping_);
    check_rates();
    effort_.fast_seconds += seconds_since(start);
}

void Simulation::step_network_explicitly(double seconds) {
    balance_inhibition();
    sweep(settled_);
    for (size_t g = 0; g < network_.groups.size(); ++g)
        advance_rates(rate_groups_[g], settled_, seconds, network_.groups[g].first, network_.groups[g].last, state_.rate);
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
    const VoxelGrid grid = network_.voxels.grid();
    const std::span<const float> pyramidal(state_.rate.data(), network_.excitatory);
    average_by_voxel(grid, pyramidal, -1.0F, release_);
    for (size_t v = 0; v < release_.size(); ++v)
        release_[v] = release_[v] < 0.0F || state_.release_baseline[v] <= 0.0F ? 1.0F : release_[v] / state_.release_baseline[v];
    GlutamateParams glutamate = m.glutamate;
    glutamate.voxel = network_.voxels.edge;
    advance_glutamate(glutamate, grid, 1.0 - m.adaptation.inflammation_uptake * state_.adaptation.inflammation, hours * 3600.0, release_,
                      state_.glutamate, scratch_);

    // Every stage is driven by the mean of its input before and after the step.
    const double ampa_block = pharmacology_->effect(Target::kAmpa), calcium = 1.0 - pharmacology_->effect(Target::kLTypeCa);
    held_ampa_ = state_.ampa;
    drive_ampa(state_.recurrent, state_.potentiation, state_.recurrent_baseline, ampa_block, state_.ampa);
    average_into(held_ampa_, state_.ampa);
    BdnfParams bdnf = m.bdnf;
    bdnf.release *= subject_.bdnf_factor;
    held_bdnf_ = state_.bdnf_excess;
    advance_bdnf(bdnf, 0.5 * (translation_before_ + state_.translation), calcium, pharmacology_->effect(Target::kBdnf), hours, held_ampa_,
                 state_.bdnf_excess);
    average_into(held_bdnf_, state_.bdnf_excess);

    SignallingState signalling{state_.trkb, state_.trkb_internalised, state_.mtorc1, state_.protein_pool, {}};
    for (size_t k = 0; k < kLagStages; ++k) signalling.lag[k] = state_.lag[k];
    const double sensitivity = 1.0 + m.signalling.trkb_antidepressant * state_.adaptation.antidepressant;
    advance_signalling(m.signalling, {state_.beta, sensitivity, pharmacology_->effect(Target::kTrkb), pharmacology_->effect(Target::kMtorc1)}, hours,
                       held_bdnf_, signalling);
    potentiate_synapses(m.ampa, state_.protein_pool, state_.potentiation);
}

void Simulation::advance_adaptation_states(double hours) {
    advance_adaptation(model().adaptation, nmda_block(CellType::kE), scenario().inflammation, pharmacology_->effect(Target::kAntidepressant), hours,
                       state_.adaptation);
    SubjectState subject = subject_.state;
    subject.inflammation = state_.adaptation.inflammation;
    state_.beta = basal_bdnf(model().bdnf, subject) * (1.0 + model().bdnf.antidepressant * state_.adaptation.antidepressant);
}

// Spines walk and die, then form on the vacancies that were published one structural step before.
void Simulation::turn_over_structure() {
    const auto start = std::chrono::steady_clock::now();
    const Model& m = model();
    const double days = m.clock.structural_step / kDay;
    const u32 tick = static_cast<u32>((state_.now - scenario().start) / static_cast<Tick>(m.clock.structural_step));
    const bool growth = scenario().structure == StructureRule::kGrowthRule;
    if (growth)
        grow_elements(m.growth_rule, days, {state_.rate.data(), network_.excitatory}, {state_.rate_baseline.data(), network_.excitatory},
                      network_.healthy, state_.elements);

    repack_rows(network_, 8);
    const SynapseRows rows = network_.rows();
    std::fill(formed_blocks_.begin(), formed_blocks_.end(), 0U);
    const TurnoverInput turnover{walk_step(m.spine_size, days), losses_, growth ? state_.elements : network_.equilibrium, m.pruning.homeostasis,
                                 seed_, tick};
    turn_over_spines(turnover, rows, network_.out_degree, lost_blocks_, events_lost_);

    const double formation = condition_of(m, subject_.state).formation / basal_bdnf(m.bdnf, subject_.state) * state_.beta;
    const FormationInput input{formation,
                               m.formation.gain,
                               scenario().needs_deficit,
                               days,
                               m.spine_size,
                               network_.attempts,
                               growth ? state_.elements : network_.capacity,
                               network_.healthy,
                               links_.lag ? state_.lag.back() : state_.protein_pool,
                               state_.axonal_vacancy,
                               seed_,
                               tick,
                               kBirthOrigin + tick};
    for (size_t g = 0; g < network_.excitatory_groups; ++g)
        form_spines(input, network_.partners.kernel(g), network_.groups[g].first, network_.groups[g].last, rows, network_.out_degree, formed_blocks_,
                    events_formed_);
    publish_vacancies();

    effort_.synapse_updates += state_.live;
    state_.formed = state_.lost = 0;
    for (u32 n : formed_blocks_) state_.formed += n;
    for (u32 n : lost_blocks_) state_.lost += n;
    state_.live = network_.live_synapses();
    measure_recurrent();
    state_.structural_days = days;
    ++effort_.structural_steps;
    effort_.structural_seconds += seconds_since(start);
}

void Simulation::publish_vacancies() { publish_vacancy(network_.out_degree, network_.capacity, state_.axonal_vacancy); }

void Simulation::check_rates() const {
    if (state_.rate_baseline.empty()) return;  // the baseline itself is being settled
    const size_t e = network_.excitatory;
    const double mean = ordered_sum({state_.rate.data(), e}) / static_cast<double>(e);
    const double baseline = ordered_sum({state_.rate_baseline.data(), e}) / static_cast<double>(e);
    const double fold = baseline > 0.0 ? mean / baseline : 1.0;
    if (std::isfinite(mean) && ((fold > 0.1 && fold < 10.0) || tool_effect(Target::kAmpa) > 0.0)) return;
    fail(Exit::kNumerical, "{}: t = {} s: error: rate_e is {:g} Hz, {:.3g} x its baseline; the model holds between 0.1 and 10", scenario().name, state_.now, mean, fold);
}

}  // namespace respine
