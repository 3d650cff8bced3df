// The result file of a benchmark: written, read back and checked. Its form is in bench/PROBLEM.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/bench/machine_state.hpp"
#include "analysis/bench/measure.hpp"
#include "analysis/bench/verify.hpp"

namespace respine {

inline constexpr const char* kBenchFormat = "respine-bench";
inline constexpr int kBenchVersion = 1;

struct Verified {
    std::string topology;
    std::vector<Check> checks;
};

struct BenchResult {
    ProblemClass size;
    u64 neurons = 0, synapses = 0;                         // as built, of the first topology
    nlohmann::json parameters = nlohmann::json::object();  // of the first topology
    std::vector<Verified> verified;
    std::vector<Timing> timings;
    QuietWatch::Shares machine{};
    bool passed() const;
};

// The numbers of bench/PROBLEM.md, by the symbols that stand there.
nlohmann::json parameters_of(const Problem& problem);

nlohmann::json to_json(const BenchResult& result);

// What is wrong with a result file, each with its place; nothing if all is right.
std::vector<std::string> faults_of(const nlohmann::json& result);

}  // namespace respine
