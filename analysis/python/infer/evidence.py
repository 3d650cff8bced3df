"""Evidence of the model: the mean of its likelihood over the priors, by importance sampling from a Gaussian
mixture around the posterior, a tenth of it the prior itself so that no weight is without bound.
"""

import numpy as np
from scipy import stats
from sklearn.mixture import GaussianMixture

COMPONENTS = 4
DRAWS = 20000
PRIOR_SHARE = 0.1
WIDER = 1.3  # of the mixture's covariances, so that its tails hold the posterior's


def log_evidence(target, chains, seed):
    """Log evidence, its standard error, and the effective sample size of the weights."""
    x, _ = chains.thinned(min(4000, len(chains.flat())))
    mixture = GaussianMixture(COMPONENTS, reg_covar=1e-3, random_state=seed).fit(x)
    rng = np.random.default_rng([seed, 77])
    part = rng.choice(COMPONENTS + 1, DRAWS, p=[*(mixture.weights_ * (1 - PRIOR_SHARE)), PRIOR_SHARE])
    draws = rng.standard_normal((DRAWS, x.shape[1]))
    for c in range(COMPONENTS):
        own = part == c
        draws[own] = mixture.means_[c] + draws[own] @ np.linalg.cholesky(WIDER * mixture.covariances_[c]).T
    log_prior = stats.norm.logpdf(draws).sum(1)
    parts = [
        np.log(w * (1 - PRIOR_SHARE)) + stats.multivariate_normal(m, WIDER * s).logpdf(draws)
        for w, m, s in zip(mixture.weights_, mixture.means_, mixture.covariances_)
    ]
    log_q = np.logaddexp.reduce([*parts, np.log(PRIOR_SHARE) + log_prior])
    log_w = (
        np.concatenate([target.log_likelihood(block) for block in np.array_split(draws, 20)])
        + log_prior
        - log_q
    )
    top = log_w.max()
    weights = np.exp(log_w - top)
    effective = weights.sum() ** 2 / (weights**2).sum()
    error = weights.std() / weights.mean() / np.sqrt(DRAWS)
    return {
        "log_evidence": float(top + np.log(weights.mean())),
        "error": float(error),
        "effective": float(effective),
    }
