#include "sim/error.hpp"

#include <algorithm>
#include <filesystem>
#include <new>
#include <numeric>
#include <system_error>

namespace respine {

namespace {

size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row[b.size()];
}

}  // namespace

Error current_error() {
    try {
        throw;
    } catch (const Error& e) {
        return e;
    } catch (const std::filesystem::filesystem_error& e) {  // a name that no file can have
        return {Exit::kIo, fmt::format("{}: error: {}", e.path1().string(), e.code().message())};
    } catch (const std::system_error& e) {  // a write to a full or closed output
        return {Exit::kIo, fmt::format("respine: error: output: {}", e.code().message())};
    } catch (const std::bad_alloc&) {
        return {Exit::kNumerical, "respine: error: not enough memory"};
    } catch (const std::exception& e) {
        return {Exit::kInternal, fmt::format("respine: internal error: {}\nplease report this with the command and the output of: respine doctor", e.what())};
    }
}

void Problems::add_text(const Place& at, const std::string& message) {
    lines_.push_back(at.line > 0 ? fmt::format("{}:{}:{}: error: {}", at.file, at.line, at.column, message)
                                 : fmt::format("{}: error: {}", at.file, message));
}

void Problems::throw_if_any(Exit code) const {
    if (lines_.empty()) return;
    std::string all;
    for (const std::string& line : lines_) all += (all.empty() ? "" : "\n") + line;
    throw Error(code, all);
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
    std::string best;
    size_t least = std::max<size_t>(2, name.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const size_t d = edit_distance(name, candidate);
        if (d < least) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
    const std::string near = nearest_name(name, known);
    return near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
}

}  // namespace respine
