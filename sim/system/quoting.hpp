// Numbers and words for CSV, JSON and the shell.
#pragma once

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace respine {

// Quoted where a CSV cell needs it; behind an apostrophe where a spreadsheet would run it as a formula.
std::string csv_text(const std::string& text);

// The cells of a line that holds no quoted ones; an empty line has none.
std::vector<std::string> cells_of(const std::string& line, char by = ',');

// A word to be typed as it is: quoted where the shell needs it.
std::string shell_word(const std::string& word);

// The shortest text that reads back as the same number; an empty cell unless it is finite.
inline std::string csv_number(double v) { return std::isfinite(v) ? fmt::format("{}", v) : ""; }

// JSON has no NaN.
template <class Json = nlohmann::json>
Json finite_or_null(double v) {
    return std::isfinite(v) ? Json(v) : Json(nullptr);
}

// JSON as text, lines of an indent below 0 on one line. Names come from files of others: what is no UTF-8 in
// them is replaced.
template <class Json>
std::string json_text(const Json& json, int indent = 1) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace respine
