// Why a run should end before its time: a signal, or the wall time it was given is used up.
#pragma once

#include <string>

#include "sim/model/error.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

enum class StopReason { kNone, kInterrupt, kTerminate, kHangup, kUserSignal, kWallTime };

// From now on Ctrl-C, SIGTERM, SIGHUP (the terminal is gone) and SIGUSR1 only ask for a stop; a second Ctrl-C
// ends the program at once. Where SIGHUP is ignored, as nohup does, it stays so. wall_seconds 0: no limit.
void watch_for_stop(double wall_seconds);

StopReason stop_reason();
std::string text_of(StopReason reason);
Exit exit_of(StopReason reason);

// "10min", "2 h", and "10m" for minutes; nothing given is 0. Throws Error(kUsage) naming the option.
double wall_clock_seconds(const std::string& option, const std::string& text);

// When the next periodic checkpoint is due; never with a period of 0.
class CheckpointClock {
public:
    explicit CheckpointClock(double every) : every_(every), last_(wall_now()) {}
    double seconds() const { return seconds_since(last_); }  // since the last one
    bool due() const { return every_ > 0.0 && seconds() >= every_; }
    void restart() { last_ = wall_now(); }

private:
    double every_;
    WallTime last_;
};

// How a run is kept from being lost.
struct SafetyOptions {
    std::string checkpoint_every, walltime;  // as given

    double checkpoint_seconds() const { return wall_clock_seconds("--checkpoint-every", checkpoint_every); }
    double wall_seconds() const { return wall_clock_seconds("--walltime", walltime); }
    std::string resume_command(const std::string& output) const;  // to be typed as it is
};

}  // namespace respine
