"""Tables of events as NONMEM reads them: the doses that they mean, and what is wrong in them."""

import unittest

import h5py
import numpy
from resuming import Folder, run
from run_contents import contents, differences

COHORT = """\
name: table
model: human
start: -1 d
duration: 12 d
network: {kind: sheet, neurons: 60, synapses_per_neuron: 12}
stress: {severity: 1.0}
cohort: {subjects: 10}
TREATED
record: {history: 12 h}
"""
DOSING = """\
dosing:
  file: doses.csv
  compartments:
    - {cmt: 1, drug: ketamine, route: iv}
    - {cmt: 2, drug: esketamine, route: nasal}
    - {cmt: 3, drug: ketamine, route: im}
    - {cmt: 4, drug: ketamine, route: oral}"""
TABLE = """\
ID,TIME,AMT,RATE,ADDL,II,CMT,EVID,DV
1,0,35,52.5,5,48,1,1,.
2,0,56,0,3,72,2,1,.
3,0,30,,,,3,1,.
3,72,35,52.5,2,48,1,1,.
4,0,100,0,0,0,4,1,.
4,24,.,.,.,.,1,0,0.3
5,0,35,52.5,0,0,1,1,.
5,48,56,0,1,96,2,1,.
6,-12,20,0,0,0,1,1,.
7,1.5,35,70,3,24,1,1,.
8,0,84,0,0,0,2,1,.
8,36,25,0,0,0,3,1,.
9,0,35,52.5,0,0,1,1,.
10,240,50,0,0,0,4,1,.
"""
IV = "{{drug: ketamine, route: iv, dose: {} mg, over: {}, at: {}}}"
TYPED = {
    1: [IV.format(35, "40 min", "[0 d, 2 d, 4 d, 6 d, 8 d, 10 d]")],
    2: ["{drug: esketamine, route: nasal, dose: 56 mg, at: [0 d, 3 d, 6 d, 9 d]}"],
    3: ["{drug: ketamine, route: im, dose: 30 mg, at: 0 d}", IV.format(35, "40 min", "[3 d, 5 d, 7 d]")],
    4: ["{drug: ketamine, route: oral, dose: 100 mg, at: 0 d}"],
    5: [IV.format(35, "40 min", "0 d"), "{drug: esketamine, route: nasal, dose: 56 mg, at: [2 d, 6 d]}"],
    6: ["{drug: ketamine, route: iv, dose: 20 mg, at: -12 h}"],
    7: [IV.format(35, "30 min", "[90 min, 90 min + 1 d, 90 min + 2 d, 90 min + 3 d]")],
    8: [
        "{drug: esketamine, route: nasal, dose: 84 mg, at: 0 d}",
        "{drug: ketamine, route: im, dose: 25 mg, at: 36 h}",
    ],
    9: [IV.format(35, "40 min", "0 d")],
    10: ["{drug: ketamine, route: oral, dose: 50 mg, at: 10 d}"],
}
HEADER = "ID,TIME,AMT,RATE,ADDL,II,CMT,EVID\n"
# A table, and what is said of it behind its name.
MALFORMED = [
    ("ID,AMT\n1,35\n", ":1:1: error: there is no column TIME"),
    ("ID,TIME,CMT\n1,0,1\n", ":1:1: error: there is no column AMT, the amount in mg (or MGKG, in mg/kg)"),
    (
        "ID,TIME,AMT,MGKG,CMT\n1,0,35,0.5,1\n",
        ":1:1: error: there are two amounts, AMT and MGKG; leave one out",
    ),
    ("ID,TIME,AMT,ADDL,CMT\n1,0,35,2,1\n", ":1:1: error: ADDL wants a column II, the interval in h"),
    (
        "ID,TIME,AMT\n1,0,35\n",
        ":1:1: error: there is no column CMT, and the scenario names several compartments",
    ),
    (HEADER, ": error: gives no dose"),
    (HEADER + "1,0,35,0,0,0,1\n", ":2:1: error: the line has 7 cells, and the header 8"),
    (HEADER + "1,,35,0,0,0,1,1\n", ":2:2: error: TIME: is missing"),
    (HEADER + "1,zero,35,0,0,0,1,1\n", ":2:2: error: TIME: 'zero' is no number"),
    (HEADER + "1,0,.,0,0,0,1,1\n", ":2:3: error: AMT: a dose needs an amount"),
    (HEADER + "1,0,-5,0,0,0,1,1\n", ":2:3: error: AMT: -5 must be a number between 0 and 100000"),
    (HEADER + "1,0,35,-2,0,0,1,1\n", ":2:4: error: RATE: -2 asks for a modelled rate; give one, or 0"),
    (HEADER + "1,0,35,10,0,0,3,1\n", ":2:4: error: RATE: route im is not infused"),
    (HEADER + "1,0,35,0,2,0,1,1\n", ":2:6: error: II: ADDL asks for further doses, and there is no interval"),
    (HEADER + "1,0,35,10,2,1,1,1\n", ":2:6: error: II: 1 h is shorter than an infusion, 3.5 h"),
    (HEADER + "1,0,35,0,1.5,24,1,1\n", ":2:5: error: ADDL: 1.5 must be a whole number between 0 and 10000"),
    (
        HEADER + "1,0,35,0,0,0,9,1\n",
        ":2:7: error: CMT: the scenario names no compartment 9; it has 1, 2, 3, 4",
    ),
    (
        HEADER + "1,0,35,0,0,0,1,4\n",
        ":2:8: error: EVID: 4 resets the subject, and here nothing is reset; begin another run",
    ),
    (HEADER + ",0,35,0,0,0,1,1\n", ":2:1: error: ID: is missing"),
    (
        "ID,TIME,AMT,CMT,SS\n1,0,35,1,1\n",
        ":2:5: error: SS: steady state is not assumed; give the doses that lead to it, by ADDL and " "II",
    ),
    ("ID,TIME,AMT,CMT,MDV\n1,0,35,1,0\n", ":2:5: error: MDV: 0 is an observation, and EVID says a dose"),
    ('ID,TIME,AMT,CMT\n1,0,"35,1\n', ":2: error: a quote is not closed"),
    ("", ": error: is empty; a header line is needed"),
]


