#!/usr/bin/python3
"""The page docs/relatives.md: what the relatives of ketamine are predicted to do, alone and with a link cut.

usage: relatives.py RELATIVES RANGE --docs FOLDER
The folders are those of `respine study run relatives` and of `relatives-range`.
"""
import argparse
import csv
import pathlib
import statistics
import sys
import textwrap

try:
    from plots import LIGHT
    import matplotlib.pyplot as plt
    import numpy as np
    import yaml
except ImportError as missing:
    sys.exit(f"relatives.py: {missing}; on Debian: apt-get install python3-matplotlib python3-yaml")

ARMS = ("alone", "with NBQX", "with rapamycin")
GAINS = ("gain_1d", "gain_5d", "gain_35d")
FITTED = {"ketamine": "fitted", "ly341495": "direction fitted", "mk801": "rate fitted",
          "memantine": "null fitted"}
PAGE = pathlib.Path(__file__).with_name("relatives_page.md")


STUDY = pathlib.Path(__file__).parents[2] / "configs/studies/relatives.yaml"


def dose_words(text):
    """Of a dose in mg/kg, in the unit that people write it in."""
    dose = float(text)
    return f"{dose:g} mg/kg" if dose >= 0.1 else f"{1000 * dose:g} µg/kg"


def results(folder):
    """Rows with their units off the names of the columns, and the drug and its dose as people write them."""
    with open(folder / "results.csv", encoding="utf-8", newline="") as file:
        rows = [{k.split(" [")[0]: v for k, v in row.items()} for row in csv.DictReader(file)]
    if not rows:
        sys.exit(f"relatives.py: {folder}/results.csv has no rows")
    for row in rows:
        row["drug"], row["dose"] = row["treatments.0.drug"], dose_words(row["treatments.0.dose"])
    return rows


def values(rows, outcome, **wanted):
    """Over seeds."""
    return [float(r[outcome]) for r in rows
            if r["status"] == "ok" and r[outcome] and all(r[k] == v for k, v in wanted.items())]


def told(numbers, digits):
    if not numbers:
        return "–"
    mean = statistics.fmean(numbers)
    spread = statistics.stdev(numbers) if len(numbers) > 1 else 0.0
    return f"{mean:.{digits}f} ± {spread:.{digits}f}".replace("-", "−")


def drugs_of(rows):
    """In the order of the design, with their doses."""
    return list(dict.fromkeys((r["drug"], r["dose"]) for r in rows if r["arm"] == "alone"))


def ends(ranges, drug):
    """Means at the low ends of belief, the first half of the points, and at the high ones; and how many runs
    there left the range that the model holds for.
    """
    points = list(dict.fromkeys(r["modulation.muscarinic_m1.SST"] for r in ranges))
    wanted = {"drug": drug, "arm": "alone"}
    each = [values(ranges, "gain_5d", **wanted, **{"modulation.muscarinic_m1.SST": p}) for p in points]
    if not all(each):
        return "–"
    failed = sum(r["status"] != "ok" and all(r[k] == v for k, v in wanted.items()) for r in ranges)
    means = sorted(statistics.fmean(v) for v in each)
    words = f"{means[0]:.1f} to {means[-1]:.1f}".replace("-", "−")
    return words + (f" ({failed} runs failed)" if failed else "")


def line(rows, ranges, drug, dose):
    def cell(outcome, arm, digits=1):
        return told(values(rows, outcome, drug=drug, dose=dose, arm=arm), digits)
    return "| " + " | ".join([
        drug, dose, FITTED.get(drug, "prediction"), cell("bdnf_peak", "alone", 3),
        cell("mtorc1_peak", "alone", 2), *(cell(g, "alone") for g in GAINS),
        *(cell("gain_5d", arm) for arm in ARMS[1:]),
        ends(ranges, drug)]) + " |"


def sentence(rows, drugs):
    gain = {drug: statistics.fmean(values(rows, "gain_5d", drug=drug, dose=dose, arm="alone"))
            for drug, dose in drugs}
    predicted = [d for d, _ in drugs if d not in FITTED]
    up = sorted((d for d in predicted if gain[d] >= 1), key=lambda d: -gain[d])
    none = [d for d in predicted if abs(gain[d]) < 1]
    words = (f"**Ketamine regrows {gain['ketamine']:.1f} points by day 5; predicted to regrow at least one: "
             + ", ".join(f"{d} ({gain[d]:.1f})" for d in up)
             + "; nothing to speak of: " + ", ".join(none) + ".**")
    return textwrap.fill(words, 150)


def draw(rows, drugs):
    colours = {"alone": LIGHT.simulated, "with NBQX": LIGHT.published, "with rapamycin": LIGHT.second}
    panels = (("gain_5d", "gain of spines at 5 d [points]"), ("bdnf_peak", "BDNF at its peak [fold]"),
              ("mtorc1_peak", "mTORC1 at its peak [0–1]"))
    with plt.rc_context(LIGHT.settings()):
        figure, axes = plt.subplots(1, 3, figsize=(12, 0.42 * len(drugs) + 1.6), sharey=True,
                                    constrained_layout=True)
        for axis, (outcome, label) in zip(axes, panels):
            for k, arm in enumerate(ARMS):
                each = [values(rows, outcome, drug=drug, dose=dose, arm=arm) for drug, dose in drugs]
                axis.errorbar([statistics.fmean(v) if v else np.nan for v in each],
                              np.arange(len(drugs)) + 0.22 * (k - 1),
                              xerr=[statistics.stdev(v) if len(v) > 1 else 0 for v in each], fmt="o", ms=5,
                              capsize=2, color=colours[arm], label=arm)
            axis.set_xlabel(label)
            axis.axvline(1 if outcome == "bdnf_peak" else 0, color=LIGHT.grid, lw=1, zorder=0)
            axis.grid(axis="y", color=LIGHT.grid, lw=0.4, alpha=0.6)
        axes[0].set_yticks(range(len(drugs)), [f"{drug}, {dose}" for drug, dose in drugs])
        axes[0].invert_yaxis()
        axes[2].legend(loc="lower right")
        return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("relatives", type=pathlib.Path)
    parser.add_argument("range", type=pathlib.Path)
    parser.add_argument("--docs", type=pathlib.Path, required=True)
    asked = parser.parse_args()
    rows, ranges = results(asked.relatives), results(asked.range)
    spec = yaml.safe_load(STUDY.read_text(encoding="utf-8"))
    drugs = drugs_of(rows)
    draw(rows, drugs).savefig(asked.docs / "images/relatives.png", dpi=110)
    text = PAGE.read_text(encoding="utf-8").format(
        sentence=sentence(rows, drugs), seeds=len({r["seed"] for r in rows}),
        neurons=spec["set"]["network.neurons"],
        rows="\n".join(line(rows, ranges, drug, dose) for drug, dose in drugs))
    (asked.docs / "relatives.md").write_text(text, encoding="utf-8")
    print(f"{asked.docs}/relatives.md: {len(drugs)} drugs")


if __name__ == "__main__":
    main()
