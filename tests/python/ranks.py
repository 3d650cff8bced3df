"""Scenarios, and a folder to start several ranks in."""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

from run_contents import contents, differences

RESPINE = os.environ["RESPINE"]
WITH_MPI = os.environ.get("RESPINE_MPI", "")
MPIRUN = shutil.which("mpirun")
FULL = "RESPINE_LARGE" in os.environ
# mpirun looks up localhost; where /etc/hosts does not have it, it asks and waits
os.environ["RES_OPTIONS"] = "timeout:1 attempts:1"
SCALE = 0.1 if FULL else 0.01
SKIPPED = 77

COURSE = """\
model: mouse
stress: {severity: 1.0}
treatments: [{drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}]
"""
SHEET = f"""\
name: sheet
{COURSE}start: -2 h
duration: 8 h
seed: 7
network: {{kind: sheet, neurons: 2100, synapses_per_neuron: 60}}
record: {{history: 5 min, snapshots: [0 h, 3 h], synapse_events: true}}
imaging: {{sessions: [-2 h, 1 h, 5 h], dendrites: 40}}
"""
# At scale 0.1 it has 27 million synapses: several stretches of the file.
MICROCIRCUIT = f"""\
name: microcircuit
{COURSE}start: -1 h
duration: 2 h
network: {{kind: microcircuit, scale: {SCALE}}}
record: {{history: 10 min, snapshots: [1 h]}}
imaging: {{sessions: [-1 h, 1 h], dendrites: 20}}
"""
FILE = f"""\
name: file
{COURSE}start: -1 h
duration: 4 h
network: {{kind: file, file: edges.csv, nodes: nodes.csv}}
record: {{history: 10 min, snapshots: [1 h], synapse_events: true}}
imaging: {{sessions: [-1 h, 2 h], dendrites: 10}}
"""
# Partners are near, so that a rank knows a part of the others' neurons.
NARROW = SHEET.replace("name: sheet", "name: narrow")
NARROW = NARROW.replace("kind: sheet, neurons: 2100, synapses_per_neuron: 60",
                        "kind: ./narrow-net.yaml, neurons: 20000, synapses_per_neuron: 30")
NARROW_NETWORK = """\
kind: sheet
based_on: sheet
kernel_width: {value: 15 um, mark: A, ref: a test}
"""
SMALL_WORLD = SHEET.replace("name: sheet", "name: small-world").replace(
    "kind: sheet, neurons: 2100", "kind: small_world, neurons: 700"
)
GROWTH_RULE = SHEET.replace("name: sheet", "name: growth-rule").replace(
    "kind: sheet, neurons: 2100", "kind: random, neurons: 500") + "structure: {rule: growth_rule}\n"
# A state of each neuron and one of the subject, which reads a mean over neurons of all ranks.
MECHANISMS = SHEET.replace("name: sheet", "name: mechanisms") + """\
mechanisms:
  - name: lactate
    unit: fold
    production: "(1 + 0.5 * (glutamate - 1)) / (20 min)"
    decay: "(1 + 0.1 * ampa) / (20 min)"
    acts_on: bdnf_release
    factor: "1 + 0.3 * (lactate - 1) * carrier"
  - name: carrier
    of: subject
    production: "(mtorc1 + lactate / 2 + brain_ketamine / 1 uM) / (1 h)"
    decay: "1 / (1 h)"
    acts_on: ampa_drive
    factor: "1 + 0.01 * carrier"
"""
EXPLICIT = f"""\
name: explicit
{COURSE}start: 0 h
duration: 90 s
network: {{kind: sheet, neurons: 100, synapses_per_neuron: 20}}
integrator: explicit
record: {{history: 10 s, snapshots: [0 h]}}
"""
REGIONS = SHEET.replace("kind: sheet", "kind: ./regions-net.yaml")
REGIONS_NETWORK = """\
kind: sheet
based_on: sheet
populations:
  - {name: E, region: one, types: {E: 1}, share: 0.4, rate: 2 Hz, mark: A, ref: a test}
  - {name: PV, region: one, types: {PV: 1}, share: 0.1, rate: 9 Hz, mark: A, ref: a test}
  - {name: SST, region: one, types: {SST: 1}, share: 0.1, rate: 5 Hz, mark: A, ref: a test}
  - {name: FAR, region: two, types: {E: 1}, share: 0.4, rate: 2 Hz, mark: A, ref: a test}
projections:
  - {source: FAR, target: FAR, weight: 0.3 1/Hz, indegree: 0.5, mark: A, ref: a test}
  - {source: FAR, target: E, weight: 0.05 1/Hz, indegree: 0.2, structure: plastic, mark: A, ref: a test}
  - {source: PV, target: E, structure: plastic, mark: A, ref: a test}
  - {source: E, target: PV, structure: plastic, mark: A, ref: a test}
"""
INHIBITION = SHEET.replace("name: sheet", "name: inhibition")
INHIBITION = INHIBITION.replace("kind: sheet", "kind: sheet-inhibition")
INHIBITION += "overrides: {formation.return_share: 0.8}\n"
POLICY = SHEET.replace("name: sheet", "name: policy").replace(
    "at: 0 h}", 'at: 0 h, policy: {every: 1 h, at_least: 2 h, when: "response_index < 0.9"}}')
