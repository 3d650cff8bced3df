#include "sim/model/error.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <new>
#include <numeric>
#include <system_error>

namespace respine {

namespace {

std::string in_small_letters(std::string_view text) {
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

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

std::string printable(std::string_view text) {
    std::string out;
    for (size_t k = 0; k < text.size(); ++k) {
        const auto byte = static_cast<unsigned char>(text[k]);
        const auto next = static_cast<unsigned char>(k + 1 < text.size() ? text[k + 1] : '\0');
        const bool high = byte == 0xc2 && next >= 0x80 && next < 0xa0;  // the second set of them, as UTF-8
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f)
            out += fmt::format("\\x{:02x}", byte);
        else if (high)
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++k]));
        else
            out += text[k];
    }
    return out;
}

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
        return {Exit::kInternal, fmt::format("respine: internal error: {}\nplease report this with the "
                                             "command and the output of: respine doctor",
                                             e.what())};
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
    const std::string wanted = in_small_letters(name);
    constexpr size_t kSlip = 1, kLeastBeginning = 3;
    std::string nearest, longer;
    size_t least = std::max<size_t>(2, name.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const std::string small = in_small_letters(candidate);
        if (const size_t d = edit_distance(wanted, small); d < least) {
            least = d;
            nearest = candidate;
        }
        if (longer.empty() && small.starts_with(wanted)) longer = candidate;
    }
    const bool begun = !longer.empty() && wanted.size() >= kLeastBeginning;
    return begun && (nearest.empty() || least > kSlip) ? longer : nearest;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
    const std::string near = nearest_name(name, known);
    return near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
}

}  // namespace respine
