"""The batch script of `respine study slurm` under a real Slurm: one node, munge and all, started here in a
temporary folder and gone afterwards.

Everything that runs is a descendant of this process, and is killed at its end. Slurm and munge of the machine
are not asked and not touched: ports, sockets, key and files are others. Exit code 77: skipped, because a
program is missing or this is not root.
"""

import collections
import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import time
import unittest

from own_slurm import Slurm, call, end_all, wait_for

RESPINE = os.environ["RESPINE"]
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scancel", "scontrol", "sinfo", "squeue")
TASKS, POINTS, OF_TASK = 20, 60, 3
SECONDS = 170  # of everything; before ctest's own limit, which would leave files behind
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
RESULTS = ("results.csv", "results.h5", "analysis.json", "problem.json")

# A point takes about a quarter of a second. The name and the folder want every kind of quoting.
NAME = """it's "20" tasks & 60% #1"""
STUDY = """name: 'it''s "20" tasks & 60% #1'
scenario: mouse-ketamine-10mgkg
set:
  start: -2 h
  duration: 50 h
  network.neurons: 3500
  network.synapses_per_neuron: 100
  record: {history: 30 min, snapshots: []}
  imaging: {sessions: [-1 h, 1 d], dendrites: 20}
design: {kind: lhs, points: 60}
parameters:
  - {key: treatments.0.dose, unit: mg/kg, law: log_uniform, low: 1, high: 100}
  - {key: formation.gain}
outcomes:
  - {name: bdnf_peak, quantity: bdnf, take: peak, time: to 6 h}
  - {name: density, quantity: imaging_density, take: at, time: 1 d}
"""


