"""A table of targets and measured courses that a user brings: what is read off, told, drawn and refused."""

import re
import unittest

import h5py
import numpy as np
from program_case import ProgramCase

SCENARIO = """\
name: ours
model: mouse
start: -1 h
duration: 7 h
network: {kind: sheet, neurons: 400, synapses_per_neuron: 40}
stress: {severity: 1}
treatments: [{drug: %s, at: 0 h}]
record: {history: 10 min}
"""
KETAMINE, NOTHING = "ketamine, route: ip, dose: 10 mg/kg", "placebo, route: window, for: 1 h"


class OwnTargets(ProgramCase):
    def setUp(self):
        super().setUp()
        (self.folder / "data").mkdir()
        self.write("data/ours.yaml", SCENARIO % KETAMINE)
        self.write("data/plain.yaml", (SCENARIO % NOTHING).replace("name: ours", "name: plain"))

    def test_a_table_of_one_s_own_is_judged_by_the_same_rules(self):
        self.write("data/mine.csv", "kind,id,scenario,reference,quantity,take,time,low,high,must\n"
                   "value,peak,./ours.yaml,,bdnf,peak,to 4 h,1.01,1.6,1\n"
                   "up,higher,./ours.yaml,./plain.yaml,bdnf,at,1 h,,,1\n"
                   "value,low,./ours.yaml,,bdnf,peak,to 4 h,0.1,0.9,0\n")
        done = self.respine("validate", "--targets", "data/mine.csv", "--seeds", "2", "-q")
        rows = {line.split()[0]: line.split()[-1] for line in done.stdout.splitlines() if line}
        self.assertEqual((rows["peak"], rows["higher"], rows["low"]), ("pass", "pass", "MISS"))
        self.assertIn("2 of 3 targets pass", done.stderr)
        table = (self.folder / "data/mine.csv").read_text(encoding="utf-8").replace("0.9,0", "0.9,1")
        self.write("data/mine.csv", table)
        done = self.respine("validate", "--targets", "data/mine.csv", "--seeds", "2", "-q", code=1)
        self.assertIn("low must pass and is now: MISS", done.stderr)

    def test_all_that_is_wrong_with_a_table_is_told(self):
        self.write("bad.csv", "id,scenaro,quantity,take,kind,id\n")
        done = self.respine("validate", "--targets", "bad.csv", code=3)
        for words in ("there is no column 'scenaro'; did you mean 'scenario'", "the column 'id' stands twice",
                      "the column 'time' is missing"):
            self.assertIn(words, done.stderr)
        self.write("bad.csv", "id,scenario,quantity,take,time,kind,low\n"
                   "a,data/ours.yaml,bdnff,at,1 h,value,1\nb,data/ours.yaml,bdnf,at,1 h,valu,x\nc,d\n")
        done = self.respine("validate", "--targets", "bad.csv", code=3)
        for words in ("bad.csv:2:", "did you mean 'bdnf'", "bad.csv:3:", "did you mean 'value'",
                      "'x' is not a number", "bad.csv:4:", "2 cells, 7 are needed"):
            self.assertIn(words, done.stderr)
        self.write("empty.csv", "id,scenario,quantity,take,time,kind\n")
        self.assertIn("no target", self.respine("validate", "--targets", "empty.csv", code=3).stderr)

    def test_residuals_of_known_offsets(self):
        self.respine("run", "data/ours.yaml", "-q", "-o", "ours.h5")
        self.respine("run", "data/plain.yaml", "-q", "-o", "plain.h5")
        with h5py.File(self.folder / "ours.h5") as file:
            time, bdnf = file["history/time"][:], file["history/bdnf"][:]
        offsets = [0.03, -0.01, 0.02]
        course = "scenario,quantity,time,value,sd\n" + "".join(
            f"ours,bdnf,{hours} h,{float(np.interp(hours, time, bdnf)) - offset},0.02\n"
            for hours, offset in zip((0.55, 1.0, 3.3), offsets))
        self.write("course.csv", course + "ours,bdnf,80 h,1,0.1\nours,lead,1 h,1,0.1\n")
        done = self.respine("compare", "plain.h5", "ours.h5", "--observed", "course.csv", "--figures", "out")
        row = next(line for line in done.stdout.splitlines() if re.match(r"bdnf\s+ours\s+3 ", line))
        mean, rmse, chi2 = (float(word) for word in row.split()[-3:])
        self.assertAlmostEqual(mean, np.mean(offsets), 5)
        self.assertAlmostEqual(rmse, np.sqrt(np.mean(np.square(offsets))), 5)
        self.assertAlmostEqual(chi2, np.mean(np.square(offsets)) / 0.02**2, 2)
        self.assertNotIn("bdnf      plain", done.stdout)  # points belong to the run that they name
        self.assertIn("80 h lies outside", done.stderr)
        self.assertIn("has no 'lead'", done.stderr)
        self.assertTrue((self.folder / "out/residuals.png").stat().st_size > 5000)
        for text, words in (("quantity,time,value\nbdnf,1 h,1\n", "there is no column sd; a course has"),
                            ("quantity,time,value,sd\nbdnf,1 h,much,1\n", "row 1 of the measurements: "),
                            ("quantity,time,value,sd\nbdnf,1 h,1\n", "row 1 of the measurements: "),
                            ("", "holds no measurement")):
            self.write("course.csv", text)
            told = self.respine("compare", "ours.h5", "--observed", "course.csv", code=5).stderr
            self.assertIn(words, told)
            self.assertNotIn("Traceback", told)
        told = self.respine("compare", "ours.h5", "--observed", "course.csv", "--json", code=2).stderr
        self.assertIn("leave out --json and --csv", told)


if __name__ == "__main__":
    unittest.main()
