"""What the simulator would say of any parameter set: a Gaussian process for each row of the targets.

Rows are squashed, 4 asinh(z / 4), because far beyond four spreads only the side matters. A squared
exponential with a length for each parameter (few of them matter to one row) is fitted to a part of the sets
(scikit-learn) and conditioned on all. Every set ran with a seed of its own, so the process sees the mean over
seeds, and the residual of each set, predicted from all others, holds both the noise of the simulator and what
the process misses. It enters the likelihood: its size by a regression on where the set lies and on what is
predicted there, because both noise and misses are larger where the drug does much; and how the residuals of
rows go together, because many rows are read off one run.
"""

import warnings

import numpy as np
from scipy import linalg
from parallel import over
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import RidgeCV

SQUASH = 4.0
FITTED_ON = 320  # sets that lengths are fitted to
LENGTHS = (0.3, 300.0)  # bounds, in units of a parameter's u that run from -sqrt 3 to sqrt 3
CONSTANT = 1e-3  # a row whose SD is below this moves with no parameter
RIDGES = np.logspace(0, 4, 13)  # strengths that the regression of the spread chooses from
LOG_SPREAD = (-15.0, 5.0)  # bounds of the log of a variance, far from all sets
MANY = 200  # sets that are predicted at a time


def squash(z):
    return SQUASH * np.arcsinh(z / SQUASH)


def _features(u):
    return np.sqrt(3.0) * (2.0 * u - 1.0)


def _place(x):
    """What the spread of a row may depend on besides what is predicted there: (sets, features)."""
    return np.column_stack([x, x**2 - 1])


def _fit_row(task):
    """Lengths, signal and noise of one row by maximum likelihood."""
    x, y, seed = task
    kernel = ConstantKernel(1.0, (1e-2, 1e3)) * RBF(np.full(x.shape[1], 3.0), LENGTHS)
    kernel += WhiteKernel(0.05, (1e-4, 1.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its bound: the parameter is inert
        fitted = GaussianProcessRegressor(kernel, random_state=seed).fit(x, y).kernel_
    return fitted.k2.noise_level, fitted.k1.k1.constant_value, fitted.k1.k2.length_scale


class Emulator:
    """z and its variance at points of the unit cube, both (sets, targets).

    over: which sets tell how far the emulator misses; "last" wave (where the data are) or "first" (the
    prior).
    """

    def __init__(self, problem, over="last"):
        whole = np.isfinite(problem.rows).all(1)
        self.x = _features(problem.points[whole])
        y = squash(problem.rows[whole])
        wave = problem.wave[whole]
        self.mean, self.scale = y.mean(0), y.std(0)
        self.moving = np.flatnonzero(self.scale > CONSTANT)
        standard = (y - self.mean) / np.maximum(self.scale, CONSTANT)
        self._fit(standard, problem.plan["seed"])
        self._spread(standard[:, self.moving], wave == (wave.max() if over == "last" else 1))

    def _spread(self, y, judged):
        """How far a row is missed, anywhere: log of the squared residual, linear in place and prediction."""
        predicted = y - self.left_out
        floor = 1e-2 * (self.left_out**2).mean(0)
        log = np.log(self.left_out**2 + floor)
        place = _place(self.x)
        fits = [
            RidgeCV(RIDGES).fit(np.column_stack([place, predicted[:, j], predicted[:, j] ** 2]), log[:, j])
            for j in range(y.shape[1])
        ]
        self.spread = np.column_stack([fit.coef_ for fit in fits])
        self.spread_level = np.array([fit.intercept_ for fit in fits])
        size = np.exp(0.5 * self._log_spread(self.x, predicted))
        # The mean of a log is not the log of a mean: what the sets that count say gives the level.
        relative = (self.left_out / size)[judged]
        self.spread_level += np.log((relative**2).mean(0))
        relative /= np.sqrt((relative**2).mean(0))
        together = np.corrcoef(relative.T)
        self.correlation = np.eye(len(self.scale))
        self.correlation[np.ix_(self.moving, self.moving)] = np.nan_to_num(np.atleast_2d(together))
        np.fill_diagonal(self.correlation, 1.0)
        # Some sets are missed in all rows: SD of the log of a set's variance, less what chance makes of it.
        weight = np.linalg.eigvalsh(np.nan_to_num(np.atleast_2d(together)))
        chance = 2.0 * (weight**2).sum() / weight.sum() ** 2
        between = np.log((relative**2).mean(1)).var()
        self.spread_of_sets = float(np.sqrt(max(0.0, between - chance)))
        self.explained = np.ones_like(self.scale)
        self.explained[self.moving] = 1 - (self.left_out[judged] ** 2).mean(0) / y[judged].var(0)

    def _log_spread(self, x, predicted):
        """Log of the variance of each moving row, standardised and squashed."""
        place, (linear, square) = self.spread[:-2], self.spread[-2:]
        return _place(x) @ place + linear * predicted + square * predicted**2 + self.spread_level

    def _fit(self, y, seed):
        part = np.linspace(0, len(self.x) - 1, min(FITTED_ON, len(self.x))).astype(int)
        tasks = [(self.x[part], y[part, k], seed) for k in self.moving]
        fitted = list(over(_fit_row, tasks))
        self.lengths = np.array([np.atleast_1d(f[2]) for f in fitted])
        self.signal = np.array([f[1] for f in fitted])
        weights = np.empty((len(self.moving), len(self.x)))
        self.left_out = np.empty(
            (len(self.x), len(self.moving))
        )  # each set, less its prediction from the others
        for j, (noise, signal, length) in enumerate(fitted):
            own = self.x / length
            squares = (own**2).sum(1)
            distance = np.maximum(0.0, squares[:, None] + squares - 2.0 * own @ own.T)
            inverse = linalg.inv(signal * np.exp(-0.5 * distance) + noise * np.eye(len(self.x)))
            weights[j] = inverse @ y[:, self.moving[j]]
            self.left_out[:, j] = weights[j] / np.diag(inverse)
        # Predictions take all rows at once, in single precision: a thousandth of a spread at most.
        scaled = self.x / self.lengths[:, None, :]
        self.scaled = np.ascontiguousarray(scaled.transpose(0, 2, 1), np.float32)
        self.squares = (0.5 * (scaled**2).sum(2))[:, None, :].astype(np.float32)
        self.weights = (weights * self.signal[:, None])[:, :, None].astype(np.float32)

    def __call__(self, u):
        if len(u) > MANY:
            parts = [self(block) for block in np.array_split(u, len(u) // MANY + 1)]
            return tuple(np.concatenate(p) for p in zip(*parts))
        x = _features(u)
        own = (x / self.lengths[:, None, :]).astype(np.float32)
        distance = np.matmul(own, self.scaled)
        distance -= self.squares
        distance -= 0.5 * (own**2).sum(2, keepdims=True)
        standard = np.matmul(np.exp(distance, out=distance), self.weights)[:, :, 0].T.astype(float)
        y, residual = np.tile(self.mean, (len(u), 1)), np.zeros((len(u), len(self.mean)))
        y[:, self.moving] += standard * self.scale[self.moving]
        log = np.clip(self._log_spread(x, standard), *LOG_SPREAD)
        residual[:, self.moving] = self.scale[self.moving] * np.exp(0.5 * log)
        y = np.clip(y, -30, 30)
        return SQUASH * np.sinh(y / SQUASH), (residual * np.cosh(y / SQUASH)) ** 2
