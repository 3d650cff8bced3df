// How a value of each type stands in a file: its kind in the tables of keys, reading it, and writing it
// again.
#pragma once

#include <fmt/core.h>

#include <cmath>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "sim/io/yaml/yaml_table.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

// "2 d", "40 min", "30 s": the largest unit that divides the time.
std::string time_text(Tick t);

// The quantity of a scalar, or of the value in a map of {value, range, mark, ref}.
inline const YAML::Node number_node(const YAML::Node& node) { return node.IsMap() ? node["value"] : node; }

template <class T>
struct Form;

template <>
struct Form<std::string> {
    static constexpr Kind kKind = Kind::kText;
    static std::string read(const YAML::Node& node, const Key&) { return node.Scalar(); }
    static void write(YAML::Emitter& out, const std::string& text, const Key&) { out << text; }
};

template <>
struct Form<double> {
    static constexpr Kind kKind = Kind::kQuantity;
    static double read(const YAML::Node& node, const Key& key) {
        return quantity_in(number_node(node), key.units);
    }
    static void write(YAML::Emitter& out, double value, const Key& key) {
        out << (key.units == "1" ? fmt::format("{}", value) : fmt::format("{} {}", value, key.units));
    }
};

template <>
struct Form<bool> {
    static constexpr Kind kKind = Kind::kBoolean;
    static bool read(const YAML::Node& node, const Key&) { return node.Scalar() == "true"; }
    static void write(YAML::Emitter& out, bool value, const Key&) { out << value; }
};

template <class T>
requires std::is_unsigned_v<T>
struct Form<T> {
    static constexpr Kind kKind = Kind::kInteger;
    static T read(const YAML::Node& node, const Key&) {
        return static_cast<T>(parse_number(node.Scalar()).value_or(0.0));
    }
    static void write(YAML::Emitter& out, T value, const Key&) { out << value; }
};

template <>
struct Form<Tick> {
    static constexpr Kind kKind = Kind::kQuantity;
    static Tick read(const YAML::Node& node, const Key&) {
        return static_cast<Tick>(std::llround(quantity_in(node, "s")));
    }
    static void write(YAML::Emitter& out, Tick value, const Key&) { out << time_text(value); }
};

// Times: a list, or a single one.
template <>
struct Form<std::vector<Tick>> {
    static constexpr Kind kKind = Kind::kQuantities;
    static std::vector<Tick> read(const YAML::Node& node, const Key& key) {
        if (!node.IsSequence()) return {Form<Tick>::read(node, key)};
        std::vector<Tick> times;
        for (const YAML::Node& item : node) times.push_back(Form<Tick>::read(item, key));
        return times;
    }
    static void write(YAML::Emitter& out, const std::vector<Tick>& times, const Key& key) {
        out << YAML::Flow << YAML::BeginSeq;
        for (Tick t : times) Form<Tick>::write(out, t, key);
        out << YAML::EndSeq;
    }
};

template <class T>
requires std::is_enum_v<T>
struct Form<T> {
    static constexpr Kind kKind = Kind::kChoice;
    static T read(const YAML::Node& node, const Key&) { return choice_of<T>(node.Scalar()).value_or(T{}); }
    static void write(YAML::Emitter& out, T value, const Key&) { out << std::string(word_of(value)); }
};

template <class T>
struct Form<std::optional<T>> {
    static constexpr Kind kKind = Form<T>::kKind;
    static std::optional<T> read(const YAML::Node& node, const Key& key) { return Form<T>::read(node, key); }
    static void write(YAML::Emitter& out, const std::optional<T>& value, const Key& key) {
        Form<T>::write(out, *value, key);
    }
};

}  // namespace respine
