#include "sim/ranks/halo.hpp"

#include <algorithm>

#include "sim/ranks/ranks.hpp"

namespace respine {

std::vector<Slice> united(std::vector<Slice> slices) {
    std::sort(slices.begin(), slices.end(), [](Slice a, Slice b) { return a.first < b.first; });
    std::vector<Slice> parts;
    for (const Slice s : slices) {
        if (s.size() == 0) continue;
        if (!parts.empty() && s.first <= parts.back().last)
            parts.back().last = std::max(parts.back().last, s.last);
        else
            parts.push_back(s);
    }
    return parts;
}

Halo::Halo(const Partition& partition, std::vector<Slice> needed, Ranks& ranks) : takes_(ranks.size()) {
    needed = united(std::move(needed));
    Ranks::ForEach wanted(ranks.size());
    for (size_t g = 0; g < partition.groups(); ++g)
        for (u32 r = 0; r < ranks.size(); ++r) {
            const Slice theirs = partition.of(g, r);
            if (r == ranks.rank() || theirs.size() == 0) continue;
            auto s = std::upper_bound(needed.begin(), needed.end(), theirs.first,
                                      [](u32 first, Slice part) { return first < part.last; });
            for (; s != needed.end() && s->first < theirs.last; ++s) {
                const Slice part{std::max(s->first, theirs.first), std::min(s->last, theirs.last)};
                takes_[r].push_back(part);
                wanted[r].insert(wanted[r].end(), {part.first, part.last});
            }
        }
    gives_.resize(ranks.size());
    wanted = ranks.swap(std::move(wanted));
    for (u32 r = 0; r < ranks.size(); ++r)
        for (size_t k = 0; k < wanted[r].size(); k += 2)
            gives_[r].push_back({wanted[r][k], wanted[r][k + 1]});
    for (const auto& list : takes_) known_.insert(known_.end(), list.begin(), list.end());
    const std::vector<Slice> own = partition.own(0, partition.groups());
    known_.insert(known_.end(), own.begin(), own.end());
    known_ = united(std::move(known_));
}

u64 Halo::neurons() const {
    u64 sum = 0;
    for (const auto& list : takes_)
        for (const Slice s : list) sum += s.size();
    return sum;
}

}  // namespace respine
