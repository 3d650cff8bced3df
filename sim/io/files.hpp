// Folders and small text files of the commands.
#pragma once

#include <string>

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

}  // namespace respine
