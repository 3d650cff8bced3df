"""The page's engine and the program make the same run file: every dataset, bit for bit.

usage: engine.py ENGINE_FOLDER      environment: RESPINE, RESPINE_SOURCE
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))

from run_contents import contents

ENGINE = pathlib.Path(sys.argv.pop()).resolve()
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"]).resolve()
RESPINE = str(pathlib.Path(os.environ["RESPINE"]).resolve())
SMALL = ["network.neurons=300", "network.synapses_per_neuron=50"]
RUNS = {  # scenario and settings, as for respine run --set
    "one dose": ("mouse-ketamine-10mgkg", SMALL),
    "a course, imaged": (
        "human-iv-six", SMALL + ["imaging.sessions=[-1 d, 7 d]", "record.synapse_events=true"]
    ),
    "regions": ("mouse-regions", ["network.neurons=400", "network.synapses_per_neuron=120"]),
    "coordination": (
        "mouse-coordination", ["network.neurons=400", "network.synapses_per_neuron=120", "duration=6 d"]
    ),
    "microcircuit": (
        "microcircuit-ketamine",
        ["network.scale=0.02", "start=-1 h", "duration=4 h", "record.snapshots=[1 h]"],
    ),
    "odd numbers": (
        "mouse-ketamine-rapamycin", ["network.neurons=257", "network.synapses_per_neuron=67"]
    ),
}


class Engine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def simulate(self, scenario, settings):
        """The engine's answer; its run file is page.h5."""
        script = SOURCE / "tests" / "viewer" / "simulate.mjs"
        return subprocess.run(
            ["node", script, ENGINE, SOURCE / "configs", scenario, self.folder / "page.h5", *settings],
            capture_output=True,
            text=True,
        )

    def test_same_bits_as_the_program(self):
        for name, (scenario, settings) in RUNS.items():
            with self.subTest(name):
                told = self.simulate(scenario, settings)
                self.assertEqual(told.returncode, 0, told.stderr[-2000:])
                asked = [word for setting in settings for word in ("--set", setting)]
                subprocess.run(
                    [RESPINE, "run", scenario, "-q", "--force", "-o", self.folder / "own.h5", *asked],
                    check=True,
                    capture_output=True,
                )
                page, own = contents(self.folder / "page.h5"), contents(self.folder / "own.h5")
                self.assertEqual(sorted(page), sorted(own))
                self.assertGreater(len(own), 50)
                self.assertEqual([path for path in own if page[path] != own[path]], [])
                print(f"{name}: {len(own)} datasets the same; {told.stdout.strip()}", flush=True)

    def test_other_seeds_give_other_bits(self):
        self.simulate("mouse-ketamine-10mgkg", SMALL)
        first = contents(self.folder / "page.h5")
        self.simulate("mouse-ketamine-10mgkg", [*SMALL, "seed=2"])
        self.assertNotEqual(first, contents(self.folder / "page.h5"))

    def test_mistakes_are_told_as_the_program_tells_them(self):
        for setting in ("duration=5 mg", "treatments.0.drug=ketamin", "bdnf.clearence=2 h", "start=late"):
            with self.subTest(setting):
                own = subprocess.run(
                    [RESPINE, "run", "mouse-ketamine-10mgkg", "--dry-run", "--set", setting],
                    capture_output=True,
                    text=True,
                )
                self.assertNotEqual(own.returncode, 0)
                message = own.stderr.strip().partition("error: ")[2]
                self.assertIn(message, self.simulate("mouse-ketamine-10mgkg", [setting]).stderr)

    def test_one_subject_at_a_time(self):
        told = self.simulate("human-iv-cohort", SMALL)
        self.assertIn("a page simulates one subject at a time", told.stderr)


if __name__ == "__main__":
    unittest.main()
