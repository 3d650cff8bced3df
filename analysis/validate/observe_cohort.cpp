// The rows of the target table that are measured in a cohort file.

#include <algorithm>
#include <limits>
#include <vector>

#include "analysis/read/series.hpp"
#include "analysis/validate/observe.hpp"

namespace respine {

namespace {

// What a cohort file holds of each subject's visits, on the clock whose 0 is the first dose.
struct Visits {
    std::vector<double> time;     // [h]
    std::vector<float> response;  // subjects x times
    size_t subjects;
    double last_dose;

    explicit Visits(const std::string& path) {
        const H5File file = H5File::open(path);
        require_run_format(file, "respine-cohort");
        time = file.read<double>("/cohort/time");
        // Files of before hold no first dose: it was time 0.
        const double first_dose = file.number_attribute("/meta", "first_dose_h", 0.0);
        for (double& t : time) t -= first_dose;
        subjects = file.read<float>("/cohort/severity").size();
        response = file.read<float>("/cohort/response_index");
        last_dose = file.number_attribute("/meta", "last_dose_h", 0.0) - first_dose;
    }

    float at_visit(size_t subject, size_t k) const { return response[subject * time.size() + k]; }
    bool responds(size_t subject, double hours) const {  // at the last visit at or before this time
        size_t k = 0;
        while (k + 1 < time.size() && time[k + 1] <= hours + 1e-9) ++k;
        return at_visit(subject, k) >= 0.5F;
    }
};

double percent_of_responders(const Visits& visits, double hours) {
    double responders = 0.0;
    for (size_t s = 0; s < visits.subjects; ++s) responders += visits.responds(s, hours) ? 1.0 : 0.0;
    return 100.0 * responders / static_cast<double>(visits.subjects);
}

// From the last dose to the first of two visits in a row below 0.25; infinite when there is none.
double days_to_relapse(const Visits& visits, size_t subject) {
    for (size_t k = 1; k < visits.time.size(); ++k)
        if (visits.time[k - 1] > visits.last_dose && visits.at_visit(subject, k - 1) < 0.25F &&
            visits.at_visit(subject, k) < 0.25F)
            return (visits.time[k - 1] - visits.last_dose) / 24.0;
    return std::numeric_limits<double>::infinity();
}

// Of those who responded at the end of the course.
double median_days_to_relapse(const Visits& visits, double after_course) {
    std::vector<double> days;
    for (size_t s = 0; s < visits.subjects; ++s)
        if (visits.responds(s, after_course)) days.push_back(days_to_relapse(visits, s));
    if (days.empty()) return kNaN;
    const auto middle = days.begin() + static_cast<std::ptrdiff_t>(days.size() / 2);
    std::nth_element(days.begin(), middle, days.end());
    return *middle;
}

}  // namespace

bool is_cohort_row(const TargetRow& row) { return row.scenario.ends_with("-cohort"); }

double observe_cohort(const TargetRow& row, const std::string& path) {
    const Visits visits(path);
    const double after_course = visits.last_dose + 24.0;
    return row.observable == "responders"
               ? percent_of_responders(visits, row.at == "end" ? after_course : hours_of(row.at))
               : median_days_to_relapse(visits, after_course);
}

}  // namespace respine
