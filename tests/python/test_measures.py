"""One number of a run: each take against NumPy on the same file, wrong words, and the same number by
validate, compare, study and Python.
"""

import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import module_case
import numpy as np
import respine
from respine import _core

sys.path.insert(0, str(pathlib.Path(os.environ["RESPINE_SOURCE"]) / "analysis" / "python"))
from survival import KaplanMeier  # noqa: E402

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
RESPINE = os.environ["RESPINE"]
DOSED = """name: dosed
model: mouse
start: -1 d
duration: 4 d
stress: {severity: 1}
network: {kind: sheet, neurons: 120, synapses_per_neuron: 24}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 6 h}
record: {history: 15 min, snapshots: [3 d]}
imaging: {sessions: [-18 h, 6 h, 30 h, 54 h, 66 h], dendrites: 40}
"""
PLAIN = DOSED.replace("name: dosed", "name: plain").replace(
    "{drug: ketamine, route: ip, dose: 10 mg/kg, at: 6 h}",
    "{drug: placebo, route: window, for: 1 min, at: 0 h}")
ZERO = 6.0  # [h] of the dose
TRUTHS = {"descending", "falls_before_peak", "late_rise"}


def run(*words, folder, code=0, env=None):
    done = subprocess.run([RESPINE, *map(str, words)], cwd=folder, capture_output=True, text=True,
                          timeout=300, check=False, env={**os.environ, **(env or {})})
    assert done.returncode == code, done.stdout + done.stderr
    return done


class Line:
    """A series by NumPy, on the clock whose 0 is the dose."""

    def __init__(self, path, name, zero=ZERO):
        with h5py.File(path) as file:
            self.time = file["history/time"][()] - zero
            self.value = file[f"history/{name}"][()].astype(float)

    def at(self, hours):
        return np.interp(hours, self.time, self.value)

    def inside(self, first, last):
        return (self.time >= first - 1e-9) & (self.time <= last + 1e-9)

    def area(self, first, last):
        time = np.concatenate([[first], self.time[(self.time > first) & (self.time < last)], [last]])
        return np.trapz(self.at(time), time)


