// respine init: a scenario file to begin with, every key explained.

#include <filesystem>

#include "sim/cli/commands.hpp"
#include "sim/io/yaml/scenario_yaml.hpp"
#include "sim/io/yaml/yaml_template.hpp"
#include "sim/model/error.hpp"
#include "sim/system/library.hpp"
#include "sim/system/new_file.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

struct InitOptions {
    std::string file = "scenario.yaml", like = "mouse-ketamine-10mgkg";
    bool force = false;
};

// Paths in a scenario are meant from its own folder.
void move_paths(YAML::Node root, const fs::path& from, const fs::path& to) {
    const auto move = [&](YAML::Node at) {
        if (!at || !at.IsScalar()) return;
        const std::string path = at.Scalar();
        if (fs::path(path).is_relative() && path.find('.') != std::string::npos)
            at = fs::relative(fs::absolute(from / path), fs::absolute(to / ".")).string();
    };
    move(root["model"]);
    for (const char* key : {"file", "nodes", "node_types"}) move(root["network"][key]);
    for (const auto& treatment : root["treatments"]) move(treatment["drug"]);
}

std::string template_text(const InitOptions& o) {
    const std::string name = fs::path(o.file).stem().string(), like = find_config("scenarios", o.like, ""),
                      file = shell_word(o.file);
    YAML::Node root = load_yaml(like).root;
    root["name"] = name;
    move_paths(root, fs::path(like).parent_path(), fs::path(o.file).parent_path());
    return fmt::format(
               "# yaml-language-server: $schema={}/schemas/scenario.json\n"
               "# A scenario of respine, begun like {}. What stands behind # may be added or left out.\n"
               "# Check it: respine check {}     What it would cost: respine run {} --dry-run     Run it: "
               "respine run {}\n\n",
               config_folder(), o.like, file, file, file) +
           commented_yaml(root, scenario_table());
}

}  // namespace

void add_init(CLI::App& app, int&) {
    const auto o = std::make_shared<InitOptions>();
    app.add_option("file", o->file, "file to write; its name becomes the scenario's")->capture_default_str();
    app.add_option("--like", o->like, "scenario to begin with (see: respine list scenarios)")
        ->capture_default_str();
    app.add_flag("--force", o->force, "replace an existing file");
    app.callback([o] {
        if (o->file.find('\n') != std::string::npos)
            fail(Exit::kUsage, "{}: error: a name stands on one line", o->file);
        if (!o->file.ends_with(".yaml") && !o->file.ends_with(".yml"))
            fail(Exit::kUsage, "{}: error: a scenario file ends in .yaml", o->file);
        const std::string text = template_text(*o);
        load_scenario(o->like, {});  // no template with mistakes
        need_free({o->file}, find_config("scenarios", o->like, ""), o->force);
        write_new_text(o->file, text);
        fmt::print("{}\n", o->file);
    });
}

}  // namespace respine
