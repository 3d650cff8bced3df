#include "analysis/study/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "sim/model/error.hpp"
#include "sim/model/format_version.hpp"
#include "sim/system/files.hpp"
#include "sim/system/quoting.hpp"

namespace respine {

namespace {

struct Lines {
    std::vector<PointRecord> records;
    size_t whole_bytes = 0;  // up to the last line end
};

Lines read_lines(const std::string& path) {
    const std::string text = read_bytes(path);
    Lines lines;
    Problems problems;
    int number = 0;
    for (size_t from = 0, end = text.find('\n'); end != std::string::npos;
         from = end + 1, end = text.find('\n', from)) {
        ++number;
        try {
            lines.records.push_back(from_line(text.substr(from, end - from)));
        } catch (const Error& e) {
            problems.add_text({path, number, 1}, e.what());
        } catch (const std::exception&) {
            problems.add({path, number, 1},
                         "this is no record of a study; remove the line, and its point runs again");
        }
        lines.whole_bytes = end + 1;
    }
    problems.throw_if_any(Exit::kInput);
    return lines;
}

void need(bool good, const char* what) {
    if (!good) throw std::invalid_argument(what);
}

bool is_id(const std::string& text) {
    return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// Takes the values of one more run of the same inputs.
void add_values(PointRecord& known, const PointRecord& more, const std::string& path) {
    for (const auto& [definition, value] : more.values)
        if (const auto [at, added] = known.values.emplace(definition, value);
            !added && !same(at->second, value))
            fail(Exit::kInput,
                 "{}: error: point {} was run twice with different results ({}: {} and {}); the machines or "
                 "builds differ",
                 path, more.point, definition, at->second, value);
}

}  // namespace

std::string to_line(const PointRecord& r) {
    nlohmann::ordered_json values = nlohmann::ordered_json::object();
    for (const auto& [definition, value] : r.values)
        values[definition] = finite_or_null<nlohmann::ordered_json>(value);
    nlohmann::ordered_json line = {{"format_version", kJournalVersion},
                                   {"id", r.id},
                                   {"point", r.point},
                                   {"status", r.ok ? "ok" : "failed"}};
    if (!r.ok) line["retry"] = r.retry;
    line.update({{"exit", r.exit_code},
                 {"message", r.message},
                 {"values", values},
                 {"seconds", r.seconds},
                 {"host", r.host}});
    return json_text(line, -1);
}

PointRecord from_line(const std::string& line) {
    const nlohmann::json j = nlohmann::json::parse(line);
    // Lines of 0.1.0 do not say theirs, which is 1, or 0 where their values have no names.
    if (const double version = j.value("format_version", double{kJournalVersion}); version > kJournalVersion)
        throw Error(Exit::kInput, version_fault(kJournalFormat, version, kJournalVersion));
    const std::string status = j.at("status");
    const nlohmann::json &point = j.at("point"), &code = j.at("exit"), &values = j.at("values");
    need(is_id(j.at("id")) && (status == "ok" || status == "failed"), "id or status");
    need(point.is_number_unsigned() && point.get<u64>() < (1ULL << 32), "point");
    need(code.is_number_integer() && j.at("seconds").is_number() && j.at("message").is_string(),
         "exit, seconds or message");
    need(values.is_object() || values.is_array(), "values");
    PointRecord r{.id = j.at("id"),
                  .point = point,
                  .ok = status == "ok",
                  .exit_code = code,
                  .message = j.at("message"),
                  .seconds = j.at("seconds"),
                  .host = j.at("host")};
    if (!r.ok && j.contains("retry")) r.retry = j.at("retry").get<bool>();
    if (values.is_array()) return r;  // version 0, whose ids are of other points
    for (const auto& [definition, value] : values.items()) {
        need(value.is_null() || value.is_number(), "value");
        r.values.emplace(definition, value.is_null() ? std::nan("") : value.get<double>());
    }
    return r;
}

Journal::Journal(const std::string& path) : path_(path) {
    need_regular(path);
    fd_ = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
    if (fd_ < 0) fail(Exit::kIo, "{}: error: cannot be written{}", path, write_problem(errno));
    for (int tries = 0; flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
         ++tries) {        // a file system without locks: go on
        if (tries < 20) {  // it may be in use of another shard that looks at it
            usleep(100'000);
            continue;
        }
        close(fd_);
        fail(Exit::kIo,
             "{}: error: another study is at work on it; wait for it, or take another --work or --shard",
             path);
    }
    const Lines lines = read_lines(path);
    if (ftruncate(fd_, static_cast<off_t>(lines.whole_bytes)) != 0)
        fail(Exit::kIo, "{}: error: cannot be written{}", path, write_problem(errno));
}

Journal::~Journal() {
    if (fd_ >= 0) close(fd_);
}

void Journal::need_file() const {
    struct stat open_one, named;
    const bool there = fstat(fd_, &open_one) == 0 && stat(path_.c_str(), &named) == 0;
    if (there && open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev) return;
    fail(Exit::kIo,
         "{}: error: the journal was removed or replaced while the study was at work on it, and what it held "
         "is lost; run the study again",
         path_);
}

void Journal::add(const PointRecord& record) {
    need_file();
    const std::string line = to_line(record) + "\n";
    if (!write_whole(fd_, line.data(), line.size()) || fdatasync(fd_) != 0)
        fail(Exit::kIo, "{}: error: cannot be written{}", path_, write_problem(errno));
}

std::vector<PointRecord> read_journal(const std::string& path) { return read_lines(path).records; }

const PointRecord* Tries::record(const std::vector<std::string>& definitions) const {
    const auto held = [&](const std::string& d) { return good->values.contains(d); };
    if (good && std::all_of(definitions.begin(), definitions.end(), held)) return &*good;
    return bad ? &*bad : nullptr;
}

TriesById read_journals(const std::vector<std::string>& paths) {
    TriesById known;
    for (const std::string& path : paths)
        for (PointRecord& r : read_lines(path).records) {
            Tries& tries = known[r.id];
            if (!r.ok)
                tries.bad = std::move(r);
            else if (!tries.good)
                tries.good = std::move(r);
            else
                add_values(*tries.good, r, path);
        }
    return known;
}

bool in_use(const std::string& journal) {
    need_regular(journal);
    const int fd = open(journal.c_str(), O_RDONLY | O_CLOEXEC);
    const bool locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0) close(fd);
    return locked;
}

}  // namespace respine
