#include "sim/io/run/provenance.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/ranks/ranks.hpp"

namespace respine {

std::string version_text() { return RESPINE_VERSION; }

std::string revision_text() { return RESPINE_REVISION; }

std::string flags_text() { return RESPINE_FLAGS; }

std::string yaml_version_text() { return RESPINE_YAML_VERSION; }

std::string build_text() {
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    return fmt::format(
        "respine {}\nrevision {}\ncompiler {} {}\nflags {}\nHDF5 {}.{}.{}\nOpenMP {}\nMPI {}\n",
        RESPINE_VERSION, RESPINE_REVISION,
#ifdef __clang__
        "clang",
#else
        "gcc",
#endif
        __VERSION__, RESPINE_FLAGS, major, minor, release, _OPENMP, has_mpi() ? mpi_text() : "none");
}

std::string resolved_inputs(const Inputs& inputs) {
    Scenario full = inputs.scenario;
    full.overrides.clear();
    Model model = inputs.model;
    for (const ParameterRow& row : parameters_of(model))
        full.overrides.emplace_back(row.path, fmt::format("{} {}", *row.value, row.unit));
    return resolved_yaml(full);
}

}  // namespace respine
