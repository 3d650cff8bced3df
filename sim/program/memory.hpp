// How the program ends when memory does.
//
// Libraries that it stands on do not survive a failed allocation: HDF5 1.10 falls over, or goes on with what
// it lost; streams of C++ cut their text and say nothing; an exception that leaves a parallel region aborts.
// So the first small request that fails ends the program, with a message and the exit code of the table,
// before anybody computes or writes with what is missing. What lies on the disk is then what a kill would
// have left: the last flush, and the last checkpoint to resume from.
#pragma once

namespace respine {

// From now on std::bad_alloc that nobody catches, as in a parallel region, ends the program in the same way.
void expect_memory_to_end();

}  // namespace respine
