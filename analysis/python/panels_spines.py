"""Panels of what the virtual microscope sees. A panel is a function (axis, validation, theme) that draws and
returns its caption.
"""
import numpy as np

from plots import ACCEPTED, legend, simulated_points, target, zero
from survival import wilson


def density(axis, v, theme):
    days, points = v.density_difference("mouse-ketamine-10mgkg", "mouse-vehicle")
    simulated_points(axis, theme, days, points)
    if v.has("mouse-ketamine-10mgkg-healthy", "mouse-vehicle-healthy"):
        simulated_points(axis, theme,
                         *v.density_difference("mouse-ketamine-10mgkg-healthy", "mouse-vehicle-healthy"),
                         "simulated, healthy mice", colour=theme.control, ls="--")
    for n, (day, key) in enumerate(
        ((1, "density-d1"), (3, "density-d3"), (5, "density-d5"), (10, "density-d10"), (15, "density-d15"))
    ):
        if key in v.by_id:
            target(axis, theme, day + 0.18, v.by_id[key], "published ± 2 SE" if n == 0 else None, ls="none")
    zero(axis, theme)
    axis.axvline(0, color=theme.grid, lw=0.8, ls=":")
    axis.set_xticks(days, [f"{d:g}".replace("-", "−") for d in days])
    axis.set(xlabel="days after the dose", ylabel="density difference [points]")
    legend(axis, loc="upper left")
    return ("Same dendrites imaged again; ketamine less vehicle, each as % of its first session. Published: "
            "2 to 8 mice (mark RD).")


INTERVALS = (("-1to+1", "−1 to 1"), ("+1to+3", "1 to 3"), ("+3to+5", "3 to 5"), ("+5to+10", "5 to 10"),
             ("+10to+15", "10 to 15"))


def published_excess(v, field):
    """Excess of each interval, (ketamine − its baseline) − (saline − its baseline), and its standard error:
    those of the four means in quadrature. For formation the table of published values has the excess
    itself; for elimination it is computed from the four means.
    """
    value, error = [], []
    for interval, _ in INTERVALS:
        rows = [
            v.literature[f"PH_{arm}_{field}_{when}"] for arm in ("ket", "sal")
            for when in (interval, "-3to-1")
        ]
        a, b, c, d = (float(r["value"]) for r in rows)
        matched = v.literature.get(f"PH_DiD_{field}_{interval}")
        value.append(float(matched["value"]) if matched else (a - b) - (c - d))
        error.append(sum(float(r["spread"].removeprefix("SEM ")) ** 2 for r in rows) ** 0.5)
    return np.array(value), np.array(error)


def excess(axis, v, theme, field, short, targets):
    days, points = v.interval_excess("mouse-ketamine-10mgkg", "mouse-vehicle", field)
    x = np.arange(points.shape[1])
    value, error = published_excess(v, short)
    simulated_points(axis, theme, x - 0.1, points, ls="none")
    for n, key in enumerate(targets):
        if key in v.by_id:
            row = v.by_id[key]
            axis.bar(n, row["high"] - row["low"], bottom=row["low"], width=0.7, color=theme.published,
                     alpha=0.2, lw=0, label="accepted" if n == 0 else None)
    axis.errorbar(x + 0.1, value[:len(x)], yerr=2 * error[:len(x)], color=theme.published, marker="D", ms=5,
                  capsize=4, lw=1.6, ls="none", label="published; whisker: ± 2 SE")
    zero(axis, theme)
    axis.set_xticks(x, [label for _, label in INTERVALS][:len(x)])
    axis.set(xlabel="interval [days after the dose]", ylabel=f"{field} excess [points]")
    axis.margins(y=0.22)
    legend(axis, loc="upper left")
    return (
        f"Change of {field} from the interval before the dose, ketamine less vehicle. Published: "
        "Phoumthipphavong 2016, standard errors of the four means added in quadrature.")


def formation_excess(axis, v, theme):
    return excess(axis, v, theme, "formation", "form",
                  [f"formation-{end}" for end in ("injection", "d3", "d5", "d10", "late")])


def elimination_excess(axis, v, theme):
    return excess(axis, v, theme, "elimination", "elim",
                  [f"elimination-{end}" for end in ("acute", "d3", "d5", "d10", "d15")])


