"""Where the next wave simulates: parameter sets that the waves before it leave, spread out.

A posterior that is made wider (the log likelihood over a temperature, so that nothing is shut out because an
emulator is still poor) is sampled, and points are taken from it that lie far from each other.
"""

import csv

import numpy as np
from scipy import stats

from emulator import Emulator
from likelihood import Likelihood
from sampler import NUISANCE, Target, sample

TEMPERATURES = {2: 8.0, 3: 4.0}  # 2.5 from the fourth wave on
POOL = 20  # candidates for each point that is taken
EDGE = 1e-4


class _Tempered(Target):
    def __init__(self, emulator, likelihood, plan, temperature):
        super().__init__(emulator, likelihood, plan)
        self.temperature = temperature

    def log_likelihood(self, x):
        return super().log_likelihood(x) / self.temperature


def spread_out(x, count):
    """Rows of x, chosen one after the other: each time the one that is furthest from those chosen."""
    chosen = [0]
    distance = ((x - x[0]) ** 2).sum(1)
    while len(chosen) < count:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, ((x - x[chosen[-1]]) ** 2).sum(1))
    return x[chosen]


def propose(problem, wave):
    """Writes points-WAVE.csv."""
    plan, count = problem.plan, problem.plan["points"]
    emulator = Emulator(problem)
    target = _Tempered(
        emulator, Likelihood(problem, emulator.correlation), plan, TEMPERATURES.get(wave, 2.5)
    )
    chains = sample(target, plan, plan["seed"] * 1000 + wave, chains=1, steps=min(1500, plan["steps"]))
    rng = np.random.default_rng([plan["seed"], wave])
    flat = chains.flat()[:, :-NUISANCE]
    pool = flat[rng.choice(len(flat), min(len(flat), POOL * count), replace=False)]
    half = count // 2  # half spread out, half as the posterior has them
    x = np.concatenate([spread_out(pool, half), pool[rng.choice(len(pool), count - half, replace=False)]])
    u = np.clip(stats.norm.cdf(x), EDGE, 1 - EDGE)
    with open(problem.path(f"points-{wave}.csv"), "w") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(p["key"] for p in problem.parameters)
        table.writerows([f"{v:.17g}" for v in row] for row in u)
