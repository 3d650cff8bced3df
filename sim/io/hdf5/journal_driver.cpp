#include "sim/io/hdf5/journal_driver.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <set>
#include <utility>

#include "sim/io/hdf5/journal.hpp"
#include "sim/system/crc32.hpp"

namespace respine {

namespace {

// One open file; HDF5 knows its first member.
struct JournaledFile {
    H5FD_t base{};
    std::string path;
    int fd = -1;
    u64 end_of_space = 0;  // that HDF5 has given out
    u64 size = 0;          // of the file
    u64 kept = 0;          // bytes that the last flush left: nothing below is written to before the next
    u64 wanted_size = 0;   // after the next flush
    Pieces waiting{};
    std::vector<u32> checksums{};  // of the blocks that the last flush left
    std::set<u64> touched{};       // blocks that have changed since
    bool failed = false;           // a write was lost: what a flush would leave is not what HDF5 means

    ~JournaledFile() {
        if (fd >= 0) ::close(fd);
    }
    void touch(u64 from, u64 until);
    void wait(u64 at, const char* from, size_t bytes);
    bool write(u64 at, const char* from, size_t bytes);
    bool read(u64 at, char* to, size_t bytes) const;
    bool flush();
    bool sum_blocks();
};

JournaledFile& of(H5FD_t* file) { return *reinterpret_cast<JournaledFile*>(file); }
const JournaledFile& of(const H5FD_t* file) { return *reinterpret_cast<const JournaledFile*>(file); }

// One piece of all that it touches.
void JournaledFile::wait(u64 at, const char* from, size_t bytes) {
    u64 first = at, last = at + bytes;
    auto piece = waiting.upper_bound(at);
    if (piece != waiting.begin() && std::prev(piece)->first + std::prev(piece)->second.size() >= at) --piece;
    const auto begun = piece;
    for (; piece != waiting.end() && piece->first <= at + bytes; ++piece) {
        first = std::min(first, piece->first);
        last = std::max(last, piece->first + piece->second.size());
    }
    Bytes whole(last - first);
    for (auto old = begun; old != piece; ++old)
        std::copy(old->second.begin(), old->second.end(),
                  whole.begin() + static_cast<std::ptrdiff_t>(old->first - first));
    std::copy_n(from, bytes, whole.begin() + static_cast<std::ptrdiff_t>(at - first));
    waiting.erase(begun, piece);
    waiting.emplace(first, std::move(whole));
}

void JournaledFile::touch(u64 from, u64 until) {
    for (u64 block = from / kBlockBytes; block < blocks_of(until); ++block) touched.insert(block);
}

bool JournaledFile::write(u64 at, const char* from, size_t bytes) {
    touch(at, at + bytes);
    if (at < kept) {
        const size_t below = std::min<u64>(bytes, kept - at);
        wait(at, from, below);
        at += below, from += below, bytes -= below;
    }
    if (bytes == 0) return true;
    if (!write_fully(fd, from, bytes, at)) return false;
    size = std::max(size, at + bytes);
    wanted_size = std::max(wanted_size, at + bytes);
    return true;
}

bool JournaledFile::read(u64 at, char* to, size_t bytes) const {
    if (!read_fully(fd, to, bytes, at)) return false;
    auto piece = waiting.upper_bound(at);
    if (piece != waiting.begin()) --piece;
    for (; piece != waiting.end() && piece->first < at + bytes; ++piece) {
        const u64 from = std::max(at, piece->first),
                  until = std::min(at + bytes, piece->first + piece->second.size());
        if (from < until)
            std::copy_n(piece->second.data() + (from - piece->first), until - from, to + (from - at));
    }
    return true;
}

bool JournaledFile::sum_blocks() {
    checksums.resize(blocks_of(wanted_size));
    Bytes block(kBlockBytes);
    for (const u64 k : touched) {
        if (k >= checksums.size()) break;
        const u64 at = k * kBlockBytes, bytes = std::min(kBlockBytes, wanted_size - at);
        if (!read(at, block.data(), bytes)) return false;
        checksums[k] = crc32_of(block.data(), bytes);
    }
    touched.clear();
    return true;
}

bool JournaledFile::flush() {
    if (failed) return false;
    if (!touched.empty()) {
        if (!sum_blocks() || ::fdatasync(fd) != 0) return false;
        FlushJournal journal{std::exchange(waiting, {}), wanted_size, checksums};
        if (!keep_journal(path, journal) || !apply(fd, path, journal)) return false;
    }
    kept = size = wanted_size;
    return true;
}

// Says why on HDF5's stack of errors, in the words of its own driver, and keeps errno.
herr_t fails(hid_t where, hid_t kind) {
    const int code = errno;
    H5Epush2(H5E_DEFAULT, "journal_driver.cpp", "journal driver", __LINE__, H5E_ERR_CLS, where, kind,
             "errno = %d", code);
    errno = code;
    return -1;
}

herr_t answer(H5FD_t* file, bool good, hid_t kind) {
    if (good) return 0;
    of(file).failed = true;
    return fails(H5E_IO, kind);
}

// Memory may end in what waits; no exception may cross that C library.
template <class Act>
bool safely(Act act) noexcept {
    try {
        return act();
    } catch (const std::bad_alloc&) {
        errno = ENOMEM;
        return false;
    }
}

H5FD_t* open_file(const char* name, unsigned flags, hid_t, haddr_t) {
    JournaledFile* file = new (std::nothrow) JournaledFile;
    if (!file) return nullptr;
    const bool opened = safely([&] {
        file->path = name;
        int mode = (flags & H5F_ACC_RDWR) ? O_RDWR : O_RDONLY;
        if (flags & H5F_ACC_TRUNC) mode |= O_TRUNC;
        if (flags & H5F_ACC_CREAT) mode |= O_CREAT;
        if (flags & H5F_ACC_EXCL) mode |= O_EXCL;
        file->fd = ::open(name, mode | O_CLOEXEC, 0666);
        struct stat about;
        if (file->fd < 0 || ::fstat(file->fd, &about) != 0) return false;
        file->kept = file->size = file->wanted_size = static_cast<u64>(about.st_size);
        if (flags & H5F_ACC_TRUNC) remove_journal(name);
        file->checksums = kept_checksums(name, file->size);
        if (file->checksums.empty()) file->touch(0, file->size);
        return true;
    });
    if (opened) return &file->base;
    fails(H5E_FILE, H5E_CANTOPENFILE);
    const int code = errno;
    delete file;
    errno = code;
    return nullptr;
}

herr_t close_file(H5FD_t* base) {
    JournaledFile* file = &of(base);
    const bool whole = file->failed || safely([&] { return file->flush(); });
    const herr_t status = whole ? 0 : answer(base, false, H5E_CANTCLOSEFILE);
    delete file;
    return status;
}

int compare(const H5FD_t* a, const H5FD_t* b) {
    struct stat one, other;
    if (::fstat(of(a).fd, &one) != 0 || ::fstat(of(b).fd, &other) != 0) return a < b ? -1 : 1;
    if (one.st_dev != other.st_dev) return one.st_dev < other.st_dev ? -1 : 1;
    return one.st_ino < other.st_ino ? -1 : one.st_ino > other.st_ino ? 1 : 0;
}

// Those of HDF5's own driver, so that files are laid out alike.
herr_t query(const H5FD_t*, unsigned long* flags) {
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_POSIX_COMPAT_HANDLE | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

haddr_t get_eoa(const H5FD_t* file, H5FD_mem_t) { return of(file).end_of_space; }
herr_t set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t at) {
    of(file).end_of_space = at;
    return 0;
}
haddr_t get_eof(const H5FD_t* file, H5FD_mem_t) { return of(file).wanted_size; }
herr_t get_handle(H5FD_t* file, hid_t, void** handle) {
    *handle = &of(file).fd;
    return 0;
}
herr_t read_part(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, size_t bytes, void* to) {
    return of(file).read(at, static_cast<char*>(to), bytes) ? 0 : fails(H5E_IO, H5E_READERROR);
}
herr_t write_part(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, size_t bytes, const void* from) {
    return answer(file, safely([&] { return of(file).write(at, static_cast<const char*>(from), bytes); }),
                  H5E_WRITEERROR);
}
herr_t flush_file(H5FD_t* file, hid_t, hbool_t) {
    return answer(file, safely([&] { return of(file).flush(); }), H5E_CANTFLUSH);
}
// A file grows at once, and shrinks with the next flush.
herr_t truncate_file(H5FD_t* base, hid_t, hbool_t) {
    JournaledFile& file = of(base);
    if (!safely([&] {
            const u64 least = std::min(file.wanted_size, file.end_of_space);
            file.touch(least > 0 ? least - 1 : 0, std::max(file.wanted_size, file.end_of_space));
            return true;
        }))
        return answer(base, false, H5E_WRITEERROR);
    file.wanted_size = file.end_of_space;
    if (file.wanted_size <= file.size) return 0;
    if (::ftruncate(file.fd, static_cast<off_t>(file.wanted_size)) != 0)
        return answer(base, false, H5E_WRITEERROR);
    file.size = file.wanted_size;
    return 0;
}

hid_t driver() {
    static const H5FD_class_t table = [] {
        H5FD_class_t t{};
        t.name = "respine_journal";
        t.maxaddr = (haddr_t{1} << 62) - 1;
        t.fc_degree = H5F_CLOSE_WEAK;
        t.open = open_file, t.close = close_file, t.cmp = compare, t.query = query;
        t.get_eoa = get_eoa, t.set_eoa = set_eoa, t.get_eof = get_eof, t.get_handle = get_handle;
        t.read = read_part, t.write = write_part, t.flush = flush_file, t.truncate = truncate_file;
        const H5FD_mem_t kinds[] = H5FD_FLMAP_DICHOTOMY;
        std::copy(std::begin(kinds), std::end(kinds), t.fl_map);
        return t;
    }();
    static const hid_t registered = H5FDregister(&table);
    return registered;
}

}  // namespace

void use_journal(hid_t access) { H5Pset_driver(access, driver(), nullptr); }

}  // namespace respine
