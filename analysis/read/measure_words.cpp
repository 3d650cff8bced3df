// Understands the words of a measure, or says what is wrong with them.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "analysis/read/measure.hpp"
#include "sim/expression/syntax.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

constexpr std::pair<std::string_view, Origin> kOrigins[] = {{"first_dose", Origin::kFirstDose},
                                                            {"last_dose", Origin::kLastDose},
                                                            {"time_0", Origin::kTimeZero},
                                                            {"end", Origin::kEnd}};

std::string trimmed(std::string_view text) {
    const size_t from = std::min(text.find_first_not_of(' '), text.size());
    return std::string(text.substr(from, text.find_last_not_of(' ') + 1 - from));
}

// What may stand there, after what is nearest; * where a name goes on.
std::string allowed(const std::string& word, std::vector<std::string> known) {
    std::vector<std::string> whole;  // the begin of a family of names is no name
    std::copy_if(known.begin(), known.end(), std::back_inserter(whole),
                 [](const std::string& name) { return !name.ends_with('_'); });
    const std::string nearest = suggestion(word, whole);
    for (std::string& name : known)
        if (name.ends_with('_')) name += '*';
    return fmt::format("{} (one of: {})", nearest, fmt::join(known, ", "));
}

std::optional<double> hours_in(const std::string& text) {
    const auto q = parse_quantity(text);
    return q ? convert(*q, "h") : std::nullopt;
}

const char* shape_text(Shape shape) {
    switch (shape) {
        case Shape::kLine:
            return "a series of the history";
        case Shape::kSessions:
            return "known in imaging sessions";
        case Shape::kOnce:
            return "one value a run";
        case Shape::kVisits:
            return "known at the visits of a cohort";
        case Shape::kSubjects:
            return "one value a subject";
    }
    return "";
}

struct Parser {
    const MeasureWords& words;
    const Vocabulary& vocabulary;
    const Wrong& wrong;
    Measure measure{};

    bool is_formula() const { return trimmed(words.take) == "value"; }

    void read_formula() {
        measure.formula = trimmed(words.quantity);
        try {
            measure.quantities = names_in(measure.formula);
        } catch (const FormulaError& e) {
            return wrong("quantity", e.text());
        }
        if (measure.quantities.empty()) wrong("quantity", "the formula reads nothing of the run");
        for (const std::string& name : measure.quantities) check_quantity(name);
    }

    void read_quantity() {
        if (is_formula()) return read_formula();
        std::string text = trimmed(words.quantity);
        if (text.ends_with(kOver)) {
            measure.over_reference = true;
            text = trimmed(text.substr(0, text.size() - kOver.size()));
            if (vocabulary.live)
                wrong("quantity",
                      "'- reference' wants two finished runs, and here one is read while it goes; "
                      "'against' subtracts what was taken of another arm");
        }
        for (size_t end = 0; !text.empty(); text = trimmed(text.substr(end))) {
            end = std::min(text.find(' '), text.size());
            measure.quantities.push_back(text.substr(0, end));
        }
        if (measure.quantities.empty()) wrong("quantity", "is needed: what is read");
        for (const std::string& name : measure.quantities) check_quantity(name);
    }

    void check_quantity(const std::string& name) {
        const QuantityRow* row = quantity_row(name);
        if (row && !row->live && vocabulary.live)
            wrong("quantity", fmt::format("'{}' is in finished run files alone", name));
        if (row || vocabulary.series.empty()) return;
        std::vector<std::string> known = vocabulary.series;
        for (const QuantityRow& r : quantity_rows()) known.emplace_back(r.name);
        if (std::none_of(known.begin(), known.end(), [&](const std::string& k) { return names(k, name); }))
            wrong("quantity", fmt::format("there is no quantity '{}'{}", name, allowed(name, known)));
    }

