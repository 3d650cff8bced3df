// A SONATA circuit: edits of a good HDF5 file that holds nodes and edges, or its bytes; or a
// circuit_config.json, or a table of node types, beside the good one.
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/import/import_graph.hpp"
#include "tests/fuzz/graph_checks.hpp"
#include "tests/fuzz/hdf5_edits.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

namespace {

class Reader {
public:
    Reader() {
        write_good();
        objects_ = fuzz::objects_of(good_);
        bytes_ = fuzz::bytes_of(good_);
    }

    void read(std::string_view input) const {
        if (input.starts_with("{")) return import(folder_.write("circuit.json", input), "", "");
        if (input.starts_with("node_type_id")) return import(good_, good_, folder_.write("types.csv", input));
        const bool whole = input.starts_with("\x89HDF");
        const std::string path = folder_.write("changed.h5", whole ? input : bytes_);
        fuzz::expect_words([&] {
            const H5File held = whole ? H5File::open(path) : fuzz::edit(path, objects_, input);
            import(path, path, "");
        });
    }

private:
    static void import(const std::string& file, const std::string& nodes, const std::string& types) {
        fuzz::expect_words([&] { fuzz::check_graph(import_graph(fuzz::file_network(file, nodes, types))); });
    }

    void put(H5File& file, const std::string& path, const std::vector<i64>& values) const {
        file.write_all<i64>(path, values, {{values.size()}, {}, false, {}}, {"1", "a test"});
    }

    void write_good() const {
        constexpr i64 kNodes = 24;
        H5File file = H5File::create(good_);
        std::vector<i64> ids, zeros(kNodes, 0), source, target;
        std::vector<float> position;
        std::vector<std::string> names;
        for (i64 k = 0; k < kNodes; ++k) {
            ids.push_back(k);
            names.push_back(k % 5 == 0 ? "PV1" : "exc");
            position.push_back(static_cast<float>(k));
            for (const i64 step : {1, 5}) source.push_back((k + step) % kNodes), target.push_back(k);
        }
        for (const char* name : {"node_id", "node_group_index"})
            put(file, std::string("/nodes/v1/") + name, ids);
        for (const char* name : {"node_type_id", "node_group_id"})
            put(file, std::string("/nodes/v1/") + name, zeros);
        for (const char* axis : {"x", "y"})
            file.write_all<float>(std::string("/nodes/v1/0/") + axis, position,
                                  {{position.size()}, {}, false, {}}, {"um", "position"});
        file.write_strings("/nodes/v1/0/pop_name", names, "", {"1", "type"});
        put(file, "/edges/v1/source_node_id", source);
        put(file, "/edges/v1/target_node_id", target);
        for (const char* end : {"source", "target"})
            file.set_attribute(std::string("/edges/v1/") + end + "_node_id", "node_population",
                               std::string("v1"));
        file.close();
    }

    fuzz::Folder folder_;
    std::string good_ = folder_.file("good.h5"), bytes_;
    std::vector<std::string> objects_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Reader reader;
    reader.read(fuzz::text_of(data, size));
    return 0;
}
