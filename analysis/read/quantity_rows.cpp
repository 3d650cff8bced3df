// What can be read off a run beside the series of its history.

#include <algorithm>

#include "analysis/read/graph_metrics.hpp"
#include "analysis/read/measure.hpp"
#include "sim/coordination/coordination.hpp"
#include "sim/io/run/gephyrin.hpp"

namespace respine {

const std::vector<QuantityRow>& quantity_rows() {
    static const std::vector<QuantityRow> rows = [] {
        std::vector<QuantityRow> all = {
            {"imaging_density", Shape::kSessions, "%", "spines seen, over those of the first session"},
            {"imaging_formation", Shape::kSessions, "%",
             "spines new since the session before, over those seen then; mean of the dendrites"},
            {"imaging_elimination", Shape::kSessions, "%",
             "spines gone since the session before, over those seen then; mean of the dendrites"},
            {"imaging_gained", Shape::kSessions, "%",
             "spines not seen in the session at the first dose, over those seen then"},
            {"imaging_lost", Shape::kSessions, "%",
             "spines of the session at the first dose not seen again, over those seen then"},
            {"imaging_new_survival", Shape::kSessions, "1",
             "share seen again of the spines new between the first dose and 2 d"},
            {"imaging_dose_survival", Shape::kSessions, "1",
             "share seen again of the spines new between the sessions before and after the first dose"},
            {"imaging_head_width", Shape::kSessions, "1",
             "mean head width of spines new since the session before, over that of the others"},
        };
        all.push_back({"imaging_returned", Shape::kSessions, "%",
                       "of the spines new since the last session before the first dose, those within 2 um of "
                       "a place where stress took one, or one was lost between sessions before",
                       false});
        all.push_back({"imaging_returned_chance", Shape::kSessions, "%",
                       "the same for places drawn evenly on the dendrites of the new spines", false});
        for (const InhibitoryColumn& c : kInhibitoryColumns)
            all.push_back({c.quantity, Shape::kSessions, c.unit, c.doc, false});
        const auto add = [&](const CoordinationQuantity& q) {
            const std::string name = std::string("coordination_") + q.name;
            all.push_back({name, Shape::kSessions, q.unit, q.meaning, false});
            all.push_back({name + "_", Shape::kSessions, q.unit,
                           "the same in one region; correlation also of one cell in each of two", false});
        };
        for (const CoordinationQuantity& q : kOfProbes) add(q);
        for (const CoordinationQuantity& q : kOfEnsembles) add(q);
        for (const GraphMeasure& m : kGraphMeasures) all.push_back({m.name, Shape::kOnce, m.unit, m.title});
        const std::vector<QuantityRow> of_files = {
            {"reconnected", Shape::kOnce, "%",
             "of the connections new from the first snapshot to the last, those that stress had taken",
             false},
            {"overlap", Shape::kOnce, "%",
             "of the connections before stress (of the first snapshot, or taken by stress), those of the "
             "last",
             false},
            {"clearance_", Shape::kOnce, "L/h", "clearance of a drug", false},
            {"bioavailability_", Shape::kOnce, "%", "share of the dose of a drug that arrives", false},
            {"auc_ratio_", Shape::kOnce, "1",
             "area of a drug over that of another, such as auc_ratio_hnk_ketamine", false},
            {"population_fold", Shape::kOnce, "fold",
             "rate over the published one, of the population furthest from it", false},
            {"responders", Shape::kVisits, "%",
             "subjects of a cohort whose rated improvement is half or more", false},
            {"days_to_relapse", Shape::kSubjects, "d",
             "from the last dose to the first of two visits in a row, one every three days, with a rated "
             "improvement below a quarter, of who responded 24 h after it",
             false},
        };
        all.insert(all.end(), of_files.begin(), of_files.end());
        return all;
    }();
    return rows;
}

std::string coordination_dataset(std::string_view quantity) {
    constexpr std::string_view kBefore = "coordination_";
    return std::string(quantity.starts_with(kBefore) ? quantity.substr(kBefore.size()) : "");
}

bool names(std::string_view known, std::string_view name) {
    return known.ends_with('_') ? name.size() > known.size() && name.starts_with(known) : name == known;
}

const QuantityRow* quantity_row(std::string_view name) {
    const auto& rows = quantity_rows();
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const QuantityRow& r) { return names(r.name, name); });
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace respine
