#include "sim/network/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/numerics/elementary.hpp"
#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

u64 hilbert_index(u32 n, u32 x, u32 y) {  // n a power of two
    u64 d = 0;
    for (u32 s = n / 2; s > 0; s /= 2) {
        const u32 rx = (x & s) ? 1 : 0, ry = (y & s) ? 1 : 0;
        d += static_cast<u64>(s) * s * ((3 * rx) ^ ry);
        if (ry == 0) {
            if (rx == 1) {
                x = n - 1 - x;
                y = n - 1 - y;
            }
            std::swap(x, y);
        }
    }
    return d;
}

// Cell by cell along the curve: the neurons [begin_of(group, rank), begin_of(group, rank + 1)).
template <class Begin>
void list_cells(Network& net, u32 region, const Begin& begin_of) {
    PartnerTables& p = net.regions[region].partners;
    const u32 cells = p.cells();
    p.cell_begin.assign(net.groups.size() * (cells + 1), 0);
    p.most_in_cell.assign(net.groups.size(), 1);
    for (size_t g = 0; g < net.groups.size(); ++g) {
        if (net.groups[g].region != region) continue;
        u32* begin = &p.cell_begin[g * (cells + 1)];
        for (u32 c = 0; c <= cells; ++c) begin[c] = begin_of(net.groups[g], c);
        for (u32 c = 0; c < cells; ++c)
            p.most_in_cell[g] = std::max(p.most_in_cell[g], begin[c + 1] - begin[c]);
    }
}

// Neurons that are spread evenly over the cells, as by even_rank.
void list_evenly(Network& net, u32 region) {
    const u64 cells = net.regions[region].partners.cells();
    list_cells(net, region, [cells](const Group& g, u32 rank) {
        return g.first + static_cast<u32>((rank * static_cast<u64>(g.size()) + cells - 1) / cells);
    });
}

// Offsets of a Gaussian on a grid; periodic grids hold each cell once (the nearest image).
void gaussian_offsets(double width, double edge, PartnerTables& p) {
    const auto reach = [&](u32 n) {
        return std::min(static_cast<int>(p.periodic ? n / 2 : n - 1),
                        static_cast<int>(std::ceil(3.5 * width / edge)));
    };
    const int rx = reach(p.nx), ry = reach(p.ny);
    std::vector<double> weight;
    for (int dy = -ry; dy <= ry; ++dy)
        for (int dx = -rx; dx <= rx; ++dx) {
            if (p.periodic && ((p.nx % 2 == 0 && 2 * dx == static_cast<int>(p.nx)) ||
                               (p.ny % 2 == 0 && 2 * dy == static_cast<int>(p.ny))))
                continue;
            const double d = (static_cast<double>(dx) * dx + static_cast<double>(dy) * dy) * edge * edge;
            p.dx.push_back(dx);
            p.dy.push_back(dy);
            weight.push_back(det_exp(-d / (2.0 * width * width)));
        }
    build_alias(weight, p.keep, p.alias);
}

double layer_depth(const NetworkSpec& spec, const Group& group, double u) {
    for (const PopulationSpec& p : spec.populations)
        if (p.name == group.population) return p.top + (p.bottom - p.top) * u;
    return 0.0;
}

}  // namespace

u32 neurons_of(const Network& net, u32 region, bool excitatory_only) {
    u32 count = 0;
    for (const Group& g : net.groups)
        if (g.region == region && (!excitatory_only || g.type == CellType::kE)) count += g.size();
    return count;
}

double side_of(const NetworkSpec& spec, u32 neurons) {
    const double volume = static_cast<double>(neurons) / spec.density * 1e9;  // um^3
    return std::sqrt(volume / spec.thickness);
}

std::vector<u32> hilbert_ranks(u32 nx, u32 ny) {
    u32 n = 1;
    while (n < std::max(nx, ny)) n *= 2;
    std::vector<u64> index(static_cast<size_t>(nx) * ny);
    for (u32 y = 0; y < ny; ++y)
        for (u32 x = 0; x < nx; ++x) index[x + static_cast<size_t>(nx) * y] = hilbert_index(n, x, y);
    std::vector<u32> order(index.size()), rank(index.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](u32 a, u32 b) { return index[a] < index[b]; });
    for (u32 r = 0; r < order.size(); ++r) rank[order[r]] = r;
    return rank;
}

void build_alias(const std::vector<double>& weight, std::vector<float>& keep, std::vector<u32>& alias) {
    const size_t n = weight.size();
    double total = 0.0;
    for (double w : weight) total += w;
    std::vector<double> scaled(n);
    std::vector<u32> small, large;
    for (size_t i = 0; i < n; ++i) {
        scaled[i] = weight[i] * static_cast<double>(n) / total;
        (scaled[i] < 1.0 ? small : large).push_back(static_cast<u32>(i));
    }
    keep.assign(n, 1.0F);
    alias.resize(n);
    std::iota(alias.begin(), alias.end(), 0U);
    while (!small.empty() && !large.empty()) {
        const u32 s = small.back(), l = large.back();
        small.pop_back();
        keep[s] = static_cast<float>(scaled[s]);
        alias[s] = l;
        scaled[l] -= 1.0 - scaled[s];
        if (scaled[l] < 1.0) {
            large.pop_back();
            small.push_back(l);
        }
    }
}

