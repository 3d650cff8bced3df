#include "sim/system/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "sim/model/error.hpp"

namespace respine {

namespace fs = std::filesystem;

namespace {

// The system may take or give less at a time than it is asked for.
template <class Call, class Byte>
bool transfer_whole(const Call& call, int fd, Byte* at, std::size_t bytes) {
    while (bytes > 0) {
        const ssize_t n = call(fd, at, bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        bytes -= static_cast<std::size_t>(n);
    }
    return true;
}

}  // namespace

void make_folder(const std::string& path) {
    std::error_code failed;
    fs::create_directories(path, failed);
    if (failed) fail(Exit::kIo, "{}: error: the folder cannot be made: {}", path, failed.message());
}

void need_folder_of(const std::string& file) {
    const fs::path target(file), folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (!fs::is_directory(folder)) fail(Exit::kIo, "{}: error: there is no folder {}", file, folder.string());
}

void need_regular(const std::string& path) {
    std::error_code unknown;
    const fs::file_status found = fs::status(path, unknown);
    if (fs::is_directory(found)) fail(Exit::kInput, "{}: error: is a folder; name a file", path);
    if (!unknown && fs::exists(found) && !fs::is_regular_file(found))
        fail(Exit::kInput, "{}: error: is a pipe or a device; name a file", path);
}

std::string write_problem(int code) {
    switch (code) {
        case 0:
            return "";
        case ENOSPC:
            return ": the disk is full; free space or write elsewhere with -o";
        case EFBIG:
            return ": the file-size limit is reached (ulimit -f); raise it, or record less";
        case EDQUOT:
            return ": the disk quota is used up; free space or write elsewhere with -o";
        case EACCES:
        case EPERM:
        case EROFS:
            return fmt::format(": {}; write elsewhere with -o", std::strerror(code));
        case ENOENT:
            return ": the folder is gone";
        case EMFILE:
        case ENFILE:
        case ENAMETOOLONG:
            return ": " + read_problem(code);
        case ENOLCK:
        case ENOTSUP:
        case ENOSYS:
        case EAGAIN:
            return ": the file system refuses locks; set HDF5_USE_FILE_LOCKING=FALSE";
        case 524:
            return write_problem(
                ENOLCK);  // the kernel's own ENOTSUPP, which some network file systems let out
        default:
            return std::string(": ") + std::strerror(code);
    }
}

std::string read_problem(int code) {
    switch (code) {
        case ENOENT:
            return "no such file";
        case EMFILE:
            return "this process may open no more files (ulimit -n); raise it";
        case ENFILE:
            return "this machine may open no more files";
        case ENAMETOOLONG:
            return "its name is longer than a file's may be";
        default:
            return std::strerror(code);
    }
}

void write_text(const std::string& path, const std::string& text) {
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << text;
    if (!out.flush()) fail(Exit::kIo, "{}: error: cannot be written{}", path, write_problem(errno));
}

InputFile::InputFile(const std::string& path) : path_(path), fd_(-1) {
    need_regular(path);
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) fail(Exit::kInput, "{}: error: cannot be read: {}", path, read_problem(errno));
}

InputFile::~InputFile() { ::close(fd_); }

std::size_t InputFile::read(char* to, std::size_t most) {
    ssize_t n = 0;
    do n = ::read(fd_, to, most);
    while (n < 0 && errno == EINTR);
    if (n < 0) fail(Exit::kInput, "{}: error: cannot be read: {}", path_, read_problem(errno));
    return static_cast<std::size_t>(n);
}

bool next_line(std::istream& in, std::string& line) {
    if (!std::getline(in, line)) return false;
    if (line.ends_with('\r')) line.pop_back();
    return true;
}

std::string read_bytes(const std::string& path) {
    InputFile file(path);
    std::string bytes;
    std::vector<char> part(std::size_t{1} << 16);
    for (std::size_t n = file.read(part.data(), part.size()); n > 0; n = file.read(part.data(), part.size()))
        bytes.append(part.data(), n);
    return bytes;
}

bool write_whole(int fd, const void* data, std::size_t bytes) {
    return transfer_whole(::write, fd, static_cast<const char*>(data), bytes);
}

bool read_whole(int fd, void* data, std::size_t bytes) {
    return transfer_whole(::read, fd, static_cast<char*>(data), bytes);
}

FolderLock::FolderLock(const std::string& folder)
    : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ < 0) fail(Exit::kIo, "{}: error: cannot be opened: {}", folder, std::strerror(errno));
    while (::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {  // a file system without locks: go on
    }
}

FolderLock::~FolderLock() { ::close(fd_); }

Scratch::~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace respine
