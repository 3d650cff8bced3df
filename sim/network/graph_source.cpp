#include "sim/network/graph_source.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/erdos_renyi_generator.hpp>
#include <boost/graph/small_world_generator.hpp>
#include <boost/random/uniform_01.hpp>
#include <utility>

#include "kernels/numerics/random.hpp"

namespace respine {

namespace {

// A standard random engine over one Philox stream, for generators that want an engine.
class PhiloxEngine {
public:
    using result_type = u32;
    explicit PhiloxEngine(u64 seed) : seed_(seed) {}
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xffffffffU; }
    result_type operator()() {
        if (used_ == 4) {
            words_ =
                philox(seed_, Stream::kGraph, static_cast<u32>(block_), static_cast<u32>(block_ >> 32), 0);
            ++block_;
            used_ = 0;
        }
        return words_[used_++];
    }

private:
    u64 seed_, block_ = 0;
    Draw words_{};
    size_t used_ = 4;
};

using Directed = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

}  // namespace

EdgeRows rows_of_edges(size_t neurons, const std::vector<std::pair<u32, u32>>& edges,
                       const std::vector<float>& weight) {
    EdgeRows rows;
    rows.begin.assign(neurons + 1, 0);
    for (const auto& [from, to] : edges) ++rows.begin[to + 1];
    for (size_t i = 0; i < neurons; ++i) rows.begin[i + 1] += rows.begin[i];
    rows.source.resize(edges.size());
    std::vector<u64> at(rows.begin.begin(), rows.begin.end() - 1);
    rows.weight.resize(weight.size());
    for (size_t k = 0; k < edges.size(); ++k) {
        const u64 place = at[edges[k].second]++;
        rows.source[place] = edges[k].first;
        if (!weight.empty()) rows.weight[place] = weight[k];
    }
    return rows;
}

void shuffle_rows(EdgeRows& rows, u64 seed) {
    const PhiloxKeys keys(seed);
    for (u32 i = 0; i < rows.targets(); ++i) {
        DrawSequence draws(keys, Stream::kPlasticSource, i, 0);
        const u64 first = rows.begin[i];
        u32 drawn = 0;
        for (u64 left = rows.begin[i + 1] - first; left > 1;
             --left, ++drawn) {  // Fisher and Yates, from the end
            const u64 other = (u64{draws.at(drawn)[0]} * left) >> 32;
            std::swap(rows.source[first + left - 1], rows.source[first + other]);
            if (!rows.weight.empty()) std::swap(rows.weight[first + left - 1], rows.weight[first + other]);
        }
    }
}

EdgeRows small_world_edges(u32 neurons, u32 degree, double rewiring, u64 seed, Slice own) {
    using Iterator = boost::small_world_iterator<PhiloxEngine, Directed>;
    PhiloxEngine engine(seed);
    std::vector<std::pair<u32, u32>> edges;
    for (Iterator it(engine, neurons, degree - degree % 2, rewiring), end; it != end; ++it) {
        const auto [a, b] = *it;
        if (a == b) continue;
        if (own.has(static_cast<u32>(b))) edges.emplace_back(static_cast<u32>(a), static_cast<u32>(b));
        if (own.has(static_cast<u32>(a))) edges.emplace_back(static_cast<u32>(b), static_cast<u32>(a));
    }
    return rows_of_edges(neurons, edges);
}

EdgeRows random_edges(u32 neurons, double degree, u64 seed, Slice own) {
    using Iterator = boost::sorted_erdos_renyi_iterator<PhiloxEngine, Directed>;
    PhiloxEngine engine(seed);
    const double chance = std::min(1.0, degree / (static_cast<double>(neurons) - 1.0));
    std::vector<std::pair<u32, u32>> edges;
    for (Iterator it(engine, neurons, chance, false), end; it != end; ++it) {
        const auto target = static_cast<u32>(it->first);  // the generator's rows are our targets, ascending
        if (target >= own.last) break;
        if (own.has(target)) edges.emplace_back(static_cast<u32>(it->second), target);
    }
    return rows_of_edges(neurons, edges);
}

}  // namespace respine
