#include "analysis/read/run_file.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "sim/history.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/model/error.hpp"
#include "sim/model/format_version.hpp"

namespace respine {

void require_run_format(const H5File& file, const std::string& wanted) {
    const std::string format = file.text_attribute("/", "format");
    if (format != wanted)
        fail(Exit::kInput, "{}: error: this is no {} file (format '{}')", file.path(), wanted, format);
    need_version(file.path(), format, file.number_attribute("/", "format_version", 0.0), kFormatVersion,
                 file.text_attribute("/meta", "version"));
}

void require_result_format(const H5File& file) {
    require_run_format(
        file, file.text_attribute("/", "format") == "respine-cohort" ? "respine-cohort" : "respine-run");
}

// Times of a run [h]; none lasts 100,000 years.
static std::vector<double> times_at(const H5File& file, const char* place) {
    const auto times = file.read<double>(place);
    for (const double t : times)
        if (!(std::fabs(t) < 1e9))
            fail(Exit::kInput, "{}: error: {} holds {}, which is no time of a run", file.path(), place, t);
    return times;
}

RunFile::RunFile(const std::string& path) : file_(H5File::open(path)) {
    require_run_format(file_, "respine-run");
    name_ = file_.text_attribute("/meta", "name");
    seed_ = file_.text_attribute("/meta", "seed");
    member_ = line_behind("member: ");
    time_ = times_at(file_, "/history/time");
    if (time_.empty()) fail(Exit::kInput, "{}: error: the history is empty", path);
    read_doses();
    if (!file_.exists("/imaging/density")) return;
    sessions_ = times_at(file_, "/imaging/session");
    for (size_t k = 0; k < sessions_.size(); ++k) {
        double total = 0.0;
        for (float n : file_.read_row<float>("/imaging/density", k)) total += n;
        seen_.push_back(total);
    }
}

void RunFile::read_doses() {
    if (!file_.exists("/events/time")) return;
    const auto time = times_at(file_, "/events/time");
    const auto route = file_.read_strings("/events/route");
    if (route.size() != time.size())
        fail(Exit::kInput, "{}: error: /events has {} times and {} routes", path(), time.size(),
             route.size());
    const std::string_view tool = word_of(Route::kWindow);
    has_drug_dose_ = std::any_of(route.begin(), route.end(), [&](const std::string& r) { return r != tool; });
    for (size_t k = 0; k < time.size(); ++k)
        if (!has_drug_dose_ || route[k] != tool) doses_.push_back(time[k]);
    std::sort(doses_.begin(), doses_.end());
    doses_.erase(std::unique(doses_.begin(), doses_.end()), doses_.end());
}

std::string RunFile::line_behind(const std::string& key) const {
    std::istringstream scenario(file_.text_attribute("/meta", "scenario"));
    for (std::string line; std::getline(scenario, line);)
        if (line.starts_with(key)) return line.substr(key.size());
    return "";
}

const std::vector<std::string>& RunFile::settings() const {
    if (!settings_.empty()) return settings_;
    std::istringstream scenario(file_.text_attribute("/meta", "scenario"));
    bool of_member = false;  // inside the overrides of a member: they are what its runs differ in
    std::string last_key;    // an empty list stands on the line below
    for (std::string line; std::getline(scenario, line);) {
        if (!line.starts_with(' ')) of_member = !member_.empty() && line.starts_with("overrides:");
        if (of_member || line.starts_with("seed:") || line.starts_with("title:") ||
            line.starts_with("member:"))
            continue;
        const std::string words = line.substr(std::min(line.size(), line.find_first_not_of(" -")));
        settings_.push_back(words == "[]" ? "no " + last_key : words);
        last_key = words.substr(0, words.find(':'));
    }
    for (const auto& [name, bytes] : file_.attributes("/meta"))
        if (name.starts_with("drug_") || name.starts_with("network_"))
            settings_.push_back(name + ": " + bytes);
    return settings_;
}

const std::vector<double>& RunFile::series(const std::string& name) const {
    std::vector<double>& values = series_[name];
    if (values.empty()) {
        const auto raw = file_.read<float>("/history/" + name);
        if (raw.size() != time_.size())
            fail(Exit::kInput, "{}: error: /history/{} has {} rows, time has {}", path(), name, raw.size(),
                 time_.size());
        values.assign(raw.begin(), raw.end());
    }
    return values;
}

namespace {

// What the program of today says of a series, for a file from before series described themselves.
std::vector<Recorded> described_by_program(const std::vector<std::string>& drugs,
                                           const std::vector<std::string>& others = {}) {
    Cast cast;
    cast.groups = cast.regions = cast.plastic = others;
    cast.types = {CellType::kE, CellType::kPv, CellType::kSst, CellType::kVip};
    for (const std::string& drug : drugs) cast.drugs.push_back({drug, drug, 0});
    std::vector<Recorded> all;
    for (const Quantity& q : history_quantities(cast))
        all.push_back({q.name, q.unit, std::string(name_of(q.stage)), std::string(name_of(q.prominence))});
    return all;
}

}  // namespace

std::vector<std::string> series_names() {
    std::vector<std::string> names;
    for (const Recorded& r : described_by_program({""}, {""})) names.push_back(r.name);
    return names;
}

const std::vector<Recorded>& RunFile::recorded() const {
    if (!recorded_.empty()) return recorded_;
    std::istringstream order(file_.text_attribute("/history", "order"));
    for (std::string name; order >> name;) {
        const std::string path = "/history/" + name;
        recorded_.push_back({name, file_.text_attribute(path, "units"), file_.text_attribute(path, "stage"),
                             file_.text_attribute(path, "prominence")});
    }
    if (!recorded_.empty()) return recorded_;
    for (const Recorded& r : described_by_program(drugs()))
        if (has(r.name)) recorded_.push_back(r);
    return recorded_;
}

std::string RunFile::unit(const std::string& name) const {
    const auto& all = recorded();
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const Recorded& r) { return r.name == name; });
    return known == all.end() ? "" : known->unit;
}

