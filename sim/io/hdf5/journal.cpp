#include "sim/io/hdf5/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "sim/model/error.hpp"
#include "sim/system/crc32.hpp"
#include "sim/system/files.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

namespace {

constexpr char kMark[8] = {'r', 's', 'p', 'n', 'j', 'r', 'n', '2'};
constexpr u64 kWaits = 0, kApplied = ~u64{0};  // far from one another: no flipped bit makes one of the other

struct JournalHead {
    char mark[8];
    u64 applied;                // changed in place, and not part of the checksum
    u64 pieces, blocks, bytes;  // the last of all that follows
    u64 file_size;              // once it is written
    u64 crc;                    // of the whole, with 0 here and above
};
struct PieceHead {
    u64 at, bytes;
};

void put(Bytes& into, const void* from, size_t bytes) {
    const char* first = static_cast<const char*>(from);
    into.insert(into.end(), first, first + bytes);
}

u64 crc_of(JournalHead head, const Bytes& text) {
    head.applied = head.crc = 0;
    const u32 of_head = crc32_of(reinterpret_cast<const char*>(&head), sizeof head);
    return crc32_of(text.data() + sizeof head, text.size() - sizeof head, of_head);
}

// What a file holds; nothing, with errno, when it cannot be read.
std::optional<Bytes> all_of(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    struct stat about;
    Bytes text;
    bool good = ::fstat(fd, &about) == 0;
    if (good) {
        text.resize(static_cast<size_t>(about.st_size));
        good = read_fully(fd, text.data(), text.size(), 0);
    }
    const int code = errno;
    ::close(fd);
    errno = code;
    return good ? std::optional(std::move(text)) : std::nullopt;
}

bool sync_folder(const std::string& path) {
    try {
        sync_folder_of(path);
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

bool write_fully(int fd, const char* from, size_t bytes, u64 at) {
    while (bytes > 0) {
        const ssize_t done = ::pwrite(fd, from, bytes, static_cast<off_t>(at));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        from += done, at += static_cast<u64>(done), bytes -= static_cast<size_t>(done);
    }
    return true;
}

bool read_fully(int fd, char* to, size_t bytes, u64 at) {
    while (bytes > 0) {
        const ssize_t done = ::pread(fd, to, bytes, static_cast<off_t>(at));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return false;
        if (done == 0) {
            std::memset(to, 0, bytes);
            return true;
        }
        to += done, at += static_cast<u64>(done), bytes -= static_cast<size_t>(done);
    }
    return true;
}

Bytes journal_text(const FlushJournal& journal) {
    Bytes text(sizeof(JournalHead));
    for (const auto& [at, bytes] : journal.pieces) {
        const PieceHead head{at, bytes.size()};
        put(text, &head, sizeof head);
        put(text, bytes.data(), bytes.size());
    }
    put(text, journal.checksums.data(), journal.checksums.size() * sizeof(u32));
    JournalHead head{{},
                     journal.applied ? kApplied : kWaits,
                     journal.pieces.size(),
                     journal.checksums.size(),
                     text.size() - sizeof(JournalHead),
                     journal.file_size,
                     0};
    std::memcpy(head.mark, kMark, sizeof kMark);
    head.crc = crc_of(head, text);
    std::memcpy(text.data(), &head, sizeof head);
    return text;
}

std::optional<FlushJournal> read_journal(const Bytes& text) {
    JournalHead head;
    if (text.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, text.data(), sizeof head);
    if (std::memcmp(head.mark, kMark, sizeof kMark) != 0 || head.bytes != text.size() - sizeof head ||
        (head.applied != kWaits && head.applied != kApplied) || crc_of(head, text) != head.crc ||
        head.blocks != blocks_of(head.file_size))
        return std::nullopt;
    FlushJournal journal{{}, head.file_size, {}, head.applied == kApplied};
    size_t place = sizeof head;
    for (u64 k = 0; k < head.pieces; ++k) {
        PieceHead piece;
        if (text.size() - place < sizeof piece) return std::nullopt;
        std::memcpy(&piece, text.data() + place, sizeof piece);
        place += sizeof piece;
        if (text.size() - place < piece.bytes) return std::nullopt;
        journal.pieces[piece.at].assign(text.data() + place, text.data() + place + piece.bytes);
        place += piece.bytes;
    }
    if ((text.size() - place) / sizeof(u32) != head.blocks) return std::nullopt;
    journal.checksums.resize(head.blocks);
    std::memcpy(journal.checksums.data(), text.data() + place, head.blocks * sizeof(u32));
    return journal;
}

std::string journal_of(const std::string& path) { return path + ".journal"; }

bool keep_journal(const std::string& path, const FlushJournal& journal) {
    const std::string name = journal_of(path), fresh = name + ".new";
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    const Bytes text = journal_text(journal);
    const bool written = write_fully(fd, text.data(), text.size(), 0) && ::fdatasync(fd) == 0;
    const int code = errno;
    ::close(fd);
    if (written && ::rename(fresh.c_str(), name.c_str()) == 0) return sync_folder(name);
    if (!written) errno = code;
    return false;
}

bool apply(int fd, const std::string& path, const FlushJournal& journal) {
    for (const auto& [at, bytes] : journal.pieces)
        if (!write_fully(fd, bytes.data(), bytes.size(), at)) return false;
    if (::ftruncate(fd, static_cast<off_t>(journal.file_size)) != 0 || ::fdatasync(fd) != 0) return false;
    const int told = ::open(journal_of(path).c_str(), O_WRONLY | O_CLOEXEC);
    if (told < 0) return false;
    // Not synced: what is applied may be applied again.
    const bool good = write_fully(told, reinterpret_cast<const char*>(&kApplied), sizeof kApplied,
                                  offsetof(JournalHead, applied));
    return ::close(told) == 0 && good;
}

namespace {

// Throws Error(kInput) unless each block is what was written.
void check_blocks(int fd, const std::string& path, const FlushJournal& journal) {
    Bytes block(kBlockBytes);
    for (u64 k = 0; k < journal.checksums.size(); ++k) {
        const u64 at = k * kBlockBytes, bytes = std::min(kBlockBytes, journal.file_size - at);
        if (!read_fully(fd, block.data(), bytes, at))
            fail(Exit::kInput, "{}: error: cannot be read{}", path, read_problem(errno));
        if (crc32_of(block.data(), bytes) != journal.checksums[k])
            fail(Exit::kInput,
                 "{}: error: damaged: its bytes {} to {} are not those that were written; the run cannot go "
                 "on "
                 "in it, so run it anew, with --force to replace what is here",
                 path, at, at + bytes - 1);
    }
}

}  // namespace

void finish_journal(const std::string& path) {
    const std::string name = journal_of(path);
    const auto text = all_of(name);
    if (!text && errno == ENOENT)
        fail(Exit::kInput,
             "{}: error: no such file: it has the checksums of {}, which cannot be trusted without it; bring "
             "both back",
             name, path);
    if (!text) fail(Exit::kInput, "{}: error: {}", name, read_problem(errno));
    const auto journal = read_journal(*text);
    if (!journal)
        fail(Exit::kInput,
             "{}: error: damaged, or of another version of the program; {} cannot be trusted without it, so "
             "run "
             "it anew, with --force to replace what is here",
             name, path);
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) fail(Exit::kInput, "{}: error: {}", path, read_problem(errno));
    try {
        // A kill leaves what was written beyond the last flush.
        const off_t size = static_cast<off_t>(journal->file_size);
        const bool finished = journal->applied
                                  ? ::lseek(fd, 0, SEEK_END) <= size || ::ftruncate(fd, size) == 0
                                  : apply(fd, path, *journal);
        if (!finished)
            fail(Exit::kIo, "{}: error: what was being written cannot be finished{}", path,
                 write_problem(errno));
        check_blocks(fd, path, *journal);
    } catch (...) {
        ::close(fd);
        throw;
    }
    ::close(fd);
}

std::vector<u32> kept_checksums(const std::string& path, u64 file_size) {
    const auto text = all_of(journal_of(path));
    const auto journal = text ? read_journal(*text) : std::nullopt;
    return journal && journal->file_size == file_size ? journal->checksums : std::vector<u32>{};
}

void remove_journal(const std::string& path) {
    for (const std::string& name : {journal_of(path), journal_of(path) + ".new"}) ::unlink(name.c_str());
}

}  // namespace respine
