#include "module_simulate.hpp"

#include <omp.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <filesystem>
#include <memory>

#include "analysis/study/study_table.hpp"
#include "analysis/study/study_work.hpp"
#include "sim/jobs/workers.hpp"

namespace py = pybind11;

namespace respine {

namespace {

// One row of parameters is a row of a list design, so what it gives is what `respine study` would.
StudySpec spec_of(const std::vector<std::string>& keys, const std::vector<std::vector<std::string>>& rows,
                  const std::vector<std::pair<std::string, std::string>>& arms, const Settings& common,
                  const std::vector<std::vector<std::string>>& outcomes, u64 seed, bool own_seeds) {
    StudySpec spec;
    spec.file = spec.name = "simulate";
    spec.kind = DesignKind::kList;
    spec.common = common;
    spec.first_seed = seed;
    spec.own_seeds = own_seeds;
    Vocabulary vocabulary{.series = {}, .runs = {}, .live = true};
    for (const auto& [name, scenario] : arms) {
        spec.arms.push_back({name, scenario, {}});
        vocabulary.runs.push_back(name);
    }
    for (size_t k = 0; k < keys.size(); ++k) {
        Factor f;
        f.key = f.label = keys[k];
        for (const auto& row : rows) f.values.push_back(row[k]);
        spec.factors.push_back(std::move(f));
    }
    Problems problems;
    for (const auto& o : outcomes) {
        const Measure measure = parse_measure(
            {o[1], o[2], o[3], o[4]}, vocabulary, [&](const char* cell, const std::string& what) {
                problems.add({"simulate", 0, 0}, "outcome '{}', {}: {}", o[0], cell, what);
            });
        spec.outcomes.push_back({o[0], measure});
    }
    problems.throw_if_any(Exit::kUsage);
    return spec;
}

// Runs every different point in processes; without a journal, because Python keeps what it gets.
std::vector<PointRecord> records_of(Study& study, int jobs) {
    omp_set_num_threads(1);
    study.runner.units();  // what no run can give is refused before any runs
    std::vector<PointRecord> got;
    const std::vector<u32> todo = study.runner.different();
    for (const u32 number : todo) study.runner.id_of(number);
    Workers workers(std::min<int>(jobs, static_cast<int>(todo.size())),
                    [&](u32 number) { return to_line(study.runner.run(number, 1)); });
    bool interrupted = false;
    workers.run(
        todo, [&](u32, const std::string& answer) { got.push_back(from_line(answer)); },
        [&](u32 number, const std::string& how, Exit code) {
            got.push_back({.id = study.runner.id_of(number),
                           .point = number,
                           .exit_code = static_cast<int>(code),
                           .message = how});
        },
        [&] {
            const py::gil_scoped_acquire inside;
            return interrupted = interrupted || PyErr_CheckSignals() != 0;
        },
        [] {});
    const py::gil_scoped_acquire inside;
    if (interrupted) throw py::error_already_set();
    return got;
}

using Rows = std::vector<std::vector<std::string>>;

// What the caller asks for, but for the rows.
struct Request {
    std::vector<std::string> keys;
    std::vector<std::pair<std::string, std::string>> arms;
    Settings common;
    std::vector<std::vector<std::string>> outcomes;
    u64 seed;
    bool own_seeds;
    int jobs;

    std::unique_ptr<Study> study(const Rows& rows) const {
        return std::make_unique<Study>(
            spec_of(keys, rows, arms, common, outcomes, seed, own_seeds),
            (std::filesystem::temp_directory_path() / "respine-simulate-keeps-nothing").string());
    }
};

// Why no scenario can be made of a row, "" where one can. What is wrong with all rows is wrong with the
// request: Error(kUsage).
std::vector<std::string> refusals(const Request& request, const Rows& rows) {
    std::vector<std::string> why(rows.size());
    bool any = false;
    for (size_t k = 0; k < rows.size(); ++k) try {
            request.study({rows[k]})->runner.units();
            any = true;
        } catch (const Error& e) {
            if (e.code() != Exit::kUsage || (!any && k + 1 == rows.size())) throw;
            why[k] = e.what();
        }
    return why;
}

struct Results {
    std::vector<double> values;
    std::vector<std::string> reasons, units;
};

// The study of all rows that scenarios can be made of; `reasons` tells of the others. A refused row keeps its
// place, and so its seed, in the design: it runs as the first good row.
std::unique_ptr<Study> study_of(const Request& request, Rows rows, std::vector<std::string>& reasons) {
    reasons.assign(rows.size(), "");
    try {
        std::unique_ptr<Study> study = request.study(rows);
        study->runner.units();
        return study;
    } catch (const Error& e) {
        if (e.code() != Exit::kUsage) throw;
    }
    reasons = refusals(request, rows);
    const auto good = std::find(reasons.begin(), reasons.end(), "") - reasons.begin();
    for (size_t k = 0; k < rows.size(); ++k)
        if (!reasons[k].empty()) rows[k] = rows[static_cast<size_t>(good)];
    return request.study(rows);
}

// What a refused row ran is blanked.
Results results_of(const Request& request, const Rows& rows) {
    Results out;
    const auto made = study_of(request, rows, out.reasons);
    Study& study = *made;
    std::map<std::string, PointRecord> by_id;
    for (PointRecord& r : records_of(study, request.jobs)) by_id[r.id] = std::move(r);
    StudyTable table{study.spec, study.rows, study.points, {}, {}, study.runner.units()};
    for (const StudyPoint& p : study.points) table.records.emplace_back(by_id[study.runner.id_of(p.number)]);
    out.units = table.units;
    const size_t arms = request.arms.size();
    for (size_t row = 0; row < rows.size(); ++row) {
        const bool refused = !out.reasons[row].empty();
        for (size_t arm = 0; arm < arms; ++arm)
            if (const auto& r = table.records[row * arms + arm]; !r->ok && out.reasons[row].empty())
                out.reasons[row] = r->message;
        for (size_t o = 0; o < request.outcomes.size(); ++o)
            out.values.push_back(refused ? NAN : table.value(static_cast<u32>(row * arms), o));
    }
    return out;
}

// Values (rows, outcomes) in the first arm, and a reason for each row without one.
py::tuple simulate(std::vector<std::string> keys, const Rows& rows,
                   std::vector<std::pair<std::string, std::string>> arms, Settings common,
                   std::vector<std::vector<std::string>> outcomes, u64 seed, bool own_seeds, int jobs) {
    Results results;
    {
        const py::gil_scoped_release outside;
        results = results_of(
            {std::move(keys), std::move(arms), std::move(common), std::move(outcomes), seed, own_seeds, jobs},
            rows);
    }
    py::array_t<double> out({rows.size(), results.values.size() / rows.size()});
    std::copy(results.values.begin(), results.values.end(), out.mutable_data());
    return py::make_tuple(out, results.reasons, results.units);
}

}  // namespace

void bind_simulator(py::module_& m) { m.def("simulate", &simulate); }

}  // namespace respine
