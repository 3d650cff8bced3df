#include "sim/jobs/cohort.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <numeric>
#include <optional>

#include "kernels/numerics/ordered_sum.hpp"
#include "sim/io/hdf5/damage.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

// The outcomes of all subjects at all visits, subject by subject.
struct Courses {
    std::vector<u32> finished;  // of each subject: 1 when its outcomes stand below
    std::vector<float> response, early, restored, density, arterial;
    PolicyLog visits;                // of all subjects that are done, one after the other
    std::vector<u32> visit_subject;  // whose each is
    u64 replace = 0;                 // an output that is there already

    Courses(size_t subjects, size_t times) : finished(subjects, 0) {
        for (auto* v : {&response, &early, &restored, &density, &arterial}) v->assign(subjects * times, 0.0F);
    }
    void take(u32 subject, const Courses& one) {
        for (auto list :
             {&Courses::response, &Courses::early, &Courses::restored, &Courses::density, &Courses::arterial})
            std::copy((one.*list).begin(), (one.*list).end(),
                      (this->*list).begin() + static_cast<std::ptrdiff_t>(subject * (one.*list).size()));
        finished[subject] = 1;
        for (size_t n = 0; n < one.visits.size(); ++n) visits.add(one.visits, n);
        visit_subject.resize(visits.size(), subject + 1);
    }
    u32 done() const { return static_cast<u32>(std::count(finished.begin(), finished.end(), 1U)); }

    void add_checkpoint_rows(CheckpointRows& memory) {
        auto& [done_list, r, e, l, d, a, seen, whose, over] = *this;
        memory.array("cohort/finished", "1", std::span<u32>(done_list), {0.0, 1.0});
        memory.array("cohort/response", "1", std::span<float>(r), kDefinedOrNot);
        memory.array("cohort/early", "1", std::span<float>(e));
        memory.array("cohort/restored", "1", std::span<float>(l), kDefinedOrNot);
        memory.array("cohort/density", "%", std::span<float>(d));
        memory.array("cohort/arterial", "ng/mL", std::span<float>(a));
        respine::add_checkpoint_rows(seen, "cohort/visit_", memory);
        memory.list("cohort/visit_subject", "1", whose);
        memory.number("cohort/replace", "1", over, {0.0, 1.0});
    }
};

Scenario of_subject(const Scenario& cohort, u32 number) {
    Scenario own = cohort;
    own.subject = number;
    return own;
}

// Nothing when a stop was asked for on the way.
std::optional<Courses> follow(const Inputs& inputs, u32 number, const std::vector<Tick>& visits) {
    Inputs own = inputs;
    own.scenario = of_subject(inputs.scenario, number);
    for (size_t k = own.given.size(); k-- > 0;)
        if (!own.scenario.treatments[k].is_of(number)) {
            own.scenario.treatments.erase(own.scenario.treatments.begin() + static_cast<std::ptrdiff_t>(k));
            own.given.erase(own.given.begin() + static_cast<std::ptrdiff_t>(k));
        }
    own.scenario.snapshots = visits;  // steps end at visits
    own.scenario.sessions.clear();
    own.scenario.coordination.sessions.clear();
    Simulation sim(std::move(own));
    Courses course(1, visits.size());
    size_t at = 0;
    for (Tick visit : visits) {
        while (sim.now() < visit) {
            if (stop_reason() != StopReason::kNone) return std::nullopt;
            sim.advance();
        }
        sim.check_physical();
        course.response[at] = static_cast<float>(sim.response());
        course.early[at] = static_cast<float>(sim.early_response());
        course.restored[at] = static_cast<float>(sim.restored());
        course.density[at] = static_cast<float>(100.0 * sim.live_share());
        double arterial = 0.0;
        for (size_t d = 0; d < sim.pharmacology().drugs().size(); ++d)
            arterial += sim.pharmacology().levels(d).plasma;
        course.arterial[at++] = static_cast<float>(arterial);
    }
    course.visits = sim.policy_log();
    return course;
}

std::vector<Subject> drawn_subjects(const Inputs& inputs) {
    std::vector<Subject> drawn;
    for (u32 k = 1; k <= inputs.scenario.cohort; ++k)
        drawn.push_back(draw_subject(of_subject(inputs.scenario, k), inputs.model));
    return drawn;
}

