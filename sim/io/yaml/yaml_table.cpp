#include "sim/io/yaml/yaml_table.hpp"

namespace respine {

const Table& value_table() {
    static const Table table = {
        {.name = "value", .kind = Kind::kAnything, .required = true, .doc = "the number with its unit"},
        {.name = "range", .kind = Kind::kTextList, .doc = "range of belief: [low, high]"},
        {.name = "mark",
         .kind = Kind::kChoice,
         .required = true,
         .doc = "how far the number is to be trusted",
         .choices = {"R", "R2", "RD", "D", "rec", "A"}},
        {.name = "ref", .required = true, .doc = "where it comes from"},
    };
    return table;
}

Place place_of(const YAML::Node& node, const std::string& file, const std::string& path) {
    const YAML::Mark mark = node.Mark();
    if (mark.line < 0)
        return path.empty() ? Place{file, 1, 1}
                            : Place{"--set " + path, 0, 0};  // an empty document has no marks
    return {file, mark.line + 1, mark.column + 1};
}

double quantity_in(const YAML::Node& scalar, std::string_view unit) {
    const auto q = parse_quantity(scalar.Scalar());
    const auto value = q ? convert(*q, unit) : std::nullopt;
    return value.value_or(0.0);
}

std::optional<double> read_quantity(const YAML::Node& map, const char* key, const char* unit) {
    const YAML::Node node = map[key];
    if (!node) return std::nullopt;
    const auto q = parse_quantity(node.IsMap() ? node["value"].Scalar() : node.Scalar());
    return q ? convert(*q, unit) : std::nullopt;
}

u64 read_integer(const YAML::Node& map, const char* key, u64 absent) {
    if (!map || !map[key] || !map[key].IsScalar()) return absent;
    const auto number = parse_number(map[key].Scalar());
    return number && *number >= 0.0 && *number < 0x1p64 ? static_cast<u64>(*number) : absent;
}

std::string read_text(const YAML::Node& map, const char* key, const std::string& absent) {
    const YAML::Node node = map[key];
    return node && node.IsScalar() ? node.Scalar() : absent;
}

}  // namespace respine
