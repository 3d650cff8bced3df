"""What the tests of studies have in common: a small study, and a folder to run it in."""

import csv
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

RESPINE = os.environ["RESPINE"]
RESULTS = ("results.csv", "results.h5", "analysis.json")
HEAD = """name: small
title: "a small study"
scenario: mouse-ketamine-10mgkg
set:
  start: -2 h
  duration: 26 h
  network.neurons: 60
  network.synapses_per_neuron: 12
  record: {history: 30 min, snapshots: []}
  imaging: {sessions: [-1 h, 1 d], dendrites: 20}
"""
# A point that computes for seconds on any machine, so that a test can interrupt it.
SLOW = (HEAD.replace("60\n", "3000\n").replace("12\n", "100\n").replace("26 h", "40 d") +
        "  clock.longest_structural: 30 min\n")
DOSES = """arms:
  - {name: ketamine}
  - {name: vehicle, set: {treatments: [{drug: placebo, route: window, for: 1 min, at: 0 h}]}}
design: {kind: grid}
parameters:
  - {key: treatments.0.dose, label: dose, values: [1 mg/kg, 3 mg/kg, 10 mg/kg, 30 mg/kg, 100 mg/kg]}
replicates: 2
"""
OUTCOMES = """outcomes:
  - {name: bdnf_peak, quantity: bdnf, take: peak, time: to 6 h}
  - {name: when, quantity: glutamate, take: time_of_peak, time: to 6 h}
  - {name: brain, quantity: brain_ketamine, take: first_above 0.5}
  - {name: density, quantity: imaging_density, take: at, time: 1 d, against: vehicle}
  - {name: clustering, quantity: clustering, take: last}
"""


def rows_of(folder):
    with open(folder / "results.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class StudyCase(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def write(self, text, name="small.yaml"):
        (self.folder / name).write_text(text, encoding="utf-8")

    def study(self, *words, code=0, env=None):
        done = subprocess.run([RESPINE, "study", *words], cwd=self.folder, capture_output=True, text=True,
                              timeout=300, check=False, env=None if env is None else {**os.environ, **env})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def ends(self, *words):
        """Exit code and output of a command that may fail."""
        done = subprocess.run([RESPINE, *words], cwd=self.folder, capture_output=True, text=True, timeout=120,
                              check=False)
        return done.returncode, done.stdout + done.stderr

    def workers(self, running):
        return pathlib.Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text(
            encoding="utf-8").split()

    def start(self, *words):
        """A study that runs on, as soon as it has a worker."""
        running = subprocess.Popen([RESPINE, "study", *words], cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        while not self.workers(running):
            self.assertIsNone(running.poll())
            time.sleep(0.005)
        return running

    def start_slow(self, *words):
        """A study whose worker is in the middle of its first point: it has computed for 0.3 s, however busy
        the machine is."""
        running = self.start(*words)
        worker = self.workers(running)[0]
        while True:
            stat = pathlib.Path(f"/proc/{worker}/stat").read_text(encoding="utf-8")
            ticks = int(stat.rsplit(")", 1)[1].split()[11])  # utime, proc(5)
            if ticks / os.sysconf("SC_CLK_TCK") > 0.3:
                return running
            self.assertIsNone(running.poll())
            time.sleep(0.005)

    def same(self, a, b):
        for name in RESULTS:
            self.assertEqual((self.folder / a / name).read_bytes(), (self.folder / b / name).read_bytes(),
                             f"{name} of {a} and {b}")
