// The search on models that cost nothing: known answers, failures, and going on from a file.

#include "analysis/calibrate/calibrate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "sim/model/error.hpp"
#include "tests/temporary_folder.hpp"

namespace respine {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TargetRow row_of(const std::string& id, const std::string& kind, double value = kNaN, double low = kNaN,
                 double high = kNaN) {
    TargetRow r;
    r.id = id;
    r.kind = kind;
    r.value = value;
    r.low = low;
    r.high = high;
    return r;
}

// A rise a (1 - e^(-t / b)) seen at two times; a is searched linearly, b logarithmically.
const std::vector<FitParameter> kRise = {{"rise.size", "1", 0.0, 10.0, 2.0},
                                         {"rise.time", "h", 0.1, 10.0, 8.0}};

double rise(const std::vector<double>& p, double t) { return p[0] * (1.0 - std::exp(-t / p[1])); }

std::vector<TargetRow> rows_at(const std::vector<double>& truth) {
    const double early = rise(truth, 0.5), late = rise(truth, 4.0);
    return {row_of("early", "value", early, early - 0.1, early + 0.1),
            row_of("late", "value", late, late - 0.1, late + 0.1)};
}

struct Counted {
    int calls = 0;
    Simulate simulate = [this](const std::vector<double>& p) {
        ++calls;
        return std::vector<Simulated>{{rise(p, 0.5), kNaN}, {rise(p, 4.0), kNaN}};
    };
};

class Folder : public testing::Test {
protected:
    std::string file(const char* name) const { return folder_.file(name); }
    static std::string content(const std::string& path) {
        std::ifstream in(path, std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        return text.str();
    }
    test::TemporaryFolder folder_;
};

TEST(Loss, FollowsTheKindOfTheRow) {
    EXPECT_DOUBLE_EQ(loss_of(row_of("x", "value", 5.0, 3.0, 9.0), {11.0, kNaN}), 4.0);
    EXPECT_DOUBLE_EQ(loss_of(row_of("x", "zero"), {-6.0, kNaN}), 4.0);
    EXPECT_DOUBLE_EQ(loss_of(row_of("x", "flat"), {2.4, 2.0}), 4.0);
    EXPECT_DOUBLE_EQ(loss_of(row_of("x", "flat"), {0.2, 0.0}), 4.0);
    EXPECT_NEAR(loss_of(row_of("x", "up"), {2.1, 2.0}), 0.25, 1e-12);
    EXPECT_NEAR(loss_of(row_of("x", "up"), {1.8, 2.0}), 4.0, 1e-12);
    EXPECT_EQ(loss_of(row_of("x", "up"), {2.3, 2.0}), 0.0);
    EXPECT_NEAR(loss_of(row_of("x", "down"), {1.9, 2.0}), 0.25, 1e-12);
    EXPECT_EQ(loss_of(row_of("x", "down"), {1.7, 2.0}), 0.0);
}

TEST(Loss, IsFiniteWhateverTheRunsGive) {
    const TargetRow row = row_of("x", "value", 5.0, 3.0, 9.0);
    const double infinite = std::numeric_limits<double>::infinity();
    EXPECT_EQ(loss_of(row, {kNaN, kNaN}), kWorstLoss);
    EXPECT_EQ(loss_of(row, {infinite, kNaN}), kWorstLoss);
    EXPECT_EQ(loss_of(row, {1e12, kNaN}), kWorstLoss);
    EXPECT_EQ(loss_of(row_of("x", "up"), {1.0, kNaN}), kWorstLoss);
    EXPECT_FALSE(has_loss(row_of("x", "order")));
    EXPECT_FALSE(has_loss(row_of("x", "input")));
}

TEST(FitParameters, AreSearchedInTheirLogarithmOverWideRanges) {
    const FitParameter wide{"x", "1", 0.1, 10.0, 1.0}, narrow{"x", "1", 1.0, 10.0, 2.0},
        from_zero{"x", "1", 0.0, 10.0, 2.0};
    EXPECT_EQ(value_at(wide, 0.5), 1.0);
    EXPECT_EQ(value_at(narrow, 0.5), 5.5);
    EXPECT_EQ(value_at(from_zero, 0.5), 5.0);
    for (const FitParameter& p : {wide, narrow, from_zero}) {
        EXPECT_EQ(value_at(p, 0.0), p.low);
        EXPECT_EQ(value_at(p, 1.0), p.high);
        EXPECT_EQ(value_at(p, -0.1), p.low);
        EXPECT_EQ(value_at(p, 1.1), p.high);
        EXPECT_EQ(value_at(p, share_of(p, 2.345)), 2.345);  // the start is the start, not its neighbour
    }
    EXPECT_EQ(value_at(narrow, 1.0 / 3.0), 4.0);
    EXPECT_EQ(fmt::format("{}", value_at(from_zero, 1.0 / 3.0)), "3.33333333333");
}

TEST(Calibrate, FindsWhatMadeTheData) {
    const std::vector<double> truth = {6.5, 0.7};
    Counted model;
    Evaluations known;
    const Fit fit = calibrate(kRise, rows_at(truth), {0, 80, 1}, model.simulate, known);
    EXPECT_EQ(fit.start.parameters, (std::vector<double>{2.0, 8.0}));
    EXPECT_GT(fit.start.total, 100.0);
    EXPECT_LT(fit.best.total, 1e-6);
    EXPECT_NEAR(fit.best.parameters[0], truth[0], 1e-3);
    EXPECT_NEAR(fit.best.parameters[1], truth[1], 1e-3);
}

TEST(Calibrate, GlobalSearchLeavesALocalMinimum) {
    const std::vector<FitParameter> one = {{"x", "1", 0.0, 1.0, 0.1}, {"y", "1", 0.0, 1.0, 0.5}};
    const std::vector<TargetRow> rows = {row_of("bottom", "value", 0.0, -1.0, 1.0),
                                         row_of("side", "value", 0.5, -0.5, 1.5)};
    const Simulate two_valleys = [](const std::vector<double>& p) {  // 0.3 deep at x = 0.1, 0 deep at x = 0.8
        return std::vector<Simulated>{{std::min(0.3 + std::fabs(p[0] - 0.1), std::fabs(p[0] - 0.8)), kNaN},
                                      {p[1], kNaN}};
    };
    Evaluations near, wide;
    EXPECT_NEAR(calibrate(one, rows, {0, 60, 1}, two_valleys, near).best.parameters[0], 0.1, 0.02);
    EXPECT_NEAR(calibrate(one, rows, {200, 60, 1}, two_valleys, wide).best.parameters[0], 0.8, 0.02);
}

TEST(Calibrate, ASingleParameterToo) {
    const std::vector<FitParameter> one = {{"x", "1", 0.0, 10.0, 9.0}};
    Evaluations known;
    const Simulate square = [](const std::vector<double>& p) {
        return std::vector<Simulated>{{p[0] * p[0], kNaN}};
    };
    EXPECT_NEAR(calibrate(one, {row_of("nine", "value", 9.0, 8.0, 10.0)}, {0, 60, 1}, square, known)
                    .best.parameters[0],
                3.0, 1e-3);
}

TEST(Calibrate, TheOptimizersSeedDecidesTheGlobalSearch) {
    const auto points = [](u64 seed) {
        Counted model;
        Evaluations known;
        return calibrate(kRise, rows_at({6.5, 0.7}), {40, 0, seed}, model.simulate, known).best.parameters;
    };
    EXPECT_EQ(points(1), points(1));
    EXPECT_NE(points(1), points(2));
}

TEST(Calibrate, FailedRunsAreBadPointsAndNoted) {
    Counted model;
    const Simulate fragile = [&](const std::vector<double>& p) {
        if (p[0] < 4.0) fail(Exit::kNumerical, "rates left\ntheir range, twice");
        return model.simulate(p);
    };
    Evaluations known;
    const Fit fit = calibrate(kRise, rows_at({6.5, 0.7}), {60, 60, 1}, fragile, known);
    EXPECT_EQ(fit.start.total, 2.0 * kWorstLoss);
    EXPECT_EQ(fit.start.note, "rates left;their range; twice");
    EXPECT_EQ(known.failed() + static_cast<size_t>(model.calls), known.size());
    EXPECT_NEAR(fit.best.parameters[0], 6.5, 0.01);
}

TEST(Calibrate, OtherErrorsEndTheSearch) {
    Counted model;
    const Simulate full = [&](const std::vector<double>& p) {
        if (model.calls == 12) fail(Exit::kIo, "disk full");
        return model.simulate(p);
    };
    Evaluations known;
    try {
        calibrate(kRise, rows_at({6.5, 0.7}), {5, 60, 1}, full, known);
        FAIL() << "nothing was thrown";
    } catch (const Error& e) {
        EXPECT_EQ(e.code(), Exit::kIo);
        EXPECT_STREQ(e.what(), "disk full");
    }
    EXPECT_EQ(known.size(), 12U);
}

TEST_F(Folder, GoesOnBitForBitAndSimulatesNothingTwice) {
    const std::vector<std::string> paths = {"rise.size", "rise.time"}, ids = {"early", "late"};
    const std::vector<TargetRow> rows = rows_at({6.5, 0.7});
    const Search search{25, 25, 3};
    Counted whole;
    Evaluations one(file("whole.csv"), paths, ids);
    const Fit fit = calibrate(kRise, rows, search, whole.simulate, one);
    ASSERT_EQ(static_cast<size_t>(whole.calls), one.size());
    ASSERT_GT(whole.calls, 40);

    const std::string text = content(file("whole.csv"));
    for (const size_t kept : {0UL, 1UL, 10UL, 30UL, one.size()}) {
        size_t end = text.find('\n') + 1;
        for (size_t k = 0; k < kept; ++k) end = text.find('\n', end) + 1;
        std::ofstream(file("cut.csv"), std::ios::binary) << text.substr(
            0, std::min(text.size(), end + 9));  // and the start of a line, as a kill leaves it
        Counted rest;
        Evaluations again(file("cut.csv"), paths, ids);
        EXPECT_EQ(again.size(), kept);
        const Fit resumed = calibrate(kRise, rows, search, rest.simulate, again);
        EXPECT_EQ(static_cast<size_t>(rest.calls), one.size() - kept);
        EXPECT_EQ(resumed.best.parameters, fit.best.parameters);
        EXPECT_EQ(resumed.best.total, fit.best.total);
        EXPECT_EQ(content(file("cut.csv")), text);
    }
}

TEST_F(Folder, EvaluationsOfOtherColumnsOrDamagedOnesAreRefused) {
    { Evaluations made(file("e.csv"), {"a"}, {"t"}); }
    const auto refusal = [&](const std::vector<std::string>& parameters) -> std::string {
        try {
            Evaluations(file("e.csv"), parameters, {"t"});
        } catch (const Error& e) {
            return e.what();
        }
        return "accepted";
    };
    EXPECT_EQ(refusal({"a"}), "accepted");
    EXPECT_EQ(refusal({"b"}),
              file("e.csv") + ":1: error: these evaluations are of other parameters or targets");
    std::ofstream(file("e.csv"), std::ios::app) << "1,2,3,4,x,\n";
    EXPECT_EQ(refusal({"a"}), file("e.csv") + ":2: error: 'x' is not a number");
    std::ofstream(file("e.csv")) << "evaluation,a,simulated:t,loss:t,total,note\n1,2,3\n";
    EXPECT_EQ(refusal({"a"}), file("e.csv") + ":2: error: 6 cells are needed");
}

}  // namespace
}  // namespace respine
