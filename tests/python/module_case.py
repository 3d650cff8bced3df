"""The built Python module, or exit code 77 where it was not built; and a folder with a run of the program."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from built_module import BUILT, IS_BUILT, WHY_NOT

SKIPPED = 77
RESPINE = os.environ["RESPINE"]
SMALL = {
    "network.neurons": 400, "network.synapses_per_neuron": 40, "start": "-1 h", "duration": "30 h",
    "record.snapshots": ["0 h", "24 h"], "imaging.sessions": []
}

if not IS_BUILT:
    print(f"skipped: {WHY_NOT}")
    sys.exit(SKIPPED)
sys.path.insert(0, str(BUILT))

import respine


class Case(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.scenario = respine.Scenario("mouse-ketamine-10mgkg", SMALL)

    def by_program(self, name, scenario="mouse-ketamine-10mgkg", settings=SMALL):
        words = [
            word for key, value in settings.items() for word in ("--set", f"{key}={value}".replace("'", ""))
        ]
        subprocess.run([RESPINE, "run", scenario, "-q", "-o", self.folder / name, *words], check=True,
                       timeout=300)
        return self.folder / name
