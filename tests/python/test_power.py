"""Power that fails during a run, at any sync and between: the newest checkpoint that lasts, or the one before
it, goes on to the same bits.

Every act of a run on its files is recorded, replayed up to a cut, and what came after the last syncs is lost,
or torn. A part of the cuts; with RESPINE_LARGE=1 all of them.
"""

import copy
import os
import pathlib
import random
import shutil
import subprocess
import sys
import unittest

from faults import preload
from program_case import RESPINE, ProgramCase
from run_contents import contents, differences

FAULTS = pathlib.Path(__file__).parents[1] / "faults"
sys.path.insert(0, str(FAULTS))
from disk import Disk, read_log  # noqa: E402

LARGE = bool(os.environ.get("RESPINE_LARGE"))
CUTS = None if LARGE else 24  # syncs; None is all of them
TORN = 3 if LARGE else 1      # ways in which what is not synced may be torn, for each
INPUT = 3
SHEET = """\
name: power
model: mouse
start: -1 d
duration: 3 d
seed: 3
network: {kind: sheet, neurons: 300, synapses_per_neuron: 20}
overrides: {clock.longest_structural: 30 min}
stress: {severity: 1.0}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
imaging: {sessions: [0 h, 1 h], dendrites: 8}
record: {history: 10 min, snapshots: [0 h, 1 h, 1 d], synapse_events: true}
"""


class Power(ProgramCase):
    def setUp(self):
        super().setUp()
        recorder = preload("record_writes", self.folder)
        self.write("sheet.yaml", SHEET)
        recorded = self.folder / "recorded"
        recorded.mkdir()
        subprocess.run([RESPINE, "run", "-q", "../sheet.yaml", "-o", "a.h5", "--checkpoint-every", "0.001s"],
                       cwd=recorded, check=True, timeout=100,
                       env={**os.environ, "LD_PRELOAD": str(recorder), "FAULT_FOLDER": str(recorded),
                            "FAULT_LOG": str(self.folder / "log")})
        self.acts = read_log(self.folder / "log")
        self.reference = contents(recorded / "a.h5")
        self.whole = {path.name: path.read_bytes() for path in recorded.iterdir()}

    def test_the_record_is_complete(self):
        """All acts together leave the files that the run left."""
        disk = Disk()
        for act in self.acts:
            disk.do(act)
        for seen in disk.seen.values():
            seen.sync()
        self.assertEqual({name: bytes(seen.lasting) for name, seen in disk.seen.items()}, self.whole)

    def test_every_cut_goes_on_to_the_same_bits(self):
        count = {"resumed": 0, "from the checkpoint before": 0, "finished": 0, "not begun": 0}
        for words, left, lasting in cuts(self.acts, CUTS):
            with self.subTest(cut=words, left=sorted(left)):
                count[self.outcome(left, lasting)] += 1
        print(f"{sum(count.values())} cuts: {count}", file=sys.stderr)
        self.assertGreater(count["resumed"], sum(count.values()) // 2)

    def test_a_sync_that_is_missing_is_found(self):
        """The same without the syncs of what gets a new name: some cut finds bytes that never came."""
        without = [act for act in self.acts if act.kind != "sync" or not act.name.endswith(".new")]
        with self.assertRaises(AssertionError):
            for _, left, lasting in cuts(without, None):
                self.outcome(left, lasting)

    def outcome(self, left, lasting):
        """How it goes on from what is left on the disk; `lasting`: the names that must be there."""
        place = self.folder / "cut"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name, data in left.items():
            (place / name).write_bytes(data)
        how = "finished"
        if "a.h5" not in left or "a.h5.ckpt" in left:
            if not {"a.h5.ckpt", "a.h5.ckpt.prev"} & set(left):
                self.assertNotIn("a.h5.ckpt", lasting, "a checkpoint that lasted is gone")
                return "not begun"
            how, done = "resumed", self.go_on(place, "a.h5")
            if done.returncode == INPUT and "a.h5.ckpt.prev" in left:
                how, done = "from the checkpoint before", self.go_on(place, "a.h5.ckpt.prev")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(differences(self.reference, contents(place / "a.h5")), [])
        return how

    def go_on(self, place, name):
        return subprocess.run([RESPINE, "run", "-q", "--resume", name], cwd=place, capture_output=True,
                              text=True, check=False, timeout=100)


def cuts(acts, most):
    """(where it is, {name: bytes} that are left, names that last), for so many of the syncs, or for all."""
    syncs = [k for k, act in enumerate(acts) if act.kind == "sync"]
    chosen = syncs if most is None else random.Random(2).sample(syncs, min(most, len(syncs)))
    following = dict(zip(syncs, syncs[1:] + [len(acts)]))
    disk = Disk()
    for k, act in enumerate(acts):
        disk.do(act)
        if k not in chosen:
            continue
        yield f"sync {k}, the rest lost", disk.after(None), disk.lasting
        for seed in range(TORN):
            randomness = random.Random(1000 * k + seed)
            further = copy.deepcopy(disk)
            for later in acts[k + 1:randomness.randint(k + 1, following[k])]:
                further.do(later)
            yield f"sync {k}, the rest torn ({seed})", further.after(randomness), further.lasting


if __name__ == "__main__":
    unittest.main()
