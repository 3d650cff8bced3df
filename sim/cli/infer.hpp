// What respine infer does in its parts.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>

#include "analysis/infer/wave.hpp"
#include "sim/cli/study_shard.hpp"

namespace respine {

struct InferOptions : StudyOptions {
    std::string targets, hypothesis, design;
    int check = 0;
    bool leave_out = false, rivals = false;
};

inline constexpr const char* kStatistics = "infer/main.py";

// One inference and the folder of its work.
struct Inference {
    InferenceSpec spec;
    std::string folder;
    u32 checks;  // data sets that the model makes

    explicit Inference(const InferOptions& options);

    std::string file(const std::string& name) const { return folder + "/" + name; }
    // Of a wave by its number, or of the data sets that check the inference.
    std::string name_of(u32 wave) const;
    std::string points(u32 wave) const { return file("points-" + name_of(wave) + ".csv"); }
    std::string values(u32 wave) const { return file("values-" + name_of(wave) + ".csv"); }
    std::string runs(u32 wave) const { return file("wave-" + name_of(wave)); }

    // The folder belongs to this specification and this program.
    void claim() const;

    // The first wave covers the priors; each further one what those before it leave.
    UnitPoints points_of_wave(u32 wave) const;
};

// Runs what is missing of a study, and writes its results. Returns whether it is whole: ranks of one program
// wait for each other; shards that are started apart may not, because the others may not be running.
bool run_whole(const InferOptions& options, Study& study, const Shard& shard);

// Which measurement would narrow a prediction most: the posterior's members through every experiment of
// configs/reference/readouts.csv, and one sentence a row. The inference must be done.
void run_design(const InferOptions& options, const Inference& inference);

}  // namespace respine
