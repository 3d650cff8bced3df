// The keys of an inference's specification.

#include "analysis/infer/inference_spec.hpp"
#include "analysis/study/study_keys.hpp"

namespace respine {

namespace {

Key number_key(const char* name, double low, double high, const char* doc) {
    return {.name = name, .kind = Kind::kQuantity, .units = "1", .low = low, .high = high, .doc = doc};
}

Table waves_table() {
    return {
        integer_key("count", 1, 20, "waves; 3 without it"),
        integer_key("points", 20, 1e6, "parameter sets of each; 250 without it"),
        integer_key("repeats", 0, 1e6,
                    "of them that run with a second seed, for the noise of the simulator; 20 without it")};
}

Table error_table() {
    return {
        number_key("study", 0.0, 10.0,
                   "SD of the half-normal prior of what the rows of one study share, in spreads of a row; "
                   "0.5 without it"),
        number_key("row", 0.0, 10.0, "the same of what each row has of its own")};
}

Table sampler_table() {
    return {integer_key("walkers", 40, 10000, "of the ensemble; 80 without it"),
            integer_key("steps", 100, 1e7, "of each walker; 3000 without it"),
            integer_key("members", 20, 10000, "parameter sets that posterior.h5 keeps; 200 without it")};
}

}  // namespace

const Table& inference_parameter_table() {
    static const Table table = [] {
        Table keys;
        for (const Key& key : factor_table())
            if (key.name != "values" && key.name != "base") keys.push_back(key);
        return keys;
    }();
    return table;
}

const Table& inference_table() {
    static const Table table = {
        {.name = "name", .required = true, .doc = "short name, used for the work folder"},
        {.name = "title", .doc = "one sentence"},
        {.name = "hypothesis",
         .doc = "rival account that every scenario runs under: name in configs/hypotheses, or path"},
        {.name = "set", .kind = Kind::kAnything, .doc = "settings of every run as for --set, {path: value}"},
        {.name = "infer",
         .kind = Kind::kMapList,
         .required = true,
         .doc = "parameters of the model; their range of belief and the law of their mark unless told",
         .nested = inference_parameter_table()},
        {.name = "targets",
         .kind = Kind::kTextList,
         .required = true,
         .doc = "rows of configs/reference/targets.csv, by id"},
        {.name = "waves", .kind = Kind::kMap, .doc = "what is simulated", .nested = waves_table()},
        {.name = "model_error",
         .kind = Kind::kMap,
         .doc = "how far the best parameters may miss what was measured",
         .nested = error_table()},
        {.name = "sampler", .kind = Kind::kMap, .doc = "of the posterior", .nested = sampler_table()},
        integer_key("seed", 0, 1e7, "of the design, the runs and the sampler"),
    };
    return table;
}

}  // namespace respine
