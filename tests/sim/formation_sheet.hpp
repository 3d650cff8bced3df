// What the tests of formation share: a sheet of cells, a setting in which every axon is open, and a step on
// it.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "kernels/plasticity/formation.hpp"
#include "sim/network/geometry.hpp"
#include "tests/kernels/helpers.hpp"
#include "tests/reference/rows.hpp"

namespace respine::test {

constexpr double kWidth = 1.5;  // SD of the distance kernel, in cells

// A sheet of cells along a Hilbert curve. A cell of group g holds `crowd(g, rank)` neurons, so crowding
// varies.
struct Sheet {
    PartnerTables tables;
    std::vector<float> share;  // cumulative, of each group
    u32 neurons = 0;

    template <class Crowd>
    Sheet(u32 nx, u32 ny, bool periodic, u32 groups, Crowd crowd) {
        tables.nx = nx;
        tables.ny = ny;
        tables.periodic = periodic;
        tables.rank = hilbert_ranks(nx, ny);
        std::vector<u32> cell_of_rank(nx * ny);
        for (u32 c = 0; c < nx * ny; ++c) cell_of_rank[tables.rank[c]] = c;
        for (u32 g = 0; g < groups; ++g) {
            u32 most = 0;
            for (u32 r = 0; r < nx * ny; ++r) {
                tables.cell_begin.push_back(neurons);
                const u32 n = crowd(g, r);
                tables.cell.insert(tables.cell.end(), n, cell_of_rank[r]);
                neurons += n;
                most = std::max(most, n);
            }
            tables.cell_begin.push_back(neurons);
            tables.most_in_cell.push_back(most);
        }
        std::vector<double> weight;
        for (int dy = -3; dy <= 3; ++dy)
            for (int dx = -3; dx <= 3; ++dx) {
                tables.dx.push_back(dx);
                tables.dy.push_back(dy);
                weight.push_back(std::exp(-(dx * dx + dy * dy) / (2.0 * kWidth * kWidth)));
            }
        build_alias(weight, tables.keep, tables.alias);
        share.assign(groups, 1.0F);
    }
    PartnerKernel kernel() const { return tables.kernel(share); }

    // Offset between the cells of two neurons along one axis, by the shorter way on a periodic sheet.
    int offset(u32 from, u32 to, bool along_y) const {
        const u32 n = along_y ? tables.ny : tables.nx;
        const auto place = [&](u32 i) {
            return static_cast<int>(along_y ? tables.cell[i] / tables.nx : tables.cell[i] % tables.nx);
        };
        const int d = place(to) - place(from), half = static_cast<int>(n / 2);
        return !tables.periodic ? d : (d + static_cast<int>(n) + half) % static_cast<int>(n) - half;
    }
};

inline Sheet small_sheet() {
    return {8, 8, true, 1, [](u32, u32 r) { return 2 + r % 2; }};
}

struct Setting {
    std::vector<float> attempts, capacity, healthy, pool, vacancy;
    double basal = 1.0, gain = 0.0, dt = 1.0;
    bool needs_deficit = true;
    u32 tick = 5;
    double newborn_share = 0.0;
    NewbornStep newborn = {};
    double hazard_at_birth = 0.0, homeostasis = 0.0;
    std::vector<float> equilibrium = {};
    std::vector<u32> count = {};
    FormationInput input() const {
        constexpr SpineSizeParams kSize{.sd = 0.36, .time = 155.0, .new_mean = -0.67, .new_sd = 0.21};
        return {basal,
                gain,
                needs_deficit,
                dt,
                kSize,
                attempts,
                capacity,
                healthy,
                pool,
                vacancy,
                99,
                tick,
                kBirthOrigin + tick,
                newborn_share,
                {},
                newborn,
                hazard_at_birth,
                homeostasis,
                equilibrium,
                pool,
                count};
    }
};

// Every axon open, rows far below their capacity, `rate` attempts a day.
inline Setting open_setting(size_t n, float rate) {
    return {.attempts = std::vector<float>(n, rate),
            .capacity = std::vector<float>(n, 1e9F),
            .healthy = std::vector<float>(n, 100.0F),
            .pool = std::vector<float>(n, 0.0F),
            .vacancy = std::vector<float>(n, 1.0F)};
}

// Everything varies from neuron to neuron.
inline Setting varied(size_t n) {
    return {.attempts = random_floats(n, 0.5, 3.0, 1),
            .capacity = random_floats(n, 20.0, 60.0, 2),
            .healthy = random_floats(n, 25.0, 40.0, 3),
            .pool = random_floats(n, 0.0, 1.0, 4),
            .vacancy = random_floats(n, 0.0, 1.0, 5),
            .basal = 0.6,
            .gain = 5.0,
            .dt = 0.5};
}

struct Grown {
    reference::PlasticRows rows;
    std::vector<u32> out_degree, formed, passed;
    std::vector<std::vector<SynapseEvent>> events;
    u64 total() const { return std::accumulate(formed.begin(), formed.end(), u64{0}); }
};

inline Grown empty_rows(size_t n, u32 live, u32 spare) {
    Grown o{{},
            std::vector<u32>(n, 0U),
            std::vector<u32>(block_count(n), 0U),
            std::vector<u32>(block_count(n), 0U),
            std::vector<std::vector<SynapseEvent>>(block_count(n))};
    for (size_t i = 0; i < n; ++i) o.rows.add_row(live, spare);
    o.out_degree = o.rows.out_degree(n);
    return o;
}

// Attempts and formation on these rows.
inline void form_on(const FormationInput& in, const Sheet& sheet, size_t first, size_t last, Grown& o) {
    std::vector<std::vector<Attempts>> attempts(block_count(o.rows.count()));
    draw_attempts(in, first, last, o.rows.live, attempts);
    form_spines(in, sheet.kernel(), first, last, attempts, o.rows.view(), o.out_degree, o.formed, o.passed,
                o.events);
}

inline Grown form(const Setting& s, const Sheet& sheet, Grown o) {
    form_on(s.input(), sheet, 0, o.rows.count(), o);
    return o;
}

inline Sheet large_sheet() {
    return {20, 20, true, 1, [](u32, u32 r) { return 9 + r % 3; }};
}

}  // namespace respine::test
