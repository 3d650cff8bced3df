"""Windows count from the real first dose, wherever it stands on the clock of the scenario; outcomes are read
at every step of a run.
"""

import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import h5py

RESPINE = os.environ["RESPINE"]
SMALL = {"network.neurons": "60", "network.synapses_per_neuron": "12", "record.snapshots": "[]"}
DOSE = "[{drug: ketamine, route: iv, dose: 10 mg/kg, over: 1 h, at: %s}]"


class FirstDose(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def respine(self, *words, code=0):
        done = subprocess.run([RESPINE, *words], cwd=self.folder, capture_output=True, text=True, check=False,
                              timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def run_file(self, output, scenario, **settings):
        words = [w for k, v in {**SMALL, **settings}.items() for w in ("--set", f"{k}={v}")]
        self.respine("run", scenario, "-q", "--force", "-o", output, *words)
        return self.folder / output

    def study(self, text, *words, code=0, work="work"):
        (self.folder / "study.yaml").write_text(text, encoding="utf-8")
        done = self.respine("study", "run", "study.yaml", "--work", work, "-q", "--jobs", "1", *words,
                            code=code)
        if code != 0 or "--dry-run" in words:
            return done
        with open(self.folder / work / "results.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


HEAD = """name: first-dose
scenario: mouse-ketamine-10mgkg
set:
  start: -2 d
  duration: 6 d
  network.neurons: 60
  network.synapses_per_neuron: 12
  record: {history: %s, snapshots: []}
  imaging: {sessions: [-1 d, 1 d], dendrites: 20}
"""
OUTCOMES = """outcomes:
  - {name: peak, of: bdnf, take: peak, to: 12 h}
  - {name: when, of: bdnf, take: time_of_peak, to: 12 h}
  - {name: area, of: bdnf_excess, take: area, to: 1 d}
"""


class Studies(FirstDose):
    def test_windows_follow_the_dose(self):
        rows = self.study(HEAD % "5 min" + f'  treatments: {DOSE % "0 h"}\n' + """design: {kind: grid}
parameters:
  - {key: treatments.0.at, label: start, unit: h, values: ["-12 h", "0 h", "2 d"]}
""" + OUTCOMES)
        for key in ("peak [fold]", "when [h]", "area [fold h]"):
            values = [float(r[key]) for r in rows]
            # synapses differ from day to day
            self.assertLess(max(values) - min(values), 0.15 * max(values), f"{key}: {values}")
        self.assertGreater(float(rows[0]["peak [fold]"]), 1.1)

    def test_absolute_time_stays_available(self):
        text = (
            HEAD % "5 min" + f'  treatments: {DOSE % "2 d"}\n' + OUTCOMES + "  - {name: hour, of: bdnf, "
            "take: time_of_peak, since: time_0, from: -2 d}\n"
        )
        row = self.study(text)[0]
        self.assertAlmostEqual(float(row["hour [h]"]), 48.0 + float(row["when [h]"]), places=6)

    def test_an_arm_without_a_drug_is_read_in_the_same_window(self):
        rows = self.study(HEAD % "5 min" + """arms:
  - {name: ketamine, set: {treatments: %s}}
  - {name: vehicle, set: {treatments: [{drug: placebo, route: window, for: 1 h, at: 0 h}]}}
outcomes:
  - {name: density, of: spine_density, take: at, at: 1 d}
  - {name: density_abs, of: spine_density, take: at, at: 3 d, since: time_0}
""" % (DOSE % "2 d"))
        vehicle = next(r for r in rows if r["arm"] == "vehicle")
        self.assertEqual(vehicle["density [%]"], vehicle["density_abs [%]"])

    def test_one_reference_for_doses_at_several_times_is_refused(self):
        text = HEAD % "5 min" + f"""arms:
  - {{name: early, set: {{treatments: {DOSE % "12 h"}}}}}
  - {{name: late, set: {{treatments: {DOSE % "1 d"}}}}}
  - {{name: vehicle, set: {{treatments: []}}}}
outcomes:
  - {{name: gain, of: spine_density, take: at, at: 1 d, against: vehicle}}
"""
        self.assertIn("the first dose is at 12 h in 'early' and at 1 d in 'late'",
                      self.study(text, code=2).stderr)
        self.study(text.replace("at: 1 d, against", "at: 2 d, since: time_0, against"))

    def test_the_last_moment_of_a_run_can_be_read(self):
        text = HEAD.replace("duration: 6 d",
                            "duration: 3 d") % "5 min" + f'  treatments: {DOSE % "20 min"}\n' + """outcomes:
  - {name: last, of: bdnf, take: at, at: 23.67 h}
  - {name: whole, of: bdnf, take: mean, to: 23.67 h}
"""
        row = self.study(text)[0]
        self.assertTrue(row["last [fold]"] and row["whole [fold]"], row)

    def test_a_level_is_read_in_its_own_unit(self):
        text = HEAD % "5 min" + """outcomes:
  - {name: plain, of: spine_density, take: first_above, level: 85}
  - {name: percent, of: spine_density, take: first_above, level: 85 %}
  - {name: never, of: spine_density, take: reaches, level: 200 %}
  - {name: brain, of: brain_ketamine, take: first_above, level: 0.5}
  - {name: nano, of: brain_ketamine, take: first_above, level: 500 nM}
"""
        row = self.study(text)[0]
        self.assertGreater(float(row["plain [h]"]), 0.5)
        self.assertEqual((row["plain [h]"], row["never"], row["brain [h]"]),
                         (row["percent [h]"], "0", row["nano [h]"]))
        told = self.study(text.replace("500 nM", "500 mg"), code=2).stderr
        self.assertIn("outcome 'nano': level is in mg, but 'brain_ketamine' is in uM", told)

    def test_a_response_that_is_not_defined_is_no_share(self):
        text = HEAD % "5 min" + """  stress.severity: 0
outcomes:
  - {name: responds, of: response_index, take: reaches, level: 0.5}
"""
        self.assertEqual(self.study(text)[0]["responds"], "")

    def test_check_refuses_what_a_run_would(self):
        (self.folder / "study.yaml").write_text(
            HEAD % "5 min" + "outcomes:\n  - {name: late, of: bdnf, take: at, at: 40 d}\n", encoding="utf-8")
        self.assertIn("outcome 'late'", self.respine("check", "study.yaml", code=2).stderr)

    def test_what_a_scenario_leaves_out_is_told(self):
        text = (HEAD % "5 min").replace("  imaging: {sessions: [-1 d, 1 d], dendrites: 20}\n",
                                        "") + "outcomes:\n  - {name: peak, of: bdnf, take: peak}\n"
        (self.folder / "study.yaml").write_text(text, encoding="utf-8")
        self.assertIn("imaging sessions", self.respine("study", "run", "study.yaml", "--jobs", "1").stderr)

    def test_the_record_does_not_decide_what_is_read(self):
        found = []
        for history in ("1 min", "1 h", "1 d"):
            text = (
                HEAD % history + f'  treatments: {DOSE % "0 h"}\n' + OUTCOMES + "  - {name: rises, of: "
                "bdnf, take: first_above, level: 1.05, to: 1 d}\n"
            )
            row = self.study(text, work="work-" + history.replace(" ", "-"))[0]
            found.append([row[k] for k in row if k.endswith("]")])
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])

    def test_what_no_run_can_give_is_refused_before_any_runs(self):
        bad = """outcomes:
  - {name: seen, take: imaging_density, at: 4 d}
  - {name: late, of: bdnf, take: at, at: 30 d}
  - {name: window, of: bdnf, take: peak, from: 10 d, to: 20 d}
  - {name: product, of: bdnf*2, take: peak}
  - {name: other, of: brain_memantine, take: peak}
"""
        for words in ([], ["--dry-run"]):
            told = self.study(HEAD % "5 min" + bad, *words, code=2).stderr
            for name in ("seen", "late", "window", "product", "other"):
                self.assertIn(f"outcome '{name}'", told)
            self.assertIn("there is no imaging session at 96 h", told)
            self.assertFalse(list(self.folder.glob("work/*.csv")))

    def test_what_a_part_of_the_points_lacks_is_told(self):
        text = HEAD % "5 min" + """design: {kind: grid}
parameters:
  - {key: duration, values: [4 d, 6 d]}
outcomes:
  - {name: late, of: bdnf, take: at, at: 3 d}
"""
        (self.folder / "study.yaml").write_text(text, encoding="utf-8")
        told = self.respine("study", "run", "study.yaml", "--jobs", "1").stderr
        self.assertIn("outcome 'late' stays blank in 1 of 2", told)


class Runs(FirstDose):
    def compare(self, *words, code=0):
        done = self.respine("compare", *words, code=code)
        return json.loads(done.stdout) if code == 0 and "--json" in words else done

    def test_compare_reads_since_the_dose(self):
        for name, at in (("before", "-12 h"), ("zero", "0 h"), ("after", "2 d")):
            self.run_file(f"{name}.h5", "mouse-ketamine-10mgkg", name=name, start="-1 d", duration="4 d",
                          treatments=DOSE % at, **{"imaging.sessions": "[]"})
        table = self.compare("before.h5", "zero.h5", "after.h5", "--json")
        for measure in ("plasma_ketamine peak", "bdnf peak", "bdnf time of peak", "bdnf area over 24 h"):
            row = next(m for m in table["measures"] if m["name"] == measure)["arms"]
            values = [row[name]["mean"] for name in ("before", "zero", "after")]
            self.assertLess(max(values) - min(values), 0.15 * max(values), f"{measure}: {values}")

    def test_a_run_may_begin_after_time_zero(self):
        run = self.run_file("late.h5", "mouse-ketamine-10mgkg", start="1 d", duration="2 d",
                            treatments=DOSE % "2 d", **{"imaging.sessions": "[]"})
        with h5py.File(run) as file:
            self.assertEqual(file["history/time"][0], 24.0)
            self.assertNotIn("first dose", file["history/time"].attrs["long_name"].decode())

    def test_a_cohort_says_when_its_first_dose_was(self):
        run = self.run_file(
            "cohort.h5", "human-iv-cohort", **{
                "cohort.subjects": "2", "start": "-1 d", "duration": "3 d", "treatments.0.at": "1 d",
                "record.history": "6 h"
            })
        with h5py.File(run) as file:
            self.assertEqual(file["meta"].attrs["first_dose_h"], 24.0)

    def test_every_dose_has_its_window(self):
        self.run_file("six.h5", "mouse-ketamine-10mgkg", start="-1 h", duration="4 d",
                      treatments=DOSE % "[0 d, 1 d, 2 d]", **{"imaging.sessions": "[]"})
        table = self.compare("six.h5", "--json")
        peaks = {
            m["name"]: next(iter(m["arms"].values()))["mean"] for m in table["measures"]
            if m["name"].startswith("rate_sst least, dose")
        }
        self.assertEqual(sorted(peaks), [f"rate_sst least, dose {k}" for k in (1, 2, 3)])
        times = [
            next(iter(m["arms"].values()))["mean"] for m in table["measures"]
            if m["name"].startswith("brain_ketamine time of peak")
        ]
        self.assertEqual(len(times), 3)
        self.assertTrue(all(0.5 < t < 1.5 for t in times), times)
        self.assertIn("the first and the last are shown", self.compare("six.h5").stdout)

    def test_replicates_differ_in_the_seed_alone(self):
        short = {"start": "-1 h", "duration": "12 h", "imaging.sessions": "[]"}
        for seed in ("1", "2", "3"):
            self.run_file(f"k{seed}.h5", "mouse-ketamine-10mgkg", seed=seed, **short)
            self.run_file(f"v{seed}.h5", "mouse-vehicle", seed=seed, **short)
        self.run_file("high.h5", "mouse-ketamine-10mgkg", **short, **{"treatments.0.dose": "30 mg/kg"})
        table = self.compare("k1.h5", "k2.h5", "k3.h5", "high.h5", "v1.h5", "v2.h5", "v3.h5", "--reference",
                             "v1.h5", "--json")
        self.assertEqual(
            table["arms"],
            [
                "mouse-vehicle", "mouse-ketamine-10mgkg [dose: 10 mg/kg]",
                "mouse-ketamine-10mgkg [dose: 30 mg/kg]"
            ],
        )
        cell = next(m for m in table["measures"] if m["name"] == "rate_sst least")["arms"][table["arms"][1]]
        self.assertEqual((cell["n"], cell["df"]), (3, 2))
        self.assertLess(cell["ci95"][0], cell["difference"])
        self.assertLess(cell["difference"], 0.0, "interneurons fall silent")
        self.assertNotIn("z", cell)
        (self.folder / "copy.h5").write_bytes((self.folder / "k1.h5").read_bytes())
        self.assertIn("are the same run", self.compare("k1.h5", "copy.h5", code=2).stderr)
        self.assertIn(
            "is the name of 2 arms",
            self.compare("k1.h5", "high.h5", "v1.h5", "--reference", "mouse-ketamine-10mgkg", code=2).stderr)

    def test_arms_keep_apart_when_what_differs_is_too_long_to_show(self):
        for name, last in (("a", "10 h"), ("b", "11 h")):
            times = ", ".join(f"{k} min" for k in range(30)) + f", {last}"
            self.run_file(f"{name}.h5", "mouse-vehicle", start="-1 h", duration="13 h",
                          **{"imaging.sessions": "[]", "record.snapshots": f"[{times}]"})
        table = self.compare("a.h5", "b.h5", "--reference", "a.h5", "--json")
        self.assertEqual(len(set(table["arms"])), 2, table["arms"])
        self.assertEqual(len(table["measures"][0]["arms"]), 2)

    def test_imaging_is_compared_over_one_interval(self):
        common = {"start": "-2 d", "duration": "5 d", "treatments": DOSE % "1 d"}
        self.run_file("k.h5", "mouse-ketamine-10mgkg", **common, **{"imaging.sessions": "[0 d, 2 d]"})
        self.run_file("v.h5", "mouse-vehicle", **{**common, "treatments": "[]"},
                      **{"imaging.sessions": "[0 d, 2 d]"})
        self.run_file("w.h5", "mouse-vehicle", name="w", **{**common, "treatments": "[]"},
                      **{"imaging.sessions": "[-1 d, 2 d]"})

        def difference(*words):
            table = self.compare(*words, "--json")
            return [
                m["arms"]["mouse-ketamine-10mgkg"]["mean"] for m in table["measures"]
                if m["name"] == "density difference day 1"
            ]

        self.assertEqual(difference("k.h5", "v.h5", "--reference", "v.h5"),
                         difference("v.h5", "k.h5", "--reference", "v.h5"))
        self.assertNotEqual(difference("k.h5", "v.h5", "--reference", "v.h5"), [None])
        self.assertEqual(difference("k.h5", "w.h5", "--reference", "w.h5"), [None])

    def test_rows_that_are_far_apart_are_told(self):
        self.run_file("coarse.h5", "mouse-ketamine-10mgkg", start="-6 h", duration="2 d",
                      **{"record.history": "6 h", "imaging.sessions": "[]"})
        self.assertIn("history rows, up to 6 h apart", self.compare("coarse.h5").stdout)

    def test_nothing_to_restore_has_no_response(self):
        for severity, defined in (("0", False), ("1", True)):
            run = self.run_file(
                "r.h5", "human-iv-single", **{
                    "stress.severity": severity, "start": "-1 h", "duration": "26 h", "imaging.sessions": "[]"
                })
            with h5py.File(run) as file:
                index = file["history/response_index"][:]
                self.assertEqual(bool((index == index).all()), defined)
                self.assertEqual(bool((index == index).any()), defined)

    def test_cells_without_input_stay_as_they_are(self):
        names = [f"e{k}" for k in range(60)]
        (self.folder / "nodes.csv").write_text(
            "id,type\n"
            + "".join(f"{n},E\n" for n in names)
            + "".join(f"p{k},PV\ns{k},SST\n" for k in range(6)),
            encoding="utf-8",
        )
        # e50 to e59 get nothing
        edges = [(names[(k + 7 * j + 1) % 50], names[k]) for k in range(50) for j in range(6)]
        edges += [(f"{kind}{k % 6}", name) for k, name in enumerate(names[:50])
                  for kind in "ps"] + [(names[k], f"p{k}") for k in range(6)]
        (self.folder / "edges.csv").write_text(
            "source,target\n" + "".join(f"{s},{t}\n" for s, t in edges), encoding="utf-8"
        )
        (self.folder / "own.yaml").write_text(
            "name: own\nmodel: mouse\nstart: 0 h\nduration: 1 d\n"
            "network: {kind: file, file: edges.csv, nodes: nodes.csv}\n"
            "stress: {severity: 1}\nrecord: {history: 1 h, snapshots: [0 h, 1 d]}\n", encoding="utf-8")
        self.respine("run", "own.yaml", "-q", "-o", "own.h5")
        with h5py.File(self.folder / "own.h5") as file:
            ids = [i.decode() for i in file["network/id"][:]]
            alone = [k for k, i in enumerate(ids) if i in names[50:]]
            self.assertEqual(len(alone), 10)
            self.assertEqual({float(v) for v in file["snapshots/ampa"][-1][alone]}, {1.0})
            self.assertEqual({float(v) for v in file["network/healthy"][:][alone]}, {0.0})


if __name__ == "__main__":
    unittest.main()
