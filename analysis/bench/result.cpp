#include "analysis/bench/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kernels/numerics/ordered_sum.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/model/format_version.hpp"

namespace respine {

namespace {

nlohmann::json to_json(const std::string& topology, const Check& c) {
    return {{"topology", topology}, {"name", c.name},   {"kind", c.is_error ? "error" : "p"},
            {"value", c.value},     {"limit", c.limit}, {"about", c.about},
            {"passed", c.passed()}};
}

template <class T>
nlohmann::json or_null(const std::optional<T>& value) {
    return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

nlohmann::json to_json(const Timing& t) {
    return {{"topology", t.topology},
            {"kernel", t.kernel},
            {"item", t.item},
            {"threads", t.threads},
            {"items", t.items},
            {"bytes", t.bytes},
            {"seconds", t.seconds},
            {"again", t.again},
            {"median_seconds", t.median_seconds()},
            {"per_second", t.per_second()},
            {"twin_ratio", t.twin_ratio()},
            {"open", t.open()},
            {"stream_share", or_null(t.stream_share())},
            {"joules", or_null(t.joules)}};
}

// Looks a result over and collects what is wrong.
class Inspector {
public:
    std::vector<std::string> faults;

    // The value below `at`, if it is there and of the type that `is` asks for.
    const nlohmann::json* need(const nlohmann::json& in, const std::string& at, const char* key,
                               bool (*is)(const nlohmann::json&), const char* type) {
        const std::string place = at + "/" + key;
        if (!in.is_object() || !in.contains(key)) {
            faults.push_back(fmt::format("{}: is missing; it must be {}", place, type));
            return nullptr;
        }
        if (!is(in.at(key))) {
            faults.push_back(fmt::format("{}: is {}; it must be {}", place, in.at(key).dump(), type));
            return nullptr;
        }
        return &in.at(key);
    }
    void want(bool right, const std::string& place, const std::string& what) {
        if (!right) faults.push_back(place + ": " + what);
    }
};

bool is_text(const nlohmann::json& v) { return v.is_string() && !v.get<std::string>().empty(); }
bool is_number(const nlohmann::json& v) { return v.is_number(); }
bool is_positive(const nlohmann::json& v) { return v.is_number() && v.get<double>() > 0.0; }
bool is_truth(const nlohmann::json& v) { return v.is_boolean(); }
bool is_object(const nlohmann::json& v) { return v.is_object(); }
bool is_rows(const nlohmann::json& v) { return v.is_array() && !v.empty(); }
bool is_times(const nlohmann::json& v) { return is_rows(v) && std::all_of(v.begin(), v.end(), is_positive); }

void inspect_check(Inspector& i, const std::string& at, const nlohmann::json& row) {
    const auto* value = i.need(row, at, "value", is_number, "a number");
    const auto* limit = i.need(row, at, "limit", is_number, "a number");
    const auto* kind = i.need(row, at, "kind", is_text, "error or p");
    const auto* passed = i.need(row, at, "passed", is_truth, "true or false");
    for (const char* key : {"topology", "name", "about"}) i.need(row, at, key, is_text, "a text");
    if (!value || !limit || !kind || !passed) return;
    const bool right = *kind == "error" ? value->get<double>() <= limit->get<double>()
                                        : value->get<double>() >= limit->get<double>();
    i.want(right == passed->get<bool>(), at + "/passed", "does not follow from value and limit");
}

void inspect_row(Inspector& i, const std::string& at, const nlohmann::json& row) {
    for (const char* key : {"topology", "kernel", "item"}) i.need(row, at, key, is_text, "a text");
    i.need(row, at, "threads", is_positive, "a positive number");
    const auto* items = i.need(row, at, "items", is_positive, "a positive number");
    const auto* rate = i.need(row, at, "per_second", is_positive, "a positive number");
    const auto* ratio = i.need(row, at, "twin_ratio", is_positive, "a positive number");
    const auto* open = i.need(row, at, "open", is_truth, "true or false");
    std::optional<double> one, other;
    if (const auto* s = i.need(row, at, "seconds", is_times, "a list of positive numbers"))
        one = median(s->get<std::vector<double>>());
    if (const auto* s = i.need(row, at, "again", is_times, "a list of positive numbers"))
        other = median(s->get<std::vector<double>>());
    const auto near = [](double a, double b) { return std::fabs(a - b) <= 1e-6 * std::fabs(b); };
    if (one && items && rate)
        i.want(near(rate->get<double>(), items->get<double>() / *one), at + "/per_second",
               "is not items over the median of seconds");
    if (one && other && ratio)
        i.want(near(ratio->get<double>(), std::max(*one / *other, *other / *one)), at + "/twin_ratio",
               "is not the ratio of the medians of seconds and again");
    if (ratio && open)
        i.want(open->get<bool>() == (ratio->get<double>() > 1.3), at + "/open",
               "a verdict is open where the twins differ by more than 1.3, and only there");
}

// Of the program that wrote it; other simulators have releases of their own.
std::string release_of(const nlohmann::json& result) {
    const auto text = [&](const char* key) {
        const auto at = nlohmann::json::json_pointer(std::string("/program/") + key);
        return result.contains(at) && result[at].is_string() ? result[at].get<std::string>() : "";
    };
    return text("name") == "respine" ? text("version") : "";
}

}  // namespace

bool BenchResult::passed() const {
    return !verified.empty() && std::all_of(verified.begin(), verified.end(), [](const Verified& v) {
        return std::all_of(v.checks.begin(), v.checks.end(), [](const Check& c) { return c.passed(); });
    });
}

nlohmann::json parameters_of(const Problem& p) {
    const PlasticSynapses& s = p.synapses();
    const Model& m = p.model;
    const auto mean = [](std::span<const float> v) { return ordered_sum(v) / static_cast<double>(v.size()); };
    const PartnerTables& sheet = p.network.regions.front().partners;
    return {{"cells", p.network.excitatory},
            {"synapses", p.live},
            {"sigma", m.spine_size.sd},
            {"tau_days", m.spine_size.time},
            {"hazard_per_day", m.pruning.hazard * p.condition().elimination},
            {"steepness", m.pruning.steepness},
            {"homeostasis", m.pruning.homeostasis},
            {"new_mean", m.spine_size.new_mean},
            {"new_sd", m.spine_size.new_sd},
            {"step_days", p.half_hour.days},
            {"attempts_per_day", mean(s.attempts) * p.condition().formation},
            {"dendritic_capacity", mean(s.capacity)},
            {"defended_count", mean(s.equilibrium)},
            {"lattice", {sheet.nx, sheet.ny}},
            {"kernel_width_in_lattice_sites", p.width_in_cells}};
}

nlohmann::json to_json(const BenchResult& r) {
    nlohmann::json checks = nlohmann::json::array(), rows = nlohmann::json::array();
    for (const Verified& v : r.verified)
        for (const Check& c : v.checks) checks.push_back(to_json(v.topology, c));
    for (const Timing& t : r.timings) rows.push_back(to_json(t));
    return {
        {"format", kBenchFormat},
        {"format_version", kBenchVersion},
        {"when", now_text()},
        {"problem",
         {{"class", r.size.name},
          {"neurons", r.neurons},
          {"synapses", r.synapses},
          {"parameters", r.parameters}}},
        {"program",
         {{"name", "respine"},
          {"version", version_text()},
          {"revision", revision_text()},
          {"compiler", "GCC " __VERSION__},
          {"flags", flags_text()}}},
        {"machine", machine_facts()},
        {"quiet", {{"others", r.machine.others}, {"stolen", r.machine.stolen}, {"quiet", r.machine.quiet()}}},
        {"energy", {{"source", joules_so_far() ? "RAPL, all sockets" : ""}, {"reason", why_no_joules()}}},
        {"verification", checks},
        {"verified", r.passed()},
        {"rows", rows}};
}

std::vector<std::string> faults_of(const nlohmann::json& result) {
    Inspector i;
    if (!result.is_object() || result.value("format", "") != kBenchFormat)
        return {fmt::format("/format: must be '{}'", kBenchFormat)};
    if (const auto* version = i.need(result, "", "format_version", is_number, "a number"))
        if (const std::string fault =
                version_fault(kBenchFormat, version->get<double>(), kBenchVersion, release_of(result));
            !fault.empty())
            return {"/format_version: " + fault};
    i.need(result, "", "when", is_text, "a time");
    if (const auto* problem = i.need(result, "", "problem", is_object, "an object")) {
        if (const auto* name = i.need(*problem, "/problem", "class", is_text, "S, M, L or XL"))
            i.want(std::any_of(std::begin(kProblemClasses), std::end(kProblemClasses),
                               [&](const ProblemClass& c) { return *name == c.name; }),
                   "/problem/class", "is " + name->dump() + "; it must be S, M, L or XL");
        for (const char* key : {"neurons", "synapses"})
            i.need(*problem, "/problem", key, is_positive, "a positive number");
    }
    if (const auto* program = i.need(result, "", "program", is_object, "an object"))
        for (const char* key : {"name", "version", "revision", "compiler"})
            i.need(*program, "/program", key, is_text, "a text");
    if (const auto* machine = i.need(result, "", "machine", is_object, "an object")) {
        i.need(*machine, "/machine", "processor", is_text, "a text");
        i.need(*machine, "/machine", "processors", is_positive, "a positive number");
    }
    bool all = true;
    if (const auto* checks = i.need(result, "", "verification", is_rows, "a list of checks"))
        for (size_t k = 0; k < checks->size(); ++k) {
            inspect_check(i, fmt::format("/verification/{}", k), checks->at(k));
            all = all && checks->at(k).value("passed", false);
        }
    if (const auto* verified = i.need(result, "", "verified", is_truth, "true or false"))
        i.want(verified->get<bool>() == all, "/verified", "does not follow from the checks");
    if (const auto* rows = i.need(result, "", "rows", is_rows, "a list of timings"))
        for (size_t k = 0; k < rows->size(); ++k) inspect_row(i, fmt::format("/rows/{}", k), rows->at(k));
    const nlohmann::json none = nlohmann::json::array(),
                         &peers = result.contains("peers") ? result["peers"] : none;
    for (size_t k = 0; k < peers.size(); ++k) {
        const std::string at = fmt::format("/peers/{}", k);
        for (const char* key : {"program", "kernel", "topology"})
            i.need(peers[k], at, key, is_text, "a text");
        if (!peers[k].contains("skipped"))
            i.need(peers[k], at, "per_second", is_positive, "a positive number");
    }
    return i.faults;
}

}  // namespace respine
