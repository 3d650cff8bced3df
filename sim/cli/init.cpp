// respine init: a scenario file to begin with, every key explained.

#include <filesystem>
#include <fstream>

#include "sim/cli/commands.hpp"
#include "sim/error.hpp"
#include "sim/io/files.hpp"
#include "sim/io/library.hpp"
#include "sim/io/scenario_yaml.hpp"
#include "sim/io/yaml_template.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

struct InitOptions {
    std::string file = "scenario.yaml", like = "mouse-ketamine-10mgkg";
    bool force = false;
};

std::string template_text(const InitOptions& o) {
    const std::string name = fs::path(o.file).stem().string();
    YAML::Node root = load_yaml(find_config("scenarios", o.like, "")).root;
    root["name"] = name;
    return fmt::format("# yaml-language-server: $schema={}/schemas/scenario.json\n"
                       "# A scenario of respine, begun like {}. What stands behind # may be added or left out.\n"
                       "# Check it: respine check {}     What it would cost: respine run {} --dry-run     Run it: respine run {}\n\n",
                       config_folder(), o.like, o.file, o.file, o.file) +
           commented_yaml(root, scenario_table());
}

}  // namespace

void add_init(CLI::App& app, int&) {
    const auto o = std::make_shared<InitOptions>();
    app.add_option("file", o->file, "file to write; its name becomes the scenario's")->capture_default_str();
    app.add_option("--like", o->like, "scenario to begin with (see: respine list scenarios)")->capture_default_str();
    app.add_flag("--force", o->force, "replace an existing file");
    app.callback([o] {
        if (!o->file.ends_with(".yaml") && !o->file.ends_with(".yml")) fail(Exit::kUsage, "{}: error: a scenario file ends in .yaml", o->file);
        const std::string text = template_text(*o);
        load_scenario(o->like, {});  // no template with mistakes
        if (!o->force && fs::exists(o->file)) fail(Exit::kIo, "{}: error: exists already; give --force to replace it, or another name", o->file);
        write_text(o->file, text);
        fmt::print("{}\n", o->file);
    });
}

}  // namespace respine
