// The links of the chain that the field argues over, each a strength: 1 as the equation says, 0 cut. A rival
// account of how ketamine works is a set of them (configs/hypotheses). A drug file names the contested ones
// that its targets hang on.
#pragma once

#include "kernels/numerics/parameter.hpp"

namespace respine {

struct LinkParams {
    double disinhibition;    // [1]
    double surge;            // [1]
    double resting;          // [1]
    double scaling;          // [1]
    double hnk_ampa;         // [1]
    double hnk_mglu2;        // [1]
    double trkb_binding;     // [1]
    double ketamine_opioid;  // [1]
};
inline constexpr Parameter<LinkParams> kLinkParameters[] = {
    {"disinhibition", "1", &LinkParams::disinhibition, 0, 1,
     "share of their own block that interneurons feel, the rest being that of pyramidal cells; 0: no cell "
     "type "
     "is silenced before another"},
    {"surge", "1", &LinkParams::surge, 0, 10, "release of BDNF by AMPA drive above threshold"},
    {"resting", "1", &LinkParams::resting, 0, 10,
     "release of BDNF by released translation alone, as that by so much AMPA drive above threshold"},
    {"scaling", "1", &LinkParams::scaling, 0, 10,
     "synaptic protein made by released translation without BDNF, over that by full mTORC1"},
    {"hnk_ampa", "1", &LinkParams::hnk_ampa, 0, 10,
     "hydroxynorketamine strengthens AMPA currents: potency over that of its file"},
    {"hnk_mglu2", "1", &LinkParams::hnk_mglu2, 0, 10,
     "hydroxynorketamine frees release from mGluR2: potency over that of its file"},
    {"trkb_binding", "1", &LinkParams::trkb_binding, 0, 10,
     "ketamine binds TrkB as a partner of BDNF: potency over that of its file"},
    {"ketamine_opioid", "1", &LinkParams::ketamine_opioid, 0, 10,
     "ketamine drives mu opioid receptors: potency over that of its file"},
};

}  // namespace respine
