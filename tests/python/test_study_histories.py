"""Outcomes by formula, histories that are kept for them, and designs that grow."""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import h5py

RESPINE = os.environ["RESPINE"]
STUDY = """\
name: small
scenario: mouse-ketamine-10mgkg
set: {{start: -1 h, duration: 8 h, network.neurons: 60, network.synapses_per_neuron: 12,
      record: {{history: 1 h, snapshots: []}}, imaging: {{sessions: []}}}}
design: {design}
parameters: [{{key: bdnf.release}}, {{key: bdnf.threshold}}]
{histories}
outcomes:
  - {{name: peak, quantity: bdnf, take: peak}}
{more}
"""
NEW = """\
  - {name: ratio, value: "max(bdnf, 0 h, 2 h) / mean(bdnf, 0 h, 2 h)"}
  - {name: hours, value: days(mtorc1 > 0.1)}
  - {name: percent, value: "max(spine_density) - 1 %"}
"""
LHS = "{kind: lhs, points: 6}"
KEPT = "histories: [bdnf, mtorc1, spine_density]"
WRONG = {
    "max(bdnf": "10:26: error: 'outcomes[1].value': column 9: ')' is missing",
    "1 + 2": "'outcomes[1].value': the formula reads nothing of the run",
    "bdnf": "outcome 'wrong': column 1: has a value at each time; take one of it",
    "max(bdnf) + max(time)": "outcome 'wrong': no arm has an observable 'time'",
    "max(bdnf) + max(spine_density)": "outcome 'wrong': column 11: a number and % do not go together",
    "mean(bdnf, 0, 1)": "outcome 'wrong': column 1: from, to and time are times, such as 24 h",
    "last(bdnf > 1) + max(new_spines)": "no arm has an observable 'new_spines'",
}


