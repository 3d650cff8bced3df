// The subcommands: one file each, one row each in the table of program.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace respine {

// Each adds its options to `app` and returns nothing; its callback throws Error or sets `exit_code`.
void add_run(CLI::App& app, int& exit_code);
void add_rerun(CLI::App& app, int& exit_code);
void add_compare(CLI::App& app, int& exit_code);
void add_check(CLI::App& app, int& exit_code);
void add_inspect(CLI::App& app, int& exit_code);
void add_list(CLI::App& app, int& exit_code);
void add_validate(CLI::App& app, int& exit_code);
void add_sensitivity(CLI::App& app, int& exit_code);
void add_hypotheses(CLI::App& app, int& exit_code);
void add_infer(CLI::App& app, int& exit_code);
void add_calibrate(CLI::App& app, int& exit_code);
void add_study(CLI::App& app, int& exit_code);
void add_view(CLI::App& app, int& exit_code);
void add_lab(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);
void add_init(CLI::App& app, int& exit_code);
void add_bench(CLI::App& app, int& exit_code);
void add_upgrade(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
void add_completion(CLI::App& app, int& exit_code);

// --ensemble FILE and --members N, which several commands take.
void add_ensemble(CLI::App& app, std::string& file, int& members, const std::string& what);

// The same of compare and view, which run the scenarios of run files again under its members.
void add_bands(CLI::App& app, struct BandOptions& options);

// Runs the command; the exit code. What it printed and what did not arrive is told here, once for all
// commands.
int run_command(int argc, char** argv);

// The whole command line, for the run file; set by run_command.
extern std::string command_line;

}  // namespace respine
