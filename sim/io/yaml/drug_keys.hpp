// The keys of a drug file, each bound to the member that it fills.
#pragma once

#include "sim/io/yaml/yaml_keys.hpp"
#include "sim/model/drug.hpp"

namespace respine {

const Keys<Pharmacokinetics>& kinetics_keys();
const Keys<Drug>& drug_keys();

// What the keys of the pharmacokinetics of one species say together.
void check_kinetics(Pharmacokinetics& kinetics, const Found& map);

// A key for a map that need not be there: reading it makes the part that `get` gives.
template <class Owner, class Part>
KeyOf<Owner> made_part(const std::string& name, Part& (*get)(Owner&), const Keys<Part>& keys,
                       const char* doc) {
    return {
        .key = {.name = name, .kind = Kind::kMap, .doc = doc, .nested = table_of(keys)},
        .read = [get, keys](Owner& o, const Found& found, const Key&) { read_keys(get(o), keys, found); }};
}

}  // namespace respine
