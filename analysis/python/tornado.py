#!/usr/bin/python3
"""Tornado plot of `respine sensitivity`: the outcome with each parameter at the ends of its range of belief.

usage: tornado.py SENSITIVITY.json --out FIGURE.png [--most N]
"""
import argparse
import json
import sys

try:
    import matplotlib
except ImportError as missing:
    sys.exit(f"tornado.py: {missing}; on Debian: apt-get install python3-matplotlib")

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

# Okabe and Ito
COLOURS = {"R": "#0072B2", "R2": "#56B4E9", "RD": "#009E73", "D": "#CC79A7", "rec": "#E69F00", "A": "#D55E00"}
MEANING = {
    "R": "read in the source", "R2": "read second-hand", "RD": "from raw data", "D": "derived",
    "rec": "recalled", "A": "assumed"
}


def draw(study, most):
    """A figure of the `most` parameters with the largest swing; a bar that ends in a cross is of runs
    that failed.
    """
    rows = [p for p in study["parameters"] if p["swing"] > 0][:most]
    figure, axes = plt.subplots(figsize=(8.5, 0.27 * len(rows) + 1.6), constrained_layout=True)
    base = study["mean"]
    for place, p in enumerate(rows):
        for end, shade in (("low", 0.55), ("high", 1.0)):
            side = p[end]
            if side is None:
                continue
            if side["outcome"] is None:
                axes.plot(base, place, "kx")
                continue
            axes.barh(place, side["outcome"] - base, left=base, height=0.72, color=COLOURS[p["mark"]],
                      alpha=shade, xerr=side["error"], error_kw={"elinewidth": 0.7, "ecolor": "#333333"})
    names = []
    for p in rows:
        ends = [f"{p[e]['value']:g}" if p[e] else f"{p['value']:g}" for e in ("low", "high")]
        names.append(f"{p['parameter']}  [{ends[0]}, {ends[1]}]" +
                     ("" if p["unit"] == "1" else f" {p['unit']}"))
    axes.set_yticks(range(len(rows)), names, fontsize=7)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axvline(base, color="black", linewidth=0.8)
    axes.set_xlabel(f"{study['observable']} [{study['unit']}]; base {base:.3g}")
    axes.set_title("each parameter alone at the low (pale) and high (full) end of its range of belief",
                   fontsize=9)
    marks = [m for m in COLOURS if any(p["mark"] == m for p in rows)]
    axes.legend([plt.Rectangle((0, 0), 1, 1, color=COLOURS[m]) for m in marks],
                [f"{m}: {MEANING[m]}" for m in marks], fontsize=7, loc="lower right")
    axes.grid(axis="x", alpha=0.3)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study")
    parser.add_argument("--out", required=True)
    parser.add_argument("--most", type=int, default=40)
    asked = parser.parse_args()
    with open(asked.study, encoding="utf-8") as file:
        study = json.load(file)
    draw(study, asked.most).savefig(asked.out, dpi=150)
    print(
        f"{asked.out}: {min(asked.most, len(study['parameters']))} of {len(study['parameters'])} parameters")


if __name__ == "__main__":
    main()
