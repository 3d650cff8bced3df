"""Panels from the dose to the protein pool. A panel is a function (axis, validation, theme) that draws and
returns its caption.
"""
import numpy as np

from plots import ACCEPTED, SEEDS, curve, cut, legend, simulated_points, target


def venous(axis, v, theme):
    for name, label, colour, style in (("venous_ketamine", "simulated, venous", theme.simulated, "-"),
                                       ("plasma_ketamine", "simulated, arterial", theme.control, "--")):
        time, values = v.series("human-iv-single", name)
        time, values = cut(60 * time, values, -10, 240)
        curve(axis, theme, time, values, colour, label, ls=style)
    target(axis, theme, 40, v.by_id["pk-venous-peak"], "published, venous; whisker: accepted range")
    axis.set(xlabel="minutes after the start of the infusion", ylabel="ketamine in plasma [ng/mL]",
             ylim=(0, None))
    legend(axis)
    return ("0.5 mg/kg over 40 min. The published level is venous; the brain of the model follows the "
            "arterial one.")


def s_ketamine(axis, v, theme):
    time, values = v.series("human-s-ketamine-20mg-20min", "plasma_s_ketamine")
    time, values = cut(60 * time, values, -5, 120)
    curve(axis, theme, time, values, theme.simulated, "simulated, arterial")
    target(axis, theme, 20, v.by_id["pk-s-ketamine-20mg"], ACCEPTED)
    for k, x in (("A026", 23), ("A027", 26)):
        row = v.literature[k]
        value = float(row["value"])
        low, high = (float(part) for part in row["spread"].replace("95%CI ", "").split("-"))
        axis.errorbar([x], [value], yerr=[[value - low],
                                          [high - value]], color=theme.published, marker="o", mfc="none",
                      ms=4.5, capsize=3, lw=1,
                      label="two sessions; whisker: 95 % interval" if k == "A026" else None)
    axis.set(xlabel="minutes after the start of the infusion", ylabel="S-ketamine in plasma [ng/mL]",
             ylim=(0, None))
    legend(axis)
    return ("20 mg S-ketamine over 20 min. Open points, moved aside for clarity: peaks of the two sessions "
            "of the study (also at 20 min).")


def brain(axis, v, theme):
    time, values = v.series("human-iv-single", "brain_ketamine")
    time, values = cut(60 * time, values, -10, 240)
    curve(axis, theme, time, values, theme.simulated, "simulated")
    target(axis, theme, 40, v.by_id["pk-brain-clinical"], "derived; whisker: accepted range")
    axis.set(xlabel="minutes after the start of the infusion", ylabel="unbound ketamine in brain [µM]",
             ylim=(0, None))
    legend(axis)
    return "No measurement exists: the point is derived from plasma and cerebrospinal fluid (mark D)."


# Glutamate, BDNF, mTORC1, protein

DOSES = {10: "glu-10", 30: "glu-30", 50: "glu-50", 200: "glu-200"}
ARROWS = {"up": ("^", "up"), "flat": ("s", "no change"), "down": ("v", "down")}


def glutamate(axis, v, theme):
    doses = [d for d, row in DOSES.items() if row in v.by_id]
    base_peak, base_mean = v.peak("rat-vehicle", "glutamate"), v.window_mean(
        "rat-vehicle", "glutamate", 0, 2 / 3
    )
    peak = np.array([v.peak(f"rat-ketamine-{d}mgkg", "glutamate") / base_peak for d in doses]).T
    mean = np.array(
        [v.window_mean(f"rat-ketamine-{d}mgkg", "glutamate", 0, 2 / 3) / base_mean for d in doses]).T
    axis.axhspan(0.9, 1.1, color=theme.control, alpha=0.18, lw=0)
    axis.axhline(1, color=theme.grid, lw=0.9)
    simulated_points(axis, theme, doses, peak, "simulated, peak")
    simulated_points(axis, theme, doses, mean, "simulated, mean of 40 min", colour=theme.second, ls="--")
    top = max(1.5, float(max(peak.max(), mean.max()))) + 0.3
    for dose in doses:
        marker, word = ARROWS[v.by_id[DOSES[dose]]["kind"]]
        axis.plot([dose], [top - 0.1], marker=marker, color=theme.published, ms=7, ls="none",
                  label="published direction" if dose == doses[0] else None)
        axis.annotate(word, (dose, top - 0.1), xytext=(0, -14), textcoords="offset points", ha="center",
                      fontsize=8, color=theme.published)
    axis.set_xscale("log")
    axis.set_xticks(doses, [str(d) for d in doses])
    axis.minorticks_off()
    axis.set(xlabel="ketamine, rat [mg/kg]", ylabel="glutamate [fold of vehicle]", xlim=(7, 290),
             ylim=(min(0.4,
                       float(mean.min()) - 0.15), top + 0.1))
    legend(axis, loc="lower left")
    return ("Grey: within 10 % of vehicle. The peak is judged at 10 and 30 mg/kg, the mean at 50 and 200 "
            "mg/kg. Published: direction only (Moghaddam 1997).")


