// A run file is on disk what its last flush left, whatever happened since.

#include "sim/io/hdf5/journal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "sim/io/hdf5/hdf5_file.hpp"
#include "sim/model/error.hpp"

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
    void SetUp() override { fs::create_directories(folder), fs::current_path(folder); }
    void TearDown() override { fs::current_path("/"), fs::remove_all(folder); }
    fs::path folder = fs::temp_directory_path() / ("respine-journal-" + std::to_string(::getpid()));
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
    EXPECT_FALSE(fs::exists(journal_of("a.h5")));
}

TEST_F(Journal, ReadsWhatWaits) {
    H5File file = with_rows("a.h5");
    file.append<float>("/a/rows", rows(30, 2.0F));
    const std::vector<float> found = file.read<float>("/a/rows");
    ASSERT_EQ(found.size(), 1030U);
    EXPECT_EQ(found[999], 1.0F);
    EXPECT_EQ(found[1000], 2.0F);
}

TEST_F(Journal, AWholeOneIsFinishedAndAnyOtherIsNot) {
    const std::string old(100, 'a'), text = [] {
        const Bytes bytes = journal_text({{10, {'b', 'b'}}, {50, {'c'}}}, 90);
        return std::string(bytes.begin(), bytes.end());
    }();
    std::string changed = old.substr(0, 90);
    changed.replace(10, 2, "bb").replace(50, 1, "c");
    const auto finished = [&](const std::string& journal) {
        put("a", old);
        put(journal_of("a"), journal);
        finish_journal("a");
        EXPECT_FALSE(fs::exists(journal_of("a")));
        return bytes_of("a");
    };
    EXPECT_EQ(finished(text), changed);
    for (size_t cut = 0; cut < text.size(); ++cut) EXPECT_EQ(finished(text.substr(0, cut)), old) << cut;
    for (size_t at = 0; at < text.size(); ++at) {
        std::string flipped = text;
        flipped[at] = static_cast<char>(flipped[at] ^ 1);
        EXPECT_EQ(finished(flipped), old) << at;
    }
}

TEST_F(Journal, IsFinishedWhereverTheFirstAttemptEnded) {
    const std::string old(100, 'a');
    const Pieces pieces = {{0, {'x', 'y'}}, {40, {'z'}}};
    const Bytes bytes = journal_text(pieces, 100);
    std::string changed = old;
    changed.replace(0, 2, "xy").replace(40, 1, "z");
    for (size_t done = 0; done <= 2; ++done) {  // pieces that were written before the end
        std::string half = old;
        if (done > 0) half.replace(0, 2, "xy");
        if (done > 1) half.replace(40, 1, "z");
        put("a", half);
        put(journal_of("a"), std::string(bytes.begin(), bytes.end()));
        finish_journal("a");
        EXPECT_EQ(bytes_of("a"), changed) << done;
    }
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
