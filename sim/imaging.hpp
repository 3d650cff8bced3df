// Virtual two-photon imaging: the same dendrites seen again and again, with a detection threshold and scoring
// noise.
//
// A spine belongs to the dendrite and place that a hash of (target, source, birth) gives it: no memory is
// kept. In a session it is seen when its log size plus scoring noise exceeds the threshold. Two sessions are
// compared by place, as an observer would:
//   formation   = seen now but not before, over seen before [%]      elimination = seen before but not now,
//   over seen before [%] survival of new spines: of those new in the second session, the share seen again in
//   a later one
// Where inhibitory synapses on pyramidal cells turn over, those of the dendrites in view are seen likewise,
// by their gephyrin, on the shaft or on a spine (the mark of the synapse, newborn.hpp, says which). One on a
// spine is counted on the largest spine seen within a reach of its place, because spines with both kinds of
// synapse are large (Villa et al. 2016, 10.1016/j.neuron.2016.01.010), or else on the nearest. Published
// turnover depends on how it was looked at, so targets are compared here and never by true rates. Sources:
// Holtmaat et al. 2009, 10.1038/nprot.2009.89; Xu et al. 2009 (matching). Values: configs/models/*.yaml.
#pragma once

#include <optional>
#include <vector>

#include "sim/model/model.hpp"
#include "sim/model/scenario.hpp"
#include "sim/network/network.hpp"
#include "sim/ranks/ranks.hpp"

namespace respine {

struct SeenSpine {
    u32 place;
    float log_size;  // apparent
};

using SeenOnDendrites = std::vector<std::vector<SeenSpine>>;  // each sorted by place

inline constexpr double kSameSpine = 2.0;  // [um] along a dendrite, within which a place counts as the same

struct ImagingSession {
    Tick at = 0;
    SeenOnDendrites dendrite;                      // spines
    SeenOnDendrites on_spine = {}, on_shaft = {};  // inhibitory synapses
};
inline constexpr SeenOnDendrites ImagingSession::*kSeenKinds[] = {
    &ImagingSession::dendrite, &ImagingSession::on_spine, &ImagingSession::on_shaft};

// All sessions as flat arrays, for a file: what was seen on the dendrites, kind after kind of each session.
struct Sightings {
    std::vector<Tick> at;
    std::vector<u32> count;  // seen, by session, kind and dendrite
    std::vector<u32> place;
    std::vector<float> log_size;
};
Sightings flatten(const std::vector<ImagingSession>& sessions);
// Nothing when they do not fit together.
std::optional<std::vector<ImagingSession>> unflatten(const Sightings& flat, size_t dendrites);

struct Dendrite {
    u32 neuron, branch, branches;
};

struct LostPlaceInView {
    u32 dendrite, place;
};

class ImagingRig {
public:
    ImagingRig(u32 dendrites, u64 seed, const ImagingParams& params, const Network& network,
               Ranks& ranks = alone());

    // Each rank looks at the dendrites of its own neurons; the session is known to all.
    void look(Tick now, const Network& network, Ranks& ranks = alone());

    // The sessions of an earlier execution; dendrites and noise follow from the inputs.
    void take_sessions(std::vector<ImagingSession> sessions) { sessions_ = std::move(sessions); }

    // Places in view where stress took a spine of the recurrent rows, as far as they are remembered; for the
    // root.
    std::vector<LostPlaceInView> lost_places(const Network& network, Ranks& ranks = alone()) const;

    const std::vector<Dendrite>& dendrites() const { return dendrites_; }
    const std::vector<ImagingSession>& sessions() const { return sessions_; }
    u32 count() const { return static_cast<u32>(dendrites_.size()); }

private:
    struct Home {  // of a synapse: whether it is on the dendrite, where, and what keys its noise
        bool in_view;
        u32 place;
        Draw draw;
    };
    Home home_of(const Dendrite& view, const PlasticSynapses& plastic, u32 source, u32 birth) const;
    void look_at(const Dendrite& view, const SourceNumbers& numbers, const PlasticSynapses& plastic,
                 u32 session, SeenOnDendrites& on_spine, SeenOnDendrites& on_shaft, size_t dendrite) const;
    ImagingParams params_;
    u64 seed_;
    std::vector<Dendrite> dendrites_;
    std::vector<ImagingSession> sessions_;
};

// Spines seen that carry an inhibitory synapse seen on a spine, which is on the largest within `reach`
// places.
size_t dually_innervated(const ImagingSession& session, double reach);

// Per dendrite; a dendrite without spines before gives NaN.
std::vector<double> formation_percent(const ImagingSession& before, const ImagingSession& now);
std::vector<double> elimination_percent(const ImagingSession& before, const ImagingSession& now);

// Share of the spines new in `second` (against `first`) that `later` shows, all dendrites together; NaN
// without new spines.
double new_spine_survival(const ImagingSession& first, const ImagingSession& second,
                          const ImagingSession& later);

// Mean head width of spines new in `now` over that of those seen before and now.
double head_width_ratio(const ImagingParams& p, const ImagingSession& before, const ImagingSession& now);

}  // namespace respine
