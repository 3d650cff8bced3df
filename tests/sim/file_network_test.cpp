// Networks from a user's files.

#include <gtest/gtest.h>

#include <string>

#include "sim/model/error.hpp"
#include "tests/support.hpp"
#include "tests/temporary_folder.hpp"

namespace respine {
namespace {

using test::shrunk;
using test::TemporaryFolder;

Scenario own_network(const std::string& edges, const std::string& nodes) {
    Scenario s = shrunk("mouse-ketamine-10mgkg", 100, 40, kDay);
    s.network.name = "file";
    s.network.kind = NetworkKind::kFile;
    s.network.file = edges;
    s.network.nodes = nodes;
    return s;
}

CellType type_of(int cell) {
    return cell % 6 == 5 ? CellType::kPv : cell % 12 == 3 ? CellType::kSst : CellType::kE;
}

TEST(FileNetwork, CsvKeepsIdsTypesAndEdges) {
    std::string nodes = "id,type,x,y,z\n", edges = "source,target,note\n";
    for (int i = 0; i < 60; ++i)
        nodes += "cell-" + std::to_string(i) + "," +
                 std::string(kCellTypeNames[static_cast<size_t>(type_of(i))]) + "," +
                 std::to_string(i * 13 % 200) + "," + std::to_string(i * 29 % 200) + ",0\n";
    for (int i = 0; i < 60; ++i)
        for (int k = 1; k <= 12; ++k)
            edges += "cell-" + std::to_string((i * 7 + k * 5) % 60) + ",cell-" + std::to_string(i) + ",x\n";
    const TemporaryFolder folder;
    Scenario s = own_network(folder.write("edges.csv", edges), folder.write("nodes.csv", nodes));
    s.severity = 0.0;
    Simulation sim(load_inputs(s));
    const Network& net = sim.network();
    ASSERT_EQ(net.ids.size(), 60U);
    for (const Group& g : net.groups)
        for (u32 i = g.first; i < g.last; ++i) {
            const int number = std::stoi(net.ids[i].substr(5));
            EXPECT_EQ(g.type, type_of(number)) << net.ids[i];
            EXPECT_FLOAT_EQ(net.x[i], static_cast<float>(number * 13 % 200));
        }
    for (u32 i = 0; i < net.excitatory; ++i) {  // a healthy network starts as the file says
        const int target = std::stoi(net.ids[i].substr(5));
        std::vector<int> expected, found;
        for (int k = 1; k <= 12; ++k) {
            const int source = (target * 7 + k * 5) % 60;
            if (source != target && type_of(source) == CellType::kE) expected.push_back(source);
        }
        for (u64 k = net.recurrent().row_begin[i]; k < net.recurrent().row_begin[i] + net.recurrent().live[i];
             ++k)
            found.push_back(std::stoi(net.ids[net.recurrent().source[k]].substr(5)));
        std::sort(expected.begin(), expected.end());
        std::sort(found.begin(), found.end());
        EXPECT_EQ(expected, found);
    }
    while (!sim.done()) sim.advance();
}

TEST(FileNetwork, GraphMlIsRead) {
    std::string text =
        "<?xml version=\"1.0\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><key id=\"t\" "
        "for=\"node\" attr.name=\"type\" attr.type=\"string\"/>"
        "<key id=\"c\" for=\"node\" attr.name=\"colour\" attr.type=\"string\"/><graph id=\"G\" "
        "edgedefault=\"directed\">\n";
    for (int i = 0; i < 30; ++i)
        text += "<node id=\"a" + std::to_string(i) + "\"><data key=\"t\">" + (i % 5 == 4 ? "PV" : "E") +
                "</data><data key=\"c\">red</data></node>\n";
    for (int i = 0; i < 30; ++i)
        for (int k = 1; k < 9; ++k)
            text += "<edge source=\"a" + std::to_string((i + k * k) % 30) + "\" target=\"a" +
                    std::to_string(i) + "\"/>\n";
    const TemporaryFolder folder;
    const std::string path = folder.write("net.graphml", text + "</graph></graphml>\n");
    Simulation sim(load_inputs(own_network(path, "")));
    ASSERT_EQ(sim.network().ids.size(), 30U);
    EXPECT_EQ(sim.network().ids[0].substr(0, 1), "a");
    EXPECT_EQ(sim.network().excitatory, 24U);
    while (!sim.done()) sim.advance();
}

TEST(FileNetwork, BadFilesSayWhereAndWhat) {
    const auto message_of = [](const std::string& edges, const std::string& nodes) -> std::string {
        try {
            load_inputs(own_network(edges, nodes));
        } catch (const Error& e) {
            EXPECT_EQ(e.code(), Exit::kInput);
            return e.what();
        }
        return "accepted";
    };
    const TemporaryFolder folder;
    const std::string no_column = folder.write("a.csv", "from,to\n1,2\n"),
                      torn = folder.write("b.csv", "source,target\n1\n"), empty = folder.write("c.csv", ""),
                      few = folder.write("d.csv", "source,target\n1,2\n"),
                      bad_type = folder.write("e.csv", "id,type\n1,PX\n"),
                      xml = folder.write("f.graphml", "<graphml><graph>"),
                      bomb = folder.write("g.graphml", "<!DOCTYPE a [<!ENTITY b \"c\">]><graphml/>");
    EXPECT_NE(message_of(no_column, "").find("no column 'source'"), std::string::npos);
    EXPECT_NE(message_of(torn, "").find("b.csv:2"), std::string::npos);
    EXPECT_NE(message_of(empty, "").find("empty"), std::string::npos);
    EXPECT_NE(message_of(few, "").find("at least 20"), std::string::npos);
    // No nearest name: of three short ones it would make an interneuron of a pyramidal cell.
    EXPECT_NE(message_of(few, bad_type).find("e.csv:2: error: unknown cell type 'PX'"), std::string::npos);
    EXPECT_NE(message_of(few, bad_type).find("network: {types: {PX: E}}"), std::string::npos);
    EXPECT_NE(message_of(xml, "").find("not a GraphML file"), std::string::npos);
    EXPECT_NE(message_of(bomb, "").find("entities are not allowed"), std::string::npos);
    EXPECT_NE(message_of("/nowhere/x.csv", "").find("cannot be read"), std::string::npos);
    EXPECT_NE(message_of("/nowhere/x.txt", "").find(".graphml"), std::string::npos);
}

}  // namespace
}  // namespace respine
