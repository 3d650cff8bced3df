"""Damaged and foreign checkpoints are refused by name, and values that cannot be are never saved."""

import os
import random
import sys
import unittest

import h5py
from resuming import SEAL_BYTES, SHEET, Folder, reseal, reseal_part, run
from run_contents import contents

FLIPS = int(os.environ.get("RESPINE_FLIPS", "300"))


class Physical(Folder):
    def test_a_violation_names_field_neuron_and_time(self):
        self.stopped()
        path = self.folder / "b.h5.ckpt"
        with h5py.File(path, "r+") as file:
            # allowed in itself, but the drive relative to it is not
            file["state/recurrent_baseline"][17] = 1e-12
        reseal(path)
        good = path.read_bytes()
        result = run(self.folder, "--resume", "b.h5", "--checkpoint-every", "0.01s", check=4)
        self.assertRegex(
            result.stderr,
            r"^resumed: t = -?\d+ s: error: habit of neuron 17 is .* fold; it must lie in \[-0\.99, 1e\+06\]")
        self.assertIn("the last good state kept is in b.h5.ckpt", result.stderr)
        self.assertEqual(path.read_bytes(), good)


class Damaged(Folder):
    def setUp(self):
        super().setUp()
        (self.folder / "small.yaml").write_text(
            SHEET.replace("neurons: 1500, synapses_per_neuron: 100", "neurons: 60, synapses_per_neuron: 20")
            .replace("duration: 5 d", "duration: 2 d")
            .replace("[0 h, 1 h, 2 d]", "[0 h]")
            .replace("[-1 d, 0 d, 1 d, 2 d]", "[0 d]")
            .replace("  - {drug: nbqx, route: window, for: 2 h, at: 30 h}\n", ""),
            encoding="utf-8",
        )
        self.stopped("small.yaml")
        self.path, self.part = self.folder / "b.h5.ckpt", self.folder / "b.h5.part"
        self.journal = self.folder / "b.h5.part.journal"
        self.kept = {path: path.read_bytes() for path in (self.path, self.part, self.journal)}
        self.good, self.good_part = self.kept[self.path], self.kept[self.part]

    def refused(self, *messages):
        result = run(self.folder, "--resume", "b.h5")
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertRegex(result.stderr, r"^b\.h5\.(ckpt|part|part\.journal): error: ")
        for message in messages:
            self.assertIn(message, result.stderr)

    def edited(self, edit):
        self.path.write_bytes(self.good)
        self.part.write_bytes(self.good_part)
        with h5py.File(self.path, "r+") as file:
            edit(file)
        reseal(self.path)

    def test_any_flipped_bit_is_refused(self):
        """Of what a resume reads: the checkpoint, the run file and its journal."""
        randomness = random.Random(7)
        for k in range(FLIPS):
            for path, data in self.kept.items():
                path.write_bytes(data)
            path, data = list(self.kept.items())[k % 3]
            at = randomness.randrange(min(SEAL_BYTES, len(data)) if k % 4 == 0 else len(data))
            flipped = bytearray(data)
            flipped[at] ^= 1 << randomness.randrange(8)
            path.write_bytes(flipped)
            with self.subTest(file=path.name, byte=at):
                self.refused(path.name + ": error: ")
        print(f"{FLIPS} flipped bits, each told", file=sys.stderr)

    def test_a_cut_file_is_refused(self):
        for length in (0, 1, 100, SEAL_BYTES, SEAL_BYTES + 1, len(self.good) // 2, len(self.good) - 1):
            self.path.write_bytes(self.good[:length])
            with self.subTest(length=length):
                self.refused()

    def test_other_versions_and_formats_are_refused(self):
        self.edited(lambda f: f["meta"].attrs.modify("version", b"0.0.9"))
        self.refused("/meta version is respine 0.0.9; this is respine ")
        self.edited(lambda f: f.attrs.modify("format_version", 8))
        later = "written by a later version: respine-checkpoint version 8; this program reads 7: get "
        self.refused(later + "respine >= ")
        self.path.write_bytes(self.good.replace(b"respine checkpoint 7", b"respine checkpoint 8", 1))
        self.refused(later + "a later respine")
        self.path.write_bytes(self.good.replace(b"respine checkpoint 7", b"respine checkpoint 6", 1))
        self.refused("respine-checkpoint version 6; this program resumes version 7 alone")
        self.edited(lambda f: f["meta"].attrs.modify("drug_ketamine", b"name: ketamine"))
        self.refused("/meta drug_ketamine")
        self.edited(lambda f: f["meta"].attrs.modify("network_digest", b"0"))
        self.refused("/meta network_digest")
        self.edited(lambda f: f["meta"].attrs.modify("scenario", b"name: 3"))
        self.refused("/meta scenario")

    def test_values_out_of_range_are_refused(self):
        def put(name, index, value):
            def edit(file):
                file[name][index] = value
            return edit

        def resize(name, size):
            def edit(file):
                values = file[name][:]
                del file[name]
                file[name] = values[:size]
            return edit

        def remove(name):
            def edit(file):
                del file[name]
            return edit

        for edit, message in (
            (
                put("state/rate", 5, float("nan")),
                "dataset /state/rate: value 5 is nan; it must lie in [0, 10000]"
            ),
            (put("state/trkb", 1, 2.0), "dataset /state/trkb: value 1 is 2"),
            (put("state/translation", 0, 5.0), "dataset /state/translation: value 0 is 5; it must lie in "),
            (
                put("state/inflammation", 0, -0.5),
                "dataset /state/inflammation: value 0 is -0.5; it must lie in "
            ),
            (put("state/now", 0, 10**12), "dataset /state/now is 1000000000000 s"),
            (put("state/structural_from", 0, -(2**62)), "dataset /state/structural_from is -46116860184273"),
            (put("state/structural_due", 0, 10**12), "dataset /state/structural_due is 1000000000000 s"),
            (put("state/structural_due", 0, -90000), "dataset /state/structural_due is -90000 s"),
            (put("state/turned", 0, 10**6), "dataset /state/turned is 1000000 steps; it must lie in [0, "),
            (put("state/live", 0, 3), "dataset /state/live is 3"),
            (put("network/recurrent/source", 9, 10**6),
             "dataset /network/recurrent/source: value 9 is 1000000"),
            (put("network/recurrent/source", 9, 2**32 - 1), "dataset /network/recurrent/source: value 9"),
            (put("network/recurrent/live", 4, 10**9), "dataset /network/recurrent/source has "),
            (resize("network/recurrent/live", 3),
             "dataset /network/recurrent/live has 3 values; this run has "),
            (put("pharmacology/next_event", 0, 99), "dataset /pharmacology/next_event: value 0 is 99"),
            (put("recorder/next_snapshot", 0, 99), "recorder: its counters contradict each other"),
            (put("recorder/history_rows", 0, 10**6), "rows; 1000000 were recorded"),
            (resize("state/rate", 3), "dataset /state/rate has 3 values; this run has "),
            (resize("network/recurrent/birth", 3),
             "dataset /network/recurrent/birth has 3 values; the rows hold "),
            (remove("state/ampa"), "it has no dataset /state/ampa"),
            (remove("network/recurrent/log_size"), "it has no dataset /network/recurrent/log_size"),
            (remove("recorder/session"), "it has no dataset /recorder/session"),
        ):
            with self.subTest(message=message):
                self.edited(edit)
                self.refused(message)

    def test_a_missing_or_foreign_part_is_refused(self):
        self.part.unlink()
        self.assertIn("b.h5.part: error: ", run(self.folder, "--resume", "b.h5", check=3).stderr)
        self.part.write_bytes(self.good_part[:1000])
        self.refused("b.h5.part: error: damaged: its bytes 0 to 65535 are not those that were written")
        reseal_part(self.part)
        self.refused("b.h5.part: error: not a readable HDF5 file")
        self.journal.unlink()
        self.refused("b.h5.part.journal: error: no such file", "bring both back")
        self.part.write_bytes(self.good_part)
        with h5py.File(self.part, "r+") as file:
            file["meta"].attrs.modify("scenario", b"name: another")
        reseal_part(self.part)
        self.refused("b.h5.part: error: /meta scenario")
        (self.folder / "whole.h5").write_bytes(b"x")
        self.assertEqual(run(self.folder, "--resume", "nothing.h5").returncode, 3)
        self.assertEqual(run(self.folder, "--resume", "sheet.yaml").returncode, 3)

    def test_the_checkpoint_before_it_takes_over(self):
        run(self.folder, "small.yaml", "-o", "whole.h5", check=0)
        run(self.folder, "--resume", "b.h5", "--walltime", "0.001s", check=75)
        self.path.write_bytes(self.good[:-1])
        self.refused("resume from the checkpoint before it (b.h5.ckpt.prev)")
        run(self.folder, "--resume", "b.h5.ckpt.prev", "--walltime", "0.001s", check=75)
        run(self.folder, "--resume", "b.h5", check=0)
        self.same(contents(self.folder / "whole.h5"), "b.h5")


if __name__ == "__main__":
    sys.exit(unittest.main())
