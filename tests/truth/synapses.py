"""Sections 7 to 9 of docs/model.md in the mean: the density of sizes, and how many synapses a neuron has.

    newborn  db/dt = (x b)'/tau + (sigma^2/tau) b'' - (e m h_n + mu) b + s formed q(x),    mu = mu_0 (1 + k P)
    mature   dp/dt = (x p)'/tau + (sigma^2/tau) p'' - e m h(x) p + mu b + (1 - s) formed q(x)
             h(x) = h0 e^(-a x)
    counts   up (f0 S beta (1 - n/C) + G f0 L D(n)) V,    down n h_mean m(n),    m(n) = 1 + c [n/n* - 1]_+
    n*       dn*/dt = kappa L [n - n*]_+ - (n* - n0)/tau_back, in the mean over neurons

Times in hours. Sizes are shares of cells of finite volumes, counts a probability for each number of synapses.
"""

import numpy as np
import scipy.integrate
import scipy.optimize
import scipy.stats

LOW, HIGH, CELLS = -2.4, 2.0, 220
SIZES = 2 * CELLS  # of newborns, then of mature spines


def lowered(at_stress, severity):
    """S or beta: max(0.05, 1 - (1 - value at stress 1) sigma)"""
    return max(0.05, 1 - (1 - at_stress) * severity)


class Sizes:
    """The walk of log sizes x in cells of equal width."""

    def __init__(self, inputs):
        edges = np.linspace(LOW, HIGH, CELLS + 1)
        self.width = edges[1] - edges[0]
        self.x = (edges[:-1] + edges[1:]) / 2
        new = scipy.stats.norm(inputs["spine_size.new_mean"], inputs["spine_size.new_sd"])
        self.new = np.diff(new.cdf(edges)) / np.diff(new.cdf([LOW, HIGH]))  # share of new spines in each cell
        self.share, self.maturation = inputs["newborn.share"], inputs["newborn.maturation"]
        self.protein = inputs["newborn.protein"]
        mature = inputs["pruning.hazard"] * np.exp(-inputs["pruning.steepness"] * self.x)
        self.hazard = np.concatenate((np.full(CELLS, inputs["newborn.hazard"]), mature))
        self.weight = np.tile(np.exp(self.x), 2)
        self.walk = self._walk(edges[1:-1], inputs["spine_size.sd"], inputs["spine_size.time"])

    def _walk(self, inner, sd, time):
        """Flux over an inner edge: -x p/tau - (sigma^2/tau) p'; none over the outer ones."""
        walk = np.zeros((CELLS, CELLS))
        for k, x in enumerate(inner):
            flux = np.zeros(CELLS)
            flux[k] = -x / 2 + sd**2 / self.width
            flux[k + 1] = -x / 2 - sd**2 / self.width
            walk[k] -= flux / (time * self.width)
            walk[k + 1] += flux / (time * self.width)
        return walk

    def equilibrium(self, elimination):
        """Shares of the cells at rest, and the mean hazard 1/(integral of b + p)."""
        hazard = elimination * self.hazard
        newborn = np.linalg.solve(np.diag(hazard[:CELLS] + self.maturation) - self.walk,
                                  self.share * self.new)
        mature = np.linalg.solve(np.diag(hazard[CELLS:]) - self.walk,
                                 self.maturation * newborn + (1 - self.share) * self.new)
        spines = np.concatenate((newborn, mature))
        return spines / spines.sum(), 1 / spines.sum()

    def slope(self, spines, formed, elimination, pool):
        """Change of the cells when `formed` spines come in an hour."""
        newborn, mature = spines[:CELLS], spines[CELLS:]
        matured = self.maturation * (1 + self.protein * pool) * newborn
        flows = np.concatenate((self.walk @ newborn + self.share * formed * self.new - matured,
                                self.walk @ mature + (1 - self.share) * formed * self.new + matured))
        return flows - elimination * self.hazard * spines


