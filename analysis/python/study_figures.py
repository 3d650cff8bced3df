"""The figures of a study. Each takes the results and gives a figure and its caption, or None where the design
has nothing to show in it.
"""
import matplotlib.pyplot as plt
import numpy as np

from study_results import number, with_unit, words

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]  # Okabe and Ito
DASHES = ["-", "--", ":", "-."]
WORTH_A_LINE = 0.8


def mean_lines(x, y, groups):
    """Per group, the sorted x with mean and standard error of y over replicates."""
    for group in dict.fromkeys(groups):
        own = np.array([g == group for g in groups]) & np.isfinite(x) & np.isfinite(y)
        if not own.any():
            continue
        places = np.unique(x[own])
        values = [y[own & (x == p)] for p in places]
        error = [v.std(ddof=1) / np.sqrt(len(v)) if len(v) > 1 else 0.0 for v in values]
        yield group, places, np.array([v.mean() for v in values]), np.array(error)


def axis_of(study):
    """What is on the horizontal axis: an outcome or parameter that the study names, else its first
    parameter with numbers.
    """
    wanted = study.analysis.get("x", "")
    for name, unit in study.outcomes:
        if name == wanted:
            return with_unit(name, unit), with_unit(name, unit)
    for label, column, unit in study.parameters:
        if unit != "" and wanted in ("", column.split(" [")[0]):
            return column, with_unit(label, unit)
    return None, None


