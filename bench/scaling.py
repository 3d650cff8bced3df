#!/usr/bin/python3
"""How a run scales over MPI ranks: strong, weak, memory, and against the cost model of docs/mpi.md.

usage: scripts/bench-scaling [--ranks 1,2,4] [--neurons 40000] [--synapses 500] [--hours 4] [--repeat 3]
[--out scaling] [--program PROGRAM]

Strong: the same network on more ranks. Weak: a network that grows with the ranks. Every number is the median
over the repetitions, which take turns. Cores share caches, memory and clock: as a yardstick, as many separate
runs of one rank each are made at the same time. What a rank does in a step is its slow and structural steps;
building the network and files are not in it. Ranks beyond the cores of the machine take turns on them and
prove nothing about speed.
"""
import argparse
import json
import math
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

PATTERNS = {
    "steps": r"(\d+) slow steps",
    "sweeps": r"slow steps, ([\d.]+) sweeps",
    "fast": r"sweeps each \(([\d.]+) s\)",
    "structural": r"synapse each \(([\d.]+) s\)",
    "synapses": r"neurons, (\d+) plastic",
    "fixed": r"plastic and (\d+) fixed",
    "peak_mb": r"peak memory (\d+) MB",
    "traffic_mb": r"([\d.]+) MB from other ranks",
    "calls": r"ranks in (\d+) calls",
    "talk": r"calls, ([\d.]+) s with waiting",
}
QUIET = ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1"]


def command(options, ranks, neurons):
    settings = [
        f"network.neurons={neurons}", f"network.synapses_per_neuron={options.synapses}", "start=-1h",
        f"duration={options.hours}h", "record.snapshots=[]", "imaging.sessions=[]"
    ]
    words = [options.program, "run", "demo-ketamine", "-v", "--threads", "1", "-o", f"r{ranks}.h5", "--force"]
    for s in settings:
        words += ["--set", s]
    return [options.mpirun, *QUIET, "-n", str(ranks), *words] if ranks > 1 else words


def measured(text):
    found = {
        name: float(match.group(1)) for name, pattern in PATTERNS.items()
        if (match := re.search(pattern, text))
    }
    found["step_ms"] = 1e3 * (found["fast"] + found["structural"]) / found["steps"]
    return found


def run_together(commands):
    jobs = []
    for words in commands:
        folder = tempfile.mkdtemp(prefix="respine-scaling-")
        jobs.append((folder,
                     subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                      text=True)))
    results = []
    for folder, job in jobs:
        text = job.communicate()[1]
        shutil.rmtree(folder)
        if job.returncode != 0:
            sys.exit(f"{' '.join(job.args)}: exit {job.returncode}\n{text}")
        results.append(measured(text))
    return {name: statistics.mean(r.get(name, 0.0) for r in results) for name in results[0]}


def medians(rows):
    return {name: statistics.median(r.get(name, 0.0) for r in rows) for name in rows[0]}


