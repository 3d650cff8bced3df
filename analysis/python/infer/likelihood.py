"""How probable the published rows are, given what the emulator says of a parameter set.

With z the emulated row (problem.py), R the covariance that emulator and simulator add to the rows, and two
model errors, t of each row and o of all rows of one study:

    value, zero, flat   the rows are normal about 0 with covariance R + (1 + t^2) 1 + o^2 S,
                        S = 1 for two rows of one study, else 0
    up, down            Phi((z - 2) / sqrt(1 + r^2 + t^2 + o^2)), each by itself, r^2 of the diagonal of R
"""

import numpy as np
from scipy import special

from problem import AT_LEAST

LEAST_LOG = -745.0  # log of the smallest probability: a hopeless row weighs no more


class Likelihood:
    """Of the rows in `use` (boolean, by target); the others count nothing.

    correlation: of R, (targets, targets). observed: z of the data, 0 for the published rows, others for data
    that the model made. up: of directed rows, whether the data went that way.
    """

    def __init__(self, problem, correlation, use=None, observed=None, up=None):
        n = len(problem.targets)
        use = np.ones(n, bool) if use is None else use
        self.observed = np.zeros(n) if observed is None else observed
        self.normal = np.flatnonzero(use & ~problem.directed)
        self.directed = np.flatnonzero(use & problem.directed)
        self.up = np.ones(n, bool) if up is None else up
        self.correlation = correlation[np.ix_(self.normal, self.normal)]
        study = problem.study[self.normal]
        self.same_study = (study[:, None] == study).astype(float)

    def of_values(self, z, variance, study_error, row_error):
        """Log density of the normal rows of each set."""
        miss = z[:, self.normal] - self.observed[self.normal]
        sd = np.sqrt(variance[:, self.normal])
        covariance = sd[:, :, None] * sd[:, None, :] * self.correlation
        covariance += (study_error**2)[:, None, None] * self.same_study
        diagonal = np.arange(len(self.normal))
        covariance[:, diagonal, diagonal] += 1.0 + (row_error**2)[:, None]
        root = np.linalg.cholesky(covariance)
        white = np.linalg.solve(root, miss[:, :, None])[:, :, 0]
        logs = np.log(root[:, diagonal, diagonal]).sum(1)
        return -0.5 * (white**2).sum(1) - logs - 0.5 * len(self.normal) * np.log(2 * np.pi)

    def of_directions(self, z, variance, study_error, row_error):
        """Log probability of the directed rows of each set."""
        d = 1.0 + variance[:, self.directed] + (row_error**2 + study_error**2)[:, None]
        beyond = (z[:, self.directed] - AT_LEAST) / np.sqrt(d)
        logs = special.log_ndtr(np.where(self.up[self.directed], beyond, -beyond))
        return np.maximum(LEAST_LOG, logs).sum(1)

    def __call__(self, z, variance, study_error, row_error):
        """Log likelihood of each set: z and variance (sets, targets), errors (sets,)."""
        errors = study_error, row_error
        return self.of_values(z, variance, *errors) + self.of_directions(z, variance, *errors)
