// Strict YAML: a document is checked against tables of keys before anything is read from it.
//
// yaml-cpp accepts duplicate keys, reads 010 as 8 and `no` as false; here every key must be in its table,
// once, with a value of the stated kind, unit and range. All problems are collected with file:line:column.
// The same tables print the JSON Schema.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "kernels/numerics/types.hpp"
#include "sim/model/choices.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"

namespace respine {

enum class Kind {
    kText,
    kChoice,  // one of `choices`
    kInteger,
    kBoolean,     // true or false
    kQuantity,    // number with a unit of one of `units` (separated by |)
    kValue,       // {value, range, mark, ref} around a quantity: a number with its provenance
    kQuantities,  // list of quantities, or a single one
    kMap,         // nested table
    kMapList,     // list of maps of one nested table
    kMapOf,       // any keys, each a map of the nested table (or a value of `element` kind)
    kTextList,
    kAnything,  // checked by its reader
};

struct Key {
    std::string name;
    Kind kind = Kind::kText;
    std::string units{};  // "h", or "mg/kg|mg"
    double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
    bool required = false;
    std::string pattern{};  // of a text, in the schema alone: its reader says what is wrong
    std::string doc{};
    std::vector<std::string> choices{};
    bool or_path = false;  // besides the choices, a path of a .yaml file
    std::vector<Key> nested{};
    Kind element = Kind::kMap;  // of kMapOf
    std::string absent{};       // what is taken without the key, as a file would say it
};

using Table = std::vector<Key>;

// Whether a word is meant as a path and not as the name of one of our files.
inline bool is_path(const std::string& word) {
    return word.ends_with(".yaml") || word.ends_with(".yml") || word.find('/') != std::string::npos;
}

template <class Choice>
std::vector<std::string> words_of() {
    return {kWords<Choice>.begin(), kWords<Choice>.end()};
}

// A whole number that need not be there.
inline Key integer_key(const char* name, double low, double high, const char* doc) {
    return {.name = name, .kind = Kind::kInteger, .low = low, .high = high, .doc = doc};
}

struct YamlDocument {
    std::string file, text;
    YAML::Node root;
};

// Table of a number with its provenance: {value, range, mark, ref}.
const Table& value_table();

// Reads and parses a file; throws Error(kUsage) with file:line:column for syntax errors, Error(kInput) when
// it cannot be read.
YamlDocument load_yaml(const std::string& path);
YamlDocument parse_yaml(const std::string& text, const std::string& name);

// Checks a map node against its table.
void check_map(const YAML::Node& node, const Table& table, const std::string& path, const std::string& file,
               Problems& problems);

Place place_of(const YAML::Node& node, const std::string& file, const std::string& path);

// Readers for nodes that passed check_map.
std::optional<double> read_quantity(const YAML::Node& map, const char* key, const char* unit);
u64 read_integer(const YAML::Node& map, const char* key,
                 u64 absent);  // absent also where check_map has told of a problem
std::string read_text(const YAML::Node& map, const char* key, const std::string& absent = "");
double quantity_in(const YAML::Node& scalar, std::string_view unit);

// draft-07 schema of a map with this table.
nlohmann::json schema_of(const Table& table);

}  // namespace respine
