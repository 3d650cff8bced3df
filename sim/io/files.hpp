// Folders and small text files of the commands.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace respine {

// Throws Error(kIo) when the folder neither exists nor can be made.
void make_folder(const std::string& path);

// Throws Error(kIo) when the folder of this file does not exist: said before the long work, not after it.
void need_folder_of(const std::string& file);

// Throws Error(kInput) for a folder, a pipe or a device, which to open may take for ever. What cannot be looked at passes.
void need_regular(const std::string& path);

// ": what went wrong; what to do about it" for an errno of a write, "" for 0.
std::string write_problem(int code);

// Replaces the file. Throws Error(kIo) unless all of it is written.
void write_text(const std::string& path, const std::string& text);

// All bytes of a file. Throws Error(kInput) when it cannot be read.
std::string read_bytes(const std::string& path);

// All bytes through an open descriptor, or false with errno. A pipe or a signal may take or bring them in parts.
bool write_whole(int fd, const void* data, std::size_t bytes);
bool read_whole(int fd, void* data, std::size_t bytes);

// A file or folder that goes away again, also when what makes it fails.
class Scratch {
public:
    explicit Scratch(std::string path) : path_(std::move(path)) {}
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

// Waits until no other process holds the folder, and holds it.
class FolderLock {
public:
    explicit FolderLock(const std::string& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int fd_;
};

}  // namespace respine
