// The program from outside: exit codes, what it writes and what it leaves alone, where the thread count comes
// from.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "sim/io/run/provenance.hpp"

extern char** environ;

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Outcome {
    int code = -1;
    std::string out, err;
};

std::string content_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

class Program : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "respine-program-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        fs::create_directory(folder_ / "work");
        write("tiny.yaml",
              "name: tiny\nmodel: human\nstart: -1 h\nduration: 4 h\nnetwork: {kind: sheet, neurons: 200, "
              "synapses_per_neuron: 40}\nstress: {severity: 1}\n"
              "treatments:\n  - {drug: ketamine, route: iv, dose: 0.5 mg/kg, over: 40 min, at: 0 h}\nrecord: "
              "{history: 30 min, snapshots: [0 h]}\n");
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path work() const { return folder_ / "work"; }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(work() / name, std::ios::binary) << text;
    }
    bool exists(const std::string& name) const { return fs::exists(work() / name); }

    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(work()))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    // Starts the program in the work folder with the given environment on top of a clean one.
    pid_t start(const std::vector<std::string>& arguments,
                const std::map<std::string, std::string>& environment = {}) const {
        std::vector<std::string> words = {RESPINE_PROGRAM}, variables;
        words.insert(words.end(), arguments.begin(), arguments.end());
        for (char** v = environ; *v; ++v) {
            const std::string text = *v, name = text.substr(0, text.find('='));
            if (name != "SLURM_CPUS_PER_TASK" && name != "OMP_NUM_THREADS" && name != "RESPINE_CONFIGS" &&
                !environment.contains(name))
                variables.push_back(text);
        }
        for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
        std::vector<char*> argv, envp;
        for (std::string& w : words) argv.push_back(w.data());
        for (std::string& v : variables) envp.push_back(v.data());
        argv.push_back(nullptr);
        envp.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addchdir_np(&actions, work().c_str());
        const std::string out = (folder_ / "out").string(), err = (folder_ / "err").string();
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        pid_t pid = -1;
        EXPECT_EQ(posix_spawn(&pid, RESPINE_PROGRAM, &actions, nullptr, argv.data(), envp.data()), 0);
        posix_spawn_file_actions_destroy(&actions);
        return pid;
    }

    Outcome finish(pid_t pid) const {
        int status = 0;
        EXPECT_EQ(waitpid(pid, &status, 0), pid);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status),
                content_of(folder_ / "out"), content_of(folder_ / "err")};
    }

    Outcome respine(const std::vector<std::string>& arguments,
                    const std::map<std::string, std::string>& environment = {}) const {
        return finish(start(arguments, environment));
    }

    fs::path folder_;
};

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
        page, testing::AllOf(
                  HasSubstr("class=\"run\" data-name=\"tiny.h5\">iUhERg0KGgo"),
                  HasSubstr("data-name=\"a &quot;b&quot; &lt;c&gt;.h5\"")));  // base64 of HDF5's first bytes
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
