// The program behind main(): the table of the commands.
#pragma once

namespace respine {

// Runs the command; the exit code. What it printed and what did not arrive is told here, once for all
// commands.
int run_command(int argc, char** argv);

}  // namespace respine
