"""The validation report as one HTML page that loads nothing."""
import base64
import html
import io
import os

import contradictions
import panels
from plots import DARK, LIGHT
from report_words import (DEFINITIONS, EVIDENCE, FRAME, LIMITS, MARKS, ORDER, accepted, evidence_word,
                          link_of, measured, published, simulated, size_words, sizes, summary, tally, unit,
                          verdict_words, wanted, why)

HERE = os.path.dirname(os.path.abspath(__file__))


def strip(row):
    """A row as a line: accepted range, published point, seeds, mean."""
    seeds = [x for x in row["by_seed"] if x is not None]
    if not seeds or row["mean"] is None or row["kind"] in ("order", "input"):
        return ""
    low, high = (row["low"], row["high"]) if row["low"] is not None else accepted_numbers(row)
    shown = seeds + [x for x in (low, high, row["published"], row["reference_mean"]) if x is not None]
    left, right = min(shown), max(shown)
    pad = 0.12 * (right - left) or 0.1 * abs(left) or 1.0
    left, right = left - pad, right + pad

    def x(value):
        return f"{4 + 152 * (min(max(value, left), right) - left) / (right - left):.1f}"

    parts = [
        f'<svg class="strip" viewBox="0 0 160 24" role="img" aria-label="accepted '
        f'{html.escape(accepted(row))}, simulated {html.escape(simulated(row))}">',
        '<line class="base" x1="4" x2="156" y1="12" y2="12"/>'
    ]
    from_, to = left if low is None else low, right if high is None else high
    parts.append(
        f'<rect class="band" x="{x(from_)}" y="5" width="{max(1.0, float(x(to)) - float(x(from_))):.1f}" '
        f'height="14"/>'
    )
    if row["reference_mean"] is not None:
        parts.append(
            f'<line class="ref" x1="{x(row["reference_mean"])}" x2="{x(row["reference_mean"])}" y1="3" '
            f'y2="21"/>'
        )
    if row["published"] is not None:
        p = float(x(row["published"]))
        parts.append(f'<path class="pub" d="M{p:.1f} 6l6 6l-6 6l-6-6z"/>')
    parts += [f'<circle class="seed" cx="{x(s)}" cy="12" r="2"/>' for s in seeds]
    parts.append(f'<line class="mean" x1="{x(row["mean"])}" x2="{x(row["mean"])}" y1="4" y2="20"/></svg>')
    return "".join(parts)


def accepted_numbers(row):
    """The range that a row without one accepts: None is open."""
    r = row["reference_mean"]
    if row["kind"] == "zero":
        return -3.0, 3.0
    if r is None:
        return None, None
    least = 0.1 if abs(r) < 1e-12 else 0.1 * abs(r)
    return {"up": (r + least, None), "down": (None, r - least),
            "flat": (r - least, r + least)}.get(row["kind"], (None, None))


def anchor(doi, words):
    return (
        f'<a href="https://doi.org/{html.escape(doi)}" rel="noreferrer">{html.escape(words)}</a>'
        if doi
        else html.escape(words)
    )


def html_row(row):
    cells = [
        ("row",
         f'<b id="{html.escape(row["id"])}">{html.escape(row["id"])}</b><span '
         f'class="what">{html.escape(measured(row))}</span>'
         ),
        (wanted(row), html.escape(published(row)) +
         (f' <span class="unit">{html.escape(unit(row))}</span>' if row["published"] is not None else "")),
        ("accepted", html.escape(accepted(row))),
        ("simulated", f'<span class="sim">{html.escape(simulated(row))}</span>{strip(row)}'),
        ("source", anchor(row["doi"], row["source"])),
        ("mark",
         f'<abbr title="{html.escape(MARKS.get(row["mark"], ""))}">{html.escape(row["mark"])}</abbr>'),
        ("evidence",
         f'<abbr title="{html.escape(EVIDENCE.get(row["evidence"], ("", ""))[1])}">'
         f'{html.escape(evidence_word(row))}</abbr>'),
        ("verdict",
         f'<span class="v '
         f'{verdict_words(row)}">{verdict_words(row)}</span>'
         f'{" <span class=must>must</span>" if row["must"] else ""}'
         ),
    ]
    line = (
        f'<tr data-id="{html.escape(row["id"])}">'
        + "".join(f'<td data-label="{label}">{cell}</td>' for label, cell in cells)
        + "</tr>"
    )
    reason = why(row)
    return line + (f'<tr class="why"><td colspan="8"><b>Why:</b> {html.escape(reason)}</td></tr>'
                   if reason else "")


