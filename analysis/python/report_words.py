"""The words of the validation report: rows, verdicts, reasons, definitions. Both pages say the same."""
MARKS = {
    "R": "read in the source or its abstract", "R2": "read in a second-hand transcription",
    "RD": "computed from the authors' raw data", "D": "derived from such numbers",
    "rec": "recalled, not re-checked", "A": "assumed"
}
# What agreement with a row is worth, as in the header of targets.csv; strongest first.
EVIDENCE = {
    "prediction": ("predictions", "nothing that the row measures was used to choose a parameter or the form "
                   "of the model"),
    "in_sample": ("in sample", "follows from parameters fitted to neighbouring rows of the same data"),
    "fitted": ("fitted", "a parameter was chosen with the row in view"),
    "construction": ("by construction", "holds by how the equations or their published parts are built"),
}
# The links of the chain, each with the beginnings of the ids of its rows. The first that fits holds.
LINKS = (
    ("Pharmacokinetics", ("pk-",)),
    ("NMDA block", ("block-",)),
    ("Disinhibition and glutamate", ("glu-", "disinhibition-", "network-", "slice-", "mk801-", "mglu23-")),
    ("Self-consistency", ("healthy-drift", "stressed-drift", "excess-return", "drug-free-",
                          "healthy-null-5d")),
    ("BDNF, mTORC1, protein", ("bdnf-", "mtor-", "protein-", "dose-bdnf-", "dose-mtor-", "memantine-")),
    ("Spines", ("density-", "formation-", "elimination-", "turnover-", "new-survival-", "head-",
                "ketamine-born-", "saline-born-", "stress-density", "healthy-null", "return-")),
    ("Inhibition", ("inhibitory-", "dually-", "inhibition-")),
    ("Regions", ("regions-",)),
    ("Knock-outs", ("knockout-", "null-", "loss-")),
    ("Patients", ("clin-", "dose-human-")),
    ("Other", ("",)),
)
EXACT = " (exact)"
ORDER = ("Pharmacokinetics", "NMDA block", "Disinhibition and glutamate", "BDNF, mTORC1, protein", "Spines",
         "Inhibition", "Regions", "Knock-outs", "Patients", "Self-consistency", "Other")
DEFINITIONS = (
    ("pass",
     "kind value: the mean over seeds lies in the accepted range. up, down: at least 10 % of the reference "
     "and two standard errors (reference 0: at least 0.1). flat: within 10 % of the reference. zero: within "
     "3 points of 0. order: true in every seed."
     ),
    ("undecided",
     "the standard error exceeds a third of the half-width of what is accepted. Not counted as passed."),
    ("input", "put into the model and read back; shown, not counted."),
    ("must", "has to pass, whatever the count."),
    ("± SE",
     "standard error over seeds. It says how well the simulation is known, not how well the model is."),
    ("exact",
     "the same in every seed, so there is no spread to tell: pharmacokinetics, block of receptors in a bath "
     "and other equations without random numbers. It does not say that the number is true."),
    ("responder",
     "rated improvement at least 0.5 at the last visit at or before the time; after six infusions, 24 h "
     "after the last one."
     ),
    ("relapse",
     "the first of two visits in a row, one every three days, with a rated improvement below 0.25, in "
     "responders 24 h after the last infusion."
     ),
    ("response index",
     "a number inside the model, from potentiation and restored synapses. It is no clinical scale."),
    ("density difference",
     "100 (treated at t / treated in its first session − reference at t / reference in its first session), "
     "same dendrites, in points."
     ),
    ("excess",
     "the change of formation or elimination from the interval before the dose, less the same change of the "
     "reference."
     ),
)
FRAME = ("respine is a research and teaching tool about mechanisms. It is never medical advice and says "
         "nothing about any person.")
LIMITS = (
    "Some targets fed the fit, and many accepted ranges are two standard errors of a few animals, so "
    "agreement is weak evidence. Intervals of simulated curves show the random numbers, not the uncertainty "
    "of the parameters.")


def link_of(row_id):
    return next(name for name, starts in LINKS if row_id.startswith(starts))


def number(value):
    """Four digits, as the program prints them; a dash where there is none."""
    return "–" if value is None else f"{value:.4g}".replace("-", "−")


