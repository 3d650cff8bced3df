// The program as a test starts it: in a folder of its own with a tiny scenario, with its exit code and what
// it said.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/temporary_folder.hpp"

extern char** environ;

namespace respine::test {

namespace fs = std::filesystem;

struct Outcome {
    int code = -1;
    std::string out, err;
};

inline std::string content_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

class Program : public ::testing::Test {
protected:
    void SetUp() override {
        fs::create_directory(work());
        write("tiny.yaml",
              "name: tiny\nmodel: human\nstart: -1 h\nduration: 4 h\nnetwork: {kind: sheet, neurons: 200, "
              "synapses_per_neuron: 40}\nstress: {severity: 1}\n"
              "treatments:\n  - {drug: ketamine, route: iv, dose: 0.5 mg/kg, over: 40 min, at: 0 h}\nrecord: "
              "{history: 30 min, snapshots: [0 h]}\n");
    }

    fs::path work() const { return folder_.path() / "work"; }
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
        const std::string out = (folder_.path() / "out").string(), err = (folder_.path() / "err").string();
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
                content_of(folder_.path() / "out"), content_of(folder_.path() / "err")};
    }

    Outcome respine(const std::vector<std::string>& arguments,
                    const std::map<std::string, std::string>& environment = {}) const {
        return finish(start(arguments, environment));
    }

    TemporaryFolder folder_;
};

}  // namespace respine::test
