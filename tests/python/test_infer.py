"""respine infer from end to end on a network of a hundred neurons: whole, killed and resumed, and in shards
the bytes are the same; the ensemble serves the other commands; and its parts against slow references.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import h5py
import numpy

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
sys.path[:0] = [str(SOURCE / "analysis/python/infer"), str(SOURCE / "analysis/python")]

from problem import Problem  # noqa: E402

SPEC = """name: small
title: "three parameters from seven rows"
set: {network.neurons: 100, network.synapses_per_neuron: 20, duration: 10 d}
infer:
  - {key: bdnf.release}
  - {key: formation.gain}
  - {key: signalling.pool_decay}
targets: [bdnf-30min, bdnf-8h, mtor-pulse, protein-72h, density-d1, density-d3, density-d5]
waves: {count: 2, points: 24, repeats: 4}
sampler: {walkers: 40, steps: 200, members: 20}
"""


def respine(folder, *words, code=0):
    done = subprocess.run(
        [RESPINE, *words], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done


class Infer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        (cls.folder / "small.yaml").write_text(SPEC)
        cls.said = respine(
            cls.folder, "infer", "small.yaml", "--work", "whole", "--leave-out", "--check", "20", "-q"
        )
        cls.found = json.loads((cls.folder / "whole/posterior.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def same(self, other):
        for name in (
            "points-2.csv",
            "values-1.csv",
            "values-2.csv",
            "posterior.h5",
            "summary.txt",
            "posterior.html",
        ):
            self.assertEqual(
                (self.folder / "first" / name).read_bytes(),
                (self.folder / other / name).read_bytes(),
                name,
            )

    def test_says_what_was_learnt(self):
        self.assertIn("of 3 parameters the data say something about", self.said.stdout.splitlines()[0])
        self.assertIn("each study left out in turn", self.said.stdout)
        self.assertIn("calibration on 20 data sets", self.said.stdout)
        widths = [p["width"] for p in self.found["parameters"]]
        self.assertTrue(all(0 < w < 1.6 for w in widths), widths)
        self.assertLess(min(widths), 0.95)

    def test_killed_and_resumed_and_sharded_give_the_bytes_of_the_whole(self):
        respine(self.folder, "infer", "small.yaml", "--work", "first", "-q")
        killed = subprocess.Popen(
            [RESPINE, "infer", "small.yaml", "--work", "killed", "-q"],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        journal = self.folder / "killed/wave-1/journal-1-of-1.jsonl"
        for _ in range(600):
            if journal.exists() and journal.read_bytes().count(b"\n") > 5:
                break
            time.sleep(0.1)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        self.assertFalse((self.folder / "killed/values-1.csv").exists())
        respine(self.folder, "infer", "small.yaml", "--work", "killed", "-q")
        self.same("killed")
        for round_of_both in range(3):
            for shard in ("1/2", "2/2"):
                done = respine(
                    self.folder, "infer", "small.yaml", "--work", "parts", "--shard", shard, "-q"
                )
            if round_of_both == 0:
                self.assertIn("runs of other shards are missing", done.stdout)
        self.same("parts")

    def test_one_parameter_is_enough(self):
        spec = SPEC.replace("  - {key: formation.gain}\n  - {key: signalling.pool_decay}\n", "")
        spec = spec.replace("count: 2, points: 24, repeats: 4", "count: 1, points: 20, repeats: 2")
        (self.folder / "one.yaml").write_text(spec.replace("steps: 200", "steps: 100"))
        said = respine(self.folder, "infer", "one.yaml", "--work", "one", "-q").stdout
        self.assertIn("small: of 1 parameter the data say something about ", said)
        self.assertNotIn("Pairs", (self.folder / "one/posterior.html").read_text(encoding="utf-8"))

    def test_another_specification_in_the_same_folder_is_refused(self):
        (self.folder / "other.yaml").write_text(SPEC.replace("24", "25"))
        said = respine(self.folder, "infer", "other.yaml", "--work", "whole", code=5).stderr
        self.assertIn("belongs to another specification", said)

    def test_predictions_are_frozen_before_they_are_scored(self):
        from leave_out import score

        copy = self.folder / "copy"
        shutil.copytree(self.folder / "whole", copy)
        problem = Problem(str(copy))
        self.assertEqual(score(problem), self.found["left_out"])
        text = (copy / "predictions.json").read_text()
        self.assertNotIn('"value"', text)
        (copy / "predictions.json").write_text(text.replace("0.", "0.0", 1))
        with self.assertRaises(SystemExit):
            score(problem)

    def test_the_ensemble_is_a_file_that_opens_anywhere(self):
        with h5py.File(self.folder / "whole/posterior.h5") as file:
            keys = [k.decode() for k in file["parameters/key"][:]]
            values = file["members/value"][:]
            self.assertEqual(keys, ["bdnf.release", "formation.gain", "signalling.pool_decay"])
            self.assertEqual(values.shape, (20, 3))
            self.assertAlmostEqual(file["members/weight"][:].sum(), 1.0)
            low, high = file["parameters/low"][:], file["parameters/high"][:]
            self.assertTrue(((values[:, 1] >= low[1]) & (values[:, 1] <= high[1])).all())

    def test_run_compare_validate_and_study_take_it(self):
        settings = (
            "network.neurons=100",
            "network.synapses_per_neuron=20",
            "duration=6 d",
            "record.snapshots=[]",
        )
        small = ["-q", *(word for s in (*settings, "imaging.sessions=[]") for word in ("--set", s))]
        ensemble = ["--ensemble", "whole/posterior.h5", "--members", "4"]
        respine(self.folder, "run", "mouse-ketamine-10mgkg", "-o", "k.h5", *small)
        respine(self.folder, "run", "mouse-vehicle", "-o", "v.h5", *small)
        respine(self.folder, "run", "mouse-ketamine-10mgkg", "-o", "e.h5", *small, *ensemble)
        with h5py.File(self.folder / "whole/posterior.h5") as file, h5py.File(
            self.folder / "e-member7.h5"
        ) as run:
            gain = file["members/value"][6, 1]
            scenario = run["meta"].attrs["scenario"]
            scenario = scenario.decode() if isinstance(scenario, bytes) else scenario
            self.assertIn("member: 7", scenario)
            self.assertIn(f"formation.gain: {gain}"[:22], scenario)
        table = respine(self.folder, "compare", "v.h5", "k.h5", "--reference", "v.h5", *ensemble).stdout
        self.assertIn("Median and 90 % band over the members", table)
        self.assertIn("mouse-vehicle (reference)", table)
        bands = json.loads(respine(self.folder, "compare", "v.h5", "k.h5", "--json", *ensemble).stdout)
        some = next(m for m in bands["measures"] if m["arms"]["mouse-ketamine-10mgkg"]["n"] == 4)
        band = some["arms"]["mouse-ketamine-10mgkg"]["band"]
        self.assertEqual(band, sorted(band))
        (self.folder / "mine.csv").write_text(
            "scenario,quantity,time,value,sd\nmouse-vehicle,bdnf,1 h,1,0.1\n"
        )
        respine(
            self.folder,
            "compare",
            "v.h5",
            "k.h5",
            "--figures",
            "figures",
            "--targets",
            "mine.csv",
            *ensemble,
        )
        self.assertTrue((self.folder / "figures/chain.png").exists())
        self.members_are_what_the_bands_say()
        page = respine(self.folder, "view", "k.h5", "-o", "page.html", *ensemble)
        self.assertIn("1 run", page.stdout)
        said = respine(self.folder, "validate", "--only", "bdnf-30min", "--quick", "-q", *ensemble).stdout
        self.assertIn("90 % of the members", said)
        (self.folder / "study.yaml").write_text(
            "name: s\nscenario: mouse-ketamine-10mgkg\n"
            "set: {network.neurons: 100, network.synapses_per_neuron: 20, "
            "duration: 6 d, imaging.sessions: []}\noutcomes: [{name: b, quantity: bdnf, take: peak}]\n"
        )
        respine(self.folder, "study", "run", "study.yaml", "-q", *ensemble)
        lines = (self.folder / "study-s/results.csv").read_text().splitlines()
        self.assertEqual(lines[0].split(",")[:3], ["point", "arm", "member"])
        self.assertEqual(len(lines), 5)

    def members_are_what_the_bands_say(self):
        work = self.folder / "members"
        curves = []
        for path in sorted((work / "k").glob("*.h5")):
            with h5py.File(path) as run:
                curves.append(run["history/protein_pool"][:])
        self.assertEqual(len(curves), 4)
        with h5py.File(work / "k-bands.h5") as run:
            self.assertEqual(run["meta"].attrs["members"], 4)
            want = numpy.quantile(numpy.array(curves, float), [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
            numpy.testing.assert_allclose(run["history/protein_pool_quantiles"][:].T, want, rtol=1e-6)
            numpy.testing.assert_allclose(run["history/protein_pool"][:], want[2], rtol=1e-6)

    def test_mistakes_are_told(self):
        self.assertIn(
            "there is no ensemble 'moose'; did you mean 'mouse'?",
            respine(self.folder, "run", "mouse-vehicle", "--ensemble", "moose", code=2).stderr,
        )
        self.assertIn(
            "has 20",
            respine(
                self.folder,
                "run",
                "mouse-vehicle",
                "--ensemble",
                "whole/posterior.h5",
                "--members",
                "21",
                code=2,
            ).stderr,
        )
        respine(
            self.folder,
            "run",
            "mouse-vehicle",
            "--seeds",
            "2",
            "--ensemble",
            "whole/posterior.h5",
            code=2,
        )
        (self.folder / "not.h5").write_text("no")
        respine(self.folder, "run", "mouse-vehicle", "--ensemble", "not.h5", code=3)

    def test_measurements_of_ones_own_are_targets_too(self):
        (self.folder / "mine.csv").write_text(
            "scenario,quantity,time,value,sd\nmouse-ketamine-10mgkg,bdnf,1 h,1.1,0.05\n"
        )
        said = respine(
            self.folder, "infer", "small.yaml", "--targets", "mine.csv", "--work", "mine", "--dry-run"
        ).stdout
        self.assertIn("3 parameters from 8 targets", said)


if __name__ == "__main__":
    unittest.main()