class Array(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(os.environ["SLURM_CONF"]).parent / "a b'c"
        cls.folder.mkdir()
        (cls.folder / "the study.yaml").write_text(STUDY, encoding="utf-8")
        started = time.monotonic()
        whole = cls.study("run", "whole", "--quiet", "--jobs", "4", "--threads", "4")
        assert whole.returncode == 0, whole.stderr
        print(f"{POINTS} points without Slurm: {time.monotonic() - started:.1f} s", flush=True)

    @classmethod
    def study(cls, what, work, *words):
        return call(RESPINE, "study", what, "the study.yaml", "--work", work, *words, cwd=cls.folder)

    def script(self, work):
        made = self.study("slurm", work, "--tasks", str(TASKS))
        self.assertEqual(made.returncode, 0, made.stderr)
        path = self.folder / f"{work}.sh"
        path.write_text(made.stdout, encoding="utf-8")
        return path

    def submit(self, *words):
        done = call("sbatch", "--parsable", *words, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def submit_with_merge(self, script):
        """By the two lines that the script itself gives for it."""
        text = script.read_text(encoding="utf-8")
        lines = re.search(r"^#   (job=.*)\n#   (sbatch .*)$", text, re.MULTILINE).groups()
        done = call("bash", "-c",
                    " && ".join(lines).replace("FILE", f"'{script.name}'") + ' && echo "of $job"',
                    cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        jobs = re.search(r"batch job (\d+)\nof (\d+)", done.stdout)
        self.assertIsNotNone(jobs, done.stdout + done.stderr)
        return jobs[2], jobs[1]

    def state(self, job):
        """Empty once it has ended."""
        told = call("squeue", "-h", "-j", job, "-o", "%T")
        self.assertEqual(told.returncode, 0, told.stderr)
        return told.stdout.strip()

    def ended(self, job):
        wait_for(f"the end of job {job}", lambda: not self.state(job))
        states = call("scontrol", "-o", "show", "job", job).stdout
        return re.findall(r"JobState=(\w+)", states), re.findall(r" ExitCode=(\S+)", states)

    def lines(self, work, task):
        journal = self.folder / work / f"journal-{task}-of-{TASKS}.jsonl"
        return journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []

    def one_point_done(self, work, task):
        wait_for(f"the first point of task {task}", lambda: self.lines(work, task))

    def waiting(self, work):
        return list((self.folder / work / "in-flight").glob("*.ckpt"))

    def same_results(self, work):
        for name in RESULTS:
            self.assertEqual((self.folder / work / name).read_bytes(),
                             (self.folder / "whole" / name).read_bytes(), name)

    def same_part(self, work, task):
        """The part of one task, by its records: each point once, with the values of the undisturbed study."""
        journal = (self.folder / "whole/journal-1-of-1.jsonl").read_text(encoding="utf-8")
        whole = {r["id"]: r["values"] for r in map(json.loads, journal.splitlines())}
        part = [json.loads(line) for line in self.lines(work, task)]
        self.assertEqual(len({r["id"] for r in part}), OF_TASK)
        self.assertEqual(len(part), OF_TASK)
        for r in part:
            self.assertEqual((r["status"], r["values"]), ("ok", whole[r["id"]]))

    def kill_one(self, work, array):
        """A task that dies with points undone; the next one, should this one have been too quick."""
        for task in range(3, TASKS + 1):
            self.one_point_done(work, task)
            call("scancel", "--signal=KILL", "--full", f"{array}_{task}")
            wait_for(f"the end of task {task}", lambda t=task: not self.state(f"{array}_{t}"))
            if len(self.lines(work, task)) < OF_TASK:
                return task
        raise AssertionError("every task ended before it was killed")

    def stop_one(self, work, *words):
        """A task that was stopped in the middle of a point; when it was between two points, the next task."""
        script = self.script(work)
        for task in range(5, TASKS + 1):
            array = self.submit(f"--array={task}", script.name)
            behind = self.submit(f"--dependency=afterany:{array}", "--output=behind.log",
                                 f"--wrap=cat {work}/journal-{task}-of-* | wc -l")
            self.one_point_done(work, task)
            call("scancel", *words, f"{array}_{task}")
            wait_for(f"the stop of task {task}", lambda j=array: self.state(j) in ("", "PENDING"))
            if self.waiting(work):
                return array, task, behind
        raise AssertionError("no task was within a point")

    def test_a_killed_task_is_made_up_for_by_the_same_script(self):
        script = self.script("array")
        started = time.monotonic()
        array, merge = self.submit_with_merge(script)
        killed = self.kill_one("array", array)
        states, _ = self.ended(array)
        print(
            f"array of {len(states)} tasks, task {killed} killed: {time.monotonic() - started:.1f} s, "
            f"{dict(collections.Counter(states))}",
            flush=True)
        self.assertEqual(len(states), TASKS)
        self.assertEqual(states.count("COMPLETED"), TASKS - 1)

        before = {task: self.lines("array", task) for task in range(1, TASKS + 1)}
        missing = POINTS - sum(map(len, before.values()))
        self.assertEqual(missing, OF_TASK - len(before[killed]), "only points of the killed task are missing")
        self.assertGreater(missing, 0)
        self.assertIn(f"{POINTS - missing} ok, 0 failed, {missing} missing",
                      self.study("status", "array").stdout)
        self.assertEqual(self.ended(merge), (["FAILED"], ["3:0"]), "the merge behind it says so too")
        self.assertIn(f"{missing} of {POINTS} points have not run",
                      (self.folder / f"{NAME}-merge.log").read_text(encoding="utf-8"))
        told = self.study("merge", "array")
        self.assertEqual(told.returncode, 3)
        self.assertIn("submit the batch script again, or: respine study run", told.stderr)

        started = time.monotonic()
        self.assertEqual(self.ended(self.submit(script.name))[0], ["COMPLETED"] * TASKS)
        print(f"again, for {missing} missing points: {time.monotonic() - started:.1f} s", flush=True)
        after = {task: self.lines("array", task) for task in range(1, TASKS + 1)}
        for task in after:
            self.assertEqual(after[task][:len(before[task])], before[task],
                             f"the journal of task {task} has only grown")
            self.assertEqual(len(after[task]), OF_TASK,
                             f"task {task} ran its points once, and finished ones not again")
        self.assertEqual(len({json.loads(line)["id"] for lines in after.values() for line in lines}), POINTS)
        log = (self.folder / f"{NAME}-1.log").read_text(encoding="utf-8")
        self.assertEqual(log.count(f"shard 1 of {TASKS}"), 2,
                         "the second time goes on in the log of the first")
        self.same_results("array")  # by the last task, over those of the merge
        for name in RESULTS:
            (self.folder / "array" / name).unlink()
        self.assertEqual(self.study("merge", "array").returncode, 0)
        self.same_results("array")

    def test_a_stopped_task_goes_back_into_the_queue_and_goes_on(self):
        """SIGTERM to the batch shell is what --signal=B:TERM@120 sends before the wall time."""
        array, task, behind = self.stop_one("stopped", "--signal=TERM", "--batch")
        self.assertIn("1 points were stopped on their way", self.study("status", "stopped").stdout)
        self.assertLess(len(self.lines("stopped", task)), OF_TASK)
        self.assertEqual(self.ended(array), (["COMPLETED"], ["0:0"]))
        self.assertIn("Restarts=1", call("scontrol", "show", "job", array).stdout)
        self.assertEqual(self.waiting("stopped"), [])
        self.same_part("stopped", task)
        self.ended(behind)
        self.assertEqual(int((self.folder / "behind.log").read_text(encoding="utf-8")), OF_TASK,
                         "what is to follow the array has waited for it")

    def test_a_cancelled_task_stays_cancelled_and_keeps_its_checkpoint(self):
        array, task, _ = self.stop_one("cancelled")
        self.assertEqual(self.ended(array)[0], ["CANCELLED"])
        self.assertEqual(
            self.study("run", "cancelled", "--shard", f"{task}/{TASKS}", "--quiet").returncode, 0)
        self.assertEqual(self.waiting("cancelled"), [])
        self.same_part("cancelled", task)


def give_up(number, _):
    print(
        f"ended by {signal.Signals(number).name}" +
        (f": took more than {SECONDS} s" if number == signal.SIGALRM else ""), flush=True)
    raise KeyboardInterrupt  # the only one that ends all tests


def run():
    """unittest leaves its own clean-ups out when it is interrupted; so folder and daemons are kept here."""
    for number in ENDS:
        signal.signal(number, give_up)
    signal.alarm(SECONDS)
    root = pathlib.Path(tempfile.mkdtemp(prefix="respine-slurm-"))
    good = False
    try:
        root.chmod(0o755)  # munged wants its socket within everyone's reach
        slurm = Slurm(root)
        slurm.start()
        good = unittest.main(verbosity=2, exit=False).result.wasSuccessful()
    except (AssertionError, KeyboardInterrupt) as e:
        print(e, flush=True)
    finally:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        end_all()
        if not good:
            print("".join(f"== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}\n"
                          for log in sorted(root.glob("*.out"))))
        shutil.rmtree(root)
    return good


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin:/sbin"  # where Debian keeps daemons
    absent = [p for p in PROGRAMS if not shutil.which(p)]
    if absent or os.getuid() != 0:
        print("skipped: " + (f"there is no {', '.join(absent)} (Debian: apt-get install slurm-wlm munge)"
                             if absent else "only root can start a Slurm"))
        sys.exit(77)
    for variable in [
            v for v in os.environ if v.startswith(("SLURM_", "SBATCH_", "SQUEUE_", "SCANCEL_", "SINFO_"))
    ]:
        del os.environ[variable]  # this may itself be a job
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
    sys.exit(0 if run() else 1)
