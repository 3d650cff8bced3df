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
from scipy import stats

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
sys.path[:0] = [str(SOURCE / "analysis/python/infer"), str(SOURCE / "analysis/python")]

from likelihood import Likelihood  # noqa: E402
from problem import Problem, value_of  # noqa: E402

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
                (self.folder / "first" / name).read_bytes(), (self.folder / other / name).read_bytes(), name
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
        settings = ("network.neurons=100", "network.synapses_per_neuron=20", "duration=6 d", "record.snapshots=[]")
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
        (self.folder / "mine.csv").write_text("scenario,quantity,time,value,sd\nmouse-vehicle,bdnf,1 h,1,0.1\n")
        respine(self.folder, "compare", "v.h5", "k.h5", "--figures", "figures", "--targets", "mine.csv", *ensemble)
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
            self.folder, "run", "mouse-vehicle", "--seeds", "2", "--ensemble", "whole/posterior.h5", code=2
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


class Parts(unittest.TestCase):
    def test_a_study_is_normal_with_what_its_rows_share(self):
        """Against the whole covariance matrix, as SciPy has it."""
        problem = type("P", (), {})()
        problem.targets = [None] * 5
        problem.directed = numpy.array([False, False, False, True, False])
        problem.study = numpy.array([0, 0, 1, 1, 0])
        rng = numpy.random.default_rng(1)
        z, variance = rng.normal(size=(3, 5)), rng.random((3, 5))
        study, row = rng.random(3), rng.random(3)
        got = Likelihood(problem)(z, variance, study, row)
        for k in range(3):
            d = 1 + variance[k] + row[k] ** 2
            cov = numpy.diag(d[[0, 1, 4]]) + study[k] ** 2
            want = stats.multivariate_normal(numpy.zeros(3), cov).logpdf(z[k, [0, 1, 4]])
            want += stats.norm.logpdf(z[k, 2], 0, numpy.sqrt(d[2] + study[k] ** 2))
            want += stats.norm.logcdf((z[k, 3] - 2) / numpy.sqrt(d[3] + study[k] ** 2))
            self.assertAlmostEqual(got[k], want, 10)

    def test_laws_are_those_of_the_program(self):
        """The program's own list of a Latin hypercube, through the laws of both."""
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "laws.yaml").write_text(
                SPEC.replace(
                    "- {key: bdnf.release}", "- {key: bdnf.release, law: log_normal, low: 1, high: 9}"
                ).replace(
                    "- {key: formation.gain}", "- {key: formation.gain, law: normal, low: 3, high: 9}"
                )
            )
            with subprocess.Popen(
                [RESPINE, "infer", "laws.yaml", "--work", "w", "-q", "--jobs", "1"],
                cwd=folder,
                start_new_session=True,
            ) as going:
                journal = pathlib.Path(folder, "w/wave-1/journal-1-of-1.jsonl")
                while not (journal.exists() and journal.read_text()):
                    time.sleep(0.05)
                os.killpg(going.pid, signal.SIGTERM)
            plan = json.loads(pathlib.Path(folder, "w/plan.json").read_text())
            points = numpy.loadtxt(pathlib.Path(folder, "w/points-1.csv"), delimiter=",", skiprows=1)
        for p, u in zip(plan["parameters"], points[0]):
            low, high = p["low"], p["high"]
            x = stats.norm.ppf(u) / stats.norm.ppf(0.975)
            want = {
                "log_normal": numpy.sqrt(low * high) * numpy.sqrt(high / low) ** x,
                "normal": (low + high) / 2 + x * (high - low) / 2,
                "uniform": low + u * (high - low),
                "log_uniform": low * (high / low) ** u,
            }[p["law"]]
            self.assertAlmostEqual(float(value_of(p, u)) / want, 1, 12)

    def test_emulator_finds_a_smooth_function_and_tells_its_noise(self):
        from emulator import Emulator

        rng = numpy.random.default_rng(2)
        problem = type("P", (), {"plan": {"seed": 1}})()
        problem.points = rng.random((200, 4))
        problem.wave = numpy.ones(200)
        u = problem.points
        clean = numpy.column_stack([3 * numpy.sin(3 * u[:, 0]) + 4 * u[:, 1] ** 2, numpy.full(200, 1.5)])
        problem.rows = clean + numpy.column_stack([0.2 * rng.standard_normal(200), numpy.zeros(200)])
        emulator = Emulator(problem)
        new = rng.random((500, 4))
        z, variance = emulator(new)
        truth = 3 * numpy.sin(3 * new[:, 0]) + 4 * new[:, 1] ** 2
        self.assertLess(numpy.sqrt(((z[:, 0] - truth) ** 2).mean()), 0.1)
        self.assertAlmostEqual(float(numpy.sqrt(variance[:, 0]).mean()), 0.2, delta=0.06)
        self.assertTrue(numpy.allclose(z[:, 1], 1.5))


if __name__ == "__main__":
    unittest.main()
