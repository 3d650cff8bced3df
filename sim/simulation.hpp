// One subject's run: network, drugs and state, advanced in slow steps whose order is the chain from dose to
// synapse (step.cpp).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "kernels/activity/drive.hpp"
#include "kernels/activity/matching.hpp"
#include "kernels/activity/rates.hpp"
#include "sim/checkpoint_rows.hpp"
#include "sim/mechanisms.hpp"
#include "sim/model/drug.hpp"
#include "sim/network/generate.hpp"
#include "sim/pharmacology.hpp"
#include "sim/policy/policy.hpp"
#include "sim/ranks/rank_share.hpp"
#include "sim/state.hpp"

namespace respine {

struct Inputs {  // everything a run is made from
    Scenario scenario;
    Model model;
    NetworkSpec network;
    std::vector<Drug> drugs;
    std::vector<size_t> given;  // the drug of each treatment
    std::shared_ptr<const GraphFile> graph;
};

// Links of the chain that only a test may cut. All true in every scenario.
struct Links {
    bool lag = true;  // false: protein becomes spines at once
};

struct Effort {  // what the run did, for run -v and bench
    u64 slow_steps = 0, sweeps = 0, structural_steps = 0, synapse_updates = 0;
    double structural_seconds = 0.0, fast_seconds = 0.0;
};

// The drawn values of one subject.
struct Subject {
    SubjectState state;
    BodyFactors body;
    double bdnf_factor = 1.0;           // on evoked BDNF release: genotype and individual
    double synaptic_share = 1.0;        // of the symptoms
    double return_factor = 1.0;         // on how long a gain is kept
    double placebo = 0.0;               // size of the placebo response
    double antidepressant_share = 0.0;  // of the symptoms, relieved by an antidepressant at its full effect
    double inclusion_error = 0.0;       // of the score at inclusion
    std::vector<double> new_stress{};   // times of it [h since the start]
};
Subject draw_subject(const Scenario& scenario, const Model& model);

// Improvement over inclusion that a rater scores in this subject at a visit, from the index without noise.
double improvement_at(Tick visit, const Scenario& scenario, const Model& model, const Subject& subject,
                      double index);

struct BlockedParts {  // of a group's NMDA receptors: GluN2A and GluN2B, GluN2C and GluN2D [1]
    double ab = 0.0, cd = 0.0;
};

class Simulation {
public:
    // `ranks` share the network; all of them make the same Simulation and call the same functions of it.
    explicit Simulation(Inputs inputs, Links links = {}, Ranks& ranks = alone());

    const Inputs& inputs() const { return inputs_; }
    const Scenario& scenario() const { return inputs_.scenario; }
    u64 seed() const { return seed_; }  // of this subject's random numbers
    const Model& model() const { return inputs_.model; }
    const Network& network() const { return network_; }
    Ranks& ranks() const { return ranks_; }
    RankShare share() const { return {network_.partition, ranks_}; }  // of the neurons, with all other ranks
    // Own neurons, all and the excitatory ones.
    std::span<const Slice> own() const { return own_; }
    std::span<const Slice> own_excitatory() const { return own_excitatory_; }
    const State& state() const { return state_; }
    State& mutable_state() { return state_; }  // for tests that put the network into a state of their own
    const Pharmacology& pharmacology() const { return *pharmacology_; }
    const NetworkReport& report() const { return report_; }
    const Effort& effort() const { return effort_; }
    std::span<const RateGroup> rate_groups() const { return rate_groups_; }
    double received(size_t target, size_t source) const {  // of that group, over that without drugs [1]
        return received_[target * network_.groups.size() + source];
    }
    double matched_inhibition(size_t neuron) const {  // phi; 1 where nothing matches [1]
        return neuron < inhibition_factor_.size() ? static_cast<double>(inhibition_factor_[neuron]) : 1.0;
    }
    const Subject& subject() const { return subject_; }
    std::span<const Quantity> quantities() const { return quantities_; }  // of the state
    const PolicyLog& policy_log() const { return policies_.log(); }

    Tick now() const { return state_.now; }
    bool done() const { return state_.now >= scenario().end(); }

    // One slow step; never crosses a dosing event, a structural step, or a time in `stops`.
    void advance();

    // Adds what the next step depends on; exact between steps, once the events of the last one were taken.
    void add_checkpoint_rows(CheckpointRows& memory);

    // After the memory was read back: takes up what policies had given.
    void restored_memory();

    // After treatments or the model were changed from outside: the running structural step ends at the next
    // time at which one can.
    void changed_from_outside();

    // Spoils all that a step writes before it reads it, so that a memory without a row could not stay unseen
    // after a resume.
    void forget_scratch();

    // Throws Error(kNumerical) with field, neuron and time when a value is not finite or out of its physical
    // range.
    void check_physical() const;

    // Events of the structural step just taken, ordered by row; empty unless the scenario records them, and
    // on all ranks but the root.
    std::vector<SynapseEvent> take_synapse_events();

    // Derived values that a history row shows.
    double nmda_block(const Group& group) const;
    double nmda_block(CellType type) const;  // mean over the neurons of the type
    double glutamate_mean() const;
    double tool_effect(Target t) const { return pharmacology_->effect(t); }
    double live_share() const;          // of the healthy count of spines; 1 in a network that has none [1]
    double early_response() const;      // E of the response index [1]
    double surge() const;               // T of the response index [1]
    double restored() const;            // L of the response index [1]; NaN without a deficit
    double restored(u32 region) const;  // of what stress changed there, lost or gained [1]; NaN without
    double set_points() const;          // n* that neurons defend, of all spines [count]
    double receptors() const;           // NMDA receptors over their number without drug [fold]
    double rebound() const;             // NMDA current of pyramidal cells above that without drug [fold]
    double response() const;            // NaN without a deficit
    double placebo() const;
    double doses() const;  // begun before or now, of all treatments [count]

