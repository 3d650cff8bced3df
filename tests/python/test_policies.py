"""Policies from a file to the run file: the same bits whoever computes them, and what is refused."""

import os
import pathlib
import subprocess
import unittest

import h5py
import numpy
from resuming import RESPINE, Folder, run
from run_contents import contents

COHORT = """\
name: guided
model: human
start: -1 d
duration: 40 d
network: {kind: sheet, neurons: 100, synapses_per_neuron: 20}
stress: {severity: 1.0}
expectation: true
cohort: {subjects: 6}
treatments:
  - drug: ketamine
    route: iv
    dose: 0.5 mg/kg
    over: 40 min
    at: 0 d
    policy:
      every: 2 d
      when: "improvement < 0.5"
      at_least: 4 d
      amount: "max(0.3 mg/kg, 0.9 * last_dose)"
      miss_when: "improvement < 0.3"
      stop_when: "misses >= 4"
      attendance: 0.9
record: {history: 1 d}
"""
WRONG = {
    'every: 2 d\n      when: "spine_density < 90"': ":17:13: error: 'treatments[0].policy.when': column",
    'every: 2 d\n      when: "index < 1"': "column 1: 'index' is not known here; there is response_index",
    "every: 2 d": "'treatments[0].policy.when': a policy needs 'when' or 'at_most', or it gives nothing",
    'every: 1 min\n      when: "time > 0 h"': "'treatments[0].policy.every' must lie between 1 h and 1300 d",
    "every: 2 d\n      at_most: 3 d\n      at_least: 4 d": "policy.at_most': is less than 'at_least'",
    'every: 2 d\n      when: "misses < 1"\n      stop_when: "misses > 2"': "no 'miss_when' that counts any",
    'every: 2 d\n      when: "time > 0 h"\n      amount: 35 mg': "is no amount in mg/kg, as the dose of this",
    'every: 2 d\n      whenever: "time > 0 h"': "unknown key 'treatments[0].policy.whenever'",
}


class Policies(Folder):
    def setUp(self):
        super().setUp()
        (self.folder / "guided.yaml").write_text(COHORT, encoding="utf-8")

    def test_a_cohort_has_the_same_bits_for_any_threads_and_stops(self):
        run(self.folder, "guided.yaml", "-o", "one.h5", "--threads", 1, check=0)
        run(self.folder, "guided.yaml", "-o", "four.h5", "--threads", 4, check=0)
        whole = contents(self.folder / "one.h5")
        self.same(whole, "four.h5")
        run(self.folder, "guided.yaml", "-o", "b.h5", "--threads", 1, "--walltime", "0.02s", check=75)
        run(self.folder, "--resume", "b.h5", "--threads", 3, check=0)
        self.same(whole, "b.h5")

    def test_a_cohort_tells_of_every_visit(self):
        run(self.folder, "guided.yaml", "-o", "a.h5", check=0)
        with h5py.File(self.folder / "a.h5") as file:
            visits = {name: data[()] for name, data in file["visits"].items()}
            words = [word.decode() for word in visits["decision_names"]]
            doses = file["cohort/doses"][()]
        self.assertEqual(words[0], "given")
        given = visits["amount"] > 0
        self.assertTrue(((visits["decision"] == 0) == given).all())
        numpy.testing.assert_array_equal(
            1 + numpy.bincount(visits["subject"][given], minlength=7)[1:], doses[:, -1]
        )
        for subject in range(1, 7):
            of = visits["subject"] == subject
            times, amounts = visits["time"][of & given], visits["amount"][of & given]
            self.assertTrue((numpy.diff(numpy.append(0, times)) >= 96).all(), "at least four days apart")
            numpy.testing.assert_allclose(
                amounts, numpy.maximum(0.3, 0.5 * 0.9 ** numpy.arange(1, len(times) + 1))
            )
            stops = visits["decision"][of] == words.index("stopped")
            self.assertLessEqual(stops.sum(), 1)
            if stops.any():
                self.assertTrue(stops[-1], "no visit follows a stop")

    def test_a_run_lists_doses_of_policies_with_the_others(self):
        run(self.folder, "guided.yaml", "--set", "subject=2", "-o", "a.h5", check=0)
        with h5py.File(self.folder / "a.h5") as file:
            events, amount = file["events/time"][()], file["visits/amount"][()]
            given = file["visits/time"][()][amount > 0]
            numpy.testing.assert_array_equal(events, numpy.append(0, given))
            numpy.testing.assert_array_equal(file["events/dose"][()], numpy.append(0.5, amount[amount > 0]))
            self.assertEqual(set(file["events/drug"][()]), {b"ketamine"})

    def test_what_is_wrong_is_told_with_its_place(self):
        before = COHORT.split("      every")[0]
        after = "record" + COHORT.split("record")[1]
        for policy, told in WRONG.items():
            with self.subTest(policy=policy):
                (self.folder / "wrong.yaml").write_text(f"{before}      {policy}\n{after}", encoding="utf-8")
                result = run(self.folder, "wrong.yaml", "-o", "a.h5", check=2)
                self.assertIn(told, result.stderr)

    def test_a_policy_may_give_all_doses(self):
        text = COHORT.replace("at: 0 d", "at: []")
        (self.folder / "rescue.yaml").write_text(text, encoding="utf-8")
        run(self.folder, "rescue.yaml", "--set", "subject=1", "-o", "a.h5", check=0)
        with h5py.File(self.folder / "a.h5") as file:
            self.assertGreater(len(file["events/time"]), 0)
            self.assertGreaterEqual(file["events/time"][0], 24)

    def test_the_page_names_all_that_formulas_may_use(self):
        listed = subprocess.run(
            [RESPINE, "list", "formulas"], capture_output=True, text=True, check=True
        ).stdout
        page = (pathlib.Path(os.environ["RESPINE_SOURCE"]) / "docs/treatments.md").read_text(encoding="utf-8")
        for line in listed.splitlines():
            name = line.split()[0].split("(")[0]
            if line[32:].lstrip().startswith("mechanisms"):
                continue  # they read quantities, which have pages of their own
            self.assertRegex(page, rf"`{name}[`(]")


if __name__ == "__main__":
    unittest.main()