def unit(row):
    return "" if row["unit"] == "1" else {"uM": "µM"}.get(row["unit"], row["unit"])


def accepted(row):
    if row["low"] is not None:
        return f"{number(row['low'])} to {number(row['high'])}"
    return {"up": "up", "down": "down", "flat": "no change", "zero": "−3 to 3",
            "order": "holds"}.get(row["kind"], row["kind"])


def published(row):
    if row["published"] is not None:
        return number(row["published"])
    return (
        "direction only"
        if row["kind"] in ("up", "down", "flat", "zero") and wanted(row) == "published"
        else "–"
    )


def wanted(row):
    """Nobody published what the model owes to itself."""
    return "wanted" if link_of(row["id"]) == "Self-consistency" else "published"


def simulated(row):
    if row["kind"] == "order":
        return f"holds in {sum(v == 1 for v in row['by_seed'])} of {len(row['by_seed'])} seeds"
    rounding = 1e-12 * abs(row["mean"] or 0.0)  # equal in all seeds but for the last bits of a sum
    error = "" if row["error"] is None else f" ± {row['error']:.2g}" if row["error"] > rounding else EXACT
    against = (
        ""
        if row["low"] is not None or row["reference_mean"] is None
        else f" (reference {number(row['reference_mean'])})"
    )
    return number(row["mean"]) + error + against


def measured(row):
    """What and when, in which scenario, against which."""
    against = f" against {row['reference']}" if row["reference"] else ""
    return f"{row['observable']}; {row['scenario']}{against}"


def verdict_words(row):
    return {"pass": "pass", "MISS": "miss", "undecided": "undecided", "input": "input"}[row["verdict"]]


def why(row):
    """The reason below a row that does not pass."""
    if row["verdict"] not in ("MISS", "undecided"):
        return ""
    if row["reason"]:
        return row["reason"]
    if row["note"]:
        return row["note"]
    if row["verdict"] == "undecided":
        return ("the standard error over seeds is too large for this accepted range: more seeds, or a "
                "larger network, would decide it")
    return "no reason is written yet (configs/reference/reasons.yaml)"


def tally(rows):
    counted = [r for r in rows if r["verdict"] != "input"]
    must = [r for r in counted if r["must"]]
    return (sum(r["verdict"] == "pass"
                for r in counted), len(counted), sum(r["verdict"] == "pass" for r in must), len(must),
            sum(r["verdict"] == "undecided" for r in counted), len(rows) - len(counted))


def evidence_counts(rows):
    """How many of each kind of evidence pass, in words; kinds that no row has are left out."""
    parts = []
    for word, (title, _) in EVIDENCE.items():
        verdicts = [r["verdict"] for r in rows if r["evidence"] == word]
        if verdicts:
            parts.append(f"{title} {verdicts.count('pass')} of {len(verdicts)}")
    return ", ".join(parts) or "none"


def evidence_word(row):
    return row["evidence"].replace("_", " ")


def summary(v):
    passed, counted, must_passed, must, undecided, inputs = tally(v.rows)
    seeds = f"{len(v.seeds)} seed{'s' if len(v.seeds) != 1 else ''} of each scenario"
    quick = " Quick networks: a smoke test that decides little." if v.quick else ""
    return (
        f"{passed} of {counted} rows pass, {undecided} undecided; {must_passed} of {must} that must pass "
        f"do. By evidence: {evidence_counts(v.rows)}. {inputs} inputs are shown and not counted. {seeds}, "
        f"revision {', '.join(v.revisions())}.{quick}")


def size_words(size):
    parts = [
        f"{size['subjects']} subjects, each" if "subjects" in size else "", f"{size['neurons']:,} neurons"
    ]
    parts += [f"{size['synapses']:,} plastic synapses at the start"] if "synapses" in size else []
    parts += [f"{size['dendrites']} imaged dendrites"] if "dendrites" in size else []
    return " ".join(parts[:2]).strip() + "".join(", " + p for p in parts[2:])


def sizes(v):
    """Scenario, what a run of it holds, number of seeds."""
    return [(s, v.size(s), len(v.seeds)) for s in v.scenarios]
