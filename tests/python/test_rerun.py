"""A run file repeats itself: the same bits, or the names of what differs."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import h5py

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
SHEET = """\
name: sheet
model: mouse
start: -1 h
duration: 6 h
seed: 7
network: {kind: sheet, neurons: 300, synapses_per_neuron: 40}
stress: {severity: 1.0}
treatments: [{drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}]
record: {history: 10 min, snapshots: [0 h, 2 h], synapse_events: true}
imaging: {sessions: [-1 h, 3 h], dendrites: 10}
"""


class Rerun(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        (self.folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")

    def call(self, *words, check=0, environment=None):
        result = subprocess.run([RESPINE, *map(str, words)], cwd=self.folder, capture_output=True, text=True,
                                check=False, timeout=300, env={**os.environ, **(environment or {})})
        self.assertEqual(result.returncode, check, f"{words}\n{result.stdout}\n{result.stderr}")
        return result

    def made(self, *words):
        self.call("run", "sheet.yaml", "-q", "-o", "a.h5", *words)

    def test_it_is_identical_wherever_its_scenario_went(self):
        self.made("--seed", "11", "--set", "bdnf.clearance=2.5h", "--threads", "1")
        (self.folder / "sheet.yaml").unlink()
        told = self.call("rerun", "a.h5", "--threads", "3").stdout.splitlines()
        self.assertEqual(told[0], "a.rerun.h5")
        self.assertRegex(told[1], r"^identical: \d{3} datasets and attributes$")
        self.assertEqual(self.call("rerun", "a.h5", "-q", check=5).stdout, "")
        self.assertTrue(self.call("rerun", "a.h5", "-q", "-o", "b.h5").stdout.startswith("identical: "))

    def test_what_differs_is_named(self):
        self.made()
        with h5py.File(self.folder / "a.h5", "r+") as file:
            file["history/bdnf"][3] += 1e-6
            file["snapshots/synapses/001/source"][5] += 1
            file["derived"].attrs["invented"] = 3.0
            file["history"].create_dataset("more", data=[1.0])
        told = self.call("rerun", "a.h5", "-q", check=1).stdout.splitlines()
        self.assertRegex(told[0], r"^different: 4 of \d+ datasets and attributes$")
        self.assertEqual(
            {line.strip() for line in told[1:]},
            {"/history/bdnf", "/snapshots/synapses/001/source", "/derived@invented", "/history/more"})

    def test_a_cohort_too(self):
        self.call("run", "human-iv-cohort", "-q", "-o", "c.h5", "--set", "cohort.subjects=2", "--set",
                  "network.neurons=100", "--set", "network.synapses_per_neuron=20", "--set", "duration=9d")
        self.assertTrue(self.call("rerun", "c.h5", "-q").stdout.startswith("identical: "))

    def test_other_inputs_and_unfinished_runs_are_refused(self):
        self.made()
        configs = self.folder / "configs"
        shutil.copytree(SOURCE / "configs", configs)
        drug = configs / "drugs/ketamine.yaml"
        drug.write_text(drug.read_text(encoding="utf-8") + "# a word more\n", encoding="utf-8")
        told = self.call("rerun", "a.h5", check=3, environment={"RESPINE_CONFIGS": str(configs)}).stderr
        self.assertIn("/meta drug_ketamine: the files behind are others now", told)
        self.call("run", "sheet.yaml", "-q", "-o", "b.h5", "--walltime", "0.001s", check=75)
        self.assertIn("is not complete", self.call("rerun", "b.h5.part", check=3).stderr)
        self.assertIn("no such file", self.call("rerun", "nowhere.h5", check=3).stderr)
        self.assertIn("give another -o",
                      self.call("rerun", "a.h5", "-o", "./a.h5", "--force", check=2).stderr)
        self.assertEqual(sorted(p.name for p in self.folder.glob("*.rerun.h5*")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
