"""A whole course: the chain of one neuron, and its synapses."""

import numpy as np
import scipy.integrate
import scipy.interpolate

from chain import Chain, Subject
from pharmacology import Pharmacology, integrate
from synapses import SIZES, Structure


class Course:
    """Everything at `times` [h]. `healthy`: synapses of a healthy neuron, 0 for one of its own at health.
    `fixed`: they neither come nor go.
    """

    def __init__(self, inputs, treatments, times, subject=Subject(), healthy=0, fixed=False):
        self.times = np.asarray(times, dtype=float)
        self.chain = Chain(inputs, Pharmacology(inputs, treatments), subject)
        basal = self.chain.unstressed_bdnf(subject.inflammation, 0.0)  # stress has a factor of its own
        self.structure = Structure(inputs, subject.severity, healthy, basal) if healthy else None
        strength = self._constant(self.structure.strength(self.structure.start) if healthy else 1.0)
        turnover = healthy and not fixed
        # Synapses follow the pool, and rates the synapses, but too slowly to matter while the drug is there.
        for _ in range(2 if turnover else 1):
            self.strength = strength
            self.states = integrate(self.chain.pharmacology, self._slope,
                                    self.chain.start(float(strength(self.times[0]))), self.times, 1e-9)
            if turnover:
                self.synapses = self._integrate_structure()
                strength = scipy.interpolate.CubicSpline(
                    self.grid, [self.structure.strength(state) for state in self.synapses])

    @staticmethod
    def _constant(value):
        return lambda _: value

    def _slope(self, begin, time, x):
        return self.chain.slope(begin, x, float(self.strength(time)))

    # ---- the synapses, under the lagged pool of the chain

    def _integrate_structure(self):
        self.grid = np.union1d(self.times, np.linspace(self.times[0], self.times[-1], 200))
        lagged, pool = self._pools()
        done = scipy.integrate.solve_ivp(
            lambda t, x: self.structure.slope(x, lagged(t), pool(t)), (self.times[0], self.times[-1]),
            self.structure.start, method="RK45", rtol=1e-7, atol=1e-10, t_eval=self.grid)
        if not done.success:
            raise ArithmeticError(done.message)
        return done.y.T

    def _pools(self):
        """The lagged protein pool and the pool itself at any time."""
        def between(values):
            curve = scipy.interpolate.CubicSpline(self.times, values)
            return lambda time: max(0.0, float(curve(time)))

        return between(self.lagged), between(self.states[:, self.chain.at.pool])

    # ---- what a run file calls them

    @property
    def lagged(self):
        return self.states[:, self.chain.at.lag][:, -1]

    def levels(self):
        """Plasma, venous blood and brain of every drug."""
        return self.chain.pharmacology.levels(self.states)

    def stages(self):
        """From block to potentiation, by the names of docs/file-format.md."""
        chain, at, x = self.chain, self.chain.at, self.states
        found = {}
        blocked = np.array([chain.blocked_share(row) for row in x])
        for k, name in enumerate(("e", "pv", "sst")):
            found[f"nmda_block_{name}"] = blocked[:, k]
            found[f"rate_{name}"] = x[:, at.rates][:, k]
        found["glutamate"] = x[:, at.glutamate]
        found["ampa"] = np.array([self._ampa_drive(t, row) for t, row in zip(self.times, x)])
        beta = np.array([chain.basal_bdnf(row[at.inflammation], row[at.antidepressant]) for row in x])
        found["bdnf"] = (1 + x[:, at.bdnf]) * beta / beta[0]
        for name, where in (("translation", at.translation), ("trkb", at.trkb), ("mtorc1", at.mtorc1),
                            ("protein_pool", at.pool), 
                            ("bdnf_supply", at.supply), ("inflammation", at.inflammation),
                            ("antidepressant", at.antidepressant)):
            found[name] = x[:, where]
        found["receptor_number"] = np.array([chain.receptor_number(row) for row in x])
        found["potentiation"] = chain.potentiation(x[:, at.pool])
        return found

    def _ampa_drive(self, time, x):
        """A row at a jump shows the moment before it."""
        chain, at = self.chain, self.chain.at
        begin = max((t for t in chain.pharmacology.breaks() if t < time), default=self.times[0])
        block = chain.pharmacology.effect("ampa", begin)
        drive = chain.ampa_drive(x[at.rates], x[at.pool], float(self.strength(time)), x[at.glutamate])
        return (1 - block) * drive / x[at.used_to]

    def events(self):
        """Synapses of a neuron formed and lost since the start, at `times`."""
        lagged, pool = self._pools()
        rates = np.array([self.structure.events(state, lagged(t), pool(t))
                          for t, state in zip(self.grid, self.synapses)])
        summed = scipy.integrate.cumulative_trapezoid(rates, self.grid, axis=0, initial=0)
        return summed[np.isin(self.grid, self.times)].T

    def live(self):
        """Mean number of synapses of a neuron, and its standard deviation over neurons, at `times`."""
        chance = self.synapses[np.isin(self.grid, self.times)][:, SIZES:-1]
        mean = chance @ self.structure.counts
        return mean, np.sqrt(np.maximum(0, chance @ self.structure.counts**2 - mean**2))
