// The program from outside: exit codes, what it writes and what it leaves alone.
#include "tests/cli/program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

using respine::test::content_of;
using respine::test::Outcome;
using respine::test::Program;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace fs = std::filesystem;

TEST_F(Program, RunWritesOneRunFileAndItsSidecar) {
    const Outcome o = respine({"run", "tiny.yaml"});
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(o.out, "tiny.h5\n");
    EXPECT_THAT(files(), testing::ElementsAre("tiny.h5", "tiny.xdmf", "tiny.yaml"));

    const Outcome summary = respine({"inspect", "tiny.h5"});
    EXPECT_EQ(summary.code, 0) << summary.err;
    EXPECT_THAT(summary.out, testing::AllOf(HasSubstr("status ok"), Not(HasSubstr("incomplete")),
                                            HasSubstr("/history/bdnf")));
    const Outcome field = respine({"inspect", "tiny.h5", "--field", "bdnf", "--at", "2h"});
    EXPECT_EQ(field.code, 0) << field.err;
    EXPECT_THAT(field.out, testing::AllOf(HasSubstr("bdnf = "), HasSubstr("at 2 h")));
    const Outcome misspelt = respine({"inspect", "tiny.h5", "--field", "bdfn"});
    EXPECT_EQ(misspelt.code, 2);
    EXPECT_THAT(misspelt.err, HasSubstr("did you mean 'bdnf'?"));
    EXPECT_EQ(respine({"inspect", "tiny.h5", "--field", "bdnf", "--at", "2 mg"}).code, 2);

    const std::string before = content_of(work() / "tiny.h5");
    const Outcome again = respine({"run", "tiny.yaml"});
    EXPECT_EQ(again.code, 5);
    EXPECT_THAT(again.err, testing::AllOf(HasSubstr("tiny.h5"), HasSubstr("exists"), HasSubstr("--force")));
    EXPECT_EQ(content_of(work() / "tiny.h5"), before);
    EXPECT_FALSE(exists("tiny.h5.part"));
    EXPECT_EQ(respine({"run", "tiny.yaml", "--force", "-q"}).code, 0);
    EXPECT_FALSE(exists("tiny.h5.part"));

    fs::resize_file(work() / "tiny.h5", fs::file_size(work() / "tiny.h5") / 2);
    const Outcome cut = respine({"inspect", "tiny.h5"});
    EXPECT_EQ(cut.code, 3);
    EXPECT_THAT(cut.err, HasSubstr("tiny.h5: error: "));
}

TEST_F(Program, ViewPutsRunsIntoOnePage) {
    ASSERT_EQ(respine({"run", "tiny.yaml", "-q"}).code, 0);
    fs::copy_file(work() / "tiny.h5", work() / "a \"b\" <c>.h5");
    const Outcome o = respine({"view", "tiny.h5", "a \"b\" <c>.h5"});
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_THAT(o.out, testing::AllOf(testing::StartsWith("tiny.html: 2 runs"), HasSubstr("browser")));
    const std::string page = content_of(work() / "tiny.html");
    EXPECT_THAT(
        page,
        testing::AllOf(HasSubstr("class=\"run\" data-name=\"tiny.h5\">H4sI"),  // base64 of gzip's first bytes
                       HasSubstr("data-name=\"a &quot;b&quot; &lt;c&gt;.h5\"")));
    EXPECT_THAT(page, Not(testing::ContainsRegex("(src|href)=\"?http")));
    EXPECT_FALSE(exists("tiny.html.part"));

    EXPECT_EQ(respine({"view", "tiny.h5"}).code, 5) << "an existing page is not replaced";
    EXPECT_EQ(respine({"view", "tiny.h5", "--force"}).code, 0);
    EXPECT_EQ(respine({"view", "tiny.h5", "-o", "tiny.h5", "--force"}).code, 2) << "nor ever a run";
    EXPECT_EQ(respine({"view", "tiny.h5", "-o", "nowhere/tiny.html"}).code, 5);
    EXPECT_EQ(respine({"view", "-o", "empty.html"}).code, 0);
    write("text.h5", "not HDF5\n");
    for (const char* name : {"missing.h5", "text.h5"}) {
        const Outcome refused = respine({"view", name, "-o", "refused.html"});
        EXPECT_EQ(refused.code, 3) << name;
        EXPECT_THAT(refused.err, HasSubstr(std::string(name) + ": error: "));
    }
    EXPECT_FALSE(exists("refused.html"));
}

TEST_F(Program, InspectRefusesWhatIsNoRunFile) {
    write("text.h5", "not HDF5\n");
    write("empty.h5", "");
    for (const char* name : {"missing.h5", "text.h5", "empty.h5", "."}) {
        const Outcome o = respine({"inspect", name});
        EXPECT_EQ(o.code, 3) << name;
        EXPECT_THAT(o.err, HasSubstr(std::string(name) + ": error: "));
        EXPECT_THAT(o.out, IsEmpty());
    }
    EXPECT_THAT(respine({"inspect", "missing.h5"}).err, HasSubstr("no such file"));
}

