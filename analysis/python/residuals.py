"""How far measurements lie from the curves of runs: a table, and with --out a figure of the residuals.

usage: residuals.py --points FILE [--out FOLDER] [--reference LABEL] --arm LABEL RUN.h5... [--arm ...]

A point is held against the arm of its scenario, or against every arm where none is of that scenario.
Residual: simulated (mean over seeds, linear between rows of the history) less measured, over the standard
deviation of the measurement. Runs that describe the measurements have a sum of squares of about one a point.
"""
import contextlib
import math
import os
import sys

import figures
import measurements
import numpy as np
from figures import plt


def arms_for(scenario, arms):
    """Labels of the arms that a point of this scenario is held against."""
    own = [label for label, runs in arms.items() if runs[0].name == scenario]
    return own or list(arms)


def residuals_of(rows, arms):
    """{(quantity, arm): [(hours, measured, simulated, sd)]}, and a reason for every row that is left out."""
    found, left = {}, []
    for number, (scenario, row) in enumerate(rows, 1):
        if row is None:
            left.append(f"row {number} is no value at a time")
            continue
        quantity, hours, value, sd = row
        for label in arms_for(scenario, arms):
            series = figures.mean_series(arms[label], quantity)
            if series is None:
                left.append(f"row {number}: {label} has no '{quantity}'")
            elif not series[0][0] <= hours <= series[0][-1]:
                left.append(f"row {number}: {hours:g} h lies outside {label}")
            else:
                simulated = float(np.interp(hours, series[0], series[1]))
                found.setdefault((quantity, label), []).append((hours, value, simulated, sd))
    return found, left


def fit_of(points):
    """(points, mean residual, RMSE, sum of squares over SD a point)"""
    off = np.array([simulated - measured for _, measured, simulated, _ in points])
    scaled = np.array([(simulated - measured) / sd if sd > 0 else math.nan
                       for _, measured, simulated, sd in points])
    known = scaled[np.isfinite(scaled)]
    return len(off), off.mean(), math.sqrt((off**2).mean()), (known**2).mean() if known.size else math.nan


def tell(found, left, points):
    table = [("quantity", "arm", "points", "simulated - measured", "RMSE", "chi2/point")]
    for (quantity, label), values in found.items():
        count, mean, rmse, chi2 = fit_of(values)
        table.append((quantity, label, str(count), f"{mean:+.4g}", f"{rmse:.4g}", f"{chi2:.3g}"))
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    print(f"\nmeasurements of {points}:")
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    for reason in left:
        print(f"residuals.py: note: left out: {reason}", file=sys.stderr)


def draw(found, path):
    quantities = list(dict.fromkeys(quantity for quantity, _ in found))
    figure, axes = plt.subplots(len(quantities), 1, figsize=(7, 1.2 + 1.8 * len(quantities)), squeeze=False,
                                sharex=True, constrained_layout=True)
    for axis, quantity in zip(axes[:, 0], quantities):
        axis.axhspan(-2, 2, color="#eeeeee", lw=0)
        axis.axhline(0, color="#999999", lw=0.8)
        labels = [label for name, label in found if name == quantity]
        for k, label in enumerate(labels):
            points = found[quantity, label]
            axis.plot([p[0] / 24 for p in points], [(p[2] - p[1]) / p[3] if p[3] > 0 else math.nan
                                                    for p in points], "o",
                      color=figures.COLOURS[(k + 1) % len(figures.COLOURS)], ms=5, label=label)
        axis.set_ylabel(f"{quantity}\nresidual [SD]", fontsize=8)
        axis.spines[["top", "right"]].set_visible(False)
        axis.legend(fontsize=8, frameon=False, loc="best")
    axes[-1, 0].set_xlabel("days after the first dose")
    figure.supxlabel("Simulated less measured, over the SD of the measurement; grey: two SD.", fontsize=7)
    figures.save(figure, path)


def main():
    options = figures.options_of(__doc__)
    if not options.points:
        sys.exit("residuals.py: --points is needed, a file of measurements")
    arms = figures.arms_of(options.arm, options.reference)
    found, left = residuals_of(measurements.rows(options.points), arms)
    tell(found, left, options.points)
    if options.out and found:
        with contextlib.redirect_stdout(sys.stderr):  # names of files are no data
            draw(found, os.path.join(options.out, "residuals"))


if __name__ == "__main__":
    main()
