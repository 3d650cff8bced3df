#include "sim/io/hdf5_checks.hpp"

#include <cerrno>

#include "sim/error.hpp"
#include "sim/io/files.hpp"

namespace respine {

void h5_io_error(const std::string& file, const std::string& what) {
    fail(Exit::kIo, "{}: error: {} failed{}", file, what, write_problem(errno));
}

void h5_check(herr_t status, const std::string& file, const std::string& what) {
    if (status < 0) h5_io_error(file, what);
}

bool is_plain_number(hid_t type) {
    const H5T_class_t kind = H5Tget_class(type);
    const size_t size = H5Tget_size(type);
    if (kind == H5T_FLOAT)
        return H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0 || H5Tequal(type, H5T_IEEE_F64BE) > 0;
    return kind == H5T_INTEGER && (size == 1 || size == 2 || size == 4 || size == 8) && H5Tget_precision(type) == 8 * size && H5Tget_offset(type) == 0;
}

std::string without_controls(std::string text) {
    for (char& c : text)
        if ((c >= 0 && c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) c = '?';
    return text;
}

}  // namespace respine
