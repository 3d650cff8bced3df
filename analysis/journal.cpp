#include "analysis/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/texts.hpp"
#include "sim/error.hpp"
#include "sim/io/files.hpp"

namespace respine {

namespace {

struct Lines {
    std::vector<PointRecord> records;
    size_t whole_bytes = 0;  // up to the last line end
};

Lines read_lines(const std::string& path) {
    const std::string text = read_bytes(path);
    Lines lines;
    size_t number = 0;
    for (size_t from = 0, end = text.find('\n'); end != std::string::npos; from = end + 1, end = text.find('\n', from)) {
        ++number;
        try {
            lines.records.push_back(from_line(text.substr(from, end - from)));
        } catch (const std::exception&) {
            fail(Exit::kInput, "{}:{}: error: this is no record of a study; remove the line, and its point runs again", path, number);
        }
        lines.whole_bytes = end + 1;
    }
    return lines;
}

}  // namespace

std::string to_line(const PointRecord& r) {
    nlohmann::ordered_json values = nlohmann::ordered_json::array();
    for (double v : r.values) values.push_back(finite_or_null<nlohmann::ordered_json>(v));
    return json_text(nlohmann::ordered_json{{"id", r.id},           {"point", r.point},     {"status", r.ok ? "ok" : "failed"}, {"exit", r.exit_code},
                                  {"message", r.message}, {"values", values},     {"seconds", r.seconds},             {"host", r.host}},
                     -1);
}

PointRecord from_line(const std::string& line) {
    const nlohmann::json j = nlohmann::json::parse(line);
    PointRecord r{j.at("id"), j.at("point"), j.at("status") == "ok", j.at("exit"), j.at("message"), {}, j.at("seconds"), j.at("host")};
    for (const auto& v : j.at("values")) r.values.push_back(v.is_null() ? std::nan("") : v.get<double>());
    return r;
}

Journal::Journal(const std::string& path) : path_(path) {
    need_regular(path);
    fd_ = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
    if (fd_ < 0) fail(Exit::kIo, "{}: error: cannot be written{}", path, write_problem(errno));
    for (int tries = 0; flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; ++tries) {  // a file system without locks: go on
        if (tries < 20) {  // it may be in_use of another shard that looks at it
            usleep(100'000);
            continue;
        }
        close(fd_);
        fail(Exit::kIo, "{}: error: another study is at work on it; wait for it, or take another --work or --shard", path);
    }
    const Lines lines = read_lines(path);
    if (ftruncate(fd_, static_cast<off_t>(lines.whole_bytes)) != 0) fail(Exit::kIo, "{}: error: cannot be written{}", path, write_problem(errno));
}

Journal::~Journal() {
    if (fd_ >= 0) close(fd_);
}

void Journal::add(const PointRecord& record) {
    const std::string line = to_line(record) + "\n";
    if (!write_whole(fd_, line.data(), line.size()) || fdatasync(fd_) != 0) fail(Exit::kIo, "{}: error: cannot be written{}", path_, write_problem(errno));
}

std::vector<PointRecord> read_journal(const std::string& path) { return read_lines(path).records; }

bool in_use(const std::string& journal) {
    need_regular(journal);
    const int fd = open(journal.c_str(), O_RDONLY | O_CLOEXEC);
    const bool locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0) close(fd);
    return locked;
}

}  // namespace respine
