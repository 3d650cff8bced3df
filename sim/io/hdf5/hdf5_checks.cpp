#include "sim/io/hdf5/hdf5_checks.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>

#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

void h5_io_error(const std::string& file, const std::string& what) {
    fail(Exit::kIo, "{}: error: {} failed{}", file, what, write_problem(errno));
}

void h5_check(herr_t status, const std::string& file, const std::string& what) {
    if (status < 0) h5_io_error(file, what);
}

void h5_read_error(const H5Subject& of) {
    const std::string reason = h5_system_reason();
    fail(Exit::kInput, "{}: error: {} {} cannot be read{}", of.file, of.kind, of.name,
         reason.empty() ? " (damaged?)" : reason);
}

namespace {

// The driver that reads puts the number of the system into its message; whoever lacked memory says so by a
// number of HDF5's.
herr_t find_reason(unsigned, const H5E_error2_t* error, void* found) {
    constexpr const char* kBefore = "errno = ";
    int& code = *static_cast<int*>(found);
    const char* const at = error->desc ? std::strstr(error->desc, kBefore) : nullptr;
    if (at)
        code = std::atoi(at + std::strlen(kBefore));
    else if (code == 0 && (error->min_num == H5E_NOSPACE || error->min_num == H5E_CANTALLOC))
        code = ENOMEM;
    return 0;
}

}  // namespace

std::string h5_system_reason() {
    int code = 0;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, find_reason, &code);
    return code == 0 ? "" : ": " + read_problem(code);
}

herr_t H5Names::take(const char* name) noexcept {
    try {
        found_.emplace_back(name);
        return 0;
    } catch (const std::bad_alloc&) {
        no_memory_ = true;
        return -1;
    }
}

std::vector<std::string> H5Names::of(herr_t listed, const H5Subject& of) && {
    if (no_memory_) throw std::bad_alloc();
    h5_answer(listed, of);
    return std::move(found_);
}

bool is_plain_number(hid_t type, const H5Subject& of) {
    const H5T_class_t kind = h5_answer(H5Tget_class(type), of);
    const size_t size = H5Tget_size(type);
    if (kind == H5T_FLOAT) {
        const hid_t plain[] = {H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_IEEE_F32BE, H5T_IEEE_F64BE};
        return std::any_of(std::begin(plain), std::end(plain),
                           [&](hid_t one) { return h5_answer(H5Tequal(type, one), of) > 0; });
    }
    return kind == H5T_INTEGER && (size == 1 || size == 2 || size == 4 || size == 8) &&
           H5Tget_precision(type) == 8 * size && H5Tget_offset(type) == 0;
}

std::string without_controls(std::string text) {
    for (char& c : text)
        if ((c >= 0 && c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) c = '?';
    return text;
}

}  // namespace respine