    // One explicit step of the fast network, driven from outside by `external` (empty: by its own drive).
    void step_network_explicitly(double seconds, std::span<const float> external = {});

    // Relaxes the fast network to its steady state for the present structure and drugs, from the rates that
    // it would have `hours` on if they changed as before (0: from the present ones); throws Error(kNumerical)
    // when it does not settle.
    void relax_network(double hours = 0.0);

private:
    void begin_state();
    void make_scratch();
    void make_rate_groups();
    void list_stops();
    void visit();
    Observed observed() const;
    void give(Tick at, const Policies::Dose& dose);
    void settle_baseline();
    Tick next_step() const;
    Tick next_structural() const;
    double resting_block(std::span<const double> levels) const;  // of pyramidal receptors [1]
    double pyramidal_2b_block() const;                           // of those with GluN2B [1]
    double uptake() const;                                       // of glutamate over that in health [1]
    void advance_drugs(double hours, Tick middle);
    void refresh_rate_groups();
    BlockedParts blocked_parts(const Group& group) const;
    void modulate(size_t group, std::span<const double> occupancy);
    double mean_of_excitatory(const NeuronArray<float>& values) const;
    void average_rates(float absent, std::span<float> by_voxel);
    void publish_to(size_t target, size_t groups, std::span<const float> rate);
    std::span<const float> published_to(const PlasticSynapses& plastic) const;
    void measure_recurrent();
    void balance_inhibition();
    void foresee_rates(double hours);
    std::vector<double> mean_coupling() const;
    void gather(size_t target);
    void gather_more(PlasticSynapses& plastic, Slice target, std::span<float> input);
    void sweep(std::span<float> settled, std::span<const float> external);
    void drive_synapses(double hours);
    void advance_chain(double hours);
    void release_bdnf(double translation, double hours);
    void advance_adaptation_states(double hours);
    void feel_new_stress(double hours);
    void turn_over_structure();
    std::span<float> set_point_of(size_t plastic);
    void move_set_points(double days);
    CountLevels levels_of(size_t plastic);  // that the turnover of plastic synapses goes by
    double days_of(u32 steps) const;        // so many of the shortest structural steps
    const LossTable& losses_over(size_t plastic, u32 steps);
    NewbornStep newborns_over(const PlasticRule& rule, double days) const;
    void turn_over_synapses(size_t plastic, const CountLevels& levels, u32 steps, u32 tick);
    void form_synapses(size_t plastic, const CountLevels& levels, u32 steps, u32 tick);
    void publish_vacancies();
    void count_synapses(u64 formed, u64 lost);
    void check_rates() const;
    void explicit_slow_step(Tick length);

    Inputs inputs_;
    Links links_;
    Ranks& ranks_;
    Subject subject_;
    u64 seed_ = 0;
    std::unique_ptr<Pharmacology> pharmacology_;
    Network network_;
    NetworkReport report_;
    State state_;
    Effort effort_;
    std::vector<RateGroup> rate_groups_;
    std::vector<double> shares_;    // mean GluN2C + GluN2D share of each group
    std::vector<double> received_;  // [target group][source group]: inhibition over that without drugs [1]
    std::vector<Tick> stops_;
    std::vector<Tick> upheavals_;                   // when treatments and new stress change something
    std::vector<std::map<u32, LossTable>> losses_;  // of each of the plastic synapses, by structural steps
    double damping_ = 0.5;                          // of the relaxation; falls when the network needs it
    std::vector<Slice> own_, own_excitatory_;       // neurons of this rank
    std::vector<float> scratch_, release_;          // of each voxel
    NeuronArray<float> published_, settled_, slope_, best_rate_, held_ampa_, held_bdnf_;
    NeuronArray<float> rate_then_;                    // one slow step ago
    NeuronArray<float> more_input_;                   // of plastic synapses other than the recurrent ones
    NeuronArray<float> held_pool_, held_lag_;         // means over the structural step
    NeuronArray<float> no_pool_;                      // of neurons that have no protein pool
    NeuronArray<float> lasting_, inhibition_factor_;  // R and phi of match_inhibition; empty without matching
    std::array<NeuronArray<float>, 4> matched_;       // healthy, n*, capacity and attempts of match_counts
    NeuronArray<float> matched_factor_;               // T of match_counts
    NeuronArray<float> synaptic_gain_;  // of each excitatory neuron's voxel, over that at the start
    double resting_gain_ = 1.0;         // the same, over that in health
    double hours_then_ = 0.0;           // from rate_then to the present rates; 0: nothing is known
    double translation_before_ = 0.0;
    std::array<NeuronArray<float>, kAndersonDepth> rate_change_, residual_change_;
    NeuronArray<float> residual_;
    std::vector<u32> formed_blocks_, lost_blocks_, passed_blocks_;
    std::vector<std::vector<Attempts>> attempts_;  // to form, of each block
    NeuronArray<u32> before_;                      // live synapses of each row before its losses
    std::vector<std::vector<SynapseEvent>> events_lost_, events_formed_;
    Policies policies_;
    std::vector<Quantity> quantities_;
    Mechanisms mechanisms_;
};

}  // namespace respine
