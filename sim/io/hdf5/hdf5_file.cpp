#include "sim/io/hdf5/hdf5_file.hpp"

#include <H5DSpublic.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <numeric>

#include "sim/io/hdf5/damage.hpp"
#include "sim/io/hdf5/hdf5_checks.hpp"
#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

constexpr hsize_t kLargestChunk = 65536;  // values

H5Handle property_list(hid_t kind) { return {H5Pcreate(kind), H5Pclose}; }

// Errors become exceptions, so HDF5's own printing is off. Handles close themselves; what HDF5 does at the
// end of a program would try the file that could not be written once more, and crash.
const bool kQuietAtExit = H5dont_atexit() >= 0;

void be_quiet() {  // in this thread: HDF5 keeps that apart
    thread_local const bool quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
    static_cast<void>(quiet), static_cast<void>(kQuietAtExit);
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

namespace {

// Metadata stay in memory until a flush: the file on disk never shows half a change of them for longer than
// the flush takes.
H5Handle writing_access() {
    H5Handle access = property_list(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access.id(), H5F_LIBVER_EARLIEST,
                         H5F_LIBVER_V110);  // the upper bound lets the file say that space is not reused
    H5AC_cache_config_t cache{};
    cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
    H5Pget_mdc_config(access.id(), &cache);
    cache.evictions_enabled = false;
    cache.incr_mode = H5C_incr__off;
    cache.flash_incr_mode = H5C_flash_incr__off;
    cache.decr_mode = H5C_decr__off;
    H5Pset_mdc_config(access.id(), &cache);
    return access;
}

[[noreturn]] void cannot_open(const std::string& path, int code) {
    const std::string reason = h5_system_reason();
    fail(Exit::kInput, "{}: error: {}", path,
         code == ENOENT   ? "no such file"
         : code == EACCES ? "permission denied"
         : code == EAGAIN ? "another program writes it now"
         : reason.empty() ? "not a readable HDF5 file (damaged, cut short, or of another kind)"
                          : "cannot be read" + reason);
}

}  // namespace

H5File H5File::nowhere() {
    H5File f;
    f.nowhere_ = true;
    return f;
}

H5File H5File::create(const std::string& path, hsize_t user_block) {
    be_quiet();
    const H5Handle access = writing_access();
    const H5Handle creation = property_list(H5P_FILE_CREATE);
    H5Pset_link_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_file_space_strategy(creation.id(), H5F_FSPACE_STRATEGY_NONE, false, 1);
    H5Pset_userblock(creation.id(), user_block);
    H5File f;
    f.path_ = path;
    f.writing_ = true;
    errno = 0;
    f.file_ = {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose};
    if (!f.file_) h5_io_error(path, "creating the file");
    return f;
}

H5File H5File::open(const std::string& path) {
    be_quiet();
    need_regular(path);
    now_reading(path);
    H5File f;
    f.path_ = path;
    errno = 0;
    f.file_ = {H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose};
    if (!f.file_) cannot_open(path, errno);
    return f;
}

H5File H5File::open_to_write(const std::string& path) {
    be_quiet();
    need_regular(path);
    now_reading(path);
    const H5Handle access = writing_access();
    H5File f;
    f.path_ = path;
    f.writing_ = true;
    errno = 0;
    f.file_ = {H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose};
    if (!f.file_) cannot_open(path, errno);
    return f;
}

void H5File::make_group(const std::string& path) {
    if (nowhere_ || exists(path)) return;
    const H5Handle creation = property_list(H5P_GROUP_CREATE);
    H5Pset_link_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    // The oldest form of a group holds attributes below 64 KiB only. The next one, which tracks their order,
    // keeps them in its header while all are small, and in a heap when one is not.
    constexpr unsigned kMostInHeader = 65535;
    H5Pset_attr_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED);
    H5Pset_obj_track_times(creation.id(),
                           0);  // it could hold times too, and equal results would differ in their bytes
    H5Pset_attr_phase_change(creation.id(), kMostInHeader, kMostInHeader);
    const H5Handle links = property_list(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links.id(), 1);
    errno = 0;
    const H5Handle group{H5Gcreate2(file_.id(), path.c_str(), links.id(), creation.id(), H5P_DEFAULT),
                         H5Gclose};
    if (!group) h5_io_error(path_, "creating group " + path);
}

