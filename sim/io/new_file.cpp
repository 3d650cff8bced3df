#include "sim/io/new_file.hpp"

#include <filesystem>

#include "sim/error.hpp"
#include "sim/io/output.hpp"

namespace respine {

namespace fs = std::filesystem;

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
