// The keys of one treatment, and what they say together.

#include <algorithm>

#include "sim/io/yaml/scenario_keys.hpp"

namespace respine {

namespace {

struct Repeat {
    Tick every = 0;
    u64 times = 1;
};

const Keys<Repeat>& repeat_keys() {
    static const Keys<Repeat> keys = {
        key("every", &Repeat::every, "interval").in("d", 1.0 / 1440, kMostTime).required(),
        key("times", &Repeat::times, "number of doses").between(1, 10000).required(),
    };
    return keys;
}

void unroll(Treatment& t, const Found& found) {
    if (t.at.empty()) return;
    Repeat repeat;
    read_keys(repeat, repeat_keys(), found);
    if (t.at.size() != 1) found.problems.add(found.place(), "'{}' wants a single start in 'at'", found.path);
    if (repeat.every < t.over) {
        found.problems.add(found.place(), "'{}.every' is {}, but one dose lasts {}", found.path,
                           time_text(repeat.every), time_text(t.over));
        return;
    }
    for (u64 k = 1; k < repeat.times && t.at.size() < 10000; ++k)
        t.at.push_back(t.at.front() + static_cast<Tick>(k) * repeat.every);
}

KeyOf<Treatment> dose() {
    return {.key = {.name = "dose",
                    .kind = Kind::kQuantity,
                    .units = "mg/kg|mg",
                    .low = 0,
                    .high = 1e5,
                    .doc = "amount of one dose"},
            .read =
                [](Treatment& t, const Found& found, const Key&) {
                    const auto quantity = parse_quantity(found.node.Scalar());
                    t.per_kg = convert(*quantity, "mg/kg").has_value();
                    t.dose = *convert(*quantity, t.per_kg ? "mg/kg" : "mg");
                },
            .write = [](YAML::Emitter& out, const Treatment& t,
                        const Key&) { out << fmt::format("{} {}", t.dose, t.per_kg ? "mg/kg" : "mg"); }};
}

KeyOf<Treatment> repeat() {
    return {.key = {.name = "repeat",
                    .kind = Kind::kMap,
                    .doc = "repeats of a single start",
                    .nested = table_of(repeat_keys())},
            .read = [](Treatment& t, const Found& found, const Key&) { unroll(t, found); }};
}

// No dose begins before the one before it has ended.
void check_gaps(const Treatment& t, const Place& at, const Found& map) {
    for (size_t k = 0; k + 1 < t.at.size(); ++k) {
        if (t.at[k + 1] >= t.at[k] + std::max<Tick>(1, t.over)) continue;
        if (t.at[k + 1] == t.at[k])
            map.problems.add(at, "'{}': there are two doses at {}", map.path, time_text(t.at[k]));
        else
            map.problems.add(at, "'{}': the dose at {} begins before the one at {} has ended", map.path,
                             time_text(t.at[k + 1]), time_text(t.at[k]));
        return;
    }
}

}  // namespace

const Keys<Treatment>& treatment_keys() {
    const auto held = [](const Treatment& t) { return t.is_held(); };
    static const Keys<Treatment> keys = {
        config_key("drug", &Treatment::drug, "drugs", "name in configs/drugs, or path of a drug file"),
        key("route", &Treatment::route, "way in; window: a tool at full effect for `for`").required(),
        dose().needed_if([](const Treatment& t) { return !t.is_held(); }),
        key("concentration", &Treatment::bath, "held around the tissue, route bath")
            .in("uM", 0, 1e5)
            .needed_if([](const Treatment& t) { return t.route == Route::kBath; }),
        key("over", &Treatment::over, "duration of an infusion")
            .in("min", 0, 1440.0 * 60)
            .only_if([](const Treatment& t) { return t.route == Route::kIv; })
            .written_if_set(),
        key("for", &Treatment::over, "how long a window or bath lasts").in("d", 0, kMostTime).needed_if(held),
        key("at", &Treatment::at, "start, or list of starts").in("d", -kMostTime, kMostTime).required(),
        repeat(),
    };
    return keys;
}

void check_treatment(Treatment& t, const Found& map) {
    const std::string use = fmt::format("route {}", word_of(t.route));
    check_use(t, treatment_keys(), map, fmt::format("'{}' by {}", map.path, use), use);
    const Place at = place_of(map.node["at"], map.file, map.path);
    if (t.at.empty())
        map.problems.add(at, "'{}.at' is an empty list; name a start, or leave the treatment out", map.path);
    std::sort(t.at.begin(), t.at.end());
    check_gaps(t, at, map);
}

}  // namespace respine
