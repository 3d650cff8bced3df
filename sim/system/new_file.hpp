// Files that commands make: never over what is there, and under their name only when they are whole.
#pragma once

#include <string>
#include <vector>

#include "sim/system/files.hpp"

namespace respine {

inline std::string part_of(const std::string& output) { return output + ".part"; }

// Throws Error(kIo) with all paths that exist (unless `force`), are folders, or lie in no folder;
// Error(kUsage) for one that would replace `source`.
void need_free(const std::vector<std::string>& paths, const std::string& source, bool force);

// Wait until the disk has it. Throw Error(kIo).
void sync_file(const std::string& path);
void sync_folder_of(const std::string& path);

// Syncs <output>.part, which is closed, and gives it its name.
void give_name(const std::string& output, bool replace);

// Written to <path>.part; without finish() it goes away again.
class NewFile {
public:
    explicit NewFile(std::string path);
    const std::string& part() const { return part_.path(); }
    void finish();  // syncs it and gives it its name

private:
    std::string path_;
    Scratch part_;
};

void write_new_text(const std::string& path, const std::string& text);

}  // namespace respine
