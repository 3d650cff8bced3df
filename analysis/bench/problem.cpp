#include "analysis/bench/problem.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/random.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/network/generate.hpp"
#include "sim/network/geometry.hpp"
#include "sim/simulation.hpp"

namespace respine {

namespace {

constexpr u64 kSeed = 1;
constexpr u32 kMostNew = 32;  // synapses that a row may gain in a day

i64 as_i64(size_t n) { return static_cast<i64>(n); }

Inputs inputs_of(const ProblemClass& size, Topology topology) {
    if (size.neurons == 0)
        return load_inputs(load_scenario("microcircuit-vehicle", {{"network.scale", "1"}}));
    return load_inputs(
        load_scenario("mouse-vehicle", {{"network.kind", topology == Topology::kSheet ? "sheet" : "random"},
                                        {"network.neurons", std::to_string(size.neurons)},
                                        {"network.synapses_per_neuron", std::to_string(size.synapses)}}));
}

// Draws every source anew: anywhere, or with hubs.
void draw_sources(Topology topology, PlasticSynapses& p, u32 n) {
    const PhiloxKeys keys(kSeed);
    for_tasks(0, block_count(p.live.size()), have_threads(), [&](size_t b) {
        for (size_t i = b * kBlock; i < std::min(p.live.size(), (b + 1) * kBlock); ++i) {
            DrawSequence draws(keys, Stream::kGraph, static_cast<u32>(i), 0);
            for (u32 k = 0; k < p.live[i]; ++k) {
                const double u = unit(draws.at(k)[0]);
                const u32 drawn = static_cast<u32>(n * (topology == Topology::kHubs ? u * u : u));
                p.source.set(p.row_begin[i] + k, std::min(drawn, n - 1));
            }
        }
    });
    std::fill(p.out_degree.begin(), p.out_degree.end(), 0U);
    for (size_t i = 0; i < p.live.size(); ++i)
        for (u64 at = p.row_begin[i]; at < p.row_begin[i] + p.live[i]; ++at) ++p.out_degree[p.source[at]];
}

}  // namespace

double expected_hub_degree(u32 j, u32 n, double e) {
    const double all = n;
    return e * (std::sqrt((j + 1.0) / all) - std::sqrt(j / all));
}

Problem::Problem(Network net, const Model& m, const Condition& condition, bool newborns)
    : network(std::move(net)),
      model(m),
      never{m.clock.structural_step / kDay, LossTable(std::vector<float>(kSizeTable, 0.0F))},
      half_hour{never.days, loss_table(m.pruning, condition.elimination, never.days)},
      all_day{1.0, loss_table(m.pruning, condition.elimination, 1.0)},
      condition_(condition),
      newborns_(newborns) {
    const size_t n = network.neurons, e = network.excitatory;
    published.assign(n, 0.0F);
    for (auto* v : {&recurrent, &pool}) v->assign(e, 0.0F);
    vacancy.assign(e, 1.0F);
    for (auto* v : {&blocks_, &passed_}) v->assign(block_count(e), 0);
    attempts_.resize(block_count(e));
    live = as_i64(synapses().live_synapses());
}

// A stressed mouse, or person, at rest. Hubs have room in proportion to what they hold.
Problem Problem::of(const ProblemClass& size, Topology topology) {
    const Inputs in = inputs_of(size, topology);
    const SubjectState subject = draw_subject(in.scenario, in.model).state;
    NetworkReport report;
    Problem made(build_network(in.scenario, in.model, in.network, subject, nullptr, &report), in.model,
                 condition_of(in.model, subject), false);
    made.topology = topology;
    const u32 cells = made.network.regions.front().partners.nx;
    made.width_in_cells =
        in.network.kernel_width * cells / side_of(in.network, static_cast<u32>(made.network.neurons));
    PlasticSynapses& p = made.synapses();
    const u32 n = static_cast<u32>(made.network.excitatory);
    if (topology == Topology::kHubs || (topology == Topology::kAnywhere && size.neurons == 0))
        draw_sources(topology, p, n);
    if (topology == Topology::kHubs) {
        const double all = std::accumulate(p.capacity.begin(), p.capacity.end(), 0.0);
        p.axonal_capacity.resize(n);
        for (u32 j = 0; j < n; ++j)
            p.axonal_capacity[j] = static_cast<float>(std::max(1.0, expected_hub_degree(j, n, all)));
    }
    for (u32 j = 0; j < n; ++j) made.published[j] = 1.0F + static_cast<float>(j * 7U % 1009U) / 127.0F;
    made.publish_vacancies();
    return made;
}

Work Problem::drive() {
    kernels.gather(synapses().rows(), published, 0, network.excitatory, recurrent);
    return {live, 5 * live};
}

// Sizes are read and written; sources and births only where a spine is lost.
Work Problem::turn_over(const Spell& spell) {
    PlasticSynapses& p = synapses();
    const TurnoverInput in{
        walk_step(model.spine_size, spell.days),
        spell.loss,
        p.equilibrium,
        model.pruning.homeostasis,
        kSeed,
        ++tick,
        newborns_ ? newborn_step(model.newborn, condition_.elimination, spell.days) : NewbornStep{},
        pool};
    std::fill(blocks_.begin(), blocks_.end(), 0U);
    kernels.turn_over(in, p.rows(), 0, p.live.size(), p.out_degree, blocks_, events);
    const i64 before = live;
    lost = std::accumulate(blocks_.begin(), blocks_.end(), i64{0});
    live -= lost;
    return {before, 4 * before};
}

FormationInput Problem::formation_input(double days) {
    const PlasticSynapses& p = synapses();
    FormationInput in{};
    in.basal = condition_.formation;
    in.gain = model.formation.gain;
    in.needs_deficit = true;
    in.dt = days;
    in.size = model.spine_size;
    in.attempts = p.attempts;
    in.capacity = p.capacity;
    in.healthy = p.healthy;
    in.pool_lagged = pool;
    in.axonal_vacancy = vacancy;
    in.most_vacant = most_vacant(vacancy);
    in.seed = kSeed;
    in.tick = tick;
    in.birth = kBirthOrigin + tick;
    in.newborn_share = newborns_ ? model.newborn.share : 0.0;
    return in;
}

// Per neuron the rate of attempts, per synapse its source, size, birth and both counts.
Work Problem::form(double days) {
    PlasticSynapses& p = synapses();
    ++tick;
    const FormationInput in = formation_input(days);
    for (auto* v : {&blocks_, &passed_}) std::fill(v->begin(), v->end(), 0U);
    for (auto& block : attempts_) block.clear();
    for (size_t g = 0; g < network.excitatory_groups; ++g) {
        const Group& own = network.groups[g];
        kernels.attempt(in, own.first, own.last, p.live, attempts_);
        kernels.form(in, network.partners_of(p, g), own.first, own.last, attempts_, p.rows(), p.out_degree,
                     blocks_, passed_, events);
    }
    formed = std::accumulate(blocks_.begin(), blocks_.end(), i64{0});
    live += formed;
    return {formed, 24 * as_i64(network.excitatory) + 24 * formed};
}

Work Problem::day() {
    const int steps = static_cast<int>(std::lround(1.0 / half_hour.days));
    Work all;
    for (int step = 0; step < steps; ++step) {
        repack_rows(synapses(), network.partition, kMostNew);
        for (const Work& one : {drive(), turn_over(half_hour), form(half_hour.days)}) all.bytes += one.bytes;
        publish_vacancies();
    }
    all.items = 1;
    return all;
}

void Problem::publish_vacancies() { publish_vacancy(synapses().out_degree, synapses().axons(), vacancy); }

void Problem::make_room(const Spell& spell) {
    repack_rows(synapses(), network.partition, kMostNew);
    turn_over(spell);
    publish_vacancies();
}

void Problem::fill_room() {
    repack_rows(synapses(), network.partition, kMostNew);
    publish_vacancies();
    form(1.0);
}

}  // namespace respine
