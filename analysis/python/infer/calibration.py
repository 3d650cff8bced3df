"""Simulation-based calibration (Talts 2018, arXiv 1804.06788): are posteriors right on data of known truth?

respine runs a wave of parameter sets drawn from the prior (values-check.csv). Each becomes a data set: model
errors drawn from their priors, noise of the size of the tolerances, directions as they then come out. The
whole inference, with the emulator and the sampler of the real data, is made on each, and the rank of the true
parameter among thinned draws must be uniform.
"""

import numpy as np
from scipy import stats

from likelihood import Likelihood
from problem import AT_LEAST
from parallel import over
from sampler import Target, half_normal, sample

BINS = 10
DRAWS = 99  # ranks 0 to 99
STEPS = 500
COVER = 0.80


def data_set(problem, z, rng):
    """Of simulated rows z: what would be published, z of the normal rows and the ways of the others."""
    plan = problem.plan
    x = rng.standard_normal((1, 2))
    study = half_normal(x[:, 0], plan["study_error"])[0]
    row = half_normal(x[:, 1], plan["row_error"])[0]
    offset = rng.standard_normal(len(problem.study_names))[problem.study] * study
    noise = rng.standard_normal(len(z)) * np.sqrt(1 + row**2)
    observed = z + offset + noise
    return observed, observed >= AT_LEAST, x[0]


def _one(shared, k):
    """Ranks of the truth of a data set, and whether the 80 % intervals hold it."""
    problem, emulator, points, z, steps = shared
    rng = np.random.default_rng([problem.plan["seed"], 9000 + k])
    observed, up, errors = data_set(problem, z[k], rng)
    target = Target(
        emulator, Likelihood(problem, emulator.correlation, observed=observed, up=up), problem.plan
    )
    chains = sample(target, problem.plan, 90000 + k, chains=1, steps=steps)
    x, _ = chains.thinned(DRAWS)
    truth = np.concatenate([stats.norm.ppf(points[k]), errors])
    known = np.r_[: len(points[k]), -2, -1]  # the scale of the emulator has no truth
    low, high = np.quantile(chains.flat(), [(1 - COVER) / 2, (1 + COVER) / 2], axis=0)
    return (x[:, known] < truth).sum(0), (low[known] <= truth) & (truth <= high[known])


def calibrate(problem, emulator, data_sets, steps=STEPS):
    """Of each parameter and both model errors: p of chi-squared that its ranks are uniform, Holm's correction
    over all of them, and the share of 80 % intervals that hold the truth.
    """
    points, z, _ = problem.read(f"check-{data_sets}")
    keep = np.isfinite(z).all(1)
    points, z = points[keep][:data_sets], z[keep][:data_sets]
    got = over(
        _one,
        range(len(points)),
        shared=(problem, emulator, points, z, steps),
        title=f"{problem.plan['name']}: calibration",
    )
    ranks, covered = (np.array(part) for part in zip(*got))
    names = [p["key"] for p in problem.parameters] + ["study error", "row error"]
    counts = np.array([np.histogram(r, bins=BINS, range=(0, DRAWS + 1))[0] for r in ranks.T])
    p = np.array([stats.chisquare(c).pvalue for c in counts])
    order = np.argsort(p)
    holm = np.empty_like(p)
    holm[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return {
        "data_sets": int(len(points)),
        "left_out": int((~keep).sum()),
        "draws": DRAWS,
        "bins": BINS,
        "parameters": [
            {"name": n, "counts": c.tolist(), "p": float(a), "p_corrected": float(b), "cover_80": float(v)}
            for n, c, a, b, v in zip(names, counts, p, holm, covered.mean(0))
        ],
    }
