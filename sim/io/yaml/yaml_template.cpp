#include "sim/io/yaml/yaml_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace respine {

namespace {

std::string bounds(const Key& key) {
    const bool low = std::isfinite(key.low), high = std::isfinite(key.high);
    return low && high ? fmt::format(", {} to {}", key.low, key.high)
           : low       ? fmt::format(", at least {}", key.low)
           : high      ? fmt::format(", at most {}", key.high)
                       : "";
}

// What may stand behind a key: "one of a, b", "quantity [d], -400 to 1300".
std::string allowed(const Key& key) {
    switch (key.kind) {
        case Kind::kChoice:
            return fmt::format("one of {}", fmt::join(key.choices, ", "));
        case Kind::kInteger:
            return "whole number" + bounds(key);
        case Kind::kBoolean:
            return "true or false";
        case Kind::kQuantity:
        case Kind::kQuantities:
            return "number" + (key.units == "1" ? "" : " with a unit [" + key.units + "]") + bounds(key) +
                   (key.kind == Kind::kQuantities ? "; or a list" : "");
        default:
            return "";
    }
}

std::string about(const Key& key) {
    const std::string values = allowed(key);
    return values.empty() ? key.doc : key.doc + ": " + values;
}

// The value that stands for an absent key.
std::string standard(const Key& key) { return key.absent.empty() ? "" : " " + key.absent; }

std::string scalar_text(const YAML::Node& node) {
    YAML::Emitter out;
    out << YAML::Flow << node;
    return out.c_str();
}

class Writer {
public:
    void map(const YAML::Node& node, const Table& table, size_t indent) {
        for (const Key& key : table) {
            const YAML::Node value = node ? node[key.name] : YAML::Node(YAML::NodeType::Undefined);
            line(indent, "# " + about(key));
            value ? present(value, key, indent) : absent(key, indent);
        }
    }

    std::string text;

private:
    void line(size_t indent, const std::string& what) { text += std::string(indent, ' ') + what + "\n"; }

    void present(const YAML::Node& value, const Key& key, size_t indent) {
        if (key.kind == Kind::kMap && value.IsMap()) {
            line(indent, key.name + ":");
            map(value, key.nested, indent + 2);
        } else if (key.kind == Kind::kMapList && value.IsSequence() && value.size() > 0) {
            line(indent, key.name + ":");
            for (const auto& item : value) {
                const size_t begin = text.size();
                map(item, key.nested, indent + 4);
                // The dash belongs to the first line that is no comment.
                size_t at = begin;
                while (text.find_first_not_of(' ', at) != std::string::npos &&
                       text[text.find_first_not_of(' ', at)] == '#')
                    at = text.find('\n', at) + 1;
                text.replace(at + indent + 2, 1, "-");
            }
        } else {
            line(indent, key.name + ": " + scalar_text(value));
        }
    }

    void absent(const Key& key, size_t indent) {
        constexpr size_t kMostKeys = 12;  // of a list; longer ones are for `respine list`
        line(indent, "# " + key.name + ":" + standard(key));
        if ((key.kind == Kind::kMap || key.kind == Kind::kMapList) && key.nested.size() <= kMostKeys)
            for (const Key& inner : key.nested)
                line(indent, fmt::format("#   {}:{}  # {}", inner.name, standard(inner), about(inner)));
    }
};

}  // namespace

std::string commented_yaml(const YAML::Node& node, const Table& table) {
    Writer writer;
    writer.map(node, table, 0);
    return writer.text;
}

}  // namespace respine
