// The history: one row of every observable.

#include "sim/io/recorder.hpp"

namespace respine {

namespace {

constexpr size_t kBufferedRows = 256;  // one chunk

}  // namespace

void Recorder::create_history() {
    const DatasetShape rows{{0}, {"/history/time"}, true, {}};
    file_.create_scale("/history/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {}},
                       {"h", "time on the clock of the scenario"});
    std::vector<float> q(std::begin(kQuantiles), std::end(kQuantiles));
    file_.write_all<float>("/history/quantile", q, {{q.size()}, {}, false, {}},
                           {"1", "quantile over neurons, from at most 1000 of them"}, true);
    for (const Observable& o : observables_)
        file_.create_dataset<float>("/history/" + o.name, rows, {o.unit, o.long_name});
    for (const Distribution& d : distributions_) {
        file_.create_dataset<float>("/history/" + d.name, rows, {d.unit, d.long_name + ", mean"});
        file_.create_dataset<float>("/history/" + d.name + "_sd", rows, {d.unit, d.long_name + ", SD"});
        file_.create_dataset<float>(
            "/history/" + d.name + "_quantiles",
            {{0, q.size()}, {"/history/time", "/history/quantile"}, true, {256, q.size()}},
            {d.unit, d.long_name + ", quantiles"});
    }
    file_.create_scale("/pk/time", H5T_NATIVE_DOUBLE, {{0}, {}, true, {}},
                       {"h", "time on the clock of the scenario"});
    for (const Observable& o : observables_)
        if (o.pharmacology)
            file_.create_dataset<float>("/pk/" + o.name, {{0}, {"/pk/time"}, true, {}},
                                        {o.unit, o.long_name});
}

void Recorder::write_history_row(const Simulation& sim) {
    turnover_.close();
    times_.push_back(in_hours(sim.now()));
    size_t c = 0;
    for (const Observable& o : observables_)
        columns_[c++].push_back(static_cast<float>(o.value(sim, turnover_)));
    for (size_t d = 0; d < distributions_.size(); ++d) {
        const Summary summary = summarise(distributions_[d].values(sim));
        columns_[c++].push_back(static_cast<float>(summary.mean));
        columns_[c++].push_back(static_cast<float>(summary.sd));
        quantiles_[d].insert(quantiles_[d].end(), summary.quantiles.begin(), summary.quantiles.end());
    }
    if (times_.size() >= kBufferedRows) write_buffered();
}

void Recorder::write_buffered() {
    if (times_.empty()) return;
    history_rows_ += times_.size();
    file_.append<double>("/history/time", times_);
    file_.append<double>("/pk/time", times_);
    size_t c = 0;
    for (const Observable& o : observables_) {
        file_.append<float>("/history/" + o.name, columns_[c]);
        if (o.pharmacology) file_.append<float>("/pk/" + o.name, columns_[c]);
        ++c;
    }
    for (size_t d = 0; d < distributions_.size(); ++d) {
        file_.append<float>("/history/" + distributions_[d].name, columns_[c++]);
        file_.append<float>("/history/" + distributions_[d].name + "_sd", columns_[c++]);
        file_.append<float>("/history/" + distributions_[d].name + "_quantiles", quantiles_[d]);
        quantiles_[d].clear();
    }
    for (auto& column : columns_) column.clear();
    times_.clear();
}

}  // namespace respine
