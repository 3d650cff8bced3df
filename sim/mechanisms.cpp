#include "sim/mechanisms.hpp"

#include <algorithm>
#include <array>

#include "kernels/activity/first_order.hpp"
#include "kernels/numerics/loops.hpp"
#include "kernels/numerics/ordered_sum.hpp"
#include "sim/history.hpp"
#include "sim/mechanism/check.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

using enum Scope;

std::vector<NamedUnit> names_of(std::span<const Quantity> readable) {
    std::vector<NamedUnit> names;
    for (const Quantity& q : readable) names.push_back({q.name, q.unit});
    return names;
}

// Each stretch of own pyramidal cells, by all threads.
template <class Do>
void for_stretches(const Simulation& sim, const Do& run) {
    constexpr size_t kTogether = LaneProgram::kTogether;
    for (const Slice s : sim.own_excitatory())
        for_tasks(0, (s.size() + kTogether - 1) / kTogether, worth_threads(s.size()), [&](size_t t) {
            const size_t first = s.first + t * kTogether;
            run(first, std::min<size_t>(s.last, first + kTogether) - first);
        });
}

}  // namespace

std::vector<Quantity> readable_quantities(const Cast& cast, std::span<const Mechanism> mechanisms) {
    std::vector<Quantity> readable = state_quantities(mechanisms);
    std::erase_if(readable, [](const Quantity& q) { return q.kept == Kept::kNowhere; });
    for (Quantity& q : history_quantities(cast))
        if (q.value && q.stage < Stage::kSpines) readable.push_back(std::move(q));
    return readable;
}

std::vector<MechanismProblem> problems_of(std::span<const Mechanism> mechanisms, const Cast& cast) {
    return problems_of(mechanisms, names_of(readable_quantities(cast, mechanisms)));
}

Mechanisms::Mechanisms(std::span<const Mechanism> mechanisms, std::vector<Quantity> readable)
    : readable_(std::move(readable)), held_(mechanisms.size()), held_of_subject_(mechanisms.size(), 0.0) {
    for (const Quantity& q : readable_) {
        const auto named = [&](const Mechanism& m) { return m.name == q.name; };
        const auto own = std::ranges::find_if(mechanisms, named);
        own_at_.push_back(own == mechanisms.end() ? std::nullopt : std::optional(own - mechanisms.begin()));
    }
    for (size_t k = 0; k < mechanisms.size(); ++k) {
        const Mechanism& m = mechanisms[k];
        Own& own = own_.emplace_back(Own{m, k, meaning_of(m.unit)->factor, {}, {}, {}, {}});
        const auto take = [&](const std::string& text, HeldBy held) -> std::optional<Part> {
            if (text.empty()) return std::nullopt;
            return compiled(text, m, held);
        };
        own.production = take(m.production, m.of);
        own.decay = take(m.decay, m.of);
        own.initial = take(m.initial, m.of);
        own.factor = take(m.factor, HeldBy::kNeuron);
    }
}

Mechanisms::Part Mechanisms::compiled(const std::string& text, const Mechanism& m, HeldBy held) {
    const Formula formula(text, scope_of(with_constants(names_of(readable_), m)));
    std::vector<bool> same(readable_.size() + m.constants.size(), true);
    for (size_t k = 0; k < readable_.size(); ++k)
        same[k] = held == HeldBy::kSubject || readable_[k].scope == kSubject;
    Part part{LaneProgram(formula, std::move(same)), {}, std::vector<double>(readable_.size(), 0.0)};
    for (const auto& [name, value] : m.constants) part.values.push_back(parse_quantity(value)->value);
    for (const FormulaStep& step : formula.steps()) {
        if (step.op != Op::kName || step.place >= readable_.size()) continue;
        part.reads.push_back(step.place);
        reads_glutamate_ =
            reads_glutamate_ || (readable_[step.place].scope == kVoxel && !part.program.same(step.place));
    }
    return part;
}

// A quantity of the subject, or the mean of one that each pyramidal cell has.
double Mechanisms::value_now(size_t place, const Simulation& sim, const State& state, bool held) const {
    const Quantity& q = readable_[place];
    const std::optional<size_t> own = held ? own_at_[place] : std::nullopt;
    if (own && q.number) return held_of_subject_[*own];
    if (q.scope == kSubject) return value_of(q, sim, Turnover{});
    const std::span<const float> values = own ? held_[*own] : q.of(state);
    const double n = static_cast<double>(q.scope == kVoxel ? values.size() : sim.network().excitatory);
    if (q.scope == kVoxel) return ordered_sum(values) / n;
    const SumTerms terms{values.data(), nullptr, 0, sim.network().excitatory};
    return sim.share().sums(std::span(&terms, 1)).front() / n;
}

void Mechanisms::prepare(Part& part, const Simulation& sim, const State& state, bool held) const {
    for (const u32 place : part.reads)
        if (part.program.same(place)) part.values[place] = value_now(place, sim, state, held);
    part.program.prepare(part.values);
}

// Of each neuron, by place; those of own states as they are, or their means over the step.
std::vector<const float*> Mechanisms::arrays(const State& state, bool held) const {
    std::vector<const float*> arrays;
    for (size_t k = 0; k < readable_.size(); ++k) {
        const Quantity& q = readable_[k];
        arrays.push_back(!q.array             ? nullptr
                         : q.scope == kVoxel  ? glutamate_.data()
                         : held && own_at_[k] ? held_[*own_at_[k]].data()
                                              : q.of(state).data());
    }
    return arrays;
}

