#include "sim/jobs/workers.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "sim/system/files.hpp"

namespace respine {

namespace {

[[noreturn]] void serve(int from, int to, const Workers::Task& task) {
    u32 number = 0;
    while (read_whole(from, &number, sizeof number)) {
        const std::string answer = task(number);
        const u64 size = answer.size();
        if (!write_whole(to, &size, sizeof size) || !write_whole(to, answer.data(), answer.size())) break;
    }
    _exit(0);  // nothing of the parent's is flushed or removed twice
}

}  // namespace

Workers::Workers(int processes, Task task)
    : task_(std::move(task)), workers_(static_cast<size_t>(processes)) {
    std::signal(SIGPIPE, SIG_IGN);  // a worker that died is found by its status
    for (Worker& w : workers_) start(w);
}

Workers::~Workers() {
    for (Worker& w : workers_) end(w);
}

void Workers::start(Worker& worker) {
    int down[2], up[2];
    if (pipe(down) != 0 || pipe(up) != 0)
        fail(Exit::kIo, "respine: error: no pipe to a worker: {}", std::strerror(errno));
    const pid_t process = fork();
    if (process < 0)
        fail(Exit::kIo, "respine: error: no process can be started: {}; take fewer --jobs",
             std::strerror(errno));
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);  // a study that was killed leaves nothing running
        for (const Worker& other : workers_)
            for (int fd : {other.to, other.from})
                if (fd >= 0) close(fd);
        close(down[1]);
        close(up[0]);
        serve(down[0], up[1], task_);
    }
    close(down[0]);
    close(up[1]);
    worker = {process, down[1], up[0], false, 0, {}};
}

void Workers::end(Worker& worker) {
    if (worker.process < 0) return;
    close(worker.to);
    close(worker.from);
    if (worker.busy) kill(worker.process, SIGKILL);
    while (waitpid(worker.process, nullptr, 0) < 0 && errno == EINTR) {
    }
    worker = {};
}

void Workers::give(Worker& worker, u32 number) {
    worker.busy = true;
    worker.number = number;
    worker.answer.clear();
    write_whole(worker.to, &number, sizeof number);  // a dead worker shows when it is read
}

// Reads what has come; true when the worker is free again.
bool Workers::collect(Worker& worker, const Done& done, const Lost& lost) {
    char buffer[4096];
    const ssize_t n = read(worker.from, buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return false;
    if (n > 0) {
        worker.answer.append(buffer, static_cast<size_t>(n));
        u64 size = 0;
        if (worker.answer.size() < sizeof size) return false;
        std::memcpy(&size, worker.answer.data(), sizeof size);
        if (worker.answer.size() < sizeof size + size) return false;
        worker.busy = false;
        done(worker.number, worker.answer.substr(sizeof size));
        return true;
    }
    int status = 0;
    while (waitpid(worker.process, &status, 0) < 0 && errno == EINTR) {
    }
    const u32 number = worker.number;
    close(worker.to);
    close(worker.from);
    worker = {};
    start(worker);
    const int code = WIFSIGNALED(status) ? 0 : WEXITSTATUS(status);  // one of ours, for want of memory
    lost(number,
         WIFSIGNALED(status) ? fmt::format("its process was killed by signal {} ({})", WTERMSIG(status),
                                           strsignal(WTERMSIG(status)))
                             : fmt::format("its process ended with code {}", code),
         code == 0 ? Exit::kInternal : static_cast<Exit>(code));
    return true;
}

void Workers::run(const std::vector<u32>& numbers, const Done& done, const Lost& lost,
                  const std::function<bool()>& stop, const std::function<void()>& idle) {
    size_t next = 0;
    bool stopping = false;
    for (;;) {
        if (!stopping && stop()) {
            stopping = true;
            for (const Worker& w : workers_)
                if (w.busy) kill(w.process, SIGTERM);
        }
        std::vector<pollfd> watched;
        std::vector<Worker*> of;
        for (Worker& w : workers_) {
            if (!w.busy && !stopping && next < numbers.size()) give(w, numbers[next++]);
            if (!w.busy) continue;
            watched.push_back({w.from, POLLIN, 0});
            of.push_back(&w);
        }
        if (watched.empty()) return;
        if (poll(watched.data(), watched.size(), 200) > 0)
            for (size_t k = 0; k < watched.size(); ++k)
                if (watched[k].revents != 0) collect(*of[k], done, lost);
        idle();
    }
}

}  // namespace respine
