#!/usr/bin/python3
"""What an ensemble leaves open: cohorts with parameters and persons apart, and the worst-known link.

usage: bands.py cohorts --out FIGURE.png COHORT.h5 MEMBER.h5...
       bands.py links --out FIGURE.png MEMBER.h5...

COHORT.h5 is a cohort at the model's own numbers, MEMBER.h5 the same persons under members of the ensemble
(respine run SCENARIO --ensemble FILE). For links they are runs of one scenario under members of an ensemble.
"""

import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

import h5py
import matplotlib.pyplot as plt
import numpy as np
from plots import LIGHT
from survival import KaplanMeier
from validation import Cohort

PARAMETERS, PERSONS = "#0072B2", "#E69F00"
DAYS = np.linspace(0, 45, 200)
LINKS = [
    ("brain", "drug in the brain"),
    ("nmda_block_e", "block, pyramidal cells"),
    ("nmda_block_sst", "block, SST cells"),
    ("rate_e", "pyramidal rate"),
    ("glutamate", "glutamate"),
    ("ampa", "AMPA drive"),
    ("bdnf", "BDNF"),
    ("trkb", "TrkB"),
    ("mtorc1", "mTORC1"),
    ("protein_pool", "synaptic protein"),
    ("spine_density", "spines"),
]


def _band(axis, x, curves, colour, label):
    low, q1, q3, high = np.nanquantile(curves, [0.05, 0.25, 0.75, 0.95], axis=0)
    axis.fill_between(x, low, high, color=colour, alpha=0.2, lw=0, label=label)
    axis.fill_between(x, q1, q3, color=colour, alpha=0.3, lw=0)


def _share(cohort):
    return 100 * (cohort.index >= 0.5).mean(0)


def _kept(cohort):
    """Share of responders without relapse, over DAYS since the last infusion [%]; NaN without responders."""
    days, event = cohort.relapse()
    if not len(days):
        return np.full_like(DAYS, np.nan)
    curve = KaplanMeier(days, event)
    return np.array([100 * curve.at(d)[0] for d in DAYS])


def _resampled(cohort, draws=200):
    """The same cohort with other persons of the same law: drawn with replacement."""
    rng = np.random.default_rng(1)
    whole = cohort.index
    for _ in range(draws):
        cohort.index = whole[rng.integers(0, len(whole), len(whole))]
        yield _share(cohort), _kept(cohort)
    cohort.index = whole


def cohorts(base, members):
    """Improvement, responders and relapse: persons of one parameter set beside sets of one law of persons."""
    own, others = Cohort(base), [Cohort(m) for m in members]
    time = own.time / 24
    share, kept = zip(*_resampled(own))
    with plt.rc_context(LIGHT.settings()):
        figure, axes = plt.subplots(2, 3, figsize=(11, 6.2), constrained_layout=True, sharey="col")
        people = f"{len(own.index)} persons, one parameter set"
        sets = f"{len(others)} parameter sets, the same persons"
        for row, colour, title in ((0, PERSONS, people), (1, PARAMETERS, sets)):
            curves = (
                (own.index, share, kept)
                if row == 0
                else (
                    np.array([np.median(c.index, 0) for c in others]),
                    np.array([_share(c) for c in others]),
                    np.array([_kept(c) for c in others]),
                )
            )
            for axis, x, values in zip(axes[row], (time, time, DAYS), curves):
                _band(axis, x, np.array(values), colour, "50 and 90 %")
            axes[row, 0].plot(time, np.median(own.index, 0), color=LIGHT.ink, lw=1.2)
            axes[row, 1].plot(time, _share(own), color=LIGHT.ink, lw=1.2)
            axes[row, 2].plot(DAYS, _kept(own), color=LIGHT.ink, lw=1.2, label="the model's own numbers")
            axes[row, 0].set_title(title, fontsize=9, loc="left")
            axes[row, 2].legend(loc="lower left", fontsize=7)
        axes[0, 0].set_ylabel("improvement of a person")
        axes[1, 0].set_ylabel("improvement of the median person")
        for row in (0, 1):
            axes[row, 1].set_ylabel("responders [%]")
            axes[row, 2].set_ylabel("responders without relapse [%]")
        for axis in axes[1, :2]:
            axis.set_xlabel("days after the first infusion")
        axes[1, 2].set_xlabel("days after the last infusion")
        figure.suptitle(
            "Above: how persons differ, and what other persons of the same law would give (responders, "
            "relapse). Below: what published data leave open of the parameters.",
            fontsize=8,
        )
        return figure


def _peaks(path):
    """Of each link the largest move from the level before the dose, in percent of that level or as it is."""
    with h5py.File(path) as file:
        time = file["history/time"][:]
        out = []
        for name, _ in LINKS:
            values = file["history/" + name][:]
            before = np.interp(-0.5, time, values)
            out.append(np.abs(values[time > 0] - before).max())
        return out


def _fold(ratio):
    return f"{ratio:.0f} fold" if ratio >= 10 else f"{ratio:.2g} fold"


def links(members):
    """How far the members disagree on each link: its largest move after the dose, as the ratio of the upper
    to the lower end of their middle half, and of their 90 %.
    """
    moves = np.array([_peaks(m) for m in members])
    low, q1, q3, high = np.maximum(1e-9, np.quantile(moves, [0.05, 0.25, 0.75, 0.95], axis=0))
    half, wide = q3 / q1, high / low
    worst = int(half.argmax())
    with plt.rc_context(LIGHT.settings()):
        figure, axis = plt.subplots(figsize=(8.5, 4.2), constrained_layout=True)
        colours = [LIGHT.published if k == worst else PARAMETERS for k in range(len(LINKS))]
        axis.barh(range(len(LINKS)), half - 1, color=colours, left=1)
        for y, (a, b) in enumerate(zip(half, wide)):
            words = f"{_fold(a)} (90 %: {_fold(b)})" if b > 1.02 else "no band: nothing here is inferred"
            axis.text(a * 1.03, y, " " + words, va="center", fontsize=8)
        axis.set_xscale("log")
        axis.set_xlim(1, half.max() * 4)
        axis.set_yticks(range(len(LINKS)), [label for _, label in LINKS])
        axis.invert_yaxis()
        axis.set_xlabel("largest move after the dose: 75 % over 25 % of the members")
        axis.set_title(
            f"Worst known is {LINKS[worst][1]}: {len(members)} parameter sets that published data allow",
            fontsize=10,
            loc="left",
        )
        return figure, {name: (a, b) for (name, _), a, b in zip(LINKS, half, wide)}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["cohorts", "links"])
    parser.add_argument("--out", required=True)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    if options.what == "cohorts":
        figure = cohorts(options.files[0], options.files[1:])
    else:
        figure, ratio = links(options.files)
        for name, value in ratio.items():
            print(f"{name:<16} {value[0]:.3g} {value[1]:.3g}")
    figure.savefig(options.out, dpi=110)
    print(options.out)


if __name__ == "__main__":
    main()
