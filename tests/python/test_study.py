"""respine study from end to end: what is run, what is kept, and that neither shards nor a kill change the
results.
"""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

import h5py
import numpy
from studies import DOSES, HEAD, OUTCOMES, RESPINE, SLOW, StudyCase, rows_of


class Study(StudyCase):
    def test_table_has_every_point_and_equal_points_run_once(self):
        self.write(HEAD + DOSES + OUTCOMES)
        self.assertIn("20 points, 20 ok", self.study("run", "small.yaml", "-q").stdout)
        rows = rows_of(self.folder / "study-small")
        self.assertEqual(len(rows), 20)
        vehicle = [r for r in rows if r["arm"] == "vehicle"]
        self.assertEqual(len({r["id"] for r in vehicle}), 2, "two seeds, whatever the dose would have been")
        self.assertTrue(all(r["brain [h]"] == "" for r in vehicle),
                        "an outcome that this arm lacks has no value")
        self.assertTrue(all(float(r["density [%]"]) == 0 for r in vehicle))
        dose = {
            r["treatments.0.dose [mg/kg]"]: float(r["bdnf_peak [fold]"]) for r in rows
            if r["arm"] == "ketamine" and r["replicate"] == "0"
        }
        self.assertGreater(dose["10"], dose["1"])
        with h5py.File(self.folder / "study-small/results.h5") as file:
            self.assertEqual(file["outcomes/bdnf_peak"].attrs["units"], b"fold")
            numpy.testing.assert_array_equal(file["outcomes/bdnf_peak"][:],
                                             [float(r["bdnf_peak [fold]"]) for r in rows])
        analysis = json.loads((self.folder / "study-small/analysis.json").read_text(encoding="utf-8"))
        curve = next(r for r in analysis["results"] if r["outcome"] == "bdnf_peak")["curves"][0]
        self.assertEqual(len(curve["dose"]), 5)
        self.study("run", "small.yaml")
        self.assertEqual(
            len((self.folder / "study-small/journal-1-of-1.jsonl").read_text(encoding="utf-8").splitlines()),
            12, "a second run has nothing to do")

    def test_value_is_that_of_the_run_itself(self):
        self.write(HEAD + DOSES + OUTCOMES)
        self.study("run", "small.yaml", "-q")
        row = next(
            r for r in rows_of(self.folder / "study-small")
            if r["arm"] == "ketamine" and r["treatments.0.dose [mg/kg]"] == "30" and r["replicate"] == "1")
        settings = {
            "start": "-2 h",
            "duration": "26 h",
            "network.neurons": "60",
            "network.synapses_per_neuron": "12",
            "record": "{history: 1 s, snapshots: []}",
            # a row a step
            "imaging": "{sessions: [-1 h, 1 d], dendrites: 20}",
            "treatments.0.dose": "30 mg/kg",
            "seed": "2"
        }
        words = [w for k, v in settings.items() for w in ("--set", f"{k}={v}")]
        subprocess.run([RESPINE, "run", "mouse-ketamine-10mgkg", "-q", "-o", "alone.h5", *words],
                       cwd=self.folder, check=True, timeout=120)
        with h5py.File(self.folder / "alone.h5") as file:
            when, bdnf, glutamate = (
                file["history/time"][:], file["history/bdnf"][:], file["history/glutamate"][:]
            )
        early = (when >= 0) & (when <= 6)
        self.assertAlmostEqual(float(row["bdnf_peak [fold]"]), bdnf[early].max(), places=6)
        self.assertAlmostEqual(float(row["when [h]"]), when[early][glutamate[early].argmax()], places=9)

    def test_a_kill_loses_only_what_is_in_flight(self):
        self.write(HEAD.replace("60\n", "400\n") + DOSES + OUTCOMES)
        self.study("run", "small.yaml", "--work", "whole", "-q")
        journal = self.folder / "killed/journal-1-of-1.jsonl"
        running = subprocess.Popen(
            [RESPINE, "study", "run", "small.yaml", "--work", "killed", "-q", "--jobs", "2"], cwd=self.folder)
        while not journal.exists() or journal.read_text(encoding="utf-8").count("\n") < 3:
            self.assertIsNone(running.poll())
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        running.wait()
        kept = journal.read_text(encoding="utf-8").count("\n")
        self.assertLess(kept, 12, "it was killed on its way")
        with open(journal, "a", encoding="utf-8") as file:
            file.write('{"id": "torn')
        self.study("run", "small.yaml", "--work", "killed", "-q")
        lines = journal.read_text(encoding="utf-8").splitlines()
        self.assertEqual(len(lines), 12, "finished points did not run again, and the torn line is gone")
        self.same("whole", "killed")

    def test_a_stop_keeps_the_points_in_flight_as_checkpoints(self):
        self.write(SLOW +
                   "design: {kind: list}\nparameters:\n  - {key: treatments.0.dose, values: [10 mg/kg]}\n"
                   "outcomes:\n  - {name: bdnf_peak, quantity: bdnf, take: peak}\n")
        self.study("run", "small.yaml", "--work", "whole", "-q", "--jobs", "1", "--threads", "1")
        running = self.start_slow("run", "small.yaml", "--work", "stopped", "-q", "--jobs", "1",
                                  "--threads", "1")
        running.send_signal(signal.SIGTERM)
        told = running.communicate(timeout=120)[1]
        self.assertEqual(running.returncode, 75, told)
        self.assertIn("0 of 1 points", told)
        self.assertEqual(len(list((self.folder / "stopped/in-flight").glob("*.ckpt"))), 1)
        self.assertIn("go on from their checkpoints",
                      self.study("status", "small.yaml", "--work", "stopped").stdout)
        self.study("run", "small.yaml", "--work", "stopped", "-q", "--jobs", "1")
        self.assertEqual(list((self.folder / "stopped/in-flight").iterdir()), [])
        self.same("whole", "stopped")

    def test_a_stopped_worker_stops_the_study(self):
        self.write(
            SLOW +
            "design: {kind: list}\nparameters:\n  - {key: treatments.0.dose, values: [10 mg/kg, 30 mg/kg]}\n"
            "outcomes:\n  - {name: bdnf_peak, quantity: bdnf, take: peak}\n")
        running = self.start_slow("run", "small.yaml", "-q", "--jobs", "1", "--threads", "1")
        os.kill(int(self.workers(running)[0]), signal.SIGTERM)
        told = running.communicate(timeout=120)[1]
        self.assertEqual(running.returncode, 75, told)
        self.assertIn("0 of 2 points are done", told)

    def test_a_failure_is_a_row_with_its_reason_and_runs_again(self):
        self.write(
            SLOW +
            "design: {kind: list}\nparameters:\n  - {key: treatments.0.dose, values: [10 mg/kg, 30 mg/kg]}\n"
            "outcomes:\n  - {name: bdnf_peak, quantity: bdnf, take: peak}\n")
        running = self.start("run", "small.yaml", "-q", "--jobs", "1", "--threads", "1")
        os.kill(int(self.workers(running)[0]), signal.SIGKILL)
        told = running.communicate(timeout=120)[0]
        self.assertIn("2 points, 1 ok, 1 failed", told)
        rows = rows_of(self.folder / "study-small")
        self.assertEqual(
            [(r["status"], r["bdnf_peak [fold]"] == "") for r in rows], [("failed", True), ("ok", False)]
        )
        self.assertIn("killed by signal 9", rows[0]["message"])
        self.assertIn("2 points, 2 ok, 0 failed", self.study("run", "small.yaml", "-q").stdout)

    def test_problems_are_all_told_before_anything_runs(self):
        self.write(
            HEAD +
            "design: {kind: sobol}\nparameters:\n  - {key: formation.gian}\n"
            "  - {key: network.neurons, low: 10}\noutcomes:\n  - {name: a, quantity: bdnf, take: at}\n"
            "  - {name: a, quantity: bdnf, take: peek}\n")
        told = self.study("run", "small.yaml", code=2).stderr
        for part in ("'design.blocks' is needed", "did you mean 'formation.gain'",
                     "'parameters[1].high' is needed", "'outcomes[0].time': 'at' wants one time", "'peek'"):
            self.assertIn(part, told)
        self.write(HEAD + DOSES + "outcomes:\n"
                   "  - {name: a, quantity: bdnf, take: peek, time: soon, against: vehicel}\n"
                   "  - {name: b, quantity: synapses - reference, take: first_above, time: to 40}\n"
                   "  - {name: c, quantity: responders, take: last}\n")
        told = self.study("run", "small.yaml", code=2).stderr
        for part in ("'outcomes[0].take': there is no take 'peek'; did you mean 'peak'? (one of: at, last, ",
                     "'outcomes[0].against': there is nothing 'vehicel' to be held against; did you mean "
                     "'vehicle'?",
                     "'outcomes[1].quantity': '- reference' wants two finished runs",
                     "'outcomes[1].take': 'first_above' wants a level behind it",
                     "'outcomes[1].time': '40' is no time",
                     "'outcomes[2].quantity': 'responders' is in finished run files alone"):
            self.assertIn(part, told)
        self.write(HEAD + DOSES + "outcomes:\n  - {name: a, quantity: bdnv, take: peak}\n")
        self.assertIn("did you mean 'bdnf'", self.study("run", "small.yaml", code=2).stderr)
        self.assertFalse((self.folder / "study-small/journal-1-of-1.jsonl").exists())
        self.write("")
        self.assertIn("small.yaml:1:1: error: the document wants a map",
                      self.study("run", "small.yaml", code=2).stderr)

    def test_plan_tells_points_time_and_room_and_leaves_nothing(self):
        self.write(HEAD + DOSES + OUTCOMES)
        told = self.study("run", "small.yaml", "--dry-run", "--jobs", "2").stdout
        self.assertIn("20 = 5 rows x 2 arms x 2 replicates, 12 of them different", told)
        for word in ("run to their end", "core-hours", "for 2 points at a time", "memory", "disk"):
            self.assertIn(word, told)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["small.yaml"])

    def test_sobol_study_gives_indices_and_a_problem_for_salib(self):
        self.write(
            HEAD +
            "design: {kind: sobol, blocks: 8}\nparameters:\n  - {key: bdnf.release}\n"
            "  - {key: treatments.0.dose, unit: mg/kg, law: log_uniform, low: 3, high: 30}\noutcomes:\n"
            "  - {name: bdnf_peak, quantity: bdnf, take: peak, time: to 6 h}\n")
        told = self.study("run", "small.yaml", "-q").stdout
        problem = json.loads((self.folder / "study-small/problem.json").read_text(encoding="utf-8"))
        self.assertEqual(problem["names"], ["bdnf.release", "treatments.0.dose"])
        self.assertEqual(problem["dists"], ["unif", "logunif"])
        analysis = json.loads((self.folder / "study-small/analysis.json").read_text(encoding="utf-8"))
        result = analysis["results"][0]
        self.assertEqual((result["blocks"], result["dropped"]), (8, 0))
        self.assertGreater(result["sobol"][1]["ST"]["value"], 0.1)
        wide = max(s["ST"]["high"] - s["ST"]["low"] for s in result["sobol"]) / 2
        self.assertAlmostEqual(result["convergence"]["half_width"], wide, 6)
        self.assertIn(f"8 blocks tell ST within {wide:.2g} at the worst", told)
        self.assertEqual(len(rows_of(self.folder / "study-small")), 32)

    def test_cohort_crosses_subjects_with_arms(self):
        self.write(
            HEAD +
            "cohort: 6\narms:\n  - {name: ketamine}\n"
            "  - {name: vehicle, set: {treatments: [{drug: placebo, route: window, for: 1 min, at: 0 h}]}}\n"
            "outcomes:\n  - {name: bdnf_peak, quantity: bdnf, take: peak}\n"
            "  - {name: mean_bdnf, quantity: bdnf, take: mean}\n"
            "  - {name: when, quantity: bdnf, take: first_above 1.05}\n"
            "  - {name: surges, quantity: bdnf, take: reaches 1.05}\n"
        )
        self.study("run", "small.yaml", "-q")
        rows = [r for r in rows_of(self.folder / "study-small") if r["arm"] == "ketamine"]
        self.assertEqual([r["subject"] for r in rows], ["1", "2", "3", "4", "5", "6"])
        peaks = [float(r["bdnf_peak [fold]"]) for r in rows]
        self.assertEqual(len(set(peaks)), 6, "every subject is another one")
        for r in rows:
            self.assertEqual(float(r["surges"]), float(float(r["bdnf_peak [fold]"]) >= 1.05))
            self.assertEqual(r["when [h]"] != "", r["surges"] == "1")
            self.assertTrue(0.9 < float(r["mean_bdnf [fold]"]) < float(r["bdnf_peak [fold]"]),
                            "the mean is over the run and nothing beyond it")
        analysis = json.loads((self.folder / "study-small/analysis.json").read_text(encoding="utf-8"))
        group = analysis["results"][0]["groups"][0]
        self.assertEqual((group["subjects"], group["with_value"]), (6, 6))
        self.assertAlmostEqual(group["q50"], numpy.quantile(peaks, 0.5), places=12)
        self.assertAlmostEqual(group["standard_error"], numpy.std(peaks, ddof=1) / 6**0.5, places=12)

    def test_report_is_one_page_that_loads_nothing(self):
        self.write(HEAD + DOSES + OUTCOMES)
        self.study("run", "small.yaml", "-q")
        page = (self.folder / self.study("report", "small.yaml").stdout.strip()).read_text(encoding="utf-8")
        self.write(
            HEAD +
            DOSES.replace("100 mg/kg", "99 mg/kg").replace("replicates: 2", "replicates: 2\nfirst_seed: 7") +
            OUTCOMES, "other.yaml")
        told = self.study("report", "other.yaml", code=3)
        self.assertIn("no record is of these points and outcomes", told.stderr)
        self.assertIn("12 records in the journals are of other inputs", told.stdout)
        self.assertIn("a small study", page)
        self.assertRegex(page, r"<main><h1>a small study</h1><p><b>\w+ moves most with .* in the arm \w+")
        self.assertNotIn(">treatments.0.dose<", page, "labels, not paths")
        self.assertEqual(page.count("<img"), 2)
        self.assertEqual({p.name for p in (self.folder / "study-small").glob("*.png")},
                         {"outcomes.png", "responses.png"})
        self.assertNotIn('src="http', page)


if __name__ == "__main__":
    sys.exit(unittest.main())