def panels(count, width, height):
    wide = 4 if count == 4 else min(3, count)
    high = -(-count // wide)
    figure, axes = plt.subplots(high, wide, figsize=(width * wide, height * high), squeeze=False,
                                layout="constrained")
    for axis in list(axes.flat)[count:]:
        axis.set_axis_off()
    return figure, list(axes.flat)


def colours_of(groups):
    """Values with an order get colours with an order."""
    numbers = [number(g[0]) if len(g) == 1 else float("nan") for g in groups]
    if len(groups) > 2 and all(np.isfinite(numbers)):
        return [plt.get_cmap("viridis")(0.9 * k / (len(groups) - 1)) for k in range(len(groups))]
    return [COLOURS[k % len(COLOURS)] for k in range(len(groups))]


def multiples(study):
    """One panel an outcome: mean and standard error over replicates, a colour for each value of the other
    parameters, a dash for each arm.
    """
    column, label = axis_of(study)
    if column is None or study.analysis["design"] not in ("grid", "list") or words_parameter(study):
        return None
    shown = [(n, u) for n, u in study.outcomes if with_unit(n, u) != column]
    others = [c for _, c, _ in study.parameters if c != column]
    if column in [with_unit(n, u) for n, u in study.outcomes] and study.parameters:
        others = [c for _, c, _ in study.parameters[1:]]
    all_groups = list(dict.fromkeys(tuple(r[c] for c in others) for r in study.rows))
    many = len(all_groups) > 1
    label_of = {c: label for label, c, _ in study.parameters}
    unit_of = {c: "" if unit in ("", "1") else " " + unit for _, c, unit in study.parameters}
    figure, axes = panels(len(shown) + (1 if many or len(study.arms) > 1 else 0), 4.2, 3.1)
    colours = dict(zip(all_groups, colours_of(all_groups)))
    handles = {}
    for axis, (name, unit) in zip(axes, shown):
        for result in study.results(name):
            arm = result["arm"]
            x, y = study.column(arm, column), study.column(arm, with_unit(name, unit))
            groups = list(zip(*[study.words(arm, c) for c in others])) if others else [()] * len(x)
            for group, places, mean, error in mean_lines(x, y, groups):
                colour = colours[group] if many else COLOURS[study.arms.index(arm) % len(COLOURS)]
                line = axis.errorbar(places, mean, yerr=error, color=colour,
                                     ls=DASHES[study.arms.index(arm) % len(DASHES)] if many else "-",
                                     marker="o", ms=3, lw=1.3, capsize=2)
                text = ", ".join(f"{label_of[c]} {number(v):.3g}{unit_of[c]}" if np.isfinite(number(v)) else v
                                 for c, v in zip(others, group))
                handles.setdefault(" ".join(t for t in (arm if len(study.arms) > 1 else "", text) if t), line)
        finite = study.column(study.arms[0], column)
        if np.nanmin(finite) > 0 and np.nanmax(finite) > 8 * np.nanmin(finite):
            axis.set_xscale("log")
            places = np.unique(finite[np.isfinite(finite)])
            if len(places) < 10:
                axis.set_xticks(places, [f"{p:.3g}" for p in places])
                axis.minorticks_off()
        axis.set(title=with_unit(name, unit), xlabel=label)
    if len(axes) > len(shown):
        axes[len(shown)].set_axis_off()
        axes[len(shown)].legend(handles.values(), handles.keys(), loc="center", fontsize=8,
                                ncols=1 + len(handles) // 13)
    return figure, "Mean over replicates and its standard error."


def responses(study):
    """Hill curves: the means, the fit and its band, a panel for each outcome and parameter; no line where a
    curve explains little.
    """
    wanted = {}
    for result in study.analysis["results"]:
        for curve in result.get("curves", []):
            if np.ptp(curve["response"]) > 0.0:
                wanted.setdefault((result["outcome"], result["unit"], curve["parameter"]), []).append(
                    (result["arm"], curve)
                )
    if not wanted:
        return None
    label_of = {column.split(" [")[0]: with_unit(label, unit) for label, column, unit in study.parameters}
    figure, axes = panels(len(wanted), 4.2, 3.1)
    for axis, ((outcome, unit, parameter), curves) in zip(axes, wanted.items()):
        for colour, (arm, curve) in zip(colours_of([tuple(c["others"]) for _, c in curves]), curves):
            hill = curve["hill"]
            others = ", ".join(curve["others"])
            axis.plot(
                curve["dose"], curve["response"], "o", ms=3, color=colour,
                label=" ".join(t for t in (arm if len({a for a, _ in curves}) > 1 else "", others) if t)
                or "mean over replicates")
            if (hill["r2"] or 0.0) >= WORTH_A_LINE:
                axis.plot(hill["x"], hill["middle"], color=colour, lw=1.3)
                axis.fill_between(hill["x"], [np.nan if v is None else v for v in hill["low"]],
                                  [np.nan if v is None else v for v in hill["high"]], color=colour,
                                  alpha=0.15, lw=0)
        axis.set(title=with_unit(outcome, unit), xlabel=label_of[parameter], xscale="log")
        if len(curves) > 1:
            axis.legend(fontsize=7)
    return (figure, "Fit of a Hill curve and its 95 % band by bootstrap of the residuals; drawn where it "
                    f"explains at least {WORTH_A_LINE:.0%} of the variance.")


def words_parameter(study):
    return next(((label, column) for label, column, unit in study.parameters if unit == ""), None)


def matrix(study):
    """A parameter of words against the arms: each outcome as a table of colours with its values, replicates
    averaged.
    """
    words_of = words_parameter(study)
    if words_of is None or study.analysis["design"] not in ("grid", "list"):
        return None
    label, column = words_of
    columns = list(dict.fromkeys(r[column] for r in study.rows))
    figure, axes = panels(len(study.outcomes), 1.8 + 0.75 * len(columns), 1.4 + 0.32 * len(study.arms))
    for k, (axis, (name, unit)) in enumerate(zip(axes, study.outcomes)):
        arms = [r["arm"] for r in study.results(name)]
        grid = np.full((len(arms), len(columns)), np.nan)
        for i, arm in enumerate(arms):
            values, own = study.column(arm, with_unit(name, unit)), np.array(study.words(arm, column))
            for j, word in enumerate(columns):
                cell = values[(own == word) & np.isfinite(values)]
                grid[i, j] = cell.mean() if len(cell) else np.nan
        axis.imshow(grid, aspect="auto", cmap="cividis")
        middle = 0.5 * (np.nanmin(grid) + np.nanmax(grid))
        for (i, j), value in np.ndenumerate(grid):
            axis.text(
                j, i, "–" if not np.isfinite(value) else
                "0" if abs(value) < 1e-3 * np.nanmax(np.abs(grid)) else words(value), ha="center",
                va="center", fontsize=8, color="black" if value > middle else "white")
        axis.set(xticks=range(len(columns)), xticklabels=columns, yticks=range(len(arms)),
                 yticklabels=arms if k % min(3, len(study.outcomes)) == 0 else [],
                 title=with_unit(name, unit))
        axis.tick_params(axis="x", rotation=35)
    return figure, f"{label} across, arms down; mean over replicates."


def wilson(hits, count):
    """95 % interval of a share."""
    z = 1.959964
    share = hits / count
    middle, half = share + z * z / (2 * count), z * np.sqrt(
        share * (1 - share) / count + z * z / (4 * count * count)
    )
    return (middle - half) / (1 + z * z / count), (middle + half) / (1 + z * z / count)


def subjects(study):
    """A cohort: shares of subjects as bars with intervals, everything else as the share of subjects at or
    below each value.
    """
    if not study.analysis.get("cohort"):
        return None
    figure, axes = panels(len(study.outcomes), 4.4, 3.1)
    for axis, (name, unit) in zip(axes, study.outcomes):
        results = study.results(name)
        ran = {
            r["arm"]: max(1, sum(1 for row in study.rows if row["arm"] == r["arm"] and row["status"] == "ok"))
            for r in results
        }
        if results[0]["take"] == "reaches":
            for k, result in enumerate(results):
                hits = np.nansum(study.column(result["arm"], with_unit(name, unit)))
                low, high = wilson(hits, ran[result["arm"]])
                share = hits / ran[result["arm"]]
                axis.barh(k, share, 0.6, xerr=[[max(0.0, share - low)], [max(0.0, high - share)]],
                          color=COLOURS[study.arms.index(result["arm"])], error_kw={"lw": 1})
            axis.set(yticks=range(len(results)), yticklabels=[r["arm"] for r in results], xlim=(0, 1),
                     xlabel="share of subjects", title=name)
            axis.invert_yaxis()
            continue
        for result in results:
            values = np.sort(study.column(result["arm"], with_unit(name, unit)))
            values = values[np.isfinite(values)]
            shares = np.arange(1, len(values) + 1) / ran[result["arm"]]
            # dashes: arms with common random numbers may lie on one another
            k = study.arms.index(result["arm"])
            axis.step(values / (24.0 if unit == "h" else 1.0), shares, where="post", color=COLOURS[k],
                      ls=DASHES[k % len(DASHES)], label=result["arm"])
        axis.set(title=name, xlabel=with_unit(name, "d" if unit == "h" else unit), ylabel="share of subjects",
                 ylim=(0, 1.02))
        axis.legend(fontsize=8)
    return figure, (
        "The share of all subjects at or below each value; a curve that ends below 1 tells that the others "
        "have none (they never got there). Bars: 95 % interval after Wilson, of the draw of subjects alone."
    )


def heat(study):
    """Two parameters with numbers: each outcome over both, replicates averaged."""
    numeric = [p for p in study.parameters if p[2] != ""]
    if study.analysis["design"] != "grid" or len(numeric) != 2:
        return None
    (la, ca, ua), (lb, cb, ub) = numeric
    figure, axes = panels(len(study.outcomes), 4.2, 3.0)
    for axis, (name, unit) in zip(axes, study.outcomes):
        arm = study.results(name)[0]["arm"]
        a, b, y = study.column(arm, ca), study.column(arm, cb), study.column(arm, with_unit(name, unit))
        pa, pb = np.unique(a), np.unique(b)
        grid = np.array([[
            np.nanmean(y[(a == u) & (b == v)]) if np.isfinite(y[(a == u) & (b == v)]).any() else np.nan
            for u in pa
        ] for v in pb])
        axis.set_facecolor("#bbbbbb")  # shines through where there is no value
        picture = axis.imshow(grid, origin="lower", aspect="auto", cmap="cividis")
        axis.set(xticks=range(len(pa)), xticklabels=[f"{v:.3g}" for v in pa], yticks=range(len(pb)),
                 yticklabels=[f"{v:.3g}" for v in pb], xlabel=with_unit(la, ua), ylabel=with_unit(lb, ub),
                 title=f"{with_unit(name, unit)}, {arm}" if len(study.arms) > 1 else with_unit(name, unit))
        figure.colorbar(picture, ax=axis)
    return figure, "Mean over replicates; grey tells that no run gave a value."


def has_effect(row):
    return any(
        row.get(k) and (row[k] if k == "change" else row[k]["value"]) for k in ("ST", "mu_star", "change"))


def bars(study):
    """Sensitivity: Sobol' shares, mean absolute effects, or changes one at a time, largest first."""
    kind = {"sobol": "sobol", "morris": "morris", "oat": "oat"}.get(study.analysis["design"])
    if kind is None:
        return None
    # a vehicle arm may not vary at all; what has a course is drawn over time
    results = [r for r in study.analysis["results"]
               if "course" not in r and any(has_effect(row) for row in r[kind])]
    if not results:
        return None
    most = max(len(r[kind]) for r in results)
    figure, axes = panels(len(results), 5.0, 0.28 * most + 1.2)
    for axis, result in zip(axes, results):
        def interval(i):
            return (i["value"] or 0.0, [[max(0.0, (i["value"] or 0) - (i["low"] or 0))],
                                        [max(0.0, (i["high"] or 0) - (i["value"] or 0))]])

        if kind == "sobol":
            rows = sorted(result["sobol"], key=lambda r: r["ST"]["value"] or 0.0)
            for k, r in enumerate(rows):
                for of, shift, colour in (("ST", 0.2, COLOURS[0]), ("S1", -0.2, COLOURS[4])):
                    value, error = interval(r[of])
                    axis.barh(k + shift, value, 0.38, xerr=error, color=colour, error_kw={"lw": 0.8},
                              label=of if k == 0 else None)
            axis.set_xlabel("share of the variance, 95 % by bootstrap")
            axis.legend(loc="lower right")
        elif kind == "morris":
            rows = sorted(result["morris"], key=lambda r: r["mu_star"]["value"] or 0.0)
            for k, r in enumerate(rows):
                value, error = interval(r["mu_star"])
                axis.barh(k, value, 0.7, xerr=error, color=COLOURS[0], error_kw={"lw": 0.8})
            axis.set_xlabel("mean |effect| over the whole range, 95 % by bootstrap")
        else:
            rows = sorted(result["oat"], key=lambda r: abs(r["change"] or 0.0))
            for k, r in enumerate(rows):
                axis.barh(k, r["change"] or 0.0, 0.7, color=COLOURS[0] if
                          (r["change"] or 0) >= 0 else COLOURS[1])
            axis.set_xlabel(f"change from {words(result['base'])}")
        label_of = {column.split(" [")[0]: label for label, column, _ in study.parameters}
        names = [label_of[r["parameter"]] + (f" = {r['value']}" if kind == "oat" else "") for r in rows]
        arm = f", {result['arm']}" if len(study.arms) > 1 else ""
        spread = "" if kind == "oat" else f", SD {words(result['parameter_sd'])}"
        axis.set(yticks=range(len(rows)), yticklabels=names,
                 title=with_unit(result["outcome"], result["unit"]) + arm + spread)
    return figure, ""
