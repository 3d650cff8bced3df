"""Sections 2 to 6 and 9 of docs/model.md for a network in which all neurons of a type are alike: from the
levels in the brain to the lagged protein pool. Times in hours; one function a stage.
"""

import dataclasses

import numpy as np
import scipy.optimize

from inputs import number
from receptors import SUBUNITS, TYPES, Receptors
from synapses import lowered

LAG_STAGES = 10


@dataclasses.dataclass
class Subject:
    severity: float = 0.0
    inflammation: float = 0.0
    genotype: str = "val_val"


class Layout:
    """Where each stage has its states, after those of the pharmacology."""

    def __init__(self, first, drugs):
        self.size = first
        self.block = self._take(len(TYPES) * drugs * len(SUBUNITS))
        self.rates = self._take(len(TYPES))
        self.glutamate, self.translation, self.bdnf = self._take(), self._take(), self._take()
        self.used_to, self.supply = self._take(), self._take()
        self.trkb, self.surface, self.mtorc1, self.pool = (self._take() for _ in range(4))
        self.lag = self._take(LAG_STAGES)
        self.upregulation, self.inflammation, self.antidepressant = (self._take() for _ in range(3))

    def _take(self, count=None):
        first, self.size = self.size, self.size + (count or 1)
        return first if count is None else slice(first, self.size)


