"""What --dry-run shows of time and of stops, and what is checked before anything runs."""

import csv
import os
import pathlib
import shutil
import unittest

from studies import DOSES, HEAD, StudyCase

OUTCOME = "outcomes:\n  - {name: bdnf_peak, quantity: bdnf, take: peak}\n"
CONFIGS = pathlib.Path(os.environ["RESPINE_SOURCE"]) / "configs"


class Plans(StudyCase):
    def plan(self, *words):
        code, told = self.ends(*words, "--dry-run")
        self.assertEqual(code, 0, told)
        return told

    def test_a_run_tells_its_time_and_its_checkpoint(self):
        for integrator in ("relaxed", "explicit"):
            told = self.plan("run", "mouse-ketamine-10mgkg", "--set", "network.neurons=500", "--set",
                             f"integrator={integrator}", "--threads", "1")
            self.assertRegex(told,
                             r"# time +about [\d.]+ (s|min|h).* \(pilot: [\d.]+ (s|h) of 500 neurons in ")
            self.assertRegex(told, r"# checkpoint +about [\d.]+ MB, under 1 s at 200 MB/s\n")

    def test_a_large_checkpoint_is_told_with_what_a_batch_job_needs(self):
        told = self.plan("run", "mouse-vehicle", "--set", "network.neurons=16000000", "--set",
                         "network.synapses_per_neuron=50", "--threads", "1")
        self.assertRegex(
            told,
            r"# checkpoint +about \d+ MB, \d+ s at 200 MB/s; a batch job needs its signal earlier than that "
            r"\(--signal=B:TERM@\d+\)"
        )

    def test_pilots_run_side_by_side_and_many_replicates_are_counted_at_once(self):
        self.write(HEAD + DOSES.replace("replicates: 2", "replicates: 200000") + OUTCOME)
        told = self.plan("study", "run", "small.yaml", "--jobs", "2")
        self.assertIn("2 points side by side", told)
        self.assertIn("1200000 of them different", told)

    def test_finished_points_are_told_before_anything_runs(self):
        self.write(HEAD + DOSES + OUTCOME)
        self.study("run", "small.yaml", "-q", "--shard", "1/2")
        self.assertIn("left            6 of 12 different points",
                      self.plan("study", "run", "small.yaml", "--jobs", "1"))
        self.write(HEAD + DOSES + OUTCOME.replace("take: peak", "take: mean"))
        self.assertIn("is new: 6 finished points do not hold it",
                      self.plan("study", "run", "small.yaml", "--jobs", "1"))


class Targets(StudyCase):
    def add_target(self, scenario):
        shutil.copytree(CONFIGS, self.folder / "configs")
        table = self.folder / "configs/reference/targets.csv"
        rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
        row = next(r for r in rows if r and r[0] == "density-d1")
        with open(table, "a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(["own", str(scenario), str(scenario), *row[3:]])
        os.environ["RESPINE_CONFIGS"] = str(self.folder / "configs")
        self.addCleanup(os.environ.pop, "RESPINE_CONFIGS")

    def scenario(self, sessions):
        text = (CONFIGS / "scenarios/mouse-ketamine-10mgkg.yaml").read_text(encoding="utf-8")
        head = text.split("imaging:", maxsplit=1)[0]
        path = self.folder / "my own.yaml"
        path.write_text(head + f"imaging: {{sessions: [{sessions}], dendrites: 20}}\n", encoding="utf-8")
        return path

    def test_sessions_that_a_target_reads_are_missed_before_anything_runs(self):
        self.add_target(self.scenario("-1 d, 3 d"))
        for command in (["validate", "--quick", "--only", "own", "--work", "work"],
                        ["sensitivity", "--outcome", "own", "--only", "formation.gain", "--work", "work"]):
            code, told = self.ends(*command)
            self.assertEqual(code, 2, told)
            self.assertIn("reads an imaging session at 1 d of the first dose, and this scenario has none",
                          told)
            self.assertFalse((self.folder / "work").exists())

    def test_sessions_count_from_the_first_dose(self):
        scenario = self.scenario("-2 d, 0 d, 2 d")
        text = scenario.read_text(encoding="utf-8")
        self.assertIn("at: 0 h", text)
        scenario.write_text(text.replace("at: 0 h", "at: 1 d"), encoding="utf-8")
        self.add_target(scenario)
        code, told = self.ends("validate", "--quick", "--only", "own", "--work", "work", "-q")
        self.assertEqual(code, 0, told)

    def test_runs_of_a_users_scenario_lie_in_the_work_folder(self):
        self.add_target(self.scenario("-3 d, -1 d, 1 d"))
        code, told = self.ends("validate", "--quick", "--only", "own", "--work", "work", "-q")
        self.assertIn("own", told)
        self.assertEqual(code, 0, told)
        self.assertEqual(len(list((self.folder / "work").glob("my own-*-1.h5"))), 1)


if __name__ == "__main__":
    unittest.main()
