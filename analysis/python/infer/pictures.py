"""The pictures of an inference: each takes what posterior.json says, or draws, and returns a figure."""

import matplotlib.pyplot as plt
import numpy as np
from plots import LIGHT
from scipy import stats

MOST_IN_CORNER = 9
POST, PRIOR, TRUE = "#0072B2", "#b9c0c8", "#D55E00"


def _figure(**size):
    return plt.subplots(constrained_layout=True, **size)


def parameters(found):
    """Prior and posterior 90 % bands, the parameter that the data say most about on top."""
    rows = sorted(found["parameters"], key=lambda p: p["width"])
    with plt.rc_context(LIGHT.settings()):
        figure, axes = _figure(figsize=(8.5, 0.36 * len(rows) + 1.3))
        for y, p in enumerate(rows):
            low, _, high = p["prior"]
            log = p["law"].startswith("log")

            def place(v):
                return np.log(v / low) / np.log(high / low) if log else (v - low) / (high - low)

            axes.plot([0, 1], [y, y], color=PRIOR, lw=9, solid_capstyle="butt")
            a, m, b = (min(1.1, max(-0.1, place(v))) for v in p["posterior"])
            axes.plot([a, b], [y, y], color=POST if p["learnt"] else "#8fb8d6", lw=5, solid_capstyle="butt")
            axes.plot(m, y, "|", color="white", ms=9, mew=2)
            axes.text(
                1.12, y, f"{p['width'] * 100:.0f} %" + ("" if p["learnt"] else "  not learnt"), va="center"
            )
        axes.set_yticks(range(len(rows)), [p["key"] for p in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(-0.12, 1.5)
        axes.set_xticks([0, 0.5, 1], ["5 %", "", "95 % of the prior"])
        axes.set_title(
            "What the data leave of each prior: 90 % of the posterior (blue) in 90 % of the prior (grey)",
            fontsize=10,
            loc="left",
        )
        return figure


def corner(problem, found, draws):
    """Marginals and pairs of the parameters learnt most; draws: (sets, parameters) in the unit cube."""
    order = sorted(range(len(found["parameters"])), key=lambda k: found["parameters"][k]["width"])
    order = order[:MOST_IN_CORNER]
    n = len(order)
    with plt.rc_context({**LIGHT.settings(), "font.size": 7}):
        figure, axes = plt.subplots(n, n, figsize=(1.25 * n + 1, 1.25 * n + 1), constrained_layout=True)
        for i, a in enumerate(order):
            for j, b in enumerate(order):
                ax = axes[i, j]
                ax.set_xticks([])
                ax.set_yticks([])
                if j > i:
                    ax.axis("off")
                    continue
                if i == j:
                    ax.hist(draws[:, a], bins=24, range=(0, 1), color=POST, density=True)
                    ax.axhline(1, color=PRIOR, lw=1)
                else:
                    ax.hist2d(draws[:, b], draws[:, a], bins=24, range=[[0, 1], [0, 1]], cmap="Blues")
                if i == n - 1:
                    ax.set_xlabel(problem.parameters[b]["key"].replace(".", "\n"))
                if j == 0:
                    ax.set_ylabel(problem.parameters[a]["key"].replace(".", "\n"))
        figure.suptitle(
            "Pairs of the parameters that the data say most about, each from the low to the high end of "
            "its prior; grey: the prior",
            fontsize=9,
        )
        return figure


def rows(found):
    """Posterior prediction of each row, in its spreads; directed rows want at least 2."""
    listed = found["rows"]
    with plt.rc_context(LIGHT.settings()):
        figure, axes = _figure(figsize=(8.5, 0.24 * len(listed) + 1.2))
        axes.axvspan(-2, 2, color="#e8eef3")
        for y, r in enumerate(listed):
            directed = r["kind"] in ("up", "down")
            low, mid, high = np.clip(r["z"], -8, 8)
            axes.plot([low, high], [y, y], color=TRUE if directed else POST, lw=3, solid_capstyle="butt")
            axes.plot(mid, y, "o", color="white", mec=TRUE if directed else POST, ms=4)
        axes.axvline(0, color="#5a6570", lw=0.8)
        axes.axvline(2, color=TRUE, lw=0.8, ls=":")
        axes.set_yticks(range(len(listed)), [r["id"] for r in listed], fontsize=7)
        axes.set_ylim(len(listed) - 0.4, -0.6)
        axes.set_xlim(-8, 8)
        axes.set_xlabel(
            "simulated less published, in spreads of the row (half of its half-width); directions "
            "(orange) want 2 and more",
            fontsize=8,
        )
        axes.set_title("Each target under the posterior, 90 % band", fontsize=10, loc="left")
        return figure


def ranks(calibration):
    """Rank histograms of simulation-based calibration, with the 99 % band of a uniform one."""
    listed, n = calibration["parameters"], calibration["data_sets"]
    columns = 5
    lines = -(-len(listed) // columns)
    low, high = stats.binom.interval(0.99, n, 1 / calibration["bins"])
    with plt.rc_context({**LIGHT.settings(), "font.size": 7}):
        figure, axes = plt.subplots(
            lines, columns, figsize=(9, 1.35 * lines), constrained_layout=True, sharex=True
        )
        for ax in axes.flat[len(listed) :]:
            ax.axis("off")
        for ax, p in zip(axes.flat, listed):
            ax.axhspan(low, high, color="#e8eef3")
            ax.bar(np.arange(calibration["bins"]), p["counts"], color=POST, width=0.9)
            ax.set_title(f"{p['name']}\np {p['p']:.2f}, 80 % hold {100 * p['cover_80']:.0f} %", fontsize=7)
            ax.set_xticks([])
        figure.suptitle(
            f"Rank of the true value among {calibration['draws']} draws, {n} data sets of the model "
            "itself; grey: 99 % of a uniform one",
            fontsize=9,
        )
        return figure


def left_out(found):
    """Of each study that was left out, the share of its rows in the 90 % band, beside best point and null."""
    studies = found["left_out"]["studies"]
    colours = {"posterior": POST, "best": "#E69F00", "null": "#8a929b"}
    with plt.rc_context(LIGHT.settings()):
        figure, axes = _figure(figsize=(8.5, 0.5 * len(studies) + 1.4))
        for y, s in enumerate(studies):
            for off, model in zip((-0.25, 0, 0.25), colours):
                m = s[model]
                if m["of"]:
                    axes.barh(
                        y + off,
                        100 * m["inside"] / m["of"],
                        0.24,
                        color=colours[model],
                        label=model if y == 0 else None,
                    )
                    axes.text(101, y + off, f"{m['inside']}/{m['of']}", va="center", fontsize=7)
        axes.axvline(90, color="#5a6570", lw=0.8, ls=":")
        axes.set_yticks(range(len(studies)), [s["source"][:36] for s in studies], fontsize=8)
        axes.invert_yaxis()
        axes.set_xlim(0, 112)
        axes.set_xlabel("rows of the study inside their 90 % band [%]")
        handles = [plt.Rectangle((0, 0), 1, 1, color=c) for c in colours.values()]
        axes.legend(
            handles,
            ["posterior", "best point", "null"],
            ncol=3,
            loc="lower right",
            bbox_to_anchor=(1, 1),
            fontsize=8,
        )
        axes.set_title("Each study predicted from the others", fontsize=10, loc="left")
        return figure
