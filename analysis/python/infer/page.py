"""summary.txt and posterior.html: what an inference found, for a terminal and a browser without network."""

import base64
import html
import io
import pathlib

import matplotlib.pyplot as plt
import numpy as np

import pictures
from sampler import unit

STYLE = pathlib.Path(__file__).parent.parent / "hypotheses.css"


def number(v):
    return f"{v:.3g}"


def sentence(found):
    learnt, count = [p for p in found["parameters"] if p["learnt"]], len(found["parameters"])
    return (
        f"{found['name']}: of {count} parameter{'' if count == 1 else 's'} the data say something about "
        f"{len(learnt)} (90 % band at least a fifth narrower than the prior's); {found['sets']} simulated "
        f"sets, "
        f"effective sample size at least {found['least_effective']:.0f}, R-hat at most "
        f"{found['worst_r_hat']:.3f}."
    )


def totals(found):
    """Held-out rows over all studies: (model, inside, of, log score, and of the common rows inside, all,
    log score).
    """
    studies = found["left_out"]["studies"]
    out = []
    for model in ("posterior", "best", "null"):
        one = [s[model] for s in studies]
        out.append(
            (
                model,
                *(sum(m[k] for m in one) for k in ("inside", "of", "log_score", "common_inside")),
                sum(s["common"] for s in studies),
                sum(m["common_log_score"] for m in one),
            )
        )
    return out


def summary(found):
    wide = 2 + max(len(p["key"]) for p in found["parameters"])
    lines = [sentence(found), ""]
    lines.append(
        f"{'parameter':<{wide}}{'unit':<8}{'prior 5-95 %':>22}{'posterior 5-50-95 %':>30}{'width':>8}"
        "  rows that it moves most"
    )
    for p in sorted(found["parameters"], key=lambda p: p["width"]):
        prior = f"{number(p['prior'][0])} to {number(p['prior'][2])}"
        band = " / ".join(map(number, p["posterior"]))
        note = ", ".join(p["rows"]) if p["touched"] else "none: no row touches it"
        lines.append(
            f"{p['key']:<{wide}}{p['unit']:<8}{prior:>22}{band:>30}{100 * p['width']:>6.0f} %  "
            f"{note}{'' if p['learnt'] else ' (not learnt)'}"
        )
    lines.append("")
    lines.append(
        "model errors, in spreads of a row: of a study "
        + " / ".join(map(number, found["study_error"]))
        + ", of a row "
        + " / ".join(map(number, found["row_error"]))
    )
    e = found["evidence"]
    lines.append(f"log evidence {e['log_evidence']:.2f} ± {e['error']:.2f}")
    lines.append(
        "acceptance " + ", ".join(f"{100 * a:.0f} %" for a in found["acceptance"]) + " in "
        f"{found['chains']} chains of {found['walkers']} walkers and {found['steps']} steps"
    )
    if "left_out" in found:
        lines += [
            "",
            f"each study left out in turn (predictions frozen, SHA-256 {found['left_out']['sha256'][:16]}):",
        ]
        for model, inside, of, log, common, rows, common_log in totals(found):
            lines.append(
                f"  {model:<10} {inside:>3} of {of:>3} rows in their 90 % band, log score {log:8.1f}; of the "
                f"{rows} that all three predict {common}, {common_log:.1f}"
            )
    if "calibration" in found:
        c = found["calibration"]
        cover = [100 * p["cover_80"] for p in c["parameters"]]
        least = min(c["parameters"], key=lambda p: p["p_corrected"])
        lines += [
            "",
            f"calibration on {c['data_sets']} data sets of the model: 80 % intervals hold the truth in "
            f"{min(cover):.0f} to {max(cover):.0f} %; least corrected p {least['p_corrected']:.2f} "
            f"({least['name']})",
        ]
    return "\n".join(lines) + "\n"


