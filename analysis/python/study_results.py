"""The results of a study as its figures and its page want them: results.csv and analysis.json of `respine
study`.
"""
import csv
import json

import numpy as np
import versions


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
        path = folder / "analysis.json"
        self.analysis = json.loads(path.read_text())
        versions.need(path, ["respine-study-analysis"], self.analysis)
        self.rows = read_rows(folder)
        self.parameters = [(p["label"], with_unit(p["key"], p["unit"]), p["unit"])
                           for p in self.analysis["parameters"]]
        self.outcomes = list(dict.fromkeys((r["outcome"], r["unit"]) for r in self.analysis["results"]))
        self.arms = list(dict.fromkeys(r["arm"] for r in self.analysis["results"]))

    def label(self, key):
        return next((p["label"] for p in self.analysis["parameters"] if p["key"] == key), key)

    def arm_words(self):
        """"ketamine: mouse-ketamine-10mgkg. ", where the analysis says what its arms simulate."""
        arms = self.analysis.get("arms", [])
        return "".join(f"{a['name']}: {a['scenario']}. " for a in arms)

    def headline(self):
        """The outcome that moves most between points, as a sentence; without one where no outcome moves."""
        best = max((r for r in self.analysis["results"] if r.get("parameter_sd")),
                   key=lambda r: r["parameter_sd"] / max(r["seed_sd"] or 0.0, 1e-12), default=None)
        if best is None:
            return "No outcome differs between the points."
        column = self.column(best["arm"], with_unit(best["outcome"], best["unit"]))
        seen = column[np.isfinite(column)]
        unit = "" if best["unit"] in ("", "1") else " " + best["unit"]
        noise = (f"{best['parameter_sd'] / best['seed_sd']:.3g} times the SD between seeds"
                 if best["seed_sd"] else "seeds make no difference")
        labels = " and ".join(label for label, _, _ in self.parameters)
        return (f"{best['outcome']} moves most with {labels}: "
                f"from {seen.min():.3g} to {seen.max():.3g}{unit} "
                f"in the arm {best['arm']}, an SD between points of {noise}.")

    def results(self, outcome):
        return [r for r in self.analysis["results"] if r["outcome"] == outcome]

    def column(self, arm, name):
        return np.array([number(r[name]) for r in self.rows if r["arm"] == arm])

    def words(self, arm, name):
        return [r[name] for r in self.rows if r["arm"] == arm]
