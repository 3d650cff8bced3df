#include "sim/simulation.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/numerics/ordered_sum.hpp"
#include "kernels/plasticity/readout.hpp"
#include "kernels/plasticity/stress.hpp"
#include "sim/history.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

// Own kinetics aside, what differs between persons in the parameters that the network is built from.
Model personal(Model m, const Subject& subject) {
    m.pruning.homeostasis /= subject.return_factor;
    return m;
}

}  // namespace

Simulation::Simulation(Inputs inputs, Links links, Ranks& ranks)
    : inputs_(std::move(inputs)),
      links_(links),
      ranks_(ranks),
      seed_(inputs_.scenario.seed +
            1000003ULL * inputs_.scenario.subject),  // every subject has a network of its own
      policies_(inputs_.scenario, seed_),
      quantities_(state_quantities(inputs_.scenario.mechanisms)) {
    subject_ = draw_subject(scenario(), model());
    pharmacology_ =
        std::make_unique<Pharmacology>(scenario(), model(), subject_.body, inputs_.drugs, inputs_.given);
    Scenario seeded = scenario();
    seeded.seed = seed_;
    network_ = build_network(seeded, personal(model(), subject_), inputs_.network, subject_.state,
                             inputs_.graph.get(), &report_, ranks_);
    own_ = network_.partition.own(0, network_.groups.size());
    own_excitatory_ = network_.partition.own(0, network_.excitatory_groups);
    begin_state();
    make_scratch();
    count_synapses(0, 0);
    losses_.resize(network_.plastic.size());
    state_.turned.assign(network_.plastic.size(), 0);
    make_rate_groups();
    list_stops();
    state_.structural_from = state_.now;
    state_.structural_due = next_structural();
    damping_ = model().clock.damping;
    publish_vacancies();
    measure_recurrent();
    settle_baseline();
    const std::vector<Mechanism>& brought = scenario().mechanisms;
    if (!brought.empty()) mechanisms_ = Mechanisms(brought, readable_quantities(cast_of(*this), brought));
    mechanisms_.begin(*this, state_);
}

void Simulation::begin_state() {
    state_.own.resize(scenario().mechanisms.size());
    state_.own_of_subject.resize(scenario().mechanisms.size());
    allocate(state_, network_, quantities_);
    state_.now = scenario().start;
    copy_parts(network_.known, network_.baseline_rate, state_.rate);
    const bool grows = scenario().structure == StructureRule::kGrowthRule;  // only its rule counts elements
    state_.elements = NeuronArray<float>(grows ? network_.excitatory : 0);
    if (grows) copy_parts(own_excitatory_, network_.recurrent().capacity, state_.elements);
    size_t set_points = 0;
    for (const PlasticSynapses& p : network_.plastic)
        if (!grows && network_.on_spines(p)) set_points += p.equilibrium.size();
    state_.set_point = NeuronArray<float>(set_points);
    for (size_t k = 0; k < network_.plastic.size() && set_points > 0; ++k)
        if (PlasticSynapses& p = network_.plastic[k]; network_.on_spines(p))
            for (const Slice s : network_.partition.own(p.targets))
                std::ranges::copy(part_of(p.equilibrium, s), set_point_of(k).begin() + s.first);
    for (auto& of_type : state_.block) of_type.assign(pharmacology_->blocker_count(), {});
    state_.adaptation.inflammation = subject_.state.inflammation;
    state_.beta = basal_bdnf(model().bdnf, subject_.state);
    const double glutamate = resting_glutamate(model().glutamate, uptake());
    std::fill(state_.glutamate.begin(), state_.glutamate.end(), static_cast<float>(glutamate));
    resting_gain_ = synaptic_gain(model().glutamate, {}, static_cast<double>(state_.glutamate[0]));
    state_.bdnf_supply = settled_supply(model().bdnf, 0.0, 0.0, glutamate);
}

