#include "sim/expression/formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/model/error.hpp"

namespace respine {

namespace {

constexpr FunctionRow kFunctions[] = {
    {"exp", Function::kExp, 1, 1, false, "x", "e to the power of a number"},
    {"log", Function::kLog, 1, 1, false, "x", "natural logarithm; undefined of 0 and less"},
    {"sqrt", Function::kSqrt, 1, 1, false, "x", "square root of a number; undefined below 0"},
    {"abs", Function::kAbs, 1, 1, false, "x", "without its sign"},
    {"min", Function::kMin, 2, 2, false, "a, b", "the smaller"},
    {"max", Function::kMax, 2, 2, false, "a, b", "the larger"},
    {"clamp", Function::kClamp, 3, 3, false, "x, low, high", "x, but at least low and at most high"},
    {"hill", Function::kHill, 3, 3, false, "x, half, n", "x^n / (half^n + x^n); 0 of x below 0"},
    {"if", Function::kIf, 3, 3, false, "condition, a, b", "a where the condition holds, else b"},
    {"mean", Function::kMean, 1, 3, true, "x, from, to", "mean over a window of time"},
    {"area", Function::kArea, 1, 3, true, "x, from, to", "area under the curve"},
    {"min", Function::kLeast, 1, 3, true, "x, from, to", "smallest value of a window"},
    {"max", Function::kMost, 1, 3, true, "x, from, to", "largest value of a window"},
    {"at", Function::kAt, 2, 2, true, "x, time", "value at a time"},
    {"days", Function::kDays, 1, 3, true, "condition, from, to", "how long a condition holds"},
    {"count", Function::kTimes, 1, 3, true, "condition, from, to", "how often a condition begins to hold"},
    {"first", Function::kFirst, 1, 3, true, "condition, from, to", "when a condition first holds"},
    {"last", Function::kLast, 1, 3, true, "condition, from, to", "until when a condition last holds"},
};

// What a part of a formula is.
struct Kind {
    Dimension dimension{};
    bool condition = false, course = false;
};

[[noreturn]] void wrong(const Term& term, std::string what) {
    throw FormulaError{term.column, std::move(what)};
}

void need_value(const Term& term, const Kind& kind) {
    if (kind.condition) wrong(term, "a condition stands where a value is wanted");
}
void need_condition(const Term& term, const Kind& kind) {
    if (!kind.condition) wrong(term, "a value stands where a condition is wanted, such as x < 0.5");
}
void need_number(const Term& term, const Kind& kind) {
    need_value(term, kind);
    if (!kind.dimension.plain()) wrong(term, fmt::format("wants a number, not {}", text_of(kind.dimension)));
}
void need_same(const Term& term, const Kind& a, const Kind& b) {
    need_value(term, a);
    need_value(term, b);
    if (a.dimension != b.dimension)
        wrong(term, fmt::format("{} and {} do not go together", text_of(a.dimension), text_of(b.dimension)));
}

class Binder {
public:
    Binder(const std::vector<Term>& terms, const FormulaScope& scope) : terms_(terms), scope_(scope) {}

    std::vector<FormulaStep> steps{};
    std::vector<Kind> kinds{};

    void bind() {
        for (const Term& term : terms_) {
            FormulaStep step{term.op, {}, static_cast<u32>(term.of.size())};
            Kind kind;
            for (const u32 k : term.of) kind.course = kind.course || kinds[k].course;
            read(term, step, kind);
            step.course = kind.course;
            steps.push_back(step);
            kinds.push_back(kind);
        }
    }

private:
    const Kind& of(const Term& term, size_t k) const { return kinds[term.of[k]]; }

    void read(const Term& term, FormulaStep& step, Kind& kind) const {
        switch (term.op) {
            case Op::kNumber: {
                const UnitMeaning unit = *meaning_of(term.word);
                step.number = term.number * unit.factor;
                kind.dimension = unit.dimension;
                return;
            }
            case Op::kName:
                return name(term, step, kind);
            case Op::kCall:
                return call(term, step, kind);
            case Op::kNegative:
                need_value(term, of(term, 0));
                kind.dimension = of(term, 0).dimension;
                return;
            case Op::kPower:
                need_value(term, of(term, 0));
                step.number = term.number;
                kind.dimension = raised(term, of(term, 0).dimension);
                return;
            case Op::kNot:
                need_condition(term, of(term, 0));
                kind.condition = true;
                return;
            default:
                return join(term, kind);
        }
    }

    static Dimension raised(const Term& term, const Dimension& d) {
        constexpr int kMost = 99;  // far above any unit, and far below what a whole number holds
        const Dimension out = d.raised(static_cast<int>(term.number));
        if (std::any_of(out.power.begin(), out.power.end(), [](int p) { return std::abs(p) > kMost; }))
            wrong(term, "no unit has such a power");
        return out;
    }

    void join(const Term& term, Kind& kind) const {
        const Kind &a = of(term, 0), &b = of(term, 1);
        switch (term.op) {
            case Op::kMultiply:
            case Op::kDivide: {
                need_value(term, a);
                need_value(term, b);
                Term one = term;
                one.number = 1.0;
                kind.dimension = raised(one, a.dimension.times(b.dimension, term.op == Op::kDivide ? -1 : 1));
                return;
            }
            case Op::kAdd:
            case Op::kSubtract:
                need_same(term, a, b);
                kind.dimension = a.dimension;
                return;
            case Op::kAnd:
            case Op::kOr:
                need_condition(term, a);
                need_condition(term, b);
                kind.condition = true;
                return;
            default:
                need_same(term, a, b);
                kind.condition = true;
        }
    }

