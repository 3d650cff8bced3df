// Progress on stderr: a line that moves on a terminal, a plain line every ten seconds elsewhere, or JSON
// lines.
#pragma once

#include <optional>
#include <string>

#include "sim/model/scenario.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

std::string duration_text(double seconds);  // "2 min 05 s"

enum class ProgressStyle { kOff, kText, kJson };

class Progress {
public:
    // `unit` is empty for simulated time in ticks, else what is counted. `from`: what an earlier execution
    // had reached.
    Progress(ProgressStyle style, std::string name, Tick start, Tick end, std::string unit = "",
             std::optional<Tick> from = {});
    // `share` is how much of the work is done when `now` does not tell, else negative.
    void show(Tick now, bool finished, double share = -1.0);

private:
    ProgressStyle style_;
    std::string name_, unit_;
    Tick start_, end_, from_;
    bool terminal_, shown_ = false;
    WallTime began_, last_;
};

}  // namespace respine
