// A pool of processes that work on numbered tasks. They are forked once, before any thread exists, so a task
// costs no start-up; a task that takes its process down costs that process alone.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "kernels/numerics/types.hpp"
#include "sim/model/error.hpp"

namespace respine {

class Workers {
public:
    using Task = std::function<std::string(u32 number)>;  // in the worker; its answer goes back
    using Done = std::function<void(u32 number, const std::string& answer)>;  // in this process
    // Its process ended: "its process was killed by signal 11", and the exit code that says so.
    using Lost = std::function<void(u32 number, const std::string& how, Exit code)>;

    Workers(int processes, Task task);
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;
    ~Workers();  // ends them

    // Hands out `numbers` in order until all are done or `stop` says so; then passes the stop on as SIGTERM
    // and waits for the tasks in flight to answer. `idle` is called a few times a second. Throws Error(kIo)
    // when no process can be started.
    void run(const std::vector<u32>& numbers, const Done& done, const Lost& lost,
             const std::function<bool()>& stop, const std::function<void()>& idle);

private:
    struct Worker {
        pid_t process = -1;
        int to = -1, from = -1;
        bool busy = false;
        u32 number = 0;
        std::string answer;  // what has come of it
    };
    void start(Worker& worker);
    void give(Worker& worker, u32 number);
    bool collect(Worker& worker, const Done& done, const Lost& lost);
    static void end(Worker& worker);

    Task task_;
    std::vector<Worker> workers_;
};

}  // namespace respine
