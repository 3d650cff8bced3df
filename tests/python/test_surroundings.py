"""What surrounds a run: streams that are closed, limits, bound threads, a terminal that is gone."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import h5py
from small_texts import TINY

RESPINE = os.environ["RESPINE"]


class Streams(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        (self.folder / "tiny.yaml").write_text(TINY, encoding="utf-8")

    def shell(self, line, **environment):
        """The line, with $R for the program."""
        environment = {**os.environ, "R": RESPINE, **environment}
        return subprocess.run(["bash", "-c", line], cwd=self.folder, env=environment, capture_output=True,
                              text=True, check=False, timeout=120)


class Closed(Streams):
    def whole(self, name):
        with h5py.File(self.folder / name) as file:
            self.assertEqual(file["meta"].attrs["complete"], 1)
            return file["history/synapses"][:].tolist()

    def test_messages_do_not_go_into_the_run_file(self):
        self.assertEqual(self.shell("$R run -q tiny.yaml -o plain.h5").returncode, 0)
        for streams in ("2>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"):
            # with the second policy, the program does not start itself again
            for policy in ("", "OMP_WAIT_POLICY=passive "):
                with self.subTest(streams=streams, policy=policy):
                    self.shell(f"{policy}$R run tiny.yaml -o fd.h5 --force --progress json {streams}")
                    self.assertEqual(self.whole("fd.h5"), self.whole("plain.h5"))


class Threads(Streams):
    """How many threads a run reports, and what it does when there cannot be so many."""

    UNSET = "unset OMP_NUM_THREADS SLURM_CPUS_PER_TASK; $R run tiny.yaml --force -o t.h5"

    def test_binding_takes_no_threads_away(self):
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("one processor")
        all_of_them = len(os.sched_getaffinity(0))
        for binding in ({"OMP_PROC_BIND": "close"}, {"OMP_PROC_BIND": "true", "OMP_PLACES": "threads"},
                        {"OMP_PROC_BIND": "spread", "OMP_WAIT_POLICY": "passive"},
                        {"OMP_PLACES": "cores"}):
            with self.subTest(binding):
                told = self.shell(self.UNSET, **binding).stderr
                self.assertIn(f"tiny: {all_of_them} threads (affinity)", told)
        first = min(os.sched_getaffinity(0))
        told = self.shell(self.UNSET, GOMP_CPU_AFFINITY=str(first)).stderr
        self.assertIn("tiny: 1 threads (affinity)", told)

    def test_a_stack_that_cannot_be_had_is_a_mistake_of_the_command(self):
        for size in ("999999999G", "9999999999999999G"):
            result = self.shell("$R run -q tiny.yaml -o t.h5 --threads 2", OMP_STACKSIZE=size)
            with self.subTest(size):
                self.assertEqual(result.returncode, 2, result.stderr)
                told = f"OMP_STACKSIZE={size}: 2 threads (--threads) with such a stack cannot be started: "
                self.assertIn(told, result.stderr)
        self.assertEqual(self.shell("$R run -q tiny.yaml -o t.h5 --threads 2", OMP_STACKSIZE="4M").returncode,
                         0)

    def test_too_many_threads_are_told_with_the_limit(self):
        result = self.shell("$R run -q tiny.yaml -o t.h5", OMP_NUM_THREADS="100000")
        self.assertEqual(result.returncode, 2)
        self.assertIn("OMP_NUM_THREADS wants a whole number from 1 to 4096, got '100000'", result.stderr)


class Limits(Streams):
    def test_few_open_files_are_named(self):
        for seed in (3, 4):
            self.assertEqual(
                self.shell(f"$R run -q tiny.yaml -o plain-{seed}.h5 --seed {seed}").returncode, 0)
        for command in ("$R run -q tiny.yaml -o t.h5", "$R compare plain-3.h5 plain-4.h5"):
            with self.subTest(command):
                result = self.shell("ulimit -n 4; " + command)
                self.assertIn(result.returncode, (2, 3, 5), result.stderr)
                self.assertIn("ulimit -n", result.stderr)

    def test_a_long_name_is_told_in_plain_words(self):
        long = "a" * 260
        for command, code in ((f"$R run -q tiny.yaml -o {long}.h5", 5), (f"$R inspect {long}.h5", 3),
                              (f"$R run {long}.yaml", 2), (f"$R check {long}.yaml", 2)):
            with self.subTest(command[:12]):
                result = self.shell(command)
                self.assertEqual(result.returncode, code, result.stderr)
                self.assertIn("name", result.stderr)
                self.assertNotIn("filesystem error", result.stderr)


class Pipes(Streams):
    STUDY = """\
name: piped
scenario: tiny.yaml
design: {kind: grid}
parameters:
  - {key: treatments.0.dose, label: dose, values: [1 mg/kg, 3 mg/kg]}
outcomes:
  - {name: bdnf_peak, quantity: bdnf, take: peak}
"""

    def test_a_journal_that_is_a_pipe_is_refused_at_once(self):
        (self.folder / "piped.yaml").write_text(self.STUDY, encoding="utf-8")
        (self.folder / "work").mkdir()
        os.mkfifo(self.folder / "work" / "journal-1-of-1.jsonl")
        for command in ("status piped.yaml --work work", "run piped.yaml --work work -q"):
            with self.subTest(command):
                result = self.shell(f"timeout -s KILL 10 $R study {command}")
                self.assertEqual(result.returncode, 3, result.stderr)
                self.assertIn("work/journal-1-of-1.jsonl: error: is a pipe or a device; name a file",
                              result.stderr)


class Hangup(Streams):
    LONG = TINY.replace("26 h", "900 d").replace("neurons: 200", "neurons: 3000")

    def stopped_by(self, number, **how):
        (self.folder / "long.yaml").write_text(self.LONG, encoding="utf-8")
        child = subprocess.Popen([RESPINE, "run", "long.yaml", "-q", "-o", "long.h5"], cwd=self.folder,
                                 stderr=subprocess.PIPE, text=True, **how)
        part = self.folder / "long.h5.part"
        while child.poll() is None and not (part.exists() and part.stat().st_size):
            time.sleep(0.01)
        child.send_signal(number)
        return child

    def test_a_lost_terminal_leaves_a_checkpoint(self):
        child = self.stopped_by(signal.SIGHUP)
        _, told = child.communicate(timeout=100)
        self.assertEqual(child.returncode, 75, told)
        self.assertIn("stopped by SIGHUP", told)
        self.assertTrue((self.folder / "long.h5.ckpt").exists())

    def test_nohup_is_honoured(self):
        child = self.stopped_by(signal.SIGHUP, preexec_fn=lambda: signal.signal(signal.SIGHUP,
                                                                                signal.SIG_IGN))
        child.send_signal(signal.SIGTERM)
        _, told = child.communicate(timeout=100)
        self.assertIn("stopped by SIGTERM", told)


if __name__ == "__main__":
    unittest.main()
