"""The parts of an inference against slow references: the likelihood, the laws of priors, the emulator."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import numpy
from scipy import stats

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
sys.path[:0] = [str(SOURCE / "analysis/python/infer"), str(SOURCE / "analysis/python")]

from design import left_over  # noqa: E402
from emulator import Emulator  # noqa: E402
from likelihood import Likelihood  # noqa: E402
from problem import value_of  # noqa: E402
from sampler import sample  # noqa: E402

SPEC = """name: small
title: "three parameters"
set: {network.neurons: 100, network.synapses_per_neuron: 20, duration: 10 d}
infer:
  - {key: bdnf.release}
  - {key: formation.gain}
  - {key: signalling.pool_decay}
targets: [bdnf-30min, density-d1]
waves: {count: 1, points: 20, repeats: 0}
sampler: {walkers: 40, steps: 100, members: 20}
"""


class Parts(unittest.TestCase):
    def test_rows_are_one_normal_vector(self):
        """Numbers and ways, against the whole covariance matrix and its integral, as SciPy has them."""
        problem = type("P", (), {})()
        problem.targets = [None] * 6
        problem.directed = numpy.array([False, False, False, True, False, True])
        problem.study = numpy.array([0, 0, 1, 1, 0, 1])
        rng = numpy.random.default_rng(1)
        z, variance = rng.normal(size=(9, 6)), rng.random((9, 6))
        study, row = 2.0 * rng.random(9), rng.random(9)
        together = numpy.corrcoef(rng.normal(size=(6, 20)))
        observed, up = rng.normal(size=6), numpy.array([True, True, True, True, True, False])
        got = Likelihood(problem, together, observed=observed, up=up)(z, variance, study, row)
        values, ways = [0, 1, 2, 4], [3, 5]
        for k in range(9):
            sd = numpy.sqrt(variance[k])
            cov = numpy.outer(sd, sd) * together + numpy.eye(6) * (1 + row[k] ** 2)
            cov += study[k] ** 2 * numpy.equal.outer(problem.study, problem.study)
            own, cross = cov[numpy.ix_(values, values)], cov[numpy.ix_(ways, values)]
            missed = (observed - z[k])[values]
            want = stats.multivariate_normal(numpy.zeros(4), own).logpdf(missed)
            expected = z[k, ways] + cross @ numpy.linalg.solve(own, missed)
            rest = cov[numpy.ix_(ways, ways)] - cross @ numpy.linalg.solve(own, cross.T)
            side = numpy.array([1, -1])
            rest *= side[:, None] * side
            want += numpy.log(stats.multivariate_normal(numpy.zeros(2), rest).cdf(side * (expected - 2)))
            self.assertAlmostEqual(got[k], want, delta=0.02)

    def test_chains_draw_the_law_that_they_are_told(self):
        """Where nothing is known each number keeps its prior, N(0, 1)."""

        class Nothing:
            dimensions = 21

            def log_likelihood(self, x):
                return numpy.zeros(len(x))

            def __call__(self, x):
                return -0.5 * (x**2).sum(1)

        x = sample(Nothing(), {"steps": 2000, "walkers": 80}, 1, chains=1).flat()
        self.assertAlmostEqual(float(x.var(0).mean()), 1.0, delta=0.03)
        self.assertAlmostEqual(float((numpy.abs(x) < stats.norm.ppf(0.9)).mean()), 0.8, delta=0.008)

    def test_a_measurement_leaves_what_normal_laws_say(self):
        """Of the variance, for correlation r and an effect of SD 1 with error e: 1 - r^2 / (1 + e^2)."""
        effect = stats.norm.ppf((numpy.arange(300) + 0.5) / 300)
        other = numpy.random.default_rng(3).permutation(effect)
        for r, error in ((1.0, 1.0), (0.8, 0.5), (0.8, 3.0)):
            prediction = r * effect + numpy.sqrt(1 - r**2) * other
            known = numpy.corrcoef(prediction, effect)[0, 1]
            want = numpy.sqrt(1 - known**2 / (1 + error**2))
            self.assertAlmostEqual(left_over(prediction, effect, error), want, delta=0.02)

    def test_laws_are_those_of_the_program(self):
        """The program's own list of a Latin hypercube, through the laws of both."""
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "laws.yaml").write_text(
                SPEC.replace(
                    "- {key: bdnf.release}", "- {key: bdnf.release, law: log_normal, low: 1, high: 9}"
                ).replace(
                    "- {key: formation.gain}", "- {key: formation.gain, law: normal, low: 3, high: 9}"
                )
            )
            with subprocess.Popen(
                [RESPINE, "infer", "laws.yaml", "--work", "w", "-q", "--jobs", "1"],
                cwd=folder,
                start_new_session=True,
            ) as going:
                journal = pathlib.Path(folder, "w/wave-1/journal-1-of-1.jsonl")
                while not (journal.exists() and journal.read_text()):
                    time.sleep(0.05)
                os.killpg(going.pid, signal.SIGTERM)
            plan = json.loads(pathlib.Path(folder, "w/plan.json").read_text())
            points = numpy.loadtxt(pathlib.Path(folder, "w/points-1.csv"), delimiter=",", skiprows=1)
        for p, u in zip(plan["parameters"], points[0]):
            low, high = p["low"], p["high"]
            x = stats.norm.ppf(u) / stats.norm.ppf(0.975)
            want = {
                "log_normal": numpy.sqrt(low * high) * numpy.sqrt(high / low) ** x,
                "normal": (low + high) / 2 + x * (high - low) / 2,
                "uniform": low + u * (high - low),
                "log_uniform": low * (high / low) ** u,
            }[p["law"]]
            self.assertAlmostEqual(float(value_of(p, u)) / want, 1, 12)

    def test_emulator_finds_a_smooth_function_and_tells_its_noise(self):
        rng = numpy.random.default_rng(2)
        problem = type("P", (), {"plan": {"seed": 1}})()
        problem.points = rng.random((200, 4))
        problem.wave = numpy.ones(200)
        u = problem.points
        clean = numpy.column_stack([3 * numpy.sin(3 * u[:, 0]) + 4 * u[:, 1] ** 2, numpy.full(200, 1.5)])
        problem.rows = clean + numpy.column_stack([0.2 * rng.standard_normal(200), numpy.zeros(200)])
        emulator = Emulator(problem)
        new = rng.random((500, 4))
        z, variance = emulator(new)
        truth = 3 * numpy.sin(3 * new[:, 0]) + 4 * new[:, 1] ** 2
        self.assertLess(numpy.sqrt(((z[:, 0] - truth) ** 2).mean()), 0.1)
        self.assertAlmostEqual(float(numpy.sqrt(variance[:, 0]).mean()), 0.2, delta=0.06)
        self.assertTrue(numpy.allclose(z[:, 1], 1.5))


if __name__ == "__main__":
    unittest.main()
