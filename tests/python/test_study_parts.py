"""A study in parts (shards, ranks, tasks of Slurm) gives the results of the whole."""

import os
import shlex
import shutil
import subprocess
import sys
import time
import unittest

from studies import DOSES, HEAD, OUTCOMES, RESPINE, SLOW, StudyCase


class Parts(StudyCase):
    def test_shards_and_their_order_change_nothing(self):
        self.write(HEAD + DOSES + OUTCOMES)
        self.study("run", "small.yaml", "--work", "whole", "-q", "--jobs", "2")
        self.study("run", "small.yaml", "--work", "parts", "-q", "--shard", "2/2", "--jobs", "1")
        self.assertIn("have not run", self.study("merge", "small.yaml", "--work", "parts", code=3).stderr)
        self.study(
            "run", "small.yaml", "--work", "parts", "-q",
            env={"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "1"})
        self.same("whole", "parts")  # the last shard gives the results
        self.study("merge", "small.yaml", "--work", "parts")
        self.same("whole", "parts")

    def test_other_shards_go_on_where_the_last_ones_stood(self):
        self.write(HEAD + DOSES + OUTCOMES)
        self.study("run", "small.yaml", "--work", "whole", "-q")
        self.study("run", "small.yaml", "--work", "parts", "-q", "--shard", "1/2")
        first = (self.folder / "parts/journal-1-of-2.jsonl").read_text(encoding="utf-8").count("\n")
        for shard in ("1/3", "2/3", "3/3"):
            self.study("run", "small.yaml", "--work", "parts", "-q", "--shard", shard)
        self.same("whole", "parts")
        others = sum((self.folder / f"parts/journal-{k}-of-3.jsonl").read_text(encoding="utf-8").count("\n")
                     for k in (1, 2, 3))
        self.assertGreater(first, 0)
        self.assertEqual(first + others, 12, "nothing ran twice")

    def test_ranks_spread_the_points_and_the_last_one_gives_the_results(self):
        self.write(HEAD + DOSES + OUTCOMES)
        self.study("run", "small.yaml", "--work", "whole", "-q")
        command = [RESPINE, "study", "run", "small.yaml", "--work", "ranks", "-q"]
        if mpirun := shutil.which("mpirun"):
            subprocess.run([mpirun, "--allow-run-as-root", "--oversubscribe", "-n", "3", *command],
                           cwd=self.folder, check=True, timeout=120, stdout=subprocess.DEVNULL)
        else:
            ranks = [
                subprocess.Popen(
                    command, cwd=self.folder, stdout=subprocess.DEVNULL,
                    env={**os.environ, "OMPI_COMM_WORLD_RANK": str(k), "OMPI_COMM_WORLD_SIZE": "3"})
                for k in range(3)
            ]
            self.assertEqual([rank.wait(timeout=120) for rank in ranks], [0, 0, 0])
        self.same("whole", "ranks")

    def test_merge_names_the_command_that_runs_what_is_missing(self):
        self.write(HEAD + DOSES + OUTCOMES, "the study.yaml")
        self.study("run", "the study.yaml", "--work", "it's whole", "-q")
        self.study("run", "the study.yaml", "--work", "it's in parts", "-q", "--shard", "1/2")
        told = self.study("merge", "the study.yaml", "--work", "it's in parts", code=3).stderr
        words = shlex.split(told[told.index("respine study run"):])
        subprocess.run([RESPINE, *words[1:], "-q"], cwd="/", check=True, timeout=120,
                       stdout=subprocess.DEVNULL)
        self.same("it's whole", "it's in parts")

    def test_tasks_of_srun_are_shards(self):
        self.write(HEAD + DOSES + OUTCOMES)
        self.assertIn(
            "shard 2 of 3 (SLURM_PROCID)",
            self.study(
                "run", "small.yaml", "-q", env={"SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "3"}
            ).stdout,
        )
        self.assertIn(
            "20 ok",
            self.study("run", "small.yaml", "--work", "batch", "-q", env={"SLURM_PROCID": "0"}).stdout)

    def test_array_with_gaps_is_refused(self):
        self.write(HEAD + DOSES + OUTCOMES)
        task = {
            "SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "3",
            "SLURM_ARRAY_TASK_MAX": "7"
        }
        self.assertIn("gaps (2 tasks from 3 to 7)", self.study("run", "small.yaml", code=2, env=task).stderr)
        self.study("run", "small.yaml", "--shard", "3/20", "-q", env=task)

    def test_slurm_script_runs_its_part_and_goes_back_when_it_is_stopped(self):
        """With stand-ins for what it asks of Slurm; tests/slurm has the real one."""
        self.write(
            SLOW +
            "design: {kind: list}\nparameters:\n"
            "  - {key: treatments.0.dose, values: [1 mg/kg, 3 mg/kg, 10 mg/kg, 30 mg/kg]}\n"
            "outcomes:\n  - {name: bdnf_peak, quantity: bdnf, take: peak}\n", "the study.yaml")
        script = self.study("slurm", "the study.yaml", "--work", "it's here", "--tasks", "4", "--jobs",
                            "2").stdout
        self.assertIn("#SBATCH --array=1-4\n#SBATCH --cpus-per-task=2\n", script)
        (self.folder / "squeue").write_text('#!/bin/sh\necho "$STATE"\n', encoding="utf-8")
        (self.folder / "scontrol").write_text('#!/bin/sh\necho "$@" >>asked\n', encoding="utf-8")
        for name in ("squeue", "scontrol"):
            (self.folder / name).chmod(0o755)
        task = {
            **os.environ, "PATH": f"{self.folder}:/usr/bin:/bin", "SLURM_ARRAY_JOB_ID": "9",
            "SLURM_ARRAY_TASK_ID": "2", "SLURM_CPUS_PER_TASK": "2"
        }
        journal = self.folder / "it's here/journal-2-of-4.jsonl"
        for state in ("COMPLETING", "RUNNING"):  # COMPLETING: it was cancelled
            self.assertFalse((self.folder / "asked").exists())
            journal.unlink(missing_ok=True)
            running = subprocess.Popen(["bash", "-c", script], cwd=self.folder, env={**task, "STATE": state},
                                       stderr=subprocess.DEVNULL)
            while not journal.exists():
                self.assertIsNone(running.poll())
                time.sleep(0.005)
            running.terminate()
            self.assertEqual(running.wait(timeout=60), 75)
        self.assertEqual((self.folder / "asked").read_text(encoding="utf-8"), "requeue 9_2\n")


if __name__ == "__main__":
    sys.exit(unittest.main())
