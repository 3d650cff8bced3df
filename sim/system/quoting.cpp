#include "sim/system/quoting.hpp"

#include <sstream>

#include "sim/model/units.hpp"

namespace respine {

namespace {

// A spreadsheet takes such a cell for a formula, and runs it. Numbers, with a unit or without, are none.
bool is_formula(const std::string& text) {
    if (text.empty() || std::string("=+-@\t\r").find(text.front()) == std::string::npos) return false;
    const auto quantity = parse_quantity(text);
    return !quantity || !is_known_unit(quantity->unit);
}

}  // namespace

std::string csv_text(const std::string& given) {
    const std::string text = (is_formula(given) ? "'" : "") + given;
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted(1, '"');
    for (char c : text) {
        if (c == '"') quoted.push_back('"');
        quoted.push_back(c);
    }
    quoted.push_back('"');
    return quoted;
}

std::vector<std::string> cells_of(const std::string& line, char by) {
    std::vector<std::string> cells;
    std::stringstream parts(line);
    for (std::string cell; std::getline(parts, cell, by);) cells.push_back(cell);
    if (line.ends_with(by)) cells.emplace_back();
    return cells;
}

std::string shell_word(const std::string& word) {
    constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=+,:";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
    std::string out = "'";
    for (char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

}  // namespace respine
