"""Section 1 of docs/model.md: dose, plasma, brain. Amounts [umol], concentrations [uM], times [h]."""

import dataclasses
import math

import numpy as np
import scipy.integrate

from inputs import number, numbers


@dataclasses.dataclass
class Treatment:
    drug: str  # name of the file in configs/drugs
    route: str  # of the body, or window: a tool
    dose: float = 0.0  # mg
    at: float = 0.0
    over: float = 0.0  # duration of an infusion or a window


@dataclasses.dataclass
class Input:
    """An amount that enters a state at once, or evenly from `at` on."""

    state: int
    amount: float
    at: float
    over: float = 0.0


class Drug:
    """One drug, and where its states stand in the vector of all states."""

    def __init__(self, inputs, file, first):
        self.file = file
        self.data = inputs.drug(file)
        self.name = self.data["name"]
        self.molar_mass = number(self.data["molar_mass"])
        self.pk = self.data["pharmacokinetics"][inputs.species]
        share = inputs["subject.weight"] / number(self.pk["reference_weight"])
        self.volumes = [number(c["volume"]) * share for c in self.pk["compartments"]]  # V = V_0 (W/W_0)
        self.exchange = [number(c["exchange"]) * share**0.75 for c in self.pk["compartments"][1:]]
        self.clearance = number(self.pk["clearance"]) * share**0.75  # CL = CL_0 (W/W_0)^0.75
        lag = self.pk.get("venous_half_time")
        self.venous_rate = math.log(2) / number(lag) if lag else None
        self.brain_rate = math.log(2) / number(self.pk["brain_half_time"])
        self.partition = number(self.pk["brain_partition"])
        self.central = first
        self.venous = first + len(self.volumes)
        self.brain = self.venous + 1
        self.size = len(self.volumes) + 2


