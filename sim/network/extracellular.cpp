#include "sim/network/extracellular.hpp"

namespace respine {

// A step outlasts uptake, so what mGluR2/3 hold back follows the glutamate after it: the second pass has that
// of the first.
void advance_extracellular(const Network& network, GlutamateParams p, const PresynapticDrugs& drugs,
                           double uptake, double hours, std::span<float> release,
                           NeuronArray<float>& glutamate, Ranks& ranks) {
    const NeuronArray<float> before = glutamate;
    const std::vector<float> fired(release.begin(), release.end());
    for (int pass = 0; pass < 2; ++pass)
        for (const Region& r : network.regions) {
            for (const Slice known : r.rows.known())
                for (size_t v = r.first_voxel + known.first; v < r.first_voxel + known.last; ++v) {
                    release[v] = static_cast<float>(fired[v] * release_factor(p, drugs, glutamate[v]));
                    glutamate[v] = before[v];
                }
            p.voxel = r.voxels.edge;
            const std::span<float> here = r.of(std::span(glutamate));
            const std::span<const float> start = r.of(std::span(before)), released = r.of(release);
            r.rows.advance({p, r.voxels.grid(), uptake, hours * 3600.0, released, here, start}, here, ranks);
            if (pass == 1) r.rows.tell(here, ranks);
        }
}

}  // namespace respine
