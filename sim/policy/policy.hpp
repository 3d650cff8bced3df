// Treatment that answers: on visits, a policy looks at the subject and decides about the next dose.
//
// At a visit of a treatment, in this order, the first that holds decides:
//   absent       the subject does not come (chance 1 - attendance)
//   stopped      `stop_when` holds: no visit of this treatment follows
//   enough       `most` doses were given
//   too_soon     the last dose began less than `at_least` ago
//   given        `when` holds, or the last dose began `at_most` ago or earlier
//   held         neither
// A dose whose `amount` is undefined, 0 or less is held. Before that, the last dose is judged once, at the
// first visit `at_least` after it: where `miss_when` holds it is a miss, and `misses` counts those in a row.
// What is decided depends on what is seen and on random numbers of subject, treatment and visit, so it is the
// same for any number of threads and ranks, and again when a checkpoint is gone on from.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/expression/formula.hpp"
#include "sim/model/error.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

// What is seen of a subject at a visit.
struct Observed {
    double response_index, early_response, restored, spine_density, improvement, severity, inflammation,
        plasma;
};

struct ObservedRow {
    const char* name;
    const char* unit;
    const char* doc;
};
// Every name that a formula of a policy may use; those of its own treatment and of all of them at the end.
std::span<const ObservedRow> observed_rows();

enum class Decision { kGiven, kHeld, kTooSoon, kAbsent, kStopped, kEnough };
template <>
inline constexpr std::array<std::string_view, 6> kWords<Decision> = {"given",  "held",    "too_soon",
                                                                     "absent", "stopped", "enough"};
enum class Judged { kNo, kHelped, kMissed };

// Of each visit so far, in order; treatments by their place in the scenario.
struct PolicyLog {
    std::vector<u32> treatment, decision, judged;
    std::vector<Tick> time;
    std::vector<double> amount;  // 0 where none was given

    size_t size() const { return time.size(); }
    void add(const PolicyLog& from, size_t visit);
};

// Visits of all treatments of a scenario, sorted.
std::vector<Tick> visits_of(const Scenario& scenario);

// What is wrong with the formulas of a treatment's policy: key and message.
struct PolicyProblem {
    const char* key;
    std::string message;
};
std::vector<PolicyProblem> problems_of(const Treatment& treatment, size_t treatments);

class Policies {
public:
    // `seed`: of this subject's random numbers. The scenario is one that problems_of finds nothing wrong
    // with.
    Policies(const Scenario& scenario, u64 seed);

    // Treatments that give another dose now, and how much.
    struct Dose {
        size_t treatment;
        double amount;
    };
    std::vector<Dose> visit(Tick now, const Observed& seen);

    const std::vector<Tick>& visits() const { return visits_; }
    const PolicyLog& log() const { return log_; }
    PolicyLog& log() { return log_; }  // to be read back; then restored()
    // Takes up what the log says. Throws Error(kInput) when it is not one of this scenario up to `now`.
    std::vector<std::pair<Tick, Dose>> restored(Tick now);  // doses that it tells of

private:
    struct Rule {  // of one treatment
        std::vector<Tick> visits;
        std::optional<Formula> when, amount, miss_when, stop_when;
    };
    struct State {
        double doses = 0.0, last_amount = 0.0, misses = 0.0;
        std::optional<Tick> last;
        double judged = 0.0;  // doses, when the last of them was
        bool stopped = false;
    };
    State state_at(size_t treatment, Tick now) const;
    std::vector<double> values(size_t treatment, Tick now, const Observed& seen, const State& own) const;
    bool holds(const std::optional<Formula>& formula, std::span<const double> values) const;
    Decision decision(size_t treatment, Tick now, const State& state, std::span<const double> values) const;
    void decide(size_t treatment, Tick now, const Observed& seen);

    std::vector<Treatment> treatments_;
    std::vector<Rule> rules_;
    u64 seed_;
    std::vector<Tick> visits_;
    PolicyLog log_;
};

}  // namespace respine
