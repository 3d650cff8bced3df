#include "sim/system/background.hpp"

#include <csignal>
#include <system_error>
#include <utility>

#include "sim/system/machine.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

Background::~Background() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

// With every signal blocked: the thread that computes looks after them.
bool Background::start() {
    if (thread_.joinable()) return true;
    if (alone_) return false;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        thread_ = std::thread([this] { serve(); });
    } catch (const std::system_error&) {
        alone_ = true;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return !alone_;
}

void Background::serve() {
    unbind_this_thread();  // from the processor of the thread that started it
    if (first_) first_();
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        Work work = std::move(waiting_.front());
        waiting_.pop_front();
        busy_ = true;
        lock.unlock();
        const WallTime begun = wall_now();
        std::exception_ptr thrown;
        try {
            work.run();
        } catch (...) {
            thrown = std::current_exception();
        }
        work.run = nullptr;  // what it held goes before others wait for the room
        const double took = seconds_since(begun);
        lock.lock();
        seconds_ += took;
        busy_ = false;
        bytes_ -= work.bytes;
        if (thrown) {
            error_ = thrown;
            for (const Work& dropped : waiting_) bytes_ -= dropped.bytes;
            waiting_.clear();
        }
        changed_.notify_all();
    }
}

// Under the lock.
void Background::rethrow() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Background::post(size_t bytes, std::function<void()> work) {
    if (!start()) return work();
    {
        std::unique_lock lock(mutex_);
        // Something larger than the room goes when it is alone.
        changed_.wait(lock, [&] { return error_ || bytes_ == 0 || bytes_ + bytes <= most_bytes_; });
        rethrow();
        bytes_ += bytes;
        waiting_.push_back({bytes, std::move(work)});
    }
    changed_.notify_all();
}

void Background::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.empty() && !busy_; });
    rethrow();
}

double Background::seconds() {
    const std::lock_guard lock(mutex_);
    return seconds_;
}

}  // namespace respine
