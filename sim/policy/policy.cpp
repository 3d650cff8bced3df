#include "sim/policy/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

constexpr ObservedRow kObserved[] = {
    {"response_index", "1", "response index, as in the history"},
    {"early_response", "1", "its part that follows potentiation"},
    {"restored", "1", "its part that follows synapses"},
    {"spine_density", "%", "live plastic synapses over the healthy equilibrium"},
    {"improvement", "1", "improvement over inclusion that a rater scores at this visit"},
    {"severity", "1", "stress severity at present"},
    {"inflammation", "1", "inflammation at present"},
    {"plasma", "ng/mL", "plasma level of all drugs"},
    {"time", "s", "time on the clock of the scenario"},
    {"doses", "count", "doses of this treatment so far"},
    {"since_dose", "s", "time since the start of the last dose of this treatment; undefined before"},
    {"last_dose", "mg/kg", "amount of its last dose, in its own unit; the planned one before"},
    {"misses", "count", "doses of this treatment in a row that did not help"},
    {"all_doses", "count", "doses of all treatments so far"},
    {"since_any_dose", "s", "time since the start of the last dose of any treatment; undefined before"},
    {"doses_1", "count", "doses of the first treatment of the list, and so doses_2 ..."},
    {"since_dose_1", "s", "time since the start of its last dose; undefined before"},
    {"stopped_1", "1", "1 when its policy has stopped for good, else 0"},
};
constexpr u32 kFirstOfEach = 15;  // names that end in the number of a treatment
constexpr u32 kOfEach = 3;

const char* unit_of_dose(const Treatment& t) { return t.per_kg ? "mg/kg" : "mg"; }

FormulaScope scope_of(const Treatment& treatment, size_t treatments) {
    std::vector<NamedUnit> names;
    for (u32 k = 0; k < kFirstOfEach; ++k)
        names.push_back({kObserved[k].name, kObserved[k].name == std::string_view("last_dose")
                                                ? unit_of_dose(treatment)
                                                : kObserved[k].unit});
    for (size_t n = 1; n <= treatments; ++n)
        for (u32 k = kFirstOfEach; k < kFirstOfEach + kOfEach; ++k) {
            std::string name = kObserved[k].name;
            name.pop_back();
            names.push_back({name + std::to_string(n), kObserved[k].unit});
        }
    return scope_of(std::move(names));
}

// A condition, or an amount of this unit; nothing of an empty text.
std::optional<Formula> formula_of(const std::string& text, const FormulaScope& scope, const char* amount_in) {
    if (text.empty()) return std::nullopt;
    Formula f(text, scope);
    if (!amount_in) {
        if (!f.is_condition()) throw FormulaError{1, "is no condition, such as response_index < 0.5"};
    } else if (f.is_condition() || f.dimension() != meaning_of(amount_in)->dimension) {
        throw FormulaError{1, fmt::format("is no amount in {}, as the dose of this treatment is", amount_in)};
    }
    return f;
}

std::vector<Tick> visits_of(const Treatment& t, Tick start, Tick end) {
    if (!t.policy) return {};
    const Policy& p = *t.policy;
    const Tick first = p.from.value_or((t.at.empty() ? start : std::max(start, t.at.back())) + p.every),
               last = std::min(end - 1, p.until.value_or(end));
    std::vector<Tick> visits;
    for (Tick at = first; at <= last; at += p.every)
        if (at >= start) visits.push_back(at);
    return visits;
}

void sort_once(std::vector<Tick>& times) {
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
}

}  // namespace

std::span<const ObservedRow> observed_rows() { return kObserved; }

void PolicyLog::add(const PolicyLog& from, size_t visit) {
    treatment.push_back(from.treatment[visit]);
    decision.push_back(from.decision[visit]);
    judged.push_back(from.judged[visit]);
    time.push_back(from.time[visit]);
    amount.push_back(from.amount[visit]);
}

std::vector<Tick> visits_of(const Scenario& s) {
    std::vector<Tick> all;
    for (const Treatment& t : s.treatments) {
        const std::vector<Tick> own = visits_of(t, s.start, s.end());
        all.insert(all.end(), own.begin(), own.end());
    }
    sort_once(all);
    return all;
}

