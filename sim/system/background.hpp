// Work that nobody waits for, such as compressing what has been recorded: one thread does it beside the
// others, in the order in which it came.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "kernels/numerics/types.hpp"

namespace respine {

class Background {
public:
    // Work that waits may hold so many bytes; more of it has to wait for room. The thread begins with
    // `first`.
    explicit Background(size_t most_bytes, std::function<void()> first = {})
        : most_bytes_(most_bytes), first_(std::move(first)) {}
    ~Background();  // does what is left
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    // Takes work that holds `bytes`. Where no thread is to be had, it is done at once. Both this and wait()
    // throw what earlier work threw; what came behind that is dropped.
    void post(size_t bytes, std::function<void()> work);
    void wait();  // until all of it is done

    double seconds();  // that the work took so far

private:
    struct Work {
        size_t bytes;
        std::function<void()> run;
    };
    bool start();
    void serve();
    void rethrow();

    const size_t most_bytes_;
    const std::function<void()> first_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Work> waiting_;
    size_t bytes_ = 0;  // of what waits and of what is being done
    bool busy_ = false, ending_ = false, alone_ = false;
    double seconds_ = 0.0;
    std::exception_ptr error_;
    std::thread thread_;
};

}  // namespace respine
