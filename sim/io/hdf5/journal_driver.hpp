// An HDF5 file that is never half changed, however its writer ends.
//
// What HDF5 writes beyond the last flush goes to the file at once; what it writes over bytes that an earlier
// flush left waits in memory. A flush puts these into a new journal beside the file, with the checksums of
// all blocks, then into the file, and marks the journal as applied. Killed before the new journal has its
// name, the file is that of the flush before; killed after, opening it to write again finishes what the
// journal says. So the file on disk is always one that a flush left, also where the machine loses its power
// or the disk its last byte of space; and a bit that flipped since is told when the file is opened to go on.
#pragma once

#include <hdf5.h>

namespace respine {

// Lets files that are created or opened with this access list have a journal.
void use_journal(hid_t access);

}  // namespace respine
