#include "sim/jobs/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/system/quoting.hpp"

namespace respine {

std::string duration_text(double seconds) {
    if (seconds < 60.0) return fmt::format("{:.0f} s", seconds);
    if (seconds < 3600.0)
        return fmt::format("{:.0f} min {:02.0f} s", std::floor(seconds / 60.0),
                           seconds - 60.0 * std::floor(seconds / 60.0));
    return fmt::format("{:.1f} h", seconds / 3600.0);
}

Progress::Progress(ProgressStyle style, std::string name, Tick start, Tick end, std::string unit,
                   std::optional<Tick> from)
    : style_(style),
      name_(std::move(name)),
      unit_(std::move(unit)),
      start_(start),
      end_(end),
      from_(from.value_or(start)),
      began_(wall_now()),
      last_(began_) {
    const char* term = std::getenv("TERM");
    terminal_ = isatty(STDERR_FILENO) && term && std::strcmp(term, "dumb") != 0;
}

void Progress::show(Tick now, bool finished, double share) {
    if (style_ == ProgressStyle::kOff) return;
    const double since = seconds_since(last_), elapsed = seconds_since(began_);
    const double interval = style_ == ProgressStyle::kJson ? 1.0 : terminal_ ? 0.2 : 10.0;
    if (!finished && since < interval) return;
    if (finished && !shown_ && elapsed < 2.0 && style_ == ProgressStyle::kText) return;
    last_ = wall_now();
    shown_ = true;
    const double done =
        share >= 0.0 ? share : static_cast<double>(now - start_) / static_cast<double>(end_ - start_);
    const double before =
        share >= 0.0 ? 0.0 : static_cast<double>(from_ - start_) / static_cast<double>(end_ - start_);
    const double left = done > before ? elapsed * (1.0 - done) / (done - before) : 0.0;
    if (style_ == ProgressStyle::kJson) {
        const nlohmann::json line = {
            {"name", name_},
            {unit_.empty() ? "time_h" : unit_, unit_.empty() ? in_hours(now) : static_cast<double>(now)},
            {"done", done},
            {"elapsed_s", elapsed},
            {"eta_s", left}};
        std::fprintf(stderr, "%s\n", json_text(line, -1).c_str());
        return;
    }
    const auto amount = [this](Tick t) {
        if (!unit_.empty()) return fmt::format("{} {}", t, unit_);
        return end_ - start_ < 2 * kDay ? fmt::format("{:.1f} h", in_hours(t))
                                        : fmt::format("{:.1f} d", in_days(t));
    };
    const std::string text =
        finished
            ? fmt::format("{}: {} simulated in {}", name_, amount(now - from_), duration_text(elapsed))
            : fmt::format("{}: {} of {}, {:.0f} %, {}", name_, amount(now), amount(end_), 100.0 * done,
                          done > before ? duration_text(left) + " left" : duration_text(elapsed) + " so far");
    std::fprintf(stderr, terminal_ ? "\r\033[K%s%s" : "%s%s", text.c_str(),
                 terminal_ && !finished ? "" : "\n");
    std::fflush(stderr);
}

}  // namespace respine
