"""Memory that ends, at any allocation of any command: a message, the exit code of the table, and nothing
older is damaged.

At each place the program forks, and in the child memory ends (tests/faults/memory_ends.c). Then whole
commands run into it: what they leave is told from what was there, and a run goes on from it with --resume. A
part of the places; with RESPINE_LARGE=1 every one, but of those that come again and again.
"""

import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

from every_command import CHECKPOINTS, COMMANDS, GOES_ON, EveryCommand
from faults import NUMERICAL, OK, limited, preload
from program_case import RESPINE

LARGE = bool(os.environ.get("RESPINE_LARGE"))
FORKS = 150  # places of a command, of part of them
# Checkpoints come by the clock: while a run forks at every place it is so slow that it saves after each step,
# four times as often as by itself. Of these places one in four is tried.
OFTEN = 4
WHOLE = 40 if LARGE else 3      # whole commands that run into it, for each way
USAGE = 2
SAID = b"respine: error: not enough memory"


class MemoryEnds(EveryCommand):
    def setUp(self):
        super().setUp()
        beside = tempfile.TemporaryDirectory()
        self.addCleanup(beside.cleanup)
        self.beside = pathlib.Path(beside.name)
        self.library = preload("memory_ends", self.beside)

    def command(self, words, **fault):
        """The command in a folder that holds what was there before; how it ended."""
        self.clean()
        (self.beside / "count").unlink(missing_ok=True)
        fault |= {"program": pathlib.Path(RESPINE).name, "code": NUMERICAL, "count": self.beside / "count"}
        environment = {"LD_PRELOAD": str(self.library),
                       **{"FAULT_" + name.upper(): str(value) for name, value in fault.items()}}
        return subprocess.run([RESPINE, *words], cwd=self.folder, env={**os.environ, **environment},
                              capture_output=True, check=False, timeout=3000)

    def counts(self):
        """Over all processes of the command: allocations, children, children that ended otherwise."""
        rows = [list(map(int, line.split()))
                for line in (self.beside / "count").read_text(encoding="utf-8").splitlines()]
        for row in rows:
            self.assertEqual(row[2], 0, f"at allocation {row[3]} wait() said {row[4]}")
        return [sum(column) for column in zip(*rows)][:3]

    def test_at_every_place_it_is_said(self):
        places = 0
        for name, words in COMMANDS.items():
            with self.subTest(command=name):
                self.assertEqual(self.command(words).returncode, OK)
                allocations = self.counts()[0]
                self.assertGreater(allocations, 1000)
                every = OFTEN if CHECKPOINTS[0] in words else 1
                result = self.command(words, each=every if LARGE else max(1, allocations // FORKS))
                self.assertEqual(result.returncode, OK, result.stderr[-2000:])
                _, children, _ = self.counts()
                self.assertGreaterEqual(children, (allocations // every if LARGE else FORKS) // 2)
                if "study" not in name:  # what a worker says, its study tells in words of its own
                    self.assertEqual(result.stderr.count(SAID), children)
                places += children
                print(f"{name}: {allocations} allocations, {children} failed, each told", file=sys.stderr)
        print(f"{len(COMMANDS)} commands, {places} failures: 0 crashes", file=sys.stderr)

    def test_what_was_there_stays_and_a_run_goes_on(self):
        randomness = random.Random(9)
        failed = resumed = 0
        for name, words in COMMANDS.items():
            self.command(words)
            allocations = self.counts()[0]
            for on in (0, 1):
                for at in sorted(randomness.sample(range(1, allocations), WHOLE)):
                    with self.subTest(command=name, at=at, for_good=on):
                        result = self.command(words, at=at, on=on)
                        failed += result.returncode != OK
                        self.assertIn(result.returncode, {OK, NUMERICAL}, result.stderr)
                        self.assertIn(SAID if result.returncode else b"", result.stderr)
                        self.check_files(name, result.returncode)
                        if name in GOES_ON:
                            resumed += self.go_on(name)
        print(f"{failed} commands ran out of memory: 0 damaged files, {resumed} runs resumed to the same "
              "bits", file=sys.stderr)

    def test_a_limit_that_is_met_anywhere(self):
        """The system refuses: mappings, stacks of threads, and what the heap has no room for."""
        told = done = 0
        for name in ("run", "compare", "view", "export", "inspect"):
            for megabytes in range(30, 100, 1 if LARGE else 10):
                with self.subTest(command=name, megabytes=megabytes):
                    self.clean()
                    result = subprocess.run([RESPINE, *COMMANDS[name]], cwd=self.folder, capture_output=True,
                                            check=False, timeout=60,
                                            preexec_fn=limited(AS=megabytes << 20))
                    if result.returncode == 127:
                        continue  # too little for the program itself to be loaded
                    told, done = told + (result.returncode != OK), done + (result.returncode == OK)
                    if result.returncode == USAGE:  # or take one thread
                        self.assertIn(b"cannot be started", result.stderr)
                    else:
                        self.assertIn(result.returncode, {OK, NUMERICAL}, result.stderr)
                        self.assertIn(b"memory" if result.returncode else b"", result.stderr)
        self.assertGreater(told, 0)
        self.assertGreater(done, 0)
        print(f"{told} commands met the limit, {done} did not", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
