"""The spiking network in Brian2: copies of one wiring side by side, each with a block of its own.

  C dv/dt = g_L (E_L - v) - w + (g_A + k (1 - B) m(v) g_N) (0 - v) + g_I (E_I - v)
  m(v) = 1/(1 + [Mg]/3.57 exp(-0.062 v))        Jahr & Stevens 1990
  tau_w dw/dt = a (v - E_L) - w,  w += b at a spike

v [mV], conductances [nS], currents [pA], C [pF]; g_A, g_N and g_I jump with a presynaptic spike and decay. k
is the NMDA over the AMPA conductance of a type, B its blocked share. settle.py sets k, and the rate of the
Poisson input that adds to g_A and g_N like any synapse.
"""

import brian2 as b2
import numpy as np

from strengths import external_event
from wiring import TYPES

EQUATIONS = """
dv/dt = (leak*(rest - v) - w + (ga + open*gn/(1 + magnesium*exp(-0.062*v)/3.57))*(excitation - v)
         + (gp + gs)*(inhibition - v))/capacitance/ms : 1 (unless refractory)
dw/dt = (adaptation*(v - rest) - w)/adaptation_time : 1
dga/dt = -ga/tau_a : 1
dgn/dt = -gn/tau_n : 1
dgp/dt = -gp/tau_p : 1
dgs/dt = -gs/tau_s : 1
open : 1
drive : 1
external : 1
capacitance : 1
leak : 1
rest : 1
threshold : 1
reset : 1
quiet : second
adaptation : 1
after_spike : 1
"""
INPUT = {"E": "ga_post += q\ngn_post += q", "PV": "gp_post += q", "SST": "gs_post += q"}


class Copies:
    """`count` copies of a wiring; neuron i of copy k has number k N + i."""

    def __init__(self, wiring, strengths, shares, parameters, count, seed):
        b2.seed(seed)
        b2.defaultclock.dt = parameters["time"]["step"]["value"] * b2.ms
        self.wiring, self.count, self.size = wiring, count, len(wiring.types)
        self.parameters, self.shares = parameters, shares
        spread = parameters["synapses"]["input_spread"]["value"]
        self.own_input = np.exp(spread * np.random.default_rng(wiring.seed).standard_normal(self.size))
        self.group = self._neurons()
        self.synapses = [self._synapses(source, strengths) for source in TYPES]
        self.monitor = b2.SpikeMonitor(self.group, record=False)
        self.network = b2.Network(self.group, *self.synapses, self.monitor)
        self.drive, self.ratio = dict.fromkeys(TYPES, 0.0), dict.fromkeys(TYPES, 1.0)

    def _constants(self):
        synapses, ms = self.parameters["synapses"], b2.ms
        return {
            "magnesium": synapses["magnesium"]["value"], "excitation": synapses["reversal"]["excitation"],
            "inhibition": synapses["reversal"]["inhibition"], "tau_n": synapses["nmda_decay"]["value"] * ms,
            "tau_a": synapses["decay"]["E"] * ms, "tau_p": synapses["decay"]["PV"] * ms,
            "tau_s": synapses["decay"]["SST"] * ms, "ms": ms,
            "adaptation_time": self.parameters["cells"]["adaptation_time"]["value"] * ms
        }

    def _neurons(self):
        group = b2.NeuronGroup(self.count * self.size, EQUATIONS, threshold="v > threshold",
                               reset="v = reset\nw += after_spike", refractory="quiet", method="euler",
                               namespace=self._constants())
        group.run_regularly("arrived = external*poisson(drive)\nga += arrived\ngn += arrived")
        for name in TYPES:
            members = self.all_members(name)
            cell = self.parameters["cells"][name]
            for key in ("capacitance", "leak", "rest", "threshold", "reset", "adaptation", "after_spike"):
                getattr(group, key)[members] = cell[key]
            group.quiet[members] = cell["refractory"] * b2.ms
            group.external[members] = external_event(self.parameters, name)
            group.v[members] = cell["rest"] + np.random.default_rng(1).uniform(0, 15, len(members))
        return group

    def _synapses(self, source, strengths):
        """All synapses of one kind of source, in every copy."""
        w = self.wiring
        which, conductance = [], []
        for target in TYPES:
            of_pair = w.projection(source, target)
            if strengths[target][source] > 0 and len(of_pair):
                which.append(of_pair)
                unit = strengths[target][source] / w.per_target(of_pair, target)
                conductance.append(w.weight[of_pair] * unit)
        which, conductance = np.concatenate(which), np.concatenate(conductance)
        shift = np.repeat(np.arange(self.count) * self.size, len(which))
        made = b2.Synapses(self.group, self.group, "q : 1", on_pre=INPUT[source],
                           delay=self.parameters["synapses"]["delay"]["value"] * b2.ms)
        made.connect(i=np.tile(w.source[which], self.count) + shift,
                     j=np.tile(w.target[which], self.count) + shift)
        made.q = np.tile(conductance, self.count)
        return made

    def all_members(self, name):
        """Of a type, in all copies."""
        return (np.arange(self.count)[:, None] * self.size + self.wiring.members(name)).ravel()

    def run(self, seconds):
        """Spikes of every neuron, a row a copy."""
        before = np.array(self.monitor.count)
        self.network.run(seconds * b2.second)
        return (np.array(self.monitor.count) - before).reshape(self.count, self.size)

    def set_state(self, drive, ratio):
        """Events of the input [1/s] and k, by type; no block."""
        self.drive, self.ratio = drive, ratio
        step = self.parameters["time"]["step"]["value"] / 1000
        for name in TYPES:
            own = np.tile(self.own_input[self.wiring.members(name)], self.count)
            self.group.drive[self.all_members(name)] = drive[name] * step * own
        self.set_block([dict.fromkeys(TYPES, 0.0)] * self.count)

    def set_block(self, blocks):
        """Blocked share of each type, a dict a copy."""
        opened = np.zeros((self.count, self.size))
        for copy, block in enumerate(blocks):
            for name in TYPES:
                opened[copy, self.wiring.members(name)] = self.ratio[name] * (1 - block[name])
        self.group.open = opened.ravel()

    def nmda_over_ampa(self, name):
        """Charge through NMDA over AMPA receptors of a type, now, were k 1 and nothing blocked."""
        m = self.all_members(name)
        v, magnesium = self.group.v[m], self.parameters["synapses"]["magnesium"]["value"]
        pull = self.parameters["synapses"]["reversal"]["excitation"] - v
        free = self.group.gn[m] / (1 + magnesium * np.exp(-0.062 * v) / 3.57)
        return float((free * pull).sum() / (self.group.ga[m] * pull).sum())
