"""Killed, stopped and resumed runs end with the bits of an undisturbed one."""

import os
import pathlib
import random
import signal
import subprocess
import sys
import time
import unittest

import h5py
from faults import preload
from resuming import RESPINE, SHEET, Folder, is_applied, run
from run_contents import contents

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
KILLS = int(os.environ.get("RESPINE_KILLS", "5"))
SCENARIOS = os.environ.get("RESPINE_SCENARIOS",
                           "rat-ketamine-10mgkg human-iv-six microcircuit-vehicle").split()
if SCENARIOS == ["all"]:
    SCENARIOS = sorted(path.stem for path in (SOURCE / "configs/scenarios").glob("*.yaml"))
EXPLICIT = """\
name: explicit
model: mouse
start: 0 h
duration: 90 s
network: {kind: sheet, neurons: 100, synapses_per_neuron: 20}
stress: {severity: 1.0}
integrator: explicit
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 10 s, snapshots: [0 h]}
"""
KINDS = {
    "lost places and inhibition":
        SHEET.replace("kind: sheet", "kind: sheet-inhibition") + "overrides: {formation.return_share: 0.8}\n",
    "small_world": SHEET.replace("kind: sheet, neurons: 1500", "kind: small_world, neurons: 600"),
    "random growth rule": SHEET.replace("kind: sheet, neurons: 1500", "kind: random, neurons: 400") +
    "structure: {rule: growth_rule}\n",
    "explicit": EXPLICIT,
    "mechanisms":
        SHEET + """
mechanisms:
  - {name: carrier, of: subject, production: "mtorc1 / (1 h)", decay: "1 / (9 h)", initial: "0.5",
     acts_on: ampa_drive, factor: "1 + 0.01 * carrier"}
  - {name: lactate, unit: fold, production: "glutamate / (20 min)", decay: "carrier / (20 min)",
     acts_on: bdnf_release, factor: "1 + 0.3 * (lactate - 1)"}
""",
    "policy":
        SHEET.replace("at: 0 h}",
                      'at: 0 h, policy: {every: 6 h, attendance: 0.7, when: "response_index < 0.9", '
                      'amount: "last_dose * 0.9"}}'),
}


class Killed(Folder):
    def in_journal(self):
        """Whether a change of the file was under way, which the resume finishes."""
        journal = self.folder / "b.h5.part.journal"
        return journal.exists() and not is_applied(journal)

    def test_kills_at_any_instant_leave_a_readable_file_and_the_same_bits(self):
        begun = time.monotonic()
        run(self.folder, "sheet.yaml", "-o", "whole.h5", check=0)
        whole = time.monotonic() - begun  # a fast machine is killed as often on the way as a slow one
        reference = contents(self.folder / "whole.h5")
        randomness = random.Random(5)
        killed = resumed = fresh = 0
        while killed < KILLS:
            begun = (self.folder / "b.h5.ckpt").exists()
            words = ["--resume", "b.h5"] if begun else ["sheet.yaml", "-o", "b.h5", "--force"]
            child = subprocess.Popen([
                RESPINE, "run", "-q", *words, "--checkpoint-every", "0.03s", "--threads",
                str(randomness.choice([1, 2, 3]))
            ], cwd=self.folder)
            try:
                child.wait(timeout=randomness.uniform(0.2, 1.2) * whole)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
                killed += 1
                resumed, fresh = resumed + begun, fresh + (not begun)
                if (self.folder / "b.h5.ckpt").exists() and not self.in_journal():
                    part = self.folder / "b.h5.part"  # or all was done but for the checkpoint
                    self.assertGreaterEqual(set(contents(part if part.exists() else self.folder / "b.h5")),
                                            {"history/time", "snapshots/time", "network/x"})
                continue
            self.assertEqual(child.returncode, 0)
            self.same(reference, "b.h5")
            (self.folder / "b.h5").unlink()
        if (self.folder / "b.h5.ckpt").exists():
            run(self.folder, "--resume", "b.h5", check=0)
            self.same(reference, "b.h5")
            self.assertNotIn("b.h5.ckpt", self.left())
        print(f"{killed} kills: {fresh} of fresh runs, {resumed} of resumed ones", file=sys.stderr)


