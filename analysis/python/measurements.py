"""A user's own measurements, as `--targets` takes them, for figures: points with bars over the curves."""

import csv
import math
import sys

PETAB = {
    "observableId": "quantity",
    "simulationConditionId": "scenario",
    "measurement": "value",
    "noiseParameters": "sd",
}
HOURS = {"h": 1.0, "d": 24.0, "min": 1 / 60, "s": 1 / 3600}


def hours_of(text):
    """[h] of "5 d", or of a plain number, which is in hours; None for windows and sums."""
    try:
        return float(text)
    except ValueError:
        number, _, unit = text.strip().partition(" ")
        try:
            return float(number) * HOURS[unit]
        except (ValueError, KeyError):
            return None


def _row(line):
    """(quantity, hours, value, sd) of a value at a time that is held against nothing; else None."""
    row = {PETAB.get(key, key): value for key, value in line.items()}
    hours = hours_of(row["time"])
    if row.get("against") or (row.get("take") or "at") != "at" or hours is None:
        return None
    if row.get("count"):
        count, total = float(row["count"]), float(row["total"])
        share = (count + 0.5) / (total + 1)
        return row["quantity"], hours, count / total, math.sqrt(share * (1 - share) / total)
    return row["quantity"], hours, float(row["value"]), float(row["sd"])


def rows(path):
    """[(scenario, (quantity, hours, value, sd) or None for what no curve can be compared with)]."""
    with open(path, newline="", encoding="utf-8") as file:
        text = [line for line in file if line.strip() and not line.startswith("#")]
    if not text:
        sys.exit(f"{path}: error: holds no measurement")
    lines = csv.DictReader(text, delimiter="\t" if "\t" in text[0] else ",")
    columns = {PETAB.get(name, name) for name in lines.fieldnames}
    needed = ["quantity", "time", *(["count", "total"] if "count" in columns else ["value", "sd"])]
    if missing := [name for name in needed if name not in columns]:
        sys.exit(f"{path}: error: there is no column {', '.join(missing)}; a course has scenario, quantity, "
                 "time, value and sd (or count and total)")
    found = []
    for number, line in enumerate(lines, 1):
        try:
            row = _row(line)
        except (KeyError, TypeError, ValueError) as wrong:
            sys.exit(f"{path}: error: row {number} of the measurements: {wrong}; value and sd are numbers")
        found.append((line.get("scenario") or line.get("simulationConditionId") or "", row))
    return found


def read(path):
    """{quantity: [(hours, value, sd)]} of what a curve can be compared with."""
    points = {}
    for _, row in rows(path):
        if row:
            points.setdefault(row[0], []).append(row[1:])
    return points


def draw(axis, points, factor, scale, start, end):
    """Of one panel: times over `scale`, values times `factor`."""
    for hours, value, sd in points:
        if start <= hours <= end:
            axis.errorbar(
                hours / scale,
                factor * value,
                yerr=factor * sd,
                color="black",
                marker="o",
                ms=4,
                capsize=2,
                lw=1,
            )