def turnover(axis, v, theme):
    keys = [("turnover-2d-form", "formed\nin 2 d"), ("turnover-2d-elim", "lost\nin 2 d"),
            ("turnover-27d-form", "formed\nin 27 d"), ("turnover-27d-elim", "lost\nin 27 d")]
    keys = [(k, label) for k, label in keys if k in v.by_id]
    for n, (key, _) in enumerate(keys):
        row = v.by_id[key]
        simulated_points(axis, theme, [n - 0.12],
                         np.array(row["by_seed"])[:, None], "simulated, mean ± SE" if n == 0 else None,
                         ls="none")
        target(axis, theme, n + 0.12, row, ACCEPTED if n == 0 else None, ls="none")
    axis.set_xticks(range(len(keys)), [label for _, label in keys])
    axis.set(ylabel="spines [% of those seen first]", xlim=(-0.5, len(keys) - 0.5), ylim=(0, None))
    legend(axis, loc="upper left")
    return ("Healthy mice, vehicle. The published animals lost 8 % of their spines in 27 d; the model "
            "starts, and stays, at equilibrium.")


NEW_UNTIL = 2.0  # [d since the first dose]: who is first seen by then is new


def new_survival(axis, v, theme):
    days, shares = v.new_spine_survival("mouse-vehicle-healthy")
    simulated_points(axis, theme, days, shares)
    for n, key in enumerate(k for k in ("new-survival-2d", "new-survival-6d", "new-survival-33d")
                            if k in v.by_id):
        target(axis, theme,
               float(v.by_id[key]["at"].split()[0]) - NEW_UNTIL + 0.35, v.by_id[key],
               ACCEPTED if n == 0 else None, ls="none")
    row = v.literature["SH_sal_newsurv_4d"]
    low, high = wilson(round(float(row["value"]) * 36), 36)
    value = float(row["value"])
    axis.errorbar([4.35], [value], yerr=[[value - low], [high - value]], color=theme.published, marker="D",
                  mfc="none", ms=5, capsize=4, lw=1.2, label="published, no target; whisker: 95 % interval")
    axis.set(xlabel="days since first seen", ylabel="new spines still seen [share]", ylim=(0, 1.05))
    legend(axis, loc="upper right")
    return "Spines new between day 0 and day 2, healthy mice. Published: 36 spines (Shao 2021, mark RD)."


ARMS = (("density-d5", "ketamine"), ("healthy-null-5d", "in healthy mice"),
        ("knockout-nbqx", "AMPA receptors blocked"), ("knockout-anti-bdnf", "BDNF bound"),
        ("knockout-l-type-ca", "L-type Ca blocked"), ("knockout-rapamycin", "mTORC1 blocked"),
        ("knockout-met-met", "BDNF Met/Met"), ("null-memantine", "memantine instead"))


def knockouts(axis, v, theme):
    arms = [(v.by_id[k], label) for k, label in ARMS if k in v.by_id]
    for n, (row, _) in enumerate(arms):
        low, high = (-3, 3) if row["kind"] == "zero" else (row["low"], row["high"])
        axis.barh(n, high - low, left=low, height=0.62, color=theme.published, alpha=0.22, lw=0,
                  label="accepted" if n == 0 else None)
        axis.plot(row["by_seed"], np.full(len(row["by_seed"]), n), marker="|", ms=9, mew=1.4,
                  color=theme.simulated, ls="none", label="simulated, seeds" if n == 0 else None)
        axis.plot([row["mean"]], [n], marker="o", ms=5, color=theme.simulated, ls="none",
                  label="simulated, mean" if n == 0 else None)
    axis.axvline(0, color=theme.grid, lw=0.9, zorder=0)
    axis.set_yticks(range(len(arms)), [label for _, label in arms])
    axis.invert_yaxis()
    axis.set(xlabel="density difference at day 5 [points]")
    legend(axis, loc="lower right")
    return (
        "One link cut at a time. Published: the effect is abolished (accepted: within 3 points of vehicle), "
        "and weakened in Met/Met mice. Arms share their random numbers, so an abolished effect is exactly "
        "zero.")
