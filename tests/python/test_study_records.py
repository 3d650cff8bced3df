"""What a study makes of its journal: records that lack outcomes, that are damaged or gone, that failed; and
its points and parameters.
"""

import collections
import json
import shutil
import unittest

from studies import HEAD, SLOW, StudyCase, rows_of

TWO = "design: {kind: list}\nparameters:\n  - {key: treatments.0.dose, values: [10 mg/kg, 30 mg/kg]}\n"
OUTCOMES = ("outcomes:\n  - {name: peak6, quantity: bdnf, take: peak, time: to 6 h}\n"
            "  - {name: mean6, quantity: bdnf, take: mean, time: to 6 h}\n")


class Records(StudyCase):
    def journal(self):
        return self.folder / "study-small/journal-1-of-1.jsonl"

    def lines(self):
        return self.journal().read_text(encoding="utf-8").splitlines()

    def test_outcomes_that_are_renamed_or_dropped_run_nothing_and_new_ones_are_told(self):
        self.write(HEAD + TWO + OUTCOMES)
        self.study("run", "small.yaml", "-q")
        before = rows_of(self.folder / "study-small")
        self.write(HEAD + TWO + "outcomes:\n  - {name: other, quantity: bdnf, take: mean, time: to 6 h}\n")
        self.study("run", "small.yaml", "-q")
        self.assertEqual(len(self.lines()), 2, "nothing ran again")
        self.assertEqual([r["other [fold]"] for r in rows_of(self.folder / "study-small")],
                         [r["mean6 [fold]"] for r in before])
        self.write(HEAD + TWO +
                   OUTCOMES.replace("peak6", "peak7").replace("peak, time: to 6 h", "peak, time: to 7 h"))
        self.assertIn("2 missing", self.study("status", "small.yaml").stdout)
        told = self.study("run", "small.yaml").stderr
        self.assertIn(
            "outcome 'peak7' (peak of bdnf to 7 h) is new: 2 finished points do not hold it and run again",
            told)
        self.write(HEAD + TWO + OUTCOMES)
        self.assertIn("2 ok, 0 failed, 0 missing", self.study("status", "small.yaml").stdout)

    def test_other_outcomes_do_not_replace_the_results_by_blanks(self):
        self.write(HEAD + TWO + OUTCOMES)
        self.study("run", "small.yaml", "-q")
        results = (self.folder / "study-small/results.csv").read_bytes()
        self.write(HEAD + TWO + "outcomes:\n  - {name: late, quantity: bdnf, take: peak, time: to 9 h}\n")
        self.assertIn("outcome 'late' (peak of bdnf to 9 h) is new",
                      self.study("merge", "small.yaml", code=3).stderr)
        self.assertEqual((self.folder / "study-small/results.csv").read_bytes(), results)
        self.assertIn("is new", self.study("status", "small.yaml").stderr)

    def test_a_seed_among_settings_is_refused(self):
        self.write(HEAD.replace("set:\n", "set:\n  seed: 7\n") + TWO + OUTCOMES)
        self.assertIn("small.yaml:5:3: error: 'set': seeds come from 'first_seed' and 'replicates'",
                      self.study("run", "small.yaml", code=2).stderr)
        self.write(HEAD + TWO.replace("treatments.0.dose", "seed").replace("10 mg/kg, 30 mg/kg", "1, 2") +
                   OUTCOMES)
        self.assertIn("seeds come from", self.study("run", "small.yaml", code=2).stderr)

    def test_damaged_records_are_told_or_run_again_and_never_taken(self):
        self.write(HEAD + TWO + OUTCOMES)
        self.study("run", "small.yaml", "-q")
        good = sorted(self.lines(), key=lambda line: json.loads(line)["point"])  # either may end first
        results = (self.folder / "study-small/results.csv").read_bytes()
        first = json.loads(good[0])

        def without(key):
            return {k: v for k, v in first.items() if k != key}

        values = first["values"].items() if isinstance(first["values"], dict) else enumerate(first["values"])
        fewer = dict(list(values)[:1]) if isinstance(first["values"], dict) else first["values"][:1]
        faults = [{**first, "values": fewer}, {**first, "values": {}}, {**first, "values": []},
                  {**first, "values": None}, {**first, "values": 3},
                  {**first, "values": {k: "1" for k, _ in values}}, {**first, "status": "fine"},
                  {**first, "point": -1}, {**first, "exit": "0"}, {**first, "id": 5},
                  {**first, "seconds": "1"}, {**first, "format_version": "1"}, [], 7, None,
                  *(without(key) for key in first if key != "format_version")]
        for number, fault in enumerate(faults):
            for command in ("run", "merge", "report") if number < 2 else ("run", "merge"):
                self.journal().write_text(json.dumps(fault) + "\n" + good[1] + "\n", encoding="utf-8")
                for name in ("results.csv", "analysis.json"):
                    (self.folder / "study-small" / name).unlink(missing_ok=True)
                code, told = self.ends("study", command, "small.yaml", *(["-q"] if command == "run" else []))
                self.assertIn(code, (0, 3), f"{command} of {fault}: {told}")
                if "no record of a study" in told:
                    self.assertIn("journal-1-of-1.jsonl:1:", told)
                elif command == "run":
                    self.assertEqual((self.folder / "study-small/results.csv").read_bytes(), results, fault)
                elif (self.folder / "study-small/results.csv").exists():
                    self.assertEqual(rows_of(self.folder / "study-small")[0]["status"], "missing", fault)

    def test_a_journal_that_is_removed_on_the_way_ends_the_study(self):
        self.write(SLOW + TWO + "outcomes:\n  - {name: bdnf_peak, quantity: bdnf, take: peak}\n")
        for victim in ("study-small", "study-small/journal-1-of-1.jsonl"):
            running = self.start("run", "small.yaml", "-q", "--jobs", "1", "--threads", "1")
            path = self.folder / victim
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            told = running.communicate(timeout=120)[1]
            self.assertEqual(running.returncode, 5, told)
            self.assertIn("removed or replaced while the study was at work", told)

    def test_points_whose_model_fails_end_in_a_code_and_are_not_run_again(self):
        # the fast network reaches it with one damping, and not with the other
        hard = HEAD + "  clock.tolerance: '1e-7'\n"
        self.write(hard +
                   "design: {kind: list}\nparameters:\n  - {key: clock.damping, values: ['0.9', '0.05']}\n" +
                   OUTCOMES)
        code = 4
        done = self.study("run", "small.yaml", "-q", code=code)
        self.assertIn("2 points, 1 ok, 1 failed", done.stdout)
        self.assertIn("--retry-failed", done.stdout)
        self.assertIn("small: error: there are points that failed; which, and why: respine study status",
                      done.stderr)
        self.assertEqual(len(self.lines()), 2)
        self.study("run", "small.yaml", "-q", code=code)
        self.assertEqual(len(self.lines()), 2, "it would fail again")
        self.study("merge", "small.yaml", code=code)
        self.study("run", "small.yaml", "-q", "--retry-failed", code=code)
        self.assertEqual(len(self.lines()), 3)

    def test_no_two_runs_of_a_saltelli_block_are_the_same(self):
        self.write(
            HEAD +
            "design: {kind: sobol, blocks: 8}\nparameters:\n  - {key: bdnf.release}\n"
            "  - {key: formation.gain}\n  - {key: glutamate.diffusion}\n"
            + OUTCOMES)
        self.study("run", "small.yaml", "-q")
        rows = rows_of(self.folder / "study-small")
        points = collections.Counter(
            tuple(v for k, v in r.items()
                  if k.partition(" ")[0] in ("bdnf.release", "formation.gain", "glutamate.diffusion"))
            for r in rows)
        self.assertEqual(max(points.values()), 1, "no point is given twice")
        self.assertEqual(len(points), 40)

    def test_parameters_that_change_nothing_are_named(self):
        self.write(HEAD +
                   "design: {kind: oat}\nparameters:\n  - {key: bdnf.release, base: 6 1/h, values: [9 1/h]}\n"
                   "  - {key: microscope.spacing, base: '2000', values: ['3000']}\n" + OUTCOMES)
        self.assertIn("inert: microscope.spacing", self.study("run", "small.yaml", "-q").stdout)
        self.assertEqual(
            json.loads((self.folder / "study-small/analysis.json").read_text(encoding="utf-8"))["inert"],
            ["microscope.spacing"])


if __name__ == "__main__":
    unittest.main()
