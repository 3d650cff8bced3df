#include "sim/cli/commands.hpp"

namespace respine {

std::string command_line;

}  // namespace respine
