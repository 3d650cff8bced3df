// Subjects from a table: one row a subject, columns in any order. The k-th row is subject k; a cell that is
// empty or '.' is drawn, as it is where there is no such column.
//
//   ID            text, as in a dosing table
//   WT            body weight [kg]
//   SEVERITY      of stress: 0 healthy, 1 the reference stress
//   INFLAMMATION  0 none, 1 strong
//   CL, V         clearance and volume of every drug over those of a typical subject of that weight
//   GENOTYPE      BDNF Val66Met: val/val, val/met, met/met
//
// Other columns, AGE among them, are left out and told: nothing in the model follows from them.
#pragma once

#include <string>
#include <vector>

#include "sim/model/error.hpp"
#include "sim/model/person.hpp"

namespace respine {

struct SubjectTable {
    std::vector<Person> persons;
    std::vector<std::string> notes;
};

// Every problem of the table goes to `problems`, with its line.
SubjectTable read_subject_table(const std::string& path, Problems& problems);

}  // namespace respine
