"""The results of a study as its figures and its page want them: results.csv and analysis.json of `respine
study`.
"""
import csv
import json

import numpy as np


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
        self.parameters = [(p["label"], with_unit(p["key"], p["unit"]), p["unit"])
                           for p in self.analysis["parameters"]]
        self.outcomes = list(dict.fromkeys((r["outcome"], r["unit"]) for r in self.analysis["results"]))
        self.arms = list(dict.fromkeys(r["arm"] for r in self.analysis["results"]))

    def results(self, outcome):
        return [r for r in self.analysis["results"] if r["outcome"] == outcome]

    def column(self, arm, name):
        return np.array([number(r[name]) for r in self.rows if r["arm"] == arm])

    def words(self, arm, name):
        return [r[name] for r in self.rows if r["arm"] == arm]
