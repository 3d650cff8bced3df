#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <system_error>

#include "analysis/export/bands.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/model/error.hpp"
#include "sim/system/library.hpp"
#include "sim/system/sha256.hpp"

namespace respine {

std::string command_line;

void add_ensemble(CLI::App& app, std::string& file, int& members, const std::string& what) {
    CLI::Option* ensemble = app.add_option(
        "--ensemble", file, what + ": a posterior.h5 of respine infer, or a name (mouse, human)");
    app.add_option("--members", members, "so many of them, evenly; all without it")
        ->check(CLI::Range(1, 1000000))
        ->needs(ensemble);
}

void add_bands(CLI::App& app, BandOptions& o) {
    add_ensemble(app, o.ensemble, o.members,
                 "run each scenario again under parameter sets that data allow, and give bands over them");
    app.add_option("--work", o.work, "folder of those runs; finished ones there are used again")
        ->needs("--ensemble");
    app.add_option("--threads", o.threads, "runs at a time")->check(CLI::Range(1, 4096))->needs("--ensemble");
}

namespace {

struct Command {
    const char* name;
    const char* summary;
    const char* example;
    void (*add)(CLI::App&, int&);
};

constexpr Command kCommands[] = {
    {"run", "simulate a scenario into a run file", "respine run human-iv-single -o ketamine.h5", add_run},
    {"rerun", "repeat the run of a file and say whether every bit is the same", "respine rerun ketamine.h5",
     add_rerun},
    {"compare", "compare run files: peaks, areas, spines, turnover, graph",
     "respine compare vehicle.h5 ketamine.h5 --reference vehicle.h5", add_compare},
    {"check", "check scenarios without running; print the resolved one", "respine check human-iv-single",
     add_check},
    {"inspect", "show what a run file holds", "respine inspect ketamine.h5 --field bdnf --at 2h",
     add_inspect},
    {"list", "list drugs, scenarios, models, fields or parameters", "respine list scenarios", add_list},
    {"validate", "hold the model against published observations", "respine validate --only pk-venous-peak",
     add_validate},
    {"sensitivity", "move every parameter through its range of belief",
     "respine sensitivity --outcome density-d5 --figure tornado.png", add_sensitivity},
    {"hypotheses", "rival accounts on one table, and the experiment that tells two apart",
     "respine hypotheses --html rivals.html", add_hypotheses},
    {"infer", "all parameter sets that the data allow, and what the data say about each",
     "respine infer mouse --dry-run", add_infer},
    {"calibrate", "fit parameters to observations", "respine calibrate human-responders", add_calibrate},
    {"study", "run a parameter study: designs, shards, one table", "respine study run dose-duration --jobs 2",
     add_study},
    {"view", "one HTML page that shows runs: synapse, network, comparison",
     "respine view vehicle.h5 ketamine.h5 -o runs.html", add_view},
    {"lab", "one HTML page that simulates by itself: change the dose and watch", "respine lab -o lab.html",
     add_lab},
    {"export", "the network and the snapshots of a run as SONATA, GraphML, CSV, VTKHDF",
     "respine export ketamine.h5 --sonata circuit", add_export},
    {"upgrade", "what a file of any release is, and its present form where it has an older one",
     "respine upgrade old.h5", add_upgrade},
    {"init", "write a scenario file to begin with, every key explained",
     "respine init my-scenario.yaml --like human-iv-single", add_init},
    {"bench", "the benchmark of structural plasticity, verified before it is timed",
     "respine bench --class S --json result.json", add_bench},
    {"doctor", "look whether runs can work here; for bug reports", "respine doctor", add_doctor},
    {"completion", "completion of commands, options and names for a shell",
     "source <(respine completion bash)", add_completion},
};

int usage_error(const CLI::App& app, const CLI::ParseError& e, int argc, char** argv) {
    std::cerr << "respine: error: " << printable(e.what()) << "\n";
    std::vector<std::string> commands, options;
    for (const Command& c : kCommands) commands.emplace_back(c.name);
    const CLI::App* used = &app;
    for (const CLI::App* sub : app.get_subcommands()) used = sub;
    for (const CLI::Option* option : used->get_options())
        for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.starts_with("--")) {
            const std::string name = word.substr(0, word.find('='));
            if (std::find(options.begin(), options.end(), name) == options.end())
                if (const std::string near = nearest_name(name, options); !near.empty())
                    std::cerr << "did you mean '" << near << "'?\n";
        } else if (i == 1 && std::find(commands.begin(), commands.end(), word) == commands.end()) {
            if (const std::string near = nearest_name(word, commands); !near.empty())
                std::cerr << "did you mean '" << near << "'?\n";
        }
    }
    std::cerr << "see: respine" << (used == &app ? "" : " " + used->get_name()) << " --help\n";
    return static_cast<int>(Exit::kUsage);
}