def html_figure(panel, v):
    """Both themes as SVG inside the page: a browser shows the one that fits."""
    images = {}
    for theme in (LIGHT, DARK):
        stream = io.BytesIO()
        caption = panels.draw(panel, v, theme, stream, format="svg", metadata={"Date": None})
        images[theme.name] = "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode()
    return (
        f'<figure id="figure-{panel[0]}"><picture><source media="(prefers-color-scheme: dark)" '
        f'srcset="{images["dark"]}">'
        f'<img src="{images["light"]}" alt="{html.escape(panel[2])}: {html.escape(caption)}" width="461" '
        f'height="336"></picture>'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>")


def html_sides(sides):
    return "<ul>" + "".join(f"<li>{html.escape(words)} <span class=src>{anchor(doi, source)}</span></li>"
                            for words, source, doi in sides) + "</ul>"


def html_sections(v):
    drawn = panels.available(v)
    for link in ORDER:
        rows = [r for r in v.rows if link_of(r["id"]) == link]
        if not rows:
            continue
        passed, counted = tally(rows)[:2]
        yield f"<section><h2>{link}</h2><p class=count>{passed} of {counted} pass</p><div class=figures>"
        yield from (html_figure(p, v) for p in drawn if p[1] == link)
        heads = "".join(
            f"<th>{h}</th>"
            for h in ("row", wanted(rows[0]), "accepted", "simulated, mean ± SE", "source", "mark",
                      "evidence", "verdict")
        )
        yield f"</div><table class=rows><thead><tr>{heads}</tr></thead><tbody>"
        yield from (html_row(r) for r in rows)
        yield "</tbody></table></section>"


def html_page(v):
    with open(os.path.join(HERE, "report.css"), encoding="utf-8") as file:
        style = file.read()
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        # The page promises to load nothing; a browser holds it to that.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
        "'unsafe-inline'\"><title>respine "
        f"validation</title><style>{style}</style></head><body><main><h1>respine against published "
        "observations</h1>"
    )
    yield (f'<p class="summary">{html.escape(summary(v))}</p><p class="frame">{html.escape(FRAME)} '
           f'{html.escape(LIMITS)}</p>')
    yield (
        '<p class="legend"><span class="k band"></span> accepted <span class="k pub">◆</span> published '
        '<span class="k seed">●</span> seed '
        '<span class="k mean">|</span> mean over seeds <span class="k ref">|</span> reference. Marks: ' +
        "; ".join(f"<b>{m}</b> {html.escape(words)}" for m, words in MARKS.items()) + ". Evidence: " +
        "; ".join(f"<b>{title}</b> {html.escape(words)}" for title, words in EVIDENCE.values()) + ".</p>")
    missed = [r for r in v.rows if r["verdict"] in ("MISS", "undecided")]
    if missed:
        yield "<p>Not passed: " + ", ".join(f'<a href="#{html.escape(r["id"])}">{html.escape(r["id"])}</a>'
                                            for r in missed) + ".</p>"
    yield from html_sections(v)
    yield ("<section><h2>Contradictions</h2><p>Where the literature disagrees, with itself or with the "
           "model. Nothing here is smoothed over.</p>")
    yield ("<table class=sides><thead><tr><th>topic</th><th>one side</th><th>the other</th><th>the "
           "model</th></tr></thead><tbody>")
    for topic, one, other, model in contradictions.all_of(v):
        yield (
            f'<tr><td data-label="topic"><b>{html.escape(topic)}</b></td>'
            f'<td data-label="one side">{html_sides(one)}</td>'
            f'<td data-label="the other">{html_sides(other)}</td>'
            f'<td data-label="the model">{html.escape(model)}</td></tr>'
        )
    yield "</tbody></table></section><section><h2>Definitions</h2><dl>"
    yield from (f"<dt>{html.escape(term)}</dt><dd>{html.escape(words)}</dd>" for term, words in DEFINITIONS)
    yield "</dl></section><section><h2>What was run</h2>"
    heads = "".join(f"<th>{h}</th>" for h in ("scenario", "size", "seeds", "revision"))
    yield f"<table class=sizes><thead><tr>{heads}</tr></thead><tbody>"
    for name, size, seeds in sizes(v):
        yield (
            f'<tr><td data-label="scenario"><b>{html.escape(name)}</b>'
            f'<span class="what">{html.escape(size["title"])}</span></td>'
            f'<td data-label="size">{html.escape(size_words(size))}</td><td data-label="seeds">{seeds}</td>'
            f'<td data-label="revision">{html.escape(size["revision"])}</td></tr>')
    yield "</tbody></table></section></main></body></html>\n"
