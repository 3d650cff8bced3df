#!/usr/bin/python3
"""The page of a study: what was run, what failed, tables and figures, in one HTML file that loads nothing; the figures also beside it.

usage: study_report.py FOLDER --out PAGE.html      FOLDER holds results.csv and analysis.json of `respine study`
"""
import argparse
import base64
import csv
import html
import io
import json
import os
import pathlib
import sys

try:
    import numpy as np
    from plots import LIGHT
    import matplotlib.pyplot as plt
except ImportError as missing:
    sys.exit(f"study_report.py: {missing}; on Debian: apt-get install python3-matplotlib")

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]  # Okabe and Ito
HERE = os.path.dirname(os.path.abspath(__file__))


def with_unit(name, unit):
    return name if unit in ("", "1") else f"{name} [{unit}]"


def read_rows(folder):
    with open(folder / "results.csv", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    try:
        return float(text)
    except ValueError:
        return float("nan")


def words(value):
    return "–" if value is None else f"{value:.3g}"


class Study:
    def __init__(self, folder):
        self.analysis = json.loads((folder / "analysis.json").read_text())
        self.rows = read_rows(folder)
        self.parameters = [(p["label"], with_unit(p["key"], p["unit"]), p["unit"]) for p in self.analysis["parameters"]]
        self.outcomes = list(dict.fromkeys((r["outcome"], r["unit"]) for r in self.analysis["results"]))
        self.arms = list(dict.fromkeys(r["arm"] for r in self.analysis["results"]))

    def results(self, outcome):
        return [r for r in self.analysis["results"] if r["outcome"] == outcome]

    def column(self, arm, name):
        return np.array([number(r[name]) for r in self.rows if r["arm"] == arm])

    def words(self, arm, name):
        return [r[name] for r in self.rows if r["arm"] == arm]


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
    """What stands on the horizontal axis: an outcome or parameter that the study names, else its first parameter with numbers."""
    wanted = study.analysis.get("x", "")
    for name, unit in study.outcomes:
        if name == wanted:
            return with_unit(name, unit), with_unit(name, unit)
    for label, column, unit in study.parameters:
        if column.split(" [")[0] == wanted or (not wanted and unit != ""):
            return column, with_unit(label, unit)
    return None, None


def multiples(study):
    """One panel an outcome: mean and standard error over replicates, a line for each value of the other parameters and each arm."""
    column, label = axis_of(study)
    if column is None:
        return None
    shown = [(n, u) for n, u in study.outcomes if with_unit(n, u) != column]
    wide = min(3, len(shown))
    high = -(-len(shown) // wide)
    figure, axes = plt.subplots(high, wide, figsize=(4.2 * wide, 3.1 * high + 0.5), squeeze=False, layout="constrained")
    for axis, (name, unit) in zip(axes.flat, shown):
        colour = 0
        for result in study.results(name):
            arm = result["arm"]
            x, y = study.column(arm, column), study.column(arm, with_unit(name, unit))
            others = [c for _, c, _ in study.parameters if c != column]
            if column in [with_unit(n, u) for n, u in study.outcomes] and study.parameters:
                others = [c for _, c, _ in study.parameters[1:]]
            groups = list(zip(*[study.words(arm, c) for c in others])) if others else [()] * len(x)
            for group, places, mean, error in mean_lines(x, y, groups):
                text = ", ".join(f"{c.split('.')[-1].split(' [')[0]} {float(v):.3g}" if np.isfinite(number(v)) else v for c, v in zip(others, group))
                axis.errorbar(places, mean, yerr=error, color=COLOURS[colour % len(COLOURS)], marker="o", ms=3, lw=1.3, capsize=2,
                              label=" ".join(t for t in (arm if len(study.arms) > 1 else "", text) if t))
                colour += 1
        finite = study.column(study.arms[0], column)
        if np.nanmin(finite) > 0 and np.nanmax(finite) > 8 * np.nanmin(finite):
            axis.set_xscale("log")
        axis.set(title=with_unit(name, unit), xlabel=label)
    spare = list(axes.flat)[len(shown):]
    for axis in spare:
        axis.set_axis_off()
    handles, labels = axes.flat[0].get_legend_handles_labels()
    if len(labels) > 1:
        (spare or [axes.flat[0]])[0].legend(handles, labels, loc="best", fontsize=8)
    return figure, "Mean over replicates and its standard error."


def heat(study):
    """Two parameters with numbers: each outcome over both, replicates averaged."""
    numeric = [p for p in study.parameters if p[2] != ""]
    if study.analysis["design"] != "grid" or len(numeric) != 2:
        return None
    (la, ca, ua), (lb, cb, ub) = numeric
    wide = min(3, len(study.outcomes))
    high = -(-len(study.outcomes) // wide)
    figure, axes = plt.subplots(high, wide, figsize=(4.2 * wide, 3.0 * high), squeeze=False, layout="constrained")
    for axis, (name, unit) in zip(axes.flat, study.outcomes):
        arm = study.results(name)[0]["arm"]
        a, b, y = study.column(arm, ca), study.column(arm, cb), study.column(arm, with_unit(name, unit))
        pa, pb = np.unique(a), np.unique(b)
        grid = np.array([[np.nanmean(y[(a == u) & (b == v)]) if np.isfinite(y[(a == u) & (b == v)]).any() else np.nan for u in pa] for v in pb])
        picture = axis.imshow(grid, origin="lower", aspect="auto", cmap="cividis")
        axis.set(xticks=range(len(pa)), xticklabels=[f"{v:.3g}" for v in pa], yticks=range(len(pb)), yticklabels=[f"{v:.3g}" for v in pb],
                 xlabel=with_unit(la, ua), ylabel=with_unit(lb, ub), title=f"{with_unit(name, unit)}, {arm}" if len(study.arms) > 1 else with_unit(name, unit))
        figure.colorbar(picture, ax=axis)
    for axis in list(axes.flat)[len(study.outcomes):]:
        axis.set_visible(False)
    return figure, "Mean over replicates; grey tells that no run gave a value."


def bars(study):
    """Sensitivity: Sobol' shares, mean absolute effects, or changes one at a time, largest first."""
    kind = {"sobol": "sobol", "morris": "morris", "oat": "oat"}.get(study.analysis["design"])
    if kind is None:
        return None
    results = study.analysis["results"]
    wide = min(3, len(results))
    high = -(-len(results) // wide)
    most = max(len(r[kind]) for r in results)
    figure, axes = plt.subplots(high, wide, figsize=(5.0 * wide, (0.28 * most + 1.2) * high), squeeze=False, layout="constrained")
    for axis, result in zip(axes.flat, results):
        def interval(i):
            return (i["value"] or 0.0, [[max(0.0, (i["value"] or 0) - (i["low"] or 0))], [max(0.0, (i["high"] or 0) - (i["value"] or 0))]])
        if kind == "sobol":
            rows = sorted(result["sobol"], key=lambda r: r["ST"]["value"] or 0.0)
            for k, r in enumerate(rows):
                for of, shift, colour in (("ST", 0.2, COLOURS[0]), ("S1", -0.2, COLOURS[4])):
                    value, error = interval(r[of])
                    axis.barh(k + shift, value, 0.38, xerr=error, color=colour, error_kw={"lw": 0.8}, label=of if k == 0 else None)
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
                axis.barh(k, r["change"] or 0.0, 0.7, color=COLOURS[0] if (r["change"] or 0) >= 0 else COLOURS[1])
            axis.set_xlabel(f"change from {words(result['base'])}")
        names = [f"{r['parameter']} = {r['value']}" if kind == "oat" else r["parameter"] for r in rows]
        arm = f", {result['arm']}" if len(study.arms) > 1 else ""
        axis.set(yticks=range(len(rows)), yticklabels=names, title=with_unit(result["outcome"], result["unit"]) + arm)
    for axis in list(axes.flat)[len(results):]:
        axis.set_visible(False)
    return figure, ""


def embedded(figure, path):
    """The picture as a file of its own, and for the page."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    plt.close(figure)
    path.write_bytes(buffer.getvalue())
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def table(head, rows):
    cells = "".join(f"<th>{html.escape(h)}</th>" for h in head)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(str(c))}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def noise_table(study):
    rows = [(with_unit(r["outcome"], r["unit"]), r["arm"], words(r["parameter_sd"]), words(r["seed_sd"])) for r in study.analysis["results"]]
    return table(("outcome", "arm", "SD between points", "SD between seeds of a point"), rows)


def curve_table(study):
    rows = []
    for r in study.analysis["results"]:
        for c in r.get("curves", []):
            h = c["hill"]
            rows.append((r["outcome"], r["arm"], c["parameter"], ", ".join(c["others"]), words(h["ec50"]["value"]),
                         f"{words(h['ec50']['low'])} to {words(h['ec50']['high'])}", words(h["n"]["value"]), words(h["e0"]), words(h["emax"]), words(h["r2"])))
    if not rows:
        return ""
    head = ("outcome", "arm", "along", "others at", "EC50", "95 %", "Hill exponent", "at 0", "at infinity", "R²")
    return "<h2>Dose–response curves</h2><p>A rising or falling curve only: where a response has a hump, R² is low and the curve means little.</p>" + table(head, rows)


def failures(study):
    bad = [r for r in study.rows if r["status"] == "failed"]
    if not bad:
        return ""
    rows = [(r["point"], r["arm"], r["seed"], r["message"]) for r in bad[:50]]
    return f"<h2>Runs that failed: {len(bad)}</h2>" + table(("point", "arm", "seed", "reason"), rows)


def dropped(study):
    rows = [(r["outcome"], r["arm"], r.get("blocks", r.get("trajectories")), r["dropped"]) for r in study.analysis["results"] if r.get("dropped")]
    return "<p>Blocks with a failed run are left out whole:</p>" + table(("outcome", "arm", "used", "dropped"), rows) if rows else ""


def page(study, folder):
    a = study.analysis
    parts = [f"<p>{a['points']} points of a {html.escape(a['design'])} design, {a['replicates']} replicate(s), {a['failed']} failed, {a['missing']} not run. "
             "A research and teaching tool about mechanisms; never medical advice.</p>"]
    with plt.rc_context(LIGHT.settings()):
        for title, name, make in (("Outcomes", "outcomes", multiples), ("Both parameters", "heat", heat), ("What matters", "indices", bars)):
            made = make(study)
            if made:
                figure, caption = made
                picture = embedded(figure, folder / f"{name}.png")
                parts.append(f'<h2>{title}</h2><figure><img alt="{title}" src="{picture}"><figcaption>{caption}</figcaption></figure>')
    parts += [dropped(study), curve_table(study), "<h2>Parameters against seeds</h2>", noise_table(study), failures(study)]
    css = pathlib.Path(HERE, "report.css").read_text() + "img{max-width:100%}table{border-collapse:collapse;font-size:.85rem}td,th{padding:.2rem .6rem;text-align:left}"
    title = html.escape(a["title"])
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
            f"<style>{css}</style></head><body><main><h1>{title}</h1>{''.join(parts)}</main></body></html>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    args = parser.parse_args()
    args.out.write_text(page(Study(args.folder), args.out.parent))


if __name__ == "__main__":
    main()
