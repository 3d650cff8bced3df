// Every kernel and whole steps, beside the limits that the same binary measures in the same run.
// Networks are built one at a time, and all benchmarks of one stand together, so memory holds one network and
// neighbours share a moment.

#include <benchmark/benchmark.h>
#include <omp.h>

#include <memory>
#include <string_view>

#include "analysis/bench/workload.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {
namespace {

struct Size {
    u32 neurons, synapses;
};

struct Place {
    std::string kind;
    Size size;
    bool operator==(const Place& o) const {
        return kind == o.kind && size.neurons == o.size.neurons && size.synapses == o.size.synapses;
    }
};

Workload& workload(const Place& place) {
    static Place built;
    static std::unique_ptr<Workload> kept;
    if (kept && built == place) return *kept;
    kept.reset();
    built = place;
    kept = std::make_unique<Workload>(place.kind, place.size.neurons, place.size.synapses);
    return *kept;
}

void measure(benchmark::State& state, const Kernel& kernel, const Place& place, int threads) {
    omp_set_num_threads(threads);
    Workload& w = workload(place);
    w.restart();
    if (kernel.prepare) kernel.prepare(w);
    kernel.run(w);
    const double checksum = kernel.checksum(w);
    Work done;
    double seconds = 0.0;
    for (auto _ : state) {
        if (kernel.prepare) kernel.prepare(w);
        const auto start = wall_now();
        const Work one = kernel.run(w);
        const double taken = seconds_since(start);
        state.SetIterationTime(taken);
        seconds += taken;
        done.items += one.items;
        done.bytes += one.bytes;
    }
    const double calls = static_cast<double>(state.iterations()), items = static_cast<double>(done.items);
    state.SetItemsProcessed(done.items);
    state.SetBytesProcessed(done.bytes);
    state.SetLabel(kernel.item);
    state.counters["checksum"] = checksum;
    state.counters["items"] = items / calls;
    state.counters["ns_per_item"] = 1e9 * seconds / items;
    state.counters["bytes_per_item"] = static_cast<double>(done.bytes) / items;
    if (done.bytes > 0)
        state.counters["stream_share"] =
            streaming_seconds(done.bytes / static_cast<i64>(state.iterations())) * calls / seconds;
}

// `suffix`: a twin of a benchmark, measured later in the run; their ratio is the noise.
void add(const Kernel& kernel, const Place& place, const std::vector<int>& threads,
         const std::string& suffix = "") {
    for (int n : threads) {
        const std::string name =
            kernel.name + suffix + "/" + place.kind + "/neurons:" + std::to_string(place.size.neurons) +
            "/synapses:" + std::to_string(place.size.synapses) + "/threads:" + std::to_string(n);
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& s) { measure(s, kernel, place, n); })
            ->UseManualTime()
            ->MinTime(0.1)
            ->Unit(benchmark::kMillisecond);
    }
}

bool measured_twice(const Kernel& k) {
    const std::string_view name = k.name;
    return name == "stream_synapses" || name == "plain_gather" || name == "gather_plastic" ||
           name == "turnover";
}

constexpr Kernel kGenerate = {"generate", "synapse", [](Workload& w) { return w.generate(); }, nullptr,
                              [](const Workload& w) { return static_cast<double>(w.live); }};
constexpr Kernel kWholeStep = {"whole_step", "synapse", [](Workload& w) { return w.whole_step(); }, nullptr,
                               [](const Workload& w) { return w.step_checksum; }};

void add_all() {
    const int all = omp_get_num_procs();
    const std::vector<int> threads = all > 1 ? std::vector<int>{1, all} : std::vector<int>{1};
    for (const Size size :
         {Size{10000, 100}, Size{10000, 1000}, Size{100000, 100}, Size{100000, 1000}, Size{1000000, 100}})
        for (const char* kind : {"sheet", "random"}) {
            const bool random = std::string(kind) == "random";
            const Place place{kind, size};
            for (const auto table : {limits(), kernels()})
                for (const Kernel& k : table)
                    if (!random || k.random_sources) add(k, place, threads);
            for (const auto table : {limits(), kernels()})
                for (const Kernel& k : table)
                    if (measured_twice(k) && (!random || k.random_sources)) add(k, place, threads, "_again");
            if (random) continue;
            if (size.neurons * u64{size.synapses} <= 10000000) add(kGenerate, place, {1});
            add(kWholeStep, place, threads);
        }
}

}  // namespace
}  // namespace respine

int main(int argc, char** argv) {
    respine::add_all();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::AddCustomContext("revision", respine::revision_text());
    benchmark::AddCustomContext("compiler", __VERSION__);
    benchmark::AddCustomContext("flags", respine::flags_text());
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