std::vector<std::string> RunFile::drugs() const {
    std::vector<std::string> names;
    for (const std::string& name : file_.children("/history"))
        if (name.starts_with("plasma_")) names.push_back(name.substr(7));
    return names;
}

const std::vector<double>& RunFile::imaging_mean(const std::string& dataset) const {
    std::vector<double>& means = imaging_means_[dataset];
    if (!means.empty()) return means;
    for (size_t k = 0; k < sessions_.size(); ++k) {
        double sum = 0.0, n = 0.0;
        for (float v : file_.read_row<float>("/imaging/" + dataset, k))
            if (std::isfinite(v)) {
                sum += v;
                n += 1.0;
            }
        means.push_back(n > 0.0 ? sum / n : NAN);
    }
    return means;
}

std::set<std::pair<u32, u32>> RunFile::spines_seen(size_t session) const {
    if (sightings_.empty()) {
        const auto when = file_.read<u32>("/imaging/seen_session"),
                   dendrite = file_.read<u32>("/imaging/seen_dendrite"),
                   place = file_.read<u32>("/imaging/seen_place");
        if (dendrite.size() != when.size() || place.size() != when.size())
            fail(Exit::kInput, "{}: error: the lists of spines seen differ in length", path());
        sightings_.resize(sessions_.size());
        for (size_t k = 0; k < when.size(); ++k)
            if (when[k] < sightings_.size()) sightings_[when[k]].emplace(dendrite[k], place[k]);
    }
    if (session >= sightings_.size())
        fail(Exit::kInput, "{}: error: there is no imaging session {}", path(), session);
    return sightings_[session];
}

double RunFile::session_value(const std::string& dataset, size_t session) const {
    return file_.exists(dataset) ? value_of(dataset, session) : NAN;
}

std::set<std::pair<u32, u32>> RunFile::lost_places() const {
    std::set<std::pair<u32, u32>> places;
    if (!file_.exists("/network/lost_place")) return places;
    const auto dendrite = file_.read<u32>("/network/lost_dendrite"),
               place = file_.read<u32>("/network/lost_place");
    if (dendrite.size() != place.size())
        fail(Exit::kInput, "{}: error: the lists of lost places differ in length", path());
    for (size_t k = 0; k < place.size(); ++k) places.emplace(dendrite[k], place[k]);
    return places;
}

double RunFile::um_per_place() const { return file_.number_attribute("/imaging", "um_per_place", NAN); }

std::vector<double> RunFile::coordination_sessions() const {
    const char* const place = "/coordination/session";
    return file_.exists(place) ? times_at(file_, place) : std::vector<double>();
}