class Histories(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def study(self, work, check=0, design=LHS, histories="", more=""):
        text = STUDY.format(design=design, histories=histories, more=more)
        (self.folder / "small.yaml").write_text(text, encoding="utf-8")
        return self.call("run", "small.yaml", "--work", work, "--jobs", "2", check=check).stderr

    def call(self, *words, check=0):
        done = subprocess.run(
            [RESPINE, "study", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        self.assertEqual(done.returncode, check, done.stderr)
        return done

    def rows(self, work):
        with open(self.folder / work / "results.csv", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_a_new_outcome_is_read_off_without_a_run(self):
        self.study("kept", histories=KEPT)
        told = self.study("kept", histories=KEPT, more=NEW)
        self.assertIn("6 points are read off their kept histories, without a run", told)
        self.study("fresh", more=NEW)
        self.assertEqual(self.rows("kept"), self.rows("fresh"))
        self.assertIn("hours [h]", self.rows("kept")[0])
        self.assertIn("percent [%]", self.rows("kept")[0])

    def test_what_the_histories_lack_runs_again(self):
        self.study("kept", histories="histories: [bdnf]")
        told = self.study("kept", histories="histories: [bdnf]", more=NEW)
        self.assertNotIn("without a run", told)
        self.assertIn("6 finished points do not hold it and run again", told)
        self.study("fresh", more=NEW)
        self.assertEqual(self.rows("kept"), self.rows("fresh"))

    def test_a_history_of_another_point_is_not_read(self):
        self.study("kept", histories=KEPT)
        one, other = sorted((self.folder / "kept/histories").iterdir())[:2]
        shutil.copy(one, other)
        self.assertIn("5 points are read off", self.study("kept", histories=KEPT, more=NEW))
        self.study("fresh", more=NEW)
        self.assertEqual(self.rows("kept"), self.rows("fresh"))

    def test_all_keeps_every_series_with_its_unit(self):
        self.study("kept", histories="histories: [all]")
        path = next((self.folder / "kept/histories").iterdir())
        with h5py.File(path) as file:
            self.assertGreater(len(file["history"]), 30)
            self.assertEqual(file["history/spine_density"].attrs["units"], b"%")
        self.study("kept", 2, histories="histories: [bdnff]")

    def test_more_blocks_run_the_new_points_alone(self):
        few, many = "{kind: sobol, blocks: 4}", "{kind: sobol, blocks: 8}"
        self.study("grown", design=few)
        lines = len((self.folder / "grown/journal-1-of-1.jsonl").read_text(encoding="utf-8").splitlines())
        self.assertEqual(lines, 4 * (2 + 2))
        self.study("grown", design=many)
        lines = len((self.folder / "grown/journal-1-of-1.jsonl").read_text(encoding="utf-8").splitlines())
        self.assertEqual(lines, 8 * (2 + 2), "points of the first four blocks have not run again")
        self.study("once", design=many)
        self.assertEqual(self.rows("grown"), self.rows("once"))
        one, other = (
            (self.folder / work / "analysis.json").read_text(encoding="utf-8") for work in ("grown", "once")
        )
        self.assertEqual(one, other)

    def test_an_outcome_at_several_times_has_indices_over_time(self):
        times = "  - {name: pool, quantity: protein_pool, take: at, times: [1 h, 2 h, 6 h]}\n"
        self.study("course", design="{kind: sobol, blocks: 8}", more=times)
        row = self.rows("course")[0]
        self.assertEqual([name for name in row if name.startswith("pool")], ["pool_1h", "pool_2h", "pool_6h"])
        analysis = json.loads((self.folder / "course/analysis.json").read_text(encoding="utf-8"))
        found = [(r["course"], r["hours"]) for r in analysis["results"] if "course" in r]
        self.assertEqual(found, [("pool", 1), ("pool", 2), ("pool", 6)])
        subprocess.run(
            [RESPINE, "study", "report", "small.yaml", "--work", "course"],
            cwd=self.folder,
            check=True,
            capture_output=True,
            timeout=120,
        )
        self.assertTrue((self.folder / "course/indices-over-time.png").exists())
        for wrong, told in (
            ("[1 h, 99 d]", "outcome 'pool_99d': its time is 2376 h"),
            ("[]", "'outcomes[1].times' wants a list such as [0 h, 6 h, 1 d]"),
            ("[soon]", "'outcomes[1].times': 'soon' is no time"),
        ):
            error = self.study("course", 2, more=times.replace("[1 h, 2 h, 6 h]", wrong))
            self.assertIn(told, error)

    def power(self, *words, check=0):
        done = self.call("power", "small.yaml", "--work", "arms", *words, check=check)
        return done.stdout if check == 0 else done.stderr

    def test_power_is_read_off_two_arms(self):
        arms = (
            "arms: [{name: much}, {name: none, set: {treatments: [{drug: placebo, route: window, "
            "for: 1 h, at: 0 h}]}}]\ncohort: 12"
        )
        text = STUDY.format(design="{kind: grid}", histories=arms, more="")
        text = text.replace("parameters: [{key: bdnf.release}, {key: bdnf.threshold}]\n", "")
        (self.folder / "small.yaml").write_text(text, encoding="utf-8")
        asked = ["--outcome", "peak", "--arms", "much,none", "--persons", "3,12"]
        self.assertIn("run the study first", self.power(*asked, check=3))
        subprocess.run(
            [RESPINE, "study", "run", "small.yaml", "--work", "arms", "-q"],
            cwd=self.folder,
            check=True,
            capture_output=True,
            timeout=200,
        )
        lines = self.power(*asked).splitlines()
        self.assertIn("drawn from 12 and 12 simulated ones", lines[0])
        few, many = (float(line.split()[1]) for line in lines[2:])
        self.assertLessEqual(few, many)
        self.assertGreater(many, 0.9, "ketamine releases BDNF, placebo does not")
        words = ("small.yaml", "--work", "arms", "--outcome", "peak", "--arms", "none,much")
        same = self.call("equivalence", *words)
        self.assertIn("peak: none over much in 12 persons: 0.", same.stdout)
        self.assertIn("equivalent: the interval", same.stdout)
        self.assertIn("did you mean 'peak'?", self.power("--outcome", "peek", *asked[2:], check=2))
        self.assertIn("there is no arm 'nil'", self.power("--outcome", "peak", "--arms", "much,nil", check=2))

    def test_formulas_that_mean_nothing_are_told(self):
        for formula, told in WRONG.items():
            with self.subTest(formula=formula):
                error = self.study("wrong", 2, more=f'  - {{name: wrong, value: "{formula}"}}\n')
                self.assertIn(told, error)
        error = self.study("wrong", 2, more="  - {name: wrong, value: max(bdnf), take: peak}\n")
        self.assertIn("'outcomes[1].take': has no meaning beside 'value'", error)
        error = self.study("wrong", 2, more="  - {name: wrong, value: max(bdnf), against: before}\n")
        self.assertIn("a formula is held against runs alone", error)


if __name__ == "__main__":
    unittest.main()
