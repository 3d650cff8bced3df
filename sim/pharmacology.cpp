#include "sim/pharmacology.hpp"

#include <algorithm>

#include "kernels/activity/modulation.hpp"
#include "kernels/numerics/elementary.hpp"
#include "sim/model/error.hpp"

namespace respine {

Pharmacology::Pharmacology(const Scenario& scenario, const Model& model, const BodyFactors& body,
                           std::vector<Drug> drugs, const std::vector<size_t>& given)
    : file_(scenario.file),
      species_(model.species),
      weight_(body.weight),
      treatments_(scenario.treatments),
      given_(given),
      drugs_(std::move(drugs)),
      plan_(plan_doses(treatments_, file_, drugs_, given_, species_, weight_)),
      system_of_(drugs_.size()),
      links_(model.links) {
    add_blockers(scenario.magnesium, model);
    for (size_t k = 0; k < given.size(); ++k) {
        if (scenario.treatments[k].is_held() || system_of_[given[k]]) continue;
        system_of_[given[k]] = systems_.size();
        systems_.emplace_back(drugs_, given[k], model.species, body);
    }
}

namespace {

// u of what takes this share of its sites.
double ratio_for(double share) {
    constexpr double kMost = 0.999;  // a tool that is there in full
    const double bound = std::min(kMost, share);
    return bound / (1.0 - bound);
}

// `share` of the magnesium block that the IC50 in magnesium were measured under.
NmdaBlocker blocker_of(const NmdaAction& a, bool magnesium, double share, double escape) {
    NmdaBlocker b{{}, magnesium ? a.hill_magnesium : a.hill_free, a.kon, a.koff, a.trapping};
    for (size_t s = 0; s < kSubunits; ++s)
        b.ic50[s] = (a.ic50_free[s] + (a.ic50_magnesium[s] - a.ic50_free[s]) * share) *
                    escape_factor(a.trapping, escape);
    return b;
}

}  // namespace

void Pharmacology::add_blockers(double magnesium, const Model& model) {
    const double reference = magnesium_open_fraction(1.0, model.nmda.reference_potential);
    for (size_t d = 0; d < drugs_.size(); ++d) {
        if (!drugs_[d].nmda) continue;
        blocker_drug_.push_back(d);
        for (size_t t = 0; t < kCellTypes; ++t) {
            const double open = magnesium_open_fraction(magnesium, model.receptors[t].membrane_potential);
            const double share = (1.0 / open - 1.0) / (1.0 / reference - 1.0);  // 0 without magnesium
            blockers_[t].push_back(
                blocker_of(*drugs_[d].nmda, magnesium > 0.0, share, model.nmda.escape_in_use));
        }
    }
}

void Pharmacology::give(Treatment treatment, size_t drug) {
    treatments_.push_back(std::move(treatment));
    given_.push_back(drug);
    plan_ = plan_doses(treatments_, file_, drugs_, given_, species_, weight_);
}

std::vector<std::string> Pharmacology::blocker_names() const {
    std::vector<std::string> names;
    for (const size_t drug : blocker_drug_) names.push_back(drugs_[drug].name);
    return names;
}

void Pharmacology::check_restored() const {
    if (next_event_ > plan_.events.size())
        fail(Exit::kInput, "dataset /pharmacology/next_event: value 0 is {}; it must lie in [0, {}]",
             next_event_, plan_.events.size());
}

void Pharmacology::apply_events(Tick now) {
    while (next_event_ < plan_.events.size() && plan_.events[next_event_].at <= now) {
        const DoseEvent& e = plan_.events[next_event_++];
        systems_[*system_of_[e.drug]].give(e.entry, e.route, e.change);
    }
}

void Pharmacology::advance(double hours, Tick middle) {
    middle_ = middle;
    for (DrugSystem& s : systems_) s.advance(hours);
}

bool Pharmacology::open(const Window& window, size_t drug) const {
    return window.drug == drug && middle_ >= window.from && middle_ < window.to;
}

Levels Pharmacology::levels(size_t d) const {
    Levels l;
    for (const DrugSystem& s : systems_) {
        const Levels part = s.levels(d);
        l.plasma += part.plasma;
        l.venous += part.venous;
        l.brain += part.brain;
    }
    for (const Window& w : plan_.windows)
        if (w.bath > 0.0 && open(w, d)) l.brain += w.bath;
    return l;
}

std::vector<double> Pharmacology::blocker_levels() const {
    std::vector<double> levels_now;
    for (size_t d : blocker_drug_) levels_now.push_back(levels(d).brain);
    return levels_now;
}

double Pharmacology::ratio_of(size_t drug, const TargetEffect& e) const {
    const double strength = e.link ? links_.*e.link : 1.0;
    const double ratio = e.ec50 > 0.0 && strength > 0.0 ? levels(drug).brain / e.ec50 : 0.0;
    return ratio > 0.0 ? strength * det_exp(e.hill * det_log(ratio)) : 0.0;
}

double Pharmacology::effect(Target target) const {
    double occupancy = 0.0, unaffected = 1.0;
    for (size_t d = 0; d < drugs_.size(); ++d) {
        const auto& e = drugs_[d].targets[static_cast<size_t>(target)];
        if (!e) continue;
        occupancy += ratio_of(d, *e);
        for (const Window& w : plan_.windows)
            if (w.bath == 0.0 && open(w, d)) unaffected *= 1.0 - e->window;
    }
    return 1.0 - unaffected / (1.0 + occupancy);
}

double Pharmacology::signed_effect(Target target) const {
    std::vector<Binding> drugs;
    for (size_t d = 0; d < drugs_.size(); ++d) {
        const auto& e = drugs_[d].targets[static_cast<size_t>(target)];
        if (!e) continue;
        drugs.push_back({e->efficacy, ratio_of(d, *e)});
        for (const Window& w : plan_.windows)
            if (w.bath == 0.0 && open(w, d)) drugs.push_back({e->efficacy, ratio_for(e->window)});
    }
    return signed_occupancy(drugs);
}

PresynapticDrugs Pharmacology::presynaptic(const GlutamateParams& p) const {
    const double release = signed_effect(Target::kRelease),
                 serotonin = p.serotonin * signed_effect(Target::kSerotonin2A);
    return {ratio_for(effect(Target::kMglu23Agonist)), ratio_for(effect(Target::kMglu23Antagonist)),
            std::max(0.0, 1.0 + release + serotonin)};
}

std::vector<DerivedNumber> Pharmacology::derived() const {
    std::vector<double> area(drugs_.size(), 0.0);  // [uM h], to infinity
    for (const DrugSystem& s : systems_) {
        const std::vector<double> part = s.final_areas();
        for (size_t d = 0; d < area.size(); ++d) area[d] += part[d];
    }
    std::vector<DerivedNumber> out;
    const std::vector<double>&given = plan_.given, &arrived = plan_.bioavailable;
    for (size_t d = 0; d < drugs_.size(); ++d) {
        if (given[d] <= 0.0 || area[d] <= 0.0) continue;
        out.push_back({"clearance_" + drugs_[d].name, "L/h", arrived[d] / area[d]});
        out.push_back({"bioavailability_" + drugs_[d].name, "%", 100.0 * arrived[d] / given[d]});
        for (size_t m = 0; m < drugs_.size(); ++m)
            if (m != d && area[m] > 0.0 && given[m] == 0.0)
                out.push_back({"auc_ratio_" + drugs_[m].name + "_" + drugs_[d].name, "1", area[m] / area[d]});
    }
    return out;
}

}  // namespace respine
