#include "sim/model/model.hpp"

#include <fmt/format.h>

namespace respine {

namespace {

template <class Params, size_t N>
void append(std::vector<ParameterRow>& rows, const std::string& section, Params& params,
            const Parameter<Params> (&table)[N]) {
    for (const Parameter<Params>& p : table)
        rows.push_back(
            {section + "." + std::string(p.name), p.unit, &(params.*p.member), p.low, p.high, p.doc});
}

}  // namespace

std::vector<ParameterRow> parameters_of(Model& m) {
    std::vector<ParameterRow> rows;
    append(rows, "subject", m.subject, kSubjectParameters);
    append(rows, "nmda", m.nmda, kNmdaParameters);
    for (size_t t = 0; t < kCellTypes; ++t) {
        const std::string section = "receptors." + std::string(kCellTypeNames[t]) + ".";
        for (size_t s = 0; s < kSubunits; ++s)
            rows.push_back({section + std::string(kSubunitNames[s]), "1", &m.receptors[t].mix[s], 0, 1,
                            "share of this NMDA receptor subunit"});
        rows.push_back({section + "nmda_share", "1", &m.receptors[t].nmda_share, 0, 1,
                        "NMDA share of excitatory drive"});
        rows.push_back({section + "membrane_potential", "mV", &m.receptors[t].membrane_potential, -100, 0,
                        "membrane potential at which magnesium acts on its receptors"});
    }
    for (size_t r = 0; r < kByType; ++r)
        for (size_t t = 0; t < kCellTypes; ++t)
            rows.push_back(
                {fmt::format("modulation.{}.{}", kTargetNames[kFirstByType + r], kCellTypeNames[t]), "1",
                 &m.modulation[r][t], -2, 2,
                 r < kOnDrive ? "what this target adds to the cell type's external drive where it is "
                                "driven fully, over the drive at rest"
                              : "what this target adds to the inhibition of the cell type where it "
                                "is driven fully, over that at rest"});
    append(rows, "glutamate", m.glutamate, kGlutamateParameters);
    append(rows, "ampa", m.ampa, kAmpaParameters);
    append(rows, "translation", m.translation, kTranslationParameters);
    append(rows, "bdnf", m.bdnf, kBdnfParameters);
    append(rows, "signalling", m.signalling, kSignallingParameters);
    append(rows, "spine_size", m.spine_size, kSpineSizeParameters);
    append(rows, "pruning", m.pruning, kPruningParameters);
    append(rows, "newborn", m.newborn, kNewbornParameters);
    append(rows, "set_point", m.set_point, kSetPointParameters);
    append(rows, "formation", m.formation, kFormationParameters);
    append(rows, "growth_rule", m.growth_rule, kGrowthRuleParameters);
    append(rows, "adaptation", m.adaptation, kAdaptationParameters);
    append(rows, "readout", m.readout, kReadoutParameters);
    append(rows, "rating", m.rating, kRatingParameters);
    append(rows, "new_stress", m.new_stress, kNewStressParameters);
    append(rows, "microscope", m.imaging, kImagingParameters);
    append(rows, "linear_response", m.coordination, kCoordinationParameters);
    append(rows, "clock", m.clock, kClockParameters);
    append(rows, "links", m.links, kLinkParameters);
    return rows;
}

}  // namespace respine
