"""docs/spiking.md says what the stored table says; and the spiking network runs, tiny, where Brian2 is
installed (Debian: python3-brian).
"""

import copy
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
SPIKING = SOURCE / "analysis" / "spiking"
sys.path.insert(0, str(SPIKING))
from page import Page  # noqa: E402
from summary import Spiking  # noqa: E402

TABLE = json.loads((SOURCE / "docs" / "spiking.json").read_text(encoding="utf-8"))
TINY = ["--neurons", "100", "--synapses", "20", "--seeds", "1", "--seconds", "1", "--no-checks"]


class Stored(unittest.TestCase):
    def setUp(self):
        self.text = (SOURCE / "docs" / "spiking.md").read_text(encoding="utf-8")

    def test_the_page_is_what_the_table_gives(self):
        self.assertEqual(self.text, Page(TABLE).text(), "run scripts/spiking --page")

    def test_another_table_gives_another_page(self):
        changed = copy.deepcopy(TABLE)
        for run in changed["spiking"]:
            for row in run["rows"][2:]:
                row["rates"]["E"] = 2.5
        self.assertNotEqual(self.text.split("\n\n")[2], Page(changed).text().split("\n\n")[2])

    def test_folds_of_the_page_are_rates_over_drug_free_rates(self):
        """By hand, past the code that made them."""
        line = next(row for row in self.text.splitlines() if row.startswith("| 3 µM |"))
        shown = float(re.split(r"\s*\|\s*", line)[3].split()[0])
        k = TABLE["concentrations"].index(3)
        folds = []
        for run in TABLE["spiking"]:
            if run["network"] == "published" and not run["check"]:
                rates = [row["rates"]["E"] for row in run["rows"]]
                folds.append(2 * rates[2 + k] / (rates[0] + rates[1]))
        self.assertEqual(len(folds), 3)
        self.assertAlmostEqual(shown, sum(folds) / 3, delta=0.00501)

    def test_drug_free_rates_are_the_baseline(self):
        for network in ("published", "sheet"):
            for name, wanted in TABLE["baseline"].items():
                found = Spiking(TABLE, network).free[name].mean
                self.assertLess(abs(found / wanted - 1), 0.2, f"{network}, {name}")


class Tiny(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "tiny.json"
            done = subprocess.run([sys.executable, SPIKING / "spiking.py", RESPINE, out, *TINY], check=False,
                                  capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            cls.said, cls.table = done.stderr, json.loads(out.read_text(encoding="utf-8"))

    def test_says_how_far_it_is(self):
        self.assertIn("2 of 2 spiking networks", self.said)

    def test_fires_and_fires_less_when_most_is_blocked(self):
        for run in self.table["spiking"]:
            rates = [row["rates"]["E"] for row in run["rows"]]
            self.assertEqual(len(rates), 2 + len(self.table["concentrations"]))
            self.assertGreater(rates[0], 0)
            self.assertLess(rates[-1], rates[0])

    def test_blocks_are_those_of_the_run(self):
        for row, concentration in zip(self.table["rate"][0]["rows"], self.table["concentrations"]):
            half = concentration / row["block"]["E"] * (1 - row["block"]["E"])
            self.assertAlmostEqual(half, 5.2, delta=0.05)  # uM: E cells have GluN2A and GluN2B, Hill slope 1

    def test_gives_a_page(self):
        self.assertIn("| 30 µM |", Page(self.table).text())


if __name__ == "__main__":
    if importlib.util.find_spec("brian2"):
        sys.exit(unittest.main())
    stored = unittest.main(defaultTest="Stored", exit=False).result
    print("skipped: no Brian2 (Debian: python3-brian)")
    sys.exit(77 if stored.wasSuccessful() else 1)
