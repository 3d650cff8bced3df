// Times to an event of subjects some of whom are lost before it, by Kaplan and Meier.
//
//   S(t) = product of (1 - d_i/n_i) over event times t_i <= t
//
//   d   events at that time
//   n   subjects then at risk: a subject lost at an event time was still at risk
//
// Source: Kaplan & Meier 1958, 10.1080/01621459.1958.10501452.
#pragma once

#include <vector>

namespace respine {

struct Followed {
    double time = 0.0;   // to the event, or to the end of what is known
    bool event = false;  // else censored
};

// First time at which no more than this share is without the event: infinite when never reached, NaN without
// subjects.
double time_to_share(std::vector<Followed> subjects, double left);

}  // namespace respine
