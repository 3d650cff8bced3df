#include "sim/jobs/stop.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>

#include "sim/io/run/output.hpp"
#include "sim/model/last_words.hpp"
#include "sim/model/units.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

std::atomic<StopReason> asked{StopReason::kNone};
static_assert(std::atomic<StopReason>::is_always_lock_free, "a signal handler sets it");

WallTime began;
double limit = 0.0;

void on_signal(int number) {
    if (number == SIGINT && asked.load() == StopReason::kInterrupt) {
        last_words("respine: interrupted again: it ends without another checkpoint\n");
        std::_Exit(static_cast<int>(Exit::kInterrupted));
    }
    asked = number == SIGINT    ? StopReason::kInterrupt
            : number == SIGTERM ? StopReason::kTerminate
            : number == SIGHUP  ? StopReason::kHangup
                                : StopReason::kUserSignal;
}

}  // namespace

void watch_for_stop(double wall_seconds) {
    began = wall_now();
    limit = wall_seconds;
    for (int number : {SIGINT, SIGTERM, SIGUSR1}) std::signal(number, on_signal);
    if (std::signal(SIGHUP, on_signal) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
}

StopReason stop_reason() {
    if (const StopReason reason = asked.load(); reason != StopReason::kNone) return reason;
    const bool over = limit > 0.0 && seconds_since(began) >= limit;
    return over ? StopReason::kWallTime : StopReason::kNone;
}

std::string text_of(StopReason reason) {
    switch (reason) {
        case StopReason::kInterrupt:
            return "interrupted";
        case StopReason::kTerminate:
            return "stopped by SIGTERM";
        case StopReason::kHangup:
            return "stopped by SIGHUP (its terminal is gone)";
        case StopReason::kUserSignal:
            return "stopped by SIGUSR1";
        case StopReason::kWallTime:
            return "stopped by --walltime";
        case StopReason::kNone:
            break;
    }
    return "";
}

Exit exit_of(StopReason reason) {
    return reason == StopReason::kInterrupt ? Exit::kInterrupted : Exit::kStopped;
}

double wall_clock_seconds(const std::string& option, const std::string& text) {
    if (text.empty()) return 0.0;
    auto quantity = parse_quantity(text);
    if (quantity && quantity->unit == "m") quantity->unit = "min";  // as schedulers and shells write it
    const auto seconds = quantity ? convert(*quantity, "s") : std::nullopt;
    if (!seconds || *seconds <= 0.0)
        fail(Exit::kUsage, "{} wants a time such as 10min or 2h, got '{}'", option, text);
    return *seconds;
}

std::string SafetyOptions::resume_command(const std::string& output) const {
    std::string command = "respine run --resume " + shell_word(checkpoint_of(output));
    if (!checkpoint_every.empty()) command += " --checkpoint-every " + shell_word(checkpoint_every);
    if (!walltime.empty()) command += " --walltime " + shell_word(walltime);
    return command;
}

}  // namespace respine
