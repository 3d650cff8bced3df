#include "sim/system/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "sim/model/error.hpp"

namespace respine {

namespace fs = std::filesystem;

namespace {

void sync_path(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const int code = errno;
    if (fd >= 0) ::close(fd);
    if (!synced) fail(Exit::kIo, "{}: error: cannot be synced{}", path, write_problem(code));
}

// Fails when the new name is taken; where the file system cannot promise that, looks first.
int rename_unless_taken(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    if (fs::exists(to)) {
        errno = EEXIST;
        return -1;
    }
    return std::rename(from.c_str(), to.c_str());
}

}  // namespace

void sync_file(const std::string& path) { sync_path(path); }

void sync_folder_of(const std::string& path) {
    const fs::path folder = fs::path(path).parent_path();
    sync_path(folder.empty() ? "." : folder.string());
}

void give_name(const std::string& output, bool replace) {
    const std::string part = part_of(output);
    sync_file(part);
    if ((replace ? std::rename(part.c_str(), output.c_str()) : rename_unless_taken(part, output)) != 0)
        fail(Exit::kIo, "{}: error: cannot be renamed: {}; what is finished keeps the name {}", output,
             std::strerror(errno), part);
    sync_folder_of(output);
}

void need_free(const std::vector<std::string>& paths, const std::string& source, bool force) {
    Problems problems;
    std::error_code absent;
    for (const std::string& path : paths) {
        const fs::path folder = fs::path(path).parent_path();
        if (fs::equivalent(path, source, absent))
            fail(Exit::kUsage, "{}: error: would replace the file that it is made from", path);
        if (fs::is_directory(path, absent))
            problems.add({path, 0, 0}, "is a folder");
        else if (fs::exists(path, absent) && !fs::is_regular_file(path, absent))
            problems.add({path, 0, 0}, "is a pipe or a device; name a file");
        else if (fs::exists(path, absent) && !force)
            problems.add({path, 0, 0}, "exists already; give another name, or --force to replace it");
        else if (!folder.empty() && fs::exists(folder, absent) && !fs::is_directory(folder, absent))
            problems.add({path, 0, 0}, "there is no folder {}", folder.string());
    }
    problems.throw_if_any(Exit::kIo);
}

NewFile::NewFile(std::string path) : path_(std::move(path)), part_(part_of(path_)) { need_folder_of(path_); }

void NewFile::finish() { give_name(path_, true); }

void write_new_text(const std::string& path, const std::string& text) {
    NewFile file(path);
    write_text(file.part(), text);
    file.finish();
}

}  // namespace respine
