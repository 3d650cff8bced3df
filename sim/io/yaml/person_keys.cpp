// What a scenario knows of the subjects of its cohort, by a list or from a table.

#include "sim/io/tables/subject_table.hpp"
#include "sim/io/yaml/scenario_keys.hpp"

namespace respine {

namespace {

const Keys<Person>& person_keys() {
    static const Keys<Person> keys = [] {
        Keys<Person> rows = {key("id", &Person::id, "name in the tables").quoted()};
        for (const PersonNumber& n : kPersonNumbers)
            rows.push_back(key(n.key, n.member, n.doc).in(n.unit, n.low, n.high));
        rows.push_back(key("genotype", &Person::genotype, "BDNF Val66Met"));
        return rows;
    }();
    return keys;
}

}  // namespace

KeyOf<Scenario> persons_key() {
    return list<Scenario, Person>(
               "persons", &Scenario::persons, person_keys(),
               "what is known of the subjects of a cohort, the first of subject 1; the rest "
               "is drawn")
        .written_if([](const Scenario& s) { return !s.persons.empty(); });
}

// The table becomes persons, which stand in what is resolved: a run file needs no table to be run again.
KeyOf<Scenario> subjects_key() {
    return {.key = {.name = "subjects", .kind = Kind::kText, .doc = "CSV table of the subjects of a cohort"},
            .read = [](Scenario& s, const Found& found, const Key&) {
                try {
                    const std::string path = absolute_path(found.node.Scalar(), found.file);
                    SubjectTable table = read_subject_table(path, found.problems);
                    s.persons.insert(s.persons.end(), table.persons.begin(), table.persons.end());
                    s.notes.insert(s.notes.end(), table.notes.begin(), table.notes.end());
                } catch (const Error& e) {
                    found.problems.add_text(found.place(), e.what());
                }
            }};
}

// Tables that name their subjects mean the same ones, and a run of one has one of them.
void check_persons(Scenario& s, const Found& root) {
    if (s.persons.empty()) return;
    const auto most = static_cast<u32>(s.persons.size());
    for (u32 k = 0; k < std::min<size_t>(s.dosed.size(), most); ++k)
        if (!s.persons[k].id.empty() && s.persons[k].id != s.dosed[k])
            return root.problems.add(root.place(),
                                     "subject {} is '{}' in the table of subjects and '{}' in that of doses: "
                                     "bring both into one order",
                                     k + 1, s.persons[k].id, s.dosed[k]);
    if (s.cohort == 0 && s.subject == 0)
        root.problems.add(
            root.place(),
            "subjects 1 to {} are told of; say for which one this run is (subject: 1), or run a "
            "cohort of them (cohort: {{subjects: {}}})",
            most, most);
    if (s.cohort > most)
        s.notes.push_back(
            fmt::format("subjects {} to {} are drawn: nothing is told of them", most + 1, s.cohort));
    if (s.cohort > 0 && s.cohort < most)
        s.notes.push_back(fmt::format("{} subjects are told of, and the cohort has {}", most, s.cohort));
}

}  // namespace respine
