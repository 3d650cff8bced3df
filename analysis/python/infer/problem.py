"""What an inference knows: the plan that respine wrote, and the simulated waves as standardised rows.

Parameters live in the unit cube of their priors, or as x = Phi^-1(u), where each prior is N(0, 1). A row of
the targets is z, as respine has it from values of the run (analysis/rivals/evidence.hpp): the simulated value
less the published one in spreads s, half of its half-width (tolerances are two standard errors):

    value        (simulated - value) / s                  observed: 0
    zero         simulated / s                            observed: 0
    flat         change / (half of the change that counts)   observed: 0
    up, down     the same, turned for down                observed: at least 2
"""

import csv
import json
import os

import numpy as np
from scipy import stats

AT_LEAST = 2.0  # z of the least change that counts
CENTRAL = stats.norm.ppf(0.975)  # normal laws: low and high are the central 95 %


def value_of(parameter, u):
    """The parameter at u of its law, in its unit; as respine's quantile()."""
    low, high, law = parameter["low"], parameter["high"], parameter["law"]
    if law == "uniform":
        return low + u * (high - low)
    if law == "log_uniform":
        return low * (high / low) ** u
    x = stats.norm.ppf(u)
    if law == "normal":
        return (low + high) / 2 + x * (high - low) / (2 * CENTRAL)
    return np.exp((np.log(low) + np.log(high)) / 2 + x * np.log(high / low) / (2 * CENTRAL))


class Problem:
    """The folder of an inference.

    points: (sets, parameters) in the unit cube; rows: (sets, targets) z, NaN where a run failed; wave and
    repeat_of: (sets,), the number of the wave and of the first set with the same point
    """

    def __init__(self, folder):
        self.folder = folder
        with open(self.path("plan.json")) as file:
            self.plan = json.load(file)
        self.parameters, self.targets = self.plan["parameters"], self.plan["targets"]
        self.kinds = np.array([t["kind"] for t in self.targets])
        self.directed = np.isin(self.kinds, ["up", "down"])
        names = list(dict.fromkeys(t["study"] for t in self.targets))
        self.study_names = names
        self.study = np.array([names.index(t["study"]) for t in self.targets])
        self.points, self.rows, self.wave, self.repeat_of = self._read_waves()

    def path(self, name):
        return os.path.join(self.folder, name)

    def _read_waves(self):
        points, rows, wave, repeat_of = [], [], [], []
        for number in range(1, self.plan["waves"] + 1):
            if not os.path.exists(self.path(f"values-{number}.csv")):
                break
            own, z, of = self.read(number)
            first = sum(map(len, points))
            seen = {}
            for k, s in enumerate(of):
                repeat_of.append(seen.setdefault(s, first + k))
            points.append(own[of])
            rows.append(z)
            wave.append(np.full(len(of), number))
        if not points:
            return np.empty((0, len(self.parameters))), np.empty((0, len(self.targets))), np.empty(0), []
        return np.concatenate(points), np.concatenate(rows), np.concatenate(wave), np.array(repeat_of)

    def read(self, wave):
        """Points of a wave, z of its runs, and the number of the point of each run."""
        points = np.loadtxt(self.path(f"points-{wave}.csv"), delimiter=",", skiprows=1, ndmin=2)
        with open(self.path(f"values-{wave}.csv")) as file:
            table = list(csv.DictReader(file))
        z = [[float(line[t["id"] + ":z"] or "nan") for t in self.targets] for line in table]
        return points, np.array(z), np.array([int(line["set"]) for line in table])

    def noise(self):
        """SD of each row between seeds of one parameter set, from the repeated ones."""
        pairs = [(k, of) for k, of in enumerate(self.repeat_of) if of != k]
        if not pairs:
            return np.full(len(self.targets), np.nan)
        a, b = np.array(pairs).T
        return np.sqrt(np.nanmean((self.rows[a] - self.rows[b]) ** 2, axis=0) / 2)