class Measures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        for name, text in (("dosed", DOSED), ("plain", PLAIN)):
            (cls.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
            run("run", f"{name}.yaml", "-q", "--set", "seed=1", "-o", f"{name}.h5", folder=cls.folder)
        run("run", "human-iv-cohort", "-q", "-o", "cohort.h5", "--set", "cohort.subjects=5", "--set",
            "network.neurons=60", "--set", "network.synapses_per_neuron=12", "--set", "duration=12 d",
            folder=cls.folder)

    def value(self, *words, file="dosed.h5", reference=""):
        with respine.open_run(self.folder / file) as opened:
            return opened.measure(*words, reference=reference and self.folder / reference).value

    def numbers(self):
        """Words, and what NumPy makes of the same file."""
        bdnf, pv = (Line(self.folder / "dosed.h5", name) for name in ("bdnf", "rate_pv"))
        day = bdnf.inside(0, 24)
        peak, when = bdnf.value[day].max(), bdnf.time[day][bdnf.value[day].argmax()]
        half = np.flatnonzero(bdnf.inside(0, 72) & (bdnf.value >= 0.5 * bdnf.value[bdnf.inside(0, 72)].max()))
        level = 0.5 * (bdnf.at(0) + peak)
        fine = np.linspace(0, when, 200001)
        least = pv.value[day].min()
        last = bdnf.time[-1]
        middle = 0.5 * (bdnf.value[1:] + bdnf.value[:-1]) >= 0.5 * bdnf.value[bdnf.inside(0, last)].max()
        return [
            (("bdnf", "at", "5 h"), bdnf.at(5)),
            (("bdnf", "at", "12 h since time_0"), bdnf.at(6)),
            (("bdnf", "last"), bdnf.value[-1]),
            (("bdnf", "mean", "1 h to 7 h"), bdnf.area(1, 7) / 6),
            (("bdnf", "mean", "-12 h to 0 h since end"), bdnf.area(last - 12, last) / 12),
            (("bdnf", "area", "to 1 d"), bdnf.area(0, 24)),
            (("bdnf", "area", "to 1 d", "before"), bdnf.area(0, 24) - 24 * bdnf.at(-1e-6)),
            (("bdnf", "peak", "to 1 d"), peak),
            (("bdnf", "peak", "to next_dose since dose 1"), bdnf.value[bdnf.inside(0, last)].max()),
            (("bdnf", "peak", "to 1 d", "before"), peak - bdnf.at(-1e-6)),
            (("rate_pv", "least", "to 1 d"), least),
            (("bdnf", "time_of_peak", "to 1 d"), when),
            (("bdnf", "time_of_peak", "0 h to end since time_0"), when + ZERO),
            (("rate_pv", "time_of_least", "to 1 d"), pv.time[day][pv.value[day].argmin()]),
            (("bdnf", f"first_above {level}", "to 1 d"), fine[np.argmax(bdnf.at(fine) >= level)]),
            (("rate_pv", f"first_below {pv.at(0) + 1}", "to 1 d"), 0.0),
            (("bdnf", f"reaches {level}", "to 1 d"), 1.0),
            (("bdnf", "reaches 99", "to 1 d"), 0.0),
            (("brain_ketamine", "reaches 900 mM"), 0.0),
            (("synapses", "change", "0 h to 2 d"), Line(self.folder / "dosed.h5", "synapses").at(48)
             - Line(self.folder / "dosed.h5", "synapses").at(0)),
            (("bdnf", "time_of_half_peak"), bdnf.time[half[0]]),
            (("bdnf", "time_above_half_peak"),
             np.diff(bdnf.time)[middle & (bdnf.time[:-1] >= 0)].sum()),
            (("max(bdnf, 0 h, 24 h) / area(bdnf, 1 h, 7 h) * 1 h", "value"), peak / bdnf.area(1, 7)),
            (("at(bdnf, 5 h) - 1", "value"), bdnf.at(5) - 1),
            (("bdnf", "at", "5 h", "share of peak"), bdnf.at(5) / bdnf.value[bdnf.inside(0, last)].max()),
            (("bdnf", "at", "5 h", "percent of 0 h"), 100 * bdnf.at(5) / bdnf.at(0)),
            (("bdnf", "at", "5 h", "percent above 0 h"), 100 * (bdnf.at(5) / bdnf.at(0) - 1)),
            (("nmda_block_sst nmda_block_pv nmda_block_e", "descending", "30 min"), 1.0),
            (("nmda_block_e nmda_block_sst", "descending", "30 min"), 0.0),
        ]

    def test_each_take_is_what_numpy_reads_off_the_same_file(self):
        taken = {"median", "lower_quartile", "upper_quartile", *TRUTHS}  # these have tests of their own
        for words, wanted in self.numbers():
            with self.subTest(words):
                np.testing.assert_allclose(self.value(*words), wanted, rtol=1e-5, atol=1e-6)
            taken.add(words[1].split()[0])
        self.assertEqual(taken, set(_core.measures()["takes"]))

    def test_another_run_is_read_in_the_window_of_the_dose(self):
        dosed, plain = (Line(self.folder / f"{name}.h5", "synapses") for name in ("dosed", "plain"))
        both = {"reference": "plain.h5"}
        wanted = dosed.at(48), plain.at(48)
        for against, number in (("reference", wanted[0] - wanted[1]),
                                ("share of reference", wanted[0] / wanted[1]),
                                ("percent above reference", 100 * (wanted[0] / wanted[1] - 1))):
            np.testing.assert_allclose(self.value("synapses", "at", "48 h", against, **both), number,
                                       rtol=1e-6)
        gain = dosed.value - plain.at(dosed.time)
        inside = dosed.inside(0, 72)
        np.testing.assert_allclose(self.value("synapses - reference", "peak", **both), gain[inside].max())
        np.testing.assert_allclose(self.value("synapses - reference", "at", "48 h", "share of peak", **both),
                                   (wanted[0] - wanted[1]) / gain[inside].max(), rtol=1e-6)
        rate = [Line(self.folder / f"{name}.h5", "formation_rate") for name in ("dosed", "plain")]
        early, late = (rate[0].area(*w) / rate[1].area(*w) for w in ((3, 6), (12, 24)))
        self.assertEqual(self.value("formation_rate", "late_rise", **both),
                         float(abs(early - 1) <= 0.1 and late >= 1.2))
        pv, e = (Line(self.folder / "dosed.h5", name) for name in ("rate_pv", "rate_e"))
        fallen = pv.time[(pv.time > 0) & (pv.value < 0.95 * pv.at(-1e-6))]
        top = e.time[e.inside(0, 72)][e.value[e.inside(0, 72)].argmax()]
        self.assertEqual(self.value("rate_pv rate_e", "falls_before_peak"),
                         float(fallen.size > 0 and fallen[0] < top))

    def test_imaging_is_read_in_its_sessions_alone(self):
        with h5py.File(self.folder / "dosed.h5") as file:
            density, formation = (file[f"imaging/{name}"][()].astype(float)
                                  for name in ("density", "formation"))
            seen = [set() for _ in density]
            for k, place in zip(file["imaging/seen_session"][()], zip(file["imaging/seen_dendrite"][()],
                                                                      file["imaging/seen_place"][()])):
                seen[k].add(place)
            width = file["imaging/head_width_ratio"][()]
        total, fresh, around = density.sum(axis=1), seen[3] - seen[1], seen[2] - seen[0]
        for words, wanted in ((("imaging_density", "at", "1 d"), 100 * total[2] / total[0]),
                              (("imaging_density", "last"), 100 * total[-1] / total[0]),
                              (("imaging_formation", "at", "1 d"), np.nanmean(formation[2])),
                              (("imaging_formation", "change", "0 h to 1 d"),
                               np.nanmean(formation[2]) - np.nanmean(formation[1])),
                              (("imaging_gained", "at", "2 d"), 100 * len(seen[3] - seen[1]) / len(seen[1])),
                              (("imaging_lost", "at", "2 d"), 100 * len(seen[1] - seen[3]) / len(seen[1])),
                              (("imaging_new_survival", "at", "60 h"), len(fresh & seen[4]) / len(fresh)),
                              (("imaging_dose_survival", "at", "60 h"), len(around & seen[4]) / len(around)),
                              (("imaging_head_width", "at", "1 d"), width[2]),
                              (("imaging_density", "at", "20 h"), np.nan)):
            with self.subTest(words):
                np.testing.assert_allclose(self.value(*words), wanted, rtol=1e-6)

    def test_a_cohort_has_visits_and_subjects(self):
        with h5py.File(self.folder / "cohort.h5") as file:
            time, response = file["cohort/time"][()], file["cohort/improvement"][()]
            last = file["meta"].attrs["last_dose_h"]
        visit = np.flatnonzero(time <= 24)[-1]
        self.assertEqual(self.value("responders", "at", "24 h", file="cohort.h5"),
                         100 * np.mean(response[:, visit] >= 0.5))
        asked = response[:, np.flatnonzero(time <= last + 24)[-1]] >= 0.5
        visits = [np.flatnonzero(time <= t)[-1] for t in np.arange(last + 72, time[-1] + 1e-9, 72)]
        days = []
        for row in response[asked]:
            low = [k for k, after in zip(visits, visits[1:]) if max(row[k], row[after]) < 0.25]
            days.append((time[low[0]] - last) / 24 if low else np.inf)
        end = (time[-1] - last) / 24
        curve = KaplanMeier([min(d, end) for d in days], np.isfinite(days))
        for take, left in (("lower_quartile", 0.75), ("median", 0.5), ("upper_quartile", 0.25)):
            wanted = curve.quantile(left) if days else np.nan
            np.testing.assert_equal(self.value("days_to_relapse", take, file="cohort.h5"), wanted)
        with self.assertRaisesRegex(respine.UsageError, "is no quantity of a run"):
            self.value("responders", "last")

    def test_wrong_words_are_told_together_with_what_may_stand_there(self):
        with self.assertRaises(respine.UsageError) as told:
            self.value("bdnv", "peek", "soon", "befor")
        for part in ("quantity: there is no quantity 'bdnv'; did you mean 'bdnf'? (one of: ",
                     "take: there is no take 'peek'; did you mean 'peak'? (one of: at, last, ",
                     "against: there is nothing 'befor' to be held against; did you mean 'before'?"):
            self.assertIn(part, str(told.exception))
        for words, part in ((("bdnf", "at"), "time: 'at' wants one time, such as 24 h, got ''"),
                            (("bdnf", "at", "soon"), "'soon' is no time"),
                            (("bdnf", "at", "40"), "'40' is no time"),
                            (("bdnf", "peak", "5 h"), "'peak' wants a window"),
                            (("bdnf", "peak", "6 h to 5 h"), "from must lie before to"),
                            (("bdnf", "peak", "to 1 d since last_dos"), "did you mean 'last_dose'?"),
                            (("bdnf", "last", "5 h"), "'last' wants no time"),
                            (("bdnf", "first_above", "to 1 d"), "wants a level behind it"),
                            (("bdnf", "peak 5", "to 1 d"), "'peak' has no level"),
                            (("bdnf rate_e", "peak"), "'peak' is taken of one quantity, got 2"),
                            (("bdnf", "descending", "1 h"), "two quantities or more"),
                            (("imaging_density", "mean", "to 1 d"), "known in imaging sessions (one of: "),
                            (("bdnf", "time_of_peak", "", "peak"), "is no value of the quantity"),
                            (("bdnf", "at", "5 h", "reference"), "reference: is needed")):
            with self.subTest(words), self.assertRaises(respine.UsageError) as told:
                self.value(*words)
            self.assertIn(part, str(told.exception))

    def test_one_measure_gives_one_number_everywhere(self):
        words = {"glutamate": ("glutamate", "at", "4 h", ""), "clustering": ("clustering", "last", "", ""),
                 "density": ("imaging_density", "at", "1 d", "reference")}
        python = {name: self.value(*w, reference="plain.h5") for name, w in words.items()}
        configs = self.folder / "configs"
        shutil.copytree(SOURCE / "configs", configs)
        with open(configs / "reference/targets.csv", "a", encoding="utf-8", newline="") as file:
            for name, w in words.items():
                runs = self.folder / "dosed.yaml", self.folder / "plain.yaml"
                rule = "value", 1, 0, 2, "points", "", "", "A", "fitted", ""
                csv.writer(file).writerow([name, *runs, name, *w, *rule])
        told = run("validate", "-q", "--json", "--seeds", 1, "--work", "work", "--only", *words,
                   folder=self.folder, env={"RESPINE_CONFIGS": str(configs)}).stdout
        validate = {row["id"]: row["by_seed"][0] for row in json.loads(told)}
        told = run("compare", "dosed.h5", "plain.h5", "--reference", "plain.h5", "--json",
                   folder=self.folder).stdout
        titles = {"glutamate at 4 h": "glutamate", "clustering": "clustering",
                  "density difference day 1": "density"}
        compare = {titles[row["name"]]: row["arms"]["dosed"]["mean"] for row in json.loads(told)["measures"]
                   if row["name"] in titles}
        outcomes = "".join(
            f"  - {{name: {name}, quantity: {w[0]}, take: {w[1]}" + (f", time: {w[2]}" if w[2] else "")
            + (", against: plain" if w[3] else "") + "}\n" for name, w in words.items())
        (self.folder / "study.yaml").write_text(
            "name: same\nscenario: dosed.yaml\narms:\n  - {name: dosed}\n"
            f"  - {{name: plain, scenario: plain.yaml}}\noutcomes:\n{outcomes}", encoding="utf-8")
        run("study", "run", "study.yaml", "-q", folder=self.folder)
        with open(self.folder / "study-same/results.csv", encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file))
        study = {name.split()[0]: float(value) for name, value in row.items() if name.split()[0] in words}
        self.assertEqual(validate, python)
        self.assertEqual(compare, python)
        for name, value in study.items():  # read while the run goes, before the file rounds it
            self.assertAlmostEqual(value, python[name], delta=1e-6 * abs(python[name]), msg=name)
        self.assertEqual(set(study), set(words))

    def test_the_page_lists_all_the_words(self):
        page = (SOURCE / "docs/read-files.md").read_text(encoding="utf-8")
        section = page.split("## One number of a run")[1].split("\n## ")[0]
        rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
        named = {word.split()[0].rstrip("*") for row in rows for word in re.findall(r"`([^`]+)`", row)}
        words = _core.measures()
        self.assertEqual(named, set(words["takes"]) | set(words["quantities"]))


if __name__ == "__main__":
    unittest.main()
