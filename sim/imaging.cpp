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

// Of several at one place the largest is seen.
void keep_largest(std::vector<SeenSpine>& seen) {
    std::sort(seen.begin(), seen.end(), [](const SeenSpine& a, const SeenSpine& b) {
        return a.place != b.place ? a.place < b.place : a.log_size > b.log_size;
    });
    seen.erase(std::unique(seen.begin(), seen.end(),
                           [](const SeenSpine& a, const SeenSpine& b) { return a.place == b.place; }),
               seen.end());
}

}  // namespace

ImagingRig::ImagingRig(u32 dendrites, u64 seed, const ImagingParams& params, const Network& network,
                       Ranks& ranks)
    : params_(params), seed_(seed) {
    std::vector<float> healthy(dendrites, 0.0F);
    const auto draw = [&](u32 d) { return philox(seed_, Stream::kDendriteChoice, d, 0, 0); };
    const auto neuron_of = [&](u32 d) { return below(draw(d)[0], static_cast<u32>(network.excitatory)); };
    for (u32 d = 0; d < dendrites; ++d)
        for (const PlasticSynapses& p : network.plastic)
            if (const u32 i = neuron_of(d);
                network.on_spines(p) && i < p.healthy.size() && network.partition.owns(i))
                healthy[d] += p.healthy[i];
    ranks.merge(std::as_writable_bytes(std::span(healthy)));
    for (u32 d = 0; d < dendrites; ++d) {
        const u32 branches =
            std::max(1U, static_cast<u32>(std::lround(healthy[d] / params.spines_per_dendrite)));
        dendrites_.push_back({neuron_of(d), below(draw(d)[1], branches), branches});
    }
}

ImagingRig::Home ImagingRig::home_of(const Dendrite& view, const PlasticSynapses& p, u32 source,
                                     u32 birth) const {
    const Draw home = philox(p.seed, Stream::kSpinePlace, view.neuron, source, birth);
    return {below(home[0], view.branches) == view.branch, below(home[1], static_cast<u32>(params_.spacing)),
            home};
}

// What is seen of one kind of synapses.
void ImagingRig::look_at(const Dendrite& view, const SourceNumbers& numbers, const PlasticSynapses& p,
                         u32 session, SeenOnDendrites& on_spine, SeenOnDendrites& on_shaft,
                         size_t dendrite) const {
    if (view.neuron >= p.live.size()) return;
    const u64 begin = p.row_begin[view.neuron];
    for (u64 k = begin; k < begin + p.live[view.neuron]; ++k) {
        const Home home = home_of(view, p, numbers.neuron(p.source[k]), p.birth[k]);
        if (!home.in_view) continue;
        const Draw noise = philox(seed_, Stream::kScoring, home.draw[2], home.draw[3], session);
        const double apparent = size_from_fixed(p.log_size[k]) + params_.noise * normal(noise[0], noise[1]);
        if (apparent <= params_.threshold) continue;
        const bool shaft = p.trait == Trait::kInhibitory && !is_newborn(p.log_size[k]);
        (shaft ? on_shaft : on_spine)[dendrite].push_back({home.place, static_cast<float>(apparent)});
    }
}

void ImagingRig::look(Tick now, const Network& network, Ranks& ranks) {
    ImagingSession session{now, SeenOnDendrites(dendrites_.size()), SeenOnDendrites(dendrites_.size()),
                           SeenOnDendrites(dendrites_.size())};
    const u32 number = static_cast<u32>(sessions_.size());
    for (size_t d = 0; d < dendrites_.size(); ++d) {
        for (const PlasticSynapses& p : network.plastic)
            if (network.on_spines(p))
                look_at(dendrites_[d], network.numbers, p, number, session.dendrite, session.on_shaft, d);
            else if (network.on_excitatory(p))
                look_at(dendrites_[d], network.numbers, p, number, session.on_spine, session.on_shaft, d);
        for (const auto kind : kSeenKinds) keep_largest((session.*kind)[d]);
    }
    share(session, ranks);
    sessions_.push_back(std::move(session));
}

std::vector<LostPlaceInView> ImagingRig::lost_places(const Network& network, Ranks& ranks) const {
    std::vector<SynapseEvent> own;  // the form in which ranks tell the root
    const PlasticSynapses& p = network.recurrent();
    for (const PlasticSynapses& lost : p.lost)
        for (u32 d = 0; d < dendrites_.size(); ++d) {
            const u64 begin = lost.row_begin[dendrites_[d].neuron];
            for (u64 k = begin; k < begin + lost.live[dendrites_[d].neuron]; ++k)
                if (const Home home =
                        home_of(dendrites_[d], p, network.numbers.neuron(lost.source[k]), lost.birth[k]);
                    home.in_view && taken_by_stress(lost.log_size[k]))
                    own.push_back({home.place, d, 0, false});
        }
    std::vector<SynapseEvent> all = ranks.gather_at_root(std::move(own));
    std::stable_sort(all.begin(), all.end(),
                     [](const SynapseEvent& a, const SynapseEvent& b) { return a.target < b.target; });
    std::vector<LostPlaceInView> places;
    for (const SynapseEvent& e : all) places.push_back({e.target, e.source});
    return places;
}

Sightings flatten(const std::vector<ImagingSession>& sessions) {
    Sightings flat;
    for (const ImagingSession& session : sessions) {
        flat.at.push_back(session.at);
        for (const auto kind : kSeenKinds)
            for (const auto& spines : session.*kind) {
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
    u64 seen = 0;
    for (u32 n : flat.count) seen += n;
    if (flat.count.size() != flat.at.size() * std::size(kSeenKinds) * dendrites ||
        flat.place.size() != seen || flat.log_size.size() != seen)
        return std::nullopt;
    std::vector<ImagingSession> sessions;
    size_t next = 0, list = 0;
    for (const Tick at : flat.at) {
        ImagingSession session{at, {}, {}, {}};
        for (const auto kind : kSeenKinds) {
            (session.*kind).resize(dendrites);
            for (auto& spines : session.*kind)
                for (u32 k = flat.count[list++]; k > 0; --k, ++next)
                    spines.push_back({flat.place[next], flat.log_size[next]});
        }
        sessions.push_back(std::move(session));
    }
    return sessions;
}

size_t dually_innervated(const ImagingSession& session, double reach) {
    const auto apart = [](const SeenSpine& a, const SeenSpine& b) {
        return std::fabs(static_cast<double>(a.place) - static_cast<double>(b.place));
    };
    size_t spines = 0;
    for (size_t d = 0; d < session.on_spine.size(); ++d) {
        const auto& seen = session.dendrite[d];
        std::vector<bool> both(seen.size(), false);
        for (const SeenSpine& synapse : session.on_spine[d]) {
            const auto better = [&](const SeenSpine& a, const SeenSpine& b) {  // a is more likely its spine
                const bool near_a = apart(a, synapse) <= reach, near_b = apart(b, synapse) <= reach;
                if (near_a != near_b) return near_a;
                return near_a ? a.log_size > b.log_size : apart(a, synapse) < apart(b, synapse);
            };
            const auto host = std::min_element(seen.begin(), seen.end(), better);
            if (host != seen.end()) both[static_cast<size_t>(host - seen.begin())] = true;
        }
        spines += static_cast<size_t>(std::count(both.begin(), both.end(), true));
    }
    return spines;
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
