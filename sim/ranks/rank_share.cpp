#include "sim/ranks/rank_share.hpp"

#include <algorithm>
#include <utility>

namespace respine {

namespace {

// What a slice has of some terms.
SumTerms in_slice(SumTerms terms, Slice slice) {
    terms.first = std::max<size_t>(terms.first, slice.first);
    terms.last = std::max(terms.first, std::min<size_t>(terms.last, slice.last));
    return terms;
}

// Terms of one superblock of a sum in one slice.
struct Piece {
    size_t sum;
    u64 position;  // of its first term in the sum
    SumPart part;
    bool ends;  // the superblock, or the sum
};

// Positions in all sums by the slices of all ranks, in the order of the neurons.
struct Layout {
    std::vector<u64> size, first_value;  // of each sum: terms, and the place of its first superblock's value
    struct Stop {
        u32 rank;
        std::vector<u64> position;  // in each sum, behind this slice
    };
    std::vector<Stop> stops;

    Layout(const Partition& partition, std::span<const SumTerms> terms) {
        for (const SumTerms& t : terms) {
            if (!t.goes_on) size.push_back(0);
            size.back() += t.last - t.first;
        }
        u64 values = 0;
        for (const u64 n : size) {
            first_value.push_back(values);
            values += (n + kSuperblock - 1) / kSuperblock;
        }
        first_value.push_back(values);
        std::vector<u64> at(size.size(), 0);
        for (size_t g = 0; g < partition.groups(); ++g)
            for (u32 r = 0; r < partition.ranks(); ++r) {
                const Slice slice = partition.of(g, r);
                if (slice.size() == 0) continue;
                size_t sum = 0;
                for (const SumTerms& t : terms) {
                    const SumTerms here = in_slice(t, slice);
                    sum += t.goes_on ? 0 : 1;
                    at[sum - 1] += here.last - here.first;
                }
                stops.push_back({r, at});
            }
    }
    // Whether the slice has no term of the sum.
    bool passes_by(size_t stop, size_t sum) const {
        const u64 before = stop > 0 ? stops[stop - 1].position[sum] : 0;
        return before == stops[stop].position[sum];
    }
    // Whether a superblock of the sum goes on behind that slice.
    bool open(size_t stop, size_t sum) const {
        const u64 position = stops[stop].position[sum];
        return position % kSuperblock != 0 && position < size[sum];
    }
};

}  // namespace

RankShare::RankShare(const Partition& partition, Ranks& ranks)
    : NeuronShare(0), partition_(partition), ranks_(ranks) {}

NeuronShare::Range RankShare::own_of(Range group) const {
    for (size_t g = 0; g < partition_.groups(); ++g)
        if (partition_.of(g, 0).first == group.first &&
            partition_.of(g, partition_.ranks() - 1).last == group.last) {
            const Slice own = partition_.own(g);
            return {own.first, own.last};
        }
    return group;
}

std::vector<NeuronShare::Range> RankShare::own() const {
    std::vector<Range> ranges;
    for (const Slice slice : partition_.own(0, partition_.groups()))
        ranges.push_back({slice.first, slice.last});
    return ranges;
}

namespace {

// Own terms slice by slice, cut where superblocks end. What needs nobody else is added up here.
std::vector<std::vector<Piece>> own_pieces(const Partition& partition, const Layout& layout,
                                           std::span<const SumTerms> terms) {
    std::vector<std::vector<Piece>> pieces;
    size_t stop = 0;
    for (size_t g = 0; g < partition.groups(); ++g)
        for (u32 r = 0; r < partition.ranks(); ++r) {
            if (partition.of(g, r).size() == 0) continue;
            pieces.emplace_back();
            std::vector<u64> at =
                stop > 0 ? layout.stops[stop - 1].position : std::vector<u64>(layout.size.size(), 0);
            ++stop;
            if (r != partition.rank()) continue;
            size_t sums = 0;
            for (const SumTerms& t : terms) {
                sums += t.goes_on ? 0 : 1;
                u64& position = at[sums - 1];
                for (SumTerms rest = in_slice(t, partition.own(g)); rest.first < rest.last;) {
                    SumTerms now = rest;
                    now.last = std::min<size_t>(rest.last, rest.first + kSuperblock - position % kSuperblock);
                    const u64 end = position + (now.last - now.first);
                    pieces.back().push_back({sums - 1, position, SumPart(now, position),
                                             end % kSuperblock == 0 || end == layout.size[sums - 1]});
                    position = end;
                    rest.first = now.last;
                }
            }
        }
    return pieces;
}

// Superblocks that go on from slice to slice, and those that end here.
class Journey {
public:
    Journey(const Layout& layout, Ranks& ranks)
        : layout_(layout), ranks_(ranks), value_(layout.first_value.back(), 0.0) {}

