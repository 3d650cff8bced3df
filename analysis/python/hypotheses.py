#!/usr/bin/python3
"""Rivals on one page: who passes which target, who predicts the rest best, which experiment tells two apart.

usage: hypotheses.py HYPOTHESES.json --html PAGE.html
The file is the one that `respine hypotheses` leaves in its folder.
"""
import argparse
import base64
import html
import io
import json
import pathlib
import sys

try:
    from plots import LIGHT
    import matplotlib.pyplot as plt
    import numpy as np
    from study_report import table
except ImportError as missing:
    sys.exit(f"hypotheses.py: {missing}; on Debian: apt-get install python3-matplotlib")

STYLE = pathlib.Path(__file__).with_suffix(".css")
WORDS = {"pass": "passes", "MISS": "misses", "undecided": "open"}


def matrix(found, names):
    """The largest separation of each pair, over all experiments."""
    best = np.full((len(names), len(names)), np.nan)
    for b in found.get("best") or []:
        one, other = names.index(b["a"]), names.index(b["b"])
        best[one, other] = best[other, one] = b["separation"]
    return best


def picture(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    plt.close(figure)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def heat(values, names, title, unit, most):
    with plt.rc_context(LIGHT.settings()):
        figure, axes = plt.subplots(figsize=(1.1 * len(names) + 4, 0.5 * len(names) + 2.6),
                                    constrained_layout=True)
        shown = axes.imshow(values, cmap="Blues", vmin=0, vmax=most)
        axes.set_xticks(range(len(names)), names, rotation=35, ha="right")
        axes.set_yticks(range(len(names)), names)
        for (y, x), value in np.ndenumerate(values):
            if np.isfinite(value):
                dark = value > 0.6 * (most)
                axes.text(x, y, f"{value:.0f}" if value >= 10 else f"{value:.1f}", ha="center", va="center",
                          color="white" if dark else LIGHT.ink, fontsize=9)
        axes.set_title(title)
        figure.colorbar(shown, ax=axes, label=unit, shrink=0.8)
        for side in axes.spines.values():
            side.set_visible(False)
        return figure


def verdict_cell(result):
    word = {"pass": "pass", "MISS": "miss"}.get(result["verdict"], "open")
    number = "" if result["mean"] is None else f"{result['mean']:.3g}"
    return f'<td class="{word}" title="{WORDS.get(result["verdict"], "open")}">{number}</td>'


def targets(found):
    head = "".join(f"<th>{html.escape(h)}</th>" for h in
                   ["target", "aim", "unit", *(r["name"] for r in found["rivals"]), "separation", ""])
    lines = []
    for row in found["rows"]:
        note = "fitted" if row["fitted"] else "" if row["counts"] else "same for all: not counted"
        aim = "" if row["aim"] is None else f"{row['aim']:.3g}"
        lines.append(f'<tr class="{"" if row["counts"] or row["fitted"] else "same"}">'
                     f'<td title="{html.escape(row["observable"])}; {html.escape(row["source"])}">'
                     f'{html.escape(row["id"])}</td><td>{aim}</td><td>{html.escape(row["unit"])}</td>'
                     + "".join(verdict_cell(r) for r in row["rivals"])
                     + f"<td>{row['separation']:.1f}</td><td>{note}</td></tr>")
    body = "".join(lines)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def standings(found):
    rows = [(r["name"], r["title"], r["pass"], r["miss"], r["open"], f"{r['log_density']:.1f}",
             ", ".join(r["free"])) for r in sorted(found["rivals"], key=lambda r: -r["log_density"])]
    return table(("rival", "in short", "passes", "misses", "open", "log density", "free parameters"), rows)


def experiments(found):
    rows = []
    for b in sorted(found.get("best") or [], key=lambda b: b["separation"]):
        unit = "" if b["unit"] == "1" else f" {b['unit']}"
        rows.append((b["a"], b["b"], b["title"], b["readout"], b["time"],
                     f"{b['effect_a']:+.3g} against {b['effect_b']:+.3g}{unit}", f"{b['separation']:.1f}",
                     f"{b['animals']:.0f}"))
    return table(("rival", "and rival", "experiment", "read-out", "time", "change over vehicle",
                  "separation [SD]", "animals a group"), rows)


def claims(found):
    return "<ol>" + "".join(
        f"<li><b>{html.escape(r['name'])}</b>: {html.escape(r['claim'])} ({html.escape(r['reference'])})</li>"
        for r in found["rivals"]) + "</ol>"


def summary(found):
    best = max(found["rivals"], key=lambda r: r["log_density"])
    counted = best["pass"] + best["miss"] + best["open"]
    return (f"<p><b>{html.escape(best['name'])} predicts the rows that no rival was fitted to best (log "
            f"density {best['log_density']:.1f}); it passes {best['pass']} of {counted}.</b> Every rival is "
            "a set of numbers over one set of equations, with as many free ones. This is a research and "
            "teaching tool: it makes no clinical claim.</p>")


def image(values, names, title, unit, most):
    return f'<p><img alt="{title}" src="{picture(heat(values, names, title, unit, most))}"></p>'


def planted(found, names):
    if not found.get("recovery"):
        return ""
    return ("<h2>Is a planted truth found?</h2><p>Data that one rival made, with the published spread as "
            "noise, and whom they point to.</p>"
            + image(100 * np.array(found["recovery"]), names, "made by (row), points to (column)",
                    "% of data sets", 100))


def page(found):
    names = [r["name"] for r in found["rivals"]]
    parts = [
        "<h1>Rivals</h1>", summary(found), claims(found), standings(found),
        "<h2>Which experiment tells two rivals apart best</h2><p>Hardest pair first. SD between animals are "
        "assumptions about a usual laboratory (configs/reference/readouts.csv); animals in each of two "
        "groups, so that neither rival is thrown out when it is right in more than 5 of 100 experiments.</p>",
        experiments(found),
        image(matrix(found, names), names, "Largest separation over all experiments", "SD", 10),
        planted(found, names),
        "<h2>Every target under every rival</h2><p>Green passes, red misses, grey is open. Rows in which no "
        "two rivals differ by the published spread separate nothing and are not counted.</p>", targets(found)
    ]
    return ("<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' "
            "content='width=device-width'><title>respine: rivals</title><style>"
            + STYLE.read_text(encoding="utf-8") + "</style>" + "".join(parts) + "</html>")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hypotheses")
    parser.add_argument("--html", required=True)
    asked = parser.parse_args()
    with open(asked.hypotheses, encoding="utf-8") as file:
        found = json.load(file)
    with open(asked.html, "w", encoding="utf-8") as file:
        file.write(page(found))
    print(f"{asked.html}: {len(found['rivals'])} rivals, {len(found['rows'])} targets, "
          f"{len(found['experiments'])} read-outs")


if __name__ == "__main__":
    main()
