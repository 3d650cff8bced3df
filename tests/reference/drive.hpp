// Synaptic drive as plain sums in double, with the true weight e^x of every synapse.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "kernels/activity/synapse_rows.hpp"

namespace respine::reference {

inline std::vector<double> plastic_drive(const SynapseRows& rows, std::span<const float> published) {
    std::vector<double> sum(rows.live.size(), 0.0);
    for (size_t i = 0; i < sum.size(); ++i)
        for (u64 k = rows.begin[i]; k < rows.begin[i] + rows.live[i]; ++k)
            sum[i] += std::exp2((rows.log_size[k] - 32768.0) / 4096.0) *
                      static_cast<double>(published[rows.source[k]]);
    return sum;
}

struct FixedDrive {
    std::vector<double> excitation, inhibition;
};

inline FixedDrive fixed_drive(const FixedRows& rows, std::span<const float> published) {
    const size_t n = rows.inhibitory.size();
    FixedDrive out{std::vector<double>(n, 0.0), std::vector<double>(n, 0.0)};
    for (size_t i = 0; i < n; ++i)
        for (u64 k = rows.begin[i]; k < rows.begin[i + 1]; ++k) {
            const bool inhibitory = k - rows.begin[i] < rows.inhibitory[i];
            const double size =
                rows.log_size.empty() ? 1.0 : std::exp2((rows.log_size[k] - 32768.0) / 4096.0);
            (inhibitory ? out.inhibition : out.excitation)[i] +=
                size * static_cast<double>(published[rows.source[k]]);
        }
    return out;
}

}  // namespace respine::reference
