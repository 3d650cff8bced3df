#include "sim/io/hdf5_file.hpp"

#include <H5DSpublic.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <numeric>

#include "sim/error.hpp"

namespace respine {

namespace {

constexpr hsize_t kLargestChunk = 65536;      // values
constexpr size_t kLargestRead = 1ULL << 35;   // bytes; a header that claims more is a lie or a mistake

H5Handle property_list(hid_t kind) { return {H5Pcreate(kind), H5Pclose}; }

struct QuietHdf5 {  // errors become exceptions, so HDF5's own printing is off
    QuietHdf5() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }
};
const QuietHdf5 kQuiet;

[[noreturn]] void io_error(const std::string& file, const std::string& what) {
    const int code = errno;
    std::string hint;
    if (code == ENOSPC) hint = ": the disk is full; free space or write elsewhere with -o";
    else if (code == EFBIG) hint = ": the file-size limit is reached (ulimit -f)";
    else if (code == EDQUOT) hint = ": the disk quota is used up";
    else if (code == ENOLCK || code == 524 || code == EAGAIN) hint = ": the file system refuses locks; set HDF5_USE_FILE_LOCKING=FALSE";
    else if (code != 0) hint = std::string(": ") + std::strerror(code);
    fail(Exit::kIo, "{}: error: {} failed{}", file, what, hint);
}

void check(herr_t status, const std::string& file, const std::string& what) {
    if (status < 0) io_error(file, what);
}

}  // namespace

H5Handle& H5Handle::operator=(H5Handle&& other) noexcept {
    if (this != &other) {
        reset();
        id_ = other.id_;
        close_ = other.close_;
        other.id_ = -1;
    }
    return *this;
}

void H5Handle::reset() {
    if (id_ >= 0 && close_) close_(id_);
    id_ = -1;
}

