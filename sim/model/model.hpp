// The parameter set of a species: every kernel's parameters in one struct, and one walk over all of them.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/activity/adaptation.hpp"
#include "kernels/activity/ampa.hpp"
#include "kernels/activity/glutamate.hpp"
#include "kernels/activity/linear_response.hpp"
#include "kernels/activity/nmda_block.hpp"
#include "kernels/plasticity/bdnf.hpp"
#include "kernels/plasticity/formation.hpp"
#include "kernels/plasticity/growth_rule.hpp"
#include "kernels/plasticity/newborn.hpp"
#include "kernels/plasticity/persons.hpp"
#include "kernels/plasticity/pruning.hpp"
#include "kernels/plasticity/readout.hpp"
#include "kernels/plasticity/set_point.hpp"
#include "kernels/plasticity/signalling.hpp"
#include "kernels/plasticity/spine_size.hpp"
#include "kernels/plasticity/translation.hpp"
#include "sim/model/links.hpp"
#include "sim/model/target.hpp"

namespace respine {

enum class CellType : u8 { kE, kPv, kSst, kVip };
inline constexpr size_t kCellTypes = 4;
inline constexpr std::array<std::string_view, kCellTypes> kCellTypeNames = {"E", "PV", "SST", "VIP"};
inline constexpr std::array<std::string_view, kCellTypes> kCellTypeSuffixes = {"e", "pv", "sst", "vip"};

struct ReceptorParams {                 // of one cell type
    std::array<double, kSubunits> mix;  // share of each NMDA receptor subunit; below 1 in all: lost
    double nmda_share;                  // nu: NMDA share of excitatory drive
    double membrane_potential;          // [mV] at which magnesium acts on its receptors
};

struct ClockParams {
    double fine_step;           // [s] slow step right after a dosing event
    double growth;              // step growth with time since that event [1]
    double structural_step;     // [s] the shortest; all are multiples of it
    double structural_growth;   // of it with the time since the last event [1]
    double longest_structural;  // [s]
    double explicit_step;       // [s] step of the explicit integrator
    double tolerance;           // relative residual at which the fast network counts as settled [1]
    double damping;             // of the accelerated relaxation [1]
};
inline constexpr Parameter<ClockParams> kClockParameters[] = {
    {"fine_step", "s", &ClockParams::fine_step, 1, 3600, "slow step right after a dosing event"},
    {"growth", "1", &ClockParams::growth, 0.0001, 1, "slow step over the time since the last dosing event"},
    {"structural_step", "s", &ClockParams::structural_step, 60, 86400, "shortest step of formation and loss"},
    {"structural_growth", "1", &ClockParams::structural_growth, 0.0001, 1,
     "step of formation and loss over the time since the last event"},
    {"longest_structural", "s", &ClockParams::longest_structural, 60, 86400,
     "longest step of formation and loss, long after the last event; at most 24 of the shortest"},
    {"explicit_step", "s", &ClockParams::explicit_step, 0.0001, 0.01, "step of the explicit integrator"},
    {"tolerance", "1", &ClockParams::tolerance, 1e-7, 0.01,
     "relative residual at which the fast network counts as settled"},
    {"damping", "1", &ClockParams::damping, 0.05, 1, "damping of the accelerated relaxation"},
};

struct ImagingParams {
    double threshold;            // detection threshold on log size [1]
    double noise;                // scoring noise, SD in log size [1]
    double spines_per_dendrite;  // of a healthy dendrite [1]
    double spacing;              // places per dendrite that position matching tells apart [1]
    double width_exponent;       // head width ~ e^(x width_exponent)
    double length;               // of a dendrite in view [um]
};
inline constexpr Parameter<ImagingParams> kImagingParameters[] = {
    {"threshold", "1", &ImagingParams::threshold, -3, 3, "log size below which a spine is not seen"},
    {"noise", "1", &ImagingParams::noise, 0, 1, "scoring noise, SD in log size"},
    {"spines_per_dendrite", "1", &ImagingParams::spines_per_dendrite, 5, 1000,
     "spines on a healthy dendrite"},
    {"spacing", "1", &ImagingParams::spacing, 10, 1e6,
     "places along a dendrite that position matching tells apart"},
    {"width_exponent", "1", &ImagingParams::width_exponent, 0.1, 1, "head width over size, in logs"},
    {"length", "um", &ImagingParams::length, 5, 1000, "length of a dendrite in view"},
};

struct SubjectParams {
    double weight;                // body weight [kg]
    double stress_sd;             // log-SD of stress severity between subjects [1]
    double sensitivity_sd;        // log-SD of BDNF release between subjects [1]
    double met_share;             // frequency of the Met allele [1]
    double synaptic_share;        // median share of the symptoms that follows potentiation and synapses [1]
    double synaptic_share_sd;     // SD of its logit between subjects [1]
    double return_sd;             // log-SD of how long a gain is kept [1]
    double placebo_sd;            // SD of the logit of the placebo response between subjects [1]
    double antidepressant_share;  // median share of the symptoms that an antidepressant relieves [1]
    double antidepressant_share_sd;  // SD of its logit between subjects [1]
};
inline constexpr Parameter<SubjectParams> kSubjectParameters[] = {
    {"weight", "kg", &SubjectParams::weight, 0.005, 300, "body weight"},
    {"stress_sd", "1", &SubjectParams::stress_sd, 0, 2, "log-SD of stress severity between subjects"},
    {"sensitivity_sd", "1", &SubjectParams::sensitivity_sd, 0, 3,
     "log-SD of evoked BDNF release between subjects"},
    {"met_share", "1", &SubjectParams::met_share, 0, 1, "frequency of the Met allele"},
    {"synaptic_share", "1", &SubjectParams::synaptic_share, 0.01, 0.99,
     "median share of the symptoms that follows potentiation and synapses"},
    {"synaptic_share_sd", "1", &SubjectParams::synaptic_share_sd, 0, 10,
     "SD of the logit of that share between subjects"},
    {"return_sd", "1", &SubjectParams::return_sd, 0, 3,
     "log-SD between subjects of the return of the set point, and of the inverse of homeostasis"},
    {"placebo_sd", "1", &SubjectParams::placebo_sd, 0, 10,
     "SD of the logit of the placebo response between subjects"},
    {"antidepressant_share", "1", &SubjectParams::antidepressant_share, 0, 0.99,
     "median share of the symptoms that a conventional antidepressant relieves at its full effect"},
    {"antidepressant_share_sd", "1", &SubjectParams::antidepressant_share_sd, 0, 10,
     "SD of the logit of that share between subjects"},
};

struct Provenance {
    std::string unit, mark, reference;
    double low = 0.0, high = 0.0;  // range of belief, in `unit`
    std::string file;
};

struct Model {
    std::string name, species;
    NmdaParams nmda{};
    GlutamateParams glutamate{};
    AmpaParams ampa{};
    TranslationParams translation{};
    BdnfParams bdnf{};
    SignallingParams signalling{};
    AdaptationParams adaptation{};
    SpineSizeParams spine_size{};
    PruningParams pruning{};
    NewbornParams newborn{};
    SetPointParams set_point{};
    FormationParams formation{};
    GrowthRuleParams growth_rule{};
    ReadoutParams readout{};
    RatingParams rating{};
    NewStressParams new_stress{};
    ClockParams clock{};
    ImagingParams imaging{};
    CoordinationParams coordination{};
    SubjectParams subject{};
    std::array<ReceptorParams, kCellTypes> receptors{};
    // What a target that acts by cell type does to each, from kFirstByType on: d or g of modulation.hpp [1]
    std::array<std::array<double, kCellTypes>, kByType> modulation{};
    LinkParams links{};
    std::map<std::string, Provenance> provenance;  // by parameter path
};

struct ParameterRow {
    std::string path;  // "bdnf.clearance"
    std::string_view unit;
    double* value;
    double low, high;
    std::string_view doc;
};

// Every parameter of the model, in the order of the chain.
std::vector<ParameterRow> parameters_of(Model& model);

}  // namespace respine