// What a rater makes of the response index: the same for the same subject and visit, whoever computes it.
std::vector<float> rated(const Inputs& inputs, const std::vector<Tick>& visits,
                         const std::vector<Subject>& drawn, const std::vector<float>& response) {
    std::vector<float> improvement;
    for (u32 k = 0; k < drawn.size(); ++k) {
        const Scenario own = of_subject(inputs.scenario, k + 1);
        for (size_t v = 0; v < visits.size(); ++v)
            improvement.push_back(static_cast<float>(
                improvement_at(visits[v], own, inputs.model, drawn[k], response[k * visits.size() + v])));
    }
    return improvement;
}

// One value of each subject.
template <class T, class Value>
void write_each(H5File& file, const std::vector<Subject>& drawn, const std::string& name, const About& about,
                const Value& of) {
    std::vector<T> values;
    for (const Subject& s : drawn) values.push_back(static_cast<T>(of(s)));
    file.write_all<T>("/cohort/" + name, values, {{drawn.size()}, {"/cohort/subject"}, false, {}}, about);
}

// What chance gave each subject.
void write_drawn(H5File& file, const std::vector<Subject>& drawn) {
    write_each<float>(file, drawn, "severity", {"1", "stress severity"},
                      [](const Subject& s) { return s.state.severity; });
    write_each<float>(file, drawn, "bdnf_factor", {"1", "factor on evoked BDNF release"},
                      [](const Subject& s) { return s.bdnf_factor; });
    write_each<float>(file, drawn, "synaptic_share",
                      {"1", "share of the symptoms that follows potentiation and synapses"},
                      [](const Subject& s) { return s.synaptic_share; });
    write_each<u8>(file, drawn, "met_alleles", {"1", "number of Met alleles"},
                   [](const Subject& s) { return s.state.genotype; });
    write_each<float>(file, drawn, "return_factor", {"1", "factor on how long a gain is kept"},
                      [](const Subject& s) { return s.return_factor; });
    write_each<float>(file, drawn, "placebo", {"1", "size of the placebo response"},
                      [](const Subject& s) { return s.placebo; });
    write_each<float>(file, drawn, "antidepressant_share",
                      {"1", "share of the symptoms that a conventional antidepressant relieves"},
                      [](const Subject& s) { return s.antidepressant_share; });
    write_each<float>(file, drawn, "score_at_inclusion",
                      {"1", "rated score at inclusion, over the true one at severity 1"},
                      [](const Subject& s) { return s.state.severity + s.inclusion_error; });
    write_each<u32>(file, drawn, "new_stress", {"count", "events of new stress"},
                    [](const Subject& s) { return s.new_stress.size(); });
}

// By subject, whatever order they ended in: what policies decided, and how many doses there were by each
// visit.
void write_policies(H5File& file, const Scenario& s, const std::vector<Tick>& visits,
                    const Courses& courses) {
    if (visits_of(s).empty()) return;
    std::vector<size_t> order(courses.visits.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return courses.visit_subject[a] < courses.visit_subject[b]; });
    PolicyLog log;
    std::vector<u32> subject, doses(s.cohort * visits.size(), 0);
    const auto count = [&](u32 of, Tick at) {
        for (size_t v = 0; v < visits.size(); ++v)
            doses[(of - 1) * visits.size() + v] += at <= visits[v] ? 1 : 0;
    };
    for (u32 k = 1; k <= s.cohort; ++k)
        for (const Treatment& t : s.treatments)
            if (t.is_of(k))
                for (const Tick at : t.at) count(k, at);
    for (const size_t n : order) {
        subject.push_back(courses.visit_subject[n]);
        log.add(courses.visits, n);
        if (log.amount.back() > 0.0) count(subject.back(), log.time.back());
    }
    write_visits(file, log, subject);
    file.write_all<u32>("/cohort/doses", doses,
                        {{s.cohort, visits.size()}, {"/cohort/subject", "/cohort/time"}, false, {}},
                        {"count", "doses begun so far, of all treatments"});
}

