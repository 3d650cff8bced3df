// A run file is on disk what its last flush left, whatever happened since.

#include "sim/io/hdf5/journal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/model/error.hpp"
#include "sim/system/crc32.hpp"
#include "tests/temporary_folder.hpp"

namespace respine {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void put(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::vector<float> rows(size_t n, float value) { return std::vector<float>(n, value); }

class Journal : public testing::Test {
protected:
    void SetUp() override { fs::current_path(folder.path()); }
    void TearDown() override { fs::current_path("/"); }
    test::TemporaryFolder folder;
};

H5File with_rows(const std::string& path) {
    H5File file = H5File::create_journaled(path);
    file.make_group("/a");
    file.create_dataset<float>("/a/rows", {{0}, {}, true, {}}, {"1", "rows"});
    file.append<float>("/a/rows", rows(1000, 1.0F));
    file.flush();
    return file;
}

TEST_F(Journal, WhatIsNotFlushedLeavesTheFileAlone) {
    H5File file = with_rows("a.h5");
    const std::string before = bytes_of("a.h5");
    for (int k = 0; k < 20; ++k) {  // past what a chunk and a node of its index hold
        file.append<float>("/a/rows", rows(5000, 2.0F));
        file.set_attribute("/a", "note" + std::to_string(k), std::string(500, 'x'));
    }
    EXPECT_TRUE(bytes_of("a.h5").substr(0, before.size()) == before);
    fs::copy_file("a.h5", "killed.h5");
    EXPECT_EQ(H5File::open("killed.h5").extent("/a/rows")[0], 1000U);
    file.flush();
    fs::copy_file("a.h5", "later.h5");
    EXPECT_EQ(H5File::open("later.h5").extent("/a/rows")[0], 101000U);
    file.close();
    EXPECT_EQ(H5File::open_journaled("a.h5").extent("/a/rows")[0], 101000U);
}

TEST_F(Journal, ReadsWhatWaits) {
    H5File file = with_rows("a.h5");
    file.append<float>("/a/rows", rows(30, 2.0F));
    const std::vector<float> found = file.read<float>("/a/rows");
    ASSERT_EQ(found.size(), 1030U);
    EXPECT_EQ(found[999], 1.0F);
    EXPECT_EQ(found[1000], 2.0F);
}

// A journal with checksums of what the file holds once its pieces are in it.
Bytes journal_for(std::string file, const Pieces& pieces, u64 size) {
    for (const auto& [at, bytes] : pieces) file.replace(at, bytes.size(), bytes.data(), bytes.size());
    return journal_text({pieces, size, {crc32_of(file.data(), size)}});
}

std::string as_text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

TEST_F(Journal, AWholeOneIsFinishedAndAnyOtherIsTold) {
    const std::string old(100, 'a');
    const std::string text = as_text(journal_for(old, {{10, {'b', 'b'}}, {50, {'c'}}}, 90));
    std::string changed = old.substr(0, 90);
    changed.replace(10, 2, "bb").replace(50, 1, "c");
    const auto refused = [&](const std::string& journal) {
        put("a", old);
        put(journal_of("a"), journal);
        EXPECT_THROW(finish_journal("a"), Error);
        EXPECT_EQ(bytes_of("a"), old);
    };
    put("a", old);
    put(journal_of("a"), text);
    finish_journal("a");
    EXPECT_EQ(bytes_of("a"), changed);
    finish_journal("a");  // once more
    EXPECT_EQ(bytes_of("a"), changed);
    for (size_t cut = 0; cut < text.size(); ++cut) refused(text.substr(0, cut));
    for (size_t at = 0; at < text.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = text;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
            refused(flipped);
        }
    fs::remove(journal_of("a"));
    EXPECT_THROW(finish_journal("a"), Error);
}

TEST_F(Journal, IsFinishedWhereverTheFirstAttemptEnded) {
    const std::string old(100, 'a');
    const Pieces pieces = {{0, {'x', 'y'}}, {40, {'z'}}};
    std::string changed = old;
    changed.replace(0, 2, "xy").replace(40, 1, "z");
    for (size_t done = 0; done <= 2; ++done) {  // pieces that were written before the end
        std::string half = old;
        if (done > 0) half.replace(0, 2, "xy");
        if (done > 1) half.replace(40, 1, "z");
        put("a", half);
        put(journal_of("a"), as_text(journal_for(old, pieces, 100)));
        finish_journal("a");
        EXPECT_EQ(bytes_of("a"), changed) << done;
    }
}

TEST_F(Journal, TellsAnyFlippedBitOfTheFile) {
    std::mt19937 noise(3);  // what does not compress
    {
        H5File file = with_rows("a.h5");
        for (int k = 0; k < 4; ++k) {
            std::vector<float> values(9000);
            for (float& v : values) v = static_cast<float>(noise());
            file.append<float>("/a/rows", values);
            file.flush();
        }
        file.close();
    }
    const std::string good = bytes_of("a.h5");
    ASSERT_GT(blocks_of(good.size()), 1U);
    EXPECT_NO_THROW(finish_journal("a.h5"));
    for (size_t at = 0; at < good.size(); at += 1009) {
        std::string flipped = good;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
        put("a.h5", flipped);
        EXPECT_THROW(finish_journal("a.h5"), Error) << at;
    }
    put("a.h5", good.substr(0, good.size() - 1));
    EXPECT_THROW(finish_journal("a.h5"), Error);
    put("a.h5", good + "left behind the last flush");
    EXPECT_NO_THROW(finish_journal("a.h5"));
    EXPECT_EQ(bytes_of("a.h5"), good);
}

TEST_F(Journal, WithoutSpaceTheFileStaysWhatTheLastFlushLeft) {
    H5File file = with_rows("a.h5");
    const std::string before = bytes_of("a.h5");
    rlimit old;
    getrlimit(RLIMIT_FSIZE, &old);
    rlimit full = old;
    full.rlim_cur = before.size();  // stands for a disk that is full
    const auto then = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &full);
    EXPECT_THROW(
        {
            for (int k = 0; k < 20; ++k) file.set_attribute("/a", std::to_string(k), std::string(500, 'x'));
            file.flush();
        },
        Error);
    setrlimit(RLIMIT_FSIZE, &old);  // there is space again, but what was lost in between is lost
    std::signal(SIGXFSZ, then);
    EXPECT_THROW(file.close(), Error);
    file = H5File::nowhere();
    EXPECT_TRUE(bytes_of("a.h5").substr(0, before.size()) == before);
    EXPECT_EQ(H5File::open_journaled("a.h5").extent("/a/rows")[0], 1000U);
}

}  // namespace
}  // namespace respine
