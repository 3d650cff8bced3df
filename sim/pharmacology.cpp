#include "sim/pharmacology.hpp"

#include "kernels/numerics/elementary.hpp"

namespace respine {

Pharmacology::Pharmacology(const Scenario& scenario, const Model& model, const BodyFactors& body,
                           std::vector<Drug> drugs, const std::vector<size_t>& given)
    : drugs_(std::move(drugs)),
      plan_(plan_doses(scenario, drugs_, given, model.species, body.weight)),
      system_of_(drugs_.size()) {
    add_blockers(scenario.magnesium, model.nmda.membrane_potential);
    for (size_t k = 0; k < given.size(); ++k) {
        if (scenario.treatments[k].is_held() || system_of_[given[k]]) continue;
        system_of_[given[k]] = systems_.size();
        systems_.emplace_back(drugs_, given[k], model.species, body);
    }
}

void Pharmacology::add_blockers(double magnesium, double membrane_potential) {
    const double open = magnesium_open_fraction(magnesium, membrane_potential);
    const double reference = magnesium_open_fraction(1.0, membrane_potential);
    const double share = (1.0 / open - 1.0) / (1.0 / reference - 1.0);  // 0 without magnesium, 1 at 1 mM
    for (size_t d = 0; d < drugs_.size(); ++d) {
        if (!drugs_[d].nmda) continue;
        const NmdaAction& a = *drugs_[d].nmda;
        NmdaBlocker b{{}, magnesium > 0.0 ? a.hill_magnesium : a.hill_free, a.kon, a.koff};
        for (size_t s = 0; s < kSubunits; ++s)
            b.ic50[s] = a.ic50_free[s] + (a.ic50_magnesium[s] - a.ic50_free[s]) * share;
        blockers_.push_back(b);
        blocker_drug_.push_back(d);
    }
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

double Pharmacology::effect(Target target) const {
    double occupancy = 0.0, unaffected = 1.0;
    for (size_t d = 0; d < drugs_.size(); ++d) {
        const auto& e = drugs_[d].targets[static_cast<size_t>(target)];
        if (!e) continue;
        const double ratio = e->ec50 > 0.0 ? levels(d).brain / e->ec50 : 0.0;
        if (ratio > 0.0) occupancy += det_exp(e->hill * det_log(ratio));
        for (const Window& w : plan_.windows)
            if (w.bath == 0.0 && open(w, d)) unaffected *= 1.0 - e->window;
    }
    return 1.0 - unaffected / (1.0 + occupancy);
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
