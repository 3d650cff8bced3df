#include "sim/pharmacology.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/numerics/elementary.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr size_t kNone = static_cast<size_t>(-1);
constexpr double kLn2 = 0.69314718055994530942;

Tick ticks(double hours) { return static_cast<Tick>(std::llround(hours * static_cast<double>(kHour))); }

double power(double base, double exponent) { return det_exp(exponent * det_log(base)); }

}  // namespace

Pharmacology::Pharmacology(const Scenario& scenario, const Model& model, const BodyFactors& body,
                           std::vector<Drug> drugs)
    : drugs_(std::move(drugs)), system_of_(drugs_.size(), kNone), given_(drugs_.size(), 0.0) {
    const double open = magnesium_open_fraction(scenario.magnesium, model.nmda.membrane_potential);
    const double reference = magnesium_open_fraction(1.0, model.nmda.membrane_potential);
    const double share = (1.0 / open - 1.0) / (1.0 / reference - 1.0);  // 0 without magnesium, 1 at 1 mM
    for (size_t d = 0; d < drugs_.size(); ++d) {
        if (!drugs_[d].nmda) continue;
        const NmdaAction& a = *drugs_[d].nmda;
        NmdaBlocker b{{}, scenario.magnesium > 0.0 ? a.hill_magnesium : a.hill_free, a.kon, a.koff};
        for (size_t s = 0; s < kSubunits; ++s)
            b.ic50[s] = a.ic50_free[s] + (a.ic50_magnesium[s] - a.ic50_free[s]) * share;
        blockers_.push_back(b);
        blocker_drug_.push_back(d);
    }
    Problems problems;
    for (const Treatment& t : scenario.treatments) {
        const size_t d = index_of(t.drug);
        const bool tool = t.route == "window" || t.route == "bath";
        try {
            if (!tool && system_of_[d] == kNone) build_system(d, model.species, body);
            schedule(t, d, body.weight, model.species);
        } catch (const Error& e) {
            problems.add_text({scenario.file, 0, 0}, e.what());
        }
    }
    problems.throw_if_any(Exit::kUsage);
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
    for (const Event& e : events_) event_ticks_.push_back(e.at);
    for (const Window& w : windows_) {
        event_ticks_.push_back(w.from);
        event_ticks_.push_back(w.to);
    }
    for (auto* list : {&event_ticks_, &dose_ticks_}) {
        std::sort(list->begin(), list->end());
        list->erase(std::unique(list->begin(), list->end()), list->end());
    }
}

size_t Pharmacology::index_of(const std::string& name) const {
    for (size_t d = 0; d < drugs_.size(); ++d)
        if (drugs_[d].name == name || drugs_[d].file.ends_with("/" + name + ".yaml") ||
            drugs_[d].file.ends_with(
                name.substr(name.rfind("../") == std::string::npos ? 0 : name.rfind("../") + 3)))
            return d;
    fail(Exit::kInternal, "drug '{}' was not loaded", name);
}