    void read_take() {
        const std::string text = trimmed(words.take), name = text.substr(0, text.find(' '));
        std::vector<std::string> names;
        for (const TakeRow& row : take_rows()) {
            names.emplace_back(row.name);
            if (name == row.name) measure.take = &row;
        }
        if (!measure.take)
            return wrong("take", fmt::format("there is no take '{}'{}", name, allowed(name, names)));
        read_level(trimmed(text.substr(name.size())));
        if (!measure.quantities.empty()) check_shapes();
        if (measure.take->needs_reference && vocabulary.live)
            wrong(
                "take",
                fmt::format("'{}' wants a finished reference run, and here one is read while it goes", name));
    }

    void read_level(const std::string& text) {
        const TakeRow& take = *measure.take;
        if (!take.has_level && !text.empty())
            return wrong("take", fmt::format("'{}' has no level, got '{}'", take.name, text));
        if (!take.has_level) return;
        const auto q = parse_quantity(text);
        if (!q)
            return wrong("take",
                         fmt::format("'{}' wants a level behind it, a number in the unit of the quantity or "
                                     "one with a unit, such as '{} 0.5 uM'; got '{}'",
                                     take.name, take.name, text));
        measure.level = q->value;
        measure.level_unit = q->unit == "1" ? "" : q->unit;
    }

    void check_shapes() {
        const TakeRow& take = *measure.take;
        const size_t count = measure.quantities.size();
        if (!is_formula() && (take.quantities > 0 ? count != take.quantities : count < 2))
            wrong("quantity",
                  fmt::format("'{}' is taken of {}, got {}", take.name,
                              take.quantities == 1   ? "one quantity"
                              : take.quantities == 2 ? "two quantities, with a space between them"
                                                     : "two quantities or more, with spaces between them",
                              count));
        for (const std::string& name : measure.quantities) {
            const QuantityRow* row = quantity_row(name);
            const Shape shape = row ? row->shape : Shape::kLine;
            std::vector<std::string> fitting;
            for (const TakeRow& r : take_rows())
                if (std::count(r.shapes.begin(), r.shapes.end(), shape)) fitting.emplace_back(r.name);
            if (std::count(take.shapes.begin(), take.shapes.end(), shape) == 0)
                wrong("take", fmt::format("'{}' cannot be taken of '{}', which is {} (one of: {})", take.name,
                                          name, shape_text(shape), fmt::join(fitting, ", ")));
        }
    }

    void read_time() {
        std::string text = trimmed(words.time);
        const size_t since = (" " + text).find(" since ");
        if (since != std::string::npos) {
            read_origin(trimmed(text.substr(since + 6)));
            text = trimmed(text.substr(0, since));
        }
        TimeWindow& w = measure.time;
        if (!measure.take) return;
        const TimeWanted wanted = measure.take->time;
        const size_t to = (" " + text).find(" to ");
        const bool window = to != std::string::npos;
        if (wanted == TimeWanted::kNone ? !trimmed(words.time).empty()
                                        : wanted == TimeWanted::kOne && (text.empty() || window))
            return wrong(
                "time",
                fmt::format("'{}' wants {}, got '{}'", measure.take->name,
                            wanted == TimeWanted::kNone ? "no time" : "one time, such as 24 h", text));
        if (wanted == TimeWanted::kNone || (text.empty() && wanted == TimeWanted::kWindow)) return;
        if (wanted == TimeWanted::kOne) {
            w.single = true;
            w.from = hours(text);
            return;
        }
        const std::string from = window ? trimmed(text.substr(0, to)) : "",
                          until = window ? trimmed(text.substr(to + 3)) : "";
        if (!window || (wanted == TimeWanted::kEnds && from.empty()))
            return wrong(
                "time",
                fmt::format("'{}' wants a window, such as '{}', got '{}'", measure.take->name,
                            wanted == TimeWanted::kEnds ? "-1 d to 1 d" : "1 h to 6 h' or 'to 1 d", text));
        if (!from.empty()) w.from = hours(from);
        w.to_next_dose = until == "next_dose";
        if (w.to_next_dose && w.since != Origin::kFirstDose && w.since != Origin::kDose)
            wrong("time", "'next_dose' wants times since first_dose or since dose N");
        if (until != "end" && !w.to_next_dose) w.to = hours(until);
        if (w.from >= w.to) wrong("time", fmt::format("from must lie before to, got '{}'", text));
    }