class Rest:
    """A neuron without drug: how its counts and sizes rest, given f0 and the capacity. `basal`: beta."""

    def __init__(self, inputs, sizes, severity, healthy, basal):
        get = inputs
        self.homeostasis = get["pruning.homeostasis"]
        self.elimination = 1 + (get["pruning.stress"] - 1) * severity  # e = 1 + (e_stress - 1) sigma
        self.formation = lowered(get["formation.stress"], severity) * basal  # S beta
        self.sizes, self.healthy = sizes, healthy
        self.counts = np.arange(2 * healthy + 1)

    def factor(self, rest):
        """m = 1 + c [n/n* - 1]_+"""
        return 1 + self.homeostasis * np.maximum(0, self.counts / rest - 1)

    def up(self, f0, capacity, mean):
        """f0 S beta (1 - n/C) V, V = 1 - <n>/C"""
        vacancy = np.maximum(0, 1 - self.counts / capacity)
        return f0 * self.formation * vacancy * (1 - mean / capacity)

    def settle(self, f0, capacity, rest):
        """Probabilities of counts and shares of sizes, when `rest` is n* and the mean of the others."""
        factor, mean_factor = self.factor(rest), 1.0
        for _ in range(50):
            shares, loss = self.sizes.equilibrium(self.elimination * mean_factor)
            down = self.counts * factor * loss / mean_factor
            steps = np.log(np.maximum(self.up(f0, capacity, rest)[:-1], 1e-300)) - np.log(down[1:])
            chance = np.concatenate(([0.0], np.cumsum(steps)))
            chance = np.exp(chance - chance.max())
            chance /= chance.sum()
            before, mean_factor = mean_factor, chance @ (self.counts * factor) / (chance @ self.counts)
            if abs(mean_factor - before) < 1e-13:
                break
        return chance, shares


class Structure:
    """Counts and sizes of the synapses of a neuron of `healthy` synapses. `basal`: beta of its subject."""

    def __init__(self, inputs, severity, healthy, basal):
        self.inputs, self.healthy = inputs, healthy
        self.sizes = Sizes(inputs)
        self.f0, self.capacity = self._solve()
        self.neuron = Rest(inputs, self.sizes, severity, healthy, basal)
        self.counts = self.neuron.counts
        self.rest = scipy.optimize.brentq(  # n* is the mean of the counts that it gives
            lambda n: self.neuron.settle(self.f0, self.capacity, n)[0] @ self.counts - n,
            0.3 * healthy, 1.2 * healthy, rtol=1e-10)
        _, shares = self.neuron.settle(self.f0, self.capacity, self.rest)
        in_health = Rest(inputs, self.sizes, 0.0, healthy, 1.0)
        _, self.healthy_shares = in_health.settle(self.f0, self.capacity, healthy)
        # a user's network is thinned to n* in every neuron
        self.start = np.concatenate((shares * self.rest, self.counts == round(self.rest), [self.rest]))

    def _solve(self):
        """C and f0, so that the mean rests at 1 when healthy and at the wanted share at stress 1"""
        wanted = self.inputs["formation.stressed_equilibrium"]
        arms = [(Rest(self.inputs, self.sizes, severity, self.healthy,
                      1.0), self.healthy * share)
                for severity, share in ((0.0, 1.0), (1.0, wanted))]

        def misses(guess):
            f0, capacity = guess[0] * self.healthy, guess[1] * self.healthy
            return [arm.settle(f0, capacity, rest)[0] @ arm.counts / rest - 1 for arm, rest in arms]

        f0, capacity = scipy.optimize.fsolve(misses, [0.0028, 1.5], xtol=1e-11)
        return f0 * self.healthy, capacity * self.healthy

    def slope(self, state, lagged, pool):
        """`lagged`: the lagged protein pool L; `pool`: P."""
        cells, chance, rest = state[:SIZES], state[SIZES:-1], state[-1]
        mean = chance @ self.counts
        deficit = np.maximum(0, 1 - self.counts / self.healthy) / 0.2  # D
        gained = self.inputs["formation.gain"] * self.f0 * lagged * deficit * (1 - mean / self.capacity)
        up = self.neuron.up(self.f0, self.capacity, mean) + gained
        factor = self.neuron.factor(rest)
        hazard = self.neuron.elimination * self.sizes.hazard
        down = self.counts * factor * (hazard @ cells / cells.sum())
        flow = up[:-1] * chance[:-1] - down[1:] * chance[1:]  # from each count to the next
        mean_factor = chance @ (self.counts * factor) / mean
        walked = self.sizes.slope(cells, up @ chance, self.neuron.elimination * mean_factor, pool)
        kept = self.inputs["set_point.consolidation"] * lagged * (chance @ np.maximum(0, self.counts - rest))
        moved = kept - (rest - self.rest) / self.inputs["set_point.return"]
        return np.concatenate((walked, np.append(0, flow) - np.append(flow, 0), [moved]))

    def events(self, state, lagged, pool):
        """Formed and eliminated synapses of a neuron in an hour."""
        slope, chance = self.slope(state, lagged, pool), state[SIZES:-1]
        lost = self.neuron.elimination * self.sizes.hazard @ state[:SIZES]
        lost *= chance @ (self.counts * self.neuron.factor(state[-1])) / (chance @ self.counts)
        return slope[SIZES:-1] @ self.counts + lost, lost

    def strength(self, state):
        """Summed weight of a neuron's synapses over that of a healthy one."""
        return self.sizes.weight @ state[:SIZES] / (self.healthy * self.sizes.weight @ self.healthy_shares)