def image(problem, name, figure):
    """The picture for the page, and as a file of its own in pictures/."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    plt.close(figure)
    folder = pathlib.Path(problem.path("pictures"))
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.png").write_bytes(buffer.getvalue())
    return f'<img src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}" alt="">'


def table(head, lines):
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(c))}</td>" for c in line) + "</tr>" for line in lines
    )
    return (
        "<div class=wide><table><tr>"
        + "".join(f"<th>{html.escape(h)}</th>" for h in head)
        + "</tr>"
        + cells
        + "</table></div>"
    )


def parameter_table(found):
    return table(
        [
            "parameter",
            "unit",
            "law",
            "prior 5 / 95 %",
            "posterior 5 / 50 / 95 %",
            "width left",
            "R-hat",
            "effective sample",
            "rows that it moves most",
        ],
        [
            (
                p["key"],
                p["unit"],
                p["law"],
                f"{number(p['prior'][0])} / {number(p['prior'][2])}",
                " / ".join(map(number, p["posterior"])),
                f"{100 * p['width']:.0f} %" + ("" if p["learnt"] else ", not learnt"),
                f"{p['r_hat']:.3f}",
                f"{p['effective']:.0f}",
                ", ".join(p["rows"]) if p["touched"] else "none",
            )
            for p in sorted(found["parameters"], key=lambda p: p["width"])
        ],
    )


def directions_table(found):
    return table(
        ["variance left, of 1", "direction"],
        [
            (f"{d['variance']:.3f}", "  ".join(f"{w:+.2f} {k}" for k, w in d["of"]))
            for d in found["directions"]
        ],
    )


def sections(problem, found, chains):
    flat = chains.flat()
    some = flat[np.linspace(0, len(flat) - 1, 20000).astype(int)] if len(flat) > 20000 else flat
    draws = unit(some)
    yield "What the data say about each parameter", image(
        problem, "parameters", pictures.parameters(found)
    ) + parameter_table(found)
    if len(found["parameters"]) > 1:
        yield "Pairs", image(problem, "corner", pictures.corner(problem, found, draws)) + table(
            ["", "", "correlation"], [(a, b, f"{r:+.2f}") for a, b, r in found["correlations"]]
        )
        yield "Directions, stiff to sloppy", (
            "<p>Variance 1 is that of the prior: what stands at the foot of the table the data leave open."
            "</p>" + directions_table(found)
        )
    yield "The targets under the posterior", image(problem, "rows", pictures.rows(found))
    if "left_out" in found:
        yield "Each study predicted from the others", image(
            problem, "left-out", pictures.left_out(found)
        ) + table(
            ["study", "rows", "posterior", "best point", "null", "log scores"],
            [
                (
                    f"{s['source']} ({s['study']})",
                    s["rows"],
                    *(f"{s[m]['inside']} of {s[m]['of']}" for m in ("posterior", "best", "null")),
                    " / ".join(f"{s[m]['log_score']:.1f}" for m in ("posterior", "best", "null")),
                )
                for s in found["left_out"]["studies"]
            ],
        )
    if "calibration" in found:
        yield "Are the posteriors right on data of known truth?", image(
            problem, "ranks", pictures.ranks(found["calibration"])
        )


def write_page(problem, found, chains):
    text = summary(found)
    with open(problem.path("summary.txt"), "w") as file:
        file.write(text)
    body = "".join(f"<h2>{title}</h2>{inner}" for title, inner in sections(problem, found, chains))
    page = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>respine infer: {html.escape(found['name'])}"
        f"</title><style>{STYLE.read_text()}</style><h1>{html.escape(found['title'])}</h1>"
        f"<p><b>{html.escape(sentence(found))}</b></p><p>A research and teaching tool about mechanisms; "
        "never "
        f"medical advice. Made by respine {html.escape(found['program'])}.</p>{body}</html>"
    )
    with open(problem.path("posterior.html"), "w") as file:
        file.write(page)
