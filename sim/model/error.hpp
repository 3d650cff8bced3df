// Exceptions for users' mistakes and the world's; asserts are for ours. main() maps each to its documented
// exit code.
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace respine {

enum class Exit : int {
    kOk = 0,
    kMissed = 1,     // a comparison or a target missed
    kUsage = 2,      // command line or scenario
    kInput = 3,      // an input file cannot be used
    kNumerical = 4,  // the model left its physical range
    kIo = 5,         // output, disk
    kInternal = 70,
    kStopped = 75,  // ended early, with a checkpoint: worth another try
    kInterrupted = 130,
};

// A text of others for the terminal: control characters, which it would obey, as \x1b. Lines stay lines.
std::string printable(std::string_view text);

class Error : public std::runtime_error {
public:
    Error(Exit code, const std::string& what) : std::runtime_error(printable(what)), code_(code) {}
    Exit code() const { return code_; }

private:
    Exit code_;
};

// The exception that is being handled, with the words and the exit code that a user sees.
Error current_error();

template <class... Args>
[[noreturn]] void fail(Exit code, fmt::format_string<Args...> text, Args&&... args) {
    throw Error(code, fmt::format(text, std::forward<Args>(args)...));
}

// Where a value came from: a place in a file, or a --set option (line 0).
struct Place {
    std::string file;
    int line = 0, column = 0;
};

// Collects every problem of one input, so that a user sees all of them at once.
class Problems {
public:
    template <class... Args>
    void add(const Place& at, fmt::format_string<Args...> text, Args&&... args) {
        add_text(at, fmt::format(text, std::forward<Args>(args)...));
    }
    void add_text(const Place& at, const std::string& message);
    bool any() const { return !lines_.empty(); }
    size_t count() const { return lines_.size(); }
    // Throws one Error with all lines when there is any.
    void throw_if_any(Exit code) const;

private:
    std::vector<std::string> lines_;
};

// The known name that is meant, whatever its capitals: one edit away, else the first that begins with
// `name`, else the nearest one at most two edits, or a third of its length, away. "" when there is none.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

// " did you mean 'x'?" or "".
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

}  // namespace respine