void H5File::create_dataset(const std::string& path, hid_t type, const DatasetShape& shape,
                            const About& about) {
    if (nowhere_) return;
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
    const hsize_t total =
        std::accumulate(shape.extent.begin(), shape.extent.end(), hsize_t{1}, std::multiplies<>());
    errno = 0;
    const H5Handle space{
        H5Screate_simple(static_cast<int>(shape.extent.size()), shape.extent.data(), most.data()), H5Sclose};
    const H5Handle creation = property_list(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(creation.id(), 0);
    if (!shape.plain && (shape.grows || total > 0)) {
        constexpr unsigned kGzip = 1;  // level 4 takes nearly twice as long for 1 % less of a snapshot
        const bool set = H5Pset_chunk(creation.id(), static_cast<int>(chunk.size()), chunk.data()) >= 0 &&
                         H5Pset_shuffle(creation.id()) >= 0 && H5Pset_deflate(creation.id(), kGzip) >= 0 &&
                         H5Pset_fletcher32(creation.id()) >= 0;
        if (!set) h5_io_error(path_, "preparing dataset " + path);
    }
    const H5Handle links = property_list(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links.id(), 1);
    H5Handle made{
        H5Dcreate2(file_.id(), path.c_str(), type, space.id(), links.id(), creation.id(), H5P_DEFAULT),
        H5Dclose};
    if (!made) h5_io_error(path_, "creating dataset " + path);
    open_[path] = std::move(made);
    set_attribute(path, "units", about.units);
    set_attribute(path, "long_name", about.long_name);
    for (size_t d = 0; d < shape.dims.size(); ++d) {
        if (shape.dims[d].empty()) continue;
        h5_check(H5DSattach_scale(open_[path].id(), dataset(shape.dims[d]).id(), static_cast<unsigned>(d)),
                 path_, "attaching scale " + shape.dims[d]);
    }
}

void H5File::create_scale(const std::string& path, hid_t type, const DatasetShape& shape,
                          const About& about) {
    if (nowhere_) return;
    create_dataset(path, type, shape, about);
    const std::string name = path.substr(path.rfind('/') + 1);
    h5_check(H5DSset_scale(open_[path].id(), name.c_str()), path_, "making scale " + path);
}

H5Handle& H5File::dataset(const std::string& path) {
    H5Handle& h = open_[path];
    if (!h) h = open_dataset(path);
    return h;
}

void H5File::append(const std::string& path, hid_t type, const void* rows, size_t values) {
    if (nowhere_) return;
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
    h5_check(H5Dset_extent(d.id(), extent.data()), path_, "growing " + path);
    space = {H5Dget_space(d.id()), H5Sclose};
    h5_check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
             path_, "selecting in " + path);
    const H5Handle memory{H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose};
    h5_check(H5Dwrite(d.id(), type, memory.id(), space.id(), H5P_DEFAULT, rows), path_, "writing " + path);
}

void H5File::write(const std::string& path, hid_t type, const void* values) {
    if (nowhere_) return;
    errno = 0;
    if (extent(path) != std::vector<hsize_t>{0})
        h5_check(H5Dwrite(dataset(path).id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), path_,
                 "writing " + path);
}

void H5File::write_block(const std::string& path, hid_t type, hsize_t first, const void* values,
                         size_t count) {
    if (nowhere_ || count == 0) return;
    const H5Handle& d = dataset(path);
    errno = 0;
    const hsize_t from = first, size = count;
    const H5Handle space{H5Dget_space(d.id()), H5Sclose},
        memory{H5Screate_simple(1, &size, nullptr), H5Sclose};
    h5_check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &from, nullptr, &size, nullptr), path_,
             "selecting in " + path);
    h5_check(H5Dwrite(d.id(), type, memory.id(), space.id(), H5P_DEFAULT, values), path_, "writing " + path);
}

void H5File::keep_rows(const std::string& group, hsize_t rows) {
    for (const std::string& name : children(group)) {
        const std::string path = group + "/" + name;
        const H5Handle object = open_object(path);
        if (H5Iget_type(object.id()) != H5I_DATASET) continue;
        const H5Handle space{H5Dget_space(object.id()), H5Sclose};
        std::vector<hsize_t> size = extent(path), most(size.size());
        H5Sget_simple_extent_dims(space.id(), nullptr, most.data());
        if (most.empty() || most[0] != H5S_UNLIMITED) continue;
        if (size[0] < rows)
            fail(Exit::kInput, "{}: error: dataset {} has {} rows; {} were recorded", path_, path, size[0],
                 rows);
        size[0] = rows;
        errno = 0;
        h5_check(H5Dset_extent(object.id(), size.data()), path_, "cutting " + path);
    }
}

void H5File::remove(const std::string& path) {
    if (!exists(path)) return;
    errno = 0;
    h5_check(H5Ldelete(file_.id(), path.c_str(), H5P_DEFAULT), path_, "removing " + path);
}

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
    const H5Handle links = property_list(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links.id(), 1);
    const H5Handle creation = property_list(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(creation.id(), 0);
    errno = 0;
    H5Handle made{
        H5Dcreate2(file_.id(), path.c_str(), type.id(), space.id(), links.id(), creation.id(), H5P_DEFAULT),
        H5Dclose};
    if (!made) h5_io_error(path_, "creating dataset " + path);
    if (n > 0)
        h5_check(H5Dwrite(made.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), path_,
                 "writing " + path);
    open_[path] = std::move(made);
    set_attribute(path, "units", about.units);
    set_attribute(path, "long_name", about.long_name);
    if (dim.empty())
        h5_check(H5DSset_scale(open_[path].id(), path.substr(path.rfind('/') + 1).c_str()), path_,
                 "making scale " + path);
    else
        h5_check(H5DSattach_scale(open_[path].id(), dataset(dim).id(), 0), path_, "attaching scale " + dim);
}

void H5File::flush() {
    if (nowhere_) return;
    errno = 0;
    h5_check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), path_, "flushing");
}

void H5File::close() {
    if (!file_) return;
    if (writing_) flush();
    open_.clear();
    file_.reset();
}

}  // namespace respine
