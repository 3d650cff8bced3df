// Keys bound to members: one row says how a key is called, what may stand behind it, which member it fills
// and what it means. The row checks a file, reads it, writes it again, and makes templates and schemas. What
// is taken without a key is what the member begins with; no table repeats it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/io/yaml/yaml_forms.hpp"

namespace respine {

// A value of a file that passed check_map, and where it stands.
struct Found {
    YAML::Node node;
    std::string path;  // treatments[0].dose
    const std::string& file;
    Problems& problems;

    Place place() const { return place_of(node, file, path); }
    Found inner(const YAML::Node& at, const std::string& name) const {
        return {at, path.empty() ? name : path + "." + name, file, problems};
    }
};

template <class Owner>
struct KeyOf {
    using Test = std::function<bool(const Owner&)>;

    Key key;
    std::function<void(Owner&, const Found&, const Key&)> read{};
    std::function<void(YAML::Emitter&, const Owner&, const Key&)> write{};  // none: never written
    Test given = [](const Owner&) { return true; };                         // holds something worth writing
    Test applies = [](const Owner&) { return true; };  // has a meaning beside the other keys
    Test set{};                                        // holds something else than nothing
    bool needed = false;                               // must be there where it applies
    bool quotes = false;

    KeyOf& required() { return key.required = true, *this; }
    KeyOf& between(double low, double high) { return key.low = low, key.high = high, *this; }
    KeyOf& in(const char* unit, double low, double high) { return key.units = unit, between(low, high); }
    // A number with its provenance.
    KeyOf& value(const char* unit, double low, double high) {
        return key.kind = Kind::kValue, in(unit, low, high);
    }
    KeyOf& quoted() { return quotes = true, *this; }
    KeyOf& written_if(Test test) { return given = std::move(test), *this; }
    KeyOf& written_if_set() { return written_if(set); }
    KeyOf& only_if(Test test) { return applies = std::move(test), *this; }
    KeyOf& needed_if(Test test) { return needed = true, only_if(std::move(test)); }
};

template <class Owner>
using Keys = std::vector<KeyOf<Owner>>;

// The rows of several tables in turn.
template <class Owner>
Keys<Owner> joined(Keys<Owner> first, const auto&... more) {
    (first.insert(first.end(), more.begin(), more.end()), ...);
    return first;
}

template <class Owner>
void read_keys(Owner& owner, const Keys<Owner>& keys, const Found& map) {
    for (const KeyOf<Owner>& row : keys)
        if (const YAML::Node node = std::as_const(map.node)[row.key.name];
            node && row.read && row.applies(owner))
            row.read(owner, map.inner(node, row.key.name), row.key);
}

template <class Owner>
void write_keys(YAML::Emitter& out, const Owner& owner, const Keys<Owner>& keys) {
    out << YAML::BeginMap;
    for (const KeyOf<Owner>& row : keys) {
        if (!row.write || !row.applies(owner) || !row.given(owner)) continue;
        out << YAML::Key << row.key.name << YAML::Value;
        if (row.quotes) out << YAML::DoubleQuoted;
        row.write(out, owner, row.key);
    }
    out << YAML::EndMap;
}

// The text of what is taken when a file does not have the key; "" where that is nothing.
template <class Owner>
std::string absent_text(const KeyOf<Owner>& row) {
    const bool nested = !row.key.nested.empty() || row.key.kind == Kind::kQuantities;
    const Owner fresh{};
    if (row.key.required || row.needed || nested || !row.write || !row.given(fresh)) return "";
    YAML::Emitter out;
    row.write(out, fresh, row.key);
    return out.c_str();
}

template <class Owner>
Table table_of(const Keys<Owner>& keys) {
    Table table;
    for (const KeyOf<Owner>& row : keys) {
        table.push_back(row.key);
        table.back().absent = absent_text(row);
    }
    return table;
}

// Tells of keys that have no meaning for what the others say, such as `use` "route iv", and of those that
// `whole` then lacks.
template <class Owner>
void check_use(const Owner& owner, const Keys<Owner>& keys, const Found& map, const std::string& whole,
               const std::string& use) {
    for (const KeyOf<Owner>& row : keys) {
        const YAML::Node node = std::as_const(map.node)[row.key.name];
        if (row.needed && row.applies(owner) && !node)
            map.problems.add(map.place(), "{} needs '{}'", whole, row.key.name);
        if (node && !row.applies(owner))
            map.problems.add(place_of(node, map.file, map.path), "'{}.{}' has no meaning for {}", map.path,
                             row.key.name, use);
    }
}

// A key that fills a member, of the kind that the member's type has.
template <class Owner, class T>
KeyOf<Owner> key(const char* name, T Owner::*member, const char* doc) {
    KeyOf<Owner> row{.key = {.name = name, .kind = Form<T>::kKind, .doc = doc},
                     .read = [member](Owner& o, const Found& found,
                                      const Key& k) { o.*member = Form<T>::read(found.node, k); },
                     .write = [member](YAML::Emitter& out, const Owner& o,
                                       const Key& k) { Form<T>::write(out, o.*member, k); },
                     .set = [member](const Owner& o) { return o.*member != T{}; }};
    if constexpr (std::is_enum_v<T>) row.key.choices = words_of<T>();
    if constexpr (Form<T>::kKind == Kind::kChoice && !std::is_enum_v<T>)
        row.key.choices = words_of<typename T::value_type>();
    if constexpr (std::is_same_v<T, std::string> || requires(T t) { t.has_value(); }) row.given = row.set;
    return row;
}

// A text for people: nothing reads it.
template <class Owner>
KeyOf<Owner> note_key(const char* name, const char* doc) {
    return {.key = {.name = name, .doc = doc}};
}

// How far numbers are to be trusted, and where they come from.
template <class Owner>
Keys<Owner> provenance_keys() {
    Keys<Owner> keys;
    for (const Key& k : value_table())
        if (k.name == "mark" || k.name == "ref") keys.push_back({.key = k});
    return keys;
}

// A map of keys that fill members of the same owner.
template <class Owner>
KeyOf<Owner> group(const char* name, const Keys<Owner>& keys, const char* doc) {
    return {.key = {.name = name, .kind = Kind::kMap, .doc = doc, .nested = table_of(keys)},
            .read = [keys](Owner& o, const Found& found, const Key&) { read_keys(o, keys, found); },
            .write = [keys](YAML::Emitter& out, const Owner& o, const Key&) { write_keys(out, o, keys); }};
}

// A map of keys that fill a member which has members itself.
template <class Owner, class Part>
KeyOf<Owner> part(const char* name, Part Owner::*member, const Keys<Part>& keys, const char* doc) {
    return {.key = {.name = name, .kind = Kind::kMap, .doc = doc, .nested = table_of(keys)},
            .read = [member, keys](Owner& o, const Found& found,
                                   const Key&) { read_keys(o.*member, keys, found); },
            .write = [member, keys](YAML::Emitter& out, const Owner& o,
                                    const Key&) { write_keys(out, o.*member, keys); }};
}

// A list of maps of keys; `check` sees each item once it is read.
template <class Owner, class Item>
KeyOf<Owner> list(const char* name, std::vector<Item> Owner::*member, const Keys<Item>& keys, const char* doc,
                  std::function<void(Item&, const Found&)> check = {}) {
    return {.key = {.name = name, .kind = Kind::kMapList, .doc = doc, .nested = table_of(keys)},
            .read =
                [member, keys, check](Owner& o, const Found& found, const Key&) {
                    for (size_t k = 0; k < found.node.size(); ++k) {
                        const Found item{found.node[k], fmt::format("{}[{}]", found.path, k), found.file,
                                         found.problems};
                        read_keys((o.*member).emplace_back(), keys, item);
                        if (check) check((o.*member).back(), item);
                    }
                },
            .write =
                [member, keys](YAML::Emitter& out, const Owner& o, const Key&) {
                    out << YAML::BeginSeq;
                    for (const Item& item : o.*member) write_keys(out, item, keys);
                    out << YAML::EndSeq;
                }};
}

// Any names, each with a text: a map, or pairs in order.
template <class Owner, class Texts>
KeyOf<Owner> texts(const char* name, Texts Owner::*member, const char* doc) {
    return {.key = {.name = name, .kind = Kind::kMapOf, .doc = doc, .element = Kind::kText},
            .read =
                [member](Owner& o, const Found& found, const Key&) {
                    for (const auto& item : found.node)
                        (o.*member).insert((o.*member).end(), {item.first.Scalar(), item.second.Scalar()});
                },
            .write =
                [member](YAML::Emitter& out, const Owner& o, const Key&) {
                    out << YAML::BeginMap;
                    for (const auto& [key, value] : o.*member)
                        out << YAML::Key << key << YAML::Value << value;
                    out << YAML::EndMap;
                },
            .given = [member](const Owner& o) { return !(o.*member).empty(); }};
}

}  // namespace respine
