// Datasets of text.

#include <algorithm>
#include <cerrno>

#include "sim/io/hdf5/hdf5_checks.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/model/error.hpp"

namespace respine {

void H5File::write_strings(const std::string& path, const std::vector<std::string>& values,
                           const std::string& dim, const About& about) {
    if (nowhere_) return;
    const H5Handle type{H5Tcopy(H5T_C_S1), H5Tclose};
    H5Tset_size(type.id(), H5T_VARIABLE);
    H5Tset_cset(type.id(), H5T_CSET_UTF8);
    std::vector<const char*> pointers;
    for (const std::string& v : values) pointers.push_back(v.c_str());
    const hsize_t n = values.size();
    const H5Handle space{H5Screate_simple(1, &n, nullptr), H5Sclose};
    errno = 0;
    make_dataset(path, type.id(), space, h5_property_list(H5P_DATASET_CREATE));
    if (n > 0)
        h5_check(H5Dwrite(open_[path].id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), path_,
                 "writing " + path);
    describe(path, about);
    dim.empty() ? make_scale(path) : attach_scale(path, dim, 0);
}

std::vector<std::string> H5File::read_strings(const std::string& path) const {
    const H5Handle d = open_dataset(path);
    const H5Subject of{path_, "dataset", path};
    const H5Handle type = h5_handle(H5Dget_type(d.id()), H5Tclose, of),
                   space = h5_handle(H5Dget_space(d.id()), H5Sclose, of);
    if (h5_answer(H5Tget_class(type.id()), of) != H5T_STRING)
        fail(Exit::kInput, "{}: error: dataset {} does not hold text", path_, path);
    if (h5_answer(H5Tis_variable_str(type.id()), of) == 0) return read_fixed_strings(d, path, type.id());
    std::vector<char*> raw(checked_size(d, path, sizeof(char*)), nullptr);
    if (!raw.empty()) h5_answer(H5Dread(d.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()), of);
    std::vector<std::string> values;
    for (char* s : raw) values.push_back(without_controls(s ? s : ""));
    if (!raw.empty()) H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, raw.data());
    return values;
}

std::vector<std::string> H5File::read_fixed_strings(const H5Handle& d, const std::string& path,
                                                    hid_t type) const {
    const size_t width = H5Tget_size(type), count = checked_size(d, path, std::max<size_t>(1, width));
    std::string bytes(width * count, '\0');
    if (count > 0)
        h5_answer(H5Dread(d.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()),
                  {path_, "dataset", path});
    std::vector<std::string> values;
    for (size_t k = 0; k < count; ++k) {
        std::string text = bytes.substr(k * width, width);
        text.resize(std::min(text.size(), text.find('\0')));
        if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) text.resize(text.find_last_not_of(' ') + 1);
        values.push_back(without_controls(std::move(text)));
    }
    return values;
}

}  // namespace respine
