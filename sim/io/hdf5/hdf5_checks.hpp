// What the parts of H5File hold what they do and read against.
#pragma once

#include <hdf5.h>

#include <string>
#include <vector>

#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine {

// Error(kIo) with what the system says of it.
[[noreturn]] void h5_io_error(const std::string& file, const std::string& what);
void h5_check(herr_t status, const std::string& file, const std::string& what);

inline H5Handle h5_property_list(hid_t kind) { return {H5Pcreate(kind), H5Pclose}; }

// What of which file is being read, for the message.
struct H5Subject {
    const std::string& file;
    const char* kind;
    const std::string& name;
};

// Error(kInput) with what the system says of the read that failed, or that the file may be damaged.
[[noreturn]] void h5_read_error(const H5Subject& of);

// The answer of a call that reads. A negative one says that HDF5 could not find out, which must never pass
// for "no" or "absent".
template <class T>
T h5_answer(T answer, const H5Subject& of) {
    if (static_cast<long long>(answer) < 0) h5_read_error(of);
    return answer;
}
inline H5Handle h5_handle(hid_t id, herr_t (*close)(hid_t), const H5Subject& of) {
    return {h5_answer(id, of), close};
}

// Names that an iteration of HDF5 finds; no exception may cross that C library.
class H5Names {
public:
    herr_t take(const char* name) noexcept;  // the answer for HDF5
    std::vector<std::string> of(herr_t listed, const H5Subject& of) &&;

private:
    std::vector<std::string> found_;
    bool no_memory_ = false;
};

// What the system said of the HDF5 call that failed last in this thread: ": Input/output error", or "" when
// it was not the system's fault.
std::string h5_system_reason();

// HDF5's own conversions and decoders trust odd types and rare filters; respine reads and writes whole
// numbers, IEEE floats and gzip only.
bool is_plain_number(hid_t type, const H5Subject& of);

// A terminal that shows what a file says must not obey it.
std::string without_controls(std::string text);

}  // namespace respine
