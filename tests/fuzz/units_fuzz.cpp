// Quantities and --set options: nothing but a finite number comes out.
#include <cmath>

#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/model/units.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    if (const auto quantity = parse_quantity(text)) {
        if (!std::isfinite(quantity->value)) __builtin_trap();
        for (const char* unit : {"h", "mg/kg", "uM", "1/d"})
            if (const auto value = convert(*quantity, unit); value && !is_known_unit(quantity->unit))
                __builtin_trap();
    }
    if (const auto number = parse_number(text); number && !std::isfinite(*number)) __builtin_trap();
    fuzz::expect_words([&] { parse_setting(std::string(text)); });
    return 0;
}
