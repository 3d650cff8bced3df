"""Sample two parameters with emcee, the simulator called directly: what the BDNF of one animal at two times
says about release and clearance. With a slow simulator, `respine infer` gets there with far fewer runs.

usage: sample_with_emcee.py
"""

# %% The measurement, and where the parameters may lie
import emcee
import numpy as np

import respine

KEYS = ["bdnf.release", "bdnf.clearance"]  # 1/h, h
LOW, HIGH = np.array([1.0, 0.8]), np.array([10.0, 1.5])
OUTCOMES = {"bdnf_30min": ("bdnf", "at", "30 min"), "bdnf_2h": ("bdnf", "at", "2 h")}
MEASURED, SD = np.array([1.13, 1.06]), np.array([0.03, 0.03])
SMALL = {
    "network.neurons": 100, "network.synapses_per_neuron": 20, "start": "-1 h", "duration": "4 h",
    "record.snapshots": [], "imaging.sessions": []
}


# %% Log posterior of all walkers at once: one call, as many processes as cores; a run that fails is NaN
def log_posterior(thetas):
    inside = ((thetas > LOW) & (thetas < HIGH)).all(1)
    log = np.full(len(thetas), -np.inf)
    if inside.any():
        runs = respine.simulate(thetas[inside], "mouse-ketamine-10mgkg", OUTCOMES, parameters=KEYS,
                                settings=SMALL, own_seeds=False)
        misfit = (((runs.values - MEASURED) / SD)**2).sum(1)
        log[inside] = np.where(np.isfinite(misfit), -0.5 * misfit, -np.inf)
    return log


# %% A short chain, to show the call: a real one is longer
rng = np.random.default_rng(1)
sampler = emcee.EnsembleSampler(12, 2, log_posterior, vectorize=True)
sampler.random_state = np.random.RandomState(1).get_state()
sampler.run_mcmc(rng.uniform(LOW, HIGH, (12, 2)), 15)
draws = sampler.get_chain(discard=5, flat=True)
for key, low, mid, high in zip(KEYS, *np.quantile(draws, [0.05, 0.5, 0.95], axis=0)):
    print(f"{key:<16} {mid:.2f} [{low:.2f}, {high:.2f}]")
