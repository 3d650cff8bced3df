#!/usr/bin/python3
"""Figures of respine run files: the chain from dose to spine, and what the virtual microscope saw.

usage: figures.py --out FOLDER [--reference LABEL] [--points FILE] --arm LABEL RUN.h5... [--arm ...]

The runs of an arm differ in the seed alone. Time counts from the first dose of a drug; a run without one
takes that of the first run that has one. Writes chain.png/.svg and imaging.png/.svg. Lines are means over
neurons, bands the middle half of the neurons; with several seeds of one treatment the line is the mean over
seeds. Imaging points carry the standard error over dendrites (one seed) or seeds (several).
"""
import argparse
import os
import sys

try:
    import h5py
    import matplotlib
    import numpy as np
except ImportError as missing:
    sys.exit(f"figures.py: {missing}; on Debian: apt-get install python3-h5py python3-matplotlib")

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measurements  # noqa: E402
from versions import need_file, text  # noqa: E402

# Okabe and Ito: safe for all eyes
COLOURS = ["#666666", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]


class Run:
    """One run file; `series(name)` is (hours, values, lower quartile, upper quartile)."""

    def __init__(self, path):
        self.path = path
        self.file = h5py.File(path, "r")
        need_file(path, ["respine-run"], self.file)
        meta = self.file["meta"].attrs
        self.name = text(meta["name"])
        self.title = text(meta["title"])
        self.ensemble = "bands" in meta  # curves are medians over the members of an ensemble
        self.time = self.file["history/time"][:]
        routes = np.array([text(route) for route in self.file["events/route"][:]], dtype=str)  # none too
        given = self.file["events/time"][:]
        self.dosed = bool((routes != "window").any())
        starts = given[routes != "window"] if self.dosed else given
        self.first_dose = starts.min() if starts.size else max(0.0, self.time[0])

    def count_from(self, hours):
        """From here on `time` and `days` count from this hour of the scenario."""
        self.time = self.time - hours
        self.days = (self.file["imaging/session"][:] - hours) / 24.0 if "imaging" in self.file else None

    def series(self, name):
        history = self.file["history"]
        if name not in history:
            return None
        bands = history.get(name + "_quantiles")
        low, high = (bands[:, 1], bands[:, 3]) if bands is not None else (None, None)
        return self.time, history[name][:], low, high

    def outer(self, name):
        """Of a file with bands over an ensemble: where 5 and 95 % of its members lie; else nothing."""
        bands = self.file["history"].get(name + "_quantiles")
        return (bands[:, 0], bands[:, 4]) if self.ensemble and bands is not None else None

    def panels(self):
        """(name, label, unit, factor) of what the file puts to the front, in the order of the chain."""
        history = self.file["history"]
        order = text(history.attrs["order"]).split() if "order" in history.attrs else []
        return [self._panel(name, history[name].attrs) for name in order
                if text(history[name].attrs["prominence"]) == "shown"]

    @staticmethod
    def _panel(name, said):
        return name, text(said["label"]), text(said["shown_units"]), float(said["shown_factor"])


def panels_of(runs):
    """The panels of all runs, each once."""
    panels = {name: rest for run in runs for name, *rest in run.panels()}
    if not panels:
        sys.exit("figures.py: these run files do not say what to draw: an earlier respine wrote them; "
                 "run the scenarios again")
    return [(name, *rest) for name, rest in panels.items()]


def arms_of(groups, reference):
    """Arms by label, the reference first, their clocks set to the first dose."""
    arms = {label: [Run(path) for path in paths] for label, *paths in groups}
    runs = [run for of_arm in arms.values() for run in of_arm]
    lender = next((run for run in runs if run.dosed), None)
    for run in runs:
        run.count_from(run.first_dose if run.dosed or lender is None else lender.first_dose)
    titles = [of_arm[0].title for of_arm in arms.values()]
    for label, of_arm in arms.items():  # titles in the legend, labels where arms share one
        for run in of_arm:
            run.legend = run.title if titles.count(run.title) == 1 else label
    return dict(sorted(arms.items(), key=lambda item: item[0] != reference))


