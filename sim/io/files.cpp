#include "sim/io/files.hpp"

#include <filesystem>
#include <fstream>

#include "sim/error.hpp"

namespace respine {

namespace fs = std::filesystem;

void make_folder(const std::string& path) {
    std::error_code failed;
    fs::create_directories(path, failed);
    if (failed) fail(Exit::kIo, "{}: error: the folder cannot be made: {}", path, failed.message());
}

void need_folder_of(const std::string& file) {
    const fs::path target(file), folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (!fs::is_directory(folder)) fail(Exit::kIo, "{}: error: there is no folder {}", file, folder.string());
}

void write_text(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    if (!out.flush()) fail(Exit::kIo, "{}: error: cannot be written", path);
}

}  // namespace respine
