#!/usr/bin/python3
"""The page of a study: what was run, what failed, tables and figures, in one HTML file that loads nothing;
the figures also beside it.

usage: study_report.py FOLDER --out PAGE.html    FOLDER holds results.csv and analysis.json of `respine study`
"""
import argparse
import base64
import html
import io
import os
import pathlib
import sys

try:
    from plots import LIGHT
    import matplotlib.pyplot as plt
    from study_figures import bars, heat, matrix, multiples, responses, subjects
    from study_over_time import over_time
    from study_results import Study, with_unit, words
except ImportError as missing:
    sys.exit(f"study_report.py: {missing}; on Debian: apt-get install python3-matplotlib")

HERE = os.path.dirname(os.path.abspath(__file__))


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
    rows = [(with_unit(r["outcome"], r["unit"]), r["arm"], words(r["parameter_sd"]), words(r["seed_sd"]))
            for r in study.analysis["results"]]
    return table(("outcome", "arm", "SD between points", "SD between seeds of a point"), rows)


LEAST_FIT = 0.5  # R² below which a curve says nothing about a half effect
LEAST_RISE = 3.0  # SD between seeds that a curve must span


def half_effect(result, curve):
    """EC50 with its interval and Hill exponent, or why there is none."""
    hill = curve["hill"]
    values = [v for v in curve["response"] if v is not None]
    if not values or max(values) - min(values) <= LEAST_RISE * (result["seed_sd"] or 0.0):
        return "none: flat", "", ""
    if hill["r2"] is None or hill["r2"] < LEAST_FIT:
        return "none: no rising or falling curve fits", "", ""
    ec50 = hill["ec50"]
    return words(ec50["value"]), f"{words(ec50['low'])} to {words(ec50['high'])}", words(hill["n"]["value"])


def curve_table(study):
    rows = []
    for r in study.analysis["results"]:
        for c in r.get("curves", []):
            h = c["hill"]
            rows.append((r["outcome"], r["arm"], study.label(c["parameter"]), ", ".join(c["others"]),
                         *half_effect(r, c), words(h["e0"]), words(h["emax"]), words(h["r2"])))
    if not rows:
        return ""
    head = ("outcome", "arm", "along", "others at", "EC50", "95 %", "Hill exponent", "at 0", "at infinity",
            "R²")
    return (
        "<h2>Dose–response curves</h2><p>A rising or falling curve only: a response that spans no more than "
        f"{LEAST_RISE:g} SD between seeds is called flat, and one that no such curve fits (R² below "
        f"{LEAST_FIT:g}) has no EC50.</p>"
        + table(head, rows)
    )


def failures(study):
    bad = [r for r in study.rows if r["status"] == "failed"]
    if not bad:
        return ""
    rows = [(r["point"], r["arm"], r["seed"], r["message"]) for r in bad[:50]]
    return f"<h2>Runs that failed: {len(bad)}</h2>" + table(("point", "arm", "seed", "reason"), rows)


def dropped(study):
    rows = [(r["outcome"], r["arm"], r.get("blocks", r.get("trajectories")), r["dropped"])
            for r in study.analysis["results"] if r.get("dropped")]
    return (
        "<p>Blocks with a failed run are left out whole:</p>"
        + table(("outcome", "arm", "used", "dropped"), rows)
        if rows
        else ""
    )


def page(study, folder):
    a = study.analysis
    parts = [
        f"<p><b>{html.escape(study.headline())}</b></p>"
        f"<p>{html.escape(study.arm_words())}{a['points']} points of a {html.escape(a['design'])} design, "
        f"{a['replicates']} replicate(s), "
        f"{a['failed']} failed, {a['missing']} not run. A research and teaching tool about mechanisms; never "
        "medical advice.</p>"
    ]
    with plt.rc_context(LIGHT.settings()):
        for title, name, make in (
            ("Outcomes", "outcomes", multiples), ("Outcomes", "matrix", matrix),
            ("Subjects", "subjects", subjects), ("Both parameters", "heat", heat),
            ("Dose and response", "responses", responses), ("What matters", "indices", bars),
            ("What matters when", "indices-over-time", over_time)
        ):
            made = make(study)
            if made:
                figure, caption = made
                picture = embedded(figure, folder / f"{name}.png")
                parts.append(
                    f'<h2>{title}</h2><figure><img alt="{title}" src="{picture}">'
                    f"<figcaption>{caption}</figcaption></figure>"
                )
    parts += [
        dropped(study), curve_table(study), "<h2>Parameters against seeds</h2>", noise_table(study),
        failures(study)
    ]
    css = (
        pathlib.Path(HERE, "report.css").read_text()
        + "img{max-width:100%}table{border-collapse:collapse;font-size:.85rem}"
        + "td,th{padding:.2rem .6rem;text-align:left}"
    )
    title = html.escape(a["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{css}</style></head><body><main><h1>{title}</h1>{''.join(parts)}</main></body></html>\n"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    args = parser.parse_args()
    args.out.write_text(page(Study(args.folder), args.out.parent))


if __name__ == "__main__":
    main()
