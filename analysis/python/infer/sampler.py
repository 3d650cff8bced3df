"""Posterior by an affine-invariant ensemble (emcee), three chains from starts of their own.

The state is x: a parameter each, the scale of what the emulator misses at this set, and two model errors, all
with the prior N(0, 1).
"""

import logging

import emcee
import numpy as np
from scipy.special import ndtr, ndtri

from parallel import over

logging.getLogger("emcee").setLevel(logging.ERROR)  # short chains are told by the effective sample size

CHAINS = 3
BURN = 0.4  # share of the steps that is thrown away
# Not the snooker move: emcee 3.1.4 accepts it by half the power of the Jacobian (ter Braak & Vrugt, Stat.
# Comput. 18, 435, 2008), and alone it draws a normal law of 21 dimensions with a variance of 0.56.
MOVES = [(emcee.moves.DEMove(), 0.9), (emcee.moves.StretchMove(), 0.1)]
FAR = 4.0  # no start lies further out than this in any x


def half_normal(x, scale):
    """The model error at x: u = Phi(x) of a half-normal law with this SD."""
    return scale * ndtri((1 + np.clip(ndtr(x), 1e-12, 1 - 1e-12)) / 2)


NUISANCE = 3  # numbers of x behind the parameters


def unit(x):
    """The parameters of x in the unit cube of their priors."""
    return ndtr(x[..., :-NUISANCE])


class Target:
    """Log posterior over x of what `likelihood` says of an emulator's rows."""

    def __init__(self, emulator, likelihood, plan):
        self.emulator, self.likelihood, self.plan = emulator, likelihood, plan
        self.dimensions = len(plan["parameters"]) + NUISANCE

    def errors(self, x):
        """Model errors of studies and of rows."""
        study, row = self.plan["study_error"], self.plan["row_error"]
        return half_normal(x[:, -2], study), half_normal(x[:, -1], row)

    def rows(self, x):
        """z and its variance, which is larger at some sets than at others by more than can be foreseen."""
        z, variance = self.emulator(unit(x))
        return z, variance * np.exp(self.emulator.spread_of_sets * x[:, [-NUISANCE]])

    def log_likelihood(self, x):
        return self.likelihood(*self.rows(x), *self.errors(x))

    def __call__(self, x):
        return self.log_likelihood(x) - 0.5 * (x**2).sum(1)


class Chains:
    """draws: (chains, steps, walkers, dimensions) behind the burn-in; log_likelihood: of each."""

    def __init__(self, draws, log_probability, acceptance):
        self.draws, self.acceptance = draws, acceptance
        self.log_likelihood = log_probability + 0.5 * (draws**2).sum(-1)

    def flat(self):
        return self.draws.reshape(-1, self.draws.shape[-1])

    def correlation_times(self):
        """[steps] of each dimension, mean over the chains."""
        return np.mean([emcee.autocorr.integrated_time(c, quiet=True) for c in self.draws], axis=0)

    def effective(self):
        """Effective sample size of each dimension."""
        chains, steps, walkers, _ = self.draws.shape
        return chains * steps * walkers / self.correlation_times()

    def r_hat(self):
        """Split R-hat of each dimension between halves of the chains (Gelman and others, BDA3, 11.4)."""
        chains, steps, walkers, d = self.draws.shape
        halves = self.draws[:, : steps // 2 * 2].reshape(chains * 2, -1, d)
        within, n = halves.var(1, ddof=1).mean(0), halves.shape[1]
        between = halves.mean(1).var(0, ddof=1)
        return np.sqrt((n - 1) / n + between / within)

    def thinned(self, members):
        """Evenly spaced draws of all chains: x and log likelihood."""
        flat, log = self.flat(), self.log_likelihood.reshape(-1)
        keep = np.linspace(0, len(flat) - 1, members).round().astype(int)
        return flat[keep], log[keep]


def _starts(target, rng, walkers):
    """Walkers drawn from the prior, weighted towards what is likely, so that no chain begins in a desert."""
    x = np.clip(rng.standard_normal((walkers * 50, target.dimensions)), -FAR, FAR)
    log = target.log_likelihood(x)
    weights = np.exp(np.maximum(-700, (log - log.max()) / 10.0))  # much flatter than the posterior
    return x[rng.choice(len(x), walkers, replace=False, p=weights / weights.sum())]


def _chain(target, wanted):
    """One chain behind its burn-in: draws, log posterior, acceptance."""
    seed, chain, steps, walkers = wanted
    rng = np.random.default_rng([seed, chain])
    sampler = emcee.EnsembleSampler(walkers, target.dimensions, target, moves=MOVES, vectorize=True)
    random = np.random.RandomState([seed, chain]).get_state()
    state = emcee.State(_starts(target, rng, walkers), random_state=random)
    sampler.run_mcmc(state, steps, skip_initial_state_check=True)
    burn = int(BURN * steps)
    return (
        sampler.get_chain(discard=burn),
        sampler.get_log_prob(discard=burn),
        sampler.acceptance_fraction.mean(),
    )


def sample(target, plan, seed, chains=CHAINS, steps=None, walkers=None, title=""):
    """Runs the chains, side by side where there are several."""
    wanted = [(seed, chain, steps or plan["steps"], walkers or plan["walkers"]) for chain in range(chains)]
    got = [_chain(target, wanted[0])] if chains == 1 else over(_chain, wanted, shared=target, title=title)
    draws, logs, acceptance = zip(*got)
    return Chains(np.array(draws), np.array(logs), np.array(acceptance))