def mean_series(runs, name):
    """Mean over seeds on the time axis of the first run, with the band of the first run."""
    parts = [run.series(name) for run in runs]
    if any(p is None for p in parts):
        return None
    time, _, low, high = parts[0]
    return time, np.mean([np.interp(time, p[0], p[1]) for p in parts], axis=0), low, high


def words_of_lines(arms):
    if any(run.ensemble for runs in arms.values() for run in runs):
        return ("Lines: median over parameter sets that published data allow; bands: 50 and 90 % of them,\n"
                "which is what the data leave open.")
    return "Lines: mean over neurons; bands: middle half of the neurons."


def draw_chain(arms, path, measured):
    panels = panels_of([run for runs in arms.values() for run in runs])
    height = 1.5 * len(panels)  # [inch]
    figure, axes = plt.subplots(len(panels), 2, figsize=(9, height), constrained_layout=True)
    last = max(run.time[-1] for runs in arms.values() for run in runs)
    for row, (name, label, unit, factor) in enumerate(panels):
        for column, (start, end, scale) in enumerate([(-0.5, min(8.0, last), 1.0), (-24.0, last, 24.0)]):
            axis = axes[row, column]
            for k, (arm, runs) in enumerate(arms.items()):
                got = mean_series(runs, name)
                if got is None:
                    continue
                time, values, low, high = got
                inside = (time >= start) & (time <= end)
                colour = COLOURS[k % len(COLOURS)]
                axis.plot(time[inside] / scale, factor * values[inside], color=colour, lw=1.6,
                          label=runs[0].legend)
                outer = runs[0].outer(name)
                if outer:
                    axis.fill_between(time[inside] / scale, factor * outer[0][inside],
                                      factor * outer[1][inside], color=colour, alpha=0.15, lw=0)
                # A band where it says something: not for rates, whose spread over cells dwarfs their course.
                if low is not None and (unit != "Hz" or outer):
                    axis.fill_between(time[inside] / scale, factor * low[inside], factor * high[inside],
                                      color=colour, alpha=0.15, lw=0)
            measurements.draw(axis, measured.get(name, []), factor, scale, start, end)
            axis.axvline(0, color="#999999", lw=0.8, ls=":")
            axis.spines[["top", "right"]].set_visible(False)
            axis.tick_params(labelsize=8)
            axis.margins(x=0)
            if column == 0:
                axis.set_ylabel(label.replace(", ", ",\n") + f"\n[{unit}]", fontsize=8)
            if row < len(panels) - 1:
                axis.tick_params(labelbottom=False)
    axes[-1, 0].set_xlabel("hours after the first dose")
    axes[-1, 1].set_xlabel("days after the first dose")
    axes[0, 0].set_title("the first hours", fontsize=10)
    axes[0, 1].set_title("the whole run", fontsize=10)
    handles, labels = axes[-1, 1].get_legend_handles_labels()
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - (0.225 + 0.195 * len(labels)) / height))
    figure.legend(handles, labels, loc="upper center", fontsize=9, frameon=False)
    figure.supxlabel(
        f"Simulated. {words_of_lines(arms)} A research and teaching model, not medical advice.",
        fontsize=7)
    save(figure, path)


def seen(run):
    """Spines seen [session, dendrite], and session days."""
    return run.file["imaging/density"][:].astype(float), run.days


def difference(run, reference):
    """Density difference in points and its standard error over dendrites (paired: the same dendrites in
    both).
    """
    mine, days = seen(run)
    other, _ = seen(reference)
    points = 100.0 * (mine.sum(1) / mine[0].sum() - other.sum(1) / other[0].sum())
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(200):
        pick = rng.integers(0, mine.shape[1], mine.shape[1])
        draws.append(
            100.0 *
            (mine[:, pick].sum(1) / mine[0, pick].sum() - other[:, pick].sum(1) / other[0, pick].sum()))
    return days, points, np.std(draws, axis=0)


