// respine export: the network and the snapshots of a run in the formats of other programs.

#include "analysis/export/export.hpp"

#include <filesystem>
#include <iostream>
#include <set>

#include "analysis/read/run_file.hpp"
#include "sim/cli/commands.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"
#include "sim/system/new_file.hpp"

namespace respine {

namespace {

struct ExportOptions {
    std::string file, sonata, graphml, csv, vtkhdf, at;
    bool plastic = false, force = false, quiet = false;
};

CircuitChoice choice_of(const ExportOptions& o) {
    CircuitChoice choice{std::nullopt, o.plastic};
    if (o.at.empty()) return choice;
    const auto q = parse_quantity(o.at);
    choice.hours = q ? convert(*q, "h") : std::nullopt;
    if (!choice.hours) fail(Exit::kUsage, "--at wants a time such as 2h or '5 d', got '{}'", o.at);
    return choice;
}

void need_room(const H5File& run, const ExportOptions& o) {
    std::vector<std::string> paths;
    if (!o.sonata.empty()) paths = sonata_files(run, o.sonata);
    if (!o.csv.empty())
        for (const std::string& path : csv_files(o.csv)) paths.push_back(path);
    for (const std::string& path : {o.graphml, o.vtkhdf})
        if (!path.empty()) paths.push_back(path);
    std::set<std::string> once;
    for (const std::string& path : paths)
        if (!once.insert(std::filesystem::absolute(path).lexically_normal().string()).second)
            fail(Exit::kUsage, "{}: error: is asked for twice; give each format a name of its own", path);
    need_free(paths, run.path(), o.force);
    for (const std::string& path : {o.graphml, o.vtkhdf, o.csv})
        if (!path.empty()) need_folder_of(path);
}

void export_run(const ExportOptions& o) {
    if (o.sonata.empty() && o.graphml.empty() && o.csv.empty() && o.vtkhdf.empty())
        throw CLI::RequiredError("--sonata, --graphml, --csv or --vtkhdf,");
    const CircuitChoice choice = choice_of(o);
    const H5File run = H5File::open(o.file);
    require_run_format(run, "respine-run");
    need_room(run, o);
    Notes notes;
    if (!o.vtkhdf.empty()) export_vtkhdf(run, choice, o.vtkhdf, notes);
    if (!o.sonata.empty() || !o.graphml.empty() || !o.csv.empty()) {
        const Circuit circuit = read_circuit(run, choice);
        if (!o.sonata.empty()) export_sonata(run, circuit, o.sonata, notes);
        if (!o.graphml.empty()) export_graphml(circuit, o.graphml, notes);
        if (!o.csv.empty()) export_csv(circuit, o.csv);
        if (!o.quiet)
            fmt::print("{}: {} neurons and {} synapses at {:g} h\n", o.file, circuit.size(),
                       circuit.source.size(), circuit.hours);
    }
    for (const std::string& path : {o.sonata, o.graphml, o.csv, o.vtkhdf})
        if (!path.empty() && !o.quiet) fmt::print("{}\n", path);
    for (const std::string& note : notes) fmt::print(stderr, "respine: note: {}\n", note);
}

}  // namespace

void add_export(CLI::App& app, int&) {
    const auto o = std::make_shared<ExportOptions>();
    app.add_option("file", o->file, "run file")->required();
    app.add_option("--sonata", o->sonata, "folder for a SONATA circuit and reports of the snapshots");
    app.add_option("--graphml", o->graphml, "GraphML file, for up to about a million synapses");
    app.add_option("--csv", o->csv, "PREFIX of PREFIX_nodes.csv, PREFIX_edges.csv and PREFIX.json (units)");
    app.add_option(
        "--vtkhdf", o->vtkhdf,
        "VTKHDF file: all snapshots (ParaView 5.12 and newer); with --at one, which older ones read too");
    app.add_option("--at", o->at,
                   "snapshot whose synapses are meant, such as 2h or '5 d'; the last one when not given");
    app.add_flag("--plastic", o->plastic,
                 "only the plastic synapses, which the run file holds; else the fixed ones and weights too, "
                 "built anew from its scenario");
    app.add_flag("--force", o->force, "replace existing files");
    app.add_flag("-q,--quiet", o->quiet, "no list of what was written");
    app.callback([o] { export_run(*o); });
}

}  // namespace respine
