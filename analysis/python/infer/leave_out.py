"""One study after the other left out, and predicted from the rest.

The predictions of all held-out rows, those of kind value in the unit of the row, are written and hashed
(predictions.json, predictions.sha256) before any is held against what was published; scoring reads the file
and refuses another one. Beside the posterior stand
the single best point of the same rows, with the tolerance as its only error, and a null model: no drug
effect, and survival as one exponential through the survival rows of the other studies.
"""

import hashlib
import json

import numpy as np
from scipy import stats

from likelihood import Likelihood
from parallel import over
from problem import AT_LEAST
from sampler import Target, sample

COVER = 0.90
DRAWS = 1000
LAWS = 200  # normal laws that a prediction is kept as
SURVIVAL = "survival"  # in the name of a quantity


def _unit(target):
    """Where z of a row is 0 and what 1 is: of kind value in its unit; else spreads from no change."""
    if target["kind"] == "value":
        return target["value"], (target["high"] - target["low"]) / 4
    return 0.0, 1.0


def _law(target, band, centre, spread):
    """A prediction in the unit of the row: its band, and the mixture of normal laws itself, for the score."""
    at, scale = _unit(target)
    low, median, high = (float(at + scale * z) for z in band)
    law = {
        "centre": [float(f"{at + scale * z:.8g}") for z in centre],
        "spread": [float(f"{scale * z:.8g}") for z in spread],
    }
    return {"low": low, "median": median, "high": high, **law}


def _predict(problem, target, x, rows, rng, model_error):
    """Of each held-out row: draws of z, or the probability of its direction, with all errors."""
    z, variance = target.rows(x)
    study, row = target.errors(x) if model_error else (np.zeros(len(x)), np.zeros(len(x)))
    noise = np.sqrt(1.0 + (variance + (row**2)[:, None] if model_error else 0.0 * variance))
    shared = rng.standard_normal(len(x))[:, None] * study[:, None]
    drawn = z + shared + noise * rng.standard_normal(z.shape)
    spread = np.sqrt(noise**2 + (study**2)[:, None])
    direction = stats.norm.cdf((z - AT_LEAST) / spread).mean(0)
    out = {}
    for k in rows:
        t = problem.targets[k]
        if problem.directed[k]:
            out[t["id"]] = {"probability": float(direction[k])}
        else:
            band = np.quantile(drawn[:, k], [(1 - COVER) / 2, 0.5, (1 + COVER) / 2])
            thin = np.linspace(0, len(z) - 1, min(len(z), LAWS)).astype(int)
            out[t["id"]] = _law(t, band, z[thin, k], spread[thin, k])
    return out


def _hours(target):
    """Of a row of survival: since the spines were seen [h]."""
    word = target["what"].split("survival")[1].split(" d")[0].split()[-1]
    return 24.0 * float(word)


def _null(problem, rows, train):
    """z of a model without a mechanism; nothing for rows that it says nothing of."""
    known = [
        (k, problem.targets[k]) for k in np.flatnonzero(train) if SURVIVAL in problem.targets[k]["what"]
    ]
    rate = None
    if known:
        hours = np.array([_hours(t) for _, t in known])
        value = np.array([t["value"] for _, t in known])
        rate = -(np.log(value) * hours).sum() / (hours**2).sum()
    out = {}
    for k in rows:
        t = problem.targets[k]
        at, scale = _unit(t)
        if SURVIVAL in t["what"]:
            if rate is None:
                continue
            z = (np.exp(-rate * _hours(t)) - at) / scale
        elif t["kind"] == "value" and not t["reference"]:
            continue
        else:
            z = -at / scale
        if problem.directed[k]:
            out[t["id"]] = {"probability": float(stats.norm.cdf(-AT_LEAST))}
        else:
            half = stats.norm.ppf((1 + COVER) / 2)
            out[t["id"]] = _law(t, [z - half, z, z + half], [z], [1.0])
    return out


def _without(shared, number):
    """Trains without a study: what that says of the study's rows, and the 90 % widths that it leaves."""
    problem, emulator = shared
    plan, held = problem.plan, problem.study == number
    rows = np.flatnonzero(held)
    target = Target(emulator, Likelihood(problem, emulator.correlation, use=~held), plan)
    chains = sample(
        target, plan, plan["seed"] * 1000 + 500 + number, chains=1, steps=min(1500, plan["steps"])
    )
    x, log = chains.thinned(DRAWS)
    rng = np.random.default_rng([plan["seed"], 500 + number])
    best = np.repeat(x[[log.argmax()]], DRAWS, 0)
    return {
        "study": problem.study_names[number],
        "posterior": _predict(problem, target, x, rows, rng, True),
        "best": _predict(problem, target, best, rows, rng, False),
        "null": _null(problem, rows, ~held),
    }, np.diff(np.quantile(chains.flat(), [0.05, 0.95], axis=0), axis=0)[0].tolist()


def predict_all(problem, emulator):
    """Freezes the predictions of every study from the others; the widths that each leaves, by its name."""
    names = problem.study_names
    got = over(
        _without,
        range(len(names)),
        shared=(problem, emulator),
        title=f"{problem.plan['name']}: leaving out",
    )
    text = json.dumps([prediction for prediction, _ in got], indent=1)
    with open(problem.path("predictions.json"), "w") as file:
        file.write(text)
    with open(problem.path("predictions.sha256"), "w") as file:
        file.write(hashlib.sha256(text.encode()).hexdigest() + "  predictions.json\n")
    return {name: widths for name, (_, widths) in zip(names, got)}


def _score(prediction, target):
    """Whether what was published lies in the band, or went that way, and its log density in its spread."""
    if "probability" in prediction:
        p = prediction["probability"]
        return p >= (1 - COVER), float(np.log(max(p, 1e-300)))
    published, scale = _unit(target)
    density = scale * stats.norm.pdf(published, prediction["centre"], prediction["spread"]).mean()
    return prediction["low"] <= published <= prediction["high"], float(np.log(max(density, 1e-300)))


def score(problem):
    """A list of studies: of each model the rows inside the band, how many it predicts, and the log scores;
    `common` counts the rows alone that all three predict."""
    with open(problem.path("predictions.json"), "rb") as file:
        text = file.read()
    with open(problem.path("predictions.sha256")) as file:
        frozen = file.read().split()[0]
    if hashlib.sha256(text).hexdigest() != frozen:
        raise SystemExit(
            f"{problem.path('predictions.json')}: error: is not the file that was frozen; "
            "remove it, and leave the studies out again"
        )
    out, by_id = [], {t["id"]: t for t in problem.targets}
    for study in json.loads(text):
        first = problem.targets[int(np.argmax(problem.study == problem.study_names.index(study["study"])))]
        entry = {"study": study["study"], "source": first["source"], "rows": len(study["posterior"])}
        for model in ("posterior", "best", "null"):
            scored = {k: _score(p, by_id[k]) for k, p in study[model].items()}
            common = [scored[k] for k in study["null"] if k in scored]
            entry[model] = {
                "inside": sum(s[0] for s in scored.values()),
                "of": len(scored),
                "log_score": sum(s[1] for s in scored.values()),
                "common_inside": sum(s[0] for s in common),
                "common_log_score": sum(s[1] for s in common),
            }
        entry["common"] = len(study["null"])
        out.append(entry)
    return {"sha256": frozen, "studies": out}