TEST_F(Program, BadUsageIsExplained) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
        {{"run", "tiny.yaml", "--ouptut", "x.h5"}, "did you mean '--output'?"},
        {{"runn", "tiny.yaml"}, "did you mean 'run'?"},
        {{"inspct", "tiny.h5"}, "did you mean 'inspect'?"},
        {{"--verison"}, "did you mean '--version'?"},
        {{"frobnicate"}, "see: respine --help"},
        {{"run"}, "see: respine run --help"},
        {{"list", "drug"}, "see: respine list --help"},
        {{"run", "tiny.yaml", "--seed=-1"}, "--seed"},
        {{"run", "tiny.yaml", "--seed=one"}, "--seed"},
        {{"run", "tiny.yaml", "--threads=-2"}, "--threads"},
        {{"run", "tiny.yaml", "--threads=5000"}, "--threads"},
        {{"run", "tiny.yaml", "--progress", "xml"}, "--progress"},
        {{"run", "tiny.yaml", "--set", "duration"}, "--set wants path=value"},
        {{"run", "tiny.yaml", "--set", "name.x=1"}, "--set name.x"},
        {{"run", "tiny.yaml", "--set", "bdnf.clearence=1h"}, "did you mean 'bdnf.clearance'?"},
        {{"run", "tiny.yml"}, "no such file"},
        {{"run", "human-iv-sinlge"}, "did you mean 'human-iv-single'?"},
        {{"check"}, "name a scenario"},
    };
    for (const auto& [arguments, message] : cases) {
        const Outcome o = respine(arguments);
        EXPECT_EQ(o.code, 2) << testing::PrintToString(arguments);
        EXPECT_THAT(o.err, HasSubstr(message)) << testing::PrintToString(arguments);
        EXPECT_THAT(o.out, IsEmpty());
    }
    EXPECT_THAT(files(), testing::ElementsAre("tiny.yaml"));
}

TEST_F(Program, BadScenarioWritesNothing) {
    write("bad.yaml",
          "name: bad\nmodel: human\nstart: 0 d\nduration: 3\nnetwork: {kind: shet}\nstress: {severity: 1}\n");
    const Outcome o = respine({"run", "bad.yaml", "-o", "out.h5"});
    EXPECT_EQ(o.code, 2);
    EXPECT_THAT(o.err,
                testing::AllOf(HasSubstr("bad.yaml:4:11: error: "), HasSubstr("bad.yaml:5:17: error: ")));
    EXPECT_THAT(files(), testing::ElementsAre("bad.yaml", "tiny.yaml"));
    const Outcome checked = respine({"check", "bad.yaml", "tiny.yaml"});
    EXPECT_EQ(checked.code, 2);
    EXPECT_THAT(checked.out, HasSubstr("name: \"tiny\""));
}

TEST_F(Program, RatesThatLeaveTheModelAreANumericalError) {
    // With NMDA receptors alone the excitatory cells fall silent under ketamine.
    const Outcome o = respine({"run", "tiny.yaml", "-o", "silent.h5", "--set", "receptors.E.nmda_share=1",
                               "--set", "treatments.0.dose=50 mg/kg"});
    EXPECT_EQ(o.code, 4) << o.err;
    EXPECT_THAT(o.err, HasSubstr("baseline"));
    EXPECT_FALSE(exists("silent.h5"));
    ASSERT_TRUE(exists("silent.h5.part"));  // what was recorded stays readable
    const Outcome rest = respine({"inspect", "silent.h5.part"});
    EXPECT_EQ(rest.code, 0) << rest.err;
    EXPECT_THAT(rest.out, HasSubstr("(incomplete)"));
}

TEST_F(Program, OutputsThatCannotBeWritten) {
    fs::create_directory(work() / "folder");
    write("taken.h5", "mine");
    write("busy.h5.part", "");
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
        {{"run", "tiny.yaml", "-o", "taken.h5"}, "taken.h5: error: exists"},
        {{"run", "tiny.yaml", "-o", "nowhere/x.h5"}, "there is no folder nowhere"},
        {{"run", "tiny.yaml", "-o", "folder"}, "folder: error: is a folder"},
        {{"run", "tiny.yaml", "-o", "folder", "--force"}, "folder: error: is a folder"},
        {{"run", "tiny.yaml", "-o", "busy.h5"}, "busy.h5.part: error: exists"},
        {{"run", "tiny.yaml", "-o", "tiny.yaml/x.h5"}, "there is no folder tiny.yaml"},
    };
    for (const auto& [arguments, message] : cases) {
        const Outcome o = respine(arguments);
        EXPECT_EQ(o.code, 5) << testing::PrintToString(arguments);
        EXPECT_THAT(o.err, HasSubstr(message));
    }
    EXPECT_EQ(content_of(work() / "taken.h5"), "mine");
    EXPECT_THAT(files(), testing::ElementsAre("busy.h5.part", "folder", "taken.h5", "tiny.yaml"));
    EXPECT_EQ(respine({"run", "tiny.yaml", "-o", "busy.h5", "--force", "-q"}).code, 0);
    EXPECT_FALSE(exists("busy.h5.part"));
}

TEST_F(Program, CohortOfTwo) {
    const Outcome o = respine(
        {"run", "tiny.yaml", "-q", "-o", "two.h5", "--set", "cohort.subjects=2", "--set", "duration=2 h"});
    EXPECT_EQ(o.code, 0) << o.err;
    const Outcome summary = respine({"inspect", "two.h5"});
    EXPECT_EQ(summary.code, 0) << summary.err;
    EXPECT_THAT(summary.out, HasSubstr("/cohort/response"));
}

TEST_F(Program, InterruptKeepsWhatWasRecorded) {
    const pid_t pid = start({"run", "tiny.yaml", "-q", "-o", "long.h5", "--set", "duration=400 d"});
    while (!exists("long.h5.part") && waitpid(pid, nullptr, WNOHANG) == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    kill(pid, SIGINT);
    const Outcome o = finish(pid);
    EXPECT_EQ(o.code, 130) << o.err;
    EXPECT_THAT(o.err, HasSubstr("interrupted"));
    EXPECT_FALSE(exists("long.h5"));
    const Outcome rest = respine({"inspect", "long.h5.part"});
    EXPECT_EQ(rest.code, 0) << rest.err;
    EXPECT_THAT(rest.out, HasSubstr("status stopped (incomplete)"));
}

}  // namespace
