// Reads run files for comparison: time series, imaging sessions and the last graph.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/read/ensembles.hpp"
#include "analysis/read/graph_metrics.hpp"
#include "sim/io/hdf5/hdf5_file.hpp"

namespace respine {

// A series of the history, as the file describes it.
struct Recorded {
    std::string name, unit, stage, prominence;
    bool shown_in_compare() const { return prominence != "recorded"; }
};

// Names of the series that runs may have. Those that end in '_' go on with the name of a drug or a
// population.
std::vector<std::string> series_names();

class RunFile {
public:
    // Error(kInput) when it is no run file of a version this program reads.
    explicit RunFile(const std::string& path);

    const std::string& path() const { return file_.path(); }
    const std::string& name() const { return name_; }
    const std::string& seed() const { return seed_; }
    const std::string& member() const { return member_; }  // of an ensemble; "" for none
    // Every line that went into the run but title and seed: the resolved scenario with all parameters, drugs,
    // network. Of a member of an ensemble, without the numbers that are the member's.
    const std::vector<std::string>& settings() const;
    // Starts of the doses [h], as Scenario::doses; and of the first, which "since the first dose" counts
    // from.
    const std::vector<double>& doses() const { return doses_; }
    bool has_drug_dose() const { return has_drug_dose_; }
    double first_dose() const { return doses_.empty() ? std::max(0.0, time_.front()) : doses_.front(); }
    bool complete() const { return file_.number_attribute("/meta", "complete", 0.0) == 1.0; }

    bool has(const std::string& observable) const { return file_.exists("/history/" + observable); }
    // Every series of the history, in the order of the chain.
    const std::vector<Recorded>& recorded() const;
    const std::vector<double>& time() const { return time_; }          // [h]
    const std::vector<double>& series(const std::string& name) const;  // same length as time()
    std::string unit(const std::string& name) const;                   // "" for a series without one
    std::vector<std::string> drugs() const;                            // with a plasma series

    const std::vector<double>& sessions() const { return sessions_; }    // [h]
    std::vector<double> coordination_sessions() const;                   // [h]
    std::vector<double> coordination(const std::string& dataset) const;  // of each; NaN without it
    std::vector<std::string> coordination_names() const;                 // of its datasets, without errors
    const std::vector<double>& seen() const { return seen_; }  // spines seen in each session, all dendrites
    // Mean over dendrites of each session.
    const std::vector<double>& imaging_mean(const std::string& dataset) const;

    std::set<std::pair<u32, u32>> spines_seen(size_t session) const;         // (dendrite, place)
    double session_value(const std::string& dataset, size_t session) const;  // NaN without the dataset
    std::set<std::pair<u32, u32>> lost_places()
        const;                                      // (dendrite, place) that lost a spine before the start
    double um_per_place() const;                    // along a dendrite; NaN in files of before
    double head_width_ratio(size_t session) const;  // new over existing, against the session before
    double derived(const std::string& name) const;  // NaN when absent
    // Microcircuit: final rate over the published one, of the population that is furthest from it.
    double worst_population_fold() const;

    bool has_graph() const;
    const GraphMetrics& graph() const;  // of the last snapshot
    Ensembles ensembles() const;        // NaN where no lost place is remembered

private:
    Rows rows_of(const std::string& offsets, const std::string& source) const;
    double value_of(const std::string& dataset, size_t index) const;
    void read_doses();

    H5File file_;
    std::string line_behind(const std::string& key) const;  // of the resolved scenario; "" where it has none

    std::string name_, seed_, member_;
    std::vector<double> time_, sessions_, seen_, doses_;
    bool has_drug_dose_ = false;
    mutable std::vector<std::string> settings_;
    mutable std::map<std::string, std::vector<double>> series_, imaging_means_;
    mutable std::vector<std::set<std::pair<u32, u32>>> sightings_;  // by session
    mutable std::optional<GraphMetrics> graph_;
    mutable std::vector<Recorded> recorded_;
};

// Fails unless the file is a run (or cohort) of a readable version.
void require_run_format(const H5File& file, const std::string& wanted);

// Of a run or of a cohort.
void require_result_format(const H5File& file);

}  // namespace respine
