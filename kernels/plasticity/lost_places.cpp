#include "kernels/plasticity/lost_places.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/numerics/elementary.hpp"

namespace respine {

std::vector<float> place_weights(double tau, double dt) {
    constexpr double kForgotten = 3.0;  // e-folds
    const double steps = std::min(std::ceil(kForgotten * tau / dt), static_cast<double>(kStampPeriod) - 1.0);
    std::vector<float> weight(static_cast<size_t>(steps));
    for (size_t age = 0; age < weight.size(); ++age)
        weight[age] = static_cast<float>(det_exp(-static_cast<double>(age) * dt / tau));
    return weight;
}

void take_place(const LostPlaces& places, size_t row, u32 place) {
    const SynapseRows& r = places.rows;
    const u64 end = r.begin[row] + --r.live[row];
    for (u64 at = r.begin[row] + place; at < end; ++at) {
        r.source.set(at, r.source[at + 1]);
        r.log_size[at] = r.log_size[at + 1];
        r.birth[at] = r.birth[at + 1];
    }
}

void remember_place(const LostPlaces& places, size_t row, u32 source, u16 birth, u16 stamp) {
    const SynapseRows& r = places.rows;
    if (r.live[row] == places.most) take_place(places, row, 0);
    const u64 at = r.begin[row] + r.live[row]++;
    r.source.set(at, source);
    r.log_size[at] = stamp;
    r.birth[at] = birth;
}

namespace {

double weight_of(const LostPlaces& places, size_t row, u32 place, u32 step) {
    const u32 age = steps_since(places.rows.log_size[places.rows.begin[row] + place], step);
    return age < places.weight.size() ? static_cast<double>(places.weight[age]) : 0.0;
}

}  // namespace

double weight_of_places(const LostPlaces& places, size_t row, u32 step) {
    double sum = 0.0;
    for (u32 place = 0; place < places.rows.live[row]; ++place) sum += weight_of(places, row, place, step);
    return sum;
}

u32 choose_place(const LostPlaces& places, size_t row, u32 step, double sum, double u) {
    // u is uniform below rho S/(1 + S) too, so it chooses among the places as well.
    double left = u * (1.0 + sum) / places.share;
    if (left >= sum) return kNoPlace;
    for (u32 place = 0; place < places.rows.live[row]; ++place) {
        left -= weight_of(places, row, place, step);
        if (left < 0.0) return place;
    }
    return kNoPlace;  // the rounding of the sum
}

}  // namespace respine