def bdnf(axis, v, theme):
    for scenario, label, colour in (("mouse-vehicle", "simulated, vehicle", theme.control),
                                    ("mouse-ketamine-10mgkg", "simulated, ketamine", theme.simulated)):
        time, values = v.series(scenario, "bdnf")
        curve(axis, theme, *cut(time, values, -2, 26), colour, label)
    base = float(v.at("mouse-vehicle", "bdnf", 0.0).mean())
    top = float(v.peak("mouse-ketamine-10mgkg", "bdnf").max())
    marks = [(h, v.by_id[k]["kind"]) for h, k in ((0.5, "bdnf-30min"), (8, "bdnf-8h"), (24, "bdnf-24h"))
             if k in v.by_id]
    for n, (hour, kind) in enumerate(marks):
        marker, word = ARROWS[kind]
        axis.plot([hour], [base - 0.18 * (top - base)], marker=marker, color=theme.published, ms=6.5,
                  ls="none", label="published direction" if n == 0 else None)
        last = n == len(marks) - 1 and n > 0  # the label of the last one would leave the figure on the right
        axis.annotate(word, (hour, base - 0.18 * (top - base)), xytext=(-7 if last else 7, -3),
                      textcoords="offset points", fontsize=8, color=theme.published,
                      ha="right" if last else "left")
    axis.axhspan(0.9 * base, 1.1 * base, color=theme.control, alpha=0.18, lw=0)
    axis.set(xlabel="hours after the dose", ylabel="BDNF [fold]", xlim=(-2, 28),
             ylim=(base - 0.32 * (top - base), None))
    legend(axis)
    return ("Mouse, 10 mg/kg. Grey: within 10 % of vehicle. Published: up at 30 min, unchanged at 8 h and 24 "
            "h. " + SEEDS + ".")


def mtorc1(axis, v, theme):
    time, values = v.series("mouse-ketamine-10mgkg", "mtorc1")
    time, values = cut(time, values, -0.5, 8)
    curve(axis, theme, time, values, theme.simulated, "simulated, ketamine")
    mean = values.mean(0)
    above = time[mean >= 0.5 * mean.max()]
    row = v.by_id["mtor-pulse"]
    low = 0.42 * mean.max()
    axis.annotate("", (above[0], 0.5 * mean.max()), (above[-1], 0.5 * mean.max()),
                  arrowprops={"arrowstyle": "<->", "color": theme.simulated})
    axis.text(above[-1] + 0.15, 0.5 * mean.max(), f"{row['mean']:.2g} h above half", va="center",
              fontsize=8.5, color=theme.simulated)
    axis.plot([above[0], above[0] + row["high"]], [low, low], color=theme.published, lw=1.4, alpha=0.5)
    axis.plot([above[0] + row["low"], above[0] + row["high"]], [low, low], color=theme.published, lw=5,
              alpha=0.7, solid_capstyle="butt", label="accepted end of the pulse")
    axis.plot([above[0] + row["published"]], [low], marker="D", color=theme.published, ms=5, ls="none",
              label="published width")
    axis.set(xlabel="hours after the dose", ylabel="mTORC1 activity [0 to 1]", ylim=(0, None))
    legend(axis)
    return (f"Mouse, 10 mg/kg. Accepted width at half the peak: {row['low']:g} to {row['high']:g} h, drawn "
            f"from the simulated rise. " + SEEDS + ".")


def protein(axis, v, theme):
    time, values = v.series("mouse-ketamine-10mgkg", "protein_pool")
    axis.axvspan(2 / 24, 3, color=theme.published, alpha=0.13, lw=0, label="published: raised from 2 to 72 h")
    curve(axis, theme,
          *(lambda t, y: (t / 24, y))(*cut(time, values, -6, 240)), theme.simulated, "simulated, ketamine")
    axis.plot([7], [0], marker="D", ms=5.5, color=theme.published, ls="none",
              label="published: baseline by 7 d", clip_on=False, zorder=5)
    axis.set(xlabel="days after the dose", ylabel="synaptic protein pool [0 to 1]", ylim=(0, None))
    legend(axis)
    return (
        "Mouse, 10 mg/kg; vehicle is 0. Published times are recalled, not re-read (Li 2010, mark rec). "
        + SEEDS
        + "."
    )
