"""docs/spiking.md and its figure, from the stored table.

usage: page.py TABLE.json PAGE.md [FIGURE.png]
"""

import json
import pathlib
import sys

import yaml

from summary import Rate, Spiking
from wiring import TYPES
from words import words

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ("published", "sheet")
CHECKS = ("synchronous input", "half the step", "input that differs")


def table_of(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---:" * len(head) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


class Page:
    def __init__(self, table):
        self.table, self.concentrations = table, table["concentrations"]
        self.count = len(self.concentrations)
        self.rate = Rate(table)
        self.spiking = {name: Spiking(table, name) for name in NAMES}
        self.checks = {(name, check): Spiking(table, name, check) for name in NAMES for check in CHECKS}
        self.parameters = yaml.safe_load((HERE / "parameters.yaml").read_text(encoding="utf-8"))

    def at(self, k):
        return f"{self.concentrations[k]:g} µM"

    def folds(self):
        def held(network, k):
            sign = "same direction" if network.sign_agrees(self.rate, k) else "not the direction"
            size = "within 20 %" if network.within(self.rate, k) else "not within 20 %"
            return f"{network.fold[k].text(2)} ({sign}, {size})"
        rows = [[self.at(k), self.rate.fold[k].text(2), *(held(self.spiking[n], k) for n in NAMES)]
                for k in range(self.count)]
        return table_of(["ketamine", "rate network", *NAMES], rows)

    def checked(self):
        both = [(name, check) for check in CHECKS[:2] for name in NAMES]
        rows = [[self.at(k), *(f"{self.checks[which].fold[k].mean:.2f}" for which in both)]
                for k in range(self.count)]
        return table_of(["ketamine", *(f"{check}, {name}" for name, check in both)], rows)

    def interneurons(self):
        def row(label, rates, spiking):
            return [label, *(cell for t in ("PV", "SST")
                             for cell in (rates[t].text(1), *(s[t].text(1) for s in spiking)))]
        free = row("none", self.rate.free, [self.spiking[n].free for n in NAMES])
        rows = [row(self.at(k), {t: self.rate.rates[t][k] for t in TYPES},
                    [{t: self.spiking[n].rates[t][k] for t in TYPES} for n in NAMES])
                for k in range(self.count)]
        return table_of(["ketamine", *(f"{t}, {n}" for t in ("PV", "SST") for n in ("rate network", *NAMES))],
                        [free, *rows])

    def cells(self):
        """Both shares in one cell of the table: below half, above 1.2."""
        def both(silent, risen):
            return f"{silent.text(0, 100)}; {risen.text(0, 100)}"
        differing = {f"{n}, input that differs": self.checks[n, "input that differs"] for n in NAMES}
        spiking = {**self.spiking, **differing}
        chance = ["none, again", "0; 0",
                  *(both(side.chance["silent"], side.chance["risen"]) for side in spiking.values())]
        sides = (self.rate, *spiking.values())
        rows = [[self.at(k), *(both(side.silent[k], side.risen[k]) for side in sides)]
                for k in range(self.count)]
        return table_of(["ketamine", "rate network", *spiking], [chance, *rows])

    def state(self):
        rows = []
        for n in NAMES:
            for t in TYPES:
                mean, spread = self.spiking[n].potential(t)
                rows.append([n, t, f"{self.spiking[n].state('input', t):.0f}",
                             f"{self.spiking[n].state('ratio', t):.3f}", f"{mean:.1f}", f"{spread:.1f}",
                             self.spiking[n].free[t].text(2)])
        head = ["network", "type", "input [1/s]", "NMDA over AMPA", "mean potential [mV]", "its SD [mV]"]
        return table_of([*head, "drug-free rate [Hz]"], rows)

    def settings(self):
        rows, synapses = [], self.parameters["synapses"]
        cells, published = self.parameters["cells"], self.parameters["published"]
        for t in TYPES:
            values = [f"{key.replace('_', ' ')} {cells[t][key]} {unit}"
                      for key, unit in cells["unit"].items()]
            rows.append((f"{t} cells", ", ".join(values), cells))
        rows.append(("adaptation", f"{cells['adaptation_time']['value']} ms", cells))
        for t in TYPES:
            values = ", ".join(f"{s} {n} × {g} nS" for s, (n, g) in ((s, published[t][s]) for s in TYPES))
            rows.append((f"onto {t}", values, published))
        rows.append(("decay of AMPA, of GABA from PV and SST",
                     ", ".join(f"{synapses['decay'][t]}" for t in TYPES) + " ms", synapses["decay"]))
        reversal = synapses["reversal"]
        rows.append(("reversal", f"{reversal['excitation']} and {reversal['inhibition']} mV", reversal))
        named = (("nmda_decay", "decay of NMDA"), ("magnesium", "magnesium"), ("delay", "delay"),
                 ("external", "one event of the input"))
        entries = [(name, synapses[key]) for key, name in named]
        entries.append(("time step", self.parameters["time"]["step"]))
        rows += [(name, f"{entry['value']} {entry['unit']}", entry) for name, entry in entries]
        return "\n".join(f"| {what} | {value} | {entry['mark']} | {entry['ref']} |"
                         for what, value, entry in rows)

    def blocked(self, name):
        return f"{self.rate.block[name][0]:.2f} to {self.rate.block[name][-1]:.2f}"

    def text(self):
        numbers = {
            "neurons": f"{self.table['neurons']:,}", "synapses": self.table["synapses_per_neuron"],
            "seeds": len(self.table["rate"]), "seconds": f"{self.table['seconds']:g}",
            "expected": f"{self.table['seconds'] * self.table['baseline']['E']:.0f}",
            "baseline": ", ".join(f"{self.table['baseline'][t]:g}" for t in TYPES),
            "shares": ", ".join(f"{t} {self.table['nmda_share'][t]:g}" for t in TYPES),
            "late": f"{max(abs(100 * (n.mean - 1)) for n in self.rate.late):.1f}",
            "block_e": self.blocked("E"), "block_sst": self.blocked("SST"), "checked": self.checked(),
            "folds": self.folds(), "interneurons": self.interneurons(), "cells": self.cells(),
            "state": self.state(), "settings": self.settings()
        }
        return (HERE / "page.md").read_text(encoding="utf-8").format(**numbers, **words(self))


def main():
    table = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    pathlib.Path(sys.argv[2]).write_text(Page(table).text(), encoding="utf-8")
    if len(sys.argv) > 3:
        import figure
        figure.draw(table, sys.argv[3])


if __name__ == "__main__":
    main()
