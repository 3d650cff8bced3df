// Tables of subjects: each is refused in words, or tells of persons that can be.
#include <cmath>

#include "sim/io/tables/subject_table.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Folder folder;
    const std::string path = folder.write("subjects.csv", fuzz::text_of(data, size));
    fuzz::expect_words([&] {
        Problems problems;
        const SubjectTable table = read_subject_table(path, problems);
        problems.throw_if_any(Exit::kUsage);
        if (table.persons.empty()) __builtin_trap();
        for (const Person& p : table.persons)
            for (const auto& value : {p.weight, p.severity, p.inflammation, p.clearance, p.volume})
                if (value && !(std::isfinite(*value) && *value >= 0.0)) __builtin_trap();
    });
    return 0;
}