    void name(const Term& term, FormulaStep& step, Kind& kind) const {
        if (const std::optional<Symbol> symbol = scope_.find(term.word)) {
            const auto unit = meaning_of(symbol->unit);
            if (!unit)
                wrong(term, fmt::format("'{}' has the unit {}, which no formula can hold", term.word,
                                        symbol->unit));
            step.place = symbol->place;
            step.number = unit->factor;
            kind.dimension = unit->dimension;
            kind.course = scope_.over_time;
            return;
        }
        const auto unit = meaning_of(term.word);
        if (!unit || term.word == "fold" || term.word == "count") return no_such(term);
        step.op = Op::kNumber;
        step.number = unit->factor;
        kind.dimension = unit->dimension;
    }
    [[noreturn]] void no_such(const Term& term) const {
        constexpr size_t kListed = 40;
        std::vector<std::string> near;
        for (const std::string& n : scope_.names)
            if (n.find(term.word) != std::string::npos || term.word.find(n) != std::string::npos)
                near.push_back(n);
        const std::vector<std::string>& list = near.empty() ? scope_.names : near;
        const std::span<const std::string> shown(list.data(), std::min(kListed, list.size()));
        const std::string help = suggestion(term.word, scope_.names);
        wrong(term, fmt::format("'{}' is not known here{} {}{}", term.word,
                                help.empty() ? "; there is" : help + " There is", fmt::join(shown, ", "),
                                shown.size() < list.size() ? ", ..." : ""));
    }

    const FunctionRow& row_of(const Term& term) const {
        const FunctionRow *named = nullptr, *fits = nullptr;
        for (const FunctionRow& row : kFunctions) {
            if (term.word != row.name || (row.over_time && !scope_.over_time)) continue;
            named = &row;
            const size_t n = term.of.size();
            if (n >= row.least && n <= row.most && (!row.over_time || row.least == 2 || n != 2)) {
                if (!fits) fits = &row;
            }
        }
        if (fits) return *fits;
        if (named) wrong(term, fmt::format("write {}({})", named->name, named->arguments));
        std::vector<std::string> names;
        for (const FunctionRow& row : kFunctions)
            if (!row.over_time || scope_.over_time) names.emplace_back(row.name);
        names.erase(std::unique(names.begin(), names.end()), names.end());
        wrong(term, fmt::format("'{}' is no function; there is {}", term.word, fmt::join(names, ", ")));
    }

    void call(const Term& term, FormulaStep& step, Kind& kind) const {
        const FunctionRow& row = row_of(term);
        step.function = row.function;
        if (row.over_time) return over_time(term, row, kind);
        kind.dimension = of(term, 0).dimension;
        switch (row.function) {
            case Function::kExp:
            case Function::kLog:
            case Function::kSqrt:
                return need_number(term, of(term, 0));
            case Function::kAbs:
                return need_value(term, of(term, 0));
            case Function::kHill:
                need_same(term, of(term, 0), of(term, 1));
                need_number(term, of(term, 2));
                kind.dimension = {};
                return;
            case Function::kIf:
                need_condition(term, of(term, 0));
                need_same(term, of(term, 1), of(term, 2));
                kind.dimension = of(term, 1).dimension;
                return;
            default:
                for (size_t k = 1; k < term.of.size(); ++k) need_same(term, of(term, 0), of(term, k));
        }
    }

    void over_time(const Term& term, const FunctionRow& row, Kind& kind) const {
        const Kind& inner = of(term, 0);
        const bool wants_condition = row.function >= Function::kDays;
        if (wants_condition)
            need_condition(term, inner);
        else
            need_value(term, inner);
        for (size_t k = 1; k < term.of.size(); ++k)
            if (of(term, k).dimension != kOfTime || of(term, k).condition || of(term, k).course)
                wrong(term, "from, to and time are times, such as 24 h");
        kind.course = false;
        if (row.function == Function::kTimes) return;
        kind.dimension = wants_condition                   ? kOfTime
                         : row.function == Function::kArea ? inner.dimension.times(kOfTime)
                                                           : inner.dimension;
    }

    const std::vector<Term>& terms_;
    const FormulaScope& scope_;
};

}  // namespace

std::span<const FunctionRow> function_rows() { return kFunctions; }

FormulaScope scope_of(std::vector<NamedUnit> names) {
    FormulaScope scope;
    for (const NamedUnit& n : names) scope.names.push_back(n.name);
    scope.find = [names = std::move(names)](std::string_view name) -> std::optional<Symbol> {
        for (u32 k = 0; k < names.size(); ++k)
            if (names[k].name == name) return Symbol{k, names[k].unit};
        return std::nullopt;
    };
    return scope;
}

Formula::Formula(std::string text, const FormulaScope& scope) : text_(std::move(text)) {
    const std::vector<Term> terms = parse_formula(text_);
    Binder binder(terms, scope);
    binder.bind();
    steps_ = std::move(binder.steps);
    dimension_ = binder.kinds.back().dimension;
    condition_ = binder.kinds.back().condition;
    size_t waiting = 0;
    for (const FormulaStep& step : steps_) {
        deepest_ = std::max(deepest_, waiting + 1);
        waiting = waiting - step.operands + 1;
    }
}

}  // namespace respine
