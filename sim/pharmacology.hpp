// The drugs of a scenario in one body: doses become levels, and levels effects on targets.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/dose_plan.hpp"
#include "sim/drug_system.hpp"
#include "sim/model/drug.hpp"
#include "sim/model/model.hpp"
#include "sim/model/scenario.hpp"

namespace respine {

class CheckpointRows;

struct DerivedNumber {
    std::string name, unit;
    double value;
};

class Pharmacology {
public:
    // `drugs` holds every drug of the treatments and, recursively, their metabolites; `given` says which one
    // each treatment gives. All problems of the plan are reported at once.
    Pharmacology(const Scenario& scenario, const Model& model, const BodyFactors& body,
                 std::vector<Drug> drugs, const std::vector<size_t>& given);

    const std::vector<Drug>& drugs() const { return drugs_; }
    // As the receptors of a cell type meet them: one list a type, in the same order.
    const std::vector<NmdaBlocker>& blockers(CellType type) const {
        return blockers_[static_cast<size_t>(type)];
    }
    size_t blocker_count() const { return blocker_drug_.size(); }
    std::vector<double> blocker_levels() const;  // [uM], one per blocker

    const std::vector<Tick>& event_ticks() const { return plan_.event_ticks; }
    const std::vector<Tick>& dose_ticks() const { return plan_.dose_ticks; }

    // Another treatment from now on; nothing of it may lie before.
    void give(Treatment treatment, size_t drug);

    // Throws Error(kInput) when what was read back tells of more than is planned.
    void check_restored() const;

    void apply_events(Tick now);              // doses that start or stop at `now`
    void advance(double hours, Tick middle);  // levels after a step whose middle lies at `middle`

    Levels levels(size_t drug) const;
    double effect(Target target) const;         // on a target without a sign, combined over drugs [1]
    double signed_effect(Target target) const;  // o of kernels/activity/modulation.hpp [1]
    PresynapticDrugs presynaptic(const GlutamateParams& p) const;

    void add_checkpoint_rows(CheckpointRows& memory);  // adds what changes with time

    // clearance_<drug>, bioavailability_<drug>, auc_ratio_<a>_<b>, with areas extrapolated to infinity.
    std::vector<DerivedNumber> derived() const;

    // Of the drugs that block NMDA receptors, in the order of the blocked shares.
    std::vector<std::string> blocker_names() const;

private:
    void add_blockers(double magnesium, const Model& model);
    bool open(const Window& window, size_t drug) const;              // in the middle of the step
    double ratio_of(size_t drug, const TargetEffect& effect) const;  // s (C / EC50)^h

    std::string file_, species_;
    double weight_;
    std::vector<Treatment> treatments_;
    std::vector<size_t> given_;  // the drug of each
    std::vector<Drug> drugs_;
    DosePlan plan_;
    std::vector<DrugSystem> systems_;
    std::vector<std::optional<size_t>> system_of_;  // by drug; none when it is not given itself
    LinkParams links_;
    std::array<std::vector<NmdaBlocker>, kCellTypes> blockers_;
    std::vector<size_t> blocker_drug_;
    Tick middle_ = 0;
    u64 next_event_ = 0;
};

}  // namespace respine
