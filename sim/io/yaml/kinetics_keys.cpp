// The keys of the pharmacokinetics of a drug in one species.

#include <numeric>

#include "sim/io/yaml/drug_keys.hpp"

namespace respine {

namespace {

struct Compartment {
    double volume = 0.0;             // [L]
    std::optional<double> exchange;  // [L/h]
};

Keys<Compartment> compartment_keys() {
    return {
        key("volume", &Compartment::volume, "volume").value("L", 1e-6, 1e5).required(),
        key("exchange", &Compartment::exchange, "clearance between this and the central compartment")
            .value("L/h", 1e-6, 1e5),
    };
}

KeyOf<Pharmacokinetics> compartments() {
    const Keys<Compartment> keys = compartment_keys();
    return {.key = {.name = "compartments",
                    .kind = Kind::kMapList,
                    .doc = "central first",
                    .nested = table_of(keys)},
            .read = [keys](Pharmacokinetics& k, const Found& found, const Key&) {
                for (const YAML::Node& node : found.node) {
                    const bool central = k.volumes.empty();
                    const Found item{node, found.path, found.file, found.problems};
                    Compartment c;
                    read_keys(c, keys, item);
                    k.volumes.push_back(c.volume);
                    if (!central) k.exchange.push_back(c.exchange.value_or(0.0));
                    if (central == c.exchange.has_value())
                        found.problems.add(item.place(),
                                           "compartments: the central one (first) has no 'exchange', every "
                                           "other one has");
                }
            }};
}

KeyOf<Pharmacokinetics> sampling() {
    return {.key = {.name = "sampling",
                    .kind = Kind::kChoice,
                    .doc = "where the model's samples came from",
                    .choices = {"arterial", "venous"}},
            .read = [](Pharmacokinetics& k, const Found& found, const Key&) {
                k.venous_sampling = found.node.Scalar() == "venous";
            }};
}

Keys<Absorption> absorption_keys() {
    return {
        key("rate", &Absorption::rate, "first-order absorption ka").value("1/h", 1e-3, 1e4).required(),
        key("bioavailability", &Absorption::bioavailability, "fraction that arrives")
            .value("1", 0, 1)
            .required(),
        key("lag", &Absorption::lag, "delay before absorption").value("h", 0, 48),
    };
}

template <Route kRoute>
KeyOf<Pharmacokinetics> route() {
    return made_part<Pharmacokinetics, Absorption>(
        std::string(word_of(kRoute)), [](Pharmacokinetics& k) -> Absorption& { return k.routes[kRoute]; },
        absorption_keys(), "absorption by this route");
}

Keys<Pharmacokinetics> route_keys() {
    return {route<Route::kIm>(), route<Route::kIp>(), route<Route::kSc>(), route<Route::kOral>()};
}

Keys<NasalRoute> nasal_keys() {
    return {
        key("rate", &NasalRoute::rate, "nasal absorption ka").value("1/h", 1e-3, 1e4).required(),
        key("spray", &NasalRoute::spray, "one spray").value("mg", 1e-3, 1e4).required(),
        key("interval", &NasalRoute::interval, "between sprays").value("h", 0, 24).required(),
        key("fraction", &NasalRoute::fraction, "nasal fraction of the first spray")
            .value("1", 0, 1)
            .required(),
        key("later_factor", &NasalRoute::later_factor, "later sprays: nasal fraction times this")
            .value("1", 0, 2)
            .required(),
        key("swallowed_over", &NasalRoute::swallowed_over, "zero-order delivery of the swallowed part")
            .value("h", 1e-3, 48)
            .required(),
        key("swallowed_rate", &NasalRoute::swallowed_rate, "absorption of the swallowed part")
            .value("1/h", 1e-3, 1e4)
            .required(),
        key("swallowed_bioavailability", &NasalRoute::swallowed_bioavailability,
            "systemic fraction of the swallowed part")
            .value("1", 0, 1)
            .required(),
    };
}

Keys<MetaboliteLink> metabolite_keys() {
    return {
        key("drug", &MetaboliteLink::drug, "drug file of the metabolite").required(),
        key("fraction", &MetaboliteLink::fraction, "share of the clearance").value("1", 0, 1).required(),
        key("transit", &MetaboliteLink::transit, "mean transit time").value("h", 1e-4, 48).required(),
        key("stages", &MetaboliteLink::stages, "transit compartments").between(1, 10).required(),
    };
}

Keys<Pharmacokinetics> site_keys() {
    using Kinetics = Pharmacokinetics;
    return {
        key("venous_half_time", &Kinetics::venous_half_time, "lag of venous behind arterial blood")
            .value("h", 1e-4, 24),
        key("brain_partition", &Kinetics::brain_partition, "unbound brain over plasma")
            .value("1", 0, 100)
            .required(),
        key("brain_half_time", &Kinetics::brain_half_time, "lag of brain behind plasma")
            .value("h", 1e-4, 100)
            .required(),
        key("volume_variance", &Kinetics::volume_variance, "omega^2 of volumes between subjects")
            .value("1", 0, 4),
        key("clearance_variance", &Kinetics::clearance_variance, "omega^2 of clearance between subjects")
            .value("1", 0, 4),
        key("largest_dose", &Kinetics::largest_dose, "these numbers are not meant for a larger one")
            .value("mg/kg", 1e-6, 1e5),
    };
}

Keys<Pharmacokinetics> disposition_keys() {
    return {
        key("reference_weight", &Pharmacokinetics::reference_weight,
            "body weight of these numbers; scaled by 0.75 on clearances, 1 on volumes")
            .value("kg", 1e-3, 1e3)
            .required(),
        compartments().required(),
        key("clearance", &Pharmacokinetics::clearance, "elimination from the central compartment")
            .value("L/h", 1e-6, 1e5)
            .required(),
        sampling().required(),
    };
}

NasalRoute& made_nasal(Pharmacokinetics& k) { return k.nasal.emplace(); }

Keys<Pharmacokinetics> entry_keys() {
    return {
        group("routes", route_keys(), "im, ip, sc, oral"),
        made_part("nasal", made_nasal, nasal_keys(), "nasal spray"),
        list("metabolites", &Pharmacokinetics::metabolites, metabolite_keys(),
             "what becomes of the cleared drug"),
    };
}

}  // namespace

const Keys<Pharmacokinetics>& kinetics_keys() {
    static const Keys<Pharmacokinetics> keys = joined(disposition_keys(), site_keys(), entry_keys());
    return keys;
}

void check_kinetics(Pharmacokinetics& k, const Found& map) {
    k.routes[Route::kIv] = {};
    const Place at = map.place();
    if (k.volumes.empty()) map.problems.add(at, "compartments: at least the central one is needed");
    if (!k.venous_sampling && k.venous_half_time <= 0.0)
        map.problems.add(at, "arterial sampling needs 'venous_half_time'");
    const double total =
        std::accumulate(k.metabolites.begin(), k.metabolites.end(), 0.0,
                        [](double sum, const MetaboliteLink& link) { return sum + link.fraction; });
    if (total > 1.0 + 1e-9)
        map.problems.add(at, "metabolites: the fractions sum to {:g}, more than 1", total);
}

}  // namespace respine
