#include "sim/io/run/provenance.hpp"

#include <fmt/core.h>
#include <hdf5.h>

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

}  // namespace respine
