"""How probable the published rows are, given what the emulator says of a parameter set.

With z the emulated row (problem.py), r^2 the variance that emulator and simulator add to it, and two model
errors, t of each row and o of all rows of one study:

    value, zero, flat   the rows of a study are normal about 0 with covariance diag(1 + r^2 + t^2) + o^2 11'
    up, down            Phi((z - 2) / sqrt(1 + r^2 + t^2 + o^2)), each by itself
"""

import numpy as np
from scipy import special

from problem import AT_LEAST

LEAST_LOG = -745.0  # log of the smallest probability: a hopeless row weighs no more


class Likelihood:
    """Of the rows in `use` (boolean, by target); the others count nothing.

    observed: z of the data, 0 for the published rows, others for data that the model made. up: of directed
    rows, whether the data went that way.
    """

    def __init__(self, problem, use=None, observed=None, up=None):
        n = len(problem.targets)
        use = np.ones(n, bool) if use is None else use
        self.observed = np.zeros(n) if observed is None else observed
        self.normal = np.flatnonzero(use & ~problem.directed)
        self.directed = np.flatnonzero(use & problem.directed)
        self.up = np.ones(n, bool) if up is None else up
        studies = problem.study[self.normal]
        self.members = np.array([studies == s for s in np.unique(studies)], float)

    def by_study(self, z, variance, study_error, row_error):
        """Log density of the normal rows of each study: (sets, studies)."""
        d = 1.0 + variance[:, self.normal] + (row_error**2)[:, None]
        miss = z[:, self.normal] - self.observed[self.normal]
        shared = (study_error**2)[:, None]
        precision = (1.0 / d) @ self.members.T
        pull = (miss / d) @ self.members.T
        squares = (miss**2 / d) @ self.members.T - shared * pull**2 / (1.0 + shared * precision)
        logs = (np.log(2 * np.pi * d)) @ self.members.T + np.log1p(shared * precision)
        return -0.5 * (squares + logs)

    def by_direction(self, z, variance, study_error, row_error):
        """Log probability of each directed row: (sets, rows)."""
        d = 1.0 + variance[:, self.directed] + (row_error**2 + study_error**2)[:, None]
        beyond = (z[:, self.directed] - AT_LEAST) / np.sqrt(d)
        return np.maximum(LEAST_LOG, special.log_ndtr(np.where(self.up[self.directed], beyond, -beyond)))

    def __call__(self, z, variance, study_error, row_error):
        """Log likelihood of each set: z and variance (sets, targets), errors (sets,)."""
        return self.by_study(z, variance, study_error, row_error).sum(1) + self.by_direction(
            z, variance, study_error, row_error
        ).sum(1)
