#include "analysis/calibrate/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <nlopt.hpp>

#include "analysis/read/series.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr double kLogarithmicFrom = 10.0;  // high over low
constexpr double kFirstStep = 0.15;        // of the local search, in shares of a range
constexpr double kSettled = 1e-5;  // step at which the local search is done: finer than any range of belief

bool is_logarithmic(const FitParameter& p) { return p.low > 0.0 && p.high / p.low > kLogarithmicFrom; }

double square(double x) { return x * x; }

// One search: the optimizer's callback, what it has seen, and the exception that must not pass through C.
struct Objective {
    const std::vector<FitParameter>& parameters;
    const std::vector<TargetRow>& targets;
    const Simulate& simulate;
    Evaluations& known;
    Fit& fit;
    nlopt::opt* optimizer = nullptr;
    std::exception_ptr failure;

    double at(const double* share) {
        std::vector<double> point;
        for (size_t k = 0; k < parameters.size(); ++k) point.push_back(value_at(parameters[k], share[k]));
        const Evaluation& e = evaluate(targets, point, simulate, known);
        ++fit.asked;
        if (fit.asked == 1) fit.start = e;
        if (fit.asked == 1 || e.total < fit.best.total) fit.best = e;
        return e.total;
    }

    static double call(unsigned, const double* share, double*, void* self) {
        auto& o = *static_cast<Objective*>(self);
        if (o.failure) return HUGE_VAL;
        try {
            return o.at(share);
        } catch (...) {
            o.failure = std::current_exception();
            o.optimizer->force_stop();
            return HUGE_VAL;
        }
    }
};

std::vector<double> shares_of(const std::vector<FitParameter>& parameters, const std::vector<double>& point) {
    std::vector<double> shares;
    for (size_t k = 0; k < parameters.size(); ++k) shares.push_back(share_of(parameters[k], point[k]));
    return shares;
}

void search_with(nlopt::algorithm algorithm, int evaluations, Objective& objective) {
    if (evaluations <= 0) return;
    nlopt::opt optimizer(algorithm, static_cast<unsigned>(objective.parameters.size()));
    objective.optimizer = &optimizer;
    optimizer.set_lower_bounds(0.0);
    optimizer.set_upper_bounds(1.0);
    optimizer.set_min_objective(Objective::call, &objective);
    optimizer.set_maxeval(evaluations);
    if (algorithm != nlopt::GN_CRS2_LM) {
        optimizer.set_initial_step(kFirstStep);
        optimizer.set_xtol_abs(kSettled);
    }
    std::vector<double> share = shares_of(objective.parameters, objective.fit.best.parameters);
    double loss = 0.0;
    try {
        optimizer.optimize(share, loss);
    } catch (const nlopt::roundoff_limited&) {  // as near as the numbers allow; the best point is kept here
    } catch (const nlopt::forced_stop&) {
    } catch (const std::runtime_error&) {
        if (!objective.failure) throw;
    }
    if (objective.failure) std::rethrow_exception(objective.failure);
}

}  // namespace

bool has_loss(const TargetRow& row) {
    return row.kind == "value" || row.kind == "zero" || row.kind == "flat" || row.kind == "up" ||
           row.kind == "down";
}

double loss_of(const TargetRow& row, const Simulated& s) {
    const double change = s.mean - s.reference, least = least_change(s.reference);
    double loss = kNaN;
    if (row.kind == "value")
        loss = square((s.mean - row.value) / (0.5 * (row.high - row.low)));
    else if (row.kind == "zero")
        loss = square(s.mean / kZeroBand);
    else if (row.kind == "flat")
        loss = square(change / least);
    else if (row.kind == "up")
        loss = square(std::max(0.0, 1.0 - change / least));
    else if (row.kind == "down")
        loss = square(std::max(0.0, 1.0 + change / least));
    const bool compared = row.kind == "flat" || row.kind == "up" || row.kind == "down";
    const bool measured =
        std::isfinite(s.mean) && (!compared || std::isfinite(s.reference));  // a hinge would hide a NaN
    return measured ? std::min(loss, kWorstLoss) : kWorstLoss;
}

double value_at(const FitParameter& p, double share) {
    const double x = std::clamp(share, 0.0, 1.0);
    const double exact =
        is_logarithmic(p) ? p.low * std::pow(p.high / p.low, x) : p.low + x * (p.high - p.low);
    return std::clamp(*parse_number(fmt::format("{:.12g}", exact)), p.low, p.high);
}

double share_of(const FitParameter& p, double value) {
    const double share = is_logarithmic(p) ? std::log(value / p.low) / std::log(p.high / p.low)
                                           : (value - p.low) / (p.high - p.low);
    return std::clamp(share, 0.0, 1.0);
}

const Evaluation& evaluate(const std::vector<TargetRow>& targets, const std::vector<double>& point,
                           const Simulate& simulate, Evaluations& known) {
    if (const Evaluation* e = known.find(point)) return *e;
    Evaluation e{.parameters = point, .simulated = {}, .loss = {}, .total = 0.0, .note = {}};
    std::vector<Simulated> simulated;
    try {
        simulated = simulate(point);
    } catch (const Error& error) {
        if (error.code() != Exit::kNumerical) throw;
        simulated.assign(targets.size(), {kNaN, kNaN});
        e.note = error.what();
    }
    for (size_t k = 0; k < targets.size(); ++k) {
        const bool measured = std::isfinite(simulated[k].mean);
        if (!measured && e.note.empty()) e.note = "no value for " + targets[k].id;
        e.simulated.push_back(measured ? simulated[k].mean : kNaN);
        e.loss.push_back(has_loss(targets[k]) ? loss_of(targets[k], simulated[k]) : kNaN);
        if (has_loss(targets[k])) e.total += e.loss.back();
    }
    return known.add(std::move(e));
}

Fit calibrate(const std::vector<FitParameter>& parameters, const std::vector<TargetRow>& targets,
              const Search& search, const Simulate& simulate, Evaluations& known) {
    Fit fit;
    Objective objective{parameters, targets, simulate, known, fit, nullptr, nullptr};
    std::vector<double> start;
    for (const FitParameter& p : parameters) start.push_back(p.start);
    objective.at(shares_of(parameters, start).data());
    nlopt::srand(static_cast<unsigned long>(search.seed));
    search_with(nlopt::GN_CRS2_LM, search.global, objective);
    search_with(parameters.size() > 1 ? nlopt::LN_BOBYQA : nlopt::LN_SBPLX, search.local,
                objective);  // BOBYQA needs two dimensions
    return fit;
}

}  // namespace respine
