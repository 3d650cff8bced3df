// The structural step: synapses walk, mature, die and form, and what each neuron defends moves.

#include <algorithm>
#include <numeric>

#include "kernels/activity/matching.hpp"
#include "kernels/numerics/loops.hpp"
#include "sim/simulation.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

// The mean of a quantity over a step, from its values before and after, which become those before the next.
void hold_mean(std::span<const Slice> own, NeuronArray<float>& before, const NeuronArray<float>& now,
               NeuronArray<float>& held) {
    for (const Slice s : own)
        for_neurons(s.first, s.last, [&](size_t i) {
            held[i] = 0.5F * (before[i] + now[i]);
            before[i] = now[i];
        });
}

}  // namespace

// Synapses walk and die, then form on the vacancies that were published one structural step before.
void Simulation::turn_over_structure() {
    const auto start = wall_now();
    const Model& m = model();
    const u32 tick =
        static_cast<u32>((state_.now - scenario().start) / static_cast<Tick>(m.clock.structural_step));
    const double days = in_days(state_.now - state_.structural_from);
    const bool growth = scenario().structure == StructureRule::kGrowthRule;
    if (growth)
        for (const Slice s : own_excitatory_)
            grow_elements(m.growth_rule, days, part_of(state_.rate, s), part_of(state_.rate_baseline, s),
                          part_of(network_.recurrent().healthy, s), part_of(state_.elements, s));

    hold_mean(own_excitatory_, state_.pool_then, state_.protein_pool, held_pool_);
    hold_mean(own_excitatory_, state_.lag_then, state_.lag.back(), held_lag_);

    u64 formed = 0, lost = 0;           // of spines
    const auto waits = [&](size_t k) {  // for the next multiple of its own interval
        const u64 every = network_.plastic[k].every;
        return tick / every == state_.turned[k] / every;
    };
    bool matches = false;
    for (size_t k = 0; k < network_.plastic.size(); ++k)
        matches = matches || (!waits(k) && network_.matches_counts(network_.plastic[k]));
    if (matches && network_.inhibitory_matching == 0.0) measure_recurrent();  // else known from the last step
    for (size_t k = 0; k < network_.plastic.size(); ++k) {
        if (waits(k)) continue;
        PlasticSynapses& p = network_.plastic[k];
        const u32 steps = tick - static_cast<u32>(std::exchange(state_.turned[k], tick));
        const CountLevels levels = levels_of(k);
        if (before_.size() != p.live.size()) before_ = NeuronArray<u32>(p.live.size());
        copy_parts(network_.partition.own(p.targets), p.live, before_);
        turn_over_synapses(k, levels, steps, tick);
        form_synapses(k, levels, steps, tick);
        effort_.synapse_updates += state_.live_of[k];
        if (!network_.on_spines(p)) continue;
        for (size_t b = 0; b < block_count(p.live.size()); ++b) {
            formed += formed_blocks_[b] + passed_blocks_[b];
            lost += lost_blocks_[b] + passed_blocks_[b];
        }
    }
    publish_vacancies();
    if (!growth) move_set_points(days);

    count_synapses(formed, lost);
    if (network_.inhibitory_matching > 0.0) measure_recurrent();
    state_.structural_days = days;
    ++effort_.structural_steps;
    effort_.structural_seconds += seconds_since(start);
}

// What these synapses defend: it moves on spines, but for the growth rule, and else is their equilibrium.
std::span<float> Simulation::set_point_of(size_t plastic) {
    PlasticSynapses& p = network_.plastic[plastic];
    if (state_.set_point.empty() || !network_.on_spines(p)) return p.equilibrium;
    size_t first = 0;
    for (size_t k = 0; k < plastic; ++k)
        if (network_.on_spines(network_.plastic[k])) first += network_.plastic[k].equilibrium.size();
    return std::span(state_.set_point).subspan(first, p.equilibrium.size());
}

