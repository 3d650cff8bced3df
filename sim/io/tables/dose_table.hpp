// Doses from a table of events as NONMEM and its kin read it: one row an event, columns in any order.
//
//   ID     the subject; the k-th ID of the table is subject k. Without the column all rows are of all
//   subjects TIME   [h] on the clock of the scenario AMT    amount [mg]; MGKG in its place: amount [mg/kg]
//   RATE   of an infusion [amount/h]; 0 or absent: at once
//   ADDL   doses that follow, II [h] apart
//   CMT    compartment, which the scenario makes a drug and a route; may be absent where it names one
//   EVID   0 an observation and 2 another event, both left out and told; 1 or absent: a dose
//   MDV    must agree with EVID; DV and other columns are left out and told
//
// What a simulator of events knows and a body of differential equations does not is refused: resets (EVID 3,
// 4), steady state (SS), modelled rates (RATE below 0).
#pragma once

#include <string>
#include <vector>

#include "sim/model/error.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

// What a compartment of the table stands for.
struct DosedCompartment {
    u32 number = 1;
    std::string drug;
    Route route = Route::kIv;
};

struct DoseTable {
    std::vector<Treatment> treatments;  // one a row, with its subject
    std::vector<std::string> ids;       // of the subjects, in order; empty without the column
    std::vector<std::string> notes;     // what is not used
};

// Every problem of the table goes to `problems`, with its line.
DoseTable read_dose_table(const std::string& path, const std::vector<DosedCompartment>& compartments,
                          Problems& problems);

}  // namespace respine
