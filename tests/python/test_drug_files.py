"""A treatment gives the drug that it names, whatever the files of the others are called."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import h5py

RESPINE = str(pathlib.Path(os.environ["RESPINE"]).resolve())
DRUGS = pathlib.Path(os.environ["RESPINE_SOURCE"]).resolve() / "configs" / "drugs"
SCENARIO = """\
name: own
model: mouse
start: -1 h
duration: 3 h
network: {kind: random, neurons: 40, synapses_per_neuron: 10}
stress: {severity: 1}
treatments:
  - {drug: %s, route: ip, dose: 0.1 mg/kg, at: 0 h}
  - {drug: %s, route: ip, dose: 10 mg/kg, at: 1 h}
record: {history: 10 min}
"""


class DrugFiles(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def given(self, first, second):
        (self.folder / "own.yaml").write_text(SCENARIO % (first, second), encoding="utf-8")
        done = subprocess.run([RESPINE, "run", "own.yaml", "-q", "--force", "-o", "own.h5"], cwd=self.folder,
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(self.folder / "own.h5") as file:
            levels = {name[6:]: data[:].max() for name, data in file["history"].items()
                      if name.startswith("brain_")}
            return [name.decode() for name in file["events/drug"]], levels

    def test_a_file_of_a_shipped_drugs_name_is_not_that_drug(self):
        text = (DRUGS / "mk801.yaml").read_text(encoding="utf-8")
        text = text.replace("name: mk801", "name: mine", 1)
        (self.folder / "ketamine.yaml").write_text(text, encoding="utf-8")
        for first, second, names in (("./ketamine.yaml", "ketamine", ["mine", "ketamine"]),
                                     ("ketamine", "./ketamine.yaml", ["ketamine", "mine"])):
            with self.subTest(first=first):
                given, levels = self.given(first, second)
                self.assertEqual(given, names)
                self.assertGreater(levels["ketamine"], 0)
                self.assertGreater(levels["mine"], 0)

    def test_a_drug_by_name_and_by_path_is_one(self):
        given, levels = self.given("ketamine", DRUGS / "ketamine.yaml")
        self.assertEqual(given, ["ketamine", "ketamine"])
        self.assertEqual(list(levels), ["ketamine", "rr_hnk"])  # and its metabolite


if __name__ == "__main__":
    unittest.main()
