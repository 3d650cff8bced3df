// One number that is read off a run: which quantity, what is taken of it, when, and against what. The table
// of targets, `respine compare`, studies and the Python module all read in these words, which
// docs/read-files.md lists.
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/read/clock.hpp"

namespace respine {

// What a quantity has values at, which decides what can be taken of it.
enum class Shape {
    kLine,      // rows of the history, linear between them
    kSessions,  // imaging sessions, and nothing between them
    kOnce,      // one value a run
    kVisits,    // visits of a cohort, each valid until the next
    kSubjects,  // one value a subject of a cohort
};

// Every quantity that is no series of the history. A name that ends in '_' goes on, as with that of a drug.
struct QuantityRow {
    std::string name;
    Shape shape;
    const char* unit;
    const char* doc;
    bool live = true;  // whether it can be read while the run goes, so in a study
};
const std::vector<QuantityRow>& quantity_rows();
bool names(std::string_view known, std::string_view name);  // whether a name is this one, or goes on from it
const QuantityRow* quantity_row(std::string_view name);     // null for a series of the history

// The dataset in /coordination of a quantity that is read off sessions of coordination; empty for all others.
std::string coordination_dataset(std::string_view quantity);

// The values of a quantity in one run; without any where the run has none.
struct Curve {
    Shape shape = Shape::kLine;
    std::string unit{};
    // [h] on the clock of the scenario; of kSubjects how long each was followed, in `unit`, the value of who
    // had no event being infinite
    std::vector<double> time{}, value{};
    double since = NAN;  // time of the session that the values are relative to [h]
};

// A run as it is read.
struct Sight {
    std::function<Curve(const std::string& quantity)> curve;
    Clock clock;
};

inline constexpr double kNewUntil = 48.0;  // [h since the first dose]: spines first seen by then are new

enum class TimeWanted { kNone, kOne, kWindow, kEnds };  // kEnds: a window of which both ends are written
enum class TakeUnit { kOwn, kHours, kTimesHours, kTruth, kFormula };

struct Asked;
struct TakeRow {
    const char* name;
    TimeWanted time;
    std::vector<Shape> shapes;  // what it can be taken of
    TakeUnit unit;
    double (*read)(const Asked&);
    const char* doc;
    size_t quantities = 1;  // how many it is taken of; 0: two or more
    bool has_level = false, needs_reference = false;
};
const std::vector<TakeRow>& take_rows();

enum class Mode { kDifference, kShare, kPercent, kPercentAbove };
enum class Partner { kNone, kBefore, kPeak, kTime, kRun };

inline constexpr std::pair<std::string_view, Mode> kModes[] = {
    {"share of ", Mode::kShare}, {"percent of ", Mode::kPercent}, {"percent above ", Mode::kPercentAbove}};
inline constexpr std::string_view kOver = " - reference";

struct Against {
    Mode mode = Mode::kDifference;
    Partner partner = Partner::kNone;
    double hours = 0.0;  // of kTime
    std::string run{};   // of kRun, as the words call it
};

struct Measure {
    std::vector<std::string> quantities{};
    std::string formula{};        // of the take "value": what is computed from the quantities
    bool over_reference = false;  // the first quantity less that of the reference, at each time
    const TakeRow* take = nullptr;
    double level = 0.0;  // in `level_unit`; in that of the quantity without one
    std::string level_unit{};
    TimeWindow time{};
    Against against{};

    Shape shape() const;
    bool needs_reference() const {
        return over_reference || take->needs_reference || against.partner == Partner::kRun;
    }
    // Of the value, from those of its quantities. Throws FormulaError where a formula makes no value of them.
    std::string unit(const std::function<std::string(const std::string& quantity)>& unit_of) const;
    // The level in the unit of its quantity; nothing when the units do not fit.
    std::optional<double> level_in(const std::string& quantity_unit) const;
    // Sessions without which there is no value [h since the origin of `time`].
    std::vector<double> sessions() const;
};

// The four cells as a person writes them.
struct MeasureWords {
    std::string quantity, take, time{}, against{};
};

std::string text_of(const MeasureWords& words);  // in one line

// Values that a user's formula makes of the history of a run: days(response_index > 0.5). All but the last
// throw FormulaError.
//
// Quantities that it reads.
std::vector<std::string> names_in(const std::string& formula);
// Of the value: that of the first quantity with its dimension, h of a time, else in base units. It makes a
// single value of quantities in these units, or is refused.
std::string unit_of_formula(const std::string& formula, const std::vector<std::string>& quantities,
                            const std::function<std::string(const std::string&)>& unit_of);

// Times count from `zero` [h]. NaN where the run lacks one of the quantities, or does not reach what is
// asked.
double value_of_formula(const std::string& formula, const std::vector<std::string>& quantities,
                        const std::vector<Curve>& curves, double zero);

// What the words may name.
struct Vocabulary {
    // Of the history, with those that go on as in quantity_rows; empty: any other name is a series, looked
    // for later.
    std::vector<std::string> series;
    std::vector<std::string> runs;  // that a value may be held against
    bool live = false;  // read while the run goes: no other run is open, nor what only a file holds
};

// Hears of each problem: the cell ("quantity", "take", "time", "against") and what is wrong in it.
using Wrong = std::function<void(const char* cell, const std::string& message)>;

// A measure without a take where that was not understood.
Measure parse_measure(const MeasureWords& words, const Vocabulary& vocabulary, const Wrong& wrong);

// Sums up what is read off one run, whatever it is held against: "peak of bdnf to 6 h".
std::string text_of(const Measure& measure);

// What a take is given. `reference` is null where there is none.
struct Asked {
    const Measure& measure;
    std::vector<Curve> curves;  // by quantity
    Span span;
    const Sight* reference;
};

// NaN where the run does not reach what is asked, or has nothing of the kind.
double read_off(const Measure& measure, const Sight& run, const Sight* reference = nullptr);

// The same, but for the other run that `against` names: what is held against it later.
double read_alone(const Measure& measure, const Sight& run);

// A value held against that of another run.
double held_against(Mode mode, double value, double other);

}  // namespace respine
