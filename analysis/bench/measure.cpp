#include "analysis/bench/measure.hpp"

#include <omp.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "analysis/bench/machine_state.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

struct Measured {
    const char *name, *item;
    Work (*run)(Problem&, const PlainRows&);
    void (*prepare)(Problem&);  // before every call, not timed; may be null
};

constexpr Measured kMeasured[] = {
    {"drive", "synapse gathered", [](Problem& p, const PlainRows&) { return p.drive(); }, nullptr},
    {"turnover", "synapse updated", [](Problem& p, const PlainRows&) { return p.turn_over(p.half_hour); },
     nullptr},
    {"loss", "synapse lost",
     [](Problem& p, const PlainRows&) {
         const Work all = p.turn_over(p.all_day);
         return Work{p.lost, all.bytes};
     },
     [](Problem& p) { p.fill_room(); }},
    {"formation", "synapse formed", [](Problem& p, const PlainRows&) { return p.form(1.0); },
     [](Problem& p) { p.make_room(p.all_day); }},
    {"quiet formation", "synapse formed",
     [](Problem& p, const PlainRows&) { return p.form(p.half_hour.days); },
     [](Problem& p) { p.make_room(p.half_hour); }},
    {"day", "day simulated", [](Problem& p, const PlainRows&) { return p.day(); }, nullptr},
    {"plain loop", "synapse gathered", plain_gather, nullptr},
    {"random numbers", "synapse updated", [](Problem& p, const PlainRows&) { return philox_alone(p); },
     nullptr},
};

// One repetition: seconds, items and bytes of a call in the mean.
struct Repetition {
    double seconds = 0.0, items = 0.0, bytes = 0.0;
    std::optional<double> joules;
};

Repetition repeat(const Measured& kernel, Problem& p, const PlainRows& plain, double least) {
    Repetition r;
    int calls = 0;
    double joules = 0.0;
    bool counted = true;
    do {
        if (kernel.prepare) kernel.prepare(p);
        const std::optional<double> before = joules_so_far();
        const WallTime begun = wall_now();
        const Work work = kernel.run(p, plain);
        r.seconds += seconds_since(begun);
        const std::optional<double> after = joules_so_far();
        counted = counted && before && after && *after >= *before;  // the counter wraps around
        if (counted) joules += *after - *before;
        r.items += static_cast<double>(work.items);
        r.bytes += static_cast<double>(work.bytes);
        ++calls;
    } while (r.seconds < least);
    for (double* v : {&r.seconds, &r.items, &r.bytes}) *v /= calls;
    if (counted) r.joules = joules / calls;
    return r;
}

// One kernel on so many threads, or its twin.
struct Turn {
    size_t row;
    bool again;
};

}  // namespace

double median(std::vector<double> values) {
    if (values.empty()) return 0.0;
    std::sort(values.begin(), values.end());
    const size_t n = values.size();
    return 0.5 * (values[(n - 1) / 2] + values[n / 2]);
}

double Timing::median_seconds() const { return median(seconds); }
double Timing::per_second() const { return items / median_seconds(); }
double Timing::twin_ratio() const {
    const double ratio = median(again) / median_seconds();
    return std::max(ratio, 1.0 / ratio);
}
std::optional<double> Timing::stream_share() const {
    if (bytes <= 0.0 || kernel == "day") return std::nullopt;
    return median(streaming) / median_seconds();
}

std::vector<Timing> measure(Problem& p, const MeasurePlan& plan,
                            const std::function<void(size_t, size_t)>& told) {
    const PlainRows plain = store_plainly(p);
    std::vector<Timing> rows;
    std::vector<Turn> turns;
    for (const int threads : plan.threads)
        for (const Measured& kernel : kMeasured) {
            Timing row;
            row.topology = kTopologyNames[static_cast<size_t>(p.topology)];
            row.kernel = kernel.name, row.item = kernel.item, row.threads = threads;
            for (const bool again : {false, true}) turns.push_back({rows.size(), again});
            rows.push_back(row);
        }
    std::vector<std::vector<double>> items(rows.size()), bytes(rows.size()), joules(rows.size());
    std::mt19937 shuffle(1);
    size_t done = 0;
    for (int repetition = 0; repetition < plan.repetitions; ++repetition) {
        std::shuffle(turns.begin(), turns.end(), shuffle);
        for (const Turn& turn : turns) {
            Timing& row = rows[turn.row];
            omp_set_num_threads(row.threads);
            const Repetition r =
                repeat(kMeasured[turn.row % std::size(kMeasured)], p, plain, plan.least_seconds);
            (turn.again ? row.again : row.seconds).push_back(r.seconds);
            items[turn.row].push_back(r.items);
            bytes[turn.row].push_back(r.bytes);
            if (r.joules) joules[turn.row].push_back(*r.joules);
            if (r.bytes > 0.0 && row.kernel != "day")
                row.streaming.push_back(streaming_seconds(static_cast<i64>(r.bytes)));
            told(++done, turns.size() * static_cast<size_t>(plan.repetitions));
        }
    }
    for (size_t k = 0; k < rows.size(); ++k) {
        rows[k].items = median(items[k]);
        rows[k].bytes = median(bytes[k]);
        if (joules[k].size() == items[k].size()) rows[k].joules = median(joules[k]);
    }
    return rows;
}

}  // namespace respine
