// Formulas of policies, outcomes and mechanisms: each is refused in words or gives a number, 0 or 1 for a
// condition; compiled for many neurons it gives the same bits.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "sim/expression/program.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

namespace {

FormulaScope scope(bool over_time) {
    FormulaScope s;
    s.names = {"a", "b", "c"};
    s.over_time = over_time;
    s.find = [](std::string_view name) -> std::optional<Symbol> {
        if (name == "a") return Symbol{0, "1"};
        if (name == "b") return Symbol{1, "%"};
        if (name == "c") return Symbol{2, "ng/mL"};
        return std::nullopt;
    };
    return s;
}

void need_truth(const Formula& f, double value) {
    if (f.is_condition() && value != 0.0 && value != 1.0) __builtin_trap();
}

void compute(const Formula& f) {
    constexpr double kOdd[] = {0.0, -1.0, 1e308, std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()};
    for (const double odd : kOdd) need_truth(f, f.value(std::vector<double>{odd, 50.0, odd}));
}

// a and c differ between neurons, b is the same for all.
void compile(const Formula& f) {
    constexpr size_t kNeurons = 5;
    const std::array<float, kNeurons> a = {0.0F, -1.0F, 3e38F, -0.0F,
                                           std::numeric_limits<float>::quiet_NaN()},
                                      c = {1.0F, 0.0F, -0.5F, std::numeric_limits<float>::infinity(), 2.0F};
    LaneProgram program(f, {false, true, false});
    program.prepare(std::vector<double>{0.0, 50.0, 0.0});
    const std::array<const float*, 3> arrays = {a.data(), nullptr, c.data()};
    std::array<double, kNeurons> out{};
    program.run(arrays, 0, out);
    for (size_t i = 0; i < kNeurons; ++i) {
        const double one = f.value(std::vector<double>{a[i], 50.0, c[i]});
        if (std::bit_cast<u64>(one) != std::bit_cast<u64>(out[i]) && !(std::isnan(one) && std::isnan(out[i])))
            __builtin_trap();
    }
}

void compute_over(const Formula& f) {
    const std::vector<double> time = {-3600.0, 0.0, 86400.0, 86401.0}, some = {0.0, 1.0, NAN, -1e300},
                              flat(4, 1.0);
    const double value = value_over(f, {time, {some, flat, some}});
    if (!f.is_course()) need_truth(f, value);
    value_over(f, {{}, {{}, {}, {}}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(fuzz::text_of(data, size));
    for (const bool over_time : {false, true})
        fuzz::expect_words([&] {
            try {
                const Formula f(text, scope(over_time));
                if (f.steps().size() > text.size()) __builtin_trap();
                over_time ? compute_over(f) : compute(f);
                if (!over_time) compile(f);
            } catch (const FormulaError& e) {
                if (e.column == 0 || e.column > text.size() + 1) __builtin_trap();
                fail(Exit::kUsage, "{}", e.text());
            }
        });
    return 0;
}
