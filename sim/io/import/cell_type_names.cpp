#include "sim/io/import/cell_type_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "sim/model/error.hpp"

namespace respine {

namespace {

struct Word {
    const char* text;
    CellType type;
};
constexpr Word kWords[] = {
    {"pv", CellType::kPv}, {"sst", CellType::kSst}, {"vip", CellType::kVip},
    {"exc", CellType::kE}, {"pyr", CellType::kE},
};

constexpr size_t kNamedTypes = 20;  // names that a message lists

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::optional<CellType> type_called(const std::string& name) {
    for (size_t t = 0; t < kCellTypes; ++t)
        if (kCellTypeNames[t] == name) return static_cast<CellType>(t);
    return std::nullopt;
}

// The only type whose words stand in the name; two types at once say nothing.
std::optional<CellType> type_by_words(const std::string& name) {
    std::optional<CellType> found;
    for (const Word& word : kWords) {
        if (lower(name).find(word.text) == std::string::npos) continue;
        if (found && *found != word.type) return std::nullopt;
        found = word.type;
    }
    return found;
}

}  // namespace

CellTypeNames::CellTypeNames(const std::map<std::string, std::string>& given) {
    for (const auto& [name, type] : given)
        if (const auto known = type_called(type)) given_[name] = *known;
}

std::optional<CellType> CellTypeNames::find(const std::string& name) {
    seen_.insert(name);
    const auto told = given_.find(name);
    return told != given_.end() ? told->second : type_called(name);
}

CellType CellTypeNames::of_sonata(const std::string& name, const std::string& ei) {
    if (const auto type = find(name)) return *type;
    const std::string sign = lower(ei).substr(0, 1);
    if (sign == "e") return CellType::kE;
    const auto type = type_by_words(name);
    if (type && !(sign == "i" && *type == CellType::kE)) return *type;
    Unknown& unknown = unknown_[name];
    ++unknown.neurons;
    unknown.ei = ei;
    return CellType::kE;
}

void CellTypeNames::finish(const std::string& file) const {
    std::string message, mapping;
    size_t named = 0;
    for (const auto& [name, unknown] : unknown_) {
        if (++named > kNamedTypes) break;
        message += fmt::format("{}'{}' ({} neurons{})", message.empty() ? "" : ", ", name, unknown.neurons,
                               unknown.ei.empty() ? "" : ", ei " + unknown.ei);
        mapping += fmt::format("{}'{}': PV", mapping.empty() ? "" : ", ", name);
    }
    if (named > kNamedTypes) message += fmt::format(" and {} more", unknown_.size() - kNamedTypes);
    Problems problems;
    if (!unknown_.empty())
        problems.add({file, 0, 0},
                     "cell types that say neither E, PV, SST nor VIP: {}; say in the scenario what they are, "
                     "such as network: {{types: {{{}}}}}",
                     message, mapping);
    const std::vector<std::string> known(seen_.begin(), seen_.end());
    for (const auto& [name, type] : given_)
        if (!seen_.contains(name))
            problems.add({file, 0, 0},
                         "'network.types' names '{}', which is no cell type of this file{}; it has {}", name,
                         suggestion(name, known),
                         fmt::join(std::vector<std::string>(
                                       known.begin(), known.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                          kNamedTypes, known.size()))),
                                   ", "));
    problems.throw_if_any(Exit::kInput);
}

}  // namespace respine
