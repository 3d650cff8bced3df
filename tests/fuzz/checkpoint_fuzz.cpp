// A checkpoint: its bytes, or edits of a good one, under a seal that fits them, so that the checks behind the
// seal are reached.
#include "sim/io/hdf5/journal.hpp"
#include "sim/io/run/seal.hpp"
#include "tests/fuzz/hdf5_edits.hpp"
#include "tests/fuzz/small_run.hpp"
#include "tests/fuzz/support.hpp"

using namespace respine;

namespace {

class Reader {
public:
    Reader() : sim_(fuzz::small_inputs()) {
        Recorder recorder(output_, sim_, {}, Claim::fresh(output_, false));
        fuzz::record_to(sim_, recorder, 0);
        recorder.save(sim_);
        part_ = fuzz::bytes_of(part_of(output_));
        journal_ = fuzz::bytes_of(journal_of(part_of(output_)));
        bytes_ = fuzz::bytes_of(checkpoint_of(output_));
        objects_ = fuzz::objects_of(checkpoint_of(output_));
    }

    void read(std::string_view input) {
        const bool whole = input.starts_with("respine checkpoint");
        const std::string path = folder_.write("run.h5.ckpt", whole ? input : bytes_);
        H5File held;
        if (!whole) held = fuzz::edit(path, objects_, input);
        if (whole && input.size() < kSealBytes) std::filesystem::resize_file(path, kSealBytes);
        seal(path);
        // What takes longest is read by some executions only, by the length of the input.
        const size_t part = input.size() % fuzz::kEditBytes;
        fuzz::expect_words([&] {
            const Checkpoint checkpoint(path);
            if (fuzz::heard || part == 2) check_inputs(checkpoint);
            checkpoint.of_cohort();
            checkpoint.restore(sim_);
            if (fuzz::heard || part == 1) go_on(checkpoint);
        });
    }

private:
    void check_inputs(const Checkpoint& checkpoint) const {
        fuzz::expect_words([&] { checkpoint.scenario(); });
        fuzz::expect_words([&] { checkpoint.check_inputs(sim_.inputs()); });
    }

    void go_on(const Checkpoint& checkpoint) {
        folder_.write("run.h5.part", part_);
        folder_.write("run.h5.part.journal", journal_);
        Recorder recorder(output_, sim_, {}, Claim::of_stopped_run(output_), &checkpoint);
        if (sim_.done()) return;
        sim_.advance();
        recorder.observe(sim_);
    }

    fuzz::Folder folder_;
    std::string output_ = folder_.file("run.h5"), part_, journal_, bytes_;
    std::vector<std::string> objects_;
    Simulation sim_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Reader reader;
    reader.read(fuzz::text_of(data, size));
    return 0;
}
