// The keys of one treatment, and what they say together.

#include <algorithm>

#include "sim/io/tables/dose_table.hpp"
#include "sim/io/yaml/scenario_keys.hpp"
#include "sim/policy/policy.hpp"

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

const Keys<Policy>& policy_keys() {
    static const Keys<Policy> keys = {
        key("every", &Policy::every, "interval of the visits").in("d", 1.0 / 24, kMostTime).required(),
        key("from", &Policy::from, "first visit; one interval after the last start in 'at' without it")
            .in("d", -kMostTime, kMostTime)
            .written_if_set(),
        key("until", &Policy::until, "no visit after it; the end of the run without it")
            .in("d", -kMostTime, kMostTime)
            .written_if_set(),
        key("when", &Policy::when, "condition that calls for a dose, such as response_index < 0.4").quoted(),
        key("at_least", &Policy::at_least, "shortest time between the starts of two doses")
            .in("d", 0, kMostTime)
            .written_if_set(),
        key("at_most", &Policy::at_most, "after so long a dose is given in any case")
            .in("d", 1.0 / 24, kMostTime)
            .written_if_set(),
        key("amount", &Policy::amount, "of the next dose: a formula, such as max(0.2 mg/kg, 0.8 * last_dose)")
            .quoted(),
        key("miss_when", &Policy::miss_when, "condition under which the last dose did not help").quoted(),
        key("stop_when", &Policy::stop_when, "condition that ends the policy for good, such as misses >= 3")
            .quoted(),
        key("most", &Policy::most, "doses in all, those in 'at' among them").between(1, 10000),
        key("attendance", &Policy::attendance, "chance that the subject comes to a visit").in("1", 0, 1),
    };
    return keys;
}

KeyOf<Treatment> policy() {
    return {.key = {.name = "policy",
                    .kind = Kind::kMap,
                    .doc = "further doses by what is seen on visits",
                    .nested = table_of(policy_keys())},
            .read = [](Treatment& t, const Found& found,
                       const Key&) { read_keys(t.policy.emplace(), policy_keys(), found); },
            .write = [](YAML::Emitter& out, const Treatment& t,
                        const Key&) { write_keys(out, *t.policy, policy_keys()); },
            .given = [](const Treatment& t) { return t.policy.has_value(); }};
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
        policy(),
        key("subject", &Treatment::subject, "of a cohort, who alone gets it; 0 all")
            .between(0, 1e6)
            .written_if_set(),
    };
    return keys;
}

void check_treatment(Treatment& t, const Found& map) {
    const std::string use = fmt::format("route {}", word_of(t.route));
    check_use(t, treatment_keys(), map, fmt::format("'{}' by {}", map.path, use), use);
    const Place at = place_of(map.node["at"], map.file, map.path);
    if (t.at.empty() && !t.policy)
        map.problems.add(at, "'{}.at' is an empty list; name a start, or leave the treatment out", map.path);
    std::sort(t.at.begin(), t.at.end());
    check_gaps(t, at, map);
}

namespace {

struct Dosing {
    std::string file;
    std::vector<DosedCompartment> compartments;
};

const Keys<Dosing>& dosing_keys() {
    static const Keys<DosedCompartment> compartment_keys = {
        key("cmt", &DosedCompartment::number, "number in the column CMT").between(0, 1000).required(),
        config_key("drug", &DosedCompartment::drug, "drugs", "name in configs/drugs, or path of a drug file"),
        key("route", &DosedCompartment::route, "way in").required(),
    };
    static const Keys<Dosing> keys = {
        path_key("file", &Dosing::file,
                 "CSV of events as for NONMEM: ID, TIME [h], AMT [mg], RATE [mg/h], "
                 "ADDL, II [h], CMT, EVID")
            .required(),
        list<Dosing, DosedCompartment>("compartments", &Dosing::compartments, compartment_keys,
                                       "what the compartments of the table are")
            .required(),
    };
    return keys;
}

void read_dosing(Scenario& s, const Found& found) {
    Dosing dosing;
    read_keys(dosing, dosing_keys(), found);
    if (dosing.compartments.empty())
        return found.problems.add(found.place(), "'{}.compartments' is empty; name a drug and a route",
                                  found.path);
    for (const DosedCompartment& c : dosing.compartments)
        if (c.route == Route::kBath || c.route == Route::kWindow)
            found.problems.add(found.place(), "'{}': route {} is not dosed by a table", found.path,
                               word_of(c.route));
    try {
        DoseTable table = read_dose_table(dosing.file, dosing.compartments, found.problems);
        s.dosed = table.ids;
        if (table.ids.size() == 1)
            for (Treatment& t : table.treatments) t.subject = 0;
        s.treatments.insert(s.treatments.end(), table.treatments.begin(), table.treatments.end());
        s.notes.insert(s.notes.end(), table.notes.begin(), table.notes.end());
    } catch (const Error& e) {
        found.problems.add_text(found.place(), e.what());
    }
}

}  // namespace

