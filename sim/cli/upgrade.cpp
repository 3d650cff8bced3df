// respine upgrade: what a file is, whether this program reads it as it is, and its present form where it has
// an older one. The file itself stays as it is. docs/formats-policy.md has the rules.

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/bench/result.hpp"
#include "analysis/export/export.hpp"
#include "analysis/export/upgraded.hpp"
#include "analysis/study/outcomes.hpp"
#include "analysis/study/study_table.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/run/checkpoint.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/io/run/seal.hpp"
#include "sim/jobs/ensemble.hpp"
#include "sim/model/error.hpp"
#include "sim/model/format_version.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

struct Format {
    std::string_view name;
    int version;
    const char* what;
};

constexpr Format kFormats[] = {
    {"respine-run", kFormatVersion, "run file"},
    {"respine-cohort", kFormatVersion, "run file of a cohort"},
    {kCheckpointFormat, kCheckpointVersion, "checkpoint of a stopped run, .ckpt"},
    {kStudyFormat, kStudyVersion, "results.h5 of a study"},
    {kAnalysisFormat, kAnalysisVersion, "analysis.json of a study"},
    {kJournalFormat, kJournalVersion, "journal of a study, .jsonl"},
    {kKeptFormat, kKeptVersion, "kept history of a point of a study"},
    {kEnsembleFormat, kEnsembleVersion, "posterior.h5 of an inference"},
    {kBenchFormat, kBenchVersion, "result of a benchmark, JSON"},
    {kTablesFormat, kTablesVersion, "PREFIX.json of exported CSV tables"},
};

struct UpgradeOptions {
    std::vector<std::string> files;
    std::string output;
    bool force = false, dry_run = false;

    // Where the present form goes: beside the file, unless it was told.
    std::string output_for(const fs::path& file, const char* ending) const {
        return output.empty() ? fs::path(file).replace_extension(ending).string() : output;
    }
};

// What a file says of itself.
struct Said {
    std::string format;
    double version = 0.0;
    std::string release{};  // of the program that wrote it; "" where it does not say
    size_t unnamed = 0;     // records of a journal that are of version 0
};

// "respine 0.1.0 REVISION" is how results say it, and ensembles "0.1.0".
std::string release_in(const std::string& program) {
    std::istringstream words(program);
    std::string release;
    words >> release;
    if (release == "respine") words >> release;
    return release;
}

Said said_by(const H5File& file) {
    const auto say = [&](const char* at, std::string format, double absent) {
        const std::string version = file.text_attribute("/meta", "version");
        return Said{std::move(format), file.number_attribute(at, "format_version", absent),
                    version.empty() ? release_in(file.text_attribute("/meta", "program")) : version};
    };
    if (const std::string format = file.text_attribute("/", "format"); !format.empty())
        return say("/", format, 0.0);
    if (file.text_attribute("/", "kind") == kEnsembleFormat)
        return {kEnsembleFormat, file.number_attribute("/", "format_version", 0.0),
                release_in(file.text_attribute("/", "program"))};
    return say("/meta", file.exists("/meta") ? file.text_attribute("/meta", "format") : "", 1.0);
}

Said said_by_json(const nlohmann::json& json) {
    const auto text = [](const nlohmann::json& in, const char* key) {
        return in.contains(key) && in[key].is_string() ? in[key].get<std::string>() : "";
    };
    Said said{text(json, "format"), 0.0, ""};
    if (const auto version = json.find("format_version"); version != json.end() && version->is_number())
        said.version = *version;
    if (const auto program = json.find("program"); program != json.end() && program->is_object())
        said.release = text(*program, "version");
    return said;
}

// A journal is of the latest version that one of its lines has: what is later in it is not read.
Said said_by_journal(const std::string& path, const std::string& text) {
    Said said{kJournalFormat, 0.0, ""};
    std::istringstream lines(text.substr(0, text.rfind('\n') + 1));
    for (std::string line; std::getline(lines, line);) {
        const nlohmann::json record = nlohmann::json::parse(line, nullptr, false);
        const bool is_record = record.is_object() && record.contains("values");
        const bool has_version = is_record && record.contains("format_version");
        if (!is_record || (has_version && !record["format_version"].is_number())) {
            read_journal(path);  // which names each line that is none
            continue;
        }
        const bool named = record["values"].is_object();
        said.unnamed += named ? 0 : 1;
        said.version = std::max(said.version,
                                has_version ? record["format_version"].get<double>() : (named ? 1.0 : 0.0));
    }
    return said;
}

Said said_by(const std::string& path) {
    std::string start(8, '\0');
    start.resize(InputFile(path).read(start.data(), start.size()));
    if (const int version = sealed_version(path); version > 0) {
        if (version == kCheckpointVersion) check_seal(path);
        return {kCheckpointFormat, static_cast<double>(version),
                version > kCheckpointVersion ? "" : H5File::open(path).text_attribute("/meta", "version")};
    }
    if (start == "\x89HDF\r\n\x1a\n") return said_by(H5File::open(path));
    if (!start.starts_with('{')) return {};
    const std::string text = read_bytes(path);
    if (const auto json = nlohmann::json::parse(text, nullptr, false); json.is_object())
        if (Said said = said_by_json(json); !said.format.empty()) return said;
    const auto first = nlohmann::json::parse(text.substr(0, text.find('\n')), nullptr, false);
    return first.is_object() && first.contains("id") && first.contains("point") ? said_by_journal(path, text)
                                                                                : Said{};
}

