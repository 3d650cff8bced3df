// The history: one row of every quantity that has one.

#include <cmath>
#include <utility>

#include "sim/io/run/recorder.hpp"

namespace respine {

namespace {

constexpr size_t kBufferedRows = 256;    // one chunk
constexpr size_t kHandedOver = 1 << 20;  // bytes: waking the background for each row would be dearer

// The sum of the terms of all slices of a spread.
void add_terms(const Spread& spread, std::optional<double> about, std::vector<SumTerms>& terms) {
    terms.push_back({spread.values.data(), nullptr, 0, 0, about});
    for (const Slice s : spread.of)
        terms.push_back({spread.values.data(), nullptr, s.first, s.last, about, true});
}

size_t size_of(const Spread& spread) {
    size_t n = 0;
    for (const Slice s : spread.of) n += s.size();
    return n;
}

// The sample that the quantiles come from, zero where other ranks have the values.
void add_own_sample(const Spread& spread, std::span<const Slice> own, std::vector<float>& sample) {
    const size_t stride = sample_stride(size_of(spread));
    size_t to_next = 0;  // values before the next one of the sample
    for (const Slice s : spread.of) {
        for (; to_next < s.size(); to_next += stride) {
            const u32 i = s.first + static_cast<u32>(to_next);
            const bool is_own = std::ranges::any_of(own, [i](Slice o) { return o.has(i); });
            sample.push_back(is_own ? spread.values[i] : 0.0F);
        }
        to_next -= s.size();
    }
}

// Of the distributed quantities of a network that ranks share; quantiles are right at the root. Sums go from
// rank to rank for all quantities at once, then the squares about their means.
std::vector<Summary> summarise_shared(std::span<const Quantity> quantities, const Simulation& sim) {
    std::vector<Spread> spreads;
    std::vector<SumTerms> terms, squares;
    std::vector<float> sample;
    for (const Quantity& q : quantities) {
        if (!q.distributed()) continue;
        spreads.push_back(q.scope == Scope::kVoxel ? Spread{} : spread_of(q, sim));
        add_terms(spreads.back(), std::nullopt, terms);
        add_own_sample(spreads.back(), sim.own(), sample);
    }
    std::vector<double> mean = sim.share().sums(terms);
    for (size_t k = 0; k < spreads.size(); ++k) {
        mean[k] /= static_cast<double>(size_of(spreads[k]));
        add_terms(spreads[k], mean[k], squares);
    }
    const std::vector<double> square = sim.share().sums(squares);
    sim.ranks().merge_at_root(std::as_writable_bytes(std::span(sample)));
    std::vector<Summary> all;
    auto next = sample.begin();
    for (const Quantity& q : quantities) {
        if (!q.distributed()) continue;
        const size_t k = all.size(), n = size_of(spreads[k]);
        const auto end = next + static_cast<std::ptrdiff_t>(sample_size(n));
        all.push_back(n == 0 ? summarise(values_of(q, sim))  // of voxels, which all ranks know
                             : Summary{mean[k], std::sqrt(square[k] / static_cast<double>(n)),
                                       quantiles_of({next, end})});
        next = end;
    }
    return all;
}

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
    HistoryRow row{in_hours(sim.now()), std::vector<float>(history_.size()), {}, {}};
    if (sim.ranks().size() > 1) row.summaries = summarise_shared(history_, sim);
    for (size_t k = 0; k < history_.size(); ++k) {
        if (!history_[k].distributed()) {
            row.value[k] = static_cast<float>(value_of(history_[k], sim, turnover_));
            continue;
        }
        if (!row.summaries.empty()) continue;
        row.values.push_back(values_of(history_[k], sim));
        looked_at_bytes_ += row.values.back().size() * sizeof(float);
    }
    looked_at_.push_back(std::move(row));
    ++history_rows_;
    ++rows_since_flush_;
    if (looked_at_bytes_ >= kHandedOver || looked_at_.size() == kBufferedRows) hand_over_rows();
}

void Recorder::hand_over_rows() {
    background_.post(std::exchange(looked_at_bytes_, 0), [this, rows = std::exchange(looked_at_, {})] {
        for (const HistoryRow& row : rows) buffer(row);
    });
}

void Recorder::buffer(const HistoryRow& row) {
    times_.push_back(row.hours);
    size_t next = 0;
    for (size_t k = 0; k < history_.size(); ++k) {
        if (!history_[k].distributed()) {
            columns_[2 * k].push_back(row.value[k]);
            continue;
        }
        const Summary summary = row.summaries.empty() ? summarise(row.values[next]) : row.summaries[next];
        ++next;
        columns_[2 * k].push_back(static_cast<float>(summary.mean));
        columns_[2 * k + 1].push_back(static_cast<float>(summary.sd));
        quantiles_[k].insert(quantiles_[k].end(), summary.quantiles.begin(), summary.quantiles.end());
    }
    if (times_.size() >= kBufferedRows) write_buffered();
}

void Recorder::write_buffered() {
    if (times_.empty()) return;
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
