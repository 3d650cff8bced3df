#include "kernels/numerics/summary.hpp"

#include "kernels/numerics/ordered_sum.hpp"

namespace respine {

Summary summarise(std::span<const float> values) {
    const Moments m = ordered_moments(values);
    std::vector<float> sample;
    const size_t stride = sample_stride(values.size());
    for (size_t i = 0; i < values.size(); i += stride) sample.push_back(values[i]);
    return {m.mean, m.sd, quantiles_of(std::move(sample))};
}

std::vector<float> quantiles_of(std::vector<float> sample) {
    std::vector<float> quantiles;
    if (sample.empty()) sample.push_back(0.0F);
    auto smaller =
        sample.begin();  // the quantiles ascend, and nth_element leaves what is smaller before them
    for (double q : kQuantiles) {
        const auto at = sample.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(sample.size()));
        std::nth_element(smaller, at, sample.end());
        quantiles.push_back(*at);
        smaller = at;
    }
    return quantiles;
}

}  // namespace respine
