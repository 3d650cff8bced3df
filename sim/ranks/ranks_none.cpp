// A program without MPI: every process is alone. A program with MPI has ranks_mpi.cpp in its place.

#include "sim/ranks/ranks.hpp"

namespace respine {

bool has_mpi() { return false; }

std::string mpi_text() { return ""; }

Ranks& join_ranks() { return alone(); }

}  // namespace respine
