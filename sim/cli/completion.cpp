// respine completion: what a shell needs to complete commands, options and names, made from the commands
// themselves.

#include <iostream>

#include "sim/cli/commands.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

struct Word {
    std::string path;  // "study run"; "" for the program
    const CLI::App* app;
};

void collect(const CLI::App& app, const std::string& path, std::vector<Word>& words) {
    words.push_back({path, &app});
    for (const CLI::App* sub : app.get_subcommands(nullptr))
        collect(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), words);
}

// What a command's own words may be, as `respine list` names it; "" for files only.
std::string kind_of(const std::string& path) {
    if (path == "run" || path == "check" || path == "init") return "scenarios";
    if (path == "calibrate") return "calibrations";
    if (path == "infer") return "inferences";
    return path.starts_with("study ") ? "studies" : "";
}

bool takes_value(const CLI::Option& option) { return !option.get_type_name().empty(); }  // flags have none

// For words in quotes of all three shells.
std::string plain(std::string text) {
    std::erase_if(text,
                  [](char c) { return std::string_view("'\"`\\[]:$").find(c) != std::string_view::npos; });
    for (char& c : text)
        if (c == '\n') c = ' ';
    return text;
}

template <class Each>
void for_options(const CLI::App& app, const Each& each) {
    for (const CLI::Option* option : app.get_options())
        if (!option->get_lnames().empty())
            each(*option, option->get_lnames().front(),
                 option->get_snames().empty() ? std::string() : option->get_snames().front());
}

// What may follow a command, and which of its options take a value.
std::string bash_case(const std::string& path, const CLI::App& app) {
    std::string list, valued;
    for (const CLI::App* sub : app.get_subcommands(nullptr)) list += sub->get_name() + " ";
    for_options(app, [&](const CLI::Option& option, const std::string& name, const std::string& letter) {
        list += "--" + name + " ";
        if (takes_value(option)) valued += "--" + name + " " + (letter.empty() ? "" : "-" + letter + " ");
    });
    return fmt::format("        \"{}\") words=\"{}\"; valued=\" {}\"; kind=\"{}\" ;;\n", path, list, valued,
                       kind_of(path));
}

std::string bash(const std::vector<Word>& words) {
    std::string known, cases;
    for (const auto& [path, app] : words) {
        if (!path.empty()) known += fmt::format("            \"{}\") path=\"{}\" ;;\n", path, path);
        cases += bash_case(path, *app);
    }
    return "# bash completion of respine: source it, or put it into "
           "share/bash-completion/completions/respine\n"
           "_respine() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path=\"\" "
           "words=\"\" valued=\"\" kind=\"\" word\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        case \"${path:+$path }$word\" in\n" +
           known +
           "        esac\n"
           "    done\n"
           "    case $path in\n" +
           cases +
           "    esac\n"
           "    COMPREPLY=()\n"
           "    if [[ $current == -* || -z $path || $path == study ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
           "    elif [[ $path == list ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$(respine list --names 2>/dev/null)\" -- "
           "\"$current\")\n"
           "    elif [[ $path == completion ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"bash zsh fish\" -- \"$current\")\n"
           "    elif [[ -n $kind && ($valued != *\" $before \"* || $before == --like) ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$(respine list \"$kind\" --names 2>/dev/null)\" -- "
           "\"$current\")\n"
           "    fi\n"
           "}\n"
           "complete -o default -F _respine respine\n";
}

std::string zsh_subcommands(const CLI::App& app) {
    std::string subs;
    for (const CLI::App* sub : app.get_subcommands(nullptr))
        subs += fmt::format(" '{}:{}'", sub->get_name(), plain(sub->get_description()));
    return subs;
}

// Options of a command, then what its own words may be.
std::string zsh_arguments(const std::string& path, const CLI::App& app) {
    std::string specs;
    for_options(app, [&](const CLI::Option& option, const std::string& name, const std::string&) {
        specs += fmt::format(" '--{}[{}]{}'", name, plain(option.get_description()),
                             takes_value(option) ? ":value:_files" : "");
    });
    const std::string kind = kind_of(path);
    if (!app.get_subcommands(nullptr).empty()) return specs + " '1:command:->sub' '*::word:->rest'";
    if (path == "list") return specs + " '1:what:(${(f)\"$(respine list --names 2>/dev/null)\"})'";
    if (kind.empty()) return specs + " '*:file:_files'";
    return specs +
           fmt::format(
               " '*:name:{{ compadd -- ${{(f)\"$(respine list {} --names 2>/dev/null)\"}}; _files }}'", kind);
}

std::string zsh(const std::vector<Word>& words) {
    std::string cases;
    for (const auto& [path, app] : words) {
        cases += fmt::format("        '{}')\n            _arguments -C{}\n", path, zsh_arguments(path, *app));
        if (const std::string subs = zsh_subcommands(*app); !subs.empty())
            cases += fmt::format(
                "            case $state in\n                sub) local -a commands=({}); _describe command "
                "commands ;;\n"
                "                rest) _respine_at \"${{1:+$1 }}$words[1]\" ;;\n            esac\n",
                subs);
        cases += "            ;;\n";
    }
    return "#compdef respine\n"
           "# zsh completion of respine: put it into a folder of $fpath as _respine\n"
           "_respine_at() {\n"
           "    local state line\n"
           "    case $1 in\n" +
           cases +
           "        *) _files ;;\n"
           "    esac\n"
           "}\n"
           "_respine() { _respine_at '' }\n"
           "if [[ $funcstack[1] == _respine ]]; then _respine; else compdef _respine respine; fi  # "
           "autoloaded, or sourced\n";
}

std::string fish(const std::vector<Word>& words) {
    std::string text =
        "# fish completion of respine: put it into share/fish/vendor_completions.d/respine.fish\n";
    for (const auto& [path, app] : words) {
        const std::string sub = path.substr(path.rfind(' ') + 1),
                          parent = path.find(' ') == std::string::npos ? "" : path.substr(0, path.find(' '));
        const std::string here =
            path.empty()
                ? "__fish_use_subcommand"
                : "__fish_seen_subcommand_from " + sub +
                      (parent.empty() ? sub == "study" ? "" : "; and not __fish_seen_subcommand_from study"
                                      : "; and __fish_seen_subcommand_from " + parent);
        for (const CLI::App* next : app->get_subcommands(nullptr))
            text += fmt::format("complete -c respine -f -n '{}' -a {} -d '{}'\n", here, next->get_name(),
                                plain(next->get_description()));
        for_options(*app, [&](const CLI::Option& option, const std::string& name, const std::string& letter) {
            text += fmt::format("complete -c respine -n '{}' -l {}{}{} -d '{}'\n", here, name,
                                letter.empty() ? "" : " -s " + letter, takes_value(option) ? " -r" : "",
                                plain(option.get_description()));
        });
        const std::string kind = path == "list" ? "" : kind_of(path);
        if (path == "list" || !kind.empty())
            text += fmt::format("complete -c respine{} -n '{}' -a '(respine list {} --names 2>/dev/null)'\n",
                                path == "list" ? " -f" : "", here, kind);
        if (path == "completion")
            text += fmt::format("complete -c respine -f -n '{}' -a 'bash zsh fish'\n", here);
    }
    return text;
}

}  // namespace

void add_completion(CLI::App& app, int&) {
    const auto shell = std::make_shared<std::string>();
    app.add_option("shell", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    app.callback([&app, shell] {
        std::vector<Word> words;
        collect(*app.get_parent(), "", words);
        std::cout << (*shell == "bash" ? bash(words) : *shell == "zsh" ? zsh(words) : fish(words));
    });
}

}  // namespace respine
