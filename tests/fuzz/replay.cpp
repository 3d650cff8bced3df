// Runs a fuzz target once on each file of a corpus, with any compiler: an ordinary test. Each must be refused
// with the words that the table of the corpus expects, or with none. usage: fuzz_READER CORPUS
// CORPUS.expected has a line an input: its name, blanks, a part of the message or "reads"
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <vector>

#include "tests/fuzz/support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::map<std::string, std::string> expectations(const std::string& path) {
    std::map<std::string, std::string> table;
    std::ifstream in(path);
    for (std::string name, words; in >> name && std::getline(in >> std::ws, words);) table[name] = words;
    return table;
}

bool is_as_expected(const std::string& words, const std::string& said) {
    return words == "reads" ? said.empty() : said.find(words) != std::string::npos;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    std::map<std::string, std::string> table = expectations(std::string(argv[1]) + ".expected");
    std::vector<std::filesystem::path> inputs;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) inputs.push_back(entry.path());
    std::sort(inputs.begin(), inputs.end());
    int wrong = inputs.empty() ? 1 : 0;
    for (const auto& input : inputs) {
        std::fprintf(stderr, "%s\n", input.filename().c_str());  // names the one that crashes
        const std::string bytes = respine::fuzz::bytes_of(input);
        std::string said;
        respine::fuzz::heard = &said;
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        const auto row = table.extract(input.filename());
        if (row && is_as_expected(row.mapped(), said)) continue;
        ++wrong;
        std::fprintf(stderr, "  expected: %s\n  said: %s\n",
                     row ? row.mapped().c_str() : "(no line of the table)",
                     said.empty() ? "(nothing)" : said.c_str());
    }
    for (const auto& [name, words] : table)
        std::fprintf(stderr, "%s: there is no such input\n", name.c_str());
    return wrong || !table.empty() ? 1 : 0;
}