def draw_imaging(arms, reference, path):
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.8), constrained_layout=True)
    by_seed = {text(r.file["meta"].attrs["seed"]): r for r in arms.get(reference, [])}
    for k, (arm, runs) in enumerate(arms.items()):
        colour = COLOURS[k % len(COLOURS)]
        pairs = [(r, by_seed[text(r.file["meta"].attrs["seed"])]) for r in runs
                 if text(r.file["meta"].attrs["seed"]) in by_seed]
        if arm != reference and pairs:
            parts = [difference(*pair) for pair in pairs]
            points = np.array([p[1] for p in parts])
            error = points.std(0, ddof=1) / np.sqrt(len(parts)) if len(parts) > 1 else parts[0][2]
            axes[0].errorbar(parts[0][0], points.mean(0), yerr=error, color=colour, marker="o", ms=4,
                             capsize=2, lw=1.4, label=runs[0].legend)
        for axis, field in ((axes[1], "formation"), (axes[2], "elimination")):
            stack = np.array([np.nanmean(r.file["imaging/" + field][:], axis=1) for r in runs])
            if len(runs) > 1:
                error = stack.std(0, ddof=1) / np.sqrt(len(runs))
            else:
                values = runs[0].file["imaging/" + field][:]
                error = np.nanstd(values, axis=1) / np.sqrt(values.shape[1])
            days = runs[0].days
            axis.errorbar(days[1:],
                          stack.mean(0)[1:], yerr=error[1:], color=colour, marker="o", ms=4, capsize=2,
                          lw=1.4, label=runs[0].legend)
    if not axes[0].containers:  # an empty frame would look as if nothing differed
        axes[0].text(0.5, 0.5, "a difference wants --reference,\nand runs of it with the same seeds",
                     transform=axes[0].transAxes, ha="center", va="center", fontsize=9, color="#666666")
        axes[0].set_xticks([])
        axes[0].set_yticks([])
    axes[0].axhline(0, color="#999999", lw=0.8)
    axes[0].set_ylabel("spine density difference [points]")
    axes[1].set_ylabel("formed since last session [%]")
    axes[2].set_ylabel("eliminated since last session [%]")
    for axis in axes:
        axis.set_xlabel("days after the first dose")
        axis.axvline(0, color="#999999", lw=0.8, ls=":")
        axis.spines[["top", "right"]].set_visible(False)
        axis.set_ylim(bottom=min(0, axis.get_ylim()[0]))
    handles, labels = axes[1].get_legend_handles_labels()
    figure.get_layout_engine().set(rect=(0, 0, 1, 0.92))
    figure.legend(handles, labels, loc="upper center", ncols=len(labels), fontsize=9, frameon=False)
    figure.supxlabel("Virtual two-photon imaging of the same dendrites; bars: standard error.", fontsize=7)
    save(figure, path)


def save(figure, path):
    for ending in ("png", "svg"):
        figure.savefig(f"{path}.{ending}", dpi=150)
        figure.set_layout_engine("none")  # what stands where is found once, which takes longest
        print(f"{path}.{ending}")
    plt.close(figure)


def options_of(words):
    """Of the command line of a script that reads arms of runs; `words` describe it."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", help="folder of the figures")
    parser.add_argument("--reference", default="")
    parser.add_argument("--points", help="measurements (CSV, TSV)")
    parser.add_argument("--arm", nargs="+", action="append", required=True, metavar=("LABEL", "RUN.h5"))
    return parser.parse_args()


def main():
    options = options_of(__doc__)
    if not options.out:
        sys.exit("figures.py: --out is needed, the folder of the figures")
    arms = arms_of(options.arm, options.reference)
    measured = measurements.read(options.points) if options.points else {}
    draw_chain(arms, os.path.join(options.out, "chain"), measured)
    if all("imaging" in run.file for runs in arms.values() for run in runs):
        draw_imaging(arms, options.reference, os.path.join(options.out, "imaging"))


if __name__ == "__main__":
    main()
