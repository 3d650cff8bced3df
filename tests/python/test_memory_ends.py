"""Memory that ends, at any allocation of any command: a message, the exit code of the table, and nothing
older is damaged.

At each place the program forks, and in the child memory ends (tests/faults/memory_ends.c). Then whole
commands run into it: what they leave is told from what was there, and a run goes on from it with --resume. A
part of the places; with RESPINE_LARGE=1 every one.
"""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import unittest

from faults import NUMERICAL, OK, STOPPED, limited
from program_case import RESPINE, ProgramCase
from run_contents import contents, differences

SOURCE = pathlib.Path(__file__).parents[1] / "faults" / "memory_ends.c"
LARGE = bool(os.environ.get("RESPINE_LARGE"))
FORKS = None if LARGE else 150  # places of a command; None is all of them
WHOLE = 40 if LARGE else 3      # whole commands that run into it, for each way
USAGE = 2
SAID = b"respine: error: not enough memory"

TINY = """\
name: tiny
model: mouse
start: -1 d
duration: 26 h
seed: 3
network: {kind: sheet, neurons: 200, synapses_per_neuron: 20}
stress: {severity: 1.0}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
imaging: {sessions: [0 h, 1 h], dendrites: 8}
record: {history: 1 h, snapshots: [0 h, 1 h]}
"""
STUDY = """\
name: small
title: "a small study"
scenario: tiny.yaml
parameters:
  - {key: treatments.0.dose, label: dose, values: [3 mg/kg, 10 mg/kg]}
design: {kind: grid}
outcomes:
  - {name: bdnf_peak, quantity: bdnf, take: peak}
"""
COHORT = ["--set", "cohort.subjects=3", "--set", "imaging.sessions=[]"]
COMMANDS = {
    "run": ["run", "-q", "tiny.yaml", "-o", "new.h5", "--threads", "2"],
    "run with checkpoints": ["run", "-q", "tiny.yaml", "-o", "new.h5", "--checkpoint-every", "0.001s"],
    "resume": ["run", "-q", "--resume", "stopped.h5", "--threads", "2"],
    "cohort": ["run", "-q", "tiny.yaml", *COHORT, "-o", "new.h5", "--threads", "2"],
    "study": ["study", "run", "small.yaml", "-q", "--jobs", "2"],
    "rerun": ["rerun", "-q", "a.h5", "-o", "new.h5"],
    "compare": ["compare", "a.h5", "b.h5"],
    "inspect": ["inspect", "a.h5", "--field", "bdnf_excess", "--at", "1h"],
    "view": ["view", "a.h5", "b.h5", "-o", "new.html"],
    "lab": ["lab", "-o", "new.html"],
    "export": ["export", "a.h5", "--plastic", "--csv", "new", "--graphml", "new.graphml", "--sonata", "newer",
               "--vtkhdf", "new.vtkhdf"],
    "upgrade": ["upgrade", "a.h5", "stopped.h5.ckpt"],
    "check": ["check", "tiny.yaml"],
    "init": ["init", "new.yaml", "--like", "human-iv-single"],
    "list": ["list", "drugs"],
    "bench": ["bench", "--verify", "--topology", "sheet"],
}


class MemoryEnds(ProgramCase):
    def setUp(self):
        super().setUp()
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang-14")
        if compiler is None:
            self.skipTest("no C compiler")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", self.folder / "ends.so", SOURCE, "-ldl"],
                       check=True)
        self.write("tiny.yaml", TINY)
        self.write("small.yaml", STUDY)
        for name in "ab":
            self.respine("run", "-q", "tiny.yaml", "-o", f"{name}.h5", "--seed", str(ord(name)))
        self.respine("run", "-q", "tiny.yaml", "-o", "whole.h5")
        self.respine("run", "-q", "tiny.yaml", "-o", "stopped.h5", "--walltime", "0.001s", code=STOPPED)
        self.kept = {path: path.read_bytes() for path in self.folder.iterdir()}

    def command(self, words, **fault):
        """The command in a folder that holds what was there before; how it ended."""
        for path in self.folder.iterdir():
            if path not in self.kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path, data in self.kept.items():
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)
        fault |= {"program": pathlib.Path(RESPINE).name, "code": NUMERICAL, "count": self.folder / "count"}
        environment = {"LD_PRELOAD": str(self.folder / "ends.so"),
                       **{"FAULT_" + name.upper(): str(value) for name, value in fault.items()}}
        return subprocess.run([RESPINE, *words], cwd=self.folder, env={**os.environ, **environment},
                              capture_output=True, check=False, timeout=3000)

    def counts(self):
        """Over all processes of the command: allocations, children, children that ended otherwise."""
        rows = [list(map(int, line.split()))
                for line in (self.folder / "count").read_text(encoding="utf-8").splitlines()]
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
                result = self.command(words, each=1 if FORKS is None else max(1, allocations // FORKS))
                self.assertEqual(result.returncode, OK, result.stderr[-2000:])
                _, children, _ = self.counts()
                self.assertGreaterEqual(children, min(allocations, FORKS or allocations) // 2)
                if "study" not in name:  # what a worker says, its study tells in words of its own
                    self.assertEqual(result.stderr.count(SAID), children)
                places += children
                print(f"{name}: {allocations} allocations, {children} failed, each told", file=sys.stderr)
        print(f"{len(COMMANDS)} commands, {places} failures: 0 crashes", file=sys.stderr)

    def test_what_was_there_stays_and_a_run_goes_on(self):
        reference = contents(self.folder / "whole.h5")
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
                        self.unharmed(name)
                        if "run" in name or name == "resume":
                            resumed += self.goes_on(words, reference)
        print(f"{failed} commands ran out of memory: 0 damaged files, {resumed} runs resumed to the same "
              "bits", file=sys.stderr)

    def unharmed(self, name):
        """All that was there is as it was; a resumed run's own files have moved on."""
        for path, data in self.kept.items():
            if name != "resume" or not path.name.startswith("stopped"):
                self.assertEqual(path.read_bytes(), data, path.name)

    def goes_on(self, words, reference):
        """Whether there was something to go on from; in the end the bits are the same."""
        output = self.folder / ("stopped.h5" if "--resume" in words else "new.h5")
        begun = output.with_name(output.name + ".ckpt").exists()
        if begun:
            self.respine("run", "-q", "--resume", output.name)
        elif not output.exists():
            self.respine(*words, "--force")
        self.assertEqual(differences(reference, contents(output)) if words[0] == "run" else [], [])
        return begun

    def test_a_limit_that_is_met_anywhere(self):
        """The system refuses: mappings, stacks of threads, and what the heap has no room for."""
        told = done = 0
        for name in ("run", "compare", "view", "export", "inspect"):
            for megabytes in range(30, 100, 1 if LARGE else 10):
                with self.subTest(command=name, megabytes=megabytes):
                    for path in self.folder.glob("new*"):
                        shutil.rmtree(path) if path.is_dir() else path.unlink()
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
