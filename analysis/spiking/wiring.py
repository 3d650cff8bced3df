"""respine's side of the check: its wiring, its receptors, and what its own rate network does in a bath."""

import csv
import pathlib
import subprocess

import h5py
import numpy as np
import yaml

TYPES = ("E", "PV", "SST")
LOOKED_AT = 2  # min in the bath: the block has settled, potentiation has not begun
SCENARIO = """name: bath
model: mouse
start: -1 h
duration: 2 h
seed: {seed}
network: {{kind: sheet, neurons: {neurons}, synapses_per_neuron: {synapses}}}
stress: {{severity: 0}}
treatments:
  - {{drug: ketamine, route: bath, concentration: {concentration} uM, for: 1 h, at: 0 h}}
record: {{history: 1 min, snapshots: [-5 min, {looked_at} min, 1 h]}}
imaging: {{sessions: []}}
"""


class Wiring:
    """Types of the neurons and all synapses, plastic and fixed; weights as respine has them [1/Hz], without
    sign.
    """

    def __init__(self, seed, types, source, target, weight):
        self.seed, self.types = seed, types
        self.source, self.target, self.weight = source, target, np.abs(weight)

    def members(self, name):
        return np.flatnonzero(self.types == name)

    def projection(self, source, target):
        """Which synapses lead from one type to another."""
        return np.flatnonzero((self.types[self.source] == source) & (self.types[self.target] == target))

    def per_target(self, which, target):
        """Mean weight that these synapses bring a target."""
        return self.weight[which].sum() / len(self.members(target))


def bath(respine, folder, settings, seed, concentration):
    """The run file of an hour in a bath."""
    stem = str(pathlib.Path(folder) / f"bath-{seed}-{concentration:g}")
    pathlib.Path(f"{stem}.yaml").write_text(
        SCENARIO.format(seed=seed, neurons=settings["neurons"], synapses=settings["synapses_per_neuron"],
                        concentration=concentration, looked_at=LOOKED_AT), encoding="utf-8")
    subprocess.run([respine, "run", f"{stem}.yaml", "-o", f"{stem}.h5", "--force", "-q"], check=True)
    return f"{stem}.h5"


def read_wiring(respine, run, seed):
    """As the program exports it, before the drug."""
    prefix = run.removesuffix(".h5")
    subprocess.run([respine, "export", run, "--csv", prefix, "--at", "-5min", "-q"], check=True)
    with open(f"{prefix}_nodes.csv", encoding="utf-8") as file:
        types = np.array([row["type"] for row in csv.DictReader(file)])
    edges = np.loadtxt(f"{prefix}_edges.csv", delimiter=",", skiprows=1, usecols=(0, 1, 3))
    return Wiring(seed, types, edges[:, 0].astype(int), edges[:, 1].astype(int), edges[:, 2])


def changed_cells(rates, baseline):
    """Shares of cells that fall below half of their own baseline, and that rise above 1.2 of it, among those
    that have one.
    """
    some = baseline > 0
    fold = rates[some] / baseline[some]
    return float(np.mean(fold < 0.5)), float(np.mean(fold > 1.2))


def rate_network(run):
    """Mean rates of each type without drug, in the bath and at the end of its hour; what single E cells do;
    the block of each type.
    """
    with h5py.File(run) as file:
        kinds, rates = file["network/type"][:], file["snapshots/rate"][:]
        early = int(np.searchsorted(file["history/time"][:], LOOKED_AT / 60 - 1e-6))
        block = {t: float(file[f"history/nmda_block_{t.lower()}"][early]) for t in TYPES}
    mean = [{t: float(row[kinds == k].mean()) for k, t in enumerate(TYPES)} for row in rates[:3]]
    silent, risen = changed_cells(rates[1][kinds == 0], rates[0][kinds == 0])
    return {
        "free": mean[0], "bath": mean[1], "late": mean[2], "silent": silent, "risen": risen, "block": block
    }


def receptors(run):
    """NMDA share of the excitatory drive and published drug-free rate [Hz] of each type, as the run has
    them.
    """
    with h5py.File(run) as file:
        scenario = file["meta"].attrs["scenario"]
        names = [name.decode() for name in file["network/population_name"][:]]
        rates = dict(zip(names, file["network/population_rate"][:].tolist()))
    overrides = yaml.safe_load(scenario.decode() if isinstance(scenario, bytes) else scenario)["overrides"]
    shares = {t: float(overrides[f"receptors.{t}.nmda_share"].split()[0]) for t in TYPES}
    return shares, {t: rates[t] for t in TYPES}