class DoseTables(Folder):
    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def setUp(self):
        super().setUp()
        self.write("doses.csv", TABLE)
        self.write("table.yaml", COHORT.replace("TREATED", DOSING))

    def typed(self, subject=None):
        lines = ["treatments:"]
        for number, doses in TYPED.items():
            if subject in (None, number):
                lines += [f"  - {d if subject else d[:-1] + f', subject: {number}' + '}'}" for d in doses]
        self.write("typed.yaml", COHORT.replace("TREATED", "\n".join(lines)))

    def test_ten_subjects_with_mixed_routes_are_the_same_doses_typed(self):
        run(self.folder, "table.yaml", "-o", "table.h5", check=0)
        self.typed()
        run(self.folder, "typed.yaml", "-o", "typed.h5", check=0)
        found = differences(contents(self.folder / "table.h5"), contents(self.folder / "typed.h5"))
        self.assertEqual(found, [])

    def test_one_subject_alone_is_the_run_of_its_doses(self):
        for subject in TYPED:
            with self.subTest(subject=subject):
                words = ["--set", f"subject={subject}", "--force"]
                run(self.folder, "table.yaml", "-o", "table.h5", *words, check=0)
                self.typed(subject)
                run(self.folder, "typed.yaml", "-o", "typed.h5", *words, check=0)
                self.same(contents(self.folder / "table.h5"), "typed.h5")

    def test_a_cohort_gives_each_subject_its_own(self):
        run(self.folder, "table.yaml", "-o", "all.h5", "--threads", 2, check=0)
        with h5py.File(self.folder / "all.h5") as file:
            together = file["cohort/plasma"][()]
        for subject in (1, 4, 8):
            run(self.folder, "table.yaml", "-o", "one.h5", "--set", f"subject={subject}", "--force", check=0)
            with h5py.File(self.folder / "one.h5") as file:
                at = numpy.searchsorted(file["history/time"][()], numpy.arange(-24, 265, 12))
                levels = sum(
                    file[f"history/{name}"][()][at] for name in file["history"] if name.startswith("plasma_")
                )
            numpy.testing.assert_allclose(together[subject - 1], levels, rtol=1e-5, atol=1e-6)

    def test_what_is_wrong_is_told_with_its_line(self):
        self.assertGreaterEqual(len(MALFORMED), 20)
        for text, told in MALFORMED:
            with self.subTest(told=told):
                self.write("doses.csv", text)
                error = run(self.folder, "table.yaml", "-o", "a.h5", check=2).stderr
                self.assertIn(f"doses.csv{told}\n", error)

    def test_all_problems_are_told_at_once(self):
        self.write("doses.csv", HEADER + "1,x,35,0,0,0,1,1\n2,0,y,0,0,0,1,1\n3,0,35,0,0,0,7,1\n")
        error = run(self.folder, "table.yaml", "-o", "a.h5", check=2).stderr
        for line in ("doses.csv:2:2: error: TIME", "doses.csv:3:3: error: AMT", "doses.csv:4:7: error: CMT"):
            self.assertIn(line, error)

    def test_who_is_dosed_must_be_said(self):
        text = (
            (self.folder / "table.yaml").read_text(encoding="utf-8").replace("cohort: {subjects: 10}\n", "")
        )
        self.write("table.yaml", text)
        self.assertIn(
            "treatments are for subjects 1 to 10; say for which one",
            run(self.folder, "table.yaml", "-o", "a.h5", check=2).stderr,
        )


if __name__ == "__main__":
    unittest.main()
