#include "sim/io/hdf5/hdf5_file.hpp"

#include <cerrno>
#include <cstring>

#include "sim/io/hdf5/damage.hpp"
#include "sim/io/hdf5/hdf5_checks.hpp"
#include "sim/io/hdf5/journal.hpp"
#include "sim/io/hdf5/journal_driver.hpp"
#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

// Errors become exceptions, so HDF5's own printing is off. Handles close themselves; what HDF5 does at the
// end of a program would try the file that could not be written once more, and crash.
const bool kQuietAtExit = H5dont_atexit() >= 0;

}  // namespace

void quieten_hdf5() {
    thread_local const bool quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
    static_cast<void>(quiet), static_cast<void>(kQuietAtExit);
}

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

// Metadata stay in memory until a flush, which a journal can make a single change of the file.
H5Handle writing_access() {
    H5Handle access = h5_property_list(H5P_FILE_ACCESS);
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
    return create(path, user_block, writing_access());
}

H5File H5File::create_journaled(const std::string& path) {
    const H5Handle access = writing_access();
    use_journal(access.id());
    return create(path, 0, access);
}

H5File H5File::create(const std::string& path, hsize_t user_block, const H5Handle& access) {
    quieten_hdf5();
    const H5Handle creation = h5_property_list(H5P_FILE_CREATE);
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
    quieten_hdf5();
    need_regular(path);
    now_reading(path);
    H5File f;
    f.path_ = path;
    errno = 0;
    f.file_ = {H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose};
    if (!f.file_) cannot_open(path, errno);
    return f;
}

H5File H5File::open_to_write(const std::string& path) { return open_to_write(path, writing_access()); }

H5File H5File::open_journaled(const std::string& path) {
    finish_journal(path);
    const H5Handle access = writing_access();
    use_journal(access.id());
    return open_to_write(path, access);
}

H5File H5File::open_to_write(const std::string& path, const H5Handle& access) {
    quieten_hdf5();
    need_regular(path);
    now_reading(path);
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
    const H5Handle creation = h5_property_list(H5P_GROUP_CREATE);
    H5Pset_link_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    // The oldest form of a group holds attributes below 64 KiB only. The next one, which tracks their order,
    // keeps them in its header while all are small, and in a heap when one is not.
    constexpr unsigned kMostInHeader = 65535;
    H5Pset_attr_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED);
    H5Pset_obj_track_times(creation.id(),
                           0);  // it could hold times too, and equal results would differ in their bytes
    H5Pset_attr_phase_change(creation.id(), kMostInHeader, kMostInHeader);
    const H5Handle links = h5_property_list(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links.id(), 1);
    errno = 0;
    const H5Handle group{H5Gcreate2(file_.id(), path.c_str(), links.id(), creation.id(), H5P_DEFAULT),
                         H5Gclose};
    if (!group) h5_io_error(path_, "creating group " + path);
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
