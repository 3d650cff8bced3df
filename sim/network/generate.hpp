// Builds the network of a scenario at the equilibrium of its own stress and genotype.
#pragma once

#include "sim/model/network_spec.hpp"
#include "sim/model/scenario.hpp"
#include "sim/network/equilibrium.hpp"
#include "sim/network/graph_source.hpp"
#include "sim/network/network.hpp"
#include "sim/ranks/ranks.hpp"

namespace respine {

// Formation and elimination factors of a subject: severity, genotype, inflammation. Antidepressants act
// later, on beta.
struct SubjectState {
    double severity = 0.0;
    Genotype genotype = Genotype::kValVal;
    double inflammation = 0.0;
};

// beta: basal BDNF release of a subject without drugs.
double basal_bdnf(const BdnfParams& p, const SubjectState& subject);

Condition condition_of(const BdnfParams& bdnf, const PlasticRule& rule, const SubjectState& subject);
inline Condition condition_of(const Model& model, const SubjectState& subject) {
    return condition_of(model.bdnf, rule_of(model), subject);
}

// Mean number of synapses onto a healthy neuron of population `target` from all of population `source`; not
// for kind file.
double mean_indegree(const NetworkSpec& spec, const NetworkChoice& choice, size_t target, size_t source);

struct NetworkReport {
    Balance balance;           // of the first excitatory group
    double equilibrium = 0.0;  // n* over h
    double mean_hazard = 0.0;  // [1/d]
};

// `graph` holds the user's network for kind file, else null. Of a network that `ranks` share, each builds its
// own rows; a graph is held whole by each of them until then.
Network build_network(const Scenario& scenario, const Model& model, const NetworkSpec& spec,
                      const SubjectState& subject, const GraphFile* graph, NetworkReport* report,
                      Ranks& ranks = alone());

}  // namespace respine