std::vector<PolicyProblem> problems_of(const Treatment& t, size_t treatments) {
    std::vector<PolicyProblem> found;
    const FormulaScope scope = scope_of(t, treatments);
    const auto look = [&](const char* key, const std::string& text, const char* unit) {
        try {
            formula_of(text, scope, unit);
        } catch (const FormulaError& e) {
            found.push_back({key, e.text()});
        }
    };
    const Policy& p = *t.policy;
    look("when", p.when, nullptr);
    look("miss_when", p.miss_when, nullptr);
    look("stop_when", p.stop_when, nullptr);
    look("amount", p.amount, unit_of_dose(t));
    return found;
}

Policies::Policies(const Scenario& s, u64 seed)
    : treatments_(s.treatments), seed_(seed), visits_(visits_of(s)) {
    for (const Treatment& t : treatments_) {
        Rule& rule = rules_.emplace_back();
        if (!t.policy) continue;
        rule.visits = visits_of(t, s.start, s.end());
        const FormulaScope scope = scope_of(t, treatments_.size());
        try {
            rule.when = formula_of(t.policy->when, scope, nullptr);
            rule.miss_when = formula_of(t.policy->miss_when, scope, nullptr);
            rule.stop_when = formula_of(t.policy->stop_when, scope, nullptr);
            rule.amount = formula_of(t.policy->amount, scope, unit_of_dose(t));
        } catch (const FormulaError& e) {
            fail(Exit::kUsage, "{}: error: policy of '{}': {}", s.file, t.drug, e.text());
        }
    }
}

// Planned doses and those that the log tells of.
Policies::State Policies::state_at(size_t k, Tick now) const {
    const Treatment& t = treatments_[k];
    State state;
    double given = 0.0;  // by the policy
    const auto give = [&](Tick at, double amount) {
        state.doses += 1.0;
        if (state.last && *state.last >= at) return;
        state.last = at;
        state.last_amount = amount;
    };
    for (const Tick at : t.at)
        if (at <= now) give(at, t.dose);
    for (size_t n = 0; n < log_.size(); ++n) {
        if (log_.treatment[n] != k) continue;
        const auto judged = static_cast<Judged>(log_.judged[n]);
        if (judged != Judged::kNo) {
            state.misses = judged == Judged::kMissed ? state.misses + 1.0 : 0.0;
            const auto planned = std::lower_bound(t.at.begin(), t.at.end(), log_.time[n]) - t.at.begin();
            state.judged = static_cast<double>(planned) + given;
        }
        if (log_.amount[n] > 0.0) {
            give(log_.time[n], log_.amount[n]);
            given += 1.0;
        }
        const auto said = static_cast<Decision>(log_.decision[n]);
        if (said == Decision::kStopped || said == Decision::kEnough) state.stopped = true;
    }
    return state;
}

std::vector<double> Policies::values(size_t k, Tick now, const Observed& seen, const State& own) const {
    constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
    const auto since = [&](const std::optional<Tick>& last) {
        return last ? static_cast<double>(now - *last) : kUndefined;
    };
    double doses = 0.0;
    std::optional<Tick> last;
    std::vector<double> of_each;
    for (size_t n = 0; n < treatments_.size(); ++n) {
        const State state = n == k ? own : state_at(n, now);
        doses += state.doses;
        if (state.last && (!last || *state.last > *last)) last = state.last;
        for (const double v : {state.doses, since(state.last), state.stopped ? 1.0 : 0.0})
            of_each.push_back(v);
    }
    std::vector<double> out = {seen.response_index,
                               seen.early_response,
                               seen.restored,
                               seen.spine_density,
                               seen.improvement,
                               seen.severity,
                               seen.inflammation,
                               seen.plasma,
                               static_cast<double>(now),
                               own.doses,
                               since(own.last),
                               own.last ? own.last_amount : treatments_[k].dose,
                               own.misses,
                               doses,
                               since(last)};
    out.insert(out.end(), of_each.begin(), of_each.end());
    return out;
}

