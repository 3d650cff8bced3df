"""The pictures of report.py: how each kernel compares with the memory, and how time grows with size and
threads.
"""
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

SIZE = (100000, 1000)  # larger than the caches
SHOWN = {  # kernel: its name in the picture
    "publish": "publish",
    "gather_plastic": "gather, plastic",
    "gather_fixed": "gather, fixed",
    "settled_rates": "settled rates",
    "relaxation": "relaxation",
    "glutamate": "glutamate",
    "signalling": "signalling",
    "turnover": "turnover",
    "formation_of_a_day": "formation",
    "whole_step": "whole step",
    "plain_gather": "plain loop",
}
COLOURS = {name: plt.get_cmap("tab20")(2 * k % 20 + (k >= 10) * 4) for k, name in enumerate(SHOWN)}


def points(run, threads):
    for key, row in run.found.items():
        if (
            key.kernel in SHOWN
            and (key.neurons, key.synapses) == SIZE
            and key.threads == threads
            and row["bytes_per_item"] > 0
        ):
            yield key, row


def label_apart(axes, labels, x, least=1.28):
    """Names beside the panel in the order of their points, at least a factor `least` apart."""
    at = 0.0
    for px, py, text, colour in sorted(labels, key=lambda label: label[1]):
        at = max(py, at * least)
        axes.annotate(text, (px, py), xytext=(x, at), fontsize=7.5, va="center", color=colour,
                      arrowprops={"arrowstyle": "-", "lw": 0.4, "color": colour})


def roofline(run, path):
    figure, panels = plt.subplots(1, 2, figsize=(12, 5.4), sharey=True)
    for axes, threads in zip(panels, (1, run.threads)):
        stream = run.row("stream_synapses", *SIZE, threads)
        if not stream:
            continue
        per_byte = stream["ns_per_item"] / stream["bytes_per_item"]
        ends = [2.5, 400.0]
        axes.plot(ends, [b * per_byte for b in ends], "k-", lw=1.2)
        axes.fill_between(ends, [b * per_byte for b in ends], 1e-4, color="0.93")
        axes.text(25, 0.058, f"streaming limit: {1 / per_byte:.1f} GB/s", fontsize=8)
        labels = []
        for key, row in points(run, threads):
            colour = COLOURS[key.kernel]
            axes.plot(row["bytes_per_item"], row["ns_per_item"], "o" if key.kind == "sheet" else "s",
                      color=colour, ms=5)
            kind = ", random" if key.kind == "random" else ""
            labels.append((row["bytes_per_item"], row["ns_per_item"], SHOWN[key.kernel] + kind, colour))
        axes.set(xscale="log", yscale="log", xlim=(2.5, 400), ylim=(0.05, 3000),
                 xlabel="bytes per item, read and written",
                 title=f"{threads} thread{'s' if threads > 1 else ''}")
        label_apart(axes, labels, 460)
    panels[0].set_ylabel("ns per item (synapse, neuron, voxel, formed synapse)")
    figure.suptitle(
        f"Kernels at {SIZE[0]:,} neurons × {SIZE[1]:,} synapses; nothing can lie below the line unless "
        "caches hold its data",
        fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def scaling(run, path):
    figure, (size, threads) = plt.subplots(1, 2, figsize=(11, 4.6), gridspec_kw={"width_ratios": [1.25, 1]})
    curves = ("stream_synapses", "plain_gather", "philox_alone", "gather_plastic", "turnover", "whole_step",
              "formation_of_a_day")
    for k, kernel in enumerate(curves):
        of = sorted((key.neurons * key.synapses, key.synapses, row["ns_per_item"])
                    for key, row in run.found.items()
                    if key.kernel == kernel and key.kind == "sheet" and key.threads == 1)
        style = "--" if k < 3 else "-"
        colour = plt.get_cmap("tab10")(k)
        thin = [(n, t) for n, s, t in of if s == 100]
        if thin:
            size.plot(*zip(*thin), style, marker="o", color=colour, ms=4, label=kernel.replace("_", " "))
        dense = [(n, t) for n, s, t in of if s == 1000]
        if dense:
            size.plot(*zip(*dense), style, marker="s", mfc="white", color=colour, ms=4)
    size.set(xscale="log", yscale="log", xlabel="synapses (filled: 100 a neuron, open: 1,000)",
             ylabel="ns per item, one thread", title="Size: flat is linear in synapses")
    size.legend(fontsize=7, ncol=2, loc="center left", bbox_to_anchor=(0.0, 0.68))

    names = [n for n in ("stream_synapses", "plain_gather", "philox_alone", *SHOWN) if n not in ("publish",)]
    names = list(dict.fromkeys(names))
    bars = []
    for kernel in names:
        one, all_ = run.ns(kernel, *SIZE, 1), run.ns(kernel, *SIZE, run.threads)
        if one and all_:
            bars.append((kernel.replace("_", " "), one / all_))
    threads.barh([b[0] for b in bars][::-1], [b[1] for b in bars][::-1], color="0.6")
    threads.axvline(run.threads, color="k", lw=0.8, ls="--")
    threads.set(xlabel=f"speed with {run.threads} threads over one",
                title=f"Threads: {SIZE[0]:,} × {SIZE[1]:,}")
    threads.tick_params(axis="y", labelsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def quiet(rows, path):
    """Cost of quiet time by size, and how little of it depends on the history."""
    figure, (size, history) = plt.subplots(1, 2, figsize=(11, 4.2))
    by_size = [r for r in rows if r["history_min"] == 60]
    synapses = [r["synapses"] / 1e6 for r in by_size]
    days = by_size[0]["structural_steps"] / 48.0
    for part, words in (("structural_s", "structural steps"), ("fast_s", "fast network")):
        size.plot(synapses, [1000 * r[part] / days for r in by_size], "o-", ms=4, label=words)
    least = min(r["structural_s"] / r["synapses"] for r in by_size)
    size.plot(synapses, [1e9 * least * s / days for s in synapses], "k--", lw=0.8, label="linear in synapses")
    size.set(xscale="log", yscale="log", xlabel="synapses [million]", ylabel="ms per simulated day",
             title="Quiet time by size, 10,000 neurons")
    size.legend(fontsize=8)
    by_history = sorted((r for r in rows if r["synapses_per_neuron"] == 200), key=lambda r: r["history_min"])
    minutes = [r["history_min"] for r in by_history]
    history.plot(minutes, [r["sweeps"] / r["structural_steps"] for r in by_history], "o-", ms=4,
                 label="sweeps per structural step")
    history.plot(minutes, [r["slow_steps"] / r["structural_steps"] for r in by_history], "s--", ms=4,
                 label="slow steps per structural step")
    history.plot(minutes, [10 * r["history_s"] / (r["fast_s"] + r["structural_s"]) for r in by_history], "^:",
                 ms=4, label="history over the steps, times 10")
    history.set(xscale="log", ylim=(0, None), xlabel="interval of the history [min]",
                title="History, 10,000 × 200")
    history.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def draw(run, folder):
    folder.mkdir(parents=True, exist_ok=True)
    roofline(run, folder / "roofline.png")
    scaling(run, folder / "scaling.png")
