// The history: one row of every quantity that has one.

#include "sim/io/run/recorder.hpp"

namespace respine {

namespace {

constexpr size_t kBufferedRows = 256;  // one chunk

bool is_level(const Quantity& q) { return q.stage == Stage::kDose; }  // goes to /pk as well

}  // namespace

void describe(H5File& file, const std::string& dataset, const Quantity& q) {
    file.set_attribute(dataset, "stage", std::string(name_of(q.stage)));
    file.set_attribute(dataset, "label", q.shown.label);
    file.set_attribute(dataset, "shown_units", q.shown.unit.empty() ? q.unit : q.shown.unit);
    file.set_attribute(dataset, "shown_factor", q.shown.factor);
    file.set_attribute(dataset, "prominence", std::string(name_of(q.prominence)));
}

void Recorder::create_history() {
    std::string order;
    for (const Quantity& q : history_) order += (order.empty() ? "" : " ") + q.name;
    file_.make_group("/history");
    file_.set_attribute("/history", "order", order);
    const DatasetShape rows{{0}, {"/history/time"}, true, {}};
    file_.create_scale("/history/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {}},
                       {"h", "time on the clock of the scenario"});
    std::vector<float> levels(std::begin(kQuantiles), std::end(kQuantiles));
    file_.write_all<float>("/history/quantile", levels, {{levels.size()}, {}, false, {}},
                           {"1", "quantile over neurons, from at most 1000 of them"}, true);
    file_.create_scale("/pk/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {}},
                       {"h", "time on the clock of the scenario"});
    for (const Quantity& q : history_) {
        const std::string path = "/history/" + q.name;
        file_.create_dataset<float>(path, rows, {q.unit, q.long_name + (q.distributed() ? ", mean" : "")});
        describe(file_, path, q);
        if (is_level(q))
            file_.create_dataset<float>("/pk/" + q.name, {{0}, {"/pk/time"}, true, {}},
                                        {q.unit, q.long_name});
        if (!q.distributed()) continue;
        file_.create_dataset<float>(path + "_sd", rows, {q.unit, q.long_name + ", SD"});
        file_.create_dataset<float>(
            path + "_quantiles",
            {{0, levels.size()}, {"/history/time", "/history/quantile"}, true, {256, levels.size()}},
            {q.unit, q.long_name + ", quantiles"});
    }
}

void Recorder::write_history_row(const Simulation& sim) {
    turnover_.close();
    times_.push_back(in_hours(sim.now()));
    for (size_t k = 0; k < history_.size(); ++k) {
        const Quantity& q = history_[k];
        if (!q.distributed()) {
            columns_[2 * k].push_back(static_cast<float>(value_of(q, sim, turnover_)));
            continue;
        }
        const Summary summary = summarise(values_of(q, sim));
        columns_[2 * k].push_back(static_cast<float>(summary.mean));
        columns_[2 * k + 1].push_back(static_cast<float>(summary.sd));
        quantiles_[k].insert(quantiles_[k].end(), summary.quantiles.begin(), summary.quantiles.end());
    }
    if (times_.size() >= kBufferedRows) write_buffered();
}

void Recorder::write_buffered() {
    if (times_.empty()) return;
    history_rows_ += times_.size();
    file_.append<double>("/history/time", times_);
    file_.append<double>("/pk/time", times_);
    for (size_t k = 0; k < history_.size(); ++k) {
        const std::string path = "/history/" + history_[k].name;
        file_.append<float>(path, columns_[2 * k]);
        if (is_level(history_[k])) file_.append<float>("/pk/" + history_[k].name, columns_[2 * k]);
        if (!history_[k].distributed()) continue;
        file_.append<float>(path + "_sd", columns_[2 * k + 1]);
        file_.append<float>(path + "_quantiles", quantiles_[k]);
        quantiles_[k].clear();
    }
    for (auto& column : columns_) column.clear();
    times_.clear();
}

}  // namespace respine
