#include "sim/model/format_version.hpp"

#include "sim/model/error.hpp"

namespace respine {

std::string version_fault(const std::string& format, double found, int reads, const std::string& release) {
    if (found == reads) return "";
    if (found > reads)
        return fmt::format("written by a later version: {} version {:g}; this program reads {}: get {}",
                           format, found, reads,
                           release.empty() ? "a later respine" : "respine >= " + release);
    return fmt::format("{} version {:g}; this program reads {}: respine upgrade says what can be done",
                       format, found, reads);
}

void need_version(const std::string& path, const std::string& format, double found, int reads,
                  const std::string& release) {
    if (const std::string fault = version_fault(format, found, reads, release); !fault.empty())
        fail(Exit::kInput, "{}: error: {}", path, fault);
}

}  // namespace respine
