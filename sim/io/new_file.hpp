// Files that commands make: never over what is there, and under their name only when they are whole.
#pragma once

#include <string>
#include <vector>

#include "sim/io/files.hpp"

namespace respine {

// Throws Error(kIo) with all paths that exist (unless `force`), are folders, or lie in no folder;
// Error(kUsage) for one that would replace `source`.
void need_free(const std::vector<std::string>& paths, const std::string& source, bool force);

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
