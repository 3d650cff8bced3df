#include <filesystem>
#include <sstream>

#include "sim/io/run/recorder.hpp"
#include "sim/model/error.hpp"
#include "sim/system/files.hpp"

namespace respine {

namespace {

std::string item(const std::string& file, const std::string& path, size_t n) {
    return fmt::format(
        "<DataItem Dimensions=\"{}\" NumberType=\"Float\" Precision=\"4\" Format=\"HDF\">{}:{}</DataItem>", n,
        file, path);
}

std::string first_of(const std::string& whole, size_t n,
                     size_t total) {  // positions of the excitatory neurons: the first n
    if (n == total) return whole;
    return fmt::format(
        "<DataItem ItemType=\"HyperSlab\" Dimensions=\"{}\" Type=\"HyperSlab\"><DataItem Dimensions=\"3 1\" "
        "Format=\"XML\">0 1 {}</DataItem>{}</DataItem>",
        n, n, whole);
}

std::string row_of(const std::string& file, const std::string& path, size_t row, size_t rows, size_t n) {
    return fmt::format(
        "<DataItem ItemType=\"HyperSlab\" Dimensions=\"1 {0}\" Type=\"HyperSlab\"><DataItem Dimensions=\"3 "
        "2\" Format=\"XML\">{1} 0 1 1 1 {0}</DataItem>"
        "<DataItem Dimensions=\"{2} {0}\" NumberType=\"Float\" Precision=\"4\" "
        "Format=\"HDF\">{3}:{4}</DataItem></DataItem>",
        n, row, rows, file, path);
}

std::string escaped(const std::string& text) {
    std::string out;
    for (char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return out;
}

}  // namespace

// XDMF 2: ParaView 5.11 of Debian 12 shows it with all times, where a temporal VTKHDF file stays frozen on
// step 0.
void write_xdmf(const std::string& h5_path, const Simulation& sim, const std::vector<double>& times) {
    const std::filesystem::path h5(h5_path);
    std::filesystem::path xdmf = h5;
    xdmf.replace_extension(".xdmf");
    if (xdmf == h5) xdmf += ".xdmf";  // never over the run file itself
    std::ostringstream out;
    const std::string file = escaped(h5.filename().string());
    const Network& n = sim.network();
    out << "<?xml version=\"1.0\"?>\n<Xdmf Version=\"2.0\"><Domain>\n<Grid Name=\"respine\" "
           "GridType=\"Collection\" CollectionType=\"Temporal\">\n";
    for (size_t k = 0; k < times.size(); ++k) {
        out << fmt::format(
            "<Grid Name=\"t{:03d}\" GridType=\"Collection\" CollectionType=\"Spatial\"><Time "
            "Value=\"{}\"/>\n",
            k, times[k]);
        for (const Scope scope : {Scope::kNeuron, Scope::kExcitatory}) {
            const size_t count = scope == Scope::kNeuron ? n.neurons : n.excitatory;
            out << fmt::format(
                "<Grid Name=\"{0}\" GridType=\"Uniform\"><Topology TopologyType=\"Polyvertex\" "
                "NumberOfElements=\"{1}\" NodesPerElement=\"1\"/>"
                "<Geometry GeometryType=\"X_Y_Z\">",
                scope == Scope::kNeuron ? "neurons" : "excitatory", count);
            for (const char* axis : {"x", "y", "z"})
                out << first_of(item(file, std::string("/network/") + axis, n.neurons), count, n.neurons);
            out << "</Geometry>\n";
            for (const Quantity& q : sim.quantities())
                if (q.in_snapshots() && q.scope == scope)
                    out << fmt::format(
                        "<Attribute Name=\"{}\" AttributeType=\"Scalar\" Center=\"Node\">{}</Attribute>\n",
                        q.name, row_of(file, "/snapshots/" + q.name, k, times.size(), count));
            out << "</Grid>\n";
        }
        out << "</Grid>\n";
    }
    out << "</Grid>\n</Domain></Xdmf>\n";
    write_text(xdmf.string(), out.str());
}

}  // namespace respine