void write_courses(H5File& file, const Inputs& inputs, const std::vector<Tick>& visits,
                   const Courses& courses) {
    const Scenario& s = inputs.scenario;
    const std::vector<Tick> doses = s.doses();
    file.set_attribute("/meta", "first_dose_h", in_hours(s.first_dose()));
    file.set_attribute("/meta", "last_dose_h", in_hours(doses.empty() ? s.first_dose() : doses.back()));
    const hsize_t subjects = s.cohort, times = visits.size();
    std::vector<double> hours;
    for (Tick t : visits) hours.push_back(in_hours(t));
    const std::vector<Subject> drawn = drawn_subjects(inputs);
    std::vector<u32> numbers(subjects);
    std::iota(numbers.begin(), numbers.end(), 1U);
    file.write_all<u32>("/cohort/subject", numbers, {{subjects}, {}, false, {}},
                        {"1", "number of the subject"}, true);
    file.write_all<double>("/cohort/time", hours, {{times}, {}, false, {}},
                           {"h", "time on the clock of the scenario"}, true);
    const DatasetShape both{{subjects, times}, {"/cohort/subject", "/cohort/time"}, false, {}};
    file.write_all<float>("/cohort/response_index", courses.response, both, {"1", "response index"});
    file.write_all<float>("/cohort/improvement", rated(inputs, visits, drawn, courses.response), both,
                          {"1", "improvement over inclusion that a rater scores"});
    file.write_all<float>("/cohort/early_response", courses.early, both,
                          {"1", "E: potentiation over the potentiation that counts as full"});
    file.write_all<float>("/cohort/restored", courses.restored, both,
                          {"1", "L: restored share of the synaptic deficit"});
    file.write_all<float>("/cohort/spine_density", courses.density, both,
                          {"%", "live plastic synapses over the healthy equilibrium"});
    file.write_all<float>("/cohort/plasma", courses.arterial, both,
                          {"ng/mL", "summed plasma level of all drugs"});
    write_drawn(file, drawn);
    write_policies(file, s, visits, courses);
}

// Runs the subjects that are not done, until all are, a stop is asked for or one fails; calls after(), one at
// a time, when one more is done.
template <class After>
void follow_all(const Inputs& inputs, const std::vector<Tick>& visits, Courses& courses, const After& after) {
    const u32 subjects = inputs.scenario.cohort;
    const std::vector<u32> done_before = courses.finished;
    std::exception_ptr failure;
    std::atomic<bool> failed = false;
    std::mutex lock;
#pragma omp parallel for schedule(dynamic, 1)
    for (u32 k = 0; k < subjects; ++k) {
        try {
            if (done_before[k] || failed || stop_reason() != StopReason::kNone) continue;
            const std::optional<Courses> course = follow(inputs, k + 1, visits);
            if (!course) continue;
            const std::lock_guard guard(lock);
            courses.take(k, *course);
            after();
        } catch (...) {
            const std::lock_guard guard(lock);
            if (!failure) failure = std::current_exception();
            failed = true;
        }
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

void run_cohort(const Inputs& inputs, const RunOptions& options, const std::string& output,
                const RunInfo& info, Claim claim, const Checkpoint* from) {
    const Scenario& s = inputs.scenario;
    std::vector<Tick> visits;
    for (Tick t = s.start; t <= s.end(); t += s.history) visits.push_back(t);
    Courses courses(s.cohort, visits.size());
    courses.replace = info.replace ? 1 : 0;
    CheckpointRows memory;
    courses.add_checkpoint_rows(memory);
    if (from) from->read(memory);
    now_reading("");
    Progress progress(options.style(), s.name, 0, s.cohort, "subjects", courses.done());
    CheckpointClock clock(options.safety.checkpoint_seconds());
    const auto save = [&] { write_cohort_checkpoint(checkpoint_of(output), inputs, memory, info); };
    try {
        follow_all(inputs, visits, courses, [&] {
            progress.show(courses.done(), courses.done() == s.cohort);
            if (clock.due()) save(), clock.restart();
            if (options.after_step) options.after_step(static_cast<double>(courses.done()) / s.cohort);
        });
    } catch (...) {
        if (courses.done() > 0) save();  // the others need not be computed again
        throw;
    }
    if (courses.done() < s.cohort) {
        save();
        const StopReason reason = stop_reason();
        fail(exit_of(reason), "{}: {}; {} of {} subjects are done and kept; go on with: {}", s.name,
             text_of(reason), courses.done(), s.cohort, options.safety.resume_command(output));
    }
    H5File file = H5File::create_journaled(part_of(output));
    write_meta(file, "respine-cohort", kFormatVersion, inputs, info);
    write_courses(file, inputs, visits, courses);
    close_and_rename(file, claim, output, courses.replace != 0);
    remove_checkpoints(output);
}

}  // namespace respine
