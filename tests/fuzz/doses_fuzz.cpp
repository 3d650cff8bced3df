// Tables of dose events: each is refused in words, or gives doses that a scenario could have typed.
#include <cmath>

#include "sim/io/tables/dose_table.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Folder folder;
    const std::string path = folder.write("doses.csv", fuzz::text_of(data, size));
    const std::vector<DosedCompartment> compartments = {{1, "ketamine", Route::kIv},
                                                        {2, "esketamine", Route::kNasal}};
    fuzz::expect_words([&] {
        Problems problems;
        const DoseTable table = read_dose_table(path, compartments, problems);
        problems.throw_if_any(Exit::kUsage);
        for (const Treatment& t : table.treatments) {
            if (!std::isfinite(t.dose) || t.dose < 0.0 || t.at.empty() || t.over < 0) __builtin_trap();
            if (t.subject > table.ids.size()) __builtin_trap();
        }
    });
    return 0;
}
