// What makes a person's course more than kinetics and synapses: a score that a rater gives at visits and at
// inclusion, and new stress that comes by chance.
//
//   score(t) = sigma (1 - index(t)) + e_t           e_t ~ normal(0, rater_sd), one of each visit
//   score_0  = sigma + e_0                          e_0 ~ normal(0, inclusion_sd), given score_0 >= inclusion
//   improvement(t) = 1 - score(t)/score_0 = (sigma index + e_0 - e_t)/(sigma + e_0)
//   new stress comes at rate lambda;  y' = -y/tau, y <- y + 1 with each;  the index falls by w min(1, y)
//
//   sigma          severity of stress, the true score at inclusion [1]
//   index          response index [1], without noise
//   inclusion_sd   rater noise and a passing worsening, which brings people into a trial [1]
//   inclusion      least score that is let in [1]; 0 lets in everyone
//   y              new stress that is still felt [1]
//   lambda [1/d], tau [d], t [h]
//
// Who is let in by a high score has a positive e_0 on average, and improves without a drug: regression to the
// mean. All draws are functions of seed, subject and visit (kernels/numerics/random.hpp). Sizes are assumed
// (A). Values: configs/models/*.yaml.
#pragma once

#include <vector>

#include "kernels/numerics/parameter.hpp"
#include "kernels/numerics/types.hpp"

namespace respine {

struct RatingParams {
    double rater_sd;      // [1]
    double inclusion_sd;  // [1]
    double inclusion;     // [1]
};
inline constexpr Parameter<RatingParams> kRatingParameters[] = {
    {"rater_sd", "1", &RatingParams::rater_sd, 0, 1,
     "SD of a visit's score, as a share of that at severity 1"},
    {"inclusion_sd", "1", &RatingParams::inclusion_sd, 0, 1,
     "SD of the score at inclusion: rater noise and passing worsening"},
    {"inclusion", "1", &RatingParams::inclusion, 0, 2,
     "least score that is let in, as a share of that at severity 1; 0 lets in everyone"},
};

struct NewStressParams {
    double rate;      // lambda [1/d]
    double symptoms;  // w [1]
    double time;      // tau [d]
    double undone;    // share of the moved set point [1]
};
inline constexpr Parameter<NewStressParams> kNewStressParameters[] = {
    {"rate", "1/d", &NewStressParams::rate, 0, 1,
     "events of new stress of a drawn subject; 0 switches them off"},
    {"symptoms", "1", &NewStressParams::symptoms, 0, 2, "response lost while one event is fresh"},
    {"time", "d", &NewStressParams::time, 0.1, 1000, "fading of an event"},
    {"undone", "1", &NewStressParams::undone, 0, 1, "share of what the set point kept that an event undoes"},
};

// A share with this median, `z` standard deviations of its logit away; the median itself at 0.
double logit_normal(double median, double sd, double z);

// e_0 of a subject of this severity.
double inclusion_error(const RatingParams& p, u64 seed, u32 subject, double severity);

// Improvement over inclusion that a rater scores; `visit` is the whole number of minutes since the start.
double rated_improvement(const RatingParams& p, u64 seed, u32 subject, u32 visit, double severity,
                         double inclusion_error, double index);

// Times of new stress before `hours`, ascending [h since the start].
std::vector<double> new_stress_times(const NewStressParams& p, u64 seed, u32 subject, double hours);

// y after `hours`, of which `events` gives the times since each event that came in them [h].
double felt_stress(const NewStressParams& p, double before, double hours, const std::vector<double>& events);

}  // namespace respine
