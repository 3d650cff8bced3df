#include "sim/compartments.hpp"

#include <cmath>

#include "kernels/activity/pharmacokinetics.hpp"

namespace respine {

namespace {

constexpr size_t kMostTransitions = 4000;  // a run has some hundred different steps

}  // namespace

void CompartmentSystem::flow(size_t from, size_t to, double rate) {
    flows_.push_back({from, to, rate, true});
}

void CompartmentSystem::drive(size_t from, size_t to, double rate) {
    flows_.push_back({from, to, rate, false});
}

void CompartmentSystem::leave(size_t from, double rate) { flow(from, kOutside, rate); }

void CompartmentSystem::build() {
    amount_.assign(size_, 0.0);
    rate_.assign(size_ * size_, 0.0);
    for (const Flow& f : flows_) {
        if (f.leaves) rate_[f.from * size_ + f.from] -= f.rate;
        if (f.to != kOutside) rate_[f.to * size_ + f.from] += f.rate;
    }
}

std::vector<double> CompartmentSystem::transition(double hours) const {
    std::vector<double> made(rate_.size()), scratch(2 * rate_.size());
    transition_matrix(rate_, size_, hours, made, scratch);
    return made;
}

void CompartmentSystem::advance(double hours) {
    const long long key = std::llround(hours * 3.6e9);
    auto found = transitions_.find(key);
    if (found == transitions_.end()) {
        if (transitions_.size() > kMostTransitions) transitions_.clear();
        found = transitions_.emplace(key, transition(hours)).first;
    }
    std::vector<double> scratch(size_);
    advance_amounts(found->second, amount_, scratch);
}

std::vector<double> CompartmentSystem::after(double hours) const {
    std::vector<double> amounts = amount_, scratch(size_);
    advance_amounts(transition(hours), amounts, scratch);
    return amounts;
}

}  // namespace respine
