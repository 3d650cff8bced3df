// One row per parameter of a kernel: the table drives YAML, checks, --set, listing, schema and documentation.
// Values, their marks and references live in configs/models/*.yaml; there is no default here.
#pragma once

#include <string_view>

namespace respine {

template <class Params>
struct Parameter {
    std::string_view name;
    std::string_view unit;  // the unit the kernel computes in; YAML may use any unit of the same dimension
    double Params::*member;
    double low, high;  // hard limits: outside, the equation loses its meaning
    std::string_view doc;
};

}  // namespace respine
