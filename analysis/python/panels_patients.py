"""Panels of drawn patients. A panel is a function (axis, validation, theme) that draws and returns its
caption.
"""
import numpy as np

from plots import ACCEPTED, legend, target, zero
from survival import Z95, wilson


def pooled(cohorts):
    """Visits [h] and improvement [subject, visit] of the subjects of all seeds."""
    return cohorts[0].time, np.concatenate([c.index for c in cohorts])


def share_curve(axis, v, theme, scenario, label, until):
    cohorts = v.cohorts(scenario)
    time, improvement = pooled(cohorts)
    inside = time <= until
    by_seed = np.array([100.0 * (c.index >= 0.5).mean(0) for c in cohorts])
    total, hits = len(improvement), (improvement >= 0.5).sum(0)
    band = 100.0 * np.array([wilson(h, total) for h in hits])
    axis.plot(time[inside] / 24, 100.0 * hits[inside] / total, color=theme.simulated, lw=1.7, label=label)
    axis.fill_between(time[inside] / 24, band[inside, 0], band[inside, 1], color=theme.simulated, alpha=0.3,
                      lw=0)
    if len(cohorts) > 1:
        axis.fill_between(time[inside] / 24, by_seed[:, inside].min(0), by_seed[:, inside].max(0),
                          color=theme.simulated, alpha=0.13, lw=0)
    return total, len(cohorts)


BANDS = "Dark band: 95 % binomial interval (Wilson) of all subjects; light band: lowest to highest seed"


def responders_one(axis, v, theme):
    total, seeds = share_curve(axis, v, theme, "human-iv-cohort", "simulated, ketamine", 12 * 24)
    if v.has("human-placebo-cohort"):
        time, improvement = pooled(v.cohorts("human-placebo-cohort"))
        axis.plot(time / 24, 100.0 * (improvement >= 0.5).mean(0), color=theme.control, lw=1.5, ls="--",
                  label="simulated, placebo")
    for n, (day, key) in enumerate(
        ((1, "clin-response-24h"), (3, "clin-response-72h"), (7, "clin-response-7d"))
    ):
        if key in v.by_id:
            target(axis, theme, day, v.by_id[key], ACCEPTED if n == 0 else None, ls="none")
    axis.set(xlabel="days after the infusion", ylabel="responders [%]", ylim=(0, 100))
    legend(axis, loc="upper right")
    return (f"{total} drawn patients ({seeds} seed{'s' if seeds > 1 else ''}). Responder: rated improvement "
            f"of at least 0.5. {BANDS}. Published: Han 2016, 9 trials.")


def responders_six(axis, v, theme):
    total, _ = share_curve(axis, v, theme, "human-iv-six-cohort", "simulated", 40 * 24)
    last = v.cohorts("human-iv-six-cohort")[0].last_dose / 24
    if "clin-six-response" in v.by_id:
        target(axis, theme, last + 1, v.by_id["clin-six-response"], ACCEPTED.replace("; ", ";\n"), ls="none")
    row = v.literature["MU6_resp"]
    value = float(row["value"])
    low, high = (100 * b for b in wilson(round(value / 100 * 24), 24))
    axis.errorbar([last + 2], [value], yerr=[[value - low], [high - value]], color=theme.published,
                  marker="o", mfc="none", ms=5, capsize=4, lw=1.1,
                  label="one trial (n = 24);\nwhisker: 95 % interval")
    axis.axvspan(0, last, color=theme.control, alpha=0.12, lw=0, label="six infusions")
    axis.set(xlabel="days after the first infusion", ylabel="responders [%]", ylim=(0, 100))
    legend(axis, loc="upper right")
    return (f"{total} drawn patients. Judged 24 h after the last infusion. {BANDS}. Open point: Murrough "
            "2013, moved one day aside.")


def relapse(axis, v, theme):
    curve_ = v.relapse_curve("human-iv-six-cohort")
    x, s, low, high = curve_.steps(40)
    axis.plot(x, 100 * s, color=theme.simulated, lw=1.7, label="simulated (Kaplan–Meier)")
    axis.fill_between(x, 100 * low, 100 * high, color=theme.simulated, alpha=0.25, lw=0)
    row = v.by_id.get("clin-six-relapse")
    if row:
        axis.errorbar(
            [row["published"]], [50],
            xerr=[[row["published"] - row["low"]], [row["high"] - row["published"]]], color=theme.published,
            marker="D", ms=5, capsize=4, lw=1.6, ls="none", label="published median; whisker: accepted range"
        )
    axis.plot([28], [float(v.literature["MC_4w"]["value"])], marker="o", mfc="none", color=theme.published,
              ms=6, ls="none", label="community series, 4 weeks")
    axis.axhline(50, color=theme.grid, lw=0.8, ls=":")
    axis.set(xlabel="days after the last infusion", ylabel="responders without relapse [%]", ylim=(0, 104),
             xlim=(0, 40))
    legend(axis, loc="lower left")
    middle, early, late = curve_.median()
    told = (lambda d: f"{d:.1f}" if np.isfinite(d) else "not reached")
    return (
        f"{curve_.subjects} responders 24 h after the sixth infusion, {curve_.censored} without relapse at "
        f"the last visit (censored). Median {told(middle)} d, 95 % interval {told(early)} to {told(late)} "
        "d, all seeds together (the row: mean of each seed's own). Relapse: two visits in a row with an "
        "improvement below 0.25, one every three days. Band: 95 %, Greenwood, log-log; it shows how "
        "many patients were drawn, not how well the parameters are known. Open point: McInnes 2022, about "
        "80 % keep response.")


def group_difference(axis, v, theme):
    drug, placebo = v.cohorts("human-iv-cohort"), v.cohorts("human-placebo-cohort")
    # The same seed draws the same patients, so the difference is taken within each.
    paired = all(np.array_equal(d.severity, p.severity) for d, p in zip(drug, placebo))
    (time, treated), (shorter, untreated) = pooled(drug), pooled(placebo)
    n, visits = len(treated), min(len(time), len(shorter))  # one arm is followed for longer
    days, treated, untreated = time[:visits] / 24, treated[:, :visits], untreated[:, :visits]
    difference = treated.mean(0) - untreated.mean(0)
    spread = ((treated - untreated).var(0, ddof=1) if paired
              else treated.var(0, ddof=1) + untreated.var(0, ddof=1))
    half = Z95 * np.sqrt(spread / n)
    axis.axvspan(10, 12, color=theme.published, alpha=0.18, lw=0, label="published: superiority lost")
    axis.plot(days, difference, color=theme.simulated, lw=1.7, label="simulated")
    axis.fill_between(days, difference - half, difference + half, color=theme.simulated, alpha=0.25,
                      lw=0)
    zero(axis, theme)
    axis.set(xlabel="days after the infusion", ylabel="rated improvement, ketamine − placebo",
             ylim=(None, 1.3 * float((difference + half).max())))
    legend(axis, loc="upper right")
    return (
        f"{n} patients, each under both treatments{'' if paired else ' (drawn apart)'}. Band: 95 % "
        f"interval of the mean over patients. At day {days[-1]:g} the difference is "
        f"{difference[-1]:.2f} ({difference[-1] - half[-1]:.2f} to {difference[-1] + half[-1]:.2f}). "
        "Published: peak at day 1, superiority lost at days 10 to 12 (Kishimoto 2016).")
