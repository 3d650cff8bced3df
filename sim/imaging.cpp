#include "sim/imaging.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool sees(const std::vector<SeenSpine>& spines, u32 place) {
    const auto at = std::lower_bound(spines.begin(), spines.end(), place,
                                     [](const SeenSpine& s, u32 p) { return s.place < p; });
    return at != spines.end() && at->place == place;
}

// Of the spines of `of`, the share that `other` does not show, over the number in `base`.
std::vector<double> unmatched_percent(const ImagingSession& of, const ImagingSession& other,
                                      const ImagingSession& base) {
    std::vector<double> percent;
    for (size_t d = 0; d < of.dendrite.size(); ++d) {
        const auto missing =
            std::count_if(of.dendrite[d].begin(), of.dendrite[d].end(),
                          [&](const SeenSpine& s) { return !sees(other.dendrite[d], s.place); });
        const size_t n = base.dendrite[d].size();
        percent.push_back(n == 0 ? kNaN : 100.0 * static_cast<double>(missing) / static_cast<double>(n));
    }
    return percent;
}

// What one rank saw, nobody else did.
void share(ImagingSession& session, Ranks& ranks) {
    if (ranks.size() == 1) return;
    Sightings own = flatten({session}), all = own;
    ranks.merge(std::as_writable_bytes(std::span(all.count)));
    const u64 seen = std::accumulate(all.count.begin(), all.count.end(), u64{0});
    all.place.assign(seen, 0);
    all.log_size.assign(seen, 0.0F);
    for (size_t d = 0, to = 0, from = 0; d < all.count.size(); to += all.count[d], from += own.count[d], ++d)
        for (u32 k = 0; k < own.count[d]; ++k) {
            all.place[to + k] = own.place[from + k];
            all.log_size[to + k] = own.log_size[from + k];
        }
    ranks.merge(std::as_writable_bytes(std::span(all.place)));
    ranks.merge(std::as_writable_bytes(std::span(all.log_size)));
    session = std::move(unflatten(all, session.dendrite.size())->front());
}

}  // namespace

ImagingRig::ImagingRig(u32 dendrites, u64 seed, const ImagingParams& params, const Network& network)
    : params_(params), seed_(seed) {
    for (u32 d = 0; d < dendrites; ++d) {
        const Draw u = philox(seed_, Stream::kDendriteChoice, d, 0, 0);
        const u32 neuron = below(u[0], static_cast<u32>(network.excitatory));
        float healthy = 0.0F;
        for (const PlasticSynapses& p : network.plastic)
            if (network.on_spines(p) && neuron < p.healthy.size()) healthy += p.healthy[neuron];
        const u32 branches =
            std::max(1U, static_cast<u32>(std::lround(healthy / params.spines_per_dendrite)));
        dendrites_.push_back({neuron, below(u[1], branches), branches});
    }
}

// What is seen of one kind of synapses.
void ImagingRig::look_at(const Dendrite& view, const PlasticSynapses& p, u32 session,
                         std::vector<SeenSpine>& seen) const {
    if (view.neuron >= p.live.size()) return;
    const u64 begin = p.row_begin[view.neuron];
    for (u64 k = begin; k < begin + p.live[view.neuron]; ++k) {
        const u32 source = p.source[k], birth = p.birth[k];
        const Draw home = philox(p.seed, Stream::kSpinePlace, view.neuron, source, birth);
        if (below(home[0], view.branches) != view.branch) continue;
        const Draw noise = philox(seed_, Stream::kScoring, home[2], home[3], session);
        const double apparent = size_from_fixed(p.log_size[k]) + params_.noise * normal(noise[0], noise[1]);
        if (apparent > params_.threshold)
            seen.push_back({below(home[1], static_cast<u32>(params_.spacing)), static_cast<float>(apparent)});
    }
}

void ImagingRig::look(Tick now, const Network& network, Ranks& ranks) {
    ImagingSession session{now, std::vector<std::vector<SeenSpine>>(dendrites_.size())};
    const u32 number = static_cast<u32>(sessions_.size());
    for (size_t d = 0; d < dendrites_.size(); ++d) {
        for (const PlasticSynapses& p : network.plastic)
            if (network.on_spines(p)) look_at(dendrites_[d], p, number, session.dendrite[d]);
        auto& seen = session.dendrite[d];
        std::sort(seen.begin(), seen.end(), [](const SeenSpine& a, const SeenSpine& b) {
            return a.place != b.place ? a.place < b.place : a.log_size > b.log_size;
        });
        seen.erase(std::unique(seen.begin(), seen.end(),
                               [](const SeenSpine& a, const SeenSpine& b) { return a.place == b.place; }),
                   seen.end());
    }
    share(session, ranks);
    sessions_.push_back(std::move(session));
}

Sightings flatten(const std::vector<ImagingSession>& sessions) {
    Sightings flat;
    for (const auto& [at, dendrites] : sessions) {
        flat.at.push_back(at);
        for (const auto& spines : dendrites) {
            flat.count.push_back(static_cast<u32>(spines.size()));
            for (const auto& [place, log_size] : spines) {
                flat.place.push_back(place);
                flat.log_size.push_back(log_size);
            }
        }
    }
    return flat;
}

std::optional<std::vector<ImagingSession>> unflatten(const Sightings& flat, size_t dendrites) {
    u64 spines = 0;
    for (u32 n : flat.count) spines += n;
    if (flat.count.size() != flat.at.size() * dendrites || flat.place.size() != spines ||
        flat.log_size.size() != spines)
        return std::nullopt;
    std::vector<ImagingSession> sessions;
    size_t next = 0;
    for (size_t s = 0; s < flat.at.size(); ++s) {
        ImagingSession session{flat.at[s], std::vector<std::vector<SeenSpine>>(dendrites)};
        for (size_t d = 0; d < dendrites; ++d)
            for (u32 k = flat.count[s * dendrites + d]; k > 0; --k, ++next)
                session.dendrite[d].push_back({flat.place[next], flat.log_size[next]});
        sessions.push_back(std::move(session));
    }
    return sessions;
}

std::vector<double> formation_percent(const ImagingSession& before, const ImagingSession& now) {
    return unmatched_percent(now, before, before);
}

std::vector<double> elimination_percent(const ImagingSession& before, const ImagingSession& now) {
    return unmatched_percent(before, now, before);
}

double new_spine_survival(const ImagingSession& first, const ImagingSession& second,
                          const ImagingSession& later) {
    size_t fresh = 0, kept = 0;
    for (size_t d = 0; d < second.dendrite.size(); ++d)
        for (const SeenSpine& s : second.dendrite[d]) {
            if (sees(first.dendrite[d], s.place)) continue;
            ++fresh;
            if (sees(later.dendrite[d], s.place)) ++kept;
        }
    return fresh == 0 ? kNaN : static_cast<double>(kept) / static_cast<double>(fresh);
}

double head_width_ratio(const ImagingParams& p, const ImagingSession& before, const ImagingSession& now) {
    double fresh = 0.0, old = 0.0;
    size_t fresh_count = 0, old_count = 0;
    for (size_t d = 0; d < now.dendrite.size(); ++d)
        for (const SeenSpine& s : now.dendrite[d]) {
            const double width = det_exp(p.width_exponent * s.log_size);
            const bool seen_before = sees(before.dendrite[d], s.place);
            (seen_before ? old : fresh) += width;
            ++(seen_before ? old_count : fresh_count);
        }
    return fresh_count == 0 || old_count == 0
               ? kNaN
               : (fresh / static_cast<double>(fresh_count)) / (old / static_cast<double>(old_count));
}

}  // namespace respine
