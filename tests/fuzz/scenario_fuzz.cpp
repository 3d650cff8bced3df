// A scenario: refused in words, or its resolved form reads as the same scenario again.
#include "sim/io/yaml/scenario_yaml.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string resolved;
    fuzz::expect_words([&] {
        resolved =
            resolved_yaml(read_scenario(parse_yaml(std::string(fuzz::text_of(data, size)), "fuzz.yaml"), {}));
    });
    if (!resolved.empty() && resolved_yaml(read_scenario(parse_yaml(resolved, "again.yaml"), {})) != resolved)
        __builtin_trap();
    return 0;
}
