#include "sim/system/library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace fs = std::filesystem;

namespace {

bool is_file(const fs::path& path) {
    std::error_code failed;
    const bool found = fs::is_regular_file(path, failed);
    if (failed && failed != std::errc::no_such_file_or_directory && failed != std::errc::not_a_directory)
        fail(Exit::kUsage, "{}: error: cannot be read: {}", path.string(), read_problem(failed.value()));
    return found;
}

}  // namespace

std::string own_file() {
    Dl_info here{};
    std::error_code none;
    if (dladdr(reinterpret_cast<const void*>(&shipped), &here) == 0 || !here.dli_fname) return {};
    return fs::canonical(here.dli_fname[0] == '/' ? here.dli_fname : "/proc/self/exe", none).string();
}

std::string shipped(const std::string& name) {
    std::error_code none;
    for (fs::path above = fs::path(own_file()).parent_path(); above.has_relative_path();
         above = above.parent_path())
        if (const fs::path found = fs::canonical(above / "share/respine" / name, none); !none)
            return found.string();
    return (fs::path(RESPINE_SHARE_FOLDER) / name).string();
}

std::string config_folder() {
    const char* set = std::getenv("RESPINE_CONFIGS");
    return set && *set ? set : shipped("configs");
}

std::vector<std::string> names_of(const std::string& kind) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(fs::path(config_folder()) / kind, error))
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string find_config(const std::string& kind, const std::string& name, const std::string& beside) {
    const bool is_path =
        name.ends_with(".yaml") || name.ends_with(".yml") || name.find('/') != std::string::npos;
    if (is_path) {
        const fs::path path = fs::path(name).is_absolute() || beside.empty()
                                  ? fs::path(name)
                                  : fs::path(beside).parent_path() / name;
        if (is_file(path)) return path.lexically_normal().string();
        fail(Exit::kUsage, "{}: error: no such file ({})", beside.empty() ? name : beside,
             path.lexically_normal().string());
    }
    const fs::path path = fs::path(config_folder()) / kind / (name + ".yaml");
    if (is_file(path)) return path.string();
    const std::string singular = kind == "studies"      ? "study"
                                 : kind == "hypotheses" ? "hypothesis"
                                                        : kind.substr(0, kind.size() - 1);
    fail(Exit::kUsage, "{}: error: no {} '{}'{} (see: respine list {})", beside.empty() ? "respine" : beside,
         singular, name, suggestion(name, names_of(kind)), kind);
}

}  // namespace respine
