#include "sim/io/hdf5/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/crc.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

constexpr char kMark[8] = {'r', 's', 'p', 'n', 'j', 'r', 'n', '1'};

struct JournalHead {
    char mark[8];
    u64 pieces, bytes;  // of all that follows
    u64 file_size;      // once it is written
    u64 crc;            // of the whole, with 0 here
};
struct PieceHead {
    u64 at, bytes;
};

void put(Bytes& into, const void* from, size_t bytes) {
    const char* first = static_cast<const char*>(from);
    into.insert(into.end(), first, first + bytes);
}

u64 crc_of(const Bytes& text) {
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), text.size());
    return crc.checksum();
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

Bytes journal_text(const Pieces& pieces, u64 file_size) {
    Bytes text(sizeof(JournalHead));
    for (const auto& [at, bytes] : pieces) {
        const PieceHead head{at, bytes.size()};
        put(text, &head, sizeof head);
        put(text, bytes.data(), bytes.size());
    }
    JournalHead head{{}, pieces.size(), text.size() - sizeof(JournalHead), file_size, 0};
    std::memcpy(head.mark, kMark, sizeof kMark);
    std::memcpy(text.data(), &head, sizeof head);
    head.crc = crc_of(text);
    std::memcpy(text.data(), &head, sizeof head);
    return text;
}

std::optional<std::pair<Pieces, u64>> read_journal(const Bytes& text) {
    JournalHead head;
    if (text.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, text.data(), sizeof head);
    if (std::memcmp(head.mark, kMark, sizeof kMark) != 0 || head.bytes != text.size() - sizeof head)
        return std::nullopt;
    Bytes unsealed = text;
    std::memset(unsealed.data() + offsetof(JournalHead, crc), 0, sizeof head.crc);
    if (crc_of(unsealed) != head.crc) return std::nullopt;
    Pieces pieces;
    size_t place = sizeof head;
    for (u64 k = 0; k < head.pieces; ++k) {
        PieceHead piece;
        if (text.size() - place < sizeof piece) return std::nullopt;
        std::memcpy(&piece, text.data() + place, sizeof piece);
        place += sizeof piece;
        if (text.size() - place < piece.bytes) return std::nullopt;
        pieces[piece.at].assign(text.data() + place, text.data() + place + piece.bytes);
        place += piece.bytes;
    }
    return std::pair(std::move(pieces), head.file_size);
}

bool apply(int fd, const Pieces& pieces, u64 file_size) {
    for (const auto& [at, bytes] : pieces)
        if (!write_fully(fd, bytes.data(), bytes.size(), at)) return false;
    return ::ftruncate(fd, static_cast<off_t>(file_size)) == 0 && ::fdatasync(fd) == 0;
}

std::string journal_of(const std::string& path) { return path + ".journal"; }

void finish_journal(const std::string& path) {
    const std::string journal = journal_of(path);
    const int from = ::open(journal.c_str(), O_RDONLY | O_CLOEXEC);
    if (from < 0 && errno == ENOENT) return;
    const auto need = [&](bool good, const std::string& file) {
        if (!good)
            fail(Exit::kIo, "{}: error: what was being written cannot be finished{}", file,
                 write_problem(errno));
    };
    struct stat about;
    need(from >= 0 && ::fstat(from, &about) == 0, journal);
    Bytes text(static_cast<size_t>(about.st_size));
    const bool read = read_fully(from, text.data(), text.size(), 0);
    ::close(from);
    need(read, journal);
    if (const auto found = read_journal(text)) {
        const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        const bool done = fd >= 0 && apply(fd, found->first, found->second);
        if (fd >= 0) ::close(fd);
        need(done, path);
    }
    need(::unlink(journal.c_str()) == 0, journal);
}

}  // namespace respine