SCENARIOS = {
    "sheet": SHEET, "policy": POLICY, "narrow": NARROW, "microcircuit": MICROCIRCUIT, "file": FILE,
    "small-world": SMALL_WORLD, "growth-rule": GROWTH_RULE, "explicit": EXPLICIT, "regions": REGIONS,
    "inhibition": INHIBITION, "mechanisms": MECHANISMS
}


def write_graph(folder, neurons=240, degree=14):
    """A network with hubs: rows of very different lengths."""
    draw = random.Random(3)
    types = ["E"] * 200 + ["PV"] * 24 + ["SST"] * 16
    with open(folder / "nodes.csv", "w", encoding="utf-8") as file:
        file.write("id,type,x,y\n")
        for i in range(neurons):
            file.write(f"n{i},{types[i]},{draw.uniform(0, 300):.3f},{draw.uniform(0, 300):.3f}\n")
    edges = set()
    for target in range(neurons):
        wanted = degree * (5 if target % 17 == 0 else 1)
        while wanted:
            source = draw.randrange(neurons)
            if source != target and (source, target) not in edges:
                edges.add((source, target))
                wanted -= 1
    with open(folder / "edges.csv", "w", encoding="utf-8") as file:
        file.write("source,target\n")
        for source, target in sorted(edges):
            file.write(f"n{source},n{target}\n")


def mpirun(ranks, *words):
    """As anyone would start it; here more ranks than cores are wanted, and they must not spin."""
    quiet = [
        "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1"
    ]
    return [MPIRUN, *quiet, "-n", str(ranks), *map(str, words)]


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        for name, text in SCENARIOS.items():
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        (self.folder / "regions-net.yaml").write_text(REGIONS_NETWORK, encoding="utf-8")
        (self.folder / "narrow-net.yaml").write_text(NARROW_NETWORK, encoding="utf-8")
        write_graph(self.folder)

    def run_here(self, command, check=None):
        result = subprocess.run(list(map(str, command)), cwd=self.folder, capture_output=True, text=True,
                                check=False, timeout=400)
        if check is not None:
            self.assertEqual(result.returncode, check, f"{command}\n{result.stdout}\n{result.stderr}")
        return result

    def alone(self, *words, check=0):
        return self.run_here([RESPINE, "run", "-q", *words], check)

    def shared(self, ranks, *words, check=0, quiet=True):
        return self.run_here(mpirun(ranks, WITH_MPI, "run", *(["-q"] if quiet else []), *words), check)

    def same(self, reference, name):
        self.assertEqual(differences(reference, contents(self.folder / name)), [], name)


def main():
    if not WITH_MPI or not MPIRUN:
        print("skipped: no program with MPI, or no mpirun (Debian: libopenmpi-dev, openmpi-bin)")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
