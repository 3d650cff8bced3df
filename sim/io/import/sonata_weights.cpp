#include "sim/io/import/sonata_weights.hpp"

#include <numeric>

#include "sim/io/import/import_parts.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

std::string weights_of(const std::string& population) { return population + "/0/syn_weight"; }

}  // namespace

bool SonataWeights::are_in(const H5File& file, const std::string& population) {
    return file.is_dataset(weights_of(population)) && !file.exists(population + "/1");
}

SonataWeights::SonataWeights(const H5File& file, const std::string& population, size_t edges)
    : file_(file), population_(population) {
    if (!are_in(file, population) || edges == 0) return;
    const std::string dataset = weights_of(population);
    if (file.kind(dataset) != H5Kind::kFloat || file.extent(dataset).size() != 1 ||
        file.size(dataset) != edges)
        fail(Exit::kInput, "{}: error: dataset {} wants one number for each of the {} edges", file.path(),
             dataset, edges);
    values_.resize(edges);
    file.read_block<float>(dataset, 0, values_);
}

std::vector<float> SonataWeights::of(size_t first, size_t count) const {
    if (values_.empty()) return {};
    std::vector<i64> places(count);  // in the values of the group
    if (const std::string index = population_ + "/edge_group_index"; file_.is_dataset(index))
        file_.read_block<i64>(index, first, places);
    else
        std::iota(places.begin(), places.end(), static_cast<i64>(first));
    std::vector<float> weights(count);
    for (size_t k = 0; k < count; ++k) {
        const auto where = [&] {
            return fmt::format("{}: {}, edge {}", file_.path(), population_, first + k);
        };
        if (places[k] < 0 || places[k] >= static_cast<i64>(values_.size()))
            fail(Exit::kInput, "{}: error: its edge_group_index is {}, and the group has {} values", where(),
                 places[k], values_.size());
        weights[k] = weight_of(static_cast<double>(values_[static_cast<size_t>(places[k])]), where);
    }
    return weights;
}

}  // namespace respine