class Stopped(Folder):
    def test_ten_resumes_with_changing_threads(self):
        run(self.folder, "sheet.yaml", "-o", "whole.h5", check=0)
        self.stopped()
        for k in range(10):
            # far from the end at any speed
            run(self.folder, "--resume", "b.h5.ckpt", "--threads", k % 3 + 1, "--walltime",
                f"{0.005 * k + 0.01}s", check=75)
        run(self.folder, "--resume", "b.h5", "--threads", 3, check=0)
        self.same(contents(self.folder / "whole.h5"), "b.h5")
        self.assertEqual([name for name in self.left() if name.startswith("b.")], ["b.h5", "b.xdmf"])
        with h5py.File(self.folder / "b.h5") as file:
            self.assertEqual(file["meta"].attrs["resumes"], 11)

    def test_every_kind_of_network_and_integrator(self):
        for name, text in KINDS.items():
            with self.subTest(kind=name):
                (self.folder / "kind.yaml").write_text(text, encoding="utf-8")
                self.interrupted_is_whole("kind.yaml")

    def test_shipped_scenarios(self):
        same = 0
        for name in SCENARIOS:
            with self.subTest(scenario=name):
                text = (SOURCE / f"configs/scenarios/{name}.yaml").read_text(encoding="utf-8")
                small = (
                    ["network.scale=0.01", "clock.longest_structural=30min"]  # an hour that can be stopped
                    if name.startswith("microcircuit")
                    else ["network.neurons=300", "network.synapses_per_neuron=50"]
                )
                small += ["cohort.subjects=4"] if "\ncohort:" in text else []
                self.interrupted_is_whole(name, *(word for setting in small for word in ("--set", setting)))
                same += 1
        print(
            f"{same} of {len(SCENARIOS)} shipped scenarios: 1 thread undisturbed, and 1, 2, 3 threads with "
            "stops between, give the same bits",
            file=sys.stderr)

    def interrupted_is_whole(self, *words):
        run(self.folder, *words, "-o", "whole.h5", "--force", "--threads", 1, check=0)
        self.stopped(*words, "--force")
        for wall in ("0.5s", "1s"):
            if run(self.folder, "--resume", "b.h5", "--threads", 2, "--walltime", wall).returncode == 0:
                break
        if (self.folder / "b.h5.ckpt").exists():
            run(self.folder, "--resume", "b.h5", "--threads", 3, check=0)
        self.same(contents(self.folder / "whole.h5"), "b.h5")
        (self.folder / "b.h5").unlink()

    def test_signals_have_their_exit_codes(self):
        for number, code in ((signal.SIGTERM, 75), (signal.SIGUSR1, 75), (signal.SIGINT, 130)):
            with self.subTest(signal=number):
                result = self.signalled([number])
                self.assertEqual(result[0], code, result[1])
                self.assertIn("respine run --resume b.h5.ckpt", result[1])
                command = result[1].split("go on with: ")[1].split()
                run(self.folder, *command[2:], "--walltime", "0.001s", check=75)

    def test_a_second_interrupt_stops_at_once(self):
        slow = preload("slow_sync", self.folder)  # the second comes while the checkpoint is written
        code, told = self.signalled([signal.SIGINT, signal.SIGINT], {"LD_PRELOAD": str(slow)})
        self.assertEqual(code, 130)
        self.assertIn("without another checkpoint", told)

    def signalled(self, numbers, more=None):
        long = ["--set", "duration=400 d", "--set", "clock.longest_structural=30min"]
        child = subprocess.Popen([RESPINE, "run", "-q", "sheet.yaml", "-o", "b.h5", "--force", *long],
                                 cwd=self.folder, stderr=subprocess.PIPE, text=True,
                                 env={**os.environ, **(more or {})})
        part = self.folder / "b.h5.part"
        while not (part.exists() and part.stat().st_size):
            time.sleep(0.01)
        for number in numbers:
            time.sleep(0.3)
            child.send_signal(number)
        _, err = child.communicate(timeout=60)
        return child.returncode, err

    def test_a_scenario_beside_resume_must_be_the_same(self):
        self.stopped()
        (self.folder / "other.yaml").write_text(SHEET.replace("seed: 7", "seed: 8"), encoding="utf-8")
        refused = run(self.folder, "other.yaml", "--resume", "b.h5", check=3)
        self.assertIn("b.h5.ckpt: error: /meta scenario is not that of scenario 'resumed'", refused.stderr)
        run(self.folder, "sheet.yaml", "--resume", "b.h5", "--walltime", "0.001s", check=75)
        for option in (["--seed", "3"], ["--set", "seed=3"], ["-o", "c.h5"], ["--force"], ["--dry-run"]):
            self.assertEqual(run(self.folder, "--resume", "b.h5", *option).returncode, 2, option)

    def test_a_stopped_run_is_not_overwritten(self):
        self.stopped()
        before = contents(self.folder / "b.h5.part")
        refused = run(self.folder, "sheet.yaml", "-o", "b.h5", check=5)
        self.assertIn("respine run --resume b.h5.ckpt", refused.stderr)
        self.assertEqual(contents(self.folder / "b.h5.part"), before)

    def test_an_output_made_meanwhile_is_not_replaced(self):
        self.stopped()
        (self.folder / "b.h5").write_text("mine", encoding="utf-8")
        refused = run(self.folder, "--resume", "b.h5", check=5)
        self.assertIn("b.h5.part", refused.stderr)
        self.assertEqual((self.folder / "b.h5").read_text(encoding="utf-8"), "mine")

    def test_wall_times_are_read_strictly(self):
        for option, value in (("--walltime", "soon"), ("--walltime", "-1 h"), ("--walltime", "0"),
                              ("--checkpoint-every", "3 mg"), ("--checkpoint-every", "5")):
            refused = run(self.folder, "sheet.yaml", "-o", "b.h5", option, value, check=2)
            self.assertIn(f"{option} wants a time such as 10min or 2h, got '{value}'", refused.stderr)
        self.assertEqual(self.left(), [])
        run(self.folder, "sheet.yaml", "-o", "b.h5", "--walltime", "10m", "--checkpoint-every", "1 h",
            check=0)