// Adds the compartments of one drug, then its metabolites; returns the state of its central compartment.
size_t Pharmacology::add_drug(System& system, size_t d, const std::string& species, const BodyFactors& body) {
    const Drug& drug = drugs_[d];
    const auto found = drug.species.find(species);
    if (found == drug.species.end()) {
        std::string known;
        for (const auto& [name, kinetics] : drug.species) known += (known.empty() ? "" : ", ") + name;
        fail(Exit::kUsage, "drug '{}' has no pharmacokinetics for species {}{}", drug.name, species,
             known.empty() ? "; it is a tool: use route window" : "; it has " + known);
    }
    const Pharmacokinetics& k = found->second;
    const double size = body.weight / k.reference_weight;
    const double flow = power(size, 0.75),
                 volume = size * det_exp(std::sqrt(k.volume_variance) * body.volume_z);
    const double clearance = k.clearance * flow * det_exp(std::sqrt(k.clearance_variance) * body.clearance_z);

    std::vector<std::vector<double>> a(system.size, std::vector<double>(system.size));
    const auto add_state = [&] {
        ++system.size;
        return system.size - 1;
    };
    struct Flow {
        size_t from, to;
        double rate;
        bool leaves;  // false: `to` follows `from` without emptying it
    };
    std::vector<Flow> flows;
    Site& site = system.site[d];
    const size_t central = site.central = add_state();
    site.present = true;
    site.volume = k.volumes[0] * volume;
    for (size_t c = 1; c < k.volumes.size(); ++c) {
        const size_t peripheral = add_state();
        const double q = k.exchange[c - 1] * flow;
        flows.push_back({central, peripheral, q / site.volume, true});
        flows.push_back({peripheral, central, q / (k.volumes[c] * volume), true});
    }
    const double umol_per_l = 1.0 / site.volume;  // amount [umol] / volume [L] = [uM]
    site.has_venous = !k.venous_sampling;
    if (site.has_venous) {
        site.venous = add_state();
        const double rate = kLn2 / k.venous_half_time;
        flows.push_back({central, site.venous, rate * umol_per_l, false});
        flows.push_back({site.venous, kNone, rate, true});
    }
    site.brain = add_state();
    const double brain_rate = kLn2 / k.brain_half_time;
    flows.push_back({central, site.brain, brain_rate * k.brain_partition * umol_per_l, false});
    flows.push_back({site.brain, kNone, brain_rate, true});
    site.area = add_state();
    flows.push_back({central, site.area, umol_per_l, false});

    double left = clearance / site.volume;
    std::vector<std::pair<size_t, double>> to_metabolite;  // index of link, rate
    for (size_t m = 0; m < k.metabolites.size(); ++m)
        to_metabolite.emplace_back(m, k.metabolites[m].fraction * clearance / site.volume);
    for (const auto& link : to_metabolite) left -= link.second;
    flows.push_back({central, kNone, left, true});

    const auto commit = [&] {
        std::vector<double> grown(system.size * system.size, 0.0);
        const size_t old =
            static_cast<size_t>(std::llround(std::sqrt(static_cast<double>(system.rate.size()))));
        for (size_t i = 0; i < old; ++i)
            for (size_t j = 0; j < old; ++j) grown[i * system.size + j] = system.rate[i * old + j];
        for (const Flow& f : flows) {
            if (f.leaves) grown[f.from * system.size + f.from] -= f.rate;
            if (f.to != kNone) grown[f.to * system.size + f.from] += f.rate;
        }
        system.rate = std::move(grown);
        flows.clear();
    };
    commit();
    for (const auto& [m, rate] : to_metabolite) {
        const MetaboliteLink& link = k.metabolites[m];
        const size_t metabolite = index_of(link.drug);
        if (system.site[metabolite].present) continue;  // reached by a shorter way already
        const size_t arrival = add_drug(system, metabolite, species, body);
        size_t from = central;
        double out = rate;
        for (u32 stage = 0; stage < link.stages; ++stage) {
            const size_t transit = add_state();
            flows.push_back({from, transit, out, true});
            from = transit;
            out = link.stages / link.transit;
        }
        flows.push_back({from, arrival, out, true});
        commit();
    }
    return central;
}

void Pharmacology::build_system(size_t d, const std::string& species, const BodyFactors& body) {
    System system;
    system.site.resize(drugs_.size());
    const size_t central = add_drug(system, d, species, body);
    const Pharmacokinetics& k = drugs_[d].species.at(species);
    const auto add_input = [&](const std::string& name, size_t target,
                               double rate) {  // amount flowing into target at this rate
        const size_t n = system.size + 1;
        std::vector<double> grown(n * n, 0.0);
        for (size_t i = 0; i < system.size; ++i)
            for (size_t j = 0; j < system.size; ++j) grown[i * n + j] = system.rate[i * system.size + j];
        const size_t state = system.size;
        grown[target * n + state] += rate;
        system.rate = std::move(grown);
        system.size = n;
        system.input[name] = state;
        return state;
    };
    const auto drain = [&](size_t state, double rate) { system.rate[state * system.size + state] -= rate; };
    system.input["bolus"] = central;
    add_input("infusion", central, 1.0);
    for (const auto& [name, route] : k.routes)
        if (route.rate > 0.0) drain(add_input(name, central, route.rate), route.rate);
    if (k.nasal) {
        drain(add_input("nasal", central, k.nasal->rate), k.nasal->rate);
        const size_t swallowed = add_input("swallowed", central, k.nasal->swallowed_rate);
        drain(swallowed, k.nasal->swallowed_rate);
        add_input("swallowing", swallowed, 1.0);
    }
    system.amount.assign(system.size, 0.0);
    system_of_[d] = systems_.size();
    systems_.push_back(std::move(system));
}