    void read_origin(const std::string& word) {
        std::vector<std::string> names;
        for (const auto& [name, origin] : kOrigins) {
            names.emplace_back(name);
            if (word == name) {
                measure.time.since = origin;
                return;
            }
        }
        const double number = word.starts_with("dose ") ? parse_number(word.substr(5)).value_or(0.0) : 0.0;
        names.emplace_back("dose 2");
        if (number < 1.0 || number != std::floor(number))
            return wrong("time", fmt::format("times do not count since '{}'{}", word, allowed(word, names)));
        measure.time.since = Origin::kDose;
        measure.time.dose = static_cast<size_t>(number) - 1;
    }

    double hours(const std::string& text) {
        const auto h = hours_in(text);
        if (!h) wrong("time", fmt::format("'{}' is no time; write such as 40 min, 24 h or -1 d", text));
        return h.value_or(0.0);
    }

    void read_against() {
        std::string text = trimmed(words.against);
        if (text.empty()) return;
        Against& against = measure.against;
        const auto is_run = [&] {
            return std::find(vocabulary.runs.begin(), vocabulary.runs.end(), text) != vocabulary.runs.end();
        };
        for (const auto& [prefix, mode] : kModes)
            if (!is_run() && text.starts_with(prefix)) {
                against.mode = mode;
                text = trimmed(text.substr(prefix.size()));
            }
        const auto own = hours_in(text);
        against.partner = is_run()           ? Partner::kRun
                          : text == "before" ? Partner::kBefore
                          : text == "peak"   ? Partner::kPeak
                          : own              ? Partner::kTime
                                             : Partner::kNone;
        against.run = text;
        against.hours = own.value_or(0.0);
        if (against.partner != Partner::kNone) return check_partner();
        std::vector<std::string> known = vocabulary.runs;
        known.insert(known.end(), {"before", "peak"});
        wrong("against",
              fmt::format("there is nothing '{}' to be held against{}, or a time of the run itself, such as "
                          "'0 h'; 'share of', 'percent of' or 'percent above' may stand before it",
                          text, allowed(text, known)));
    }

    void check_partner() {
        if (!measure.take || measure.against.partner == Partner::kRun) return;
        if (is_formula())
            return wrong("against", "a formula is held against runs alone; subtract or divide within it");
        const Shape shape = measure.shape();
        const TakeUnit unit = measure.take->unit;
        const bool area_before = measure.against.partner == Partner::kBefore &&
                                 unit == TakeUnit::kTimesHours && measure.against.mode == Mode::kDifference &&
                                 std::isfinite(measure.time.to);
        if (unit != TakeUnit::kOwn && !area_before)
            wrong("against",
                  fmt::format(
                      "'{}' is no value of the quantity, so it cannot be held against one of the "
                      "same run{}",
                      measure.take->name,
                      unit == TakeUnit::kTimesHours ? ", but for 'before' in a window with an end" : ""));
        else if (shape != Shape::kLine &&
                 (shape != Shape::kSessions || measure.against.partner == Partner::kBefore))
            wrong("against", fmt::format("'{}' is {}, so it has no value to be held against there",
                                         measure.quantities.front(), shape_text(shape)));
    }
};

}  // namespace

Measure parse_measure(const MeasureWords& words, const Vocabulary& vocabulary, const Wrong& wrong) {
    Parser parser{words, vocabulary, wrong};
    parser.read_quantity();
    parser.read_take();
    parser.read_time();
    parser.read_against();
    return std::move(parser.measure);
}

}  // namespace respine
