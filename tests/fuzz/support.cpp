#include "tests/fuzz/support.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace respine::fuzz {

namespace fs = std::filesystem;

Folder::Folder() {
    std::string pattern = (fs::path(fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path()) /
                           "respine-fuzz-XXXXXX")
                              .string();
    if (!mkdtemp(pattern.data())) std::abort();
    path_ = pattern;
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, std::string_view bytes) const {
    std::ofstream out(file(name), std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) std::abort();
    return file(name);
}

std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace respine::fuzz
