// How a formula is written:
//
//   either  := both { "or" both }
//   both    := negated { "and" negated }
//   negated := "not" negated | compared
//   compared:= sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
//   sum     := product { ("+" | "-") product }
//   product := signed { ("*" | "/") signed }
//   signed  := "-" signed | power
//   power   := single [ "^" whole number ]
//   single  := number [unit] | name | name "(" either { "," either } ")" | "(" either ")"
//
// Only what stands here: no assignment, no loop, no access to anything but the names that the reader offers.
// So a formula from a file can cost time in proportion to its length and nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernels/numerics/types.hpp"

namespace respine {

inline constexpr size_t kLongestFormula = 4000;  // characters
inline constexpr int kDeepestFormula = 64;       // parentheses within parentheses
inline constexpr int kHighestPower = 9;

enum class Op {
    kNumber,  // with a unit, "1" without
    kName,
    kCall,
    kNegative,
    kPower,  // by `number`
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kLess,
    kAtMost,
    kMore,
    kAtLeast,
    kEqual,
    kUnequal,
    kNot,
    kAnd,
    kOr,
};

struct Term {
    Op op = Op::kNumber;
    size_t column = 0;  // of the text, from 1
    double number = 0.0;
    std::string word{};  // unit, name or function
    std::vector<u32> of{};
};

// A formula that cannot be read or means nothing, and where.
struct FormulaError {
    size_t column;
    std::string what;
    std::string text() const;  // "column 7: ..."
};

// Every term after those that it is made of; the last is the whole. Throws FormulaError.
std::vector<Term> parse_formula(std::string_view text);

}  // namespace respine