void place_sheet(const NetworkSpec& spec, u64 seed, u32 region, double left, Network& net) {
    const double side = side_of(spec, neurons_of(net, region));
    PartnerTables& p = net.regions[region].partners;
    const double per_side = std::sqrt(static_cast<double>(neurons_of(net, region, true)) /
                                      12.0);  // a dozen pyramidal cells a cell
    p.nx = p.ny = std::max(1U, 2 * static_cast<u32>(per_side / 2.0));
    p.rank = hilbert_ranks(p.nx, p.ny);
    std::vector<u32> cell_of_rank(p.cells());
    for (u32 c = 0; c < p.cells(); ++c) cell_of_rank[p.rank[c]] = c;
    const double edge = side / p.nx;
    p.cell = NeuronArray<u32>(net.neurons);
    for_own(net, region, [&](u32 i, const Group& g) {
        p.cell[i] = cell_of_rank[even_rank(g, i, p.cells())];
        const Draw u = philox(seed, Stream::kPosition, i, 0, 0);
        net.x[i] = static_cast<float>(left + (p.cell[i] % p.nx + unit(u[0])) * edge);
        net.y[i] = static_cast<float>((p.cell[i] / p.nx + unit(u[1])) * edge);
        net.z[i] = static_cast<float>(layer_depth(spec, g, unit(u[2])));
    });
    list_evenly(net, region);
    gaussian_offsets(spec.kernel_width, edge, p);
}

void place_well_mixed(const NetworkSpec& spec, double side, u64 seed, u32 region, double left, Network& net) {
    PartnerTables& p = net.regions[region].partners;
    p.rank = {0};
    p.cell = NeuronArray<u32>(net.neurons);
    for_own(net, region, [&](u32 i, const Group& g) {
        const Draw u = philox(seed, Stream::kPosition, i, 0, 0);
        net.x[i] = static_cast<float>(left + unit(u[0]) * side);
        net.y[i] = static_cast<float>(unit(u[1]) * side);
        net.z[i] = static_cast<float>(layer_depth(spec, g, unit(u[2])));
    });
    list_evenly(net, region);
}

void place_ring(u32 reach, double rewiring, Network& net) {
    PartnerTables& p = net.regions.front().partners;
    const u32 per_cell = std::max(1U, reach / 8);
    p.nx = std::max(1U, static_cast<u32>(net.excitatory) / per_cell);
    p.rank.resize(p.nx);
    std::iota(p.rank.begin(), p.rank.end(), 0U);
    p.cell = NeuronArray<u32>(net.neurons);
    const double radius =
        static_cast<double>(net.neurons) * 2.0 / 6.283185307179586;  // 2 um of ring a neuron
    for_own(net, 0, [&](u32 i, const Group& g) {
        p.cell[i] = even_rank(g, i, p.nx);
        const double turn = (i - g.first + 0.5) / g.size(), r = radius * (g.type == CellType::kE ? 1.0 : 0.9);
        net.x[i] = static_cast<float>(radius + r * det_cos_turn(turn));
        net.y[i] = static_cast<float>(radius + r * det_cos_turn(turn - 0.25));
    });
    list_evenly(net, 0);
    p.uniform_share = rewiring;
    const int cells =
        std::min(static_cast<int>(p.nx / 2),
                 std::max(1, static_cast<int>(std::lround(static_cast<double>(reach) / per_cell))));
    for (int d = -cells; d <= cells; ++d) {
        if (2 * d == static_cast<int>(p.nx)) continue;  // the same cell as the one half a ring back
        p.dx.push_back(d);
        p.dy.push_back(0);
    }
    build_alias(std::vector<double>(p.dx.size(), 1.0), p.keep, p.alias);
}

PositionGrid grid_of_positions(const std::vector<float>& x, const std::vector<float>& y) {
    const auto [x0, x1] = std::minmax_element(x.begin(), x.end());
    const auto [y0, y1] = std::minmax_element(y.begin(), y.end());
    const double width = std::max({static_cast<double>(*x1) - *x0, static_cast<double>(*y1) - *y0, 1e-3});
    const double per_side = std::clamp(std::sqrt(static_cast<double>(x.size()) / 12.0), 1.0, 4096.0);
    PositionGrid grid{1, 1, *x0, *y0, width / per_side * 1.000001};
    grid.nx = static_cast<u32>((*x1 - *x0) / grid.edge) + 1;
    grid.ny = static_cast<u32>((*y1 - *y0) / grid.edge) + 1;
    return grid;
}

void place_given(const NetworkSpec& spec, const PositionGrid& grid, Network& net) {
    PartnerTables& p = net.regions.front().partners;
    p.nx = grid.nx;
    p.ny = grid.ny;
    p.periodic = false;
    p.rank = hilbert_ranks(p.nx, p.ny);
    p.cell = NeuronArray<u32>(net.neurons);
    std::vector<u32> rank(net.neurons);  // in each group ascending
    for (size_t i = 0; i < net.neurons; ++i) {
        const u32 cx = static_cast<u32>((net.x[i] - grid.x0) / grid.edge),
                  cy = static_cast<u32>((net.y[i] - grid.y0) / grid.edge);
        p.cell[i] = std::min(cx, p.nx - 1) + p.nx * std::min(cy, p.ny - 1);
        rank[i] = p.rank[p.cell[i]];
    }
    list_cells(net, 0, [&](const Group& g, u32 from) {
        const auto first = rank.begin() + g.first, last = rank.begin() + g.last;
        return static_cast<u32>(std::lower_bound(first, last, from) - rank.begin());
    });
    gaussian_offsets(spec.kernel_width, grid.edge, p);
}

}  // namespace respine
