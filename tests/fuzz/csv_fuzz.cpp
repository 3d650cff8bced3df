// A CSV edge list and its optional node table: the table follows the edges after a line of "---".
#include "sim/io/import/import_graph.hpp"
#include "tests/fuzz/graph_checks.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Folder folder;
    const std::string_view text = fuzz::text_of(data, size), mark = "\n---\n";
    const size_t cut = text.find(mark);
    const std::string edges = folder.write("edges.csv", text.substr(0, cut));
    const std::string nodes =
        cut == text.npos ? "" : folder.write("nodes.csv", text.substr(cut + mark.size()));
    fuzz::expect_words([&] { fuzz::check_graph(import_graph(fuzz::file_network(edges, nodes, ""))); });
    return 0;
}
