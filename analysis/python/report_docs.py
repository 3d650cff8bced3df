"""The validation report as a page of docs/: Markdown and PNG."""
import hashlib
import html
import os
import pathlib
import re

import contradictions
import panels
from plots import LIGHT
from report_words import (DEFINITIONS, EVIDENCE, FRAME, LIMITS, MARKS, ORDER, accepted, evidence_word,
                          link_of, measured, published, simulated, size_words, sizes, summary, tally, unit,
                          verdict_words, wanted, why)


SOURCE = pathlib.Path(__file__).resolve().parents[2]
# What decides the page: the bits of results, as their digests tell them, the numbers that go in, the rows
# that they are held to, and what makes rows of runs and a page of rows.
DECIDES = ("tests/golden/digests.json", "configs/models/*", "configs/drugs/*", "configs/networks/*",
           "configs/scenarios/*", "configs/reference/*", "analysis/validate/*", "analysis/python/report*.py",
           "analysis/python/panels.py", "analysis/python/contradictions.py")


def made_from(source=SOURCE):
    """A digest of all that decides the page, to tell when that is newer; None without the sources."""
    if not (source / DECIDES[0]).exists():
        return None
    total = hashlib.sha256()
    for path in sorted(path for pattern in DECIDES for path in source.glob(pattern) if path.is_file()):
        total.update(path.relative_to(source).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def cell(words):
    return words.replace("|", "\\|")


def md_link(doi, words):
    # Brackets and angle marks of a doi would end a Markdown link early.
    target = re.sub(r"[()<>]", lambda c: f"%{ord(c[0]):02X}", doi)
    return f"[{cell(words)}](https://doi.org/{target})" if doi else cell(words)


def md_sections(v, captions):
    drawn = panels.available(v)
    for link in ORDER:
        rows = [r for r in v.rows if link_of(r["id"]) == link]
        if not rows:
            continue
        passed, counted = tally(rows)[:2]
        yield f"\n## {link}\n\n{passed} of {counted} pass.\n"
        for panel in (p for p in drawn if p[1] == link):
            yield (f'\n<img src="images/validation-{panel[0]}.png" width="440" '
                   f'alt="{html.escape(panel[2])}">\n\n{captions[panel[0]]}\n')
        yield ("\n"
               f"| row | {wanted(rows[0])} | accepted | simulated, mean ± SE | unit | source | mark | "
               "evidence | verdict |\n|---|---:|---:|---:|---|---|---|---|---|\n")
        for r in rows:
            must = ", must" if r["must"] else ""
            verdict = f"**{verdict_words(r)}**" if r["verdict"] in ("MISS", "undecided") else verdict_words(r)
            yield (
                f"| `{r['id']}` {cell(measured(r))} | {published(r)} | {accepted(r)} | {simulated(r)} | "
                f"{cell(unit(r))} | {md_link(r['doi'], r['source'])} | {r['mark']} | "
                f"{evidence_word(r)} | {verdict}{must} |\n")
        reasons = [(r["id"], why(r)) for r in rows if why(r)]
        if reasons:
            yield "\n" + "".join(f"- **{name}**: {reason}\n" for name, reason in reasons)


def md_page(v, captions):
    yield ("# Validation\n\n"
           "<!-- Written by `respine validate --docs docs`. Edit analysis/python/report.py, not this page. "
           "-->\n\n")
    yield f"{summary(v)}\n\n**{FRAME}**\n{LIMITS}\n\n"
    yield ("`respine validate --html FILE` writes this page for a run of one's own, with a small plot in "
           "each row.\n\n")
    yield "Evidence: " + "; ".join(f"**{title}**: {words}" for title, words in EVIDENCE.values()) + ".\n"
    yield "Marks: " + "; ".join(f"**{m}** {words}" for m, words in MARKS.items()) + ".\n"
    yield from md_sections(v, captions)
    yield ("\n## Contradictions\n\n"
           "Where the literature disagrees, with itself or with the model. Nothing here is smoothed over.\n"
           "\n")
    yield "| topic | one side | the other | the model |\n|---|---|---|---|\n"
    for topic, one, other, model in contradictions.all_of(v):
        sides = [
            "<br>".join(f"{cell(words)} ({md_link(doi, source)})" for words, source, doi in s)
            for s in (one, other)
        ]
        yield f"| **{topic}** | {sides[0]} | {sides[1]} | {cell(model)} |\n"
    yield "\n## Definitions\n\n" + "".join(f"- **{term}**: {words}\n" for term, words in DEFINITIONS)
    yield "\n## What was run\n\n| scenario | size | seeds | revision |\n|---|---|---:|---|\n"
    yield from (f"| `{name}` | {size_words(size)} | {seeds} | {size['revision']} |\n"
                for name, size, seeds in sizes(v))
    if digest := made_from():
        yield f"\nMade from results, configs and report {digest}.\n"


def draw_docs(v, folder):
    """Draws every panel into images/; returns the captions by name."""
    os.makedirs(os.path.join(folder, "images"), exist_ok=True)
    captions = {}
    for panel in panels.available(v):
        path = os.path.join(folder, "images", f"validation-{panel[0]}.png")
        captions[panel[0]] = panels.draw(panel, v, LIGHT, path, format="png", dpi=140,
                                         metadata={"Software": None})
        print(path)
    return captions
