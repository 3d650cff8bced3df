#!/usr/bin/python3
"""Draws the results of machines: one row of panels a kernel, classes against items a second, and the table.

usage: bench/results.py [RESULT.json...] [--image bench/images/results.png] [--page bench/results/README.md]

Results are those in bench/results when none are named. respine bench --check looks each over.
"""
import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

HERE = pathlib.Path(__file__).parent
UNITS = {"drive": "million synapses gathered a second", "turnover": "million synapses updated a second",
         "loss": "million synapses lost a second", "formation": "million synapses formed a second",
         "quiet formation": "million synapses formed a second", "day": "days an hour"}
KERNELS = tuple(UNITS)
CLASSES = ("S", "M", "L", "XL")
TOPOLOGIES = {"sheet": "o", "anywhere": "s", "hubs": "^"}


def name_of(result):
    machine = result["machine"]
    return f"{machine['processor']}, {machine['processors']} processors"


def best(result, kernel, topology):
    """The row of most threads."""
    rows = [r for r in result["rows"] if r["kernel"] == kernel and r["topology"] == topology]
    return max(rows, key=lambda r: r["threads"], default=None)


def figure(results, path):
    colors = {n: f"C{k}" for k, n in enumerate(sorted({name_of(r) for r in results}))}
    drawing, axes = plt.subplots(2, 3, figsize=(11, 6.8), sharex=True)
    for axis, kernel in zip(axes.flat, KERNELS):
        for result in results:
            for turn, (topology, marker) in enumerate(TOPOLOGIES.items()):
                row = best(result, kernel, topology)
                if row is None:
                    continue
                at = CLASSES.index(result["problem"]["class"]) + 0.12 * (turn - 1)
                axis.plot([at], [rate_of(row) / (1 if kernel == 'day' else 1e6)], marker,
                          color=colors[name_of(result)],
                          mfc="none" if row["open"] else None)
        axis.set(title=kernel, ylabel=UNITS[kernel], xlim=(-0.5, 3.5))
        axis.set(yscale="log") if kernel == "day" else axis.set_ylim(0, 1.06 * axis.get_ylim()[1])
        axis.set_xticks(range(4), CLASSES)
        axis.tick_params(labelbottom=True)
        axis.grid(alpha=0.3)
    handles = [plt.Line2D([], [], color="0.3", marker=m, ls="", label=t) for t, m in TOPOLOGIES.items()]
    handles += [plt.Line2D([], [], color=c, marker="o", ls="", label=n) for n, c in colors.items()]
    handles += [plt.Line2D([], [], color="0.3", marker="o", mfc="none", ls="", label="noisy: verdict open")]
    drawing.subplots_adjust(left=0.08, right=0.98, top=0.94, bottom=0.17, wspace=0.3, hspace=0.32)
    drawing.text(0.5, 0.09, "class of problem, all processors", ha="center")
    drawing.legend(handles=handles, loc="lower center", ncol=5, frameon=False)
    drawing.savefig(path, dpi=110)


def rate_of(row):
    return row["per_second"] * (3600 if row["kernel"] == "day" else 1)


def text(value):
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def table(result):
    heads = [k if k == "day" else f"{k} [1/s]" for k in KERNELS]
    lines = ["| topology | threads | " + " | ".join(heads).replace("| day", "| days an hour") +
             " | drive over plain loop | turnover over its random numbers |",
             "|---|---:|" + "---:|" * (len(KERNELS) + 2)]
    for topology in TOPOLOGIES:
        for threads in sorted({r["threads"] for r in result["rows"]}):
            rows = {r["kernel"]: r for r in result["rows"]
                    if r["topology"] == topology and r["threads"] == threads}
            if not rows:
                continue
            cells = [text(rate_of(rows[k])) + ("?" if rows[k]["open"] else "") for k in KERNELS]
            cells.append(f"{rows['drive']['per_second'] / rows['plain loop']['per_second']:.2f}")
            cells.append(f"{rows['random numbers']['per_second'] / rows['turnover']['per_second']:.2f}")
            lines.append(f"| {topology} | {threads} | " + " | ".join(cells) + " |")
    return lines


def peer_line(peer):
    told = f"{text(peer['per_second'])} a second" if "per_second" in peer else f"skipped: {peer['skipped']}"
    return (f"- {peer['program']}, {peer['kernel']}, {peer['topology']}, {peer['threads']} threads, "
            f"{peer['neurons']:,} x {peer['inputs']:,}: {told}")


def page(results, path):
    lines = ["# Results", "",
             "Made by `bench/results.py` from the files here; the rows are explained in "
             "[the problems](../PROBLEM.md).",
             "A question mark: the row and its twin differ by more than 1.3 times.", "",
             "![Results by class](../images/results.png)", ""]
    for result in results:
        program, energy = result["program"], result["energy"]
        lines += [f"## Class {result['problem']['class']}, {name_of(result)}", "",
                  f"{program['name']} {program['version']}, revision {program['revision']}, "
                  f"{program['compiler']}; {result['when'][:10]}; "
                  f"others took {100 * result['quiet']['others']:.1f} % of the processors; "
                  f"{'verified' if result['verified'] else 'NOT verified'}; "
                  f"{energy['source'] or 'no joules: ' + energy['reason']}.", "", *table(result), ""]
        lines += [peer_line(p) for p in result.get("peers", [])]
        if result.get("peers"):
            lines.append("")
    path.write_text("\n".join(lines).rstrip() + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="*")
    parser.add_argument("--image", default=HERE / "images" / "results.png")
    parser.add_argument("--page", default=HERE / "results" / "README.md")
    args = parser.parse_args()
    files = args.results or sorted((HERE / "results").glob("*.json"))
    results = sorted((json.loads(pathlib.Path(f).read_text()) for f in files),
                     key=lambda r: (name_of(r), CLASSES.index(r["problem"]["class"])))
    figure(results, args.image)
    page(results, pathlib.Path(args.page))


if __name__ == "__main__":
    main()
