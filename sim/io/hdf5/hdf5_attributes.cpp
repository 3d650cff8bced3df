// Attributes of H5File: text and numbers, written and read.

#include <algorithm>
#include <cerrno>
#include <optional>

#include "sim/io/hdf5/hdf5_checks.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

void write_values(hid_t file, const std::string& path, const std::string& object, const std::string& name,
                  hid_t type, H5Handle space, const void* values) {
    const H5Handle on{H5Oopen(file, object.c_str(), H5P_DEFAULT), H5Oclose};
    errno = 0;
    const htri_t there = H5Aexists(on.id(), name.c_str());
    h5_check(there, path, "looking for attribute " + object + "@" + name);
    if (there > 0)
        h5_check(H5Adelete(on.id(), name.c_str()), path, "replacing attribute " + object + "@" + name);
    const H5Handle a{H5Acreate2(on.id(), name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    if (!a) h5_io_error(path, "creating attribute " + object + "@" + name);
    h5_check(H5Awrite(a.id(), type, values), path, "writing attribute " + name);
}

}  // namespace

void H5File::set_attribute(const std::string& object, const std::string& name, const std::string& value) {
    set_text(object, name, value, value.size() + 1, H5T_CSET_UTF8);
}

// VTK compares all bytes, so none may end the text.
void H5File::set_ascii_attribute(const std::string& object, const std::string& name,
                                 const std::string& value) {
    set_text(object, name, value, value.size(), H5T_CSET_ASCII);
}

void H5File::set_text(const std::string& object, const std::string& name, const std::string& value,
                      size_t bytes, H5T_cset_t characters) {
    if (nowhere_) return;
    const H5Handle type{H5Tcopy(H5T_C_S1), H5Tclose};
    h5_check(H5Tset_size(type.id(), bytes), path_, "sizing attribute " + name);
    if (bytes == value.size()) H5Tset_strpad(type.id(), H5T_STR_NULLPAD);
    H5Tset_cset(type.id(), characters);
    write_values(file_.id(), path_, object, name, type.id(), {H5Screate(H5S_SCALAR), H5Sclose},
                 value.c_str());
}

namespace {

void write_scalar(hid_t file, const std::string& path, const std::string& object, const std::string& name,
                  hid_t type, const void* value) {
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

void H5File::set_attribute(const std::string& object, const std::string& name, hid_t type, const void* values,
                           size_t count) {
    if (nowhere_) return;
    const hsize_t size = count;
    write_values(file_.id(), path_, object, name, type, {H5Screate_simple(1, &size, nullptr), H5Sclose},
                 values);
}

namespace {

constexpr hsize_t kLongestText = 1ULL << 30;  // bytes of an attribute; a header that claims more is a lie

struct Attribute {
    H5Handle handle, type, space;
};

// Nothing when the object has none of this name.
std::optional<Attribute> open_attribute(const H5Handle& on, const std::string& name, const H5Subject& of) {
    if (!on || h5_answer(H5Aexists(on.id(), name.c_str()), of) == 0) return std::nullopt;
    Attribute a{h5_handle(H5Aopen(on.id(), name.c_str(), H5P_DEFAULT), H5Aclose, of), {}, {}};
    a.type = h5_handle(H5Aget_type(a.handle.id()), H5Tclose, of);
    a.space = h5_handle(H5Aget_space(a.handle.id()), H5Sclose, of);
    return a;
}

// respine writes none of these; other programs do.
std::string variable_text(const Attribute& a, const H5Subject& of) {
    char* text = nullptr;
    h5_answer(H5Aread(a.handle.id(), a.type.id(), &text), of);
    std::string value = text ? text : "";
    H5Dvlen_reclaim(a.type.id(), a.space.id(), H5P_DEFAULT, &text);
    return value;
}

herr_t add_name(hid_t, const char* name, const H5A_info_t*, void* names) {
    return static_cast<H5Names*>(names)->take(name);
}

}  // namespace

std::string H5File::text_attribute(const std::string& object, const std::string& name) const {
    const std::string place = object + "@" + name;
    const H5Subject of{path_, "attribute", place};
    const H5Handle on = open_object(object);
    const std::optional<Attribute> a = open_attribute(on, name, of);
    if (!a || h5_answer(H5Sget_simple_extent_npoints(a->space.id()), of) != 1 ||
        h5_answer(H5Tget_class(a->type.id()), of) != H5T_STRING)
        return "";
    if (h5_answer(H5Tis_variable_str(a->type.id()), of) > 0) return without_controls(variable_text(*a, of));
    const size_t size = H5Tget_size(a->type.id());
    if (size == 0 || size > kLongestText) h5_read_error(of);
    std::string text(size, '\0');
    h5_answer(H5Aread(a->handle.id(), a->type.id(), text.data()), of);
    text.resize(std::min(text.size(), text.find('\0')));
    return without_controls(std::move(text));
}

double H5File::number_attribute(const std::string& object, const std::string& name, double absent) const {
    const std::string place = object + "@" + name;
    const H5Subject of{path_, "attribute", place};
    const H5Handle on = open_object(object);
    const std::optional<Attribute> a = open_attribute(on, name, of);
    if (!a || h5_answer(H5Sget_simple_extent_npoints(a->space.id()), of) != 1 ||
        !is_plain_number(a->type.id(), of))
        return absent;
    double value = absent;
    h5_answer(H5Aread(a->handle.id(), H5T_NATIVE_DOUBLE, &value), of);
    return value;
}

std::map<std::string, std::string> H5File::attributes(const std::string& object) const {
    const H5Subject whole{path_, "the attributes of", object};
    const H5Handle on = open_object(object);
    if (!on) h5_read_error(whole);
    H5Names names;
    const herr_t listed = H5Aiterate2(on.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add_name, &names);
    std::map<std::string, std::string> values;
    for (const std::string& name : std::move(names).of(listed, whole)) {
        const std::string place = object + "@" + name;
        const H5Subject of{path_, "attribute", place};
        const std::optional<Attribute> a = open_attribute(on, name, of);
        if (!a) h5_read_error(of);
        const hid_t type = a->type.id();
        const bool elsewhere =
            h5_answer(H5Tdetect_class(type, H5T_REFERENCE), of) > 0 ||
            h5_answer(H5Tdetect_class(type, H5T_VLEN), of) > 0 ||
            h5_answer(H5Tis_variable_str(type), of) > 0;  // the attribute itself holds a place only
        if (elsewhere) continue;
        const hsize_t count =
                          static_cast<hsize_t>(h5_answer(H5Sget_simple_extent_npoints(a->space.id()), of)),
                      item = H5Tget_size(type);
        if (item == 0 || count > kLongestText / item) h5_read_error(of);
        std::string& bytes = values[name];
        bytes.resize(count * item);
        if (count > 0) h5_answer(H5Aread(a->handle.id(), type, bytes.data()), of);
    }
    return values;
}

}  // namespace respine
