// The vectorised simulator of the Python module.
#pragma once

#include <pybind11/pybind11.h>

namespace respine {

void bind_simulator(pybind11::module_& m);

}  // namespace respine
