#include "sim/jobs/python.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "sim/model/error.hpp"
#include "sim/system/library.hpp"

namespace respine {

std::string python_program() {
    const char* set = std::getenv("RESPINE_PYTHON");
    return set && *set ? set : "/usr/bin/python3";
}

void run_python(const std::string& script, const std::vector<std::string>& arguments,
                const std::string& stands, Printed printed) {
    const std::string python = python_program();
    // -B: for root it would leave compiled modules beside ours, which no package takes away again.
    std::vector<std::string> words = {python, "-B", shipped("python") + "/" + script};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    std::cout.flush();
    const pid_t child = fork();
    if (child == 0) {
        if (printed == Printed::kNews) dup2(STDERR_FILENO, STDOUT_FILENO);
        execv(python.c_str(), argv.data());
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    if (code == 0) return;
    if (code != 1 && code != 127)  // it has said on the terminal what it could not use
        fail(Exit::kIo, "{} failed (exit code {}). {}", script, code, stands);
    fail(Exit::kIo,
         "{} failed; it needs {} with h5py, numpy and matplotlib (Debian: python3-h5py python3-matplotlib). "
         "{}",
         script, python, stands);
}

}  // namespace respine