std::vector<double> RunFile::coordination(const std::string& dataset) const {
    const std::string at = "/coordination/" + dataset;
    if (!file_.exists(at)) return std::vector<double>(coordination_sessions().size(), NAN);
    const auto raw = file_.read<float>(at);
    if (raw.size() != coordination_sessions().size())
        fail(Exit::kInput, "{}: error: {} has {} values, and there are {} sessions", path(), at, raw.size(),
             coordination_sessions().size());
    return {raw.begin(), raw.end()};
}

std::vector<std::string> RunFile::coordination_names() const {
    std::vector<std::string> names;
    for (const std::string& name : file_.children("/coordination"))
        if (!name.starts_with("error_")) names.push_back(name);
    return names;
}

double RunFile::head_width_ratio(size_t session) const {
    return value_of("/imaging/head_width_ratio", session);
}

double RunFile::derived(const std::string& name) const {
    return file_.number_attribute("/derived", name, NAN);
}

double RunFile::worst_population_fold() const {
    if (!file_.exists("/network/population_name")) return NAN;
    double worst = 1.0;
    const auto populations = file_.read_strings("/network/population_name");
    const auto groups = file_.read_strings("/network/group_name");
    for (size_t p = 0; p < populations.size(); ++p) {
        double sum = 0.0, n = 0.0;
        for (size_t g = 0; g < groups.size(); ++g) {
            if (groups[g] != populations[p] && !groups[g].starts_with(populations[p] + "_")) continue;
            const double size = value_of("/network/group_size", g);
            sum += series("rate_" + groups[g]).back() * size;
            n += size;
        }
        const double fold = sum / n / value_of("/network/population_rate", p);
        if (std::fabs(std::log(fold)) > std::fabs(std::log(worst))) worst = fold;
    }
    return worst;
}

double RunFile::value_of(const std::string& dataset, size_t index) const {
    const auto values = file_.read<float>(dataset);
    if (index >= values.size())
        fail(Exit::kInput, "{}: error: dataset {} has {} values, and value {} is wanted", path(), dataset,
             values.size(), index);
    return values[index];
}

bool RunFile::has_graph() const { return !file_.children("/snapshots/synapses").empty(); }

Rows RunFile::rows_of(const std::string& offsets, const std::string& source) const {
    Rows rows{file_.read<u64>(offsets), file_.read<u32>(source)};
    bool valid = rows.offsets.size() > 1 && rows.offsets.front() == 0 &&
                 rows.offsets.back() == rows.source.size() &&
                 std::is_sorted(rows.offsets.begin(), rows.offsets.end());
    for (u32 s : rows.source) valid = valid && s < rows.offsets.size() - 1;
    if (!valid) fail(Exit::kInput, "{}: error: {} is no consistent graph (damaged?)", path(), offsets);
    return rows;
}

const GraphMetrics& RunFile::graph() const {
    if (graph_) return *graph_;
    const std::string group = "/snapshots/synapses/" + file_.children("/snapshots/synapses").back();
    const Rows rows = rows_of(group + "/offsets", group + "/source");
    return graph_.emplace(measure_graph(rows.offsets, rows.source));
}

Ensembles RunFile::ensembles() const {
    if (!has_graph() || !file_.exists("/network/lost_source")) return {NAN, NAN};
    const std::vector<std::string> snapshots = file_.children("/snapshots/synapses");
    const auto rows = [&](const std::string& snapshot) {
        const std::string group = "/snapshots/synapses/" + snapshot;
        return rows_of(group + "/offsets", group + "/source");
    };
    const Rows before = rows_of("/network/lost_offsets", "/network/lost_source");
    const auto stress = file_.read<u8>("/network/lost_to_stress");  // of these, what stress took
    if (stress.size() != before.source.size())
        fail(Exit::kInput, "{}: error: the lists of lost synapses differ in length", path());
    const Rows lost = marked(before, stress), first = rows(snapshots.front()), last = rows(snapshots.back());
    if (lost.offsets.size() != last.offsets.size() || first.offsets.size() != last.offsets.size())
        fail(Exit::kInput, "{}: error: its snapshots and its lost places are of other neurons (damaged?)",
             path());
    return compare_ensembles(lost, first, last);
}

}  // namespace respine
