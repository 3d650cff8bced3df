"""The same bits for 1, 2, 3 and 8 threads, without vector clones or AVX-512, and with -march=native: every
dataset of the run files.
"""
import os
import subprocess
import tempfile
import unittest

from run_contents import contents

RESPINE = os.environ["RESPINE"]
VARIANTS = [v for v in os.environ.get("RESPINE_VARIANTS", "").split(":") if v]

SHEET = """name: identity
model: mouse
start: -1 d
duration: 3 d
seed: 7
network: {kind: sheet, neurons: 2500, synapses_per_neuron: 100}
stress: {severity: 1.0}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 5 min, snapshots: [0 h, 1 h, 2 d], synapse_events: true}
imaging: {sessions: [-1 d, 0 d, 1 d, 2 d], dendrites: 100}
"""
MICROCIRCUIT = """name: identity-microcircuit
model: human
start: 0 d
duration: 2 h
network: {kind: microcircuit, scale: 0.02}
stress: {severity: 0}
record: {history: 5 min, snapshots: [0 h, 2 h]}
"""
INHIBITION = SHEET.replace("kind: sheet", "kind: sheet-inhibition") + \
    "overrides: {formation.return_share: 0.8}\n"


class Identity(unittest.TestCase):
    def results(self, scenario, program, threads):
        with tempfile.TemporaryDirectory() as folder:
            source, output = os.path.join(folder, "identity.yaml"), os.path.join(folder, "run.h5")
            with open(source, "w") as file:
                file.write(scenario)
            subprocess.run([program, "run", source, "-o", output, "-q", "--threads",
                            str(threads)], check=True)
            return contents(output)

    def same(self, scenario, program, threads, reference):
        other = self.results(scenario, program, threads)
        self.assertEqual(set(other), set(reference))
        different = [name for name in reference if other[name] != reference[name]]
        self.assertEqual(different, [], f"{program} with {threads} threads differs")

    def compare(self, scenario):
        reference = self.results(scenario, RESPINE, 1)
        self.assertGreater(len(reference), 100)
        for threads in (2, 3, 8):
            with self.subTest(threads=threads):
                self.same(scenario, RESPINE, threads, reference)
        for program in VARIANTS:
            with self.subTest(program=os.path.basename(program)):
                self.same(scenario, program, 2, reference)
        return reference

    def test_sheet(self):
        reference = self.compare(SHEET)
        self.assertIn("synapse_events/time", reference)

    def test_lost_places_and_inhibition(self):
        self.compare(INHIBITION)

    def test_microcircuit(self):
        self.compare(MICROCIRCUIT)

    def test_the_comparison_can_fail(self):
        one = self.results(
            SHEET.replace("duration: 3 d", "duration: 1 d")
            .replace("[0 h, 1 h, 2 d]", "[0 h]")
            .replace("[-1 d, 0 d, 1 d, 2 d]", "[0 d]"),
            RESPINE,
            1,
        )
        two = self.results(
            SHEET.replace("seed: 7", "seed: 8").replace("duration: 3 d", "duration: 1 d").replace(
                "[0 h, 1 h, 2 d]", "[0 h]").replace("[-1 d, 0 d, 1 d, 2 d]", "[0 d]"), RESPINE, 1)
        self.assertNotEqual(one["snapshots/synapses/000/source"], two["snapshots/synapses/000/source"])
        self.assertNotEqual(one["history/synapses"], two["history/synapses"])


if __name__ == "__main__":
    unittest.main()
