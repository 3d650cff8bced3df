#include <numeric>

#include "analysis/export/export.hpp"
#include "sim/model/error.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

namespace {

constexpr const char* kRoot = "/VTKHDF";
constexpr u8 kVertex = 1;  // VTK_VERTEX

template <class T>
void put(H5File& file, const std::string& name, const std::vector<T>& values, const std::string& meaning,
         hsize_t columns = 1) {
    DatasetShape shape{{values.size() / columns}, {}, false, {}};
    if (columns > 1) shape.extent.push_back(columns);
    file.write_all<T>(kRoot + name, values, shape, {"1", meaning});
}

// Neurons as points, each with a cell of its own, in one part.
void write_points(H5File& file, const Circuit& c) {
    const size_t n = c.size();
    std::vector<float> points;
    for (size_t i = 0; i < n; ++i)
        for (size_t axis = 0; axis < 3; ++axis) points.push_back(c.neurons[axis].values[i]);
    std::vector<i64> index(n + 1);
    std::iota(index.begin(), index.end(), i64{0});
    put(file, "/Points", points, "positions [um]", 3);
    put(file, "/Offsets", index, "where each cell begins in the connectivity");
    index.pop_back();
    put(file, "/Connectivity", index, "points of the cells");
    put(file, "/Types", std::vector<u8>(n, kVertex), "type of each cell: a vertex");
    for (const char* count : {"/NumberOfPoints", "/NumberOfCells", "/NumberOfConnectivityIds"})
        put(file, count, std::vector<i64>{static_cast<i64>(n)}, "of each part");
}

// Which values belong to which time; the points are those of the first.
void write_steps(H5File& file, const std::vector<double>& hours, const std::vector<std::string>& fields,
                 size_t neurons) {
    const std::string steps = "/Steps";
    const std::vector<i64> zeros(hours.size(), 0), ones(hours.size(), 1);
    std::vector<i64> first;
    for (size_t k = 0; k < hours.size(); ++k) first.push_back(static_cast<i64>(k * neurons));
    put(file, steps + "/Values", hours, "time on the clock of the scenario [h]");
    put(file, steps + "/PartOffsets", zeros, "first part");
    put(file, steps + "/NumberOfParts", ones, "parts");
    put(file, steps + "/PointOffsets", zeros, "first point");
    put(file, steps + "/CellOffsets", zeros, "first cell", 1);
    put(file, steps + "/ConnectivityIdOffsets", zeros, "first point of a cell", 1);
    for (const std::string& field : fields)
        put(file, steps + "/PointDataOffsets/" + field, first, "first value");
    file.set_attribute(kRoot + steps, "NSteps", static_cast<i64>(hours.size()));
}

}  // namespace

void export_vtkhdf(const H5File& run, const CircuitChoice& choice, const std::string& path, Notes& notes) {
    const Circuit c = read_circuit(run, {choice.hours, true});
    const std::vector<double> all = snapshot_hours(run);
    const std::vector<std::string> fields = snapshot_fields(run);
    const bool single = choice.hours.has_value();
    NewFile whole(path);
    H5File file = H5File::create(whole.part());
    file.make_group(kRoot);
    const i64 version[] = {single ? 1 : 2, 0};
    file.set_attribute<i64>(kRoot, "Version", version);
    file.set_ascii_attribute(kRoot, "Type", "UnstructuredGrid");
    write_points(file, c);
    for (size_t f = 0; f < fields.size(); ++f) {
        const Column& last = c.neurons[3 + f];
        const std::string dataset = kRoot + ("/PointData/" + fields[f]);
        file.create_dataset<float>(dataset, {{0}, {}, true, {std::min<hsize_t>(c.size(), 65536)}},
                                   {last.unit, last.long_name});
        for (size_t k = 0; k < all.size(); ++k)
            if (!single || all[k] == c.hours)
                file.append<float>(dataset, snapshot_row(run, fields[f], k, c.size()));
    }
    if (!single) write_steps(file, all, fields, c.size());
    file.close();
    whole.finish();
    if (single) return;
    notes.push_back(
        fmt::format("{}: ParaView from 5.12 on shows all {} times; 5.11 shows the first only (use NAME.xdmf "
                    "beside the run file, or --at for one time)",
                    path, all.size()));
}

}  // namespace respine
