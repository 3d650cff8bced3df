// respine inspect: what a run file holds, and a field at a time.

#include <cmath>
#include <iostream>
#include <limits>

#include "analysis/read/measure.hpp"
#include "analysis/read/run_file.hpp"
#include "sim/cli/commands.hpp"
#include "sim/history.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/recorder.hpp"
#include "sim/model/error.hpp"
#include "sim/model/units.hpp"

namespace respine {

namespace {

struct InspectOptions {
    std::string file, field, at;
};

void print_datasets(const H5File& file) {
    for (const auto& [path, has_children] : file.objects()) {
        // A group may be empty; what is a link is refused below.
        if (has_children || (file.exists(path) && !file.is_dataset(path))) continue;
        std::string shape;
        for (hsize_t e : file.extent(path)) shape += (shape.empty() ? "" : " x ") + std::to_string(e);
        fmt::print("{}\n", printable(fmt::format("{:<44} {:<18} {:<8} {}", path, shape,
                                                 file.text_attribute(path, "units"),
                                                 file.text_attribute(path, "long_name"))));
    }
}

void print_summary(const H5File& file) {
    fmt::print("{}\n", printable(fmt::format("{}: {} ({})", file.path(), file.text_attribute("/meta", "name"),
                                             file.text_attribute("/meta", "title"))));
    fmt::print("seed {}, model {}, program {}, status {}{}\n", file.text_attribute("/meta", "seed"),
               file.text_attribute("/meta", "model"), file.text_attribute("/meta", "version"),
               file.text_attribute("/meta", "exit_status"),
               file.number_attribute("/meta", "complete", 0.0) == 1.0 ? "" : " (incomplete)");
    if (file.exists("/history/time")) {
        const auto time = file.read<double>("/history/time");
        if (!time.empty())
            fmt::print("history: {} rows from {:g} h to {:g} h\n", time.size(), time.front(), time.back());
    }
    print_datasets(file);
}

constexpr double kSameTime = 0.01;  // [h]

size_t nearest_row(const std::vector<double>& time, double hours) {
    size_t best = 0;
    for (size_t k = 1; k < time.size(); ++k)
        if (std::abs(time[k] - hours) < std::abs(time[best] - hours)) best = k;
    return best;
}

// The time asked for, infinite when none is. Outside of the run, the nearest row would answer another
// question.
double hours_asked(const H5File& file, const std::string& at) {
    if (at.empty()) return std::numeric_limits<double>::infinity();
    const auto q = parse_quantity(at);
    const auto hours = q ? convert(*q, "h") : std::nullopt;
    if (!hours) fail(Exit::kUsage, "--at wants a time such as 2h or '5 d', got '{}'", at);
    constexpr double kSlack = 1e-6;  // times are whole seconds
    const auto time =
        file.exists("/history/time") ? file.read<double>("/history/time") : std::vector<double>();
    if (!time.empty() && (*hours < time.front() - kSlack || *hours > time.back() + kSlack))
        fail(Exit::kUsage, "--at {}: {} holds {:g} h to {:g} h ({:g} d to {:g} d)", at, file.path(),
             time.front(), time.back(), time.front() / 24.0, time.back() / 24.0);
    return *hours;
}

// A number of a session of coordination, which has nothing between sessions.
void print_session(const H5File& file, const InspectOptions& o, const std::string& dataset) {
    const auto time = file.read<double>("/coordination/session");
    const auto value = file.read<float>(dataset);
    if (time.empty() || value.size() != time.size())
        fail(Exit::kInput, "{}: error: {} has no value for each session", file.path(), dataset);
    const double hours = hours_asked(file, o.at);
    const size_t k = nearest_row(time, std::isinf(hours) ? time.back() : hours);
    fmt::print("{} = {:.6g} {} at {:g} h (session)\n", o.field, value[k],
               file.text_attribute(dataset, "units"), time[k]);
}

void print_field(const H5File& file, const InspectOptions& o) {
    const std::string history = "/history/" + o.field, snapshot = "/snapshots/" + o.field,
                      session = "/coordination/" + coordination_dataset(o.field);
    if (session != "/coordination/" && file.exists(session)) return print_session(file, o, session);
    if (!file.exists(history) && !file.exists(snapshot)) {
        std::vector<std::string> known = file.children("/history");
        for (const std::string& name : file.children("/snapshots")) known.push_back(name);
        fail(Exit::kUsage, "{}: error: no field '{}'{} (see: respine inspect {})", file.path(), o.field,
             suggestion(o.field, known), file.path());
    }
    const double hours = hours_asked(file, o.at);
    if (file.exists(history)) {
        const auto time = file.read<double>("/history/time");
        const auto value = file.read<float>(history);
        if (time.empty() || value.size() != time.size())
            fail(Exit::kInput, "{}: error: {} has no plain history", file.path(), o.field);
        const size_t k = nearest_row(time, std::isinf(hours) ? time.back() : hours);
        fmt::print("{} = {:.6g} {} at {:g} h (history)\n", o.field, value[k],
                   file.text_attribute(history, "units"), time[k]);
    }
    if (file.exists(snapshot) && file.extent(snapshot).size() == 2) {
        const auto time = file.read<double>("/snapshots/time");
        if (time.empty()) return;
        const size_t k = nearest_row(time, std::isinf(hours) ? time.back() : hours);
        if (!std::isinf(hours) &&
            std::abs(time[k] - hours) > kSameTime) {  // neurons of another time would answer another question
            if (file.exists(history)) return;
            std::string there;
            for (const double t : time) there += fmt::format("{}{:g} h", there.empty() ? "" : ", ", t);
            fail(Exit::kUsage,
                 "{}: error: '{}' is in snapshots alone, and there is none at {:g} h; there are some at {}",
                 file.path(), o.field, hours, there);
        }
        const Summary s = summarise(file.read_row<float>(snapshot, k));
        fmt::print(
            "{} over neurons at {:g} h (snapshot): mean {:.6g}, sd {:.4g}, quantiles 5 % {:.4g}, 50 % "
            "{:.4g}, 95 % {:.4g} {}\n",
            o.field, time[k], s.mean, s.sd, s.quantiles[0], s.quantiles[2], s.quantiles[4],
            file.text_attribute(snapshot, "units"));
    }
}

}  // namespace

void add_inspect(CLI::App& app, int&) {
    const auto o = std::make_shared<InspectOptions>();
    app.add_option("file", o->file, "run file")->required();
    auto* field = app.add_option("--field", o->field, "one observable or neuron field");
    app.add_option("--at", o->at, "time, such as 2h or '5 d'; the last one when not given")->needs(field);
    app.callback([o] {
        const H5File file = H5File::open(o->file);
        require_result_format(file);
        o->field.empty() ? print_summary(file) : print_field(file, *o);
    });
}

}  // namespace respine
