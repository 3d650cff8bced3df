// A GraphML file.
#include "sim/io/import/import_graph.hpp"
#include "tests/fuzz/graph_checks.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Folder folder;
    const std::string path = folder.write("graph.graphml", fuzz::text_of(data, size));
    fuzz::expect_words([&] { fuzz::check_graph(import_graph(fuzz::file_network(path, "", ""))); });
    return 0;
}
