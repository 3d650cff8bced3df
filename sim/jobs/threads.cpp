#include "sim/jobs/threads.hpp"

#include <omp.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <latch>
#include <vector>

#include "sim/model/error.hpp"
#include "sim/model/units.hpp"
#include "sim/system/machine.hpp"

namespace respine {

namespace {

constexpr int kMost = 4096;

int threads_of(const char* name, const char* text) {
    const std::string first =
        std::string(text).substr(0, std::string(text).find(','));  // OMP_NUM_THREADS may list nested levels
    const auto value = parse_number(first);
    if (!value || *value < 1 || *value > kMost || *value != static_cast<int>(*value))
        fail(Exit::kUsage, "{} wants a whole number from 1 to {}, got '{}'", name, kMost, text);
    return static_cast<int>(*value);
}

// OMP_STACKSIZE: a number of KiB, or with B, K, M or G. 0 when it is not set or OpenMP does not understand
// it, which OpenMP says itself.
double wanted_stack() {
    const char* text = std::getenv("OMP_STACKSIZE");
    if (!text) return 0.0;
    char* end = nullptr;
    const double number = std::strtod(text, &end);
    while (*end == ' ') ++end;
    const double unit = *end == 'B' || *end == 'b'   ? 1.0
                        : *end == 'M' || *end == 'm' ? 0x1p20
                        : *end == 'G' || *end == 'g' ? 0x1p30
                                                     : 0x1p10;
    return number > 0.0 ? number * unit : 0.0;
}

// Starts and ends as many threads as OpenMP will.
int start_threads(int count, double stack) {
    if (count > 0 && stack > 0x1p62) return ENOMEM;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    int failed =
        stack > 0.0 ? pthread_attr_setstacksize(&attributes, std::max(static_cast<size_t>(stack),
                                                                      static_cast<size_t>(PTHREAD_STACK_MIN)))
                    : 0;
    std::latch all_there(1);
    std::vector<pthread_t> started;
    const auto wait = [](void* latch) -> void* {
        static_cast<std::latch*>(latch)->wait();
        return nullptr;
    };
    for (int k = 0; k < count && failed == 0; ++k) {
        pthread_t thread{};
        failed = pthread_create(&thread, &attributes, wait, &all_there);
        if (failed == 0) started.push_back(thread);
    }
    all_there.count_down();
    for (const pthread_t thread : started) pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
    return failed;
}

void need_threads(const ThreadChoice& choice) {
    const int failed = start_threads(choice.threads - 1, wanted_stack());
    if (failed == 0) return;
    const char* stack = std::getenv("OMP_STACKSIZE");
    if (stack)
        fail(Exit::kUsage, "OMP_STACKSIZE={}: {} threads ({}) with such a stack cannot be started: {}", stack,
             choice.threads, choice.source, std::strerror(failed));
    fail(Exit::kUsage, "{} threads ({}) cannot be started: {} (ulimit -u, ulimit -v); take fewer",
         choice.threads, choice.source, std::strerror(failed));
}

}  // namespace

ThreadChoice choose_threads(int requested) {
    if (requested != 0) {
        if (requested < 1 || requested > kMost)
            fail(Exit::kUsage, "--threads must lie in [1, {}], got {}", kMost, requested);
        return {requested, "--threads"};
    }
    for (const char* name : {"SLURM_CPUS_PER_TASK", "OMP_NUM_THREADS"})
        if (const char* text = std::getenv(name); text && *text) return {threads_of(name, text), name};
    const cpu_set_t allowed = allowed_processors();
    return {CPU_COUNT(&allowed), "affinity"};
}

ThreadChoice set_threads(int requested) {
    const ThreadChoice choice = choose_threads(requested);
    static std::atomic<int> could_be_started =
        1;  // asked once: whoever steps through a run comes here at every step
    if (choice.threads > could_be_started) {
        need_threads(choice);
        could_be_started = choice.threads;
    }
    omp_set_dynamic(0);
    omp_set_num_threads(choice.threads);
    return choice;
}

}  // namespace respine