H5File H5File::create(const std::string& path) {
    const H5Handle access = property_list(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
    const H5Handle creation = property_list(H5P_FILE_CREATE);
    H5Pset_link_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5File f;
    f.path_ = path;
    f.writing_ = true;
    errno = 0;
    f.file_ = {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose};
    if (!f.file_) io_error(path, "creating the file");
    return f;
}

H5File H5File::open(const std::string& path) {
    H5File f;
    f.path_ = path;
    errno = 0;
    f.file_ = {H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose};
    if (!f.file_) {
        const int code = errno;
        fail(Exit::kInput, "{}: error: {}", path,
             code == ENOENT   ? "no such file"
             : code == EACCES ? "permission denied"
                              : "not a readable HDF5 file (damaged, cut short, or of another kind)");
    }
    return f;
}

void H5File::make_group(const std::string& path) {
    if (exists(path)) return;
    const H5Handle creation = property_list(H5P_GROUP_CREATE);
    H5Pset_link_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    const H5Handle links = property_list(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links.id(), 1);
    errno = 0;
    const H5Handle group{H5Gcreate2(file_.id(), path.c_str(), links.id(), creation.id(), H5P_DEFAULT), H5Gclose};
    if (!group) io_error(path_, "creating group " + path);
}

void H5File::create_dataset(const std::string& path, hid_t type, const DatasetShape& shape, const About& about) {
    std::vector<hsize_t> most = shape.extent, chunk = shape.chunk;
    if (shape.grows) most[0] = H5S_UNLIMITED;
    if (chunk.empty()) {
        chunk = shape.extent;
        if (shape.grows) chunk[0] = shape.extent.size() == 1 ? 256 : 1;
        for (size_t d = chunk.size(); d-- > 0;) {
            hsize_t rest = 1;
            for (size_t e = d + 1; e < chunk.size(); ++e) rest *= std::max<hsize_t>(1, chunk[e]);
            chunk[d] = std::clamp<hsize_t>(chunk[d], 1, std::max<hsize_t>(1, kLargestChunk / rest));
        }
    }
    const hsize_t total = std::accumulate(shape.extent.begin(), shape.extent.end(), hsize_t{1}, std::multiplies<>());
    errno = 0;
    const H5Handle space{H5Screate_simple(static_cast<int>(shape.extent.size()), shape.extent.data(), most.data()), H5Sclose};
    const H5Handle creation = property_list(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(creation.id(), 0);
    if (shape.grows || total > 0) {
        H5Pset_chunk(creation.id(), static_cast<int>(chunk.size()), chunk.data());
        H5Pset_shuffle(creation.id());
        H5Pset_deflate(creation.id(), 4);
        H5Pset_fletcher32(creation.id());
    }
    const H5Handle links = property_list(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links.id(), 1);
    H5Handle made{H5Dcreate2(file_.id(), path.c_str(), type, space.id(), links.id(), creation.id(), H5P_DEFAULT), H5Dclose};
    if (!made) io_error(path_, "creating dataset " + path);
    open_[path] = std::move(made);
    set_attribute(path, "units", about.units);
    set_attribute(path, "long_name", about.long_name);
    for (size_t d = 0; d < shape.dims.size(); ++d) {
        if (shape.dims[d].empty()) continue;
        check(H5DSattach_scale(open_[path].id(), dataset(shape.dims[d]).id(), static_cast<unsigned>(d)), path_, "attaching scale " + shape.dims[d]);
    }
}

void H5File::create_scale(const std::string& path, hid_t type, const DatasetShape& shape, const About& about) {
    create_dataset(path, type, shape, about);
    const std::string name = path.substr(path.rfind('/') + 1);
    check(H5DSset_scale(open_[path].id(), name.c_str()), path_, "making scale " + path);
}

H5Handle& H5File::dataset(const std::string& path) {
    H5Handle& h = open_[path];
    if (!h) h = open_dataset(path);
    return h;
}

H5Handle H5File::open_dataset(const std::string& path) const {
    H5Handle h;
    if (exists(path)) h = {H5Dopen2(file_.id(), path.c_str(), H5P_DEFAULT), H5Dclose};
    if (!h) fail(Exit::kInput, "{}: error: it has no dataset {}", path_, path);
    return h;
}

void H5File::append(const std::string& path, hid_t type, const void* rows, size_t values) {
    const H5Handle& d = dataset(path);
    errno = 0;
    H5Handle space{H5Dget_space(d.id()), H5Sclose};
    std::vector<hsize_t> extent(static_cast<size_t>(H5Sget_simple_extent_ndims(space.id())));
    H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr);
    hsize_t row = 1;
    for (size_t k = 1; k < extent.size(); ++k) row *= extent[k];
    std::vector<hsize_t> start(extent.size(), 0), count = extent;
    start[0] = extent[0];
    count[0] = values / std::max<hsize_t>(1, row);
    extent[0] += count[0];
    check(H5Dset_extent(d.id(), extent.data()), path_, "growing " + path);
    space = {H5Dget_space(d.id()), H5Sclose};
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), path_, "selecting in " + path);
    const H5Handle memory{H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose};
    check(H5Dwrite(d.id(), type, memory.id(), space.id(), H5P_DEFAULT, rows), path_, "writing " + path);
}

void H5File::write(const std::string& path, hid_t type, const void* values) {
    errno = 0;
    if (extent(path) != std::vector<hsize_t>{0}) check(H5Dwrite(dataset(path).id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), path_, "writing " + path);
}

