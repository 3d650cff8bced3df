"""Signals at any instant of any command: it ends as documented, what was there stays, what has its name is
whole, and runs and studies go on to the same results. RESPINE_SIGNALS of them; 40 when it is not set.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

from faults import OK, STOPPED
from program_case import RESPINE, ProgramCase
from run_contents import contents, differences
from test_memory_ends import COHORT, STUDY, TINY

SIGNALS = int(os.environ.get("RESPINE_SIGNALS", "40"))
INTERRUPTED = 130
SLOW = (TINY.replace("200, synapses_per_neuron: 20", "1500, synapses_per_neuron: 60") +
        "overrides: {clock.longest_structural: 30min}\n")
CHECKPOINTS = ["--checkpoint-every", "0.02s"]
COMMANDS = {
    "run": ["run", "slow.yaml", "-o", "new.h5", *CHECKPOINTS],
    "quiet run": ["run", "-q", "slow.yaml", "-o", "new.h5", "--threads", "2"],
    "resume": ["run", "--resume", "stopped.h5", *CHECKPOINTS],
    "cohort": ["run", "slow.yaml", *COHORT, "-o", "new.h5", *CHECKPOINTS],
    "study": ["study", "run", "small.yaml", "--jobs", "2"],
    "rerun": ["rerun", "a.h5", "-o", "new.h5"],
    "compare": ["compare", "a.h5", "b.h5"],
    "inspect": ["inspect", "a.h5"],
    "view": ["view", "a.h5", "b.h5", "-o", "new.html"],
    "lab": ["lab", "-o", "new.html"],
    "export": ["export", "a.h5", "--plastic", "--csv", "new", "--graphml", "new.graphml", "--sonata", "newer",
               "--vtkhdf", "new.vtkhdf"],
    "upgrade": ["upgrade", "a.h5", "stopped.h5.ckpt"],
    "check": ["check", "slow.yaml"],
    "init": ["init", "new.yaml"],
    "list": ["list", "parameters"],
    "bench": ["bench", "--verify", "--topology", "sheet"],
}
GOES_ON = {"run", "quiet run", "resume", "cohort", "rerun", "study"}  # they stop with a checkpoint
ASKED = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: STOPPED, signal.SIGHUP: STOPPED, signal.SIGUSR1: STOPPED}


class Signals(ProgramCase):
    def setUp(self):
        super().setUp()
        self.write("slow.yaml", SLOW)
        self.write("small.yaml", STUDY.replace("tiny", "slow"))
        for seed, name in enumerate(("a.h5", "b.h5")):
            self.respine("run", "-q", "slow.yaml", "-o", name, "--seed", str(seed))
        self.respine("run", "-q", "slow.yaml", "-o", "stopped.h5", "--walltime", "0.001s", code=STOPPED)
        self.kept = {path: path.read_bytes() for path in self.folder.iterdir()}
        self.made, self.seconds = {}, {}
        for name, words in COMMANDS.items():
            self.clean()
            begun = time.monotonic()
            self.respine(*words)
            self.seconds[name] = time.monotonic() - begun
            self.made[name] = self.new_files()

    def clean(self):
        for path in self.folder.iterdir():
            if path not in self.kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path, data in self.kept.items():
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)

    def new_files(self):
        """What the command made, under the names that whole files have: contents by name."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = str(path.relative_to(self.folder))
            if path in self.kept or path.is_dir() or name.startswith("study-small") or ".part" in name:
                continue
            if path.suffix in (".h5", ".vtkhdf"):
                found[name] = contents(path)
            elif path.suffix not in (".ckpt", ".prev", ".new"):
                found[name] = path.read_bytes()
        return found

    def signalled(self, words, number, after):
        def as_in_a_terminal():  # where nobody ignores a hangup, as nohup does
            signal.signal(signal.SIGHUP, signal.SIG_DFL)

        child = subprocess.Popen([RESPINE, *words], cwd=self.folder, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, preexec_fn=as_in_a_terminal)
        time.sleep(after)
        child.send_signal(number)
        if number == signal.SIGSTOP:
            time.sleep(0.02)
            child.send_signal(signal.SIGCONT)
        output, errors = child.communicate(timeout=200)
        return child.returncode, output, errors

    def test_nothing_is_lost(self):
        randomness = random.Random(11)
        numbers = [*ASKED, signal.SIGSTOP, signal.SIGPIPE]
        ends = {}
        for k in range(SIGNALS):
            name, number = list(COMMANDS)[k % len(COMMANDS)], numbers[k // len(COMMANDS) % len(numbers)]
            after = randomness.uniform(0.0, self.seconds[name])
            with self.subTest(command=name, signal=number.name, after=round(after, 4)):
                self.clean()
                code, _, errors = self.signalled(COMMANDS[name], number, after)
                # Also a signal that means nothing to the program ends it where it comes before main.
                allowed = {OK, ASKED.get(number, OK), OK if number == signal.SIGSTOP else -number}
                self.assertIn(code, allowed if name in GOES_ON else allowed - {STOPPED}, errors)
                self.assertNotIn("internal error", errors)
                if code == STOPPED or code == INTERRUPTED:
                    self.assertIn("go on with", errors)
                self.check_files(name, code)
                ends[code] = ends.get(code, 0) + 1
        print(f"{SIGNALS} signals, ends by exit code (below 0: the signal): {dict(sorted(ends.items()))}",
              file=sys.stderr)

    def check_files(self, name, code):
        for path, data in self.kept.items():
            if not path.name.startswith("stopped") or name != "resume":
                self.assertEqual(path.read_bytes(), data, path.name)
        if code == OK:
            self.assertEqual(self.new_files(), self.made[name])
        for file, data in self.new_files().items():
            self.assertEqual(data, self.made[name].get(file), file)
        if name in GOES_ON and code != OK:
            self.go_on(name)

    def go_on(self, name):
        """To the same results."""
        output = "stopped.h5" if name == "resume" else "new.h5"
        if (self.folder / f"{output}.ckpt").exists():
            self.respine("run", "-q", "--resume", output)
        elif not (self.folder / output).exists():
            self.respine(*COMMANDS[name], *([] if name == "study" else ["--force"]))
        if name != "study":
            self.assertEqual(differences(contents(self.folder / output), self.made[name][output]), [])


if __name__ == "__main__":
    import unittest
    unittest.main()
