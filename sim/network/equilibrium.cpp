#include "sim/network/equilibrium.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

#include "sim/model/error.hpp"
#include "sim/system/remembered.hpp"

namespace respine {

namespace {

// Stationary law of the count for a given n* and mean hazard; also the mean homeostatic factor.
struct CountSolution {
    std::vector<double> probability;
    double mean = 0.0, factor = 1.0;
};

CountSolution count_law(const Balance& b, const Condition& c, double homeostasis, double axonal,
                        double equilibrium, double hazard) {
    const size_t most = static_cast<size_t>(b.capacity) + 1;
    const auto factor = [&](double n) { return 1.0 + homeostasis * std::max(0.0, n / equilibrium - 1.0); };
    const auto ratio =
        [&](size_t n) {  // p_n / p_(n-1): flow up over flow down; falls with n, so the law has one peak
            const double up = b.attempts * c.formation * axonal *
                              std::max(1e-12, 1.0 - static_cast<double>(n - 1) / b.capacity);
            return up / (static_cast<double>(n) * hazard * factor(static_cast<double>(n)));
        };
    size_t peak = 0;
    for (size_t above = most; peak < above;) {
        const size_t middle = (peak + above + 1) / 2;
        if (ratio(middle) >= 1.0)
            peak = middle;
        else
            above = middle - 1;
    }
    constexpr double kNegligible = 1e-30;
    CountSolution law;
    law.probability.assign(most + 1, 0.0);
    auto& p = law.probability;
    p[peak] = 1.0;
    size_t first = peak, last = peak;
    for (; first > 0 && p[first] > kNegligible; --first) p[first - 1] = p[first] / ratio(first);
    for (; last < most && p[last] > kNegligible; ++last) p[last + 1] = p[last] * ratio(last + 1);
    double total = 0.0, mean = 0.0, weighted = 0.0;
    for (size_t n = first; n <= last; ++n) {
        const double count = static_cast<double>(n);
        total += p[n];
        mean += p[n] * count;
        weighted += p[n] * count * factor(count);
    }
    for (size_t n = first; n <= last; ++n) p[n] /= total;
    law.mean = mean / total;
    law.factor = mean > 0.0 ? weighted / mean : 1.0;
    return law;
}

// The self-consistent law when the mean itself is n* and sets the axonal vacancy.
CountLaw settle(const PlasticRule& rule, const WalkOperator& walk, const Balance& b, const Condition& c,
                double guess) {
    CountLaw out;
    double equilibrium = guess, factor = 1.05;
    CountSolution law;
    for (int round = 0; round < 400; ++round) {
        const double plain = mean_hazard(walk, c.elimination * factor) / factor;  // hbar without homeostasis
        law = count_law(b, c, rule.pruning.homeostasis, std::max(1e-6, 1.0 - equilibrium / b.capacity),
                        equilibrium, plain);
        const double move = law.mean - equilibrium;
        const double factor_move = law.factor - factor;
        equilibrium += 0.5 * move;
        factor += 0.7 * factor_move;
        if (std::fabs(move) < 1e-7 * b.healthy && std::fabs(factor_move) < 1e-9) break;
    }
    out.probability = std::move(law.probability);
    out.mean = law.mean;
    out.equilibrium = equilibrium;
    out.loss_factor = c.elimination * factor;
    return out;
}

// Attempts that hold the healthy mean at h for a given capacity: the balance of flows fixes them once the law
// is known.
double attempts_for(const PlasticRule& rule, const WalkOperator& walk, double healthy, double capacity) {
    Balance b{healthy, capacity, 0.0};
    const double vacancy = 1.0 - healthy / capacity;
    double factor = 1.05;
    for (int round = 0; round < 100; ++round) {
        const double hazard = mean_hazard(walk, factor);
        if (b.attempts == 0.0) b.attempts = healthy * hazard / (vacancy * vacancy);
        const CountSolution law =
            count_law(b, {}, rule.pruning.homeostasis, vacancy, healthy, hazard / factor);
        const double before = b.attempts;
        b.attempts *= 1.0 + (healthy / law.mean - 1.0) * 1.5;
        const double move = law.factor - factor;
        factor += 0.7 * move;
        if (std::fabs(move) < 1e-9 && std::fabs(b.attempts / before - 1.0) < 1e-10) break;
    }
    return b.attempts;
}

Balance solve(const PlasticRule& rule, double healthy, const Condition& stressed) {
    const double share = rule.formation.stressed_equilibrium, wanted = share * healthy;
    constexpr double kLeastChange = 0.0099;  // of the healthy count; below it the noise of the law decides
    if (std::fabs(share - 1.0) < kLeastChange)
        fail(Exit::kUsage,
             "formation.stressed_equilibrium: {:g} is within 1 % of the healthy equilibrium, from which no "
             "capacity follows; write one below 0.99 or above 1.01",
             share);
    const WalkOperator walk(rule);
    const double more_room = share < 1.0 ? -1.0 : 1.0;  // what it does to the stressed count
    const auto excess = [&](double capacity) {          // above what is wanted, in the direction of more room
        const Balance b{healthy, capacity, attempts_for(rule, walk, healthy, capacity)};
        return more_room * (settle(rule, walk, b, stressed, wanted).mean - wanted);
    };
    const double low = healthy * 1.02, high = healthy * 40.0, at_low = excess(low), at_high = excess(high);
    if (at_high < 0.0)
        fail(Exit::kUsage,
             "formation.stressed_equilibrium: formation.stress and pruning.stress change the synapses too "
             "little, or the other way, for an equilibrium of {:g}",
             share);
    if (at_low > 0.0)
        fail(
            Exit::kUsage,
            "formation.stressed_equilibrium: no capacity holds {:g} of the {:.3g} synapses of a neuron under "
            "this stress; give neurons more of them (network.synapses_per_neuron), or ask for an equilibrium "
            "nearer to 1",
            share, healthy);
    const auto near = [](double from, double to) { return to / from <= 1.0 + 1e-7; };
    std::uintmax_t rounds = 40;
    const auto [from, to] =
        boost::math::tools::toms748_solve(excess, low, high, at_low, at_high, near, rounds);
    const double capacity = std::sqrt(from * to);
    return {healthy, capacity, attempts_for(rule, walk, healthy, capacity)};
}

}  // namespace

Balance solve_balance(const PlasticRule& rule, double healthy, const Condition& stressed) {
    struct Question {
        PlasticRule rule;
        double healthy;
        Condition stressed;
    };
    static Remembered<Question, Balance> known(64);
    return *known.get({rule, healthy, stressed}, [&] { return solve(rule, healthy, stressed); });
}

CountLaw stationary_counts(const PlasticRule& rule, const Balance& balance, const Condition& condition) {
    CountLaw law = settle(rule, WalkOperator(rule), balance, condition, 0.9 * balance.healthy);
    law.sizes = stationary_sizes(rule, law.loss_factor);
    return law;
}

}  // namespace respine
