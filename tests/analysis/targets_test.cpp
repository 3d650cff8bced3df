// The rules of the target table, and the table itself.

#include "analysis/validate/targets.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "sim/model/error.hpp"
#include "sim/system/files.hpp"
#include "sim/system/library.hpp"
#include "tests/temporary_folder.hpp"

namespace respine {
namespace {

TargetRow row_of(const std::string& kind, double low = NAN, double high = NAN) {
    TargetRow r;
    r.id = "x";
    r.kind = kind;
    r.low = low;
    r.high = high;
    return r;
}

TEST(Targets, ValueMustLieInsideAndBeKnownWellEnough) {
    EXPECT_EQ(judge(row_of("value", 1.0, 3.0), {1.9, 2.0, 2.1}, {}).verdict, Verdict::kPass);
    EXPECT_EQ(judge(row_of("value", 1.0, 3.0), {3.1, 3.2, 3.3}, {}).verdict, Verdict::kMiss);
    EXPECT_EQ(judge(row_of("value", 1.0, 3.0), {0.0, 2.0, 4.0}, {}).verdict, Verdict::kUndecided);
    EXPECT_NEAR(judge(row_of("value", 1.0, 3.0), {1.0, 2.0, 3.0}, {}).error, 1.0 / std::sqrt(3.0), 1e-12);
}

TEST(Targets, UpAndDownNeedATenthAndTwoErrors) {
    EXPECT_EQ(judge(row_of("up"), {1.2, 1.3}, {1.0, 1.0}).verdict, Verdict::kPass);
    EXPECT_EQ(judge(row_of("up"), {1.05, 1.06}, {1.0, 1.0}).verdict, Verdict::kMiss);
    EXPECT_EQ(judge(row_of("up"), {1.0, 1.4}, {1.0, 1.0}).verdict, Verdict::kMiss);
    EXPECT_EQ(judge(row_of("down"), {0.7, 0.8}, {1.0, 1.0}).verdict, Verdict::kPass);
    EXPECT_EQ(judge(row_of("down"), {1.2, 1.3}, {1.0, 1.0}).verdict, Verdict::kMiss);
    EXPECT_EQ(judge(row_of("up"), {0.2, 0.2}, {0.0, 0.0}).verdict, Verdict::kPass);
    EXPECT_EQ(judge(row_of("up"), {0.05, 0.05}, {0.0, 0.0}).verdict, Verdict::kMiss);
}

TEST(Targets, FlatZeroAndOrder) {
    EXPECT_EQ(judge(row_of("flat"), {1.05, 1.06}, {1.0, 1.0}).verdict, Verdict::kPass);
    EXPECT_EQ(judge(row_of("flat"), {1.15, 1.16}, {1.0, 1.0}).verdict, Verdict::kMiss);
    EXPECT_EQ(judge(row_of("zero"), {0.5, -0.5}, {}).verdict, Verdict::kPass);
    EXPECT_EQ(judge(row_of("zero"), {4.0, 4.2}, {}).verdict, Verdict::kMiss);
    EXPECT_EQ(judge(row_of("zero"), {-5.0, 5.0}, {}).verdict, Verdict::kUndecided);
    EXPECT_EQ(judge(row_of("order"), {1.0, 1.0}, {}).verdict, Verdict::kPass);
    EXPECT_EQ(judge(row_of("order"), {1.0, 0.0}, {}).verdict, Verdict::kMiss);
    EXPECT_EQ(judge(row_of("input"), {5.0}, {}).verdict, Verdict::kInput);
    EXPECT_EQ(judge(row_of("value", 0.0, 1.0), {NAN}, {}).verdict, Verdict::kUndecided);
}

TEST(Targets, TheShippedTableIsWholeAndItsIdsAreUnique) {
    const auto rows = read_targets(config_folder() + "/reference/targets.csv");
    EXPECT_GT(rows.size(), 80U);
    std::set<std::string> ids;
    std::map<std::string, size_t> evidence;
    size_t must = 0;
    for (const TargetRow& r : rows) {
        EXPECT_TRUE(ids.insert(r.id).second) << r.id;
        must += r.must ? 1 : 0;
        ++evidence[r.evidence];
        if (r.kind == "value") {
            EXPECT_LT(r.low, r.value) << r.id;
            EXPECT_GT(r.high, r.value) << r.id;
        }
    }
    EXPECT_GT(must, 20U);
    EXPECT_EQ(evidence[""], 2U) << "inputs only";
    for (const Evidence& e : kEvidence) EXPECT_GT(evidence[e.word], 0U) << e.word;
}

TEST(Targets, LinesMayEndAsInWindows) {
    const std::string shipped = read_bytes(config_folder() + "/reference/targets.csv");
    std::string windows;
    for (const char c : shipped) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const test::TemporaryFolder folder;
    const auto rows = read_targets(folder.write("windows.csv", windows)),
               expected = read_targets(config_folder() + "/reference/targets.csv");
    ASSERT_EQ(rows.size(), expected.size());
    for (size_t k = 0; k < rows.size(); ++k) EXPECT_EQ(rows[k].must, expected[k].must) << rows[k].id;
}

TEST(Targets, ReasonsAreForRowsThatExist) {
    const auto rows = read_targets(config_folder() + "/reference/targets.csv");
    const auto reasons = read_reasons(config_folder() + "/reference/reasons.yaml", rows);
    ASSERT_TRUE(reasons.contains("turnover-27d-form"));
    EXPECT_GT(reasons.at("turnover-27d-form").size(), 40U);
    EXPECT_THROW(read_reasons(config_folder() + "/reference/reasons.yaml", {}), Error);
}

TEST(Targets, SourceAndDoiAreRead) {
    const auto rows = read_targets(config_folder() + "/reference/targets.csv");
    EXPECT_EQ(rows.front().id, "pk-venous-peak");
    EXPECT_EQ(rows.front().doi, "10.1124/pr.117.015198");
    EXPECT_EQ(rows.front().mark, "R");
}

}  // namespace
}  // namespace respine
