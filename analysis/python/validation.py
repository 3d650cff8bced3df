"""What the validation report is made from: the outcomes of `respine validate`, its run files, and the
published values.

Every number of the report is read here, from a file. The readers follow analysis/validate/observe.cpp; a
test holds them to its numbers.
"""
import csv
import json
import os
import pathlib
import re
import zlib

import h5py
import numpy as np

from survival import KaplanMeier
from versions import need_file, text


def mean_error(values):
    """Mean over seeds and its standard error (NaN for one seed), along the first axis."""
    values = np.asarray(values, float)
    error = (
        values.std(0, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.full(values.shape[1:], np.nan)
    )
    return values.mean(0), error


def read_literature(path):
    with open(path, encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(line for line in file if not line.startswith("#"))}


class Cohort:
    """A cohort file. Definitions as in the target table: a responder has a rated improvement of at least 0.5
    at the last visit at or before the time asked; relapse is the first of two visits in a row below 0.25,
    one every three days (twice a week), in responders 24 h after the last infusion. Files of before hold no
    rated improvement.
    """

    def __init__(self, path):
        with h5py.File(path, "r") as file:
            need_file(path, ["respine-cohort"], file)
            self.time = file["cohort/time"][:]
            cohort = file["cohort"]
            self.index = cohort["improvement" if "improvement" in cohort else "response_index"][:]
            self.severity = file["cohort/severity"][:]
            self.last_dose = float(file["meta"].attrs.get("last_dose_h", 0.0))

    def at(self, hours):
        return self.index[:, max(0, np.searchsorted(self.time, hours + 1e-9, side="right") - 1)]

    def responders(self, hours):
        return int((self.at(hours) >= 0.5).sum())

    def relapse(self):
        """Days from the last infusion to relapse or to the last visit, and which of the two it was;
        responders only.
        """
        days, event = [], []
        wanted = np.arange(self.last_dose + 72.0, self.time[-1] + 1e-9, 72.0)
        seen = np.unique(np.searchsorted(self.time, wanted + 1e-9, side="right") - 1)
        seen = seen[self.time[seen] > self.last_dose]
        time = self.time[seen]
        for row in self.index[self.at(self.last_dose + 24.0) >= 0.5][:, seen]:
            low = (row[:-1] < 0.25) & (row[1:] < 0.25)
            days.append(((time[:-1][low][0] if low.any() else self.time[-1]) - self.last_dose) / 24.0)
            event.append(bool(low.any()))
        return np.array(days), np.array(event, bool)


class Validation:
    def __init__(self, work, outcomes, reference, quick=False):
        with open(outcomes, encoding="utf-8") as file:
            self.rows = json.load(file)
        self.by_id = {row["id"]: row for row in self.rows}
        self.work, self.quick = work, quick
        self.seeds = list(range(1, 1 + max([row["seeds"] for row in self.rows], default=0)))
        self.literature = read_literature(os.path.join(reference, "literature.csv"))
        self._open = {}
        # Only what the asked rows need: the folder may hold runs of other parameters, which validate did not
        # look at.
        self.scenarios = sorted({row[k] for row in self.rows for k in ("scenario", "reference") if row[k]})

    def has(self, *scenarios):
        return all(s in self.scenarios for s in scenarios)

    def path(self, scenario, seed):
        # as sim/jobs/jobs.cpp names the runs of a user's file
        if "/" in scenario or scenario.endswith((".yaml", ".yml")):
            scenario = f"{pathlib.PurePath(scenario).stem}-{zlib.crc32(scenario.encode()):08x}"
        return os.path.join(self.work, f"{scenario}-{seed}.h5")

    def run(self, scenario, seed):
        path = self.path(scenario, seed)
        if path not in self._open:
            self._open[path] = h5py.File(path, "r")
            need_file(path, ["respine-run", "respine-cohort"], self._open[path])
        return self._open[path]

    def runs(self, scenario):
        return [self.run(scenario, seed) for seed in self.seeds]

    def cohorts(self, scenario):
        return [Cohort(self.path(scenario, seed)) for seed in self.seeds]

    def size(self, scenario):
        """What one run of the scenario holds, read from seed 1."""
        file = self.run(scenario, 1)
        told = text(file["meta"].attrs["scenario"])
        found = {"title": text(file["meta"].attrs["title"]), "revision": self.revision(file)}
        if "cohort" in file:
            found["subjects"] = int(file["cohort/subject"].size)
            found["neurons"] = int(re.search(r"neurons: (\d+)", told)[1])
        else:
            found["neurons"] = int(file["network/neuron"].size)
            found["synapses"] = int(file["history/synapses"][0])
        if "imaging" in file:
            found["dendrites"] = int(file["imaging/dendrite"].size)
        return found

    @staticmethod
    def revision(file):
        named = re.search(r"^revision (\S+)", text(file["meta"].attrs["build"]), re.MULTILINE)
        return named[1] if named else "unknown"

    def revisions(self):
        return sorted({self.revision(self.run(s, seed)) for s in self.scenarios for seed in self.seeds})

    # Time courses.

    def series(self, scenario, name):
        """Hours, and values by seed on the time axis of the first seed."""
        runs = self.runs(scenario)
        time = runs[0]["history/time"][:]
        return time, np.array([np.interp(time, r["history/time"][:], r["history/" + name][:]) for r in runs])

    def window_mean(self, scenario, name, start, end):
        """Mean of the rows inside a window [h], by seed."""
        time, values = self.series(scenario, name)
        return values[:, (time >= start) & (time <= end)].mean(1)

    def at(self, scenario, name, hours):
        time, values = self.series(scenario, name)
        return np.array([np.interp(hours, time, v) for v in values])

    def peak(self, scenario, name):
        time, values = self.series(scenario, name)
        return values[:, time >= 0].max(1)

    # The virtual microscope.

    def sessions(self, scenario):
        return self.run(scenario, self.seeds[0])["imaging/session"][:] / 24.0

    def density_difference(self, scenario, reference):
        """Days of the sessions that both have, and points by seed: 100 (treated_t/treated_first −
        reference_t/reference_first).
        """
        days = np.intersect1d(self.sessions(scenario), self.sessions(reference))

        def relative(file):
            seen = (
                file["imaging/density"][:]
                .astype(float)
                .sum(1)[np.isin(file["imaging/session"][:] / 24.0, days)]
            )
            return 100.0 * seen / seen[0]

        return days, np.array(
            [relative(a) - relative(b) for a, b in zip(self.runs(scenario), self.runs(reference))]
        )

    def interval_excess(self, scenario, reference, field):
        """Ends of the intervals [d], and by seed the change of formation or elimination against the interval
        before the dose, less the same change of the reference.
        """
        days = self.sessions(scenario)
        before = int(np.flatnonzero(days == -1.0)[0])

        def change(file):
            mean = np.nanmean(file["imaging/" + field][:].astype(float), axis=1)
            return mean - mean[before]
        both = np.array([change(a) - change(b) for a, b in zip(self.runs(scenario), self.runs(reference))])
        return days[before:], both[:, before + 1:]

    def spines_seen(self, file):
        """One set of spines (dendrite, place) a session, by day."""
        imaging = file["imaging"]
        spine = imaging["seen_dendrite"][:].astype(
            np.uint64) << np.uint64(32) | imaging["seen_place"][:].astype(np.uint64)
        session = imaging["seen_session"][:]
        return {
            float(day): np.unique(spine[session == k]) for k, day in enumerate(imaging["session"][:] / 24.0)
        }

    def new_spine_survival(self, scenario):
        """Days after first seen, and by seed the share still seen of the spines that were new between day 0
        and day 2.
        """
        days, shares = [], []
        for file in self.runs(scenario):
            seen = self.spines_seen(file)
            fresh = np.setdiff1d(seen[2.0], seen[0.0])
            days = [d - 2.0 for d in seen if d >= 2.0]
            shares.append([np.isin(fresh, seen[d + 2.0]).mean() for d in days])
        return np.array(days), np.array(shares)

    # Patients.

    def relapse_curve(self, scenario):
        """All seeds together: subjects of different seeds are drawn independently."""
        parts = [c.relapse() for c in self.cohorts(scenario)]
        return KaplanMeier(np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))
