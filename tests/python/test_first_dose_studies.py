"""Windows of a study count from the real first dose, wherever it is on the clock of the scenario; outcomes
are read at every step of a run.
"""

import sys
import unittest

from first_dose import DOSE, FirstDose

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
  - {name: peak, quantity: bdnf, take: peak, time: to 12 h}
  - {name: when, quantity: bdnf, take: time_of_peak, time: to 12 h}
  - {name: area, quantity: bdnf_excess, take: area, time: to 1 d}
"""


class Studies(FirstDose):
    def test_windows_follow_the_dose(self):
        rows = self.study(HEAD % "5 min" + f'  treatments: {DOSE % "0 h"}\n' + """design: {kind: grid}
parameters:
  - {key: treatments.0.at, label: start, unit: h, values: ["-12 h", "0 h", "2 d"]}
""" + OUTCOMES)
        for key in ("peak [fold]", "when [h]", "area [fold h]"):
            values = [float(r[key]) for r in rows]
            # synapses differ from day to day, and what is above the threshold of release much more
            self.assertLess(max(values) - min(values), 0.4 * max(values), f"{key}: {values}")
        self.assertGreater(float(rows[0]["peak [fold]"]), 1.1)

    def test_absolute_time_stays_available(self):
        text = (
            HEAD % "5 min" + f'  treatments: {DOSE % "2 d"}\n' + OUTCOMES
            + "  - {name: hour, quantity: bdnf, take: time_of_peak, time: -2 d to end since time_0}\n"
        )
        row = self.study(text)[0]
        self.assertAlmostEqual(float(row["hour [h]"]), 48.0 + float(row["when [h]"]), places=6)

    def test_an_arm_without_a_drug_is_read_in_the_same_window(self):
        rows = self.study(HEAD % "5 min" + """arms:
  - {name: ketamine, set: {treatments: %s}}
  - {name: vehicle, set: {treatments: [{drug: placebo, route: window, for: 1 h, at: 0 h}]}}
outcomes:
  - {name: density, quantity: spine_density, take: at, time: 1 d}
  - {name: density_abs, quantity: spine_density, take: at, time: 3 d since time_0}
""" % (DOSE % "2 d"))
        vehicle = next(r for r in rows if r["arm"] == "vehicle")
        self.assertEqual(vehicle["density [%]"], vehicle["density_abs [%]"])

    def test_one_reference_for_doses_at_several_times_is_refused(self):
        text = HEAD % "5 min" + f"""arms:
  - {{name: early, set: {{treatments: {DOSE % "12 h"}}}}}
  - {{name: late, set: {{treatments: {DOSE % "1 d"}}}}}
  - {{name: vehicle, set: {{treatments: []}}}}
outcomes:
  - {{name: gain, quantity: spine_density, take: at, time: 1 d, against: vehicle}}
"""
        self.assertIn("the first dose is at 12 h in 'early' and at 1 d in 'late'",
                      self.study(text, code=2).stderr)
        self.study(text.replace("time: 1 d, against", "time: 2 d since time_0, against"))

    def test_the_last_moment_of_a_run_can_be_read(self):
        text = HEAD.replace("duration: 6 d",
                            "duration: 3 d") % "5 min" + f'  treatments: {DOSE % "20 min"}\n' + """outcomes:
  - {name: last, quantity: bdnf, take: at, time: 23.67 h}
  - {name: whole, quantity: bdnf, take: mean, time: to 23.67 h}
"""
        row = self.study(text)[0]
        self.assertTrue(row["last [fold]"] and row["whole [fold]"], row)

    def test_a_level_is_read_in_its_own_unit(self):
        text = HEAD % "5 min" + """outcomes:
  - {name: plain, quantity: spine_density, take: first_above 85}
  - {name: percent, quantity: spine_density, take: first_above 85 %}
  - {name: never, quantity: spine_density, take: reaches 200 %}
  - {name: brain, quantity: brain_ketamine, take: first_above 0.5}
  - {name: nano, quantity: brain_ketamine, take: first_above 500 nM}
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
  - {name: responds, quantity: response_index, take: reaches 0.5}
"""
        self.assertEqual(self.study(text)[0]["responds"], "")

    def test_check_refuses_what_a_run_would(self):
        (self.folder / "study.yaml").write_text(
            HEAD % "5 min" + "outcomes:\n  - {name: late, quantity: bdnf, take: at, time: 40 d}\n",
            encoding="utf-8")
        self.assertIn("outcome 'late'", self.respine("check", "study.yaml", code=2).stderr)

    def test_what_a_scenario_leaves_out_is_told(self):
        text = (HEAD % "5 min").replace("  imaging: {sessions: [-1 d, 1 d], dendrites: 20}\n",
                                        "") + "outcomes:\n  - {name: peak, quantity: bdnf, take: peak}\n"
        (self.folder / "study.yaml").write_text(text, encoding="utf-8")
        self.assertIn("imaging sessions", self.respine("study", "run", "study.yaml", "--jobs", "1").stderr)

    def test_the_record_does_not_decide_what_is_read(self):
        found = []
        for history in ("1 min", "1 h", "1 d"):
            text = (
                HEAD % history + f'  treatments: {DOSE % "0 h"}\n' + OUTCOMES
                + "  - {name: rises, quantity: bdnf, take: first_above 1.05, time: to 1 d}\n"
            )
            row = self.study(text, work="work-" + history.replace(" ", "-"))[0]
            found.append([row[k] for k in row if k.endswith("]")])
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])

    def test_what_no_run_can_give_is_refused_before_any_runs(self):
        bad = """outcomes:
  - {name: seen, quantity: imaging_density, take: at, time: 4 d}
  - {name: late, quantity: bdnf, take: at, time: 30 d}
  - {name: window, quantity: bdnf, take: peak, time: 10 d to 20 d}
  - {name: product, quantity: bdnf*2, take: peak}
  - {name: other, quantity: brain_memantine, take: peak}
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
  - {name: late, quantity: bdnf, take: at, time: 3 d}
"""
        (self.folder / "study.yaml").write_text(text, encoding="utf-8")
        told = self.respine("study", "run", "study.yaml", "--jobs", "1").stderr
        self.assertIn("outcome 'late' stays blank in 1 of 2", told)


if __name__ == "__main__":
    sys.exit(unittest.main())