void Pharmacology::schedule(const Treatment& t, size_t d, double weight, const std::string& species) {
    const Drug& drug = drugs_[d];
    for (Tick at : t.at) dose_ticks_.push_back(at);
    if (t.route == "window" || t.route == "bath") {
        const bool windowed = std::any_of(drug.targets.begin(), drug.targets.end(),
                                          [](const auto& e) { return e && e->window > 0.0; });
        if (t.route == "window" && !windowed && !(drug.targets == decltype(drug.targets){}))
            fail(Exit::kUsage, "drug '{}' has no windowed effect; give it by a route of its pharmacokinetics",
                 drug.name);
        for (Tick at : t.at) windows_.push_back({d, at, at + t.over, t.bath});
        return;
    }
    const Pharmacokinetics& k = drug.species.at(species);
    const size_t system = system_of_[d];
    const auto state = [&](const std::string& name) { return systems_[system].input.at(name); };
    const double mg = t.dose * (t.per_kg ? weight : 1.0);
    const double umol = mg / drug.molar_mass * 1000.0;
    const auto count_bioavailable = [&](double amount) { route_bioavailable_[d] += amount; };
    for (Tick at : t.at) {
        given_[d] += umol;
        if (t.route == "iv") {
            count_bioavailable(umol);
            if (t.over == 0) {
                events_.push_back({at, system, state("bolus"), umol});
            } else {
                const double rate = umol / in_hours(t.over);
                events_.push_back({at, system, state("infusion"), rate});
                events_.push_back({at + t.over, system, state("infusion"), -rate});
            }
        } else if (t.route == "nasal") {
            if (!k.nasal) fail(Exit::kUsage, "drug '{}' has no nasal route for {}", drug.name, species);
            const double sprays = mg / k.nasal->spray;
            const long count = std::lround(sprays);
            if (count < 1 || std::fabs(sprays - static_cast<double>(count)) > 1e-6)
                fail(Exit::kUsage, "nasal dose of '{}': {:g} mg is not a whole number of sprays of {:g} mg",
                     drug.name, mg, k.nasal->spray);
            for (long n = 0; n < count; ++n) {
                const Tick spray_at = at + n * ticks(k.nasal->interval);
                const double one = umol / static_cast<double>(count);
                const double nasal = one * k.nasal->fraction * (n == 0 ? 1.0 : k.nasal->later_factor);
                const double swallowed = (one - nasal) * k.nasal->swallowed_bioavailability;
                const Tick over = std::max<Tick>(1, ticks(k.nasal->swallowed_over));
                events_.push_back({spray_at, system, state("nasal"), nasal});
                events_.push_back({spray_at, system, state("swallowing"), swallowed / in_hours(over)});
                events_.push_back(
                    {spray_at + over, system, state("swallowing"), -swallowed / in_hours(over)});
                count_bioavailable(nasal + swallowed);
            }
        } else {
            const auto route = k.routes.find(t.route);
            if (route == k.routes.end()) {
                std::string known;
                for (const auto& [name, r] : k.routes) known += (known.empty() ? "" : ", ") + name;
                fail(Exit::kUsage, "drug '{}' has no route '{}' for {}; it has {}", drug.name, t.route,
                     species, known + (k.nasal ? ", nasal" : ""));
            }
            events_.push_back({at + ticks(route->second.lag), system, state(t.route),
                               umol * route->second.bioavailability});
            count_bioavailable(umol * route->second.bioavailability);
        }
    }
}

void Pharmacology::apply_events(Tick now) {
    while (next_event_ < events_.size() && events_[next_event_].at <= now) {
        const Event& e = events_[next_event_++];
        systems_[e.system].amount[e.state] += e.change;
    }
}