// What a step needs and no later one remembers.
void Simulation::make_scratch() {
    const size_t n = network_.neurons, blocks = block_count(n);
    published_ = NeuronArray<float>(network_.numbers.count());
    for (auto* v : {&settled_, &residual_, &slope_, &best_rate_, &rate_then_}) *v = NeuronArray<float>(n);
    for (auto* changes : {&rate_change_, &residual_change_})
        for (auto& v : *changes) v = NeuronArray<float>(n);
    for (auto* v : {&release_, &scratch_}) v->assign(network_.voxels, 1.0F);
    for (auto* v : {&synaptic_gain_, &held_pool_, &held_lag_, &held_ampa_, &held_bdnf_})
        *v = NeuronArray<float>(network_.excitatory);
    if (network_.plastic.size() > 1)
        for (auto* v : {&more_input_, &no_pool_}) *v = NeuronArray<float>(n);
    for (auto* v : {&formed_blocks_, &lost_blocks_, &passed_blocks_}) v->assign(blocks, 0);
    attempts_.resize(blocks);
    if (scenario().synapse_events) {
        events_lost_.resize(blocks);
        events_formed_.resize(blocks);
    }
}

void Simulation::make_rate_groups() {
    received_.assign(network_.groups.size() * network_.groups.size(), 1.0);
    std::vector<SumTerms> terms;
    for (const Group& g : network_.groups) {
        rate_groups_.push_back({g.gain, g.time_constant, g.receptors.nmda_share, 0.0, 0.0, 0.0, 1.0, 1.0});
        terms.push_back({network_.slow_share.data(), nullptr, g.first, g.last});
    }
    shares_ = share().sums(terms);
    for (size_t g = 0; g < shares_.size(); ++g) shares_[g] /= network_.groups[g].size();
}

void Simulation::list_stops() {
    stops_ = pharmacology_->event_ticks();
    for (const auto* list : {&scenario().snapshots, &scenario().sessions, &scenario().coordination.sessions})
        stops_.insert(stops_.end(), list->begin(), list->end());
    stops_.insert(stops_.end(), policies_.visits().begin(), policies_.visits().end());
    stops_.push_back(scenario().end());
    std::sort(stops_.begin(), stops_.end());
    upheavals_ = pharmacology_->event_ticks();
    upheavals_.push_back(scenario().end());  // where the last step ends, so that nothing is out of date there
    for (const double hours : subject_.new_stress)
        upheavals_.push_back(scenario().start + static_cast<Tick>(hours * kHour));
    std::sort(upheavals_.begin(), upheavals_.end());
}

// The drug-free steady state of this subject at the start: what every fold is relative to.
void Simulation::settle_baseline() {
    relax_network();
    copy_parts(own_, state_.rate, state_.rate_baseline);
    copy_parts(own_excitatory_, state_.recurrent, state_.recurrent_baseline);
    average_rates(0.0F, state_.release_baseline);
}

void Simulation::check_physical() const {
    const auto found = find_violation(state_, network_, quantities_);
    if (!found) return;
    fail(Exit::kNumerical, "{}: t = {} s: error: {} of {} is {:g} {}; it must lie in [{:g}, {:g}]",
         scenario().name, state_.now, found->name, found->of, found->value, found->unit, found->range.least,
         found->range.most);
}

std::vector<SynapseEvent> Simulation::take_synapse_events() {
    std::vector<SynapseEvent> all;
    for (auto* list : {&events_lost_, &events_formed_}) {
        std::vector<SynapseEvent> own;
        for (auto& block : *list) {
            own.insert(own.end(), block.begin(), block.end());
            block.clear();
        }
        for (SynapseEvent& e : own) e.source = network_.numbers.neuron(e.source);
        own = ranks_.gather_at_root(std::move(own));
        std::stable_sort(own.begin(), own.end(),
                         [](const SynapseEvent& a, const SynapseEvent& b) { return a.target < b.target; });
        all.insert(all.end(), own.begin(), own.end());
    }
    return all;
}

