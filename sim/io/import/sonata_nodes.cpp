#include "sim/io/import/sonata_nodes.hpp"

#include <set>

#include "sim/model/error.hpp"
#include "sim/system/csv_reader.hpp"

namespace respine {

namespace {

std::vector<std::string> as_texts(const auto& values) {
    std::vector<std::string> texts;
    for (const auto v : values) texts.push_back(fmt::format("{}", v));
    return texts;
}

}  // namespace

std::vector<i64> read_integers(const H5File& file, const std::string& dataset) {
    if (!file.is_dataset(dataset))
        fail(Exit::kInput, "{}: error: there is no dataset {}; SONATA wants it", file.path(), dataset);
    if (file.kind(dataset) != H5Kind::kInteger || file.extent(dataset).size() != 1)
        fail(Exit::kInput, "{}: error: dataset {} wants one dimension of whole numbers", file.path(),
             dataset);
    return file.read<i64>(dataset);
}

SonataTypes::SonataTypes(const std::string& path) {
    if (path.empty()) return;
    CsvReader table(path, ' ');
    const std::string id = table.has("edge_type_id") ? "edge_type_id" : "node_type_id";
    for (const auto& [name, index] : table.columns()) column_[name] = index;
    std::vector<std::string> cells;
    while (table.next(cells)) {
        if (cells.size() < column_.size())
            fail(Exit::kInput, "{}: error: the line has {} cells, the header {}", table.where(), cells.size(),
                 column_.size());
        const std::string population = table.has("population") ? table.cell(cells, "population") : "";
        if (!row_.emplace(population + "/" + table.cell(cells, id), cells).second)
            fail(Exit::kInput, "{}: error: type {} stands twice", table.where(), table.cell(cells, id));
    }
}

std::string SonataTypes::value(const std::string& population, i64 type, const std::string& column) const {
    const auto at = column_.find(column);
    if (at == column_.end()) return "";
    auto row = row_.find(fmt::format("{}/{}", population, type));
    if (row == row_.end()) row = row_.find(fmt::format("/{}", type));
    if (row == row_.end() || at->second >= row->second.size()) return "";
    const std::string& text = row->second[at->second];
    return text == "NULL" || text == "NONE" ? "" : text;
}

SonataNodes::SonataNodes(const H5File& file, const std::string& population, const SonataTypes& types)
    : file_(file), types_(types), population_(population), path_("/nodes/" + population) {
    type_id_ = read_integers(file, path_ + "/node_type_id");
    const bool numbered = file.exists(path_ + "/node_id");
    if (numbered) id_ = read_integers(file, path_ + "/node_id");
    for (size_t k = 0; !numbered && k < type_id_.size(); ++k) id_.push_back(static_cast<i64>(k));
    if (file.exists(path_ + "/node_group_id")) read_groups();
    if (id_.size() != type_id_.size())
        fail(Exit::kInput,
             "{}: error: dataset {}/node_id has {} values, node_type_id has {}; both want one a node",
             file.path(), path_, id_.size(), type_id_.size());
}

void SonataNodes::read_groups() {
    group_id_ = read_integers(file_, path_ + "/node_group_id");
    group_index_ = read_integers(file_, path_ + "/node_group_index");
    for (const auto& [name, values] :
         {std::pair{"node_group_id", &group_id_}, {"node_group_index", &group_index_}})
        if (values->size() != type_id_.size())
            fail(Exit::kInput,
                 "{}: error: dataset {}/{} has {} values, node_type_id has {}; both want one a node",
                 file_.path(), path_, name, values->size(), type_id_.size());
}

std::vector<std::string> SonataNodes::group_values(const std::string& group, const std::string& name) const {
    const std::string dataset = group + "/" + name, library = group + "/@library/" + name;
    if (file_.extent(dataset).size() != 1)
        fail(Exit::kInput, "{}: error: dataset {} wants one dimension: one value a node of the group",
             file_.path(), dataset);
    if (file_.kind(dataset) == H5Kind::kText) return file_.read_strings(dataset);
    if (file_.kind(dataset) == H5Kind::kFloat) return as_texts(file_.read<double>(dataset));
    const std::vector<i64> values = read_integers(file_, dataset);
    if (!file_.is_dataset(library)) return as_texts(values);
    const std::vector<std::string> words =
        file_.read_strings(library);  // an enumeration: numbers of its words
    std::vector<std::string> texts;
    for (const i64 v : values) {
        if (v < 0 || static_cast<size_t>(v) >= words.size())
            fail(Exit::kInput, "{}: error: dataset {} holds {}; {} has {} words", file_.path(), dataset, v,
                 library, words.size());
        texts.push_back(words[static_cast<size_t>(v)]);
    }
    return texts;
}

std::vector<std::string> SonataNodes::attribute(const std::string& name) const {
    std::vector<std::string> values(size());
    for (const i64 group : std::set<i64>(group_id_.begin(), group_id_.end())) {
        const std::string path = fmt::format("{}/{}", path_, group);
        if (!file_.is_dataset(path + "/" + name)) continue;
        const std::vector<std::string> of_group = group_values(path, name);
        for (size_t k = 0; k < size(); ++k) {
            if (group_id_[k] != group) continue;
            if (group_index_[k] < 0 || static_cast<size_t>(group_index_[k]) >= of_group.size())
                fail(Exit::kInput, "{}: error: dataset {}/node_group_index[{}] is {}; {}/{} has {} values",
                     file_.path(), path_, k, group_index_[k], path, name, of_group.size());
            values[k] = of_group[static_cast<size_t>(group_index_[k])];
        }
    }
    for (size_t k = 0; types_.has(name) && k < size(); ++k)
        if (values[k].empty()) values[k] = types_.value(population_, type_id_[k], name);
    return values;
}

}  // namespace respine
