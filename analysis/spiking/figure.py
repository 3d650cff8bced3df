"""The figure of docs/spiking.md."""

import pathlib
import sys

import numpy as np

from summary import WITHIN, Rate, Spiking

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
import plots  # noqa: E402

from matplotlib import pyplot  # noqa: E402

COLOURS = {"rate": plots.LIGHT.simulated, "published": "#CC79A7", "sheet": plots.LIGHT.second}
LABELS = {
    "rate": "rate network", "published": "spikes, published strengths",
    "sheet": "spikes, the sheet's proportions"
}


def points(axis, x, numbers, name, factor=1, **style):
    mean = factor * np.array([n.mean for n in numbers])
    error = np.nan_to_num(factor * np.array([n.error for n in numbers]))
    style = {"marker": "o", "ms": 4, "lw": 1.6, "capsize": 2, **style}
    axis.errorbar(x, mean, yerr=error, color=COLOURS[name], **style)


def below(axis):
    axis.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.2), handlelength=2.2)


def excitation(axis, table, x, rate, spiking):
    mean = np.array([n.mean for n in rate.fold])
    axis.fill_between(x, mean * (1 - WITHIN), mean * (1 + WITHIN), color=COLOURS["rate"], alpha=0.15, lw=0,
                      label="± 20 % of it")
    points(axis, x, rate.fold, "rate", label=LABELS["rate"])
    for name, network in spiking.items():
        points(axis, x, network.fold, name, label=LABELS[name])
        check = Spiking(table, name, "synchronous input")
        if check.runs:
            points(axis, x, check.fold, name, ls=":", marker=".", lw=1.1, label=f"{LABELS[name]}, volleys")
    axis.axhline(1, color=plots.LIGHT.grid, lw=0.9, zorder=0)
    axis.set(ylabel="E rate, fold of drug-free", title="Pyramidal rate", ylim=(0, None))
    below(axis)


def interneurons(axis, x, rate, spiking):
    for name, network in {"rate": rate, **spiking}.items():
        points(axis, x, network.rates["PV"], name)
        points(axis, x, network.rates["SST"], name, ls="--", marker="s")
    axis.plot([], [], color="k", marker="o", ms=4, label="PV")
    axis.plot([], [], color="k", marker="s", ms=4, ls="--", label="SST")
    axis.set(ylabel="rate [Hz]", title="Interneurons", ylim=(0, None))
    below(axis)


def cells(axis, x, rate, spiking):
    for name, network in {"rate": rate, **spiking}.items():
        points(axis, x, network.risen, name, 100, marker="^")
        points(axis, x, network.silent, name, 100, ls="--", marker="v")
    chance = spiking["published"].chance
    for key, style in (("risen", "-"), ("silent", "--")):
        axis.axhline(100 * chance[key].mean, color=plots.LIGHT.control, lw=1, ls=style, alpha=0.6)
    axis.plot([], [], color="k", marker="^", ms=4, label="above 1.2 of own baseline")
    axis.plot([], [], color="k", marker="v", ms=4, ls="--", label="below half of it")
    axis.plot([], [], color=plots.LIGHT.control, lw=1, label="by chance (no drug)")
    axis.set(ylabel="share of E cells [%]", title="Single pyramidal cells", ylim=(0, 100))
    below(axis)


def draw(table, path):
    x, rate = table["concentrations"], Rate(table)
    spiking = {name: Spiking(table, name) for name in ("published", "sheet")}
    with pyplot.rc_context(plots.LIGHT.settings()):
        figure, axes = pyplot.subplots(1, 3, figsize=(11, 4.8), constrained_layout=True)
        excitation(axes[0], table, x, rate, spiking)
        interneurons(axes[1], x, rate, spiking)
        cells(axes[2], x, rate, spiking)
        for axis in axes:
            axis.set_xscale("log")
            axis.set_xlabel("ketamine in the bath [µM]")
            axis.set_xticks(x, [f"{c:g}" for c in x])
            axis.minorticks_off()
        figure.savefig(path, dpi=100, metadata={"Software": None})
        pyplot.close(figure)
