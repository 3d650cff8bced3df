// A formula that a user wrote, checked against the names that it may use and their units, ready to be
// computed: for one moment, for many neurons at once, or over the course of a run.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/expression/dimension.hpp"
#include "sim/expression/syntax.hpp"

namespace respine {

// What a name stands for: a value that is told by its place, in this unit.
struct Symbol {
    u32 place = 0;
    std::string unit;
};

// The names that a formula may use.
struct FormulaScope {
    std::function<std::optional<Symbol>(std::string_view)> find;
    std::vector<std::string> names;  // for messages
    bool over_time = false;  // whether the course of values is known, so that mean(x, 0 h, 1 d) has a meaning
};

// The scope of a list: a name's place is that in it.
struct NamedUnit {
    std::string name, unit;
};
FormulaScope scope_of(std::vector<NamedUnit> names);

enum class Function {
    kExp,
    kLog,
    kSqrt,
    kAbs,
    kMin,
    kMax,
    kClamp,
    kHill,
    kIf,  // of values at one moment
    kMean,
    kArea,
    kLeast,
    kMost,
    kAt,
    kDays,
    kTimes,
    kFirst,
    kLast,  // of a course
};

struct FunctionRow {
    const char* name;
    Function function;
    size_t least, most;  // arguments
    bool over_time;
    const char* arguments;
    const char* doc;
};
std::span<const FunctionRow> function_rows();  // for the pages that list them

struct FormulaStep {
    Op op;
    Function function{};  // of Op::kCall
    u32 operands = 0;
    u32 place = 0;        // of Op::kName
    double number = 0.0;  // a constant in base units; the factor of a name; a power
    bool course = false;  // whether its value differs between times
};

class Formula {
public:
    // Throws FormulaError.
    Formula(std::string text, const FormulaScope& scope);

    const std::string& text() const { return text_; }
    const Dimension& dimension() const { return dimension_; }
    bool is_condition() const { return condition_; }
    bool is_course() const { return steps_.back().course; }  // of a scope over time: one value a time
    std::span<const FormulaStep> steps() const { return steps_; }

    // In base units, or 1 and 0 of a condition, which does not hold of what is undefined. `values`: by place,
    // in the units of the symbols.
    double value(std::span<const double> values) const;

    // The same for `out.size()` lanes: `values` has for each place a value for each of them.
    void values(std::span<const double* const> values, std::span<double> out) const;

private:
    std::string text_;
    std::vector<FormulaStep> steps_;  // operands before what is made of them
    Dimension dimension_;
    bool condition_ = false;
    size_t deepest_ = 0;  // values that wait at once
};

// What rows of a history tell: `time` ascending [s], and a value for each of them by place.
struct Course {
    std::span<const double> time;
    std::vector<std::span<const double>> values;
};

// The one value of a formula over a course: values are linear between rows, a condition holds from its row to
// the next. NaN where a window lies outside the course.
double value_over(const Formula& formula, const Course& course);

// One step of a formula on lanes; for what computes formulas.
void compute(const FormulaStep& step, std::span<double* const> operands, size_t lanes);

}  // namespace respine
