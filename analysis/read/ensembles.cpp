#include "analysis/read/ensembles.hpp"

#include <cmath>
#include <set>

namespace respine {

namespace {

std::set<u32> partners(const Rows& rows, size_t target) {
    return {rows.source.begin() + static_cast<std::ptrdiff_t>(rows.offsets[target]),
            rows.source.begin() + static_cast<std::ptrdiff_t>(rows.offsets[target + 1])};
}

double percent(double part, double whole) { return whole > 0.0 ? 100.0 * part / whole : NAN; }

}  // namespace

Rows marked(const Rows& rows, const std::vector<u8>& marks) {
    Rows out{{0}, {}};
    for (size_t i = 0; i + 1 < rows.offsets.size(); ++i) {
        for (u64 k = rows.offsets[i]; k < rows.offsets[i + 1]; ++k)
            if (marks[k] != 0) out.source.push_back(rows.source[k]);
        out.offsets.push_back(out.source.size());
    }
    return out;
}

Ensembles compare_ensembles(const Rows& lost, const Rows& first, const Rows& last) {
    double fresh = 0.0, again = 0.0, before = 0.0, kept = 0.0;
    for (size_t i = 0; i + 1 < last.offsets.size(); ++i) {
        const std::set<u32> gone = partners(lost, i), then = partners(first, i), now = partners(last, i);
        std::set<u32> healthy = gone;
        healthy.insert(then.begin(), then.end());
        for (const u32 s : now) {
            kept += healthy.contains(s) ? 1.0 : 0.0;
            if (then.contains(s)) continue;
            fresh += 1.0;
            again += gone.contains(s) ? 1.0 : 0.0;
        }
        before += static_cast<double>(healthy.size());
    }
    return {percent(again, fresh), lost.source.empty() ? NAN : percent(kept, before)};
}

}  // namespace respine
