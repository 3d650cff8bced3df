#include "sim/company.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <sstream>

namespace respine {

namespace {

std::string own_name(const Ranks& ranks) {
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    return fmt::format("rank {} of {} ({})", ranks.rank(), ranks.size(), host);
}

u64 digest_of(const std::string& text) {  // FNV-1a
    u64 digest = 14695981039346656037ULL;
    for (const char c : text) digest = (digest ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return digest;
}

}  // namespace

void in_company(Ranks& ranks, const std::function<void()>& work) {
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

void need_same(Ranks& ranks, const std::string& what, const std::vector<std::pair<std::string, std::string>>& texts) {
    if (ranks.size() == 1) return;
    std::string own = own_name(ranks) + "\n";
    for (const auto& [name, text] : texts) own += fmt::format("{} {:016x}\n", name, digest_of(text));
    const std::vector<std::string> all = ranks.gather(own);
    for (const std::string& other : all) {
        std::istringstream one(all.front()), two(other);
        std::string first, second, name;
        std::getline(one, first), std::getline(two, name);
        while (std::getline(one, first).good() | std::getline(two, second).good())
            if (first != second)
                fail(Exit::kInput, "{}: error: {} has another {} than the root; give all ranks the same program, files and options", what, name,
                     first.substr(0, first.find(' ')));
    }
}

}  // namespace respine
