// Folders and small text files of the commands.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <utility>

namespace respine {

inline constexpr double kMegabyte = 1e6;  // as sizes are told

// Throws Error(kIo) when the folder neither exists nor can be made.
void make_folder(const std::string& path);

// Throws Error(kIo) when the folder of this file does not exist: said before the long work, not after it.
void need_folder_of(const std::string& file);

// Throws Error(kInput) for a folder, a pipe or a device, which to open may take for ever. What cannot be
// looked at passes. Every reader of users' files asks this first, most of them by InputFile.
void need_regular(const std::string& path);

// What went wrong and what to do about it, for an errno of opening or reading.
std::string read_problem(int code);

// ": what went wrong; what to do about it" for an errno of a write, "" for 0.
std::string write_problem(int code);

// Replaces the file. Throws Error(kIo) unless all of it is written.
void write_text(const std::string& path, const std::string& text);

// A regular file that is read from its begin to its end. Throws Error(kInput) with the reason of the system
// when that fails: a read that fails must not pass for the end of the file.
class InputFile {
public:
    explicit InputFile(const std::string& path);
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;
    std::size_t read(char* to, std::size_t most);  // 0 at the end only

private:
    std::string path_;
    int fd_;
};

// The next line without its end, be it that of Windows; false behind the last.
bool next_line(std::istream& in, std::string& line);

// All bytes of a file. Throws Error(kInput) when it cannot be read.
std::string read_bytes(const std::string& path);

// All bytes through an open descriptor, or false with errno. A pipe or a signal may take or bring them in
// parts.
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
