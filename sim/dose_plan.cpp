#include "sim/dose_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/model/error.hpp"

namespace respine {

namespace {

Tick ticks(double hours) { return static_cast<Tick>(std::llround(hours * static_cast<double>(kHour))); }

std::string listed(const std::map<std::string, Pharmacokinetics>& species) {
    std::vector<std::string_view> names;
    for (const auto& [name, kinetics] : species) names.push_back(name);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string routes_of(const Pharmacokinetics& k) {
    std::vector<std::string_view> words;
    for (const auto& [route, absorption] : k.routes) words.push_back(word_of(route));
    if (k.nasal) words.push_back(word_of(Route::kNasal));
    return fmt::format("{}", fmt::join(words, ", "));
}

class Planner {
public:
    Planner(const std::vector<Drug>& drugs, const std::string& species, double weight)
        : drugs_(drugs), species_(species), weight_(weight) {
        plan_.given.assign(drugs.size(), 0.0);
        plan_.bioavailable.assign(drugs.size(), 0.0);
    }

    void add(const Treatment& t, size_t d);
    DosePlan finish();

private:
    void need_kinetics(size_t d, std::set<size_t>& seen) const;
    void add_window(const Treatment& t, size_t d);
    void add_infusion(const Treatment& t, size_t d, Tick at, double umol);
    void add_sprays(const NasalRoute& nasal, size_t d, Tick at, double mg, double umol);
    void add_route(const Pharmacokinetics& k, const Treatment& t, size_t d, Tick at, double umol);
    void enter(Tick at, size_t d, Entry entry, double umol, Route route = {}) {
        plan_.events.push_back({at, d, entry, route, umol});
    }
    void enter_over(Tick at, Tick over, size_t d, Entry entry, double umol) {
        const double rate = umol / in_hours(over);
        enter(at, d, entry, rate);
        enter(at + over, d, entry, -rate);
    }

    const std::vector<Drug>& drugs_;
    const std::string& species_;
    double weight_;
    DosePlan plan_;
};

// Of a drug and all its metabolites.
void Planner::need_kinetics(size_t d, std::set<size_t>& seen) const {
    if (!seen.insert(d).second) return;
    const Drug& drug = drugs_[d];
    const auto found = drug.species.find(species_);
    if (found == drug.species.end())
        fail(Exit::kUsage, "drug '{}' has no pharmacokinetics for species {}{}", drug.name, species_,
             drug.species.empty() ? "; it is a tool: use route window" : "; it has " + listed(drug.species));
    for (const MetaboliteLink& link : found->second.metabolites) need_kinetics(link.index, seen);
}

void Planner::add_window(const Treatment& t, size_t d) {
    const auto& targets = drugs_[d].targets;
    const bool windowed =
        std::any_of(targets.begin(), targets.end(), [](const auto& e) { return e && e->window > 0.0; });
    const bool acts = drugs_[d].nmda || std::any_of(targets.begin(), targets.end(),
                                                    [](const auto& e) { return e.has_value(); });
    if (t.route == Route::kWindow && acts && !windowed)
        fail(Exit::kUsage, "drug '{}' has no windowed effect; give it by a route of its pharmacokinetics",
             drugs_[d].name);
    for (Tick at : t.at) plan_.windows.push_back({d, at, at + t.over, t.bath});
}

void Planner::add_infusion(const Treatment& t, size_t d, Tick at, double umol) {
    plan_.bioavailable[d] += umol;
    if (t.over == 0)
        enter(at, d, Entry::kBolus, umol);
    else
        enter_over(at, t.over, d, Entry::kInfusion, umol);
}

void Planner::add_sprays(const NasalRoute& nasal, size_t d, Tick at, double mg, double umol) {
    const double sprays = mg / nasal.spray;
    const long count = std::lround(sprays);
    if (count < 1 || std::fabs(sprays - static_cast<double>(count)) > 1e-6)
        fail(Exit::kUsage, "nasal dose of '{}': {:g} mg is not a whole number of sprays of {:g} mg",
             drugs_[d].name, mg, nasal.spray);
    const double one = umol / static_cast<double>(count);
    const Tick over = std::max<Tick>(1, ticks(nasal.swallowed_over));
    for (long n = 0; n < count; ++n) {
        const Tick spray_at = at + n * ticks(nasal.interval);
        const double absorbed = one * nasal.fraction * (n == 0 ? 1.0 : nasal.later_factor);
        const double swallowed = (one - absorbed) * nasal.swallowed_bioavailability;
        enter(spray_at, d, Entry::kNose, absorbed);
        enter_over(spray_at, over, d, Entry::kSwallowing, swallowed);
        plan_.bioavailable[d] += absorbed + swallowed;
    }
}

void Planner::add_route(const Pharmacokinetics& k, const Treatment& t, size_t d, Tick at, double umol) {
    const auto found = k.routes.find(t.route);
    if (found == k.routes.end())
        fail(Exit::kUsage, "drug '{}' has no route '{}' for {}; it has {}", drugs_[d].name, word_of(t.route),
             species_, routes_of(k));
    const Absorption& route = found->second;
    const double absorbed = umol * route.bioavailability;
    enter(at + ticks(route.lag), d, Entry::kRoute, absorbed, t.route);
    plan_.bioavailable[d] += absorbed;
}

void Planner::add(const Treatment& t, size_t d) {
    std::set<size_t> seen;
    if (!t.is_held()) need_kinetics(d, seen);
    for (Tick at : t.at) plan_.dose_ticks.push_back(at);
    if (t.is_held()) return add_window(t, d);
    const Pharmacokinetics& k = drugs_[d].species.at(species_);
    if (t.route == Route::kNasal && !k.nasal)
        fail(Exit::kUsage, "drug '{}' has no nasal route for {}", drugs_[d].name, species_);
    const double mg = t.dose * (t.per_kg ? weight_ : 1.0);
    const double umol = mg / drugs_[d].molar_mass * 1000.0;
    for (Tick at : t.at) {
        plan_.given[d] += umol;
        if (t.route == Route::kIv)
            add_infusion(t, d, at, umol);
        else if (t.route == Route::kNasal)
            add_sprays(*k.nasal, d, at, mg, umol);
        else
            add_route(k, t, d, at, umol);
    }
}

DosePlan Planner::finish() {
    std::stable_sort(plan_.events.begin(), plan_.events.end(),
                     [](const DoseEvent& a, const DoseEvent& b) { return a.at < b.at; });
    for (const DoseEvent& e : plan_.events) plan_.event_ticks.push_back(e.at);
    for (const Window& w : plan_.windows) {
        plan_.event_ticks.push_back(w.from);
        plan_.event_ticks.push_back(w.to);
    }
    for (auto* list : {&plan_.event_ticks, &plan_.dose_ticks}) {
        std::sort(list->begin(), list->end());
        list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    return std::move(plan_);
}

}  // namespace

DosePlan plan_doses(const std::vector<Treatment>& treatments, const std::string& file,
                    const std::vector<Drug>& drugs, const std::vector<size_t>& given,
                    const std::string& species, double weight) {
    Planner planner(drugs, species, weight);
    Problems problems;
    for (size_t k = 0; k < treatments.size(); ++k) {
        try {
            planner.add(treatments[k], given[k]);
        } catch (const Error& e) {
            problems.add_text({file, 0, 0}, e.what());
        }
    }
    problems.throw_if_any(Exit::kUsage);
    return planner.finish();
}

}  // namespace respine
