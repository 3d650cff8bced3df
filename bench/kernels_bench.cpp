// Kernels beside their limits, measured by the same binary in the same run: bytes streamed, a plain gather loop, Philox alone.
// Every row carries a checksum, so a fast wrong kernel shows.

#include <benchmark/benchmark.h>
#include <omp.h>

#include <memory>

#include "kernels/drive.hpp"
#include "kernels/pruning.hpp"
#include "sim/io/inputs.hpp"
#include "sim/io/scenario_yaml.hpp"
#include "sim/simulation.hpp"

namespace respine {
namespace {

// One network a size, built once: neurons x synapses per neuron.
Simulation& network(i64 neurons, i64 synapses) {
    static std::map<std::pair<i64, i64>, std::unique_ptr<Simulation>> built;
    auto& slot = built[{neurons, synapses}];
    if (!slot) {
        const Settings settings = {{"network.neurons", std::to_string(neurons)}, {"network.synapses_per_neuron", std::to_string(synapses)}};
        slot = std::make_unique<Simulation>(load_inputs(load_scenario("mouse-vehicle", settings)));
    }
    return *slot;
}

struct Rows {
    explicit Rows(Network& n) : network(n), rows(n.rows()), published(n.excitatory, 1.0F), out(n.excitatory) {
        for (size_t i = 0; i < published.size(); ++i) published[i] = static_cast<float>(1 + i % 7);
        for (u32 live : n.live) synapses += live;
    }
    Network& network;
    SynapseRows rows;
    std::vector<float> published, out;
    i64 synapses = 0;
};

void finish(benchmark::State& state, i64 items, i64 bytes, double checksum) {
    state.SetItemsProcessed(state.iterations() * items);
    state.SetBytesProcessed(state.iterations() * bytes);
    state.counters["checksum"] = checksum;
    state.counters["ns_per_item"] = benchmark::Counter(static_cast<double>(items) * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

Network copy_of(benchmark::State& state) {
    omp_set_num_threads(static_cast<int>(state.range(2)));
    return network(state.range(0), state.range(1)).network();
}

// The hard limit of the drive: the same bytes, read in order.
void StreamSynapseBytes(benchmark::State& state) {
    Network net = copy_of(state);
    Rows r(net);
    u64 sum = 0;
    for (auto _ : state) {
        sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(static)
        for (size_t k = 0; k < net.source.size(); ++k) sum += net.source[k] + net.log_size[k];
        benchmark::DoNotOptimize(sum);
    }
    finish(state, r.synapses, 6 * r.synapses, static_cast<double>(sum % 1000003));
}

// What everybody would write: sum += w[k] * rate[source[k]].
void PlainGather(benchmark::State& state) {
    Network net = copy_of(state);
    Rows r(net);
    std::vector<float> weight(net.source.size(), 1.0F);
    for (auto _ : state) {
#pragma omp parallel for schedule(static)
        for (size_t i = 0; i < net.live.size(); ++i) {
            float sum = 0.0F;
            for (u64 k = net.row_begin[i]; k < net.row_begin[i] + net.live[i]; ++k) sum += weight[k] * r.published[net.source[k]];
            r.out[i] = sum;
        }
        benchmark::DoNotOptimize(r.out.data());
    }
    finish(state, r.synapses, 8 * r.synapses, r.out[0]);
}

void GatherPlastic(benchmark::State& state) {
    Network net = copy_of(state);
    Rows r(net);
    for (auto _ : state) {
        gather_plastic(r.rows, r.published, 0, net.excitatory, r.out);
        benchmark::DoNotOptimize(r.out.data());
    }
    finish(state, r.synapses, 6 * r.synapses, r.out[0]);
}

// The limit of the walk: its random numbers alone, four synapses a call.
void PhiloxAlone(benchmark::State& state) {
    Network net = copy_of(state);
    Rows r(net);
    u64 sum = 0;
    for (auto _ : state) {
        sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(static)
        for (size_t i = 0; i < net.live.size(); ++i)
            for (u32 k = 0; k < net.live[i]; k += 4 * kPhiloxLanes) {
                PhiloxLanes lanes;
                philox_lanes(1, Stream::kWalk, static_cast<u32>(i), k / 4, 0, lanes);
                sum += lanes.word[0][0] + lanes.word[3][kPhiloxLanes - 1];
            }
        benchmark::DoNotOptimize(sum);
    }
    finish(state, r.synapses, 0, static_cast<double>(sum % 1000003));
}

void TurnOverSpines(benchmark::State& state) {
    Network net = copy_of(state);
    Rows r(net);
    const Model& model = network(state.range(0), state.range(1)).model();
    std::vector<float> loss(kSizeTable);
    fill_loss_table(model.pruning, 1.0, 1.0 / 48.0, loss);
    std::vector<u32> lost(block_count(net.excitatory));
    u32 tick = 0;
    for (auto _ : state) {
        const TurnoverInput in{walk_step(model.spine_size, 1.0 / 48.0), loss, net.equilibrium, model.pruning.homeostasis, 1, ++tick};
        turn_over_spines(in, r.rows, net.out_degree, lost, {});
    }
    finish(state, r.synapses, 8 * r.synapses, static_cast<double>(net.live_synapses()));
}

// A quiet slow step with its structural step, everything included.
void WholeQuietStep(benchmark::State& state) {
    omp_set_num_threads(static_cast<int>(state.range(2)));
    Simulation& sim = network(state.range(0), state.range(1));
    const i64 synapses = static_cast<i64>(sim.state().live + sim.network().fixed_source.size());
    for (auto _ : state) sim.advance();
    finish(state, synapses, 0, static_cast<double>(sim.state().live));
}

void sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"neurons", "synapses", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
    for (i64 threads : {1, omp_get_num_procs()})
        for (const auto& [n, k] : {std::pair<i64, i64>{10000, 100}, {100000, 100}, {10000, 1000}}) b->Args({n, k, threads});
}

BENCHMARK(StreamSynapseBytes)->Apply(sizes);
BENCHMARK(PlainGather)->Apply(sizes);
BENCHMARK(GatherPlastic)->Apply(sizes);
BENCHMARK(PhiloxAlone)->Apply(sizes);
BENCHMARK(TurnOverSpines)->Apply(sizes);
BENCHMARK(WholeQuietStep)->Apply(sizes);

}  // namespace
}  // namespace respine

BENCHMARK_MAIN();
