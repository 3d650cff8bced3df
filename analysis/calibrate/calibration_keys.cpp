// The keys of a calibration's specification.

#include "analysis/calibrate/calibration_spec.hpp"

namespace respine {

namespace {

Table size_table() {
    return {integer_key("neurons", 20, 4e9, "number of neurons"),
            integer_key("synapses_per_neuron", 5, 30000, "healthy in-degree")};
}

Key needed(Key key) {
    key.required = true;
    return key;
}

}  // namespace

const Table& calibration_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "short name, used for the work folder"},
        {.name = "title", .doc = "one sentence"},
        {.name = "hypothesis",
         .doc = "rival account that every scenario runs under: name in configs/hypotheses, or path"},
        {.name = "parameters",
         .kind = Kind::kAnything,
         .required = true,
         .doc = "what may move: list of {path, low, high, start}"},
        {.name = "targets",
         .kind = Kind::kAnything,
         .required = true,
         .doc = "what is fitted: list of target ids, or {id, value, low, high}"},
        {.name = "held_back",
         .kind = Kind::kAnything,
         .doc = "targets that are shown before and after, and never fitted"},
        integer_key("seeds", 1, 1000, "seeds of each scenario"),
        integer_key("first_seed", 0, 1e15, "the first of them"),
        {.name = "network",
         .kind = Kind::kMap,
         .doc = "sizes instead of the scenarios' own",
         .nested = size_table()},
        {.name = "cohort",
         .kind = Kind::kMap,
         .doc = "size instead of the scenarios' own",
         .nested = {needed(integer_key("subjects", 2, 1e6, "number of subjects"))}},
        needed(
            integer_key("global", 0, 1e6, "evaluations of the search over the whole range; 0 leaves it out")),
        needed(integer_key("local", 0, 1e6,
                           "evaluations of the search around the best point, at most; 0 leaves it out")),
        integer_key("optimizer_seed", 0, 4294967295.0, "of the search over the whole range"),
    };
    return table;
}

const Table& calibration_target_table() {
    static const Table table = {
        {.name = "id", .required = true, .doc = "target of configs/reference/targets.csv"},
        {.name = "value",
         .kind = Kind::kQuantity,
         .units = "1",
         .required = true,
         .doc = "instead of the published number, in the row's unit"},
        {.name = "low", .kind = Kind::kQuantity, .units = "1", .required = true, .doc = "accepted band"},
        {.name = "high", .kind = Kind::kQuantity, .units = "1", .required = true, .doc = "accepted band"},
    };
    return table;
}

}  // namespace respine
