"""Subjects with what is known of them, by a table: what is given holds, what is missing is drawn as ever."""

import unittest

import h5py
import numpy as np
from program_case import ProgramCase

SCENARIO = """\
name: ours
model: human
start: -2 d
duration: 6 d
network: {kind: sheet, neurons: 200, synapses_per_neuron: 20}
stress: {severity: 1.0}
treatments: [{drug: ketamine, route: iv, dose: 0.5 mg/kg, over: 40 min, at: 0 d}]
record: {history: 12 h}
"""
TABLE = """\
ID,WT,SEVERITY,CL,GENOTYPE,INFLAMMATION,AGE
a,50,.,1.5,val/val,.,31
b,,0.7,,met/met,0.4,52
c,95,1.2,0.5,val/met,0,40
d,.,.,.,.,.,29
"""


class SubjectTables(ProgramCase):
    def setUp(self):
        super().setUp()
        self.write("plain.yaml", SCENARIO)
        self.write("people.csv", TABLE)
        self.write("people.yaml", SCENARIO + "subjects: people.csv\n")

    def run_of(self, scenario, *settings):
        self.respine("run", scenario, "-q", "--force", "-o", "x.h5",
                     *(word for s in settings for word in ("--set", s)))
        with h5py.File(self.folder / "x.h5") as file:
            return ({k: v[:] for k, v in file["history"].items() if isinstance(v, h5py.Dataset)},
                    dict(file["meta"].attrs))

    def same(self, a, b):
        self.assertEqual(a.keys(), b.keys())
        for name, values in a.items():
            np.testing.assert_array_equal(values, b[name], name)

    def test_what_is_given_holds(self):
        told, _ = self.run_of("people.yaml", "subject=1")
        self.same(told, self.run_of("plain.yaml", "subject=1", "persons=[{weight: 50 kg, clearance: 1.5, "
                                    "genotype: val/val}]")[0])
        drawn, _ = self.run_of("plain.yaml", "subject=1")
        self.assertFalse(np.array_equal(told["plasma_ketamine"], drawn["plasma_ketamine"]))
        typed, _ = self.run_of("plain.yaml", "subject=3",
                               "persons=[{}, {}, {weight: 95 kg, severity: 1.2, clearance: 0.5, "
                               "genotype: val/met, inflammation: 0, id: c}]")
        self.same(self.run_of("people.yaml", "subject=3")[0], typed)

    def test_clearance_is_that_of_a_typical_subject_times_the_factor(self):
        """With the variances of the drug at nothing, a factor is a change of the drug's own clearance."""
        drug = "drugs.ketamine.pharmacokinetics.human."
        still = (f"{drug}clearance_variance=0", f"{drug}volume_variance=0", "subject=1")
        factor, _ = self.run_of("plain.yaml", *still, "persons=[{clearance: 2}]")
        typed, _ = self.run_of("plain.yaml", *still, f"{drug}clearance=172.2 L/h")
        np.testing.assert_allclose(factor["plasma_ketamine"], typed["plasma_ketamine"], rtol=1e-5)

    def test_what_is_missing_is_drawn_as_without_a_table(self):
        self.same(self.run_of("people.yaml", "subject=4")[0], self.run_of("plain.yaml", "subject=4")[0])
        self.same(self.run_of("people.yaml", "subject=7")[0], self.run_of("plain.yaml", "subject=7")[0])

    def test_as_a_cohort_and_one_by_one(self):
        done = self.respine("run", "people.yaml", "--set", "cohort.subjects=5", "-o", "cohort.h5")
        self.assertIn("nothing in the model follows from AGE", done.stderr)
        self.assertIn("subjects 5 to 5 are drawn", done.stderr)
        with h5py.File(self.folder / "cohort.h5") as file:
            together, severity = file["cohort/plasma"][:], file["cohort/severity"][:]
            alleles, hours = file["cohort/met_alleles"][:], file["cohort/time"][:]
        np.testing.assert_allclose(severity[1:3], (0.7, 1.2), rtol=1e-6)
        self.assertEqual(list(alleles[:3]), [0, 2, 1])
        for subject in (1, 2, 3, 4, 5):
            course, _ = self.run_of("people.yaml", f"subject={subject}")
            at = np.searchsorted(course["time"], hours)
            alone = sum(course[name][at] for name in course if name.startswith("plasma_")
                        and not name.endswith(("_sd", "_quantiles")))
            np.testing.assert_allclose(together[subject - 1], alone, rtol=1e-5, atol=1e-6)

    def test_a_run_file_needs_no_table(self):
        first, meta = self.run_of("people.yaml", "subject=3")
        self.write("again.yaml", meta["scenario"].decode())
        (self.folder / "people.csv").unlink()
        self.same(self.run_of("again.yaml")[0], first)

    def test_all_that_is_wrong_with_a_table_is_told(self):
        self.write("people.csv", "ID,WT,SEVERTY,CL,GENOTYPE\na,70,1,2\nb,7000,1,1,val\nb,heavy,1,-1,.\n")
        done = self.respine("check", "people.yaml", "--set", "subject=1", code=2)
        for words in ("people.csv:1:3: error: there is no column SEVERTY; did you mean 'SEVERITY'",
                      "people.csv:2:1: error: the line has 4 cells, and the header 5",
                      "people.csv:3:2: error: WT: '7000' is no number between 0.005 and 300",
                      "people.csv:3:5: error: GENOTYPE: 'val' is none of val/val, val/met, met/met",
                      "people.csv:4:1: error: ID: 'b' stands twice", "people.csv:4:2: error: WT: 'heavy'",
                      "people.csv:4:4: error: CL: '-1'"):
            self.assertIn(words, done.stderr)
        for table, words in (("ID,WT\n", "holds no subject"), ("ID\na\n", "says nothing of its subjects"),
                             (None, "no such file")):
            (self.folder / "people.csv").unlink(missing_ok=True)
            if table is not None:
                self.write("people.csv", table)
            self.assertIn(words, self.respine("check", "people.yaml", "--set", "subject=1", code=2).stderr)

    def test_both_tables_mean_the_same_subjects(self):
        self.write("doses.csv", "ID,TIME,AMT,RATE\nb,0,35,52.5\na,24,35,52.5\n")
        dosing = "dosing: {file: doses.csv, compartments: [{cmt: 1, drug: ketamine, route: iv}]}\n"
        self.write("people.yaml", SCENARIO + "subjects: people.csv\n" + dosing)
        done = self.respine("check", "people.yaml", "--set", "cohort.subjects=4", code=2)
        self.assertIn("subject 1 is 'a' in the table of subjects and 'b' in that of doses", done.stderr)
        self.assertIn("say for which one this run is", self.respine("check", "people.yaml", code=2).stderr)


if __name__ == "__main__":
    unittest.main()
