#include "analysis/rivals/experiments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/validate/targets.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

double sd_of(const std::vector<double>& values) {
    const double error = standard_error(values);
    return std::isfinite(error) ? error * std::sqrt(static_cast<double>(values.size())) : 0.0;
}

// A run that does not reach the time, or has no series of the kind, gives no value.
Number read_or_none(const MeasureWords& words, const std::string& run, const std::string& other,
                    OpenRuns& runs) {
    try {
        return read_off(words, run, other, runs);
    } catch (const Error&) {
        return {kNoValue, ""};
    }
}

void predict(Prediction& p, size_t rival, int seeds, const RunOf& run_of, OpenRuns& runs) {
    const MeasureWords words{p.readout->quantity, "at", p.time};
    std::vector<double> effects, without;
    for (int seed = 1; seed <= seeds; ++seed) {
        const std::string treated = run_of(rival, p.arm->scenario, seed),
                          vehicle = run_of(rival, p.arm->vehicle, seed);
        const Number with = read_or_none(words, treated, vehicle, runs);
        const Number reference = read_or_none(words, vehicle, treated, runs);
        if (!std::isfinite(with.value) || !std::isfinite(reference.value)) continue;
        p.unit = with.unit;
        effects.push_back(with.value - reference.value);
        without.push_back(reference.value);
    }
    const bool some = !effects.empty();
    p.effect[rival] = some ? mean_of(effects) : kNoValue;
    p.noise[rival] = some ? sd_of(effects) : kNoValue;
    p.sd[rival] = some ? p.readout->sd(mean_of(without)) : kNoValue;
}

}  // namespace

std::vector<Prediction> predictions(const std::vector<Trial>& arms, const std::vector<Readout>& readouts,
                                    size_t rivals, int seeds, const RunOf& run_of,
                                    const std::function<void(size_t)>& read) {
    std::vector<Prediction> all;
    for (const Trial& arm : arms) {
        OpenRuns runs;  // of one scenario at a time: open files are kept
        for (const Readout& readout : readouts) {
            if (!readout.is_for(arm.species)) continue;
            for (const std::string& time : readout.times) {
                Prediction p{&arm, &readout, time, "", {}, {}, {}};
                for (auto* values : {&p.effect, &p.noise, &p.sd}) values->assign(rivals, kNoValue);
                for (size_t h = 0; h < rivals; ++h) predict(p, h, seeds, run_of, runs);
                all.push_back(std::move(p));
            }
        }
        read(static_cast<size_t>(&arm - arms.data()) + 1);
    }
    return all;
}

double separation(const Prediction& p, size_t a, size_t b) {
    const double between = 0.5 * (p.noise[a] * p.noise[a] + p.noise[b] * p.noise[b]);
    const double sd = 0.5 * (p.sd[a] + p.sd[b]);
    return std::fabs(p.effect[a] - p.effect[b]) / std::sqrt(sd * sd + between);
}

double animals(double d) {
    constexpr double kOneSided = 1.6449;  // z_0.95
    return std::max(2.0, std::ceil(2.0 * std::pow(2.0 * kOneSided / d, 2.0)));
}

}  // namespace respine
