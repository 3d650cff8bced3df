"""Scenarios of any length go into run files and checkpoints."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import h5py

RESPINE = os.environ["RESPINE"]

LONG = """\
name: long
model: mouse
start: -1 d
duration: {} d
seed: 3
network: {{kind: sheet, neurons: 100, synapses_per_neuron: 10}}
stress: {{severity: 1.0}}
record: {{history: 1 d, snapshots: [0 h]}}
treatments:
"""
TREATMENT = "  - {{drug: ketamine, route: ip, dose: 1 mg/kg, at: {} h}}\n"


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def call(self, *words, code=0):
        result = subprocess.run([RESPINE, *words], cwd=self.folder, capture_output=True, text=True,
                                check=False, timeout=120)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout


class LongScenario(Folder):
    def check_whole(self, name, count):
        self.call("check", name, "-q")
        self.call("run", "-q", name, "-o", "long.h5", "--walltime", "0.001s", code=75)
        self.call("run", "-q", "--resume", "long.h5")
        with h5py.File(self.folder / "long.h5") as file:
            self.assertEqual(file.attrs["format_version"], 1)
            told = file["meta"].attrs["scenario"].decode()
        self.assertGreater(len(told), 65536)
        self.assertEqual(told.count("drug: ketamine"), count)
        self.assertIn("long.h5: long", self.call("inspect", "long.h5"))
        self.assertIn("identical", self.call("rerun", "-q", "long.h5"))
        self.call("view", "long.h5")

    def test_a_title_beyond_64_kib(self):
        text = LONG.format(3) + TREATMENT.format("0")
        (self.folder / "long.yaml").write_text(text.replace("model:", f"title: {'long ' * 20_000}\nmodel:"),
                                               encoding="utf-8")
        self.check_whole("long.yaml", 1)

    @unittest.skipUnless(os.environ.get("RESPINE_LARGE"), "half a minute: RESPINE_LARGE=1")
    def test_a_thousand_treatments(self):
        (self.folder / "long.yaml").write_text(LONG.format(3)
                                               + "".join(TREATMENT.format(f"{0.03 * k:.2f}")
                                                         for k in range(1000)), encoding="utf-8")
        self.check_whole("long.yaml", 1000)


if __name__ == "__main__":
    unittest.main()
