// Versions of the files that the program writes, and what a reader says of one that it does not read. The
// policy behind it is in docs/formats-policy.md.
#pragma once

#include <string>

namespace respine {

// Why a file of `format` that says it has version `found` (0: it says none) is not read by a program that
// reads `reads`; "" when it is. `release`: of the program that wrote it, "" where the file does not say.
std::string version_fault(const std::string& format, double found, int reads,
                          const std::string& release = "");

// Throws Error(kInput) with path and fault when there is one.
void need_version(const std::string& path, const std::string& format, double found, int reads,
                  const std::string& release = "");

}  // namespace respine
