#include "sim/expression/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/expression/dimension.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_name(char c) { return is_letter(c) || is_digit(c); }

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    std::vector<Term> whole() {
        if (text_.size() > kLongestFormula)
            throw FormulaError{1, fmt::format("the formula has {} characters; at most {} are read",
                                              text_.size(), kLongestFormula)};
        either();
        if (at_ < text_.size()) wrong(fmt::format("'{}' does not fit here", next_word()));
        return std::move(terms_);
    }

private:
    [[noreturn]] void wrong(std::string what) const { throw FormulaError{at_ + 1, std::move(what)}; }

    void skip() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
    }
    std::string next_word() const {
        size_t end = at_;
        while (end < text_.size() && in_name(text_[end])) ++end;
        return std::string(text_.substr(at_, std::max<size_t>(1, end - at_)));
    }
    bool take(std::string_view sign) {
        skip();
        if (!text_.substr(at_).starts_with(sign)) return false;
        const size_t end = at_ + sign.size();
        if (is_letter(sign[0]) && end < text_.size() && in_name(text_[end])) return false;
        at_ = end;
        return true;
    }
    u32 add(Term term) {
        terms_.push_back(std::move(term));
        return static_cast<u32>(terms_.size() - 1);
    }

    // Left to right: a sign of the list joins what comes before with what comes after.
    template <class Inner>
    u32 chain(std::initializer_list<std::pair<std::string_view, Op>> signs, Inner inner) {
        u32 left = inner();
        for (;;) {
            skip();
            const size_t column = at_ + 1;
            const auto* sign =
                std::find_if(signs.begin(), signs.end(), [&](auto& s) { return take(s.first); });
            if (sign == signs.end()) return left;
            const u32 right = inner();
            left = add({sign->second, column, 0.0, {}, {left, right}});
        }
    }

    u32 either() {
        if (++depth_ > kDeepestFormula)
            wrong(fmt::format("more than {} parts within each other", kDeepestFormula));
        const u32 found = chain({{"or", Op::kOr}}, [&] { return both(); });
        --depth_;
        return found;
    }
    u32 both() {
        return chain({{"and", Op::kAnd}}, [&] { return negated(); });
    }
    u32 negated() {
        skip();
        const size_t column = at_ + 1;
        size_t times = 0;
        while (take("not")) ++times;
        const u32 of = compared();
        return times % 2 == 0 ? of : add({Op::kNot, column, 0.0, {}, {of}});
    }
    u32 compared() {
        const u32 left = sum();
        skip();
        const size_t column = at_ + 1;
        constexpr std::pair<std::string_view, Op> kSigns[] = {{"<=", Op::kAtMost}, {">=", Op::kAtLeast},
                                                              {"==", Op::kEqual},  {"!=", Op::kUnequal},
                                                              {"<", Op::kLess},    {">", Op::kMore}};
        for (const auto& [sign, op] : kSigns)
            if (take(sign)) return add({op, column, 0.0, {}, {left, sum()}});
        if (take("=")) wrong("write == to compare");
        return left;
    }
    u32 sum() {
        return chain({{"+", Op::kAdd}, {"-", Op::kSubtract}}, [&] { return product(); });
    }
    u32 product() {
        return chain({{"*", Op::kMultiply}, {"/", Op::kDivide}}, [&] { return signed_term(); });
    }
    u32 signed_term() {
        skip();
        const size_t column = at_ + 1;
        size_t times = 0;
        while (take("-")) ++times;
        const u32 of = power();
        return times % 2 == 0 ? of : add({Op::kNegative, column, 0.0, {}, {of}});
    }
    u32 power() {
        const u32 base = single();
        skip();
        const size_t column = at_ + 1;
        if (!take("^")) return base;
        const bool below = take("-");
        skip();
        if (at_ == text_.size() || !is_digit(text_[at_]) ||
            (at_ + 1 < text_.size() && (in_name(text_[at_ + 1]) || text_[at_ + 1] == '.')))
            wrong(fmt::format("a power is a whole number from 0 to {}", kHighestPower));
        const double n = text_[at_++] - '0';
        return add({Op::kPower, column, below ? -n : n, {}, {base}});
    }

    u32 single() {
        skip();
        if (at_ == text_.size()) wrong("the formula ends where a value is missing");
        const char c = text_[at_];
        if (c == '(') return in_brackets();
        if (is_digit(c) || c == '.') return number();
        if (is_letter(c)) return name();
        wrong(fmt::format("'{}' does not fit here", c));
    }
    u32 in_brackets() {
        take("(");
        const u32 inner = either();
        if (!take(")")) wrong("')' is missing");
        return inner;
    }
    u32 number() {
        const size_t from = at_;
        const auto digits = [&] {
            while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
        };
        digits();
        if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
            const size_t mark = at_++;
            if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
            if (at_ < text_.size() && is_digit(text_[at_]))
                digits();
            else
                at_ = mark;
        }
        const std::string_view written = text_.substr(from, at_ - from);
        const std::optional<double> value = parse_number(written);
        if (!value) throw FormulaError{from + 1, fmt::format("'{}' is no number", written)};
        return add({Op::kNumber, from + 1, *value, unit(), {}});
    }
    // The longest unit that follows a number; "1" without one.
    std::string unit() {
        constexpr size_t kLongestUnit = 9;
        const size_t before = at_;
        skip();
        for (size_t n = std::min(kLongestUnit, text_.size() - at_); n > 0; --n) {
            const std::string_view word = text_.substr(at_, n);
            if (is_digit(word[0]) || !meaning_of(word)) continue;
            if (in_name(word.back()) && at_ + n < text_.size() && in_name(text_[at_ + n])) continue;
            at_ += n;
            return std::string(word);
        }
        if (at_ < text_.size() && is_letter(text_[at_])) {
            const std::string word = next_word();
            if (word != "and" && word != "or") wrong(fmt::format("'{}' is no unit", word));
        }
        at_ = before;
        return "1";
    }
    u32 name() {
        Term term{Op::kName, at_ + 1, 0.0, next_word(), {}};
        at_ += term.word.size();
        if (term.word == "and" || term.word == "or" || term.word == "not")
            throw FormulaError{term.column, fmt::format("'{}' wants a condition on both sides", term.word)};
        if (!take("(")) return add(std::move(term));
        term.op = Op::kCall;
        do term.of.push_back(either());
        while (take(","));
        if (!take(")")) wrong("')' is missing");
        return add(std::move(term));
    }

    std::string_view text_;
    size_t at_ = 0;
    int depth_ = 0;
    std::vector<Term> terms_;
};

}  // namespace

std::string FormulaError::text() const { return fmt::format("column {}: {}", column, what); }

std::vector<Term> parse_formula(std::string_view text) { return Parser(text).whole(); }

}  // namespace respine
