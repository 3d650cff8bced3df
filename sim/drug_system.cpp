#include "sim/drug_system.hpp"

#include <cmath>

#include "kernels/numerics/elementary.hpp"

namespace respine {

namespace {

constexpr double kLn2 = 0.69314718055994530942;
constexpr double kForever = 24.0 * 3650.0;  // [h]: ten years are as good as infinity

}  // namespace

DrugSystem::DrugSystem(const std::vector<Drug>& drugs, size_t given, const std::string& species,
                       const BodyFactors& body)
    : site_(drugs.size()) {
    add_drug(drugs, given, species, body);
    add_entries(drugs[given].species.at(species), site_[given]->central);
    compartments_.build();
}

// The compartments of one drug, then those of its metabolites.
void DrugSystem::add_drug(const std::vector<Drug>& drugs, size_t d, const std::string& species,
                          const BodyFactors& body) {
    const Pharmacokinetics& k = drugs[d].species.at(species);
    const double size = body.weight / k.reference_weight;
    const double flow = det_exp(0.75 * det_log(size)),
                 drawn_volume = det_exp(std::sqrt(k.volume_variance) * body.volume_z),
                 drawn_clearance = det_exp(std::sqrt(k.clearance_variance) * body.clearance_z);
    const double volume = size * body.volume.value_or(drawn_volume),
                 clearance = k.clearance * flow * body.clearance.value_or(drawn_clearance);

    Site site{};
    site.central = compartments_.add();
    site.volume = k.volumes[0] * volume;
    site.molar_mass = drugs[d].molar_mass;
    add_peripheral(k, site, flow, volume);
    add_levels(k, site);
    site_[d] = site;

    double left = clearance / site.volume;  // what no metabolite is made of
    for (const MetaboliteLink& link : k.metabolites) left -= link.fraction * clearance / site.volume;
    compartments_.leave(site.central, left);
    for (const MetaboliteLink& link : k.metabolites) {
        if (!site_[link.index]) add_drug(drugs, link.index, species, body);
        add_transit(link, site.central, site_[link.index]->central, link.fraction * clearance / site.volume);
    }
}

void DrugSystem::add_peripheral(const Pharmacokinetics& k, const Site& site, double flow, double volume) {
    for (size_t c = 1; c < k.volumes.size(); ++c) {
        const size_t peripheral = compartments_.add();
        const double q = k.exchange[c - 1] * flow;
        compartments_.flow(site.central, peripheral, q / site.volume);
        compartments_.flow(peripheral, site.central, q / (k.volumes[c] * volume));
    }
}

// Levels that follow the central one and take nothing from it: venous blood, brain, and the area under it.
void DrugSystem::add_levels(const Pharmacokinetics& k, Site& site) {
    const double umol_per_l = 1.0 / site.volume;  // amount [umol] / volume [L] = [uM]
    if (!k.venous_sampling) {
        site.venous = compartments_.add();
        const double rate = kLn2 / k.venous_half_time;
        compartments_.drive(site.central, *site.venous, rate * umol_per_l);
        compartments_.leave(*site.venous, rate);
    }
    site.brain = compartments_.add();
    const double rate = kLn2 / k.brain_half_time;
    compartments_.drive(site.central, site.brain, rate * k.brain_partition * umol_per_l);
    compartments_.leave(site.brain, rate);
    site.area = compartments_.add();
    compartments_.drive(site.central, site.area, umol_per_l);
}

// Equal stages, so that a metabolite appears `transit` later in the mean.
void DrugSystem::add_transit(const MetaboliteLink& link, size_t from, size_t arrival, double rate) {
    for (u32 stage = 0; stage < link.stages; ++stage) {
        const size_t transit = compartments_.add();
        compartments_.flow(from, transit, rate);
        from = transit;
        rate = link.stages / link.transit;
    }
    compartments_.flow(from, arrival, rate);
}

// A state from which `target` is filled: a depot that empties, or an input that goes on until it is stopped.
size_t DrugSystem::add_depot(size_t target, double rate, bool empties) {
    const size_t state = compartments_.add();
    empties ? compartments_.flow(state, target, rate) : compartments_.drive(state, target, rate);
    return state;
}

void DrugSystem::add_entries(const Pharmacokinetics& k, size_t central) {
    entry_state_[{Entry::kBolus, {}}] = central;
    entry_state_[{Entry::kInfusion, {}}] = add_depot(central, 1.0, false);
    for (const auto& [route, absorption] : k.routes)
        if (absorption.rate > 0.0)
            entry_state_[{Entry::kRoute, route}] = add_depot(central, absorption.rate, true);
    if (!k.nasal) return;
    entry_state_[{Entry::kNose, {}}] = add_depot(central, k.nasal->rate, true);
    const size_t gut = add_depot(central, k.nasal->swallowed_rate, true);
    entry_state_[{Entry::kSwallowing, {}}] = add_depot(gut, 1.0, false);
}

void DrugSystem::give(Entry entry, Route route, double change) {
    compartments_.give(entry_state_.at({entry, route}), change);
}

Levels DrugSystem::levels(size_t drug) const {
    if (!site_[drug]) return {};
    const Site& site = *site_[drug];
    const double central = compartments_.amount(site.central) / site.volume;  // [uM]; times g/mol is ng/mL
    return {central * site.molar_mass,
            (site.venous ? compartments_.amount(*site.venous) : central) * site.molar_mass,
            compartments_.amount(site.brain)};
}

std::vector<double> DrugSystem::final_areas() const {
    const std::vector<double> amounts = compartments_.after(kForever);
    std::vector<double> areas;
    for (const std::optional<Site>& site : site_) areas.push_back(site ? amounts[site->area] : 0.0);
    return areas;
}

}  // namespace respine
