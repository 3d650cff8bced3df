// Coordination of activity: the response matrix against the network itself, and what a session says against
// the whole covariance matrix and against a noisy simulation.

#include "sim/coordination/coordination.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "kernels/numerics/random.hpp"
#include "sim/coordination/probes.hpp"
#include "tests/kernels/helpers.hpp"
#include "tests/reference/linear_response.hpp"
#include "tests/support.hpp"

namespace respine {
namespace {

using test::run_to;
using test::shrunk;

constexpr double kForever = 1e6;  // [s] one explicit step of this length ends in the settled rates

NeuronArray<float> settled_at(Simulation& sim, const NeuronArray<float>& rate,
                              std::span<const float> external = {}) {
    sim.mutable_state().rate = rate;
    sim.step_network_explicitly(kForever, external);
    return sim.state().rate;
}

// J v by a central difference, which is exact for the square of the gain.
std::vector<double> by_difference(Simulation& sim, const NeuronArray<float>& at, std::span<const double> v) {
    NeuronArray<float> up(at), down(at);
    for (size_t i = 0; i < at.size(); ++i) {
        up[i] += static_cast<float>(0.1 * v[i]);
        down[i] -= static_cast<float>(0.1 * v[i]);
    }
    const NeuronArray<float> high = settled_at(sim, up), low = settled_at(sim, down);
    std::vector<double> out;
    for (size_t i = 0; i < at.size(); ++i)
        out.push_back((static_cast<double>(high[i]) - static_cast<double>(low[i])) / 0.2);
    return out;
}

// Under a drug, with potentiated synapses and whatever else the chain has moved.
void expect_the_matrix_is_the_derivative(const std::string& scenario, u32 neurons, Tick at) {
    Scenario s = shrunk(scenario, neurons, 60, at + kDay);
    s.start = -kHour;
    s.duration = at + 2 * kHour;
    s.snapshots.clear();
    s.sessions.clear();
    Simulation sim(load_inputs(s));
    run_to(sim, at);
    sim.relax_network();
    const NeuronArray<float> rate = sim.state().rate;
    const ResponseMatrix m = response_matrix(sim);
    std::vector<double> v(rate.size()), expected(rate.size(), 0.0);
    draw_signs(1, 0, 0, v.size(), v);
    for (size_t i = 0; i < v.size(); ++i)
        for (u64 k = m.j.begin[i]; k < m.j.begin[i + 1]; ++k)
            expected[i] += static_cast<double>(m.j.weight[k]) * v[m.j.source[k]];
    test::expect_close(by_difference(sim, rate, v), expected, 1e-2, 1e-3);
}

TEST(Coordination, TheMatrixIsTheDerivativeOfTheNetworkUnderADrug) {
    expect_the_matrix_is_the_derivative("mouse-ketamine-10mgkg", 300, kHour / 2);
    expect_the_matrix_is_the_derivative("mouse-regions", 600, 4 * kHour);
}

TEST(Coordination, TheMatrixKnowsInhibitionThatIsMatched) {
    expect_the_matrix_is_the_derivative("microcircuit-ketamine", 800, kHour / 2);
}

Scenario looked_at(const std::string& name, u32 neurons, u32 probes, u32 synapses = 60) {
    Scenario s = shrunk(name, neurons, synapses, kHour);
    s.snapshots.clear();
    s.sessions.clear();
    s.coordination.sessions = {s.start};
    s.coordination.probes = probes;
    return s;
}

std::map<std::string, double> session_of(const Simulation& sim) {
    const auto rows = coordination_rows(sim.network());
    const std::vector<double> values = measure_coordination(sim);
    EXPECT_EQ(values.size(), coordination_width(sim.network()));
    std::map<std::string, double> out;
    for (size_t k = 0; k < rows.size(); ++k) out[rows[k].name] = values[k];
    return out;
}

TEST(Coordination, SaysWhatTheWholeMatrixSays) {
    Simulation sim(load_inputs(looked_at("mouse-vehicle", 250, 64)));
    auto got = session_of(sim);
    const ResponseMatrix m = response_matrix(sim);
    const auto whole = reference::coordination(reference::covariance(reference::dense(m.j.rows()), m.noise),
                                               sim.network().excitatory);
    EXPECT_NEAR(got["variance"], whole.variance, 4.0 * got["error_variance"] + 1e-12);
    EXPECT_NEAR(got["correlation"], whole.correlation, 4.0 * got["error_correlation"]);
    EXPECT_NEAR(got["dimensionality"], whole.dimensionality, 4.0 * got["error_dimensionality"]);
    EXPECT_LT(got["error_dimensionality"] / whole.dimensionality, 0.02);
    EXPECT_LT(got["error_variance"] / whole.variance, 0.01);
    EXPECT_GT(got["ensemble_driven"], got["ensemble_other"]);
}

TEST(Coordination, RegionsStandApartAndTogether) {
    Simulation sim(load_inputs(looked_at("mouse-regions", 600, 8)));
    auto got = session_of(sim);
    for (const char* name : {"variance_PFC", "dimensionality_HPC", "completion_BLA", "correlation_PFC_BLA"})
        EXPECT_TRUE(std::isfinite(got.at(name))) << name;
    EXPECT_GT(got["dimensionality"], got["dimensionality_PFC"]);
    EXPECT_LT(std::fabs(got["correlation_HPC_BLA"]), std::fabs(got["correlation_PFC"]));
}

TEST(Coordination, SameBitsForAnyThreadCount) {
    Simulation sim(load_inputs(looked_at("mouse-regions", 400, 4)));
    test::expect_same_bits_for_any_thread_count([&] { return measure_coordination(sim); });
}

TEST(Coordination, LooksAndTouchesNothing) {
    Simulation sim(load_inputs(looked_at("mouse-vehicle", 200, 4)));
    const State before = sim.state();
    (void)measure_coordination(sim);
    EXPECT_EQ(sim.state().rate, before.rate);
    EXPECT_EQ(sim.state().recurrent, before.recurrent);
}

// Mean rates of long windows of the explicit integrator, with white noise on every input.
constexpr double kNoise = 5e-4, kStep = 0.002, kWindow = 1.0;  // [s]
constexpr size_t kWindows = 3000, kStepsOfWindow = 500;

std::vector<std::vector<double>> noisy_windows(Simulation& sim, const NeuronArray<float>& rate) {
    const NeuronArray<float>& drive = sim.network().external;  // no drug: it acts as any input
    NeuronArray<float> external(drive);
    std::vector<std::vector<double>> windows;
    sim.mutable_state().rate = rate;
    for (size_t w = 0; w < kWindows; ++w) {
        std::vector<double> sum(rate.size(), 0.0);
        for (size_t step = 0; step < kStepsOfWindow; ++step) {
            for (size_t i = 0; i < external.size(); ++i) {
                const Draw u = philox(99, Stream::kSubject, static_cast<u32>(i), static_cast<u32>(step),
                                      static_cast<u32>(w));
                external[i] = drive[i] + static_cast<float>(std::sqrt(kNoise / kStep) * normal(u[0], u[1]));
            }
            sim.step_network_explicitly(kStep, external);
            for (size_t i = 0; i < sum.size(); ++i) sum[i] += sim.state().rate[i];
        }
        for (double& v : sum) v /= kStepsOfWindow;
        windows.push_back(std::move(sum));
    }
    return windows;
}

// Sample covariance times the window; that of the square has the part that finite sampling adds taken off.
reference::Coordination sampled(const std::vector<std::vector<double>>& windows, size_t cells) {
    const double n = static_cast<double>(windows.size()), degrees = n - 1.0,
                 size = static_cast<double>(cells);
    std::vector<double> mean(cells, 0.0);
    for (const auto& w : windows)
        for (size_t i = 0; i < cells; ++i) mean[i] += w[i] / n;
    reference::Matrix c(cells, std::vector<double>(cells, 0.0));
    for (const auto& w : windows)
        for (size_t i = 0; i < cells; ++i)
            for (size_t k = 0; k < cells; ++k)
                c[i][k] += (w[i] - mean[i]) * (w[k] - mean[k]) * kWindow / degrees;
    reference::Coordination found = reference::coordination(c, cells);
    const double trace = found.variance * size, square = trace * trace / found.dimensionality;
    found.dimensionality = trace * trace / ((square - trace * trace / degrees) / (1.0 + 1.0 / degrees));
    return found;
}

TEST(CoordinationNoise, LinearResponseIsWithinATenthOfANoisySimulation) {
    omp_set_num_threads(1);  // a step of so few neurons is shorter than waking a thread
    Scenario s = looked_at("mouse-vehicle", 150, 256, 40);
    s.coordination.ensembles = 1;
    s.coordination.ensemble = 0.2;
    s.overrides.emplace_back("linear_response.noise", "0.0005 s");
    Simulation sim(load_inputs(s));
    auto linear = session_of(sim);
    const NeuronArray<float> rate = sim.state().rate;
    const size_t cells = sim.network().excitatory;
    const auto noisy = sampled(noisy_windows(sim, rate), cells);
    printf("variance %.4g %.4g, correlation %.4g %.4g, dimensionality %.4g %.4g\n", linear["variance"],
           noisy.variance, linear["correlation"], noisy.correlation, linear["dimensionality"],
           noisy.dimensionality);
    EXPECT_NEAR(noisy.variance / linear["variance"], 1.0, 0.1);
    EXPECT_NEAR(noisy.correlation / linear["correlation"], 1.0, 0.1);
    EXPECT_NEAR(noisy.dimensionality / linear["dimensionality"], 1.0, 0.1);

    // A weak steady input to half of an ensemble, in the same integrator.
    const ProbeEnsemble e = ensemble_of(sim, 0, 0);
    NeuronArray<float> external(sim.network().external);
    constexpr float kWeak = 0.05F;
    for (size_t k = 0; k < e.members; k += 2) external[e.cells[k]] += kWeak;
    const auto settle = [&](std::span<const float> drive) {
        sim.mutable_state().rate = rate;
        for (int step = 0; step < 500; ++step) sim.step_network_explicitly(kStep, drive);
        return sim.state().rate;
    };
    const NeuronArray<float> with = settle(external), without = settle(sim.network().external);
    const auto mean = [&](size_t first, size_t last, size_t step) {
        double sum = 0.0, n = 0.0;
        for (size_t k = first; k < last; k += step, n += 1.0)
            sum += static_cast<double>(with[e.cells[k]]) - static_cast<double>(without[e.cells[k]]);
        return sum / n / static_cast<double>(kWeak);
    };
    const double driven = mean(0, e.members, 2), other = mean(1, e.members, 2),
                 rest = mean(e.members, e.cells.size(), 1);
    printf("driven %.4g %.4g, other %.4g %.4g, rest %.4g %.4g\n", linear["ensemble_driven"], driven,
           linear["ensemble_other"], other, linear["ensemble_rest"], rest);
    EXPECT_NEAR(driven / linear["ensemble_driven"], 1.0, 0.1);
    EXPECT_NEAR((other - rest) / driven / linear["completion"], 1.0, 0.1);
}

}  // namespace
}  // namespace respine
