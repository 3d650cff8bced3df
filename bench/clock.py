#!/usr/bin/python3
"""The structural clock that lengthens in quiet against steps of half an hour, over many seeds.

usage: clock.py RESPINE [--seeds 20] [--neurons 2000] [--jobs 2]

Prints a table: mean and standard error of each outcome under both clocks, their difference with its 95 %
interval, in standard deviations between seeds too, and the p of a two-sample Kolmogorov-Smirnov test. Seeds
of the two clocks are different, so the samples are independent.
"""
import argparse
import concurrent.futures
import pathlib
import subprocess
import tempfile

import h5py
import numpy as np
from scipy import stats

SCENARIOS = ("mouse-ketamine-10mgkg", "mouse-vehicle")
HALF_HOURS = ["--set", "clock.longest_structural=30 min"]
DAY = 24.0
OUTCOMES = ("density before [%]", "density at 2 d [%]", "density at 5 d [%]", "density at 14 d [%]",
            "formation, days 7 to 14 [1/d]", "elimination, days 7 to 14 [1/d]", "new spines that live 4 d",
            "mean log size", "SD of log size", "skewness of log size")


def mean_between(time, values, first, last):
    inside = (time > first) & (time <= last) & np.isfinite(values)
    return np.average(values[inside], weights=np.diff(time, prepend=time[0])[inside])


def survival_of_new(run, born, seen):
    """Share of the synapses that formed within the day before `born` and live at `seen` (snapshots)."""
    keys = []
    for number in (born, seen):
        group = run[f"snapshots/synapses/{number:03d}"]
        offsets = group["offsets"][:].astype(np.int64)
        target = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        keys.append((target, group["source"][:], group["birth"][:]))
    zero = float(run["snapshots/time"][born]) / DAY
    named = [list(zip(*(part.tolist() for part in key))) for key in keys]
    young = [name for name in named[0] if zero - 1.0 < name[2] <= zero]
    later = set(named[1])
    return sum(name in later for name in young) / max(1, len(young))


def outcomes(program, scenario, options, seed, neurons, folder):
    path = folder / f"{scenario}-{seed}-{len(options)}.h5"
    sets = [word for value in (f"seed={seed}", f"network.neurons={neurons}",
                               "network.synapses_per_neuron=100", "duration=18 d", "imaging.sessions=[]",
                               "record.snapshots=[8 d, 12 d, 14 d]") for word in ("--set", value)]
    subprocess.run([program, "run", scenario, "-o", path, "-q", "--threads", "1", *sets, *options],
                   check=True)
    with h5py.File(path) as run:
        time, history = run["history/time"][:], run["history"]
        density = history["spine_density"][:]
        at = [float(np.interp(hours, time, density)) for hours in (-1.0, 2 * DAY, 5 * DAY, 14 * DAY - 1)]
        rates = [mean_between(time, history[name][:], 7 * DAY, 14 * DAY)
                 for name in ("formation_rate", "elimination_rate")]
        sizes = run["snapshots/synapses/002/log_size"][:]
        row = [*at, *rates, survival_of_new(run, 0, 1), sizes.mean(), sizes.std(), stats.skew(sizes)]
    path.unlink()
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--neurons", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for scenario in SCENARIOS:
            def of_seed(options, first):
                return pool.map(
                    lambda seed: outcomes(args.program.resolve(), scenario, options, seed, args.neurons,
                                          pathlib.Path(folder)),
                    range(first, first + args.seeds))
            halves, long = np.array(list(of_seed(HALF_HOURS, 1))), np.array(list(of_seed([], 1001)))
            print(f"\n{scenario}, {args.neurons} neurons x 100, {args.seeds} seeds of each clock\n")
            print("| outcome | half hours | lengthening | difference, 95 % interval | in SD | KS p |")
            print("|---|---:|---:|---:|---:|---:|")
            for k, name in enumerate(OUTCOMES):
                a, b = halves[:, k], long[:, k]
                test = stats.ttest_ind(b, a, equal_var=False)
                error = (b.mean() - a.mean()) / test.statistic if test.statistic else 0.0
                width = stats.t.ppf(0.975, 2 * args.seeds - 2) * error
                sd = np.sqrt(0.5 * (a.var(ddof=1) + b.var(ddof=1)))
                print(f"| {name} | {a.mean():.4f} ± {stats.sem(a):.4f} "
                      f"| {b.mean():.4f} ± {stats.sem(b):.4f} "
                      f"| {b.mean() - a.mean():+.4f} ± {abs(width):.4f} | {(b.mean() - a.mean()) / sd:+.2f} "
                      f"| {stats.ks_2samp(a, b).pvalue:.2f} |")


if __name__ == "__main__":
    main()
