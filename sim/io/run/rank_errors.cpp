#include "sim/io/run/rank_errors.hpp"

#include <functional>
#include <optional>
#include <sstream>

#include "sim/io/hdf5/damage.hpp"
#include "sim/system/machine.hpp"

namespace respine {

namespace {

std::string own_name(const Ranks& ranks) {
    return fmt::format("rank {} of {} ({})", ranks.rank(), ranks.size(), host_name());
}

}  // namespace

void on_all_ranks(Ranks& ranks, const std::function<void()>& work) {
    constexpr double kPatience = 2.0;  // [s]
    if (ranks.size() == 1) return work();
    try {
        work();
    } catch (const CommonError&) {
        throw;
    } catch (const std::exception&) {
        const Error error = current_error();
        const std::optional<int> code = ranks.all_come(kPatience, static_cast<int>(error.code()));
        if (!code) {
            fmt::print(stderr, "{}\nrespine: {} ends the job\n", error.what(), own_name(ranks));
            leaving();
            ranks.end_job(static_cast<int>(error.code()));
        }
        throw CommonError(static_cast<Exit>(*code), ranks.root() ? error.what() : "");
    }
}

void at_root(Ranks& ranks, const std::function<void()>& work) {
    if (ranks.size() == 1) return work();
    std::optional<Error> error;
    if (ranks.root()) try {
            work();
        } catch (const std::exception&) {
            error = current_error();
        }
    const auto code = static_cast<Exit>(ranks.most(error ? static_cast<u64>(error->code()) : 0));
    if (code != Exit::kOk) throw CommonError(code, error ? error->what() : "");
}

void need_same(Ranks& ranks, const std::string& what,
               const std::vector<std::pair<std::string, std::string>>& texts) {
    if (ranks.size() == 1) return;
    std::string own = own_name(ranks) + "\n";
    for (const auto& [name, text] : texts)
        own += fmt::format("{} {:016x}\n", name, std::hash<std::string>{}(text));
    const std::vector<std::string> all = ranks.gather(own);
    for (const std::string& other : all) {
        std::istringstream one(all.front()), two(other);
        std::string first, second, name;
        std::getline(one, first), std::getline(two, name);
        while (std::getline(one, first).good() | std::getline(two, second).good())
            if (first != second) {
                const std::string& text = first.empty() ? second : first;
                fail(Exit::kInput,
                     "{}: error: {} has another {} than the root; give all ranks the same program, files and "
                     "options",
                     what, name, text.substr(0, text.find(' ')));
            }
    }
}

}  // namespace respine