class Chain(Receptors):
    """One neuron of each type. `strength`: its summed weight of recurrent excitation over that in health."""

    def __init__(self, inputs, pharmacology, subject):
        self.inputs, self.pharmacology = inputs, pharmacology
        self.drugs = [drug for drug in pharmacology.drugs if "nmda" in drug.data["targets"]]
        self.at = Layout(pharmacology.size, len(self.drugs))
        self.size = self.at.size
        self.subject = subject
        self._receptors()
        self._network()
        self.baseline = None  # recurrent drive without drug, set by `start`

    # ---- section 3

    def _network(self):
        net = self.inputs.network
        self.gain = np.array([number(net["gain_e"])] + 2 * [number(net["gain_i"])])
        self.tau = np.array([number(net["tau_e"])] + 2 * [number(net["tau_i"])])
        self.weights = np.array([[net["weights"]["rows"][t][s] for s in TYPES] for t in TYPES], dtype=float)
        self.healthy_rates = np.array([number(p["rate"]) for p in net["populations"]])
        # external drive: what holds the healthy, drug-free network at its rates
        needed = np.sqrt(self.healthy_rates / self.gain)
        self.external = needed - self.net_recurrent(self.healthy_rates, np.ones(3), 1.0)

    def open_share(self, blocked, ampa_block, receptors=1.0):
        """F = (1 - nu) (1 - b_AMPA) + nu N (1 - B)"""
        return (1 - self.nmda_share) * (1 - ampa_block) + self.nmda_share * receptors * (1 - blocked)

    def net_recurrent(self, rates, open_share, strength):
        excitation = self.weights[:, 0] * rates[0]
        excitation[0] *= strength
        return excitation * open_share - self.weights[:, 1:] @ rates[1:]

    def rate_slope(self, rates, open_share, strength):
        """tau dr/dt = -r + k [x]_+^2, x = (alpha sum w r + ext) F - inhibition; `strength` times alpha"""
        drive = self.net_recurrent(rates, open_share, strength) + self.external * open_share
        return (self.gain * np.maximum(drive, 0) ** 2 - rates) / self.tau

    # ---- sections 4 to 6

    def potentiation(self, pool):
        return 1 + self.inputs["ampa.potentiation"] * pool

    def uptake(self, inflammation):
        """v = max(0.05, 1 - (1 - v_stress) sigma) (1 - uptake I)"""
        return (lowered(self.inputs["glutamate.stress"], self.subject.severity)
                * (1 - self.inputs["adaptation.inflammation_uptake"] * inflammation))

    def release_factor(self, g):
        """H = (1 - h m(g))/(1 - h m(1)), m = g/(g + K); no drug here acts on mGluR2/3"""
        hold, half = self.inputs["glutamate.hold"], self.inputs["glutamate.hold_half"]
        return (1 - hold * g / (g + half)) / (1 - hold / (1 + half))

    def synaptic_gain(self, g):
        """H(g) (1 + w (g - 1))"""
        return self.release_factor(g) * (1 + self.inputs["glutamate.spill_over"] * (g - 1))

    def glutamate(self, g, rate_fold, inflammation):
        """dg/dt = release H(g)/tau - (v/tau) (1 + s) g/(1 + s g); alike: no exchange"""
        s, v = self.inputs["glutamate.saturation"], self.uptake(inflammation)
        release = rate_fold * self.release_factor(g)
        return (release - v * (1 + s) * g / (1 + s * g)) / self.inputs["glutamate.uptake_time"]

    def resting_glutamate(self):
        settled = scipy.optimize.brentq(
            lambda g: self.glutamate(g, 1.0, self.subject.inflammation), 0.01, 100.0, xtol=1e-12)
        return float(settled)

    def ampa_drive(self, rates, pool, strength, g):
        """D = alpha S sum w r / baseline, S of the present glutamate over that of the start"""
        gain = self.synaptic_gain(g) / self.synaptic_gain(self.glutamate_at_start)
        return self.potentiation(pool) * gain * strength * rates[0] / self.baseline

    def used_to(self, drive, habit):
        """dR/dt = (max(D, R_0) - R)/tau, A = (1 - b_AMPA) D/R"""
        time = self.inputs["ampa.habituation"]
        return (max(drive, self.inputs["ampa.least_habit"]) - habit) / time if time > 0 else 0.0

    def translation(self, lost, released):
        """dX/dt = (n/(n + n_h) - X)/tau_X, n = [1 - N (1 - B_rest)]_+"""
        settled = lost / (lost + self.inputs["translation.half"])
        return (settled - released) / self.inputs["translation.time_constant"]

    def supply(self, blocked, blocked_2b, g, supply):
        """dz/dt = (z_inf - z)/tau, z_inf = (1 - q B^4/(B^4 + B_h^4))/(1 + k [g (1 - B_2B) - 1]_+)"""
        get, b = self.inputs, min(1.0, max(0.0, blocked))
        settled = 1 - get["bdnf.supply_loss"] * b**4 / (b**4 + get["bdnf.supply_half"]**4)
        settled /= 1 + get["bdnf.extrasynaptic"] * max(0.0, g * (1 - blocked_2b) - 1)
        return (settled - supply) / get["bdnf.supply_fall" if settled < supply else "bdnf.supply_return"]

    def of_genotype(self, what):
        """Factor of the Met alleles on basal release (beta_genotype), or on the evoked one (in gamma)."""
        genotype = self.subject.genotype
        return 1.0 if genotype == "val_val" else self.inputs[f"bdnf.{what}{genotype}"]

    def basal_bdnf(self, inflammation, antidepressant):
        """beta = max(0.05, 1 - (1 - beta_stress) sigma) beta_genotype (1 - i I) (1 + d D)"""
        return (lowered(self.inputs["bdnf.stress"], self.subject.severity)
                * self.unstressed_bdnf(inflammation, antidepressant))

    def unstressed_bdnf(self, inflammation, antidepressant):
        get = self.inputs
        return (self.of_genotype("") * (1 - get["bdnf.inflammation"] * inflammation)
                * (1 + get["bdnf.antidepressant"] * antidepressant))

    def bdnf(self, x, ampa, time):
        """de/dt = s gamma (1 - j I) (1 + d D) (1 - a) Ca_L (l v Y + r X) - e/tau,
        v = [z (A - 1) - (theta - 1)]_+, Y = X + (1 - X) w/(1 + w), w = k_a v
        """
        get, effect, at = self.inputs, self.pharmacology.effect, self.at
        release = get["bdnf.release"] * self.of_genotype("evoked_") * (1 - effect("bdnf", time))
        release *= 1 - get["adaptation.inflammation_evoked"] * x[at.inflammation]
        release *= 1 + get["bdnf.antidepressant"] * x[at.antidepressant]
        release *= 1 - effect("l_type_ca", time)
        above = max(0.0, x[at.supply] * (ampa - 1) - (get["bdnf.threshold"] - 1))
        released = x[at.translation]
        started = get["bdnf.activity"] * above
        translated = released + (1 - released) * started / (1 + started)
        surge = get["links.surge"] * above * translated + get["links.resting"] * released
        return release * surge - x[at.bdnf] / get["bdnf.clearance"]

    def towards(self, name, value, target):
        way = "on" if target > value else "off"
        return (target - value) / self.inputs[f"signalling.{name}_{way}"]

    def trkb(self, x, time):
        """T' = (T_inf - T)/tau_on,off, T_inf = (1 - block) S y/(y + K), y = sensitivity e"""
        at = self.at
        y = x[at.bdnf] * (1 + self.inputs["signalling.trkb_antidepressant"] * x[at.antidepressant])
        open_share = (1 - self.pharmacology.effect("trkb", time)) * x[at.surface]
        return self.towards("trkb", x[at.trkb], open_share * y / (y + self.inputs["signalling.trkb_half"]))

    def surface(self, active, surface):
        """S' = (1 - S)/tau_r - T S/tau_i"""
        get = self.inputs
        return ((1 - surface) / get["signalling.trkb_recovery"]
                - active * surface / get["signalling.trkb_internalisation"])

    def protein_pool(self, mtorc1, pool):
        """P' = M (1 - P)/tau_rise - P/tau_decay"""
        return (mtorc1 * (1 - pool) / self.inputs["signalling.pool_rise"]
                - pool / self.inputs["signalling.pool_decay"])

    def lag(self, pool, stages):
        """ten equal stages from P to L"""
        rate = LAG_STAGES / self.inputs["signalling.lag"]
        return rate * (np.concatenate(([pool], stages[:-1])) - stages)

    # ---- section 9

    def upregulation(self, blocked, u):
        """u' = (B_E/B_ref - u)/tau_u"""
        get = self.inputs
        return (blocked / get["adaptation.exposure_reference"] - u) / get["adaptation.receptor_time"]

    def inflammation(self, blocked, inflammation):
        """I' = (I_0 - I)/tau_back - k B_E I"""
        get = self.inputs
        return ((self.subject.inflammation - inflammation) / get["adaptation.inflammation_return"]
                - get["adaptation.inflammation_relief"] * blocked * inflammation)

    def antidepressant(self, settled, time):
        """D' = (min(1, s/s_full) - D)/tau_D"""
        taken = min(1.0, self.pharmacology.effect("sert", time) / self.inputs["adaptation.sert_full"])
        return (taken - settled) / self.inputs["adaptation.antidepressant_time"]

    # ---- all of them

    def start(self, strength):
        """Drug-free: settled rates, everything else at its rest."""
        x = np.zeros(self.size)
        x[self.at.rates] = self.settled(strength)
        x[self.at.surface] = 1.0
        x[self.at.inflammation] = self.subject.inflammation
        self.glutamate_at_start = self.resting_glutamate()
        x[self.at.glutamate] = self.glutamate_at_start
        x[self.at.used_to] = 1.0
        extra = max(0.0, self.glutamate_at_start - 1)
        x[self.at.supply] = 1 / (1 + self.inputs["bdnf.extrasynaptic"] * extra)
        self.baseline = strength * x[self.at.rates][0]
        self.rate_baseline = x[self.at.rates].copy()
        return x

    def settled(self, strength):
        rates = self.healthy_rates.copy()
        for _ in range(200):  # Newton on the right-hand side, with differences
            slope = self.rate_slope(rates, np.ones(3), strength) * self.tau
            columns = [(self.rate_slope(rates + h, np.ones(3), strength) * self.tau - slope) / 1e-6
                       for h in 1e-6 * np.eye(3)]
            rates = rates - np.linalg.solve(np.array(columns).T, slope)
        return rates

    def levels(self, x):
        return np.array([max(0.0, x[drug.brain]) for drug in self.drugs])

    def slope(self, time, x, strength=1.0):
        """`time`: the begin of the smooth piece between two breaks."""
        dx = np.zeros_like(x)
        at, levels = self.at, self.levels(x)
        self.pharmacology.slope(time, x, dx)
        dx[at.block] = self.nmda_block(levels, self.bound(x)).ravel()
        blocked = self.blocked_share(x)
        ampa_block = self.pharmacology.effect("ampa", time)
        rates, pool = x[at.rates], x[at.pool]
        receptors = self.receptor_number(x)
        dx[at.rates] = self.rate_slope(rates, self.open_share(blocked, ampa_block, receptors),
                                       self.potentiation(pool) * strength)
        fold = rates[0] / self.rate_baseline[0]
        dx[at.glutamate] = self.glutamate(x[at.glutamate], fold, x[at.inflammation])
        lost = max(0.0, 1 - receptors * (1 - self.resting_block(levels)))
        dx[at.translation] = self.translation(lost, x[at.translation])
        drive = self.ampa_drive(rates, pool, strength, x[at.glutamate])
        dx[at.used_to] = self.used_to(drive, x[at.used_to])
        blocked_2b = self.bound(x)[0].sum(axis=0)[SUBUNITS.index("GluN2B")]
        dx[at.supply] = self.supply(1 - receptors * (1 - blocked[0]), blocked_2b, x[at.glutamate],
                                    x[at.supply])
        dx[at.bdnf] = self.bdnf(x, (1 - ampa_block) * drive / x[at.used_to], time)
        dx[at.trkb] = self.trkb(x, time)
        dx[at.surface] = self.surface(x[at.trkb], x[at.surface])
        mtorc1 = (1 - self.pharmacology.effect("mtorc1", time)) * x[at.trkb]  # M_inf = (1 - block) T
        dx[at.mtorc1] = self.towards("mtorc1", x[at.mtorc1], mtorc1)
        dx[at.pool] = self.protein_pool(x[at.mtorc1], pool)
        dx[at.lag] = self.lag(pool, x[at.lag])
        dx[at.upregulation] = self.upregulation(blocked[0], x[at.upregulation])
        dx[at.inflammation] = self.inflammation(blocked[0], x[at.inflammation])
        dx[at.antidepressant] = self.antidepressant(x[at.antidepressant], time)
        return dx