class Cohort(Folder):
    WORDS = [
        "sheet.yaml", "--set", "cohort.subjects=6", "--set", "network.neurons=200", "--set",
        "network.synapses_per_neuron=40", "--set", "record.synapse_events=false"
    ]

    def test_finished_subjects_are_kept(self):
        run(self.folder, *self.WORDS, "-o", "whole.h5", "--threads", 2, check=0)
        reference = contents(self.folder / "whole.h5")
        child = subprocess.Popen([
            RESPINE, "run", "-q", *self.WORDS, "-o", "b.h5", "--threads", "1", "--checkpoint-every", "0.01s"
        ], cwd=self.folder)
        while child.poll() is None and not (self.folder / "b.h5.ckpt").exists():
            time.sleep(0.005)
        child.kill()
        child.wait()
        with h5py.File(self.folder / "b.h5.ckpt") as file:
            done = file["cohort/finished"][:].sum()
        self.assertGreaterEqual(done, 1)
        stopped = run(self.folder, "--resume", "b.h5", "--walltime", "0.001s", check=75)
        self.assertIn("of 6 subjects are done and kept", stopped.stderr)
        run(self.folder, "--resume", "b.h5", "--threads", 3, check=0)
        self.same(reference, "b.h5")
        self.assertEqual([name for name in self.left() if name.startswith("b.")], ["b.h5"])


if __name__ == "__main__":
    sys.exit(unittest.main())
