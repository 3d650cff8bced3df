// Which neurons of other ranks a rank's synapses can come from.

#include <algorithm>

#include "sim/model/error.hpp"
#include "sim/network/geometry.hpp"
#include "sim/network/network_builder.hpp"

namespace respine {

namespace {

// Marks of a grid's rows, or columns, spread to `reach` places on both sides.
void spread(std::vector<u8>& marks, size_t lines, size_t length, size_t stride, size_t line_stride, u32 reach,
            bool periodic) {
    std::vector<u8> line(length);
    for (size_t l = 0; l < lines; ++l) {
        u8* const at = &marks[l * line_stride];
        for (size_t k = 0; k < length; ++k) line[k] = at[k * stride];
        for (size_t k = 0; k < length; ++k) {
            if (line[k] == 0) continue;
            for (size_t d = 0; d <= reach; ++d) {
                if (periodic || k + d < length) at[(k + d) % length * stride] = 1;
                if (periodic || k >= d) at[(k + length - d % length) % length * stride] = 1;
            }
        }
    }
}

u32 farthest(const std::vector<int>& offsets) {
    int most = 0;
    for (const int d : offsets) most = std::max(most, std::abs(d));
    return static_cast<u32>(most);
}

// By rank along the curve: whether a neuron of the own slice reaches the cell.
std::vector<u8> cells_in_reach(const PartnerTables& p, const Group& target, Slice own) {
    std::vector<u8> marks(p.cells(), 0);
    const u32 first = even_rank(target, own.first, p.cells()),
              last = even_rank(target, own.last - 1, p.cells());
    for (u32 c = 0; c < p.cells(); ++c) marks[c] = first <= p.rank[c] && p.rank[c] <= last ? 1 : 0;
    spread(marks, p.ny, p.nx, 1, p.nx, farthest(p.dx), p.periodic);
    spread(marks, p.nx, p.ny, p.nx, 1, farthest(p.dy), p.periodic);
    std::vector<u8> by_rank(p.cells());
    for (u32 c = 0; c < p.cells(); ++c) by_rank[p.rank[c]] = marks[c];
    return by_rank;
}

}  // namespace

void NetworkBuilder::find_halo() {
    if (ranks.size() > 1) {
        net.halo = Halo(net.partition, needed_sources(), ranks);
        net.known = net.halo.known();
    }
    net.numbers = SourceNumbers(net.known, net.neurons);
    if (const u64 most = ranks.most(net.numbers.count()); most > kMostNeurons)
        fail(Exit::kUsage,
             "{}: error: the synapses of one process can come from {} neurons; its rows have numbers for {}: "
             "share the network between more ranks (docs/mpi.md)",
             scenario.file, most, kMostNeurons);
}

// In a sheet the cells within the kernel; of other networks, whole groups.
std::vector<Slice> NetworkBuilder::needed_sources() const {
    std::vector<Slice> needed;
    for (u32 t = 0; t < net.groups.size(); ++t) {
        const Slice own = net.partition.own(t);
        if (own.size() == 0) continue;
        const Group& target = net.groups[t];
        const PartnerTables& p = net.regions[target.region].partners;
        std::vector<u8> reached;
        for (u32 s = 0; s < net.groups.size(); ++s) {
            const Projection& pair = net.projection(t, s);
            const Group& source = net.groups[s];
            if (pair.rows == kFixedRows && pair.indegree == 0.0) continue;
            const bool near = spec.kind == NetworkKind::kSheet && pair.reach == Reach::kNear &&
                              source.region == target.region;
            needed.push_back(
                {source.first, std::min(source.first + 2, source.last)});  // where no draw finds one
            if (!near) {
                needed.push_back({source.first, source.last});
                continue;
            }
            if (reached.empty()) reached = cells_in_reach(p, target, own);
            const u32* begin = &p.cell_begin[s * (p.cells() + 1)];
            for (u32 c = 0; c < p.cells(); ++c)
                if (reached[c] != 0) needed.push_back({begin[c], begin[c + 1]});
        }
        needed = united(std::move(needed));
    }
    for (const Region& r : net.regions)
        for (const u32 i : r.voxels.member) needed.push_back({i, i + 1});
    return needed;
}

}  // namespace respine