    // What begins in a slice does not wait for what comes in, nor does the next slice for that.
    void pass(size_t stop, std::span<const Piece> pieces) {
        std::vector<RunningSum> open(layout_.size.size());
        const bool waits = needs_what_comes(stop, pieces);
        const std::vector<RunningSum> own = std::exchange(kept_, {});
        if (!waits) {
            for (const Piece& p : pieces)
                if (!continues(p)) add(p, open);
            pass_on(stop, open);
            std::ranges::fill(open, RunningSum{});
        }
        take_in(stop, own, open);
        for (const Piece& p : pieces)
            if (waits || continues(p)) add(p, open);
        if (waits) pass_on(stop, open);
    }

    std::vector<double>& values() { return value_; }

private:
    static bool continues(const Piece& p) { return p.position % kSuperblock != 0; }

    bool needs_what_comes(size_t stop, std::span<const Piece> pieces) const {
        if (stop == 0) return false;
        for (const Piece& p : pieces)
            if (continues(p) && !p.ends) return true;
        for (size_t k = 0; k < layout_.size.size(); ++k)
            if (layout_.open(stop, k) && layout_.passes_by(stop, k)) return true;
        return false;
    }

    void add(const Piece& p, std::vector<RunningSum>& open) {
        p.part.add_to(open[p.sum]);
        if (p.ends)
            value_[layout_.first_value[p.sum] + p.position / kSuperblock] =
                std::exchange(open[p.sum], {}).value();
    }

    void pass_on(size_t stop, std::span<const RunningSum> open) {
        std::vector<RunningSum> sums;
        for (size_t k = 0; k < open.size(); ++k)
            if (layout_.open(stop, k)) sums.push_back(open[k]);
        if (sums.empty()) return;
        if (const u32 next = layout_.stops[stop + 1].rank; next != ranks_.rank())
            ranks_.send(next, std::as_bytes(std::span(sums)));
        else
            kept_ = sums;
    }

    // From the rank before, or `own` where that is this one.
    void take_in(size_t stop, const std::vector<RunningSum>& own, std::span<RunningSum> open) {
        if (stop == 0) return;
        std::vector<size_t> which;
        for (size_t k = 0; k < open.size(); ++k)
            if (layout_.open(stop - 1, k)) which.push_back(k);
        if (which.empty()) return;
        std::vector<RunningSum> sums(which.size());
        if (const u32 from = layout_.stops[stop - 1].rank; from != ranks_.rank())
            ranks_.receive(from, std::as_writable_bytes(std::span(sums)));
        else
            sums = own;
        for (size_t n = 0; n < which.size(); ++n) open[which[n]] = sums[n];
    }

    const Layout& layout_;
    Ranks& ranks_;
    std::vector<double> value_;     // of each superblock
    std::vector<RunningSum> kept_;  // where the next slice is this rank's too
};

}  // namespace

// A superblock that several slices have goes from one to the next; all others are summed at once. Then every
// rank learns every superblock's sum.
std::vector<double> RankShare::sums(std::span<const SumTerms> terms) const {
    if (ranks_.size() == 1) return NeuronShare::sums(terms);
    const Layout layout(partition_, terms);
    const auto pieces = own_pieces(partition_, layout, terms);
    Journey journey(layout, ranks_);
    for (size_t stop = 0; stop < layout.stops.size(); ++stop)
        if (layout.stops[stop].rank == ranks_.rank()) journey.pass(stop, pieces[stop]);
    std::vector<double>& value = journey.values();
    ranks_.merge(std::as_writable_bytes(std::span(value)));
    std::vector<double> out;
    for (size_t k = 0; k < layout.size.size(); ++k) {
        double total = 0.0;
        for (u64 v = layout.first_value[k]; v < layout.first_value[k + 1]; ++v) total += value[v];
        out.push_back(total);
    }
    return out;
}

}  // namespace respine