// The table becomes treatments, which stand in what is resolved: a run file needs no table to be run again.
KeyOf<Scenario> dosing_key() {
    return {.key = {.name = "dosing",
                    .kind = Kind::kMap,
                    .doc = "doses from a table of events, besides those in treatments",
                    .nested = table_of(dosing_keys())},
            .read = [](Scenario& s, const Found& found, const Key&) { read_dosing(s, found); }};
}

// A run of one has the treatments of its subject alone.
void keep_own_treatments(Scenario& s, const Found& root) {
    u32 most = 0;
    for (const Treatment& t : s.treatments) most = std::max(most, t.subject);
    if (most == 0) return;
    if (s.cohort > 0) {
        if (most > s.cohort)
            s.notes.push_back(
                fmt::format("treatments are for {} subjects, and the cohort has {}", most, s.cohort));
        if (most < s.cohort)
            s.notes.push_back(
                fmt::format("subjects {} to {} have no treatment of their own", most + 1, s.cohort));
        return;
    }
    if (s.subject == 0)
        return root.problems.add(
            root.place(),
            "treatments are for subjects 1 to {}; say for which one this run is (subject: 1), or run "
            "a cohort of them",
            most);
    std::erase_if(s.treatments, [&](const Treatment& t) { return !t.is_of(s.subject); });
    for (Treatment& t : s.treatments) t.subject = 0;
}

// Of all treatments together, since a policy may ask for the doses of another.
void check_policies(const Scenario& s, const YAML::Node& treatments, Problems& problems) {
    constexpr Tick kMostVisits = 10000;
    for (size_t k = 0; k < s.treatments.size(); ++k) {
        const Treatment& t = s.treatments[k];
        if (!t.policy) continue;
        const YAML::Node node = treatments[k]["policy"];
        const std::string path = fmt::format("treatments[{}].policy", k);
        const auto wrong = [&](const char* key, const std::string& what) {
            const YAML::Node at = node[key];
            problems.add(place_of(at ? at : node, s.file, path), "'{}.{}': {}", path, key, what);
        };
        for (const PolicyProblem& p : problems_of(t, s.treatments.size())) wrong(p.key, p.message);
        if (t.policy->when.empty() && !t.policy->at_most)
            wrong("when", "a policy needs 'when' or 'at_most', or it gives nothing");
        if (t.policy->at_most && *t.policy->at_most < t.policy->at_least)
            wrong("at_most", "is less than 'at_least'");
        if (t.is_held() && !t.policy->amount.empty())
            wrong("amount", fmt::format("has no meaning for route {}", word_of(t.route)));
        if (!t.policy->stop_when.empty() && t.policy->stop_when.find("misses") != std::string::npos &&
            t.policy->miss_when.empty())
            wrong("stop_when", "asks for misses, and there is no 'miss_when' that counts any");
        if (t.policy->every > 0 && s.duration / t.policy->every > kMostVisits)
            wrong("every", fmt::format("makes more than {} visits", kMostVisits));
    }
}

}  // namespace respine
