#include "sim/jobs/jobs.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <csignal>
#include <filesystem>
#include <map>
#include <thread>

#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/io/run/inputs.hpp"
#include "sim/io/run/output.hpp"
#include "sim/io/run/provenance.hpp"
#include "sim/model/error.hpp"

namespace respine {

namespace {

namespace fs = std::filesystem;

pid_t start(const Job& job) {
    std::vector<std::string> words = {"respine", "run", job.scenario, "-o", job.file,
                                      "--force", "-q",  "--threads",  "1",  "--alone"};
    for (const auto& [path, value] : job.settings) {
        words.emplace_back("--set");
        words.push_back(path + "=" + value);
    }
    std::vector<char*> argv;
    for (std::string& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);  // the runs end with this program, at once: nobody resumes them
        execv("/proc/self/exe", argv.data());
        _exit(127);
    }
    return child;
}

struct Priced {
    const Job* job = nullptr;
    double cost = 0.0;  // in places of its network times simulated seconds
};

double cost_of(const Job& job) {
    const Scenario s = load_scenario(job.scenario, job.settings);
    return static_cast<double>(std::max<u32>(1, s.cohort)) * static_cast<double>(s.network.neurons) *
           s.network.synapses_per_neuron * static_cast<double>(s.duration);
}

std::vector<Priced> dearest_first(const std::vector<Job>& jobs) {
    std::vector<Priced> queue;
    for (const Job& j : jobs) queue.push_back({&j, cost_of(j)});
    std::stable_sort(queue.begin(), queue.end(),
                     [](const Priced& a, const Priced& b) { return a.cost > b.cost; });
    return queue;
}

std::string failure_text(const std::vector<std::string>& files, const std::string& title) {
    std::string text;
    for (const std::string& file : files)
        text += fmt::format("{}{}: error: the run into {} failed", text.empty() ? "" : "\n", title, file);
    return text;
}

}  // namespace

std::string job_file(const std::string& folder, const std::string& scenario, const std::string& variant) {
    const fs::path path(scenario);
    const bool is_path = path.has_parent_path() || path.extension() == ".yaml" || path.extension() == ".yml";
    // two files of one name in two folders stay apart
    boost::crc_32_type sum;
    sum.process_bytes(scenario.data(), scenario.size());
    const std::string name =
        is_path ? fmt::format("{}-{:08x}", path.stem().string(), sum.checksum()) : scenario;
    return fmt::format("{}/{}-{}.h5", folder, name, variant);
}

bool is_done(const Job& job) {
    std::error_code unknown;
    if (!fs::exists(job.file) || fs::last_write_time(job.file) <
                                     fs::last_write_time(fs::canonical("/proc/self/exe", unknown), unknown))
        return false;
    try {
        const H5File file = H5File::open(job.file);
        if (file.number_attribute("/meta", "complete", 0.0) != 1.0 ||
            file.text_attribute("/meta", "version") != version_text())
            return false;
        const Inputs inputs = load_inputs(load_scenario(job.scenario, job.settings));
        return other_inputs(file, inputs).empty();
    } catch (const Error&) {
        return false;
    }
}

std::vector<std::string> try_jobs(std::vector<Job> jobs, int at_once, const std::string& title,
                                  ProgressStyle style) {
    std::erase_if(jobs, is_done);
    const std::vector<Priced> queue = dearest_first(jobs);
    double cost = 0.0, paid = 0.0;
    for (const Priced& p : queue) cost += p.cost;
    Progress progress(style, title, 0, static_cast<Tick>(std::max<size_t>(1, queue.size())), "runs");
    std::map<pid_t, Priced> running;
    size_t next = 0, finished = 0;
    std::vector<std::string> failed;
    Exit code = Exit::kNumerical;
    while (finished < queue.size()) {
        while (next < queue.size() && running.size() < static_cast<size_t>(at_once)) {
            const pid_t child = start(*queue[next].job);
            if (child < 0) fail(Exit::kIo, "{}: error: no process can be started", title);
            running[child] = queue[next++];
        }
        // Also while the first, longest runs are under way.
        progress.show(static_cast<Tick>(finished), false, paid / cost);
        int status = 0;
        const pid_t child = waitpid(-1, &status, WNOHANG);
        if (!running.contains(child)) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            continue;
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            const Exit reason =
                WIFEXITED(status) ? static_cast<Exit>(WEXITSTATUS(status)) : Exit::kInterrupted;
            if (reason != Exit::kNumerical) code = reason;
            failed.push_back(running[child].job->file);
        }
        paid += running[child].cost;
        running.erase(child);
        ++finished;
    }
    progress.show(static_cast<Tick>(finished), true);
    if (code != Exit::kNumerical) throw Error(code, failure_text(failed, title));
    return failed;
}

void run_jobs(std::vector<Job> jobs, int at_once, const std::string& title, ProgressStyle style) {
    const std::vector<std::string> failed = try_jobs(std::move(jobs), at_once, title, style);
    if (!failed.empty()) throw Error(Exit::kNumerical, failure_text(failed, title));
}

}  // namespace respine
