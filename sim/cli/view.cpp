// respine view and respine lab: one HTML page that shows runs, with the runs inside it, or that simulates by
// itself. No server, no network.

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "analysis/export/bands.hpp"
#include "analysis/export/extract.hpp"
#include "analysis/read/run_file.hpp"
#include "sim/cli/commands.hpp"
#include "sim/io/run/output.hpp"
#include "sim/model/error.hpp"
#include "sim/system/files.hpp"
#include "sim/system/gzip.hpp"
#include "sim/system/library.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kSmallRun = 8'000'000;     // bytes; embedded as it is
constexpr u64 kSynapses = 60'000;                   // of a snapshot of a larger one
constexpr std::uintmax_t kLargePage = 100'000'000;  // bytes; browsers take long to open such a page
const std::string kPlaceOfRuns = "<!--respine:runs-->";

struct ViewOptions {
    std::vector<std::string> runs;
    std::string output;
    BandOptions bands;
    bool open = false, show = false, force = false, whole = false;
};

std::string base64(const std::string& bytes) {
    constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t k = 0; k < bytes.size(); k += 3) {
        const size_t left = bytes.size() - k;
        u32 group = 0;
        for (size_t b = 0; b < 3; ++b)
            group = (group << 8) | (b < left ? static_cast<unsigned char>(bytes[k + b]) : 0U);
        for (size_t d = 0; d < 4; ++d) text += d <= left ? kDigits[(group >> (18 - 6 * d)) & 63U] : '=';
    }
    return text;
}

// For an attribute in double quotes.
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

// The bytes that stand for a file in the page: a cohort or a small run as it is, else the extract of the run,
// made beside the page.
std::string embedded_bytes(const std::string& path, const ViewOptions& o) {
    const H5File file = H5File::open(path);
    require_result_format(file);
    if (file.text_attribute("/", "format") == "respine-cohort") return read_bytes(path);
    if (file.read<double>("/history/time").empty())
        fail(Exit::kInput, "{}: error: the history is empty", path);
    const auto size = fs::file_size(path);
    if (o.whole || size <= kSmallRun) return read_bytes(path);
    const Scratch extract(o.output + ".extract.part");
    write_extract(file, extract.path(), kSynapses);
    std::string bytes = read_bytes(extract.path());
    std::cerr << fmt::format(
        "{}: {:.0f} MB become {:.1f} MB: the page holds every neuron, and the synapses onto some of them "
        "(--whole embeds all)\n",
        path, static_cast<double>(size) / kMegabyte, static_cast<double>(bytes.size()) / kMegabyte);
    return bytes;
}

std::string page_with(const ViewOptions& o) {
    const std::string viewer = shipped("viewer.html");
    std::string page = read_bytes(viewer);
    const size_t place = page.rfind(kPlaceOfRuns);
    if (place == std::string::npos) fail(Exit::kInternal, "{}: has no place for runs", viewer);
    std::string blocks;
    for (const std::string& path :
         o.bands.ensemble.empty() ? o.runs : write_all_bands(o.runs, o.bands.member_files(o.runs)))
        blocks += fmt::format(
            "<script type=\"application/gzip\" class=\"run\" data-name=\"{}\">{}</script>\n",
            escaped(fs::path(path).filename().string()), base64(gzipped(embedded_bytes(path, o))));
    return page.replace(place, kPlaceOfRuns.size(), blocks);
}

void open_in_browser(const std::string& path) {
    const pid_t child = fork();
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execlp("xdg-open", "xdg-open", path.c_str(), nullptr);
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail(Exit::kIo, "no browser could be started (xdg-open); the page stands: open {} yourself", path);
}

// In a folder of its own among the temporary files, which nobody else may read. It stays: the browser reads
// it when the program has ended.
std::string temporary(const std::string& page) {
    const char* set = std::getenv("TMPDIR");
    std::string folder = (fs::path(set && *set ? set : "/tmp") / "respine-XXXXXX").string();
    if (!mkdtemp(folder.data()))
        fail(Exit::kIo, "{}: error: no folder can be made: {}; set TMPDIR to one that you may write", folder,
             std::strerror(errno));
    return (fs::path(folder) / fs::path(page).filename()).string();
}

void view(ViewOptions& o) {
    if (o.output.empty())
        o.output = o.runs.empty() ? "respine-lab.html"
                                  : fs::path(o.runs.front()).replace_extension(".html").string();
    if (o.show) o.output = temporary(o.output);
    if (fs::is_directory(o.output)) fail(Exit::kIo, "{}: error: is a folder", o.output);
    std::error_code absent;
    for (const std::string& run : o.runs)
        if (fs::equivalent(run, o.output, absent))
            fail(Exit::kUsage, "-o {}: the page would replace a run that it is made from", o.output);
    if (fs::exists(o.output) && !o.force)
        fail(Exit::kIo, "{}: error: exists already; give another -o, or --force to replace it", o.output);
    need_folder_of(o.output);
    const std::string page = page_with(o);
    write_text(part_of(o.output), page);
    give_name(o.output, true);
    if (page.size() > kLargePage)
        std::cerr << fmt::format(
            "{}: warning: {:.0f} MB is much for a browser. Leave out --whole, or make an empty viewer "
            "(respine view) and drop the run files on it\n",
            o.output, static_cast<double>(page.size()) / kMegabyte);
    std::cout << fmt::format("{}: {}, {:.1f} MB; open it in any browser\n", o.output,
                             o.runs.empty()
                                 ? "the page that simulates by itself; run files can be dropped on it"
                                 : fmt::format("{} run{}", o.runs.size(), o.runs.size() == 1 ? "" : "s"),
                             static_cast<double>(page.size()) / kMegabyte);
    if (o.open || o.show) open_in_browser(o.output);
}

}  // namespace

void add_view(CLI::App& app, int&) {
    const auto o = std::make_shared<ViewOptions>();
    app.add_option("runs", o->runs, "run files; without one, the page is that of respine lab");
    CLI::Option* output = app.add_option("-o,--output", o->output,
                                         "the page; the name of the first run with .html when not given");
    app.add_flag("--open", o->open, "open it in the browser");
    app.add_flag("--show", o->show, "open it in the browser, from a temporary file")->excludes(output);
    app.add_flag("--force", o->force, "replace an existing page");
    add_bands(app, o->bands);
    app.add_flag("--whole", o->whole, "embed large run files as they are, with every synapse");
    app.callback([o] { view(*o); });
}

void add_lab(CLI::App& app, int&) {
    const auto o = std::make_shared<ViewOptions>();
    app.add_option("-o,--output", o->output, "the page; respine-lab.html when not given");
    app.add_flag("--open", o->open, "open it in the browser");
    app.add_flag("--force", o->force, "replace an existing page");
    app.callback([o] { view(*o); });
}

}  // namespace respine
