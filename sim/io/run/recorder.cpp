#include "sim/io/run/recorder.hpp"

#include <cstdlib>
#include <numeric>
#include <utility>

#include "sim/io/hdf5/damage.hpp"
#include "sim/io/run/rank_errors.hpp"
#include "sim/system/wall_clock.hpp"

namespace respine {

namespace {

constexpr double kFlushSeconds = 30.0,
                 kLongestFlushSeconds = 300.0;  // a flush writes the last chunk of every series anew
constexpr size_t kFlushRows = 16;

}  // namespace

Recorder::Recorder(const std::string& path, const Simulation& sim, const RunInfo& info, Claim claim,
                   const Checkpoint* from)
    : path_(path),
      part_(part_of(path)),
      claim_(std::move(claim)),
      info_(info),
      history_(history_of(sim)),
      rig_(sim.scenario().dendrites, sim.seed(), sim.model().imaging, sim.network(), sim.ranks()),
      coordination_width_(sim.scenario().coordination.sessions.empty() ? 0
                                                                       : coordination_width(sim.network())),
      replace_(info.replace ? 1 : 0),
      next_history_(sim.scenario().start),
      last_flush_(wall_now()),
      started_(last_flush_) {
    columns_.resize(2 * history_.size());
    quantiles_.resize(history_.size());
    from ? go_on(*from, sim) : begin(sim);
    file_.flush();
    now_reading("");
}

void Recorder::begin(const Simulation& sim) {
    file_ = sim.ranks().root() ? H5File::create_journaled(part_) : H5File::nowhere();
    write_meta(file_, "respine-run", kFormatVersion, sim.inputs(), info_);
    create_history();
    write_events(sim);
    write_network(sim);
    write_lost_places(sim);
    create_snapshots(sim);
}

Recorder::~Recorder() {
    if (finished_) return;
    try {  // what has been recorded stays readable in the .part file
        finish_rows();
        file_.set_attribute("/meta", "exit_status", std::string("stopped"));
        file_.close();
    } catch (const std::exception&) {  // of what was still to be written, or of doing it
    }
}

void Recorder::observe(Simulation& sim) {
    const Scenario& s = sim.scenario();
    if (turnover_.follow(sim) && s.synapse_events) write_synapse_events(sim);
    const bool last = sim.done();
    WallTime begun = wall_now();
    if (sim.now() >= next_history_ || last) {
        sim.check_physical();
        write_history_row(sim);
        while (next_history_ <= sim.now()) next_history_ += s.history;
        effort_.history_seconds += seconds_since(begun);
    }
    begun = wall_now();
    while (next_snapshot_ < s.snapshots.size() && s.snapshots[next_snapshot_] <= sim.now()) {
        write_snapshot(sim);
        ++next_snapshot_;
        effort_.snapshot_seconds += seconds_since(begun);
        begun = wall_now();
    }
    while (next_session_ < s.sessions.size() && s.sessions[next_session_] <= sim.now()) {
        rig_.look(sim.now(), sim.network(), sim.ranks());
        ++next_session_;
    }
    look_at_coordination(sim);
    if (seconds_since(last_flush_) >
        (rows_since_flush_ < kFlushRows ? kLongestFlushSeconds : kFlushSeconds)) {
        hand_over_rows();
        background_.post(0, [this] {
            write_buffered();
            file_.flush();
        });
        last_flush_ = wall_now();
        rows_since_flush_ = 0;
    }
}

// Every member is named: one that is added stops the compiler here until it is remembered or said to follow
// from the inputs.
void Recorder::add_checkpoint_rows(CheckpointRows& memory) {
    auto& [path, part, claim, info, looked_at, looked_at_bytes, file, history, columns, quantiles, times, rig,
           sightings, width, coordination, turnover, history_rows, event_rows, resumes, replace, since_flush,
           next_history, next_snapshot, next_session, snapshot_times, wall_before, effort, last_flush,
           started, finished, background] = *this;
    auto& [at, count, place, log_size] = sightings;
    turnover.add_checkpoint_rows(memory, "recorder/");
    for (const auto& [name, value] : {std::pair{"history_rows", &history_rows},
                                      {"event_rows", &event_rows},
                                      {"resumes", &resumes},
                                      {"replace", &replace},
                                      {"next_snapshot", &next_snapshot},
                                      {"next_session", &next_session}})
        memory.number(std::string("recorder/") + name, "count", *value);
    memory.number("recorder/wall_seconds", "1", wall_before);
    memory.number("recorder/next_history", "s", next_history);
    memory.list("recorder/snapshot_times", "h", snapshot_times);
    memory.list("recorder/session", "s", at);
    memory.list("recorder/seen_count", "count", count);
    memory.list("recorder/seen_place", "1", place);
    memory.list("recorder/seen_log_size", "1", log_size);
    if (width > 0) memory.list("recorder/coordination", "1", coordination, kDefinedOrNot);
}

double Recorder::wall_seconds() const { return wall_before_ + seconds_since(started_); }

// Until the file holds all that was looked at, and is this thread's again.
void Recorder::finish_rows() {
    hand_over_rows();
    background_.wait();
    write_buffered();
}

void Recorder::save(Simulation& sim) {
    sim.check_physical();  // a checkpoint always holds a good state
    finish_rows();
    file_.flush();
    if (sim.ranks().root()) sync_file(part_);
    last_flush_ = wall_now();
    sightings_ = flatten(rig_.sessions());
    CheckpointRows memory;
    add_checkpoint_rows(memory);
    const double before = std::exchange(wall_before_, wall_seconds());
    write_checkpoint(checkpoint_of(path_), sim, memory, info_);
    wall_before_ = before;
}

void Recorder::go_on(const Checkpoint& from, const Simulation& sim) {
    CheckpointRows memory;
    add_checkpoint_rows(memory);
    from.read(memory);
    const Scenario& s = sim.scenario();
    auto sessions = unflatten(sightings_, rig_.count());
    if (!sessions || sessions->size() != next_session_ || next_session_ > s.sessions.size() ||
        next_snapshot_ > s.snapshots.size() || snapshot_times_.size() != next_snapshot_ ||
        (coordination_width_ > 0 && coordination_.size() % coordination_width_ != 0) ||
        next_history_ <= sim.now() || turnover_.structural_seen != sim.effort().structural_steps ||
        replace_ > 1)
        fail(Exit::kInput,
             "{}: error: recorder: its counters contradict each other; resume from the checkpoint before it "
             "({})",
             from.path(), previous_of(checkpoint_of(path_)));
    rig_.take_sessions(std::move(*sessions));
    ++resumes_;
    file_ = H5File::nowhere();
    if (sim.ranks().root()) reopen(from, s);
}

void Recorder::reopen(const Checkpoint& from, const Scenario& s) {
    file_ = H5File::open_journaled(part_);
    from.check_same_run(file_);
    file_.keep_rows("/history", history_rows_);
    file_.keep_rows("/pk", history_rows_);
    file_.keep_rows("/snapshots", snapshot_times_.size());
    if (s.synapse_events) file_.keep_rows("/synapse_events", event_rows_);
    size_t kept = 0;
    for (const std::string& name : file_.children("/snapshots/synapses"))
        if (std::strtoull(name.c_str(), nullptr, 10) < snapshot_times_.size())
            ++kept;
        else
            file_.remove("/snapshots/synapses/" + name);
    if (kept != snapshot_times_.size())
        fail(Exit::kInput, "{}: error: /snapshots/synapses holds {} snapshots; {} were recorded", part_, kept,
             snapshot_times_.size());
    for (const char* closing : {"/imaging", "/coordination", "/derived", "/visits"}) file_.remove(closing);
    write_execution(file_, info_);
    file_.set_attribute("/meta", "resumes", static_cast<i64>(resumes_));
}

void Recorder::finish(const Simulation& sim) {
    finish_rows();
    effort_.background_seconds = background_.seconds();
    write_imaging(sim);
    write_coordination(sim);
    write_policies(sim);
    file_.make_group("/derived");
    for (const DerivedNumber& d : sim.pharmacology().derived()) {
        file_.set_attribute("/derived", d.name, d.value);
        file_.set_attribute("/derived", d.name + "_units", d.unit);
    }
    file_.set_attribute("/meta", "wall_seconds", wall_seconds());
    at_root(sim.ranks(), [&] {
        if (!snapshot_times_.empty()) write_xdmf(path_, sim, snapshot_times_);
        finished_ = true;
        close_and_rename(file_, claim_, path_, replace_ != 0);
        remove_checkpoints(path_);
    });
    finished_ = true;
}

std::vector<u32> numbers_to(size_t count) {
    std::vector<u32> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0U);
    return numbers;
}

}  // namespace respine
