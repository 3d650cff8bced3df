"""Which measurement would narrow a prediction most, and with how many animals.

Each member of the posterior stands for the truth in turn; an experiment measures it with the spread of its
animals over the root of their number, and the members are weighed by how well they fit that. What is left of
the prediction's variance, on average over the truths, is what the experiment leaves; the gain in information
is that of a normal law, ln(SD before / SD after).
"""

import json
import pathlib

import numpy as np
import pandas as pd

ANIMALS = 8  # in each of two groups, drug and vehicle
SHOWN = 15
NOISE, SHARE = np.polynomial.hermite_e.hermegauss(9)  # of a measurement, in its errors, and how probable
SHARE = SHARE / SHARE.sum()


def _columns(folder):
    """{(arm, outcome): values by member}."""
    table = pd.read_csv(folder / "results.csv")
    table.columns = [c.split(" [")[0] for c in table.columns]
    members = sorted(table["member"].unique())
    names = [c for c in table.columns if c not in _META]
    return {
        (arm, name): part.set_index("member")[name].reindex(members).to_numpy(float)
        for arm, part in table.groupby("arm")
        for name in names
    }


_META = {"point", "arm", "member", "replicate", "seed", "subject", "status", "message", "id"}


def left_over(prediction, effect, error):
    """Share of the prediction's SD that is left when `effect` is measured with this error, both by member."""
    apart = (effect[:, None] - effect) / error  # of the truth from each member
    left = 0.0
    for noise, share in zip(NOISE, SHARE):
        log = -0.5 * (apart + noise) ** 2
        weight = np.exp(log - log.max(1, keepdims=True))
        weight /= weight.sum(1, keepdims=True)
        variance = weight @ prediction**2 - (weight @ prediction) ** 2
        left += share * np.maximum(0, variance).mean()
    return float(np.sqrt(left / prediction.var()))


def _judge(columns, experiment, prediction):
    """The experiment with what it leaves; None where it measures nothing."""
    drug = columns.get((experiment["scenario"], experiment["outcome"]))
    vehicle = columns.get((experiment["vehicle"], experiment["outcome"]))
    if drug is None or vehicle is None:
        return None
    effect = drug - vehicle
    good = np.isfinite(effect) & np.isfinite(prediction)
    if good.sum() < 20 or effect[good].std() == 0:
        return None
    sd = experiment["spread"] * (abs(np.median(vehicle[good])) if experiment["relative"] else 1.0)
    error = sd * np.sqrt(2.0 / ANIMALS)
    if error <= 0:
        return None
    left = left_over(prediction[good], effect[good], error)
    low, high = np.quantile(effect[good], [0.05, 0.95])
    return {
        **experiment,
        "left": left,
        "information": float(-np.log(max(left, 1e-6))),
        "effect": [float(low), float(np.median(effect[good])), float(high)],
        "error": float(error),
    }


def design(folder):
    folder = pathlib.Path(folder)
    plan = json.loads((folder / "experiments.json").read_text())
    columns = _columns(folder)
    asked = plan["prediction"]
    prediction = columns[(asked["scenario"], asked["id"])]
    if asked["reference"]:
        prediction = prediction - columns[(asked["reference"], asked["id"])]
    judged = [j for e in plan["experiments"] if (j := _judge(columns, e, prediction))]
    judged.sort(key=lambda j: j["left"])
    low, mid, high = np.nanquantile(prediction, [0.05, 0.5, 0.95])
    found = {
        "prediction": {**plan["prediction"], "band": [float(low), float(mid), float(high)]},
        "animals": ANIMALS,
        "members": int(np.isfinite(prediction).sum()),
        "experiments": judged,
    }
    (folder / "design.json").write_text(json.dumps(found, indent=1) + "\n")
    (folder / "design.txt").write_text(_words(found))


def _words(found):
    p, best = found["prediction"], found["experiments"][0]
    unit = "" if p["unit"] == "1" else " " + p["unit"]
    lines = [
        f"{p['what']} is {p['band'][1]:.3g} [{p['band'][0]:.3g}, {p['band'][2]:.3g}]{unit} over "
        f"{found['members']} members; {best['readout']} at {best['time']} in {best['scenario']}, "
        f"{found['animals']} animals a group, would leave {100 * best['left']:.0f} % of its SD.",
        "",
        f"{'scenario':<34}{'read-out':<34}{'time':>7}{'effect 5-50-95 %':>28}{'error':>9}{'SD left':>9}"
        f"{'nats':>7}",
    ]
    for e in found["experiments"][:SHOWN]:
        effect = " / ".join(f"{v:.3g}" for v in e["effect"])
        lines.append(
            f"{e['scenario']:<34}{e['readout']:<34}{e['time']:>7}{effect:>28}{e['error']:>9.3g}"
            f"{100 * e['left']:>7.0f} %{e['information']:>7.2f}"
        )
    return "\n".join(lines) + "\n"