double Simulation::set_points() const {
    std::vector<SumTerms> terms;
    const float* list = state_.set_point.data();  // one after the other, each by number of neuron
    for (const PlasticSynapses& p : network_.plastic)
        if (!state_.set_point.empty() && network_.on_spines(p)) {
            terms.push_back({list, nullptr, 0, p.equilibrium.size()});
            list += p.equilibrium.size();
        }
    const std::vector<double> sums = share().sums(terms);
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

// Those of the rule, or what they are for a cell of the present excitation.
CountLevels Simulation::levels_of(size_t number) {
    const PlasticSynapses& p = network_.plastic[number];
    const bool growth = number == 0 && scenario().structure == StructureRule::kGrowthRule;
    if (growth) return {p.healthy, state_.elements, state_.elements, p.attempts};
    if (!network_.matches_counts(p)) return {p.healthy, set_point_of(number), p.capacity, p.attempts};
    for (auto& v : matched_)
        if (v.size() != p.healthy.size()) v = NeuronArray<float>(p.healthy.size());
    if (matched_factor_.empty()) matched_factor_ = NeuronArray<float>(network_.excitatory);
    for (const Slice s : network_.partition.own(p.targets)) {
        match_inhibition(p.rule.formation.matching,
                         {part_of(state_.potentiation, s), part_of(lasting_, s),
                          part_of(network_.healthy_recurrent, s), part_of(network_.external, s)},
                         part_of(matched_factor_, s));
        match_counts(part_of(matched_factor_, s),
                     {part_of(p.healthy, s), part_of(p.equilibrium, s), part_of(p.capacity, s),
                      part_of(p.attempts, s)},
                     {part_of(matched_[0], s), part_of(matched_[1], s), part_of(matched_[2], s),
                      part_of(matched_[3], s)});
    }
    return {matched_[0], matched_[1], matched_[2], matched_[3]};
}

// Chances of loss over so many of the shortest steps.
const LossTable& Simulation::losses_over(size_t number, u32 steps) {
    const auto known = losses_[number].find(steps);
    if (known != losses_[number].end()) return known->second;
    const PlasticRule& rule = network_.plastic[number].rule;
    const double elimination = condition_of(model().bdnf, rule, subject_.state).elimination;
    return losses_[number]
        .emplace(steps, loss_table(rule.pruning, elimination, days_of(steps)))
        .first->second;
}

double Simulation::days_of(u32 steps) const { return steps * model().clock.structural_step / kDay; }

NewbornStep Simulation::newborns_over(const PlasticRule& rule, double days) const {
    return newborn_step(rule.newborn, stressed_elimination(rule.pruning, subject_.state.severity), days);
}

void Simulation::turn_over_synapses(size_t number, const CountLevels& levels, u32 steps, u32 tick) {
    PlasticSynapses& p = network_.plastic[number];
    const double days = days_of(steps);
    const TurnoverInput turnover{walk_step(p.rule.spine_size, days),
                                 losses_over(number, steps),
                                 levels.equilibrium,
                                 p.rule.pruning.homeostasis,
                                 p.seed,
                                 tick,
                                 newborns_over(p.rule, days),
                                 network_.on_excitatory(p) ? held_pool_ : no_pool_,
                                 p.lost_places()};
    for (auto* v : {&formed_blocks_, &lost_blocks_, &passed_blocks_})
        std::fill_n(v->begin(), block_count(p.live.size()), 0U);
    for (const Slice s : network_.partition.own(p.targets))
        turn_over_spines(turnover, p.rows(), s.first, s.last, p.out_degree, lost_blocks_, events_lost_);
}

// What lasted through this step counts for the next.
void Simulation::move_set_points(double days) {
    const SetPointParams& p = model().set_point;
    if (p.consolidation == 0.0 && p.antidepressant == 0.0) return;
    const NeuronArray<float>& pool = links_.lag ? held_lag_ : held_pool_;
    for (size_t k = 0; k < network_.plastic.size(); ++k) {
        const PlasticSynapses& spines = network_.plastic[k];
        if (!network_.on_spines(spines)) continue;
        for (const Slice s : network_.partition.own(spines.targets))
            move_set_point(p,
                           {p.back * subject_.return_factor, state_.adaptation.antidepressant, days,
                            part_of(spines.live, s), part_of(pool, s), part_of(spines.equilibrium, s),
                            part_of(spines.healthy, s)},
                           set_point_of(k).subspan(s.first, s.size()));
    }
}

void Simulation::form_synapses(size_t number, const CountLevels& levels, u32 steps, u32 tick) {
    PlasticSynapses& p = network_.plastic[number];
    const Model& m = model();
    const double days = days_of(steps);
    const auto condition = condition_of(m.bdnf, p.rule, subject_.state);
    const double formation = condition.formation / basal_bdnf(m.bdnf, subject_.state) * state_.beta,
                 at_birth = hazard_of(p.rule.pruning, condition.elimination, p.rule.spine_size.new_mean);
    const NeuronArray<float>& pool = network_.on_excitatory(p) ? held_pool_ : no_pool_;
    float vacant = 0.0F;
    for (const Slice s : network_.known_below(p.last_source))
        vacant = std::max(vacant, most_vacant(part_of(p.axonal_vacancy, s)));
    const FormationInput input{formation,
                               p.rule.formation.gain,
                               scenario().needs_deficit,
                               days,
                               p.rule.spine_size,
                               levels.attempts,
                               levels.capacity,
                               levels.healthy,
                               links_.lag && network_.on_excitatory(p) ? held_lag_ : pool,
                               p.axonal_vacancy,
                               p.seed,
                               tick,
                               kBirthOrigin + tick,
                               p.rule.newborn.share,
                               p.lost_places(),
                               newborns_over(p.rule, days),
                               at_birth * days,
                               p.rule.pruning.homeostasis,
                               levels.equilibrium,
                               pool,
                               before_,
                               &network_.numbers,
                               vacant};
    for (auto& block : attempts_) block.clear();
    u32 most = 0;
    for (u32 g : p.targets) {
        const Slice own = network_.partition.own(g);
        most = std::max(most, draw_attempts(input, own.first, own.last, p.live, attempts_));
    }
    repack_rows(p, network_.partition, most);
    const SynapseRows rows = p.rows();
    for (u32 g : p.targets) {
        const Slice own = network_.partition.own(g);
        form_spines(input, network_.partners_of(p, g), own.first, own.last, attempts_, rows, p.out_degree,
                    formed_blocks_, passed_blocks_, events_formed_);
    }
}

void Simulation::publish_vacancies() {
    for (PlasticSynapses& p : network_.plastic) {
        NeuronArray<u32> out_degree(p.last_source);
        for (const Slice s : network_.known_below(p.last_source))
            std::copy_n(p.out_degree.begin() + network_.numbers.in_rows(s.first), s.size(),
                        out_degree.begin() + s.first);
        ranks_.add_at_owners(network_.halo, out_degree);
        for (const Slice s : network_.partition.own(0, network_.groups.size()))
            if (const Slice own{s.first, std::min(s.last, p.last_source)}; own.first < own.last)
                publish_vacancy(part_of(out_degree, own), part_of(p.axons(), own),
                                part_of(p.axonal_vacancy, own));
        ranks_.exchange(network_.halo, p.axonal_vacancy);
    }
}

void Simulation::count_synapses(u64 formed, u64 lost) {
    u64 changes[] = {formed, lost};
    state_.spines_in.assign(network_.regions.size(), 0);
    state_.live_of.assign(network_.plastic.size(), 0);
    for (size_t k = 0; k < network_.plastic.size(); ++k) {
        const PlasticSynapses& p = network_.plastic[k];
        for (const u32 g : p.targets) {
            const Slice own = network_.partition.own(g);
            u64 live = 0;
            for (u32 i = own.first; i < own.last; ++i) live += p.live[i];
            state_.live_of[k] += live;
            if (network_.on_spines(p)) state_.spines_in[network_.groups[g].region] += live;
        }
    }
    for (std::span<u64> counts :
         {std::span<u64>(changes), std::span(state_.spines_in), std::span(state_.live_of)})
        ranks_.sum(counts);
    state_.formed = changes[0], state_.lost = changes[1];
    state_.live = std::accumulate(state_.spines_in.begin(), state_.spines_in.end(), u64{0});
}

}  // namespace respine