bool Policies::holds(const std::optional<Formula>& formula, std::span<const double> values) const {
    return formula && formula->value(values) != 0.0;
}

Decision Policies::decision(size_t k, Tick now, const State& state, std::span<const double> values) const {
    const Policy& p = *treatments_[k].policy;
    const Rule& rule = rules_[k];
    if (holds(rule.stop_when, values)) return Decision::kStopped;
    if (state.doses >= p.most) return Decision::kEnough;
    const Tick shortest = std::max(p.at_least, std::max<Tick>(1, treatments_[k].over));
    if (state.last && now - *state.last < shortest) return Decision::kTooSoon;
    const bool late = p.at_most && state.last && now - *state.last >= *p.at_most;
    return late || holds(rule.when, values) ? Decision::kGiven : Decision::kHeld;
}

void Policies::decide(size_t k, Tick now, const Observed& seen) {
    const Policy& p = *treatments_[k].policy;
    State state = state_at(k, now);
    if (state.stopped) return;
    const Draw bits = philox(seed_, Stream::kAttendance, static_cast<u32>(k),
                             static_cast<u32>((now - rules_[k].visits.front()) / kMinute), 0);
    Decision said = Decision::kAbsent;
    Judged judged = Judged::kNo;
    double amount = 0.0;
    if (p.attendance >= 1.0 || unit(bits[0]) < p.attendance) {
        std::vector<double> seen_now = values(k, now, seen, state);
        if (rules_[k].miss_when && state.doses > state.judged && state.last &&
            now - *state.last >= std::max<Tick>(1, p.at_least)) {
            judged = holds(rules_[k].miss_when, seen_now) ? Judged::kMissed : Judged::kHelped;
            state.misses = judged == Judged::kMissed ? state.misses + 1.0 : 0.0;
            seen_now = values(k, now, seen, state);
        }
        said = decision(k, now, state, seen_now);
        if (said == Decision::kGiven) {
            amount = rules_[k].amount ? rules_[k].amount->value(seen_now) : treatments_[k].dose;
            if (treatments_[k].is_held()) amount = 1.0;  // a bath or a window is not dosed
            if (!(amount > 0.0) || !std::isfinite(amount)) said = Decision::kHeld, amount = 0.0;
        }
    }
    log_.treatment.push_back(static_cast<u32>(k));
    log_.decision.push_back(static_cast<u32>(said));
    log_.judged.push_back(static_cast<u32>(judged));
    log_.time.push_back(now);
    log_.amount.push_back(amount);
}

std::vector<Policies::Dose> Policies::visit(Tick now, const Observed& seen) {
    const size_t before = log_.size();
    for (size_t k = 0; k < rules_.size(); ++k)
        if (std::binary_search(rules_[k].visits.begin(), rules_[k].visits.end(), now)) decide(k, now, seen);
    std::vector<Dose> doses;
    for (size_t n = before; n < log_.size(); ++n)
        if (log_.amount[n] > 0.0) doses.push_back({log_.treatment[n], log_.amount[n]});
    return doses;
}

std::vector<std::pair<Tick, Policies::Dose>> Policies::restored(Tick now) {
    const size_t n = log_.time.size();
    bool good = log_.treatment.size() == n && log_.decision.size() == n && log_.judged.size() == n &&
                log_.amount.size() == n;
    std::vector<std::pair<Tick, Dose>> doses;
    for (size_t k = 0; good && k < n; ++k) {
        good = log_.treatment[k] < rules_.size() && log_.decision[k] < kWords<Decision>.size() &&
               log_.judged[k] <= static_cast<u32>(Judged::kMissed) && std::isfinite(log_.amount[k]) &&
               log_.time[k] < now && (k == 0 || log_.time[k] >= log_.time[k - 1]) &&
               std::binary_search(visits_.begin(), visits_.end(), log_.time[k]);
        if (good && log_.amount[k] > 0.0)
            doses.push_back({log_.time[k], {log_.treatment[k], log_.amount[k]}});
    }
    if (!good) fail(Exit::kInput, "the visits of a policy that it holds are not those of this scenario");
    return doses;
}

}  // namespace respine