int run_program(int argc, char** argv) {
    for (int i = 0; i < argc; ++i) command_line += (i ? " " : "") + std::string(argv[i]);
    CLI::App app{
        "respine: how ketamine regrows synapses, simulated.\nA research and teaching tool about mechanisms; "
        "never medical advice.",
        "respine"};
    app.require_subcommand(0, 1);
    std::string footer = "examples:\n";
    for (const Command& c : kCommands) footer += std::string("  ") + c.example + "\n";
    app.footer(footer +
               "exit codes: 0 ok, 1 comparison missed, 2 usage or scenario, 3 input file, 4 numerical, 5 "
               "output or disk, 70 internal, 75 stopped with a checkpoint, 130 interrupted");
    bool version = false, verbose = false;
    app.add_flag("--version", version, "print the version");
    app.add_flag("--verbose", verbose,
                 "with --version: compiler, flags and libraries, and digests of the program and its configs");
    int exit_code = 0;
    for (const Command& c : kCommands) {
        CLI::App* sub = app.add_subcommand(c.name, c.summary);
        sub->footer(std::string("example:\n  ") + c.example);
        c.add(*sub, exit_code);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& e) {  // --help
        return app.exit(e);
    } catch (const CLI::ParseError& e) {
        return usage_error(app, e, argc, argv);
    }
    if (version) {
        std::cout << (verbose ? build_text() : "respine " + version_text() + "\n");
        if (verbose) {  // two people with the same lines have the same program and the same numbers
            std::cout << "program sha256 " << sha256_of_file(own_file()) << "\n";
            std::cout << "configs sha256 " << sha256_of_folder(config_folder()) << "\n";
        }
    } else if (app.get_subcommands().empty()) {
        std::cout << app.help();
    }
    return exit_code;
}

// Why nothing more can be written to standard output, where the write that failed first has not said so; 0
// when the system does not tell.
int reason_now() {
    if (::write(STDOUT_FILENO, "", 0) < 0) return errno;
    pollfd output{STDOUT_FILENO, 0, 0};
    return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0 ? EPIPE : 0;
}

int tell_unwritten(int reason) {
    if (reason == 0) reason = reason_now();
    std::cerr << "respine: error: standard output: "
              << (reason == EBADF ? "it is closed"
                  : reason != 0   ? std::strerror(reason)
                                  : "not all was written")
              << "\n";
    return static_cast<int>(Exit::kIo);
}

}  // namespace

int run_command(int argc, char** argv) {
    int code = 0;
    try {
        code = run_program(argc, argv);
    } catch (const std::exception& caught) {
        const auto* const of_system = dynamic_cast<const std::system_error*>(&caught);
        if (of_system && std::ferror(stdout) != 0) return tell_unwritten(of_system->code().value());
        const Error e = current_error();
        if (*e.what() != '\0') std::cerr << e.what() << "\n";  // of several ranks, one tells
        code = static_cast<int>(e.code());
    }
    errno = 0;
    const bool written = std::cout.flush() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    return written ? code : tell_unwritten(errno);
}

}  // namespace respine
