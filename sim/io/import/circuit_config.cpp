#include "sim/io/import/circuit_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sim/model/error.hpp"
#include "sim/system/csv_reader.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

using nlohmann::json;

constexpr u64 kLargestConfig = 16ULL << 20;
constexpr size_t kLongestPath = 4096;
constexpr int kDeepestVariable = 16;  // variables that stand for variables

std::string text_at(const json& map, const char* key, const std::string& path) {
    if (!map.is_object() || !map.contains(key) || map[key].is_null()) return "";
    if (!map[key].is_string())
        fail(Exit::kInput, "{}: error: '{}' wants text, got {}", path, key, map[key].dump().substr(0, 80));
    return map[key].get<std::string>();
}

class Variables {
public:
    Variables(const json& root, const std::string& path) : path_(path) {
        value_["configdir"] = folder();
        if (!root.contains("manifest")) return;
        if (!root["manifest"].is_object())
            fail(Exit::kInput, "{}: error: 'manifest' wants a map of variables", path);
        for (const auto& [name, value] : root["manifest"].items())
            value_[name.substr(name.starts_with("$") ? 1 : 0)] =
                text_at(root["manifest"], name.c_str(), path);
    }

    // The path with all variables put in, relative to the folder of the file.
    std::string resolved(std::string text) const {
        for (int depth = 0; text.find('$') != std::string::npos; ++depth) {
            if (depth > kDeepestVariable || text.size() > kLongestPath)
                fail(Exit::kInput, "{}: error: the variables of 'manifest' stand for each other without end",
                     path_);
            text = once(text);
        }
        return (std::filesystem::path(folder()) / text).lexically_normal().string();
    }

private:
    std::string folder() const {
        const std::filesystem::path parent = std::filesystem::path(path_).parent_path();
        return parent.empty() ? "." : parent.string();
    }

    std::string once(const std::string& text) const {
        const size_t dollar = text.find('$');
        const bool braced = text.compare(dollar, 2, "${") == 0;
        const size_t first = dollar + (braced ? 2 : 1);
        const size_t last =
            braced ? text.find('}', first)
                   : text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_",
                                            first);
        const std::string name = text.substr(first, std::min(last, text.size()) - first);
        const auto found = value_.find(name);
        if (found == value_.end()) {
            std::vector<std::string> known;
            for (const auto& [variable, value] : value_) known.push_back(variable);
            fail(Exit::kInput, "{}: error: '{}': there is no variable '{}' in 'manifest'{}; it has {}", path_,
                 text, name, suggestion(name, known), fmt::join(known, ", "));
        }
        return text.substr(0, dollar) + found->second +
               (last >= text.size() ? "" : text.substr(last + (braced ? 1 : 0)));
    }

    const std::string& path_;
    std::map<std::string, std::string> value_;
};

std::vector<CircuitFiles::Table> tables_of(const json& networks, const char* list, const char* file_key,
                                           const char* types_key, const Variables& variables,
                                           const std::string& path) {
    if (!networks.is_object() || !networks.contains(list) || !networks[list].is_array() ||
        networks[list].empty())
        fail(Exit::kInput, "{}: error: 'networks.{}' wants a list of maps with '{}'", path, list, file_key);
    std::vector<CircuitFiles::Table> tables;
    for (const json& item : networks[list]) {
        const std::string file = text_at(item, file_key, path), types = text_at(item, types_key, path);
        if (file.empty())
            fail(Exit::kInput, "{}: error: an entry of 'networks.{}' has no '{}'", path, list, file_key);
        tables.push_back(
            {variables.resolved(file), types.empty() || types == "NULL" ? "" : variables.resolved(types)});
    }
    return tables;
}

}  // namespace

CircuitFiles read_circuit_config(const std::string& path) {
    check_size(path, kLargestConfig, "");
    const json root = json::parse(read_bytes(path), nullptr, false);
    if (root.is_discarded() || !root.is_object())
        fail(Exit::kInput, "{}: error: is no JSON map, as a SONATA circuit_config.json is", path);
    const Variables variables(root, path);
    const json networks = root.value("networks", json());
    return {tables_of(networks, "nodes", "nodes_file", "node_types_file", variables, path),
            tables_of(networks, "edges", "edges_file", "edge_types_file", variables, path)};
}

}  // namespace respine
