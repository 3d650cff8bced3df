#include "analysis/read/survival.hpp"

#include <algorithm>
#include <limits>

namespace respine {

double time_to_share(std::vector<Followed> subjects, double left) {
    constexpr double kSlack = 1e-12;  // of a product of shares
    if (subjects.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::sort(subjects.begin(), subjects.end(),
              [](const Followed& a, const Followed& b) { return a.time < b.time; });
    double survival = 1.0;
    for (size_t k = 0; k < subjects.size();) {
        size_t next = k;
        double events = 0.0;
        for (; next < subjects.size() && subjects[next].time == subjects[k].time; ++next)
            events += subjects[next].event ? 1.0 : 0.0;
        survival *= 1.0 - events / static_cast<double>(subjects.size() - k);
        if (events > 0.0 && survival <= left + kSlack) return subjects[k].time;
        k = next;
    }
    return std::numeric_limits<double>::infinity();
}

}  // namespace respine
