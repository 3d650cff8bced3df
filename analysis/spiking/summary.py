"""The stored table of the check (docs/spiking.json) as means and standard errors over seeds."""

import math
import statistics

from wiring import TYPES

WITHIN = 0.2    # of the rate network: what counts as the same
ENOUGH = 0.05   # of all E cells, beyond chance: what counts as a part of them


class Number:
    """A mean with its standard error; none where there is one seed."""

    def __init__(self, values):
        self.mean = statistics.fmean(values) if values else math.nan
        self.error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan

    def text(self, decimals, factor=1):
        error = "" if math.isnan(self.error) else f" ± {factor * self.error:.{decimals}f}"
        return f"{factor * self.mean:.{decimals}f}{error}"


class Rate:
    """respine's own network: a number for each concentration."""

    def __init__(self, table):
        runs, count = table["rate"], len(table["concentrations"])
        rows = [[run["rows"][k] for run in runs] for k in range(count)]
        self.fold = [Number([r["bath"]["E"] / r["free"]["E"] for r in row]) for row in rows]
        self.late = [Number([r["late"]["E"] / r["bath"]["E"] for r in row]) for row in rows]
        self.rates = {t: [Number([r["bath"][t] for r in row]) for row in rows] for t in TYPES}
        self.free = {t: Number([r["free"][t] for r in rows[0]]) for t in TYPES}
        self.silent = [Number([r["silent"] for r in row]) for row in rows]
        self.risen = [Number([r["risen"] for r in row]) for row in rows]
        self.block = {t: [statistics.fmean(r["block"][t] for r in row) for row in rows] for t in TYPES}


class Spiking:
    """A spiking network: two drug-free copies, then a copy for each concentration."""

    def __init__(self, table, network, check=""):
        self.runs = [r for r in table["spiking"] if (r["network"], r["check"]) == (network, check)]
        rows = [[run["rows"][k] for run in self.runs] for k in range(2 + len(table["concentrations"]))]
        free = [(a["rates"]["E"] + b["rates"]["E"]) / 2 for a, b in zip(rows[0], rows[1])]
        drug = rows[2:]
        self.fold = [Number([r["rates"]["E"] / f for r, f in zip(row, free)]) for row in drug]
        self.rates = {t: [Number([r["rates"][t] for r in row]) for row in drug] for t in TYPES}
        self.free = {t: Number([r["rates"][t] for r in rows[0]]) for t in TYPES}
        self.silent = [Number([r["silent"] for r in row]) for row in drug]
        self.risen = [Number([r["risen"] for r in row]) for row in drug]
        self.chance = {key: Number([r[key] for r in rows[1]]) for key in ("silent", "risen")}

    def sign_agrees(self, rate, k):
        """Same direction as the rate network, by more than two standard errors."""
        change, error = self.fold[k].mean - 1, self.fold[k].error
        same = (change > 0) == (rate.fold[k].mean > 1)
        return same and not abs(change) <= 2 * error

    def within(self, rate, k):
        return abs(self.fold[k].mean / rate.fold[k].mean - 1) <= WITHIN

    def beyond_chance(self, key, k):
        return getattr(self, key)[k].mean - self.chance[key].mean

    def switches(self, k):
        """Whether a part of the cells falls silent while another rises, both more than by chance."""
        return all(self.beyond_chance(key, k) > ENOUGH for key in ("silent", "risen"))

    def state(self, key, name):
        return statistics.fmean(run[key][name] for run in self.runs)

    def potential(self, name):
        return [statistics.fmean(run["potential"][name][k] for run in self.runs) for k in (0, 1)]