double Simulation::nmda_block(const Group& group) const {
    return receptor_block(group.receptors.mix, total_block(state_.block[static_cast<size_t>(group.type)]));
}

// As a difference from the first group's: exact where all groups of the type have the same receptors.
double Simulation::nmda_block(CellType type) const {
    std::optional<double> first;
    double more = 0.0, neurons = 0.0;
    for (const Group& g : network_.groups) {
        if (g.type != type) continue;
        if (!first) first = nmda_block(g);
        more += g.size() * (nmda_block(g) - *first);
        neurons += g.size();
    }
    return first ? *first + more / neurons : 0.0;
}

double Simulation::receptors() const { return receptor_number(model().adaptation, state_.adaptation); }

double Simulation::resting_block(std::span<const double> levels) const {
    return respine::resting_block(model().nmda, pharmacology_->blockers(CellType::kE), levels,
                                  network_.groups[0].receptors.mix);
}

double Simulation::pyramidal_2b_block() const {
    return total_block(state_.block[static_cast<size_t>(CellType::kE)])[1];
}

double Simulation::uptake() const {
    return stress_factor(model().glutamate.stress, subject_.state.severity) *
           (1.0 - model().adaptation.inflammation_uptake * state_.adaptation.inflammation) *
           (1.0 + model().glutamate.eaat2 * pharmacology_->signed_effect(Target::kEaat2));
}

double Simulation::glutamate_mean() const {
    return ordered_sum(state_.glutamate) / static_cast<double>(state_.glutamate.size());
}

double Simulation::placebo() const {
    if (!scenario().expectation) return 0.0;
    std::vector<double> hours_since;
    for (const Tick at : pharmacology_->dose_ticks()) hours_since.push_back(in_hours(state_.now - at));
    return placebo_response(model().readout, subject_.placebo, hours_since);
}

double Simulation::live_share() const {
    const double healthy = network_.healthy_spines();
    return healthy > 0.0 ? static_cast<double>(state_.live) / healthy : 1.0;
}

double Simulation::early_response() const {
    return respine::early_response(model().readout, mean_of_excitatory(state_.potentiation));
}

double Simulation::surge() const { return std::clamp(mean_of_excitatory(state_.trkb), 0.0, 1.0); }

// Of several regions those that stress took spines from: what one has gained makes up for nothing there.
double Simulation::restored() const {
    const double healthy = network_.healthy_spines();
    if (network_.regions.size() == 1)
        return restored_share(static_cast<double>(state_.live), network_.resting_spines(), healthy);
    double live = 0.0, resting = 0.0, lost_from = 0.0;
    for (u32 r = 0; r < network_.regions.size(); ++r) {
        if (network_.resting_spines(r) >= network_.healthy_spines(r)) continue;
        live += static_cast<double>(state_.spines_in[r]);
        resting += network_.resting_spines(r);
        lost_from += network_.healthy_spines(r);
    }
    return restored_share(live, resting, lost_from);
}

double Simulation::restored(u32 region) const {
    return restored_share(static_cast<double>(state_.spines_in[region]), network_.resting_spines(region),
                          network_.healthy_spines(region));
}

double Simulation::rebound() const { return excess_current(receptors(), nmda_block(CellType::kE)); }

double Simulation::response() const {
    const ReadoutParams& p = model().readout;
    const double felt = std::min(1.0, state_.new_stress);
    return response_index(p,
                          {.synaptic_share = subject_.synaptic_share,
                           .early = early_response(),
                           .restored = restored(),
                           .surge = surge(),
                           .antidepressant = subject_.antidepressant_share * state_.adaptation.antidepressant,
                           .rebound = model().adaptation.rebound * rebound(),
                           .new_stress = model().new_stress.symptoms * felt,
                           .placebo = placebo()});
}

}  // namespace respine