def measure(options):
    ranks = options.ranks
    work = {}
    for r in ranks:
        work["strong", r] = [command(options, r, options.neurons)]
        work["weak", r] = [command(options, r, options.neurons * r)]
        work["separate", r] = [command(options, 1, options.neurons)] * r
    work["neurons", 1] = [
        command(
            argparse.Namespace(**{**vars(options), "synapses": max(20, options.synapses // 10)}), 1,
            options.neurons
        )
    ]
    rows = {key: [] for key in work}
    for turn in range(options.repeat):
        for key, commands in work.items():
            print(f"round {turn + 1} of {options.repeat}: {key[0]}, {key[1]} ranks", file=sys.stderr,
                  flush=True)
            rows[key].append(run_together(commands))
    return {key: medians(found) for key, found in rows.items()}


class Model:
    """Time of a slow step of one rank: its synapses, its neurons, and the calls. Structural steps
    are spread over the slow ones.
    """

    def __init__(self, found, neurons, cores, latency, bandwidth):
        one, few = found["strong", 1], found["neurons", 1]
        synapses = [(f["synapses"] + f["fixed"]) for f in (one, few)]
        self.per_synapse = (one["step_ms"] - few["step_ms"]) / (synapses[0] - synapses[1])  # [ms]
        self.per_neuron = max(0.0, (few["step_ms"] - self.per_synapse * synapses[1]) / neurons)
        self.cores, self.latency, self.bandwidth = cores, 1e-3 * latency, bandwidth  # [ms], [MB/ms]

    def compute_ms(self, neurons, synapses, ranks):
        turns = max(1.0, ranks / self.cores)  # on one core
        return turns * (self.per_synapse * synapses + self.per_neuron * neurons) / ranks

    def talk_ms(self, calls, megabytes, ranks):
        # none of either in one rank
        return calls * self.latency * math.ceil(math.log2(ranks)) + megabytes / self.bandwidth


def table(found, model, options):
    lines = [
        "| ranks | neurons | step [ms] | over one rank | sweeps | separate runs [ms] | over these | traffic "
        "[MB/step] | calls/step | in calls | peak [MB a rank] | model [ms] |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    ]
    for kind in ("strong", "weak"):
        lines.append(f"| **{kind}** | | | | | | | | | | | |")
        for r in options.ranks:
            row, one, apart = found[kind, r], found[kind, 1], found["separate", r]
            neurons = options.neurons * (r if kind == "weak" else 1)
            gain = one["step_ms"] / row["step_ms"]
            # separate runs do r times the work of a shared one
            fair = apart["step_ms"] / (r if kind == "strong" else 1) / row["step_ms"]
            predicted = model.compute_ms(neurons, row["synapses"] + row["fixed"], r) + model.talk_ms(
                row.get("calls", 0) / row["steps"], row.get("traffic_mb", 0) / row["steps"], r
            )
            lines.append(
                f"| {r} | {neurons:,} | {row['step_ms']:.2f} | {gain:.2f} | {row['sweeps']:.2f} | "
                f"{apart['step_ms']:.2f} | {fair:.2f} | {row.get('traffic_mb', 0) / row['steps']:.3f} | "
                f"{row.get('calls', 0) / row['steps']:.0f} | "
                f"{100 * row.get('talk', 0) / (row['fast'] + row['structural']):.0f} % | "
                f"{row['peak_mb']:.0f} | {predicted:.2f} |"
            )
    return "\n".join(lines) + "\n"


def picture(found, model, options, path):
    figure, panels = plt.subplots(1, 3, figsize=(12, 3.8))
    ranks = options.ranks
    strong, weak = panels[0], panels[1]
    strong.plot(ranks, [found["strong", 1]["step_ms"] / found["strong", r]["step_ms"] for r in ranks], "o-",
                label="measured")
    strong.plot(ranks, [r * found["strong", 1]["step_ms"] / found["separate", r]["step_ms"] for r in ranks],
                "s--", color="0.6", label="separate runs at once: what the machine gives")
    strong.plot(ranks, ranks, "k:", lw=0.8, label="ideal")
    strong.set(title="strong: the same network", ylabel="times one rank", ylim=(0, max(ranks)))
    weak.plot(ranks, [found["weak", 1]["step_ms"] / found["weak", r]["step_ms"] for r in ranks], "o-",
              label="measured")
    weak.plot(ranks, [found["separate", 1]["step_ms"] / found["separate", r]["step_ms"] for r in ranks],
              "s--", color="0.6", label="separate runs at once")
    weak.axhline(1.0, color="k", ls=":", lw=0.8)
    weak.set(title="weak: a network that grows", ylabel="efficiency", ylim=(0, 1.2))
    panels[2].plot(ranks, [found["strong", r]["peak_mb"] for r in ranks], "o-", label="strong")
    panels[2].plot(ranks, [found["weak", r]["peak_mb"] for r in ranks], "o-", label="weak")
    panels[2].set(title="memory", ylabel="peak of a rank [MB]", ylim=(0, None))
    for axes in panels:
        axes.set(xlabel="ranks (one thread each)", xticks=ranks)
        axes.legend(fontsize=7, loc="lower left")
        if max(ranks) > model.cores:
            axes.axvspan(model.cores + 0.05, max(ranks) + 0.2, color="0.94", zorder=0)
            axes.text(0.98, 0.97, "grey: more ranks than cores", fontsize=7, color="0.4", ha="right",
                      va="top", transform=axes.transAxes)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", type=lambda text: [int(n) for n in text.split(",")], default=[1, 2, 4])
    parser.add_argument("--neurons", type=int, default=40000)
    parser.add_argument("--synapses", type=int, default=500)
    parser.add_argument("--hours", type=int, default=4)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--latency", type=float, default=2.0,
                        help="of a collective call for each doubling of the ranks [us]")
    parser.add_argument("--bandwidth", type=float, default=5.0, help="into a rank [GB/s]")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("scaling"))
    parser.add_argument("--program", default=os.environ.get("RESPINE", "respine"))
    options = parser.parse_args()
    options.mpirun = shutil.which("mpirun") or sys.exit("mpirun is missing (Debian: openmpi-bin)")
    if options.ranks[0] != 1:
        sys.exit("--ranks begins with 1: all others are compared with it")
    options.program = str(
        pathlib.Path(shutil.which(options.program)
                     or sys.exit(f"{options.program}: no such program")).resolve())
    found = measure(options)
    cores = len(os.sched_getaffinity(0))
    model = Model(found, options.neurons, cores, options.latency, options.bandwidth)
    options.out.mkdir(exist_ok=True)
    text = table(found, model, options)
    (options.out / "scaling.md").write_text(text)
    (options.out / "scaling.json").write_text(
        json.dumps(
            {
                "options": {k: str(v) for k, v in vars(options).items()}, "cores": cores,
                "model": vars(model), "rows": [{"kind": k[0], "ranks": k[1], **v} for k, v in found.items()]
            }, indent=1))
    picture(found, model, options, options.out / "scaling.png")
    print(text)
    print(
        f"a synapse {1e6 * model.per_synapse:.3f} ns a slow step, a neuron {1e6 * model.per_neuron:.1f} ns; "
        f"{cores} cores; {options.out}/scaling.png"
    )


if __name__ == "__main__":
    main()
