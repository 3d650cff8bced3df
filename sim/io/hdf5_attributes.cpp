// Attributes of H5File: text and numbers, written and read.

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sim/error.hpp"
#include "sim/io/hdf5_checks.hpp"
#include "sim/io/hdf5_file.hpp"

namespace respine {

void H5File::set_attribute(const std::string& object, const std::string& name, const std::string& value) {
    set_text(object, name, value, value.size() + 1, H5T_CSET_UTF8);
}

// VTK compares all bytes, so none may end the text.
void H5File::set_ascii_attribute(const std::string& object, const std::string& name, const std::string& value) {
    set_text(object, name, value, value.size(), H5T_CSET_ASCII);
}

void H5File::set_text(const std::string& object, const std::string& name, const std::string& value, size_t bytes, H5T_cset_t characters) {
    if (nowhere_) return;
    const H5Handle type{H5Tcopy(H5T_C_S1), H5Tclose};
    H5Tset_size(type.id(), bytes);
    if (bytes == value.size()) H5Tset_strpad(type.id(), H5T_STR_NULLPAD);
    H5Tset_cset(type.id(), characters);
    const H5Handle space{H5Screate(H5S_SCALAR), H5Sclose}, on{H5Oopen(file_.id(), object.c_str(), H5P_DEFAULT), H5Oclose};
    errno = 0;
    if (H5Aexists(on.id(), name.c_str()) > 0) H5Adelete(on.id(), name.c_str());
    const H5Handle a{H5Acreate2(on.id(), name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    if (!a) h5_io_error(path_, "creating attribute " + object + "@" + name);
    h5_check(H5Awrite(a.id(), type.id(), value.c_str()), path_, "writing attribute " + name);
}

namespace {

void write_values(hid_t file, const std::string& path, const std::string& object, const std::string& name, hid_t type, H5Handle space, const void* values) {
    const H5Handle on{H5Oopen(file, object.c_str(), H5P_DEFAULT), H5Oclose};
    errno = 0;
    if (H5Aexists(on.id(), name.c_str()) > 0) H5Adelete(on.id(), name.c_str());
    const H5Handle a{H5Acreate2(on.id(), name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    if (!a) h5_io_error(path, "creating attribute " + object + "@" + name);
    h5_check(H5Awrite(a.id(), type, values), path, "writing attribute " + name);
}

void write_scalar(hid_t file, const std::string& path, const std::string& object, const std::string& name, hid_t type, const void* value) {
    write_values(file, path, object, name, type, {H5Screate(H5S_SCALAR), H5Sclose}, value);
}

}  // namespace

void H5File::set_attribute(const std::string& object, const std::string& name, double value) {
    if (!nowhere_) write_scalar(file_.id(), path_, object, name, H5T_NATIVE_DOUBLE, &value);
}

void H5File::set_attribute(const std::string& object, const std::string& name, i64 value) {
    if (!nowhere_) write_scalar(file_.id(), path_, object, name, H5T_NATIVE_INT64, &value);
}

void H5File::set_attribute(const std::string& object, const std::string& name, u32 value) {
    if (!nowhere_) write_scalar(file_.id(), path_, object, name, H5T_NATIVE_UINT32, &value);
}

void H5File::set_attribute(const std::string& object, const std::string& name, hid_t type, const void* values, size_t count) {
    if (nowhere_) return;
    const hsize_t size = count;
    write_values(file_.id(), path_, object, name, type, {H5Screate_simple(1, &size, nullptr), H5Sclose}, values);
}

std::string H5File::text_attribute(const std::string& object, const std::string& name) const {
    const H5Handle on = open_object(object);
    if (!on || H5Aexists(on.id(), name.c_str()) <= 0) return "";
    const H5Handle a{H5Aopen(on.id(), name.c_str(), H5P_DEFAULT), H5Aclose};
    const H5Handle type{H5Aget_type(a.id()), H5Tclose}, space{H5Aget_space(a.id()), H5Sclose};
    if (!a || H5Sget_simple_extent_npoints(space.id()) != 1 || H5Tget_class(type.id()) != H5T_STRING) return "";
    if (H5Tis_variable_str(type.id()) > 0) {  // respine writes none; other programs do
        char* text = nullptr;
        if (H5Aread(a.id(), type.id(), &text) < 0 || text == nullptr) return "";
        std::string value = without_controls(text);
        H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, &text);
        return value;
    }
    const size_t size = H5Tget_size(type.id());
    if (size == 0 || size > (1 << 24)) return "";
    std::string text(size, '\0');
    if (H5Aread(a.id(), type.id(), text.data()) < 0) return "";
    text.resize(std::strlen(text.c_str()));
    return without_controls(std::move(text));
}

double H5File::number_attribute(const std::string& object, const std::string& name, double absent) const {
    const H5Handle on = open_object(object);
    if (!on || H5Aexists(on.id(), name.c_str()) <= 0) return absent;
    const H5Handle a{H5Aopen(on.id(), name.c_str(), H5P_DEFAULT), H5Aclose};
    double value = absent;
    const H5Handle type{H5Aget_type(a.id()), H5Tclose}, space{H5Aget_space(a.id()), H5Sclose};
    if (H5Sget_simple_extent_npoints(space.id()) != 1 || !is_plain_number(type.id()) || H5Aread(a.id(), H5T_NATIVE_DOUBLE, &value) < 0) return absent;
    return value;
}

std::map<std::string, std::string> H5File::attributes(const std::string& object) const {
    const H5Handle on = open_object(object);
    std::vector<std::string> names;
    H5Aiterate2(
        on.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr,
        [](hid_t, const char* name, const H5A_info_t*, void* out) {
            static_cast<std::vector<std::string>*>(out)->push_back(name);
            return herr_t{0};
        },
        &names);
    std::map<std::string, std::string> values;
    for (const std::string& name : names) {
        const H5Handle a{H5Aopen(on.id(), name.c_str(), H5P_DEFAULT), H5Aclose}, type{H5Aget_type(a.id()), H5Tclose};
        if (!type || H5Tdetect_class(type.id(), H5T_REFERENCE) != 0 || H5Tdetect_class(type.id(), H5T_VLEN) != 0 || H5Tis_variable_str(type.id()) != 0) continue;
        std::string& bytes = values[name];
        bytes.resize(std::min<hsize_t>(H5Aget_storage_size(a.id()), 1 << 24));
        if (H5Aget_storage_size(a.id()) != bytes.size() || H5Aread(a.id(), type.id(), bytes.data()) < 0)
            fail(Exit::kInput, "{}: error: attribute {}@{} cannot be read (damaged?)", path_, object, name);
    }
    return values;
}

}  // namespace respine
