"""Golden runs: small runs of every kind of network, integrator and rule, whose results stay what they are,
bit for bit.

tests/golden/digests.json has a digest of every dataset. A dataset that is new is free; one that is gone or
has other values fails here and is named. A change of results on purpose makes the digests anew, and says so
in its commit:

    RESPINE=build/release/respine RESPINE_SOURCE=. /usr/bin/python3 tests/python/test_golden.py --write

The last digits of exp and log belong to the C library and to what the processor offers it, so the digests
hold where they were made: other machines skip this test and rely on those that compare two runs of their own.
"""

import hashlib
import json
import os
import pathlib
import platform
import random
import subprocess
import sys
import tempfile
import unittest

from run_contents import contents

RESPINE = str(pathlib.Path(os.environ["RESPINE"]).resolve())
DIGESTS = pathlib.Path(os.environ["RESPINE_SOURCE"]).resolve() / "tests" / "golden" / "digests.json"
SHEET = ["network={kind: sheet, neurons: 200, synapses_per_neuron: 30}"]
SHORT = ["start=-1 d", "duration=3 d", "record.snapshots=[0 h, 1 d]", "imaging.sessions=[-1 d, 1 d]"]
OWN = """\
name: own
model: mouse
start: -12 h
duration: 2 d
network: {kind: file, file: edges.csv, nodes: nodes.csv}
stress: {severity: 1}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 30 min, snapshots: [0 h, 1 d]}
"""
RUNS = {  # scenario and settings, as for respine run --set
    "sheet": ("mouse-ketamine-10mgkg", SHEET + SHORT),
    "synapse events": ("mouse-ketamine-nbqx", SHEET + SHORT + ["record.synapse_events=true"]),
    "microcircuit": (
        "microcircuit-ketamine",
        ["network.scale=0.02", "start=-1 h", "duration=4 h", "record.snapshots=[1 h]"]
    ),
    "file": ("own.yaml", []),
    "small world": (
        "mouse-ketamine-10mgkg",
        ["network={kind: small_world, neurons: 200, synapses_per_neuron: 30}"] + SHORT
    ),
    "random": (
        "mouse-ketamine-10mgkg", ["network={kind: random, neurons: 200, synapses_per_neuron: 30}"] + SHORT
    ),
    "cohort": ("human-iv-cohort", SHEET + ["cohort.subjects=3", "start=-1 d", "duration=4 d"]),
    "growth rule": ("mouse-ketamine-10mgkg", SHEET + SHORT + ["structure.rule=growth_rule"]),
    "explicit": (
        "human-iv-single",
        [
            "network={kind: sheet, neurons: 60, synapses_per_neuron: 12}", "integrator=explicit",
            "start=-2 min", "duration=10 min", "record.snapshots=[5 min]", "imaging.sessions=[]"
        ],
    ),
    "six infusions": ("human-iv-six", SHEET + ["start=-1 d", "duration=16 d"]),
    "rat, high dose": (
        "rat-ketamine-200mgkg",
        SHEET + ["start=-1 d", "duration=2 d", "record.snapshots=[1 h]", "imaging.sessions=[]"]
    ),
    "inflammation, Met/Met": (
        "human-inflammation", SHEET + ["start=-1 d", "duration=3 d", "genotype=met/met", "seed=7"]
    ),
}


def ground():
    """What decides the last digits of exp and log."""
    flags = next((line for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
                  if line.startswith("flags")), "")
    return {
        "libc": " ".join(platform.libc_ver()), "machine": platform.machine(), "fma": " fma " in flags + " "
    }


def write_network(folder):
    """120 cells, of which three get no input."""
    draw = random.Random(2)
    types = ["E"] * 90 + ["PV"] * 18 + ["SST"] * 12
    with open(folder / "nodes.csv", "w", encoding="utf-8") as nodes:
        print("id,type,x,y,z", file=nodes)
        for k, kind in enumerate(types):
            print(
                f"n{k},{kind},{draw.uniform(0, 200):.1f},{draw.uniform(0, 200):.1f}"
                f",{draw.uniform(0, 200):.1f}",
                file=nodes)
    with open(folder / "edges.csv", "w", encoding="utf-8") as edges:
        print("source,target", file=edges)
        for target in range(3, len(types)):
            for source in draw.sample(range(len(types)), 15):
                if source != target:
                    print(f"n{source},n{target}", file=edges)
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")


def digests_of(name, folder):
    scenario, settings = RUNS[name]
    words = [word for setting in settings for word in ("--set", setting)]
    subprocess.run([RESPINE, "run", scenario, "-q", "--force", "--threads", "1", "-o", "golden.h5", *words],
                   cwd=folder, check=True, timeout=120)
    found = contents(folder / "golden.h5")
    return {
        key: hashlib.sha256(repr(found[key][:2]).encode() + found[key][2]).hexdigest()[:12]
        for key in sorted(found) if "@" not in key
    }


class Golden(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.golden = json.loads(DIGESTS.read_text(encoding="utf-8"))
        if cls.golden["ground"] != ground():
            print(f"skipped: the digests are of {cls.golden['ground']}, this is {ground()}")
            sys.exit(77)
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        write_network(cls.folder)

    def test_every_kind_of_run_is_held(self):
        self.assertEqual(set(self.golden["runs"]), set(RUNS))
        self.assertGreater(min(len(run) for run in self.golden["runs"].values()), 8)

    def test_results_are_what_they_were(self):
        for name, expected in self.golden["runs"].items():
            with self.subTest(run=name):
                found = digests_of(name, self.folder)
                self.assertEqual([key for key in expected if found.get(key) != expected[key]], [],
                                 "other values, or gone")


def write():
    with tempfile.TemporaryDirectory() as holder:
        folder = pathlib.Path(holder)
        write_network(folder)
        DIGESTS.write_text(
            json.dumps(
                {"ground": ground(), "runs": {name: digests_of(name, folder) for name in RUNS}}, indent=1
            )
            + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
