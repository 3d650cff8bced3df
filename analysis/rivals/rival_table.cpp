#include "analysis/rivals/rival_table.hpp"

#include <algorithm>
#include <cmath>

namespace respine {

bool RivalTable::is_fitted(size_t row) const {
    return std::find(fitted.begin(), fitted.end(), results.front()[row].row.id) != fitted.end();
}

std::vector<RowScore> RivalTable::of_row(size_t row) const {
    std::vector<RowScore> all;
    for (const auto& of_rival : scores) all.push_back(of_rival[row]);
    return all;
}

bool RivalTable::separates(size_t row) const { return separation_of(of_row(row)) >= 1.0; }

const Prediction* RivalTable::best(size_t a, size_t b) const {
    const Prediction* best = nullptr;
    for (const Prediction& p : predictions) {
        const double d = separation(p, a, b);
        if (std::isfinite(d) && (!best || d > separation(*best, a, b))) best = &p;
    }
    return best;
}

Standing standing_of(const RivalTable& c, size_t rival) {
    Standing s;
    for (size_t k = 0; k < c.rows(); ++k) {
        if (!c.counts(k)) continue;
        const Verdict v = c.results[rival][k].verdict;
        ++(v == Verdict::kPass ? s.pass : v == Verdict::kMiss ? s.miss : s.open);
        const double density = c.scores[rival][k].density;
        s.density += std::isfinite(density) ? std::max(kLeastDensity, density) : kLeastDensity;
    }
    return s;
}

void recover_planted(RivalTable& c, u32 draws) {
    std::vector<std::vector<RowScore>> made, predicted;
    for (const auto& results : c.results) {
        auto& from = made.emplace_back();
        auto& to = predicted.emplace_back();
        for (size_t k = 0; k < results.size(); ++k) {
            if (!c.counts(k)) continue;
            const TargetResult& r = results[k];
            std::vector<double> one, others, one_reference, other_references;
            for (size_t s = 0; s < r.by_seed.size(); ++s) (s == 0 ? one : others).push_back(r.by_seed[s]);
            for (size_t s = 0; s < r.reference_by_seed.size(); ++s)
                (s == 0 ? one_reference : other_references).push_back(r.reference_by_seed[s]);
            from.push_back(score_of(judge(r.row, one, one_reference)));
            to.push_back(score_of(judge(r.row, others, other_references)));
        }
    }
    for (size_t truth = 0; truth < c.rivals.size(); ++truth)
        c.recovery.push_back(recovered(truth, made, predicted, draws));
}

}  // namespace respine