void Mechanisms::spread_glutamate(const Simulation& sim, const State& state) {
    if (!reads_glutamate_) return;
    const Network& network = sim.network();
    if (glutamate_.empty()) glutamate_ = NeuronArray<float>(network.excitatory);
    for (size_t g = 0; g < network.excitatory_groups; ++g) {
        const Slice own = network.partition.own(g);
        const Region& r = network.regions[network.groups[g].region];
        spread_by_voxel(part_of(r.voxels.voxel, own), r.of(std::span(state.glutamate)),
                        part_of(glutamate_, own));
    }
}

void Mechanisms::begin(const Simulation& sim, State& state) {
    if (own_.empty()) return;
    spread_glutamate(sim, state);
    for (Own& own : own_) {
        if (own.spec.of == HeldBy::kNeuron) held_[own.number] = NeuronArray<float>(sim.network().excitatory);
        begin_own(own, sim, state);
    }
}

// Where it rests, production over decay; or what the scenario says.
void Mechanisms::begin_own(Own& own, const Simulation& sim, State& state) {
    for (auto* part : {&own.production, &own.decay, &own.initial})
        if (*part) prepare(**part, sim, state, false);
    if (own.spec.of == HeldBy::kSubject) {
        const double at_rest = own.initial ? own.initial->program.value()
                                           : own.production->program.value() / own.decay->program.value();
        state.own_of_subject[own.number] = held_of_subject_[own.number] = at_rest / own.unit;
        return;
    }
    const std::vector<const float*> now = arrays(state, false);
    for_stretches(sim, [&](size_t first, size_t n) {
        std::array<double, LaneProgram::kTogether> made{}, lost{};
        const std::span<double> production(made.data(), n), decay(lost.data(), n);
        (own.initial ? own.initial : own.production)->program.run(now, first, production);
        if (!own.initial) own.decay->program.run(now, first, decay);
        for (size_t l = 0; l < n; ++l) {
            const double base = own.initial ? made[l] : made[l] / lost[l];
            state.own[own.number][first + l] = static_cast<float>(base / own.unit);
        }
    });
    copy_parts(sim.own_excitatory(), state.own[own.number], held_[own.number]);
}

void Mechanisms::advance(const Simulation& sim, State& state, double hours) {
    if (own_.empty()) return;
    spread_glutamate(sim, state);
    for (Own& own : own_) advance_own(own, sim, state, hours);
    for (Own& own : own_)
        if (own.factor) prepare(*own.factor, sim, state, true);
}

void Mechanisms::advance_own(Own& own, const Simulation& sim, State& state, double hours) {
    prepare(*own.production, sim, state, false);
    prepare(*own.decay, sim, state, false);
    const LaneProgram &production = own.production->program, &decay = own.decay->program;
    const double dt = hours * 3600.0;
    if (own.spec.of == HeldBy::kSubject) {
        double& x = state.own_of_subject[own.number];
        const double k = decay.value(), before = x, base = x * own.unit;
        x = (base + (production.value() - k * base) * dt * held_gain(k * dt)) / own.unit;
        held_of_subject_[own.number] = 0.5 * (before + x);
        return;
    }
    const std::vector<const float*> now = arrays(state, false);
    NeuronArray<float>&x = state.own[own.number], &held = held_[own.number];
    for_stretches(sim, [&](size_t first, size_t n) {
        std::array<double, LaneProgram::kTogether> made, lost;
        const std::span<double> p(made.data(), n), k(lost.data(), n);
        const std::span<float> own_x = std::span(x).subspan(first, n),
                               own_held = std::span(held).subspan(first, n);
        production.run(now, first, p);
        if (decay.same_for_all()) {
            advance_first_order(p, decay.value(), dt, own.unit, own_x, own_held);
        } else {
            decay.run(now, first, k);
            advance_first_order(p, k, dt, own.unit, own_x, own_held);
        }
    });
}

void Mechanisms::act(ActsOn on, const State& state, Slice neurons, std::span<float> values) const {
    for (const Own& own : own_) {
        if (own.spec.acts_on != on) continue;
        const std::vector<const float*> now = arrays(state, true);
        constexpr size_t kTogether = LaneProgram::kTogether;
        const size_t stretches = (neurons.size() + kTogether - 1) / kTogether;
        for_tasks(0, stretches, worth_threads(neurons.size()), [&](size_t t) {
            std::array<double, kTogether> factor;
            const size_t from = t * kTogether, n = std::min(kTogether, neurons.size() - from);
            own.factor->program.run(now, neurons.first + from, std::span(factor).first(n));
            const std::span<float> here = values.subspan(from, n);
            if (on == ActsOn::kBdnfRelease)
                scale_excess(std::span(factor).first(n), here);
            else
                scale_each(std::span(factor).first(n), here);
        });
    }
}

void Mechanisms::forget_scratch(std::span<const Slice> own) {
    constexpr float kPoison = std::numeric_limits<float>::quiet_NaN();
    std::ranges::fill(held_of_subject_, kPoison);
    std::vector<NeuronArray<float>*> arrays{&glutamate_};
    for (NeuronArray<float>& held : held_) arrays.push_back(&held);
    for (NeuronArray<float>* values : arrays)
        for (const Slice s : own)
            if (!values->empty()) std::ranges::fill(part_of(*values, s), kPoison);
}

}  // namespace respine
