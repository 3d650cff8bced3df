// What the program prints about itself and its progress: plans, threads, progress, lists, help.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "sim/io/run/provenance.hpp"
#include "tests/cli/program.hpp"

namespace {

using respine::test::Outcome;
using respine::test::Program;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(Program, DryRunPrintsThePlanAndWritesNothing) {
    const Outcome o =
        respine({"run", "tiny.yaml", "--dry-run", "--set", "stress.severity=0.5", "--seed", "7"});
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_THAT(o.out, testing::AllOf(HasSubstr("seed: 7"), HasSubstr("severity: 0.5"),
                                      HasSubstr("# neurons            200")));
    EXPECT_THAT(files(), testing::ElementsAre("tiny.yaml"));
}

TEST_F(Program, ThreadsComeFromTheFirstThatSays) {
    const auto said = [&](const std::vector<std::string>& more,
                          const std::map<std::string, std::string>& environment) {
        std::vector<std::string> arguments = {"run", "tiny.yaml", "-o",
                                              "nowhere/x.h5"};  // refused after the threads are chosen
        arguments.insert(arguments.end(), more.begin(), more.end());
        const std::string err = respine(arguments, environment).err;
        return err.substr(0, err.find('\n'));
    };
    const std::map<std::string, std::string> both = {{"SLURM_CPUS_PER_TASK", "3"},
                                                     {"OMP_NUM_THREADS", "2,1"}};
    EXPECT_EQ(said({"--threads", "4"}, both), "tiny: 4 threads (--threads)");
    EXPECT_EQ(said({}, both), "tiny: 3 threads (SLURM_CPUS_PER_TASK)");
    EXPECT_EQ(said({}, {{"OMP_NUM_THREADS", "2,1"}}), "tiny: 2 threads (OMP_NUM_THREADS)");
    EXPECT_EQ(said({}, {{"SLURM_CPUS_PER_TASK", ""}, {"OMP_NUM_THREADS", "2"}}),
              "tiny: 2 threads (OMP_NUM_THREADS)");
    cpu_set_t set;
    CPU_ZERO(&set);
    ASSERT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    EXPECT_EQ(said({}, {}), "tiny: " + std::to_string(CPU_COUNT(&set)) + " threads (affinity)");
    EXPECT_THAT(said({}, {{"SLURM_CPUS_PER_TASK", "many"}}),
                HasSubstr("SLURM_CPUS_PER_TASK wants a whole number"));
    EXPECT_EQ(respine({"run", "tiny.yaml", "-o", "x.h5"}, {{"SLURM_CPUS_PER_TASK", "0"}}).code, 2);
}

TEST_F(Program, MoreThreadsThanCoresWork) {
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const Outcome o = respine({"run", "tiny.yaml", "--threads", std::to_string(2 * cores + 1)});
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_TRUE(exists("tiny.h5"));
}

TEST_F(Program, ProgressAsJsonLines) {
    const Outcome o = respine({"run", "tiny.yaml", "--progress", "json"});
    ASSERT_EQ(o.code, 0) << o.err;
    std::stringstream lines(o.err);
    nlohmann::json last;
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("{")) {
            ASSERT_NO_THROW(last = nlohmann::json::parse(line)) << line;
        }
    ASSERT_TRUE(last.is_object()) << o.err;
    EXPECT_EQ(last["name"], "tiny");
    EXPECT_EQ(last["done"], 1.0);
    EXPECT_EQ(last["time_h"], 3.0);
}

TEST_F(Program, QuietPrintsNothing) {
    const Outcome o = respine({"run", "tiny.yaml", "-q"});
    EXPECT_EQ(o.code, 0);
    EXPECT_THAT(o.out, IsEmpty());
    EXPECT_THAT(o.err, IsEmpty());
    const Outcome checked = respine({"check", "-q", "tiny.yaml"});
    EXPECT_EQ(checked.code, 0);
    EXPECT_THAT(checked.out + checked.err, IsEmpty());
}

TEST_F(Program, SchemaIsJson) {
    const Outcome o = respine({"check", "--schema"});
    ASSERT_EQ(o.code, 0);
    const auto schema = nlohmann::json::parse(o.out, nullptr, false);
    ASSERT_FALSE(schema.is_discarded());
    EXPECT_EQ(schema["type"], "object");
    EXPECT_TRUE(schema["properties"].contains("treatments"));
    EXPECT_EQ(schema["additionalProperties"], false);
}

TEST_F(Program, ListsWhatThereIs) {
    const std::map<std::string, std::string> expected = {{"drugs", "ketamine"},
                                                         {"scenarios", "human-iv-single"},
                                                         {"models", "mouse"},
                                                         {"networks", "sheet"},
                                                         {"fields", "excitatory"},
                                                         {"parameters", "bdnf.clearance"},
                                                         {"calibrations", "human-responders"}};
    for (const auto& [what, word] : expected) {
        const Outcome o = respine({"list", what});
        EXPECT_EQ(o.code, 0) << o.err;
        EXPECT_THAT(o.out, HasSubstr(word)) << what;
        EXPECT_THAT(o.err, IsEmpty());
    }
    const Outcome mouse = respine({"list", "parameters", "--model", "mouse"});
    EXPECT_EQ(mouse.code, 0);
    EXPECT_NE(mouse.out, respine({"list", "parameters"}).out);
    EXPECT_EQ(respine({"list", "parameters", "--model", "moose"}).code, 2);
}

TEST_F(Program, VersionAndHelp) {
    const Outcome version = respine({"--version"});
    EXPECT_EQ(version.code, 0);
    EXPECT_EQ(version.out, "respine " + respine::version_text() + "\n");
    EXPECT_THAT(respine({"--version", "--verbose"}).out,
                testing::AllOf(HasSubstr("HDF5"), HasSubstr("OpenMP"), HasSubstr("compiler")));
    const Outcome help = respine({"--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_EQ(respine({}).out, help.out);
    for (const char* command : {"run", "compare", "check", "inspect", "list", "calibrate"}) {
        EXPECT_THAT(help.out, HasSubstr(command));
        const Outcome o = respine({command, "--help"});
        EXPECT_EQ(o.code, 0) << command;
        EXPECT_THAT(o.out, HasSubstr("example:"));
    }
}

}  // namespace
