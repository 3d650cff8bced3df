#include "sim/cli/cohort.hpp"

#include <algorithm>
#include <exception>
#include <mutex>

#include "kernels/ordered_sum.hpp"
#include "sim/error.hpp"

namespace respine {

namespace {

struct SubjectCourse {
    std::vector<float> response, early, restored, density, arterial;
    Subject drawn;
};

SubjectCourse follow(const Inputs& inputs, u32 number, const std::vector<Tick>& visits) {
    Inputs own = inputs;
    own.scenario.subject = number;
    own.scenario.snapshots = visits;  // steps end at visits
    own.scenario.sessions.clear();
    Simulation sim(std::move(own));
    SubjectCourse course;
    course.drawn = sim.subject();
    for (Tick visit : visits) {
        while (sim.now() < visit) sim.advance();
        course.response.push_back(static_cast<float>(sim.response()));
        course.early.push_back(static_cast<float>(sim.early_response()));
        course.restored.push_back(static_cast<float>(sim.restored()));
        course.density.push_back(static_cast<float>(100.0 * static_cast<double>(sim.state().live) / ordered_sum(sim.network().healthy)));
        double arterial = 0.0;
        for (size_t d = 0; d < sim.pharmacology().drugs().size(); ++d) arterial += sim.pharmacology().levels(d).plasma;
        course.arterial.push_back(static_cast<float>(arterial));
    }
    return course;
}

}  // namespace

void run_cohort(const Inputs& inputs, const std::string& output, const RunInfo& info, ProgressStyle style) {
    const Scenario& s = inputs.scenario;
    std::vector<Tick> visits;
    for (Tick t = s.start; t <= s.end(); t += s.history) visits.push_back(t);
    std::vector<SubjectCourse> courses(s.cohort);
    Progress progress(style, s.name, 0, s.cohort, "subjects");
    std::exception_ptr failure;
    std::mutex lock;
    u32 done = 0;
#pragma omp parallel for schedule(dynamic, 1)
    for (u32 k = 0; k < s.cohort; ++k) {
        try {
            if (!stop_requested()) courses[k] = follow(inputs, k + 1, visits);
        } catch (...) {
            const std::lock_guard guard(lock);
            if (!failure) failure = std::current_exception();
        }
        const std::lock_guard guard(lock);
        ++done;
        progress.show(done, done == s.cohort);
    }
    if (failure) std::rethrow_exception(failure);
    if (stop_requested()) fail(Exit::kInterrupted, "{}: interrupted; a cohort is written at its end only", s.name);

    H5File file = H5File::create(output + ".part");
    write_meta(file, "respine-cohort", inputs, info);
    Tick last_dose = 0;
    for (const Treatment& t : s.treatments) last_dose = std::max(last_dose, t.at.back());
    file.set_attribute("/meta", "last_dose_h", in_hours(last_dose));
    const hsize_t subjects = s.cohort, times = visits.size();
    std::vector<double> hours;
    for (Tick t : visits) hours.push_back(in_hours(t));
    std::vector<u32> number;
    std::vector<float> response, early, restored, density, arterial, severity, sensitivity, share;
    std::vector<u8> met;
    for (u32 k = 0; k < s.cohort; ++k) {
        number.push_back(k + 1);
        response.insert(response.end(), courses[k].response.begin(), courses[k].response.end());
        early.insert(early.end(), courses[k].early.begin(), courses[k].early.end());
        restored.insert(restored.end(), courses[k].restored.begin(), courses[k].restored.end());
        density.insert(density.end(), courses[k].density.begin(), courses[k].density.end());
        arterial.insert(arterial.end(), courses[k].arterial.begin(), courses[k].arterial.end());
        severity.push_back(static_cast<float>(courses[k].drawn.state.severity));
        sensitivity.push_back(static_cast<float>(courses[k].drawn.bdnf_factor));
        share.push_back(static_cast<float>(courses[k].drawn.synaptic_share));
        met.push_back(static_cast<u8>(courses[k].drawn.state.genotype));
    }
    file.write_all<u32>("/cohort/subject", number, {{subjects}, {}, false, {}}, {"1", "number of the subject"}, true);
    file.write_all<double>("/cohort/time", hours, {{times}, {}, false, {}}, {"h", "time since the first dose"}, true);
    const DatasetShape both{{subjects, times}, {"/cohort/subject", "/cohort/time"}, false, {}}, one{{subjects}, {"/cohort/subject"}, false, {}};
    file.write_all<float>("/cohort/response_index", response, both, {"1", "response index"});
    file.write_all<float>("/cohort/early_response", early, both, {"1", "E: potentiation over the potentiation that counts as full"});
    file.write_all<float>("/cohort/restored", restored, both, {"1", "L: restored share of the synaptic deficit"});
    file.write_all<float>("/cohort/spine_density", density, both, {"%", "live plastic synapses over the healthy equilibrium"});
    file.write_all<float>("/cohort/plasma", arterial, both, {"ng/mL", "summed plasma level of all drugs"});
    file.write_all<float>("/cohort/severity", severity, one, {"1", "stress severity"});
    file.write_all<float>("/cohort/bdnf_factor", sensitivity, one, {"1", "factor on evoked BDNF release"});
    file.write_all<float>("/cohort/synaptic_share", share, one, {"1", "share of the symptoms that follows potentiation and synapses"});
    file.write_all<u8>("/cohort/met_alleles", met, one, {"1", "number of Met alleles"});
    close_and_rename(file, output);
}

}  // namespace respine
