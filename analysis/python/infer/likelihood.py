"""How probable the published rows are, given what the emulator says of a parameter set.

With z the emulated row (problem.py), R the covariance that emulator and simulator add to the rows, and two
model errors, t of each row and o of all rows of one study, what is published is z + e,

    e ~ N(0, R + (1 + t^2) 1 + o^2 S),    S = 1 for two rows of one study, else 0.

Of rows of kind value, zero and flat the number z + e is known, and of up and down whether it is at least 2.
The probability of the ways is that of a normal law above and below thresholds, under the condition of the
numbers: one row after the other, the law of those still to come kept normal with the mean and the variance
that the known way leaves (Mendell & Elston, Biometrics 30, 41, 1974).
"""

import numpy as np
from scipy import special

from problem import AT_LEAST

LEAST_LOG = -745.0  # log of the smallest probability: a hopeless row weighs no more
HALF_LOG_2_PI = 0.5 * np.log(2.0 * np.pi)


def log_ways(threshold, up, covariance):
    """Log probability that a normal vector of mean 0 lies above each threshold where `up`, else below.

    threshold: (sets, rows); up: (rows,); covariance: (sets, rows, rows), overwritten.
    """
    beyond = np.where(up, -threshold, threshold)  # all upwards: beyond + e >= 0
    side = np.where(up, 1.0, -1.0)
    covariance *= side[:, None] * side
    log = np.zeros(len(beyond))
    for k in range(beyond.shape[1]):
        sd = np.sqrt(covariance[:, k, k])
        b = beyond[:, k] / sd
        own = special.log_ndtr(b)
        log += np.maximum(LEAST_LOG, own)
        mean = np.exp(-0.5 * b**2 - HALF_LOG_2_PI - own)  # of the row above its threshold, in sd
        slope = covariance[:, k, k + 1 :] / sd[:, None]
        beyond[:, k + 1 :] += slope * mean[:, None]
        narrower = mean * (mean + b)
        covariance[:, k + 1 :, k + 1 :] -= narrower[:, None, None] * slope[:, :, None] * slope[:, None, :]
    return log


class Likelihood:
    """Of the rows in `use` (boolean, by target); the others count nothing.

    correlation: of R, (targets, targets). observed: z of the data, 0 for the published rows, others for data
    that the model made. up: of directed rows, whether the data went that way.
    """

    def __init__(self, problem, correlation, use=None, observed=None, up=None):
        n = len(problem.targets)
        use = np.ones(n, bool) if use is None else use
        normal, directed = np.flatnonzero(use & ~problem.directed), np.flatnonzero(use & problem.directed)
        self.values, self.rows = len(normal), np.concatenate([normal, directed])
        self.observed = np.zeros(self.values) if observed is None else observed[normal]
        self.up = np.ones(len(directed), bool) if up is None else up[directed]
        self.correlation = correlation[np.ix_(self.rows, self.rows)]
        study = problem.study[self.rows]
        self.same_study = (study[:, None] == study).astype(float)

    def covariance(self, variance, study_error, row_error):
        """Of e, values before ways: (sets, rows, rows)."""
        sd = np.sqrt(variance[:, self.rows])
        covariance = sd[:, :, None] * sd[:, None, :] * self.correlation
        covariance += (study_error**2)[:, None, None] * self.same_study
        diagonal = np.arange(len(self.rows))
        covariance[:, diagonal, diagonal] += 1.0 + (row_error**2)[:, None]
        return covariance

    def __call__(self, z, variance, study_error, row_error):
        """Log likelihood of each set: z and variance (sets, targets), errors (sets,)."""
        n = self.values
        z = z[:, self.rows]
        root = np.linalg.cholesky(self.covariance(variance, study_error, row_error))
        white = np.linalg.solve(root[:, :n, :n], (self.observed - z[:, :n])[:, :, None])
        logs = np.log(np.diagonal(root, axis1=1, axis2=2)[:, :n]).sum(1) + n * HALF_LOG_2_PI
        of_values = -0.5 * (white[:, :, 0] ** 2).sum(1) - logs
        expected = (root[:, n:, :n] @ white)[:, :, 0]  # of the ways' e, from what the values missed
        rest = root[:, n:, n:]
        return of_values + log_ways(AT_LEAST - z[:, n:] - expected, self.up, rest @ rest.transpose(0, 2, 1))
