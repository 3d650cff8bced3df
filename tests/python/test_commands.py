"""What commands make of what they are given: kinds of files, times, seeds, doses, names, and texts that a
terminal or a shell would obey.
"""

import json
import unittest

import h5py
from studies import DOSES, HEAD, StudyCase, rows_of

SMALL = ("--set", "network.neurons=60", "--set", "network.synapses_per_neuron=12", "-q")
RUN = """name: small
model: mouse
start: -1 h
duration: 1 d
network: {kind: sheet, neurons: 60, synapses_per_neuron: 12}
stress: {severity: 1}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
"""
OUTCOME = "outcomes:\n  - {name: bdnf_peak, quantity: bdnf, take: peak}\n"


class Commands(StudyCase):
    def well(self, *words):
        code, told = self.ends(*words)
        self.assertEqual(code, 0, told)
        return told

    def refused(self, code, *words):
        got, told = self.ends(*words)
        self.assertEqual(got, code, told)
        return told

    def test_batch_script_takes_no_control_characters(self):
        self.write(HEAD + DOSES + OUTCOME)
        for name in ("a\ntouch made", "a\x1b[31m"):
            self.assertIn(
                "control character", self.refused(2, "study", "slurm", "small.yaml", "--work", name)
            )
        self.assertIn("--time wants",
                      self.refused(2, "study", "slurm", "small.yaml", "--time", "1:00\ntouch made"))
        self.assertIn(
            "--time=1-12:00:00\n", self.well("study", "slurm", "small.yaml", "--time", "1-12:00:00")
        )

    def test_control_characters_in_names_are_shown_and_not_obeyed(self):
        for words in (("run", "\x1b[31mred"), ("run", "./\x1b]0;title\x07.yaml"), ("inspect", "\x1b[2J.h5"),
                      ("study", "run", "\x1b[31m.yaml"), ("check", "\u009b31m.yaml")):
            code, told = self.ends(*words)
            self.assertIn(code, (2, 3), told)
            self.assertNotRegex(told, "[\x00-\x08\x0b-\x1f\x7f-\x9f]", words)
            self.assertRegex(told, r"\\x(1b|9b)", words)

    def test_cells_of_a_table_are_no_formulas(self):
        arms = ["=1+1", "+cmd|' /C calc'!A0", "-x", "@SUM(A1)"]
        names = ", ".join(f"{{name: {json.dumps(arm)}}}" for arm in arms)
        self.write(HEAD + f"arms: [{names}]\n" + OUTCOME)
        self.well("study", "run", "small.yaml", "-q")
        self.assertEqual([r["arm"] for r in rows_of(self.folder / "study-small")],
                         ["'" + arm for arm in arms])

    def test_a_shorter_run_leaves_out_what_it_does_not_reach(self):
        (self.folder / "s.yaml").write_text(
            RUN + "record: {snapshots: [0 h, 12 h, 20 h]}\nimaging: {sessions: [-1 h, 18 h, 20 h]}\n",
            encoding="utf-8")
        told = self.well("check", "s.yaml", "--set", "duration=14h")
        self.assertIn("note: 1 of 3 snapshots and 2 of 3 imaging sessions lie outside the run", told)
        self.assertIn("snapshots: [0 d, 12 h]", told)
        self.assertIn("sessions: [-1 h]", told)
        self.refused(2, "check", "s.yaml", "--set", "duration=14h", "--set", "record.snapshots=[20 h]")
        self.refused(2, "check", "s.yaml", "--set", "duration=14h", "--set", "record.snapshots.+=20 h")
        (self.folder / "s.yaml").write_text(RUN + "record: {snapshots: [30 h]}\n", encoding="utf-8")
        self.assertIn("lies outside the run", self.refused(2, "check", "s.yaml"))

    def test_unit_beside_values_is_theirs(self):
        self.write(
            HEAD +
            "design: {kind: list}\nparameters:\n  - {key: treatments.0.dose, unit: mg/kg, values: [3, 10]}\n"
            + OUTCOME)
        self.well("study", "run", "small.yaml", "-q")
        self.assertEqual([r["treatments.0.dose [mg/kg]"] for r in rows_of(self.folder / "study-small")],
                         ["3", "10"])

    def test_check_knows_studies_and_calibrations_and_others_name_the_kind(self):
        self.write(HEAD + DOSES + OUTCOME)
        self.assertIn("a study of 20 points, 1 outcomes", self.well("check", "small.yaml"))
        self.write(HEAD + DOSES + OUTCOME.replace("quantity: bdnf", "quantity: bdnf, tale: 1"), "wrong.yaml")
        told = self.refused(2, "check", "wrong.yaml")
        self.assertIn("'outcomes[0].tale'", told)
        self.assertNotIn("unknown key 'arms'", told)
        self.assertIn("a study of 96 points", self.well("check", "dose-duration"))
        self.assertIn("a calibration of 3 parameters", self.well("check", "human-responders"))
        self.assertIn("this is the file of a study, not of a scenario; run it with: respine study run",
                      self.refused(2, "run", "small.yaml"))
        (self.folder / "run.yaml").write_text(RUN, encoding="utf-8")
        self.assertIn("file of a scenario, not of a study; run it with: respine run",
                      self.refused(2, "study", "run", "run.yaml"))

    def test_an_arm_appends_a_treatment(self):
        extra = "{drug: ketamine, route: ip, dose: 10 mg/kg, at: 12 h}"
        self.write(HEAD +
                   f"arms:\n  - {{name: once}}\n  - {{name: twice, set: {{treatments.+: {extra}}}}}\n" +
                   OUTCOME.replace("take: peak", "take: at, time: 13 h"))
        self.well("study", "run", "small.yaml", "-q")
        once, twice = (float(r["bdnf_peak [fold]"]) for r in rows_of(self.folder / "study-small"))
        self.assertGreater(twice, once)
        told = self.well("check", "mouse-ketamine-10mgkg", "--set",
                         f"treatments.+=[{extra}, {extra.replace('12 h', '1 d')}]")
        self.assertEqual(told.count("drug: ketamine"), 3)

    def test_times_may_be_sums(self):
        (self.folder / "s.yaml").write_text(
            RUN.replace("at: 0 h", "at: [0 h, 12 h - 30 min]") + "record: {snapshots: [2 h + 40 min]}\n",
            encoding="utf-8")
        told = self.well("check", "s.yaml")
        self.assertIn("at: [0 d, 690 min]", told)
        self.assertIn("snapshots: [160 min]", told)
        self.assertIn("wants a quantity", self.refused(2, "check", "s.yaml", "--set", "duration=1 d + 2 mg"))

    def test_several_seeds_make_several_runs(self):
        (self.folder / "s.yaml").write_text(RUN.replace("1 d", "3 h"), encoding="utf-8")
        self.well("run", "s.yaml", "-o", "a.h5", "--seed", "7", "--seeds", "2", "-q")
        for seed in (7, 8):
            with h5py.File(self.folder / f"a-seed{seed}.h5") as file:
                self.assertEqual(int(file["meta"].attrs["seed"]), seed)
        self.assertIn("± ", self.well("compare", "a-seed7.h5", "a-seed8.h5"))
        (self.folder / "a-seed7.h5").unlink()
        told = self.refused(5, "run", "s.yaml", "-o", "a.h5", "--seed", "6", "--seeds", "3", "-q")
        self.assertIn("a-seed8.h5: error: exists already", told)
        self.assertFalse((self.folder / "a-seed6.h5").exists(), "nothing ran")

    def test_a_subject_and_a_cohort_exclude_each_other(self):
        (self.folder / "s.yaml").write_text(RUN + "subject: 2\ncohort: {subjects: 5}\n", encoding="utf-8")
        self.assertIn("'subject' is one person and 'cohort' many", self.refused(2, "check", "s.yaml"))
        told = self.well("check", "human-iv-cohort", "--set", "subject=3")
        self.assertIn("note: subject 3 is run alone, not the cohort", told)
        self.assertNotIn("cohort:", told.replace("human-iv-cohort", ""))

    def test_an_implausible_dose_is_told(self):
        self.assertIn("note: 100000 mg/kg of ketamine is beyond 200 mg/kg",
                      self.well("check", "mouse-ketamine-10mgkg", "--set", "treatments.0.dose=100000 mg/kg"))
        self.assertIn("of ketamine is beyond 13 mg/kg",
                      self.well("check", "human-iv-single", "--set", "treatments.0.dose=5000 mg"))
        self.assertNotIn("note", self.well("check", "mouse-ketamine-10mgkg"))

    def test_inspect_refuses_a_time_outside_of_the_run(self):
        (self.folder / "s.yaml").write_text(RUN.replace("1 d", "3 h"), encoding="utf-8")
        self.well("run", "s.yaml", "-o", "a.h5", "-q")
        self.assertIn("-1 h to 2 h", self.refused(2, "inspect", "a.h5", "--field", "bdnf", "--at", "99d"))
        self.assertIn("at 1.5 h", self.well("inspect", "a.h5", "--field", "bdnf", "--at", "1 h + 30 min"))
        self.assertIn("did you mean 'bdnf'?", self.refused(2, "inspect", "a.h5", "--field", "BDNF"))
        self.well("run", "s.yaml", "-o", "b.h5", "-q", "--set", "record.snapshots=[0 h, 1 h]")
        self.assertIn("at 1 h (snapshot)", self.well("inspect", "b.h5", "--field", "rate", "--at", "1h"))
        self.assertIn("there are some at 0 h, 1 h",
                      self.refused(2, "inspect", "b.h5", "--field", "rate", "--at", "15min"))
        self.refused(2, "inspect", "b.h5", "--at", "1h")

    def test_the_nearest_name_may_be_a_longer_one(self):
        self.assertIn("did you mean 'mouse-ketamine-10mgkg'?", self.refused(2, "run", "mouse-ketamine"))
        self.assertIn("did you mean 'human-iv-single'?", self.refused(2, "run", "Human-IV-Singel"))

    def test_a_cohort_file_is_viewed_as_a_crowd(self):
        (self.folder / "s.yaml").write_text(
            RUN.replace("1 d", "2 h") + "cohort: {subjects: 2}\n", encoding="utf-8")
        self.well("run", "s.yaml", "-o", "c.h5", "-q")
        self.well("view", "c.h5")
        self.assertIn('class="run" data-name="c.h5"', (self.folder / "c.html").read_text(encoding="utf-8"))
        told = self.refused(3, "view", "c.h5", "--ensemble", "human", "-o", "e.html")
        self.assertIn("c.h5: error: this is no respine-run file (format 'respine-cohort')", told)

    def test_lists_have_headers(self):
        self.assertRegex(self.well("list", "drugs").splitlines()[0], "^drug +title +kinetics in +targets$")


if __name__ == "__main__":
    unittest.main()
