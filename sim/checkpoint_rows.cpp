// Each function names all members of its class: a new one stops the compiler here until it is remembered or
// said to follow.

#include "sim/checkpoint_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <type_traits>

#include "sim/simulation.hpp"

namespace respine {

namespace {

void add_effort_rows(Effort& effort, CheckpointRows& memory) {
    auto& [slow_steps, sweeps, structural_steps, synapse_updates, structural_seconds, fast_seconds] = effort;
    memory.number("effort/slow_steps", "count", slow_steps, kCount);
    memory.number("effort/sweeps", "count", sweeps, kCount);
    memory.number("effort/structural_steps", "count", structural_steps, kCount);
    memory.number("effort/synapse_updates", "count", synapse_updates, kCount);
    memory.number("effort/structural_seconds", "s", structural_seconds);
    memory.number("effort/fast_seconds", "s", fast_seconds);
}

class Digest {
public:
    template <class Values>
    void add(const Values& values) {
        add_word(values.size());
        for (size_t k = 0; k < values.size(); ++k) add_value(values[k]);
    }
    u64 value() const { return state_; }

private:
    void add_value(float v) { add_word(std::bit_cast<u32>(v)); }
    void add_value(double v) { add_word(std::bit_cast<u64>(v)); }
    template <class T>
    void add_value(const T& v) {
        if constexpr (std::is_integral_v<T>)
            add_word(static_cast<u64>(v));
        else
            add_word(static_cast<u32>(v));
    }
    void add_word(u64 word) {  // FNV-1a by words; the shift brings the high bits down
        state_ = (state_ ^ word) * 1099511628211ULL;
        state_ ^= state_ >> 32;
    }
    u64 state_ = 14695981039346656037ULL;
};

}  // namespace

void add_checkpoint_rows(Network& network, CheckpointRows& memory) {
    [[maybe_unused]] auto& [kind, groups, regions, projections, plastic, neurons, excitatory,
                            excitatory_groups, voxels, partition, halo, known, numbers, x, y, z, ids,
                            fixed_begin, fixed_inhibitory, fixed_source, fixed_log_size, baseline_rate,
                            external, inhibitory_matching, healthy_recurrent, slow_share] = network;
    for (PlasticSynapses& p : plastic) {
        [[maybe_unused]] auto& [name, rule, seed, trait, targets, last_source, every, row_begin, live,
                                out_degree, source, log_size, birth, healthy, equilibrium, attempts, capacity,
                                axonal_capacity, axonal_vacancy, sum_healthy, sum_equilibrium, group_share,
                                lost, most_lost, lost_weight] = p;
        std::vector<Slice> own = partition.own(0, network.groups_below(last_source));
        memory.shared("network/" + name + "/axonal_vacancy", "1", std::span<float>(axonal_vacancy),
                      {-1e-6, 1.0 + 1e-6}, std::move(own), network.known_below(last_source));
    }
    memory.synapses(network);  // live, source, log_size, birth, those of lost places too; row_begin and
                               // out_degree follow from them
}

namespace {

// What one neuron has: values, and fixed synapses.
u64 digest_of(const Network& network, u32 i) {
    Digest own;
    own.add(std::array{u64{i}, u64{network.fixed_inhibitory[i]}});
    const auto add = [&](const NeuronArray<float>& values) {
        if (i < values.size()) own.add(std::array{values[i]});
    };
    for (const auto* v : {&network.x, &network.y, &network.z, &network.baseline_rate, &network.external,
                          &network.healthy_recurrent, &network.slow_share})
        add(*v);
    for (const PlasticSynapses& p : network.plastic)
        for (const auto* v : {&p.healthy, &p.equilibrium, &p.attempts, &p.capacity, &p.axonal_capacity})
            add(*v);
    for (const Region& r : network.regions)
        if (i < r.partners.cell.size()) own.add(std::array{r.partners.cell[i]});
    for (u64 k = network.fixed_begin[i]; k < network.fixed_begin[i + 1]; ++k)
        own.add(std::array{network.numbers.neuron(network.fixed_source[k])});
    if (!network.fixed_log_size.empty())
        own.add(std::span(network.fixed_log_size)
                    .subspan(network.fixed_begin[i], network.fixed_begin[i + 1] - network.fixed_begin[i]));
    return own.value();
}

}  // namespace

u64 constant_digest(const Network& network, Ranks& ranks) {
    Digest digest;
    digest.add(std::array{network.neurons, network.excitatory});
    for (const PlasticSynapses& p : network.plastic) digest.add(std::array{p.seed});
    for (const Projection& p : network.projections) {
        digest.add(std::array{p.indegree, p.weight, p.summed_weight});
        digest.add(std::array{p.rows, static_cast<u32>(p.reach)});
    }
    for (const auto& [name, partners, voxels, first_voxel, rows] : network.regions) {
        digest.add(partners.keep);
        for (const auto* v : {&partners.cell_begin, &partners.alias}) digest.add(*v);
        digest.add(std::array{voxels.nx, voxels.ny, voxels.nz});
    }
    digest.add(std::array{network.inhibitory_matching});
    u64 sums[] = {0};  // of neurons, because each rank knows its own
    for (const Slice own : network.partition.own(0, network.groups.size()))
        for (u32 i = own.first; i < own.last; ++i) sums[0] += digest_of(network, i);
    ranks.sum(std::span<u64>(sums));
    digest.add(std::span<const u64>(sums));
    return digest.value();
}

void add_checkpoint_rows(PolicyLog& log, const std::string& prefix, CheckpointRows& memory) {
    auto& [treatment, decision, judged, time, amount] = log;
    memory.list(prefix + "treatment", "1", treatment);
    memory.list(prefix + "decision", "1", decision);
    memory.list(prefix + "judged", "1", judged);
    memory.list(prefix + "time", "s", time);
    memory.list(prefix + "amount", "see treatment", amount);
}

void CompartmentSystem::add_checkpoint_rows(CheckpointRows& memory, const std::string& name) {
    // Transitions are made again when they are wanted; all else but the amounts follows from the inputs.
    auto& [size, flows, rate, amount, transitions] = *this;
    memory.array(name, "see model", std::span<double>(amount));
}

void DrugSystem::add_checkpoint_rows(CheckpointRows& memory, const std::string& name) {
    auto& [compartments, site, entry_state] = *this;
    compartments.add_checkpoint_rows(memory, name);
}

void Pharmacology::add_checkpoint_rows(CheckpointRows& memory) {
    // The treatments are those of the inputs, and those that policies gave (simulation/visit...).
    auto& [file, species, weight, treatments, given, drugs, plan, systems, system_of, links, blockers,
           blocker_drug, middle, next_event] = *this;
    for (size_t s = 0; s < systems.size(); ++s)
        systems[s].add_checkpoint_rows(memory, "pharmacology/amount_" + std::to_string(s));
    memory.number("pharmacology/middle", "s", middle);
    memory.number("pharmacology/next_event", "1", next_event, kCount);
}

void Simulation::add_checkpoint_rows(CheckpointRows& memory) {
    // From the inputs: inputs, links, ranks, subject, seed, report, shares, stops, upheavals, losses,
    // resting_gain, own neurons; stops and upheavals also from the doses of policies. Empty between steps:
    // events_lost, events_formed, which the recorder takes. All others without a row are scratch, see
    // forget_scratch.
    auto& [inputs, links, ranks, subject, seed, pharmacology, network, report, state, effort, rate_groups,
           shares, received, stops, upheavals, losses, damping, own, own_excitatory, scratch, release,
           published, settled, slope, best_rate, held_ampa, held_bdnf, rate_then, more_input, held_pool,
           held_lag, no_pool, lasting, inhibition_factor, matched, matched_factor, synaptic_gain,
           resting_gain, hours_then, translation_before, rate_change, residual_change, residual,
           formed_blocks, lost_blocks, passed_blocks, attempts, before, events_lost, events_formed, policies,
           quantities, mechanisms] = *this;
    respine::add_checkpoint_rows(state, network, quantities, memory);
    respine::add_checkpoint_rows(network, memory);
    pharmacology->add_checkpoint_rows(memory);
    add_effort_rows(effort, memory);
    memory.number("simulation/damping", "1", damping, {0.0, 1.0});
    memory.shared("simulation/rate_then", "Hz", std::span<float>(rate_then), {}, own, network.known);
    memory.number("simulation/hours_then", "h", hours_then);
    if (!policies.visits().empty()) respine::add_checkpoint_rows(policies.log(), "policy/", memory);
    // Empty where inhibition is not matched.
    memory.shared("simulation/lasting", "1", std::span<float>(lasting), {},
                  lasting.empty() ? std::vector<Slice>{} : own_excitatory);
}

void Simulation::forget_scratch() {
    constexpr float kPoison = std::numeric_limits<float>::quiet_NaN();
    for (auto* v : {&scratch_, &release_}) std::ranges::fill(*v, kPoison);
    std::ranges::fill(published_, kPoison);
    const auto poison = [&](NeuronArray<float>& values) {
        for (const Slice s : network_.known)
            if (s.first < values.size())
                std::fill(
                    values.begin() + s.first,
                    values.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(s.last, values.size())),
                    kPoison);
    };
    for (auto* v : {&held_pool_, &held_lag_, &more_input_, &settled_, &slope_, &best_rate_, &held_ampa_,
                    &held_bdnf_, &inhibition_factor_, &matched_factor_, &synaptic_gain_, &residual_})
        poison(*v);
    for (size_t k = 0; k < kAndersonDepth; ++k)
        for (auto* v : {&rate_change_[k], &residual_change_[k]}) poison(*v);
    for (auto& v : matched_) poison(v);
    for (RateGroup& g : rate_groups_)
        g.block_ab = g.block_cd = g.ampa_block = g.receptors = g.drive = kPoison;
    std::fill(received_.begin(), received_.end(), kPoison);
    for (auto* v : {&formed_blocks_, &lost_blocks_, &passed_blocks_}) std::ranges::fill(*v, ~0U);
    before_ = {};
    translation_before_ = kPoison;
    mechanisms_.forget_scratch(own_excitatory_);
}

}  // namespace respine
