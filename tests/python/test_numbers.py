"""Numbers of drug files and network files, set by path: what a run gives is what edited files give."""

import csv
import os
import pathlib
import unittest

import h5py
import numpy as np
from program_case import ProgramCase

CONFIGS = pathlib.Path(os.environ["RESPINE_SOURCE"]).resolve() / "configs"
SCENARIO = """\
name: own
model: mouse
start: -1 h
duration: 4 h
network: {kind: %s, neurons: 200, synapses_per_neuron: 20}
stress: {severity: 1}
treatments:
  - {drug: %s, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 10 min, snapshots: [2 h]}
"""
CLEARANCE = "drugs.ketamine.pharmacokinetics.mouse.clearance"


class Numbers(ProgramCase):
    def run_of(self, name, *settings, network="sheet", drug="ketamine"):
        self.write(f"{name}.yaml", SCENARIO % (network, drug))
        self.respine("run", f"{name}.yaml", "-q", "-o", f"{name}.h5",
                     *(word for s in settings for word in ("--set", s)))
        with h5py.File(self.folder / f"{name}.h5") as file:
            return {f"{group}/{k}": v[:] for group in ("history", "snapshots", "events")
                    for k, v in file[group].items() if isinstance(v, h5py.Dataset)}

    def test_a_number_set_is_the_number_in_the_file(self):
        text = (CONFIGS / "drugs/ketamine.yaml").read_text(encoding="utf-8")
        edited = text.replace("clearance: {value: 0.553 L/h", "clearance: {value: 0.9 L/h")
        self.assertNotEqual(text, edited)
        metabolite = str(CONFIGS / "drugs/rr-hnk.yaml")
        self.write("ketamine.yaml", edited.replace("rr-hnk", metabolite))
        self.write(
            "faster.yaml",
            "kind: sheet\nbased_on: sheet\nkernel_width: {value: 120 um, mark: A, ref: a test}\n")
        by_file = self.run_of("file", network="./faster.yaml", drug="./ketamine.yaml")
        by_set = self.run_of("set", f"{CLEARANCE}=0.9 L/h", "wiring.kernel_width=120 um")
        plain = self.run_of("plain")
        self.assertEqual(by_file.keys(), by_set.keys())
        for name, values in by_file.items():
            np.testing.assert_array_equal(by_set[name], values, name)
        self.assertFalse(np.array_equal(plain["history/brain_ketamine"], by_set["history/brain_ketamine"]))
        self.assertFalse(np.array_equal(plain["snapshots/rate"], by_set["snapshots/rate"]))

    def test_it_stands_in_the_file_and_can_be_run_again(self):
        first = self.run_of("set", f"{CLEARANCE}=0.9 L/h")
        with h5py.File(self.folder / "set.h5") as file:
            scenario = file["meta"].attrs["scenario"].decode()
        self.assertIn(f"{CLEARANCE}: 0.9 L/h", scenario)
        self.write("again.yaml", scenario)
        self.respine("run", "again.yaml", "-q", "-o", "again.h5")
        with h5py.File(self.folder / "again.h5") as file:
            np.testing.assert_array_equal(file["history/bdnf"][:], first["history/bdnf"])

    def test_a_study_varies_it(self):
        self.write("own.yaml", SCENARIO % ("sheet", "ketamine"))
        self.write(
            "study.yaml",
            "name: clearances\nscenario: own.yaml\ndesign: {kind: grid}\nparameters:\n"
            f"  - {{key: {CLEARANCE}, label: clearance, values: [0.3 L/h, 0.6 L/h, 1.2 L/h]}}\n"
            "outcomes: [{name: area, value: area(brain_ketamine) / 1 h}]\n")
        self.respine("study", "run", "study.yaml", "-q")
        with open(self.folder / "study-clearances/results.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(line for line in file if line[0] != "#"))
        areas = [float(row["area [uM]"]) for row in rows]
        self.assertEqual(len(areas), 3)
        self.assertGreater(areas[0], 1.4 * areas[1])
        self.assertGreater(areas[1], 1.4 * areas[2])

    def test_every_path_that_is_listed_can_be_set(self):
        listed = self.respine("list", "numbers", "--of", "ketamine").stdout.splitlines()[1:]
        numbers = [line.split()[0] for line in listed]
        values = [line[77:95].strip() for line in listed]
        self.assertIn(CLEARANCE, numbers)
        self.assertGreater(len(numbers), 40)
        self.write("own.yaml", SCENARIO % ("sheet", "ketamine"))
        words = [w for n, v in zip(numbers, values) for w in ("--set", f"{n}={v}")]
        self.respine("check", "own.yaml", *words)

    def test_what_cannot_be_set_is_told(self):
        self.write("own.yaml", SCENARIO % ("sheet", "ketamine"))
        for setting, words in (
            ("drugs.ketamine.pharmacokinetics.mouse.clarance=1 L/h", "there is no 'clarance'; did you mean"),
            ("drugs.ketamine.pharmacokinetics.mouse=1", "leads to no number"),
            ("drugs.ketamine.pharmacokinetics.mouse.compartments.7.volume=1 L", "the list has 1"),
            (f"{CLEARANCE}=1 mg", "wants a quantity in L/h"),
            (f"{CLEARANCE}=-1 L/h", "must lie"),
            ("drugs.esketamine.molar_mass=3 g/mol", "is of no drug in this run; did you mean 'ketamine'"),
            ("wiring.kernel_widht=3 um", "there is no 'kernel_widht'; did you mean 'kernel_width'"),
            ("numbers.colour=3", "is of no drug in this run"),
        ):
            with self.subTest(setting=setting):
                done = self.respine("run", "own.yaml", "-q", "-o", "x.h5", "--set", setting, code=2)
                self.assertIn(words, done.stderr)
                self.assertFalse((self.folder / "x.h5").exists())


if __name__ == "__main__":
    unittest.main()