// The scenario that it holds, to begin its run again: states of another version of the program are not those
// of this one.
std::string begin_again(const std::string& path, const std::string& release, const UpgradeOptions& o) {
    const H5File file = H5File::open(path);
    const std::string scenario = file.text_attribute("/meta", "scenario");
    if (scenario.empty()) fail(Exit::kInput, "{}: error: holds no scenario (damaged?)", path);
    const std::string output = o.output_for(resume_paths(path).output, ".upgraded.yaml");
    std::string told = fmt::format(
        "is not resumed by this program, whose states are others; {} {} its scenario, with every parameter: "
        "respine run {}",
        output, o.dry_run ? "would hold" : "holds", output);
    try {
        scenario_in(file);
    } catch (const Error& e) {
        told += fmt::format("\nwhich wants changes first:\n{}", e.what());
    }
    if (o.dry_run) return told;
    need_free({output}, path, o.force);
    std::string begun = fmt::format("of {}, begun by respine {} with {}", path, release,
                                    file.text_attribute("/meta", "scenario_file"));
    std::replace_if(
        begun.begin(), begun.end(), [](char c) { return c >= 0 && c < ' '; }, '?');  // one line
    write_new_text(output, fmt::format("# {}\n{}\n", begun, scenario));
    return told;
}

std::string describe_anew(const std::string& path, const UpgradeOptions& o) {
    const std::string output = o.output_for(path, ".upgraded.h5");
    const std::string why = "is read as it is, but its series do not say how they are shown, as those of now";
    if (o.dry_run) return fmt::format("{}: {} would", why, output);
    need_free({output}, path, o.force);
    std::string unknown;
    for (const std::string& name : write_described(path, output)) unknown += " " + name;
    return fmt::format(
        "{}: {} does{}{}", why, output,
        unknown.empty() ? "" : "; series that this program does not know stay as they are:", unknown);
}

// What can be done with a file of a version up to the present one.
std::string done_with(const std::string& path, const Said& said, const UpgradeOptions& o) {
    if (said.format == kCheckpointFormat)
        return said.version == kCheckpointVersion && said.release == version_text()
                   ? fmt::format("is read as it is: respine run --resume {}", path)
                   : begin_again(path, said.release, o);
    if (said.unnamed > 0)
        return fmt::format(
            "is read as it is; {} of its records are of version 0, whose values have no names: no outcome of "
            "now can be told from them, and the study runs their points again",
            said.unnamed);
    if (said.format == "respine-run") {
        const H5File file = H5File::open(path);
        if (file.number_attribute("/meta", "complete", 0.0) == 1.0 && lacks_description(file))
            return describe_anew(path, o);
    }
    return o.output.empty() ? "is read as it is"
                            : fmt::format("is read as it is, so {} is not written", o.output);
}

void upgrade(const std::string& path, const UpgradeOptions& o) {
    const Said said = said_by(path);
    const auto known = std::find_if(std::begin(kFormats), std::end(kFormats),
                                    [&](const Format& f) { return f.name == said.format; });
    if (known == std::end(kFormats))
        fail(Exit::kInput,
             "{}: error: is of no format with a version of respine's own{}; pages of respine view carry what "
             "reads them, and networks of other programs go through network: {{kind: file}}",
             path, said.format.empty() ? "" : " ('" + said.format + "')");
    if (said.version > known->version)
        need_version(path, said.format, said.version, known->version, said.release);
    if (said.version == 0.0 && said.unnamed == 0)
        fail(Exit::kInput, "{}: error: a {} file without a format_version: damaged?", path, said.format);
    if (said.version < known->version && said.format != kCheckpointFormat && said.unnamed == 0)
        fail(Exit::kInput,
             "{}: error: {} version {:g}: this program reads version {} and has no conversion to it; the "
             "release that wrote it{} reads it",
             path, said.format, said.version, known->version,
             said.release.empty() ? "" : ", " + said.release + ",");
    fmt::print("{}\n", printable(fmt::format("{}: {} version {:g}{}: {}", path, said.format, said.version,
                                             said.release.empty() ? "" : " by respine " + said.release,
                                             done_with(path, said, o))));
}

void print_formats() {
    fmt::print("{:<24} {:>7}  {}\n", "format", "version", "what it is");
    for (const Format& f : kFormats) fmt::print("{:<24} {:>7}  {}\n", f.name, f.version, f.what);
}

}  // namespace

void add_upgrade(CLI::App& app, int& exit_code) {
    const auto o = std::make_shared<UpgradeOptions>();
    auto* files = app.add_option("files", o->files, "files of any release; none: the versions that are read");
    app.add_option("-o,--output", o->output,
                   "the present form of one file; NAME.upgraded.h5 or .yaml beside it when not given")
        ->needs(files);
    app.add_flag("--force", o->force, "replace an existing output");
    app.add_flag("--dry-run", o->dry_run, "say what would be done, and write nothing");
    app.callback([o, &exit_code] {
        if (o->files.empty()) return print_formats();
        if (!o->output.empty() && o->files.size() > 1)
            fail(Exit::kUsage, "-o names one file, and {} are given", o->files.size());
        for (const std::string& file : o->files) {
            try {
                upgrade(file, *o);
            } catch (const Error& e) {  // the others are looked at all the same
                std::cerr << e.what() << "\n";
                if (exit_code != static_cast<int>(Exit::kInput)) exit_code = static_cast<int>(e.code());
            }
        }
    });
}

}  // namespace respine
