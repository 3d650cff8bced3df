// An extract keeps whole rows of every k-th neuron, and says how many synapses there are in all.

#include "analysis/export/extract.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "sim/model/error.hpp"
#include "tests/temporary_folder.hpp"

namespace respine {
namespace {

constexpr u32 kNeurons = 9;

class Extract : public testing::Test {
protected:
    std::string path(const char* name) const { return folder_.file(name); }

    // Neuron i has i synapses, from neurons 0 to i - 1; the last one of each neuron was born on day `born`.
    static void write_graph(H5File& file, const std::string& group, double hours, float born) {
        std::vector<u64> offsets(kNeurons + 1, 0);
        std::vector<u32> source;
        std::vector<float> birth;
        for (u32 i = 0; i < kNeurons; ++i) {
            for (u32 s = 0; s < i; ++s) {
                source.push_back(s);
                birth.push_back(s + 1 == i ? born : -5.0F);
            }
            offsets[i + 1] = source.size();
        }
        std::vector<u64> number(source.size());
        std::iota(number.begin(), number.end(), u64{0});
        file.write_all<u64>(group + "/offsets", offsets, {{offsets.size()}, {}, false, {}}, {"1", "offsets"},
                            true);
        file.write_all<u64>(group + "/synapse", number, {{number.size()}, {}, false, {}}, {"1", "synapse"},
                            true);
        file.write_all<u32>(group + "/source", source, {{source.size()}, {group + "/synapse"}, false, {}},
                            {"1", "source"});
        file.write_all<float>(group + "/log_size", birth, {{birth.size()}, {group + "/synapse"}, false, {}},
                              {"1", "log size"});
        file.write_all<float>(group + "/birth", birth, {{birth.size()}, {group + "/synapse"}, false, {}},
                              {"d", "birth"});
        file.set_attribute(group, "time_h", hours);
    }

    void write_run() const {
        H5File file = H5File::create(path("run.h5"));
        file.set_attribute("/", "format", std::string("respine-run"));
        file.make_group("/snapshots");
        write_graph(file, "/snapshots/synapses/000", 0.0, -5.0F);
        write_graph(file, "/snapshots/synapses/001", 24.0, 0.5F);
        file.close();
    }

    test::TemporaryFolder folder_;
};

TEST_F(Extract, KeepsWholeRowsOfEveryKthNeuron) {
    write_run();
    const H5File run = H5File::open(path("run.h5"));
    write_extract(run, path("extract.h5"), 12);  // of 36 synapses
    const H5File extract = H5File::open(path("extract.h5"));
    const std::string group = "/snapshots/synapses/001";
    EXPECT_EQ(extract.text_attribute("/", "format"), "respine-run");
    EXPECT_EQ(extract.number_attribute(group, "every", 0.0), 3.0);
    EXPECT_EQ(extract.number_attribute(group, "live", 0.0), 36.0);
    EXPECT_EQ(extract.number_attribute(group, "formed", 0.0), 8.0) << "one a neuron, but neuron 0 has none";
    EXPECT_EQ(extract.number_attribute(group, "time_h", 0.0), 24.0);
    const auto offsets = extract.read<u64>(group + "/offsets");
    EXPECT_EQ(offsets, (std::vector<u64>{0, 0, 0, 0, 3, 3, 3, 9, 9, 9}));
    EXPECT_EQ(extract.read<u32>(group + "/source"), (std::vector<u32>{0, 1, 2, 0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(extract.read<float>(group + "/birth"),
              (std::vector<float>{-5, -5, 0.5F, -5, -5, -5, -5, -5, 0.5F}));
}

TEST_F(Extract, OfASmallGraphIsAllOfIt) {
    write_run();
    const H5File run = H5File::open(path("run.h5"));
    write_extract(run, path("extract.h5"), 1000);
    const H5File extract = H5File::open(path("extract.h5"));
    EXPECT_EQ(extract.read<u32>("/snapshots/synapses/000/source"),
              run.read<u32>("/snapshots/synapses/000/source"));
    EXPECT_EQ(extract.number_attribute("/snapshots/synapses/000", "every", 0.0), 1.0);
}

TEST_F(Extract, RefusesAGraphThatDoesNotHoldTogether) {
    H5File file = H5File::create(path("run.h5"));
    file.set_attribute("/", "format", std::string("respine-run"));
    file.make_group("/snapshots");
    write_graph(file, "/snapshots/synapses/000", 0.0, -5.0F);
    file.remove("/snapshots/synapses/000/offsets");
    file.write_all<u64>("/snapshots/synapses/000/offsets", std::vector<u64>{0, 40, 20, 36},
                        {{4}, {}, false, {}}, {"1", "offsets"}, true);
    file.close();
    EXPECT_THROW(write_extract(H5File::open(path("run.h5")), path("extract.h5"), 1000), Error);
}

}  // namespace
}  // namespace respine
