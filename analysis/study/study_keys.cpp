#include "analysis/study/study_keys.hpp"

#include <fmt/ranges.h>

namespace respine {

namespace {

std::vector<std::string> names(const auto& table) {
    std::vector<std::string> out;
    for (const auto& row : table) {
        if constexpr (requires { row.name; })
            out.emplace_back(row.name);
        else
            out.emplace_back(row.first);
    }
    return out;
}

Table design_table() {
    return {
        {.name = "kind",
         .kind = Kind::kChoice,
         .required = true,
         .doc = "of the design",
         .choices = names(kKinds)},
        integer_key("points", 1, 1e7, "random, lhs: number of points"),
        integer_key("trajectories", 2, 1e6, "morris: number of trajectories of k + 1 points"),
        integer_key("levels", 2, 100, "morris: levels of each parameter, even; 4 without it"),
        integer_key("blocks", 2, 1e6, "sobol: number of blocks of k + 2 points"),
        integer_key("seed", 0, 1e15, "of the random draws of the design"),
    };
}

}  // namespace

const Table& arm_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "short name, shown in tables and figures"},
        {.name = "scenario", .doc = "scenario of this arm; that of the study without it"},
        {.name = "set", .kind = Kind::kAnything, .doc = "settings of this arm as for --set, {path: value}"},
    };
    return table;
}

const Table& factor_table() {
    static const Table table = {
        {.name = "key",
         .required = true,
         .doc = "what moves: a parameter of the model, or a path into the scenario, as for --set"},
        {.name = "label", .doc = "how tables and figures call it"},
        {.name = "unit",
         .doc = "unit of low and high, and of values without one; that of the parameter without it"},
        {.name = "values", .kind = Kind::kAnything, .doc = "grid, list, oat: the values in turn"},
        {.name = "base", .doc = "oat: the value while another parameter moves"},
        {.name = "law",
         .kind = Kind::kChoice,
         .doc = "distribution of random, lhs, morris and sobol; normal laws take low and high as their "
                "central 95 %",
         .choices = names(kPriors)},
        {.name = "low", .doc = "lower end; the range of belief of the parameter without it"},
        {.name = "high", .doc = "upper end"},
    };
    return table;
}

const Table& outcome_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "column of the results"},
        {.name = "value",
         .doc = "a formula over series of the history in place of quantity, take and time, such as "
                "days(response_index > 0.5) or max(bdnf, 0 h, 1 d); times count from the first dose"},
        {.name = "quantity",
         .doc = "what is read: a series of the history (see: respine list observables), an imaging quantity, "
                "or a "
                "measure of the graph"},
        {.name = "take",
         .pattern = fmt::format("^({})( .*)?$", fmt::join(names(take_rows()), "|")),
         .doc = "what is taken of it, with its level: peak, first_above 0.5 uM"},
        {.name = "time",
         .pattern = "^.*[a-z].*$",
         .doc = "24 h, 1 h to 6 h, to 1 d; since the first dose unless it says since what"},
        {.name = "times",
         .kind = Kind::kTextList,
         .doc = "in place of time: several, such as [0 h, 6 h, 1 d]; each is an outcome NAME_TIME of its "
                "own, and "
                "effects and indices are drawn over time"},
        {.name = "against",
         .doc = "what is subtracted: an arm, 'before' the dose, or the value at a time; 'share of', 'percent "
                "of' or "
                "'percent above' divide"},
    };
    return table;
}

const Table& study_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "short name, used for the work folder"},
        {.name = "title", .doc = "one sentence"},
        {.name = "scenario", .doc = "scenario that is varied, a name or a path"},
        {.name = "set", .kind = Kind::kAnything, .doc = "settings of every run as for --set, {path: value}"},
        {.name = "arms",
         .kind = Kind::kMapList,
         .doc = "drugs, schedules, knock-outs: each is crossed with all points",
         .nested = arm_table()},
        {.name = "design",
         .kind = Kind::kMap,
         .doc = "which points are run; a grid without it",
         .nested = design_table()},
        {.name = "parameters",
         .kind = Kind::kMapList,
         .doc = "what moves; only arms and seeds differ without it",
         .nested = factor_table()},
        integer_key("replicates", 1, 1e6, "seeds of every point; arms and points share them"),
        integer_key("cohort", 2, 1e6, "drawn subjects of every point; arms and points share them"),
        integer_key("first_seed", 0, 1e15, "the first of them"),
        {.name = "seeds",
         .kind = Kind::kChoice,
         .doc = "whether points share their seeds, or each has its own and only its arms share it; shared "
                "without it",
         .choices = {"shared", "own"}},
        {.name = "outcomes",
         .kind = Kind::kMapList,
         .required = true,
         .doc = "what is read off each run",
         .nested = outcome_table()},
        {.name = "x",
         .doc = "outcome or parameter on the horizontal axis of the figures; the first parameter without it"},
        {.name = "histories",
         .kind = Kind::kTextList,
         .doc = "series of the history that every point keeps (all for every one): a new outcome of these is "
                "read "
                "off a finished study without a run"},
        {.name = "keep",
         .kind = Kind::kChoice,
         .doc = "which run files stay: none without it",
         .choices = {"all", "failed", "none"}},
    };
    return table;
}

}  // namespace respine