void H5File::write_strings(const std::string& path, const std::vector<std::string>& values, const std::string& dim, const About& about) {
    const H5Handle type{H5Tcopy(H5T_C_S1), H5Tclose};
    H5Tset_size(type.id(), H5T_VARIABLE);
    H5Tset_cset(type.id(), H5T_CSET_UTF8);
    std::vector<const char*> pointers;
    for (const std::string& v : values) pointers.push_back(v.c_str());
    const hsize_t n = values.size();
    const H5Handle space{H5Screate_simple(1, &n, nullptr), H5Sclose};
    const H5Handle links = property_list(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links.id(), 1);
    const H5Handle creation = property_list(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(creation.id(), 0);
    errno = 0;
    H5Handle made{H5Dcreate2(file_.id(), path.c_str(), type.id(), space.id(), links.id(), creation.id(), H5P_DEFAULT), H5Dclose};
    if (!made) io_error(path_, "creating dataset " + path);
    if (n > 0) check(H5Dwrite(made.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), path_, "writing " + path);
    open_[path] = std::move(made);
    set_attribute(path, "units", about.units);
    set_attribute(path, "long_name", about.long_name);
    if (dim.empty())
        check(H5DSset_scale(open_[path].id(), path.substr(path.rfind('/') + 1).c_str()), path_, "making scale " + path);
    else
        check(H5DSattach_scale(open_[path].id(), dataset(dim).id(), 0), path_, "attaching scale " + dim);
}

void H5File::set_attribute(const std::string& object, const std::string& name, const std::string& value) {
    const H5Handle type{H5Tcopy(H5T_C_S1), H5Tclose};
    H5Tset_size(type.id(), value.size() + 1);
    H5Tset_cset(type.id(), H5T_CSET_UTF8);
    const H5Handle space{H5Screate(H5S_SCALAR), H5Sclose}, on{H5Oopen(file_.id(), object.c_str(), H5P_DEFAULT), H5Oclose};
    errno = 0;
    if (H5Aexists(on.id(), name.c_str()) > 0) H5Adelete(on.id(), name.c_str());
    const H5Handle a{H5Acreate2(on.id(), name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    if (!a) io_error(path_, "creating attribute " + object + "@" + name);
    check(H5Awrite(a.id(), type.id(), value.c_str()), path_, "writing attribute " + name);
}

namespace {

void write_scalar(hid_t file, const std::string& path, const std::string& object, const std::string& name, hid_t type, const void* value) {
    const H5Handle space{H5Screate(H5S_SCALAR), H5Sclose}, on{H5Oopen(file, object.c_str(), H5P_DEFAULT), H5Oclose};
    errno = 0;
    if (H5Aexists(on.id(), name.c_str()) > 0) H5Adelete(on.id(), name.c_str());
    const H5Handle a{H5Acreate2(on.id(), name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    if (!a) io_error(path, "creating attribute " + object + "@" + name);
    check(H5Awrite(a.id(), type, value), path, "writing attribute " + name);
}

}  // namespace

void H5File::set_attribute(const std::string& object, const std::string& name, double value) {
    write_scalar(file_.id(), path_, object, name, H5T_NATIVE_DOUBLE, &value);
}

void H5File::set_attribute(const std::string& object, const std::string& name, i64 value) {
    write_scalar(file_.id(), path_, object, name, H5T_NATIVE_INT64, &value);
}

std::string H5File::text_attribute(const std::string& object, const std::string& name) const {
    const H5Handle on{H5Oopen(file_.id(), object.c_str(), H5P_DEFAULT), H5Oclose};
    if (!on || H5Aexists(on.id(), name.c_str()) <= 0) return "";
    const H5Handle a{H5Aopen(on.id(), name.c_str(), H5P_DEFAULT), H5Aclose};
    const H5Handle type{H5Aget_type(a.id()), H5Tclose};
    if (!a || H5Tget_class(type.id()) != H5T_STRING || H5Tis_variable_str(type.id()) > 0) return "";
    const size_t size = H5Tget_size(type.id());
    if (size == 0 || size > (1 << 24)) return "";
    std::string text(size, '\0');
    if (H5Aread(a.id(), type.id(), text.data()) < 0) return "";
    text.resize(std::strlen(text.c_str()));
    return text;
}

double H5File::number_attribute(const std::string& object, const std::string& name, double absent) const {
    const H5Handle on{H5Oopen(file_.id(), object.c_str(), H5P_DEFAULT), H5Oclose};
    if (!on || H5Aexists(on.id(), name.c_str()) <= 0) return absent;
    const H5Handle a{H5Aopen(on.id(), name.c_str(), H5P_DEFAULT), H5Aclose};
    double value = absent;
    const H5Handle space{H5Aget_space(a.id()), H5Sclose};
    if (H5Sget_simple_extent_npoints(space.id()) != 1 || H5Aread(a.id(), H5T_NATIVE_DOUBLE, &value) < 0) return absent;
    return value;
}

bool H5File::exists(const std::string& path) const {
    for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {  // every parent first, or HDF5 reports an error
        const std::string part = path.substr(0, slash);
        if (part != "/" && H5Lexists(file_.id(), part.c_str(), H5P_DEFAULT) <= 0) return false;
        if (slash == std::string::npos) return true;
    }
}

std::vector<std::string> H5File::children(const std::string& group) const {
    std::vector<std::string> names;
    if (!exists(group)) return names;
    H5Literate_by_name(
        file_.id(), group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr,
        [](hid_t, const char* name, const H5L_info_t*, void* out) {
            static_cast<std::vector<std::string>*>(out)->emplace_back(name);
            return herr_t{0};
        },
        &names, H5P_DEFAULT);
    return names;
}

std::vector<hsize_t> H5File::extent(const std::string& path) const {
    const H5Handle d = open_dataset(path);
    const H5Handle space{H5Dget_space(d.id()), H5Sclose};
    const int rank = H5Sget_simple_extent_ndims(space.id());
    if (rank < 0 || rank > 8) fail(Exit::kInput, "{}: error: dataset {} has an unexpected shape", path_, path);
    std::vector<hsize_t> extent(static_cast<size_t>(rank));
    H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr);
    return extent;
}

size_t H5File::checked_size(const std::string& path, size_t item) const {
    hsize_t total = 1;
    for (hsize_t e : extent(path)) {
        if (e != 0 && total > kLargestRead / item / e) fail(Exit::kInput, "{}: error: dataset {} claims an impossible size", path_, path);
        total *= e;
    }
    return total;
}

size_t H5File::row_size(const std::string& path, hsize_t index) const {
    const auto e = extent(path);
    if (e.empty() || index >= e[0]) fail(Exit::kInput, "{}: error: dataset {} has no row {}", path_, path, index);
    return checked_size(path, 8) / e[0];
}

void H5File::read_into(const std::string& path, hid_t type, void* values) const {
    const H5Handle d = open_dataset(path);
    if (checked_size(path, 8) == 0) return;
    if (H5Dread(d.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) fail(Exit::kInput, "{}: error: dataset {} cannot be read (damaged?)", path_, path);
}

void H5File::read_row_into(const std::string& path, hid_t type, hsize_t index, void* values) const {
    const H5Handle d = open_dataset(path);
    const auto e = extent(path);
    std::vector<hsize_t> start(e.size(), 0), count = e;
    start[0] = index;
    count[0] = 1;
    const H5Handle space{H5Dget_space(d.id()), H5Sclose}, memory{H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose};
    if (H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) < 0 ||
        H5Dread(d.id(), type, memory.id(), space.id(), H5P_DEFAULT, values) < 0)
        fail(Exit::kInput, "{}: error: row {} of dataset {} cannot be read (damaged?)", path_, index, path);
}

std::vector<std::string> H5File::read_strings(const std::string& path) const {
    const H5Handle d = open_dataset(path);
    const H5Handle type{H5Dget_type(d.id()), H5Tclose};
    if (H5Tget_class(type.id()) != H5T_STRING || H5Tis_variable_str(type.id()) <= 0) fail(Exit::kInput, "{}: error: dataset {} does not hold text", path_, path);
    std::vector<char*> raw(checked_size(path, sizeof(char*)), nullptr);
    const H5Handle space{H5Dget_space(d.id()), H5Sclose};
    if (!raw.empty() && H5Dread(d.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()) < 0)
        fail(Exit::kInput, "{}: error: dataset {} cannot be read (damaged?)", path_, path);
    std::vector<std::string> values;
    for (char* s : raw) values.emplace_back(s ? s : "");
    if (!raw.empty()) H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, raw.data());
    return values;
}

void H5File::flush() {
    errno = 0;
    check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), path_, "flushing");
}

void H5File::close() {
    if (!file_) return;
    if (writing_) flush();
    open_.clear();
    file_.reset();
}

}  // namespace respine