const std::vector<double>& Pharmacology::transition_of(System& system, double hours) const {
    const long long key = std::llround(hours * 3.6e9);
    const auto found = system.transition.find(key);
    if (found != system.transition.end()) return found->second;
    if (system.transition.size() > 4000) system.transition.clear();
    std::vector<double>& made = system.transition[key];
    made.resize(system.size * system.size);
    std::vector<double> scratch(2 * made.size());
    transition_matrix(system.rate, system.size, hours, made, scratch);
    return made;
}

void Pharmacology::advance(double hours, Tick middle) {
    middle_ = middle;
    for (System& s : systems_) {
        std::vector<double> scratch(s.size);
        advance_amounts(transition_of(s, hours), s.amount, scratch);
    }
}

Levels Pharmacology::levels(size_t d) const {
    Levels l;
    const double ng_per_ml = drugs_[d].molar_mass;  // 1 uM = molar mass ng/mL
    for (const System& s : systems_) {
        const Site& site = s.site[d];
        if (!site.present) continue;
        const double central = s.amount[site.central] / site.volume;
        l.plasma += central * ng_per_ml;
        l.venous += (site.has_venous ? s.amount[site.venous] : central) * ng_per_ml;
        l.brain += s.amount[site.brain];
    }
    for (const Window& w : windows_)
        if (w.drug == d && w.bath > 0.0 && middle_ >= w.from && middle_ < w.to) l.brain += w.bath;
    return l;
}

std::vector<double> Pharmacology::blocker_levels() const {
    std::vector<double> levels_now;
    for (size_t d : blocker_drug_) levels_now.push_back(levels(d).brain);
    return levels_now;
}

double Pharmacology::effect(Target target) const {
    double occupancy = 0.0, open = 1.0;
    for (size_t d = 0; d < drugs_.size(); ++d) {
        const auto& e = drugs_[d].targets[static_cast<size_t>(target)];
        if (!e) continue;
        if (e->ec50 > 0.0) {
            const double ratio = levels(d).brain / e->ec50;
            if (ratio > 0.0) occupancy += power(ratio, e->hill);
        }
        for (const Window& w : windows_)
            if (w.drug == d && w.bath == 0.0 && middle_ >= w.from && middle_ < w.to) open *= 1.0 - e->window;
    }
    return 1.0 - open / (1.0 + occupancy);
}

double Pharmacology::resting_exposure() const {
    double c = 0.0;
    for (size_t d = 0; d < drugs_.size(); ++d)
        if (const auto& e = drugs_[d].targets[static_cast<size_t>(Target::kRestingNmda)]; e && e->ec50 > 0.0)
            c += levels(d).brain / e->ec50;
    return c;
}

std::vector<DerivedNumber> Pharmacology::derived() const {
    std::vector<double> area(drugs_.size(), 0.0);  // [uM h], to infinity
    for (const System& s : systems_) {
        System copy = s;
        std::vector<double> scratch(2 * s.size * s.size), transition(s.size * s.size), x(s.size);
        transition_matrix(s.rate, s.size, 24.0 * 3650.0, transition,
                          scratch);  // ten years: as good as infinity
        advance_amounts(transition, copy.amount, x);
        for (size_t d = 0; d < drugs_.size(); ++d)
            if (s.site[d].present) area[d] += copy.amount[s.site[d].area];
    }
    std::vector<DerivedNumber> out;
    for (size_t d = 0; d < drugs_.size(); ++d) {
        if (given_[d] <= 0.0 || area[d] <= 0.0) continue;
        const double arrived = route_bioavailable_.at(d);
        out.push_back({"clearance_" + drugs_[d].name, "L/h", arrived / area[d]});
        out.push_back({"bioavailability_" + drugs_[d].name, "%", 100.0 * arrived / given_[d]});
        for (size_t m = 0; m < drugs_.size(); ++m)
            if (m != d && area[m] > 0.0 && given_[m] == 0.0)
                out.push_back({"auc_ratio_" + drugs_[m].name + "_" + drugs_[d].name, "1", area[m] / area[d]});
    }
    return out;
}

}  // namespace respine
