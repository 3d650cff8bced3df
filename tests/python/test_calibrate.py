"""respine calibrate from end to end: data made by the model itself, from which the fit must find the
parameters again.
"""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy
import yaml

RESPINE = os.environ["RESPINE"]
SMALL = {"network.neurons": "100", "network.synapses_per_neuron": "30"}
TRUTH = {"bdnf.release": (3.2, "1/h"), "signalling.pool_decay": (66.0, "h")}
POINTS = 36  # of the fit: the start and 35 of BOBYQA, whose first is the start again


def respine(folder, *words):
    return subprocess.run([RESPINE, *words], cwd=folder, capture_output=True, text=True, timeout=120,
                          check=False)


def specification(targets, more=""):
    rows = "".join(f"  - {row}\n" for row in targets)
    return (
        "name: again\nparameters:\n  - {path: bdnf.release}\n  - {path: signalling.pool_decay}\ntargets:\n"
        f"{rows}seeds: 1\nfirst_seed: 5\nnetwork: {{neurons: 100, synapses_per_neuron: 30}}\nglobal: 0\n"
        f"{more}")


def evaluations(work):
    with open(work / "evaluations.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Calibrate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        settings = [f"{k}={v}"
                    for k, v in SMALL.items()] + [f"{k}={v} {unit}" for k, (v, unit) in TRUTH.items()]
        made = respine(cls.folder, "run", "mouse-ketamine-10mgkg", "-q", "-o", "truth.h5", "--seed", "5",
                       *[w for s in settings for w in ("--set", s)])
        assert made.returncode == 0, made.stderr
        with h5py.File(cls.folder / "truth.h5") as file:  # read without the code that measures targets
            time = file["history/time"][:]
            bdnf, pool = (float(numpy.interp(t, time, file["history"][name][:]))
                          for name, t in (("bdnf", 0.5), ("protein_pool", 72.0)))
        cls.rows = [
            f"{{id: bdnf-30min, value: {bdnf}, low: {bdnf - 0.01}, high: {bdnf + 0.01}}}",
            f"{{id: protein-72h, value: {pool}, low: {pool - 0.05}, high: {pool + 0.05}}}"
        ]
        (cls.folder / "fit.yaml").write_text(specification(cls.rows, "local: 25\n"), encoding="utf-8")
        cls.fit = respine(cls.folder, "calibrate", "fit.yaml", "--work", "fit", "--json", "-q")
        assert cls.fit.returncode == 0, cls.fit.stderr
        cls.report = json.loads(cls.fit.stdout)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_what_made_the_data_is_found_again(self):
        found = {p["path"]: p for p in self.report["parameters"]}
        self.assertEqual({k: p["start"] for k, p in found.items()},
                         {"bdnf.release": 7.5, "signalling.pool_decay": 85.0})
        for path, (true, unit) in TRUTH.items():
            self.assertEqual(found[path]["unit"], unit)
            print(
                f"{path}: true {true:g}, start {found[path]['start']:g}, recovered {found[path]['best']:.6g} "
                f"{unit}"
            )
            self.assertAlmostEqual(found[path]["best"] / true, 1.0, delta=0.01, msg=path)
            self.assertEqual(found[path]["at_bound"], "")
        self.assertGreater(self.report["total_before"], 1.0)
        self.assertLess(self.report["total_after"], 1e-4)

    def test_best_point_serves_as_overrides(self):
        best = yaml.safe_load((self.folder / "fit/best.yaml").read_text(encoding="utf-8"))["overrides"]
        self.assertEqual(best,
                         {p["path"]: f"{p['best']:.12g} {p['unit']}" for p in self.report["parameters"]})
        scenario = (pathlib.Path(os.environ["RESPINE_SOURCE"]) /
                    "configs/scenarios/mouse-ketamine-10mgkg.yaml").read_text(encoding="utf-8")
        (self.folder / "best-fit.yaml").write_text(
            scenario + (self.folder / "fit/best.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        checked = respine(self.folder, "check", "best-fit.yaml")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertEqual(yaml.safe_load(checked.stdout)["overrides"], best)

    def test_every_evaluation_is_in_the_file_and_no_run_is_left(self):
        rows = evaluations(self.folder / "fit")
        self.assertEqual(len(rows), self.report["evaluated"])
        self.assertLess(len(rows), POINTS)
        points = [(r["bdnf.release"], r["signalling.pool_decay"]) for r in rows]
        self.assertEqual(len(set(points)), len(points), "a point was simulated twice")
        self.assertEqual(min(float(r["total"]) for r in rows), self.report["total_after"])
        for row in rows:
            self.assertAlmostEqual(
                float(row["loss:bdnf-30min"]) + float(row["loss:protein-72h"]), float(row["total"]), places=9)
        self.assertEqual(sorted(p.name for p in (self.folder / "fit").iterdir()),
                         ["best.yaml", "evaluations.csv", "inputs.txt", "lock", "spec.yaml"])

    def test_resumed_gives_the_same_bits_and_repeats_nothing(self):
        shutil.copytree(self.folder / "fit", self.folder / "resumed")
        whole = (self.folder / "fit/evaluations.csv").read_bytes()
        lines = whole.splitlines(keepends=True)
        kept = len(lines) - 6  # the header among them
        (self.folder / "resumed/evaluations.csv").write_bytes(b"".join(lines[:kept]) + lines[kept][:11])
        (self.folder / "resumed/best.yaml").unlink()
        (self.folder / "resumed/runs").mkdir()
        (self.folder / "resumed/runs/left-by-a-kill.h5.part").touch()
        again = respine(self.folder, "calibrate", "fit.yaml", "--work", "resumed", "--json", "-q")
        self.assertEqual(again.returncode, 0, again.stderr)
        report = json.loads(again.stdout)
        self.assertEqual((report["evaluated"], report["known"]), (6, kept - 1))
        self.assertEqual((self.folder / "resumed/evaluations.csv").read_bytes(), whole)
        for key in ("parameters", "targets", "total_before", "total_after"):
            self.assertEqual(report[key], self.report[key])
        self.assertFalse((self.folder / "resumed/runs").exists())
        best = [(self.folder / work / "best.yaml").read_text(encoding="utf-8") for work in ("fit", "resumed")]
        self.assertEqual(best[0], best[1])

    def test_held_back_targets_do_not_touch_the_fit(self):
        (self.folder / "held.yaml").write_text(
            specification(self.rows, "held_back: [mtor-pulse, bdnf-8h]\nlocal: 5\n"), encoding="utf-8")
        held = respine(self.folder, "calibrate", "held.yaml", "--work", "held", "--json", "-q", "--threads",
                       "1")
        self.assertEqual(held.returncode, 0, held.stderr)
        whole = (self.folder / "fit/evaluations.csv").read_bytes().splitlines()
        mine = (self.folder / "held/evaluations.csv").read_bytes().splitlines()
        self.assertGreaterEqual(len(mine), 5)
        self.assertEqual(mine, whole[:len(mine)])
        shown = {row["id"]: row for row in json.loads(held.stdout)["held_back"]}
        self.assertEqual(set(shown), {"mtor-pulse", "bdnf-8h"})
        self.assertNotEqual(shown["bdnf-8h"]["simulated_before"], shown["bdnf-8h"]["simulated_after"])

    def test_work_folders_of_others_are_refused(self):
        before = (self.folder / "fit/evaluations.csv").read_bytes()
        (self.folder / "other.yaml").write_text(specification(self.rows, "local: 24\n"), encoding="utf-8")
        other = respine(self.folder, "calibrate", "other.yaml", "--work", "fit")
        self.assertEqual((other.returncode, other.stdout), (5, ""))
        self.assertEqual(
            other.stderr,
            "fit/spec.yaml: error: the folder belongs to another specification than other.yaml; choose "
            "another --work, or remove this folder\n"
        )
        foreign = respine(self.folder, "calibrate", "other.yaml", "--work", ".")
        self.assertEqual((foreign.returncode, foreign.stderr),
                         (5, ".: error: is not empty and holds no calibration; choose another --work\n"))
        self.assertEqual((self.folder / "fit/evaluations.csv").read_bytes(), before)

        shutil.copytree(self.folder / "fit", self.folder / "older")
        with open(self.folder / "older/inputs.txt", "a", encoding="utf-8") as file:
            file.write("another drug\n")
        older = respine(self.folder, "calibrate", "fit.yaml", "--work", "older")
        self.assertEqual(older.returncode, 5)
        self.assertIn(
            "scenarios, models, drugs, targets or program have changed since these evaluations were made",
            older.stderr)

    def test_runs_that_fail_numerically_are_bad_points(self):
        (self.folder / "silent.yaml").write_text(
            "name: silent\nparameters: [{path: receptors.E.nmda_share, high: 1, start: 1}]\n"
            "targets: [glu-200]\nseeds: 1\n"
            "network: {neurons: 100, synapses_per_neuron: 30}\nglobal: 0\nlocal: 0\n", encoding="utf-8")
        result = respine(self.folder, "calibrate", "silent.yaml", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(result.stdout)
        self.assertEqual((report["evaluated"], report["failed"], report["total_before"]), (1, 1, 1e6))
        row = evaluations(self.folder / "calibration-silent")[0]
        self.assertIn("rat-ketamine-200mgkg-1.h5 failed", row["note"])
        self.assertEqual(row["simulated:glu-200"], "")

    def test_a_wrong_specification_is_explained(self):
        (self.folder / "wrong.yaml").write_text(
            specification(["density-d6"], "local: 5\n").replace("bdnf.release", "bdnf.relese"),
            encoding="utf-8")
        wrong = respine(self.folder, "calibrate", "wrong.yaml")
        self.assertEqual((wrong.returncode, wrong.stdout), (2, ""))
        self.assertEqual(
            wrong.stderr.splitlines(),
            [
                "wrong.yaml:6:5: error: 'targets[0]': there is no target 'density-d6'; did you mean "
                "'density-d1'? (see: configs/reference/targets.csv)",
                "wrong.yaml:3:12: error: 'parameters[0].path': there is no parameter 'bdnf.relese'; did you "
                "mean 'bdnf.release'? (see: respine list parameters)",
            ],
        )
        self.assertFalse((self.folder / "calibration-again").exists())


if __name__ == "__main__":
    sys.exit(unittest.main())
