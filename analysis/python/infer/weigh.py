"""Rivals on one table: the evidence of each, with its uncertainty, and the rows that its posterior misses.

The evidence of a rival is the mean likelihood of the rows over its own priors, so a rival with more room pays
for it. Its error is that of the importance sampling, and the spread between emulators that were trained on
different two thirds of the sets.
"""

import json

import numpy as np

from emulator import Emulator
from evidence import log_evidence
from likelihood import Likelihood
from problem import Problem
from sampler import Target, sample

PARTS = 3


class _Part:
    """A problem with a part of its sets left out."""

    def __init__(self, problem, part):
        self.plan, self.targets = problem.plan, problem.targets
        keep = np.arange(len(problem.rows)) % PARTS != part
        self.points, self.rows, self.wave = problem.points[keep], problem.rows[keep], problem.wave[keep]


def _between_emulators(problem):
    values = []
    for part in range(PARTS):
        emulator = Emulator(_Part(problem, part))
        target = Target(emulator, Likelihood(problem, emulator.correlation), problem.plan)
        chains = sample(target, problem.plan, 700 + part, chains=1, steps=min(1500, problem.plan["steps"]))
        values.append(log_evidence(target, chains, part)["log_evidence"])
    return float(np.std(values, ddof=1))


def weigh(folder, names):
    rivals = []
    for name in names:
        problem = Problem(f"{folder}/{name}")
        with open(problem.path("posterior.json")) as file:
            found = json.load(file)
        rows = found["rows"]
        misses = [
            r["id"]
            for r in rows
            if (r["probability"] < 0.05 if "probability" in r else r["z"][0] > 2 or r["z"][2] < -2)
        ]
        rivals.append(
            {
                "name": name,
                "log_evidence": found["evidence"]["log_evidence"],
                "sampling_error": found["evidence"]["error"],
                "emulator_error": _between_emulators(problem),
                "misses": misses,
                "rows": len(rows),
                "study_error": found["study_error"][1],
                "row_error": found["row_error"][1],
            }
        )
    rivals.sort(key=lambda r: -r["log_evidence"])
    with open(f"{folder}/rivals.json", "w") as file:
        file.write(json.dumps(rivals, indent=1) + "\n")
    with open(f"{folder}/rivals.txt", "w") as file:
        file.write(_words(rivals))


def _words(rivals):
    best = rivals[0]
    lines = [
        f"{best['name']} has the largest evidence, {best['log_evidence']:.1f}; {rivals[1]['name']} follows, "
        f"{rivals[1]['log_evidence'] - best['log_evidence']:+.1f} "
        f"± {np.hypot(rivals[1]['emulator_error'], best['emulator_error']):.1f} in the logarithm.",
        "",
        f"{'hypothesis':<24}{'log evidence':>14}{'to the best':>13}{'error':>8}{'row error':>11}"
        "  rows that 90 % of its posterior misses",
    ]
    for r in rivals:
        error = np.hypot(r["sampling_error"], r["emulator_error"])
        lines.append(
            f"{r['name']:<24}{r['log_evidence']:>14.1f}{r['log_evidence'] - best['log_evidence']:>13.1f}"
            f"{error:>8.1f}{r['row_error']:>11.2f}  {len(r['misses'])} of {r['rows']}: "
            + (", ".join(r["misses"]) or "none")
        )
    return "\n".join(lines) + "\n"