class Pharmacology:
    """All drugs of the treatments with their metabolites, as one system of equations."""

    def __init__(self, inputs, treatments):
        self.drugs = []
        self.transits = []  # (drug, metabolite of its file, states of the stages, product)
        self.depots = []  # (state, rate, bioavailability, central compartment)
        self.inputs = []
        self.size = 0
        self.windows = [(x, inputs.drug(x.drug)["targets"]) for x in treatments if x.route == "window"]
        treatments = [x for x in treatments if x.route != "window"]
        for file in dict.fromkeys(treatment.drug for treatment in treatments):
            self._add(inputs, file)
        for treatment in treatments:
            self._give(self.find(treatment.drug), treatment)

    def find(self, file):
        return next(drug for drug in self.drugs if drug.file == file)

    def breaks(self):
        """Times at which an input jumps."""
        jumps = self.inputs + [treatment for treatment, _ in self.windows]
        return sorted({t for x in jumps for t in (x.at, x.at + x.over)})

    def effect(self, target, time):
        """1 - product of (1 - w) over the open windows; no drug here acts on these targets by its level"""
        left = 1.0
        for x, targets in self.windows:
            if target in targets and x.at <= time < x.at + x.over:
                left *= 1 - number(targets[target]["window"])
        return 1 - left

    def _add(self, inputs, file):
        drug = Drug(inputs, file, self.size)
        self.drugs.append(drug)
        self.size += drug.size
        for metabolite in drug.pk.get("metabolites", []):
            stages = [self._state() for _ in range(metabolite["stages"])]
            self.transits.append((drug, metabolite, stages, self._add(inputs, metabolite["drug"])))
        return drug

    def _state(self):
        self.size += 1
        return self.size - 1

    def _depot(self, drug, rate, bioavailability):
        self.depots.append((self._state(), rate, bioavailability, drug.central))
        return self.depots[-1][0]

    def _give(self, drug, x):
        amount = x.dose * 1000 / drug.molar_mass  # mg over g/mol is mmol
        if x.route == "iv":
            self.inputs.append(Input(drug.central, amount, x.at, x.over))
        elif x.route == "nasal":
            self._spray(drug, x, amount)
        else:  # absorbed in first order: a depot that begins to empty after the lag
            route = numbers(drug.pk["routes"][x.route])
            depot = self._depot(drug, route["rate"], route["bioavailability"])
            self.inputs.append(Input(depot, amount, x.at + route.get("lag", 0.0)))

    def _spray(self, drug, x, amount):
        """Devices one after another: a share passes the nose, the rest is swallowed evenly over a time."""
        nasal = numbers(drug.pk["nasal"])
        nose = self._depot(drug, nasal["rate"], 1.0)
        gut = self._depot(drug, nasal["swallowed_rate"], nasal["swallowed_bioavailability"])
        devices = round(x.dose / nasal["spray"])
        for k in range(devices):
            share = nasal["fraction"] * (nasal["later_factor"] if k > 0 else 1.0)
            begin = x.at + k * round(nasal["interval"] * 3600) / 3600  # times are whole seconds
            self.inputs.append(Input(nose, share * amount / devices, begin))
            self.inputs.append(Input(gut, (1 - share) * amount / devices, begin, nasal["swallowed_over"]))

    # ---- equations

    def jump(self, time, x):
        """What enters at once at this time."""
        for given in self.inputs:
            if given.over == 0 and given.at == time:
                x[given.state] += given.amount

    def slope(self, time, x, dx):
        """`time`: the begin of the smooth piece between two breaks."""
        for drug in self.drugs:
            self._compartments(drug, x, dx)
        for transit in self.transits:
            self._transit(*transit, x, dx)
        for depot, rate, bioavailability, central in self.depots:
            dx[depot] -= rate * x[depot]
            dx[central] += bioavailability * rate * x[depot]
        for given in self.inputs:
            if given.at <= time < given.at + given.over:
                dx[given.state] += given.amount / given.over

    @staticmethod
    def _compartments(drug, x, dx):
        """dx_1/dt = input - (CL + sum Q_c) x_1/V_1 + sum Q_c x_c/V_c, dx_c/dt = Q_c (x_1/V_1 - x_c/V_c)"""
        level = [x[drug.central + c] / volume for c, volume in enumerate(drug.volumes)]
        dx[drug.central] -= drug.clearance * level[0]
        for c, exchange in enumerate(drug.exchange, start=1):
            flow = exchange * (level[0] - level[c])
            dx[drug.central] -= flow
            dx[drug.central + c] += flow
        # dC_venous/dt = (ln 2/t_venous) (C_plasma - C_venous)
        # dC_brain/dt = (ln 2/t_half) (p C_plasma - C_brain)
        if drug.venous_rate is not None:
            dx[drug.venous] += drug.venous_rate * (level[0] - x[drug.venous])
        dx[drug.brain] += drug.brain_rate * (drug.partition * level[0] - x[drug.brain])

    @staticmethod
    def _transit(drug, metabolite, stages, product, x, dx):
        """A metabolite gets its fraction of CL through equal transit stages, of this mean time together."""
        rate = len(stages) / number(metabolite["transit"])
        inflow = number(metabolite["fraction"]) * drug.clearance * x[drug.central] / drug.volumes[0]
        for stage in stages:
            dx[stage] += inflow - rate * x[stage]
            inflow = rate * x[stage]
        dx[product.central] += inflow

    def solve(self, times):
        """States at `times`, nothing else attached."""
        return integrate(self, self.slope_alone, np.zeros(self.size), times)

    def slope_alone(self, begin, _, x):
        dx = np.zeros_like(x)
        self.slope(begin, x, dx)
        return dx

    def levels(self, states):
        """By the names of docs/file-format.md; uM times g/mol is ng/mL."""
        found = {}
        for drug in self.drugs:
            plasma = states[:, drug.central] / drug.volumes[0] * drug.molar_mass
            # a model fitted to venous samples has no lag of its own
            venous = plasma if drug.venous_rate is None else states[:, drug.venous] * drug.molar_mass
            found[f"plasma_{drug.name}"], found[f"venous_{drug.name}"] = plasma, venous
            found[f"brain_{drug.name}"] = states[:, drug.brain]
        return found


def integrate(pharmacology, slope, state, times, tolerance=1e-10):
    """Of slope(begin of the piece, time, state), in smooth pieces between the jumps of the inputs."""
    breaks = sorted({times[0], *(t for t in pharmacology.breaks() if times[0] < t < times[-1]), times[-1]})
    found = np.empty((len(times), len(state)))
    for begin, end in zip(breaks, breaks[1:]):
        pharmacology.jump(begin, state)
        inside = (times >= begin) & (times <= end)
        moments = np.union1d(times[inside], [begin, end])
        done = scipy.integrate.solve_ivp(lambda t, x: slope(begin, t, x), (begin, end), state, method="LSODA",
                                         rtol=tolerance, atol=tolerance * 1e-3, t_eval=moments)
        if not done.success:
            raise ArithmeticError(done.message)
        found[inside] = done.y.T[np.isin(moments, times[inside])]
        state = done.y[:, -1].copy()
    return found
