"""`respine validate` and `respine sensitivity`: verdicts, exit codes, runs that are used again, wrong words.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import h5py

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
FAST = ["--only", "pk-venous-peak", "block-1uM", "--seeds", "1", "--quiet"]  # slices and one patient, small


class Validate(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.configs = self.folder / "configs"
        shutil.copytree(SOURCE / "configs", self.configs)

    def call(self, *words):
        return subprocess.run([RESPINE, *words], cwd=self.folder, capture_output=True, text=True, check=False,
                              env={**os.environ, "RESPINE_CONFIGS": str(self.configs)})

    def expect_level(self, low, high):
        """Puts another accepted band for the venous peak into the table."""
        table = self.configs / "reference" / "targets.csv"
        text = table.read_text()
        self.assertIn("185,139,231", text)
        table.write_text(text.replace("185,139,231", f"185,{low},{high}"))

    def test_a_target_that_passed_and_now_misses_gives_exit_code_1(self):
        (self.configs / "reference" / "passed.csv").write_text("# none\nblock-1uM\n")
        self.expect_level(1, 2)
        self.assertEqual(self.call("validate", *FAST).returncode, 0, "it never passed")
        for end in "\n", "\r\n":
            with self.subTest(end=end):
                passed = f"block-1uM{end}pk-venous-peak{end}"
                (self.configs / "reference" / "passed.csv").write_bytes(passed.encode())
                done = self.call("validate", *FAST)
                self.assertEqual(done.returncode, 1)
                self.assertIn("pk-venous-peak passed before and is now: MISS", done.stderr)

    def test_wrong_words_of_the_table_are_told_together_by_line(self):
        table = self.configs / "reference" / "targets.csv"
        lines = table.read_text(encoding="utf-8").splitlines()
        first = len(lines) + 1
        for number, words in enumerate((",bdnv,peek,,,value", ",bdnf,at,soon,befor,valu",
                                        ",synapses,at,1 d,reference,value", ",bdnf,at,1 d,percent of,up",
                                        "mouse-vehicle,bdnf,at,1 d,reference,up")):
            before, words = words.split(",", maxsplit=1)
            lines.append(f"own-{number},mouse-ketamine-10mgkg,{before},own,{words},1,0,2,1,nobody,,A,fited,")
        lines.append("own-5,mouse-ketamine-10mgkg,,own,bdnf,at,1 d,,value,1,0,2,1,nobody,,A,,")
        lines.append("too,few,cells")
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = self.call("validate", *FAST)
        self.assertEqual(done.returncode, 3, done.stderr)
        for number, part in ((0, "target own-0, quantity: there is no quantity 'bdnv'; did you mean 'bdnf'?"),
                             (0, "target own-0, take: there is no take 'peek'; did you mean 'peak'? (one"),
                             (1, "target own-1, time: 'soon' is no time"),
                             (1, "target own-1, against: there is nothing 'befor' to be held against; did"),
                             (1, "target own-1, kind: there is no kind 'valu'; did you mean 'value'?"),
                             (2, "target own-2, reference: is needed"),
                             (3, "target own-3, against: there is nothing 'percent of' to be held against"),
                             (4, "target own-4: kind up holds the value against that of the reference"),
                             (4, "target own-4, evidence: there is no kind of evidence 'fited'; did you mean "
                                 "'fitted'? (one of: prediction, in_sample, fitted, construction)"),
                             (5, "target own-5, evidence: is needed (one of: prediction, in_sample, fitted"),
                             (6, "3 cells, 18 are needed")):
            self.assertIn(f"targets.csv:{first + number}:1: error: {part}", done.stderr)
        table.write_text("id,scenario,reference,observable,at,kind,value\n", encoding="utf-8")
        done = self.call("validate", *FAST)
        self.assertEqual(done.returncode, 3)
        self.assertIn("the columns are id,scenario,reference,what,quantity,take,time,against", done.stderr)

    def test_update_writes_what_passes_and_keeps_what_was_not_asked(self):
        record = self.configs / "reference" / "passed.csv"
        record.write_text("density-d5\npk-venous-peak\n")
        self.expect_level(1, 2)
        self.call("validate", *FAST, "--update-passed")
        ids = [line for line in record.read_text().splitlines() if not line.startswith("#")]
        self.assertEqual(ids, ["block-1uM", "density-d5"])

    def test_finished_runs_are_used_again_and_damaged_or_other_ones_are_not(self):
        self.assertEqual(self.call("validate", *FAST).returncode, 0)
        peak, slice_run = (self.folder / "validation" / f"{name}-1.h5"
                           for name in ("human-iv-single", "slice-ketamine-1uM-no-mg"))
        before = peak.stat().st_mtime_ns, slice_run.stat().st_mtime_ns
        self.call("validate", *FAST)
        self.assertEqual((peak.stat().st_mtime_ns, slice_run.stat().st_mtime_ns), before)
        peak.write_bytes(peak.read_bytes()[:5000])
        self.call("validate", *FAST)
        self.assertNotEqual(peak.stat().st_mtime_ns, before[0])
        self.assertEqual(slice_run.stat().st_mtime_ns, before[1])
        drug = self.configs / "drugs" / "ketamine.yaml"
        drug.write_text(drug.read_text() + "\n# edited\n")
        self.call("validate", *FAST)
        self.assertNotEqual(slice_run.stat().st_mtime_ns, before[1], "another drug file is another input")

    def test_the_size_factor_reaches_the_networks(self):
        self.assertEqual(
            self.call("validate", "--only", "pk-venous-peak", "--seeds", "1", "--quiet", "--size",
                      "0.25").returncode, 0)
        with h5py.File(self.folder / "validation" / "human-iv-single-1.h5") as run:
            self.assertIn("neurons: 500", run["meta"].attrs["scenario"].decode())

    def test_quick_and_exact_words_do_not_mix(self):
        done = self.call("validate", "--quick", "--update-passed")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--quick", done.stderr)
        self.assertEqual(self.call("validate", "--only", "density-d6").returncode, 2)
        none = self.call("validate", "--must", "--only", "pk-venous-peak")
        self.assertEqual(none.returncode, 2)
        self.assertIn("none of the targets of --only has to pass", none.stderr)

    def test_a_page_that_cannot_be_written_is_refused_before_the_runs(self):
        done = self.call("validate", *FAST, "--html", "nowhere/page.html")
        self.assertEqual(done.returncode, 5)
        self.assertIn("there is no folder", done.stderr)
        self.assertEqual(list((self.folder / "validation").iterdir()), [])

    def test_sensitivity_of_one_parameter(self):
        words = [
            "sensitivity", "--outcome", "pk-venous-peak", "--only", "subject.weight", "readout.placebo",
            "--neurons", "200", "--synapses", "20", "--seeds", "1", "--quiet", "--json"
        ]
        done = self.call(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        study = json.loads(done.stdout)
        weight, placebo = study["parameters"]
        self.assertEqual((weight["parameter"], placebo["parameter"]), ("subject.weight", "readout.placebo"),
                         "largest swing first")
        self.assertGreater(weight["swing"], 1.0)
        self.assertEqual(placebo["swing"], 0.0)
        self.assertEqual(weight["low"]["value"], 45.0)
        self.assertEqual(weight["high"]["value"], 120.0)

    def test_sensitivity_says_what_is_unknown(self):
        for words, told in (
            (["--outcome", "density-d6"], "there is no target 'density-d6'"),
            (["--only", "formation.gian"], "formation.gain"), (["--outcome", "block-order"], "true or false")
        ):
            done = self.call("sensitivity", *words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(told, done.stderr)


if __name__ == "__main__":
    unittest.main()
