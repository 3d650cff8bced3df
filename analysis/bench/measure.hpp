// Timings of the kernels of a problem, in shuffled repetitions, each beside a twin of itself and its limits.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/bench/limits.hpp"
#include "analysis/bench/problem.hpp"

namespace respine {

struct Timing {
    std::string topology, kernel, item;
    int threads = 1;
    double items = 0.0, bytes = 0.0;     // of a call, medians
    std::vector<double> seconds, again;  // of a call, in each repetition; of the twin
    std::vector<double> streaming;       // reading as many bytes in order, right behind each repetition
    std::optional<double> joules;        // of a call, median

    double median_seconds() const;
    double per_second() const;  // items
    double twin_ratio() const;  // the slower over the faster
    std::optional<double> stream_share() const;
    bool open() const { return twin_ratio() > 1.3; }  // too noisy for a verdict
};

struct MeasurePlan {
    std::vector<int> threads;
    int repetitions = 5;
    double least_seconds = 0.02;  // of a repetition: short kernels are called more often
};

// Calls told(done, all) now and then.
std::vector<Timing> measure(Problem& problem, const MeasurePlan& plan,
                            const std::function<void(size_t, size_t)>& told);

double median(std::vector<double> values);

}  // namespace respine
