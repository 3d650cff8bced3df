// Numbers and words for CSV and JSON.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace respine {

// Quoted where a CSV cell needs it.
std::string csv_text(const std::string& text);

// The shortest text that reads back as the same number; an empty cell unless it is finite.
inline std::string csv_number(double v) { return std::isfinite(v) ? fmt::format("{}", v) : ""; }

// JSON has no NaN.
template <class Json = nlohmann::json>
Json finite_or_null(double v) {
    return std::isfinite(v) ? Json(v) : Json(nullptr);
}

}  // namespace respine
