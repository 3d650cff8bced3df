"""Killed, stopped and resumed runs end with the bits of an undisturbed one; damaged checkpoints are refused
by name.
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

import h5py
from run_contents import contents, differences

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
KILLS = int(os.environ.get("RESPINE_KILLS", "5"))
FLIPS = int(os.environ.get("RESPINE_FLIPS", "300"))
SCENARIOS = os.environ.get("RESPINE_SCENARIOS",
                           "rat-ketamine-10mgkg human-iv-six microcircuit-vehicle").split()
if SCENARIOS == ["all"]:
    SCENARIOS = sorted(path.stem for path in (SOURCE / "configs/scenarios").glob("*.yaml"))
SEAL_BYTES = 512

SHEET = """\
name: resumed
model: mouse
start: -1 d
duration: 5 d
seed: 7
network: {kind: sheet, neurons: 1500, synapses_per_neuron: 100}
stress: {severity: 1.0}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
  - {drug: nbqx, route: window, for: 2 h, at: 30 h}
record: {history: 5 min, snapshots: [0 h, 1 h, 2 d], synapse_events: true}
imaging: {sessions: [-1 d, 0 d, 1 d, 2 d], dendrites: 100}
"""
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
    "small_world": SHEET.replace("kind: sheet, neurons: 1500", "kind: small_world, neurons: 600"),
    "random growth rule": SHEET.replace("kind: sheet, neurons: 1500", "kind: random, neurons: 400") +
    "structure: {rule: growth_rule}\n",
    "explicit": EXPLICIT,
}


def run(folder, *words, check=None, environment=None):
    result = subprocess.run([RESPINE, "run", "-q", *map(str, words)], cwd=folder, capture_output=True,
                            text=True, check=False, timeout=500, env={**os.environ, **(environment or {})})
    if check is not None and result.returncode != check:
        raise AssertionError(f"{words}: exit {result.returncode}\n{result.stderr}")
    return result


def reseal(path):
    """Gives an edited checkpoint the seal of its new bytes."""
    data = path.read_bytes()
    body = data[SEAL_BYTES:]
    title = data[:data.index(b"\n")].decode()
    seal = f"{title}\nbytes {len(body)}\ncrc32 {zlib.crc32(body):08x}\n".encode()
    path.write_bytes(seal.ljust(SEAL_BYTES, b"\0") + body)


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        (self.folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")

    def same(self, reference, other):
        self.assertEqual(differences(reference, contents(self.folder / other)), [])

    def left(self):
        return sorted(p.name for p in self.folder.iterdir() if p.suffix != ".yaml")

    def stopped(self, *words, wall="0.01s", output="b.h5"):
        """Stops a run after its first step."""
        return run(self.folder, *(words or ["sheet.yaml"]), "-o", output, "--walltime", wall, check=75)


class Killed(Folder):
    def test_kills_at_any_instant_leave_a_readable_file_and_the_same_bits(self):
        run(self.folder, "sheet.yaml", "-o", "whole.h5", check=0)
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
                child.wait(timeout=randomness.uniform(0.2, 1.2))
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
                killed += 1
                resumed, fresh = resumed + begun, fresh + (not begun)
                if (self.folder / "b.h5.ckpt").exists():
                    self.assertGreaterEqual(set(contents(self.folder / "b.h5.part")),
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
                    ["network.scale=0.01"]
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
                run(self.folder, *command[2:], "--walltime", "0.01s", check=75)

    def test_a_second_interrupt_stops_at_once(self):
        code, _ = self.signalled([signal.SIGINT, signal.SIGINT], wait_for_part=False)
        self.assertEqual(code, 130)

    def signalled(self, numbers, wait_for_part=True):
        long = ["--set", "duration=400 d"]
        child = subprocess.Popen([RESPINE, "run", "-q", "sheet.yaml", "-o", "b.h5", "--force", *long],
                                 cwd=self.folder, stderr=subprocess.PIPE, text=True)
        while wait_for_part and not ((self.folder / "b.h5.part").exists() and
                                     (self.folder / "b.h5.part").stat().st_size):
            time.sleep(0.01)
        time.sleep(0.2)
        for number in numbers:
            child.send_signal(number)
            time.sleep(0.01)
        _, err = child.communicate(timeout=60)
        return child.returncode, err

    def test_a_scenario_beside_resume_must_be_the_same(self):
        self.stopped()
        (self.folder / "other.yaml").write_text(SHEET.replace("seed: 7", "seed: 8"), encoding="utf-8")
        refused = run(self.folder, "other.yaml", "--resume", "b.h5", check=3)
        self.assertIn("b.h5.ckpt: error: /meta scenario is not that of scenario 'resumed'", refused.stderr)
        run(self.folder, "sheet.yaml", "--resume", "b.h5", "--walltime", "0.01s", check=75)
        for option in (["--seed", "3"], ["--set", "seed=3"], ["-o", "c.h5"], ["--force"], ["--dry-run"]):
            self.assertEqual(run(self.folder, "--resume", "b.h5", *option).returncode, 2, option)

    def test_a_stopped_run_is_not_overwritten(self):
        self.stopped()
        before = contents(self.folder / "b.h5.part")
        refused = run(self.folder, "sheet.yaml", "-o", "b.h5", check=5)
        self.assertIn("respine run --resume b.h5.ckpt", refused.stderr)
        self.assertEqual(contents(self.folder / "b.h5.part"), before)

    def test_two_runs_at_one_output_are_told_apart(self):
        child = subprocess.Popen(
            [RESPINE, "run", "-q", "sheet.yaml", "-o", "b.h5", "--set", "duration=400 d"], cwd=self.folder,
            stderr=subprocess.DEVNULL)
        try:
            while not (self.folder / "b.h5.part").exists():
                time.sleep(0.01)
            for k in range(4):  # while the network is built, and later
                second = run(self.folder, "sheet.yaml", "-o", "b.h5", "--force", check=5)
                self.assertIn("b.h5.part: error: exists: another run writes this output now", second.stderr,
                              k)
                time.sleep(0.2)
        finally:
            child.kill()
            child.wait()

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


class Physical(Folder):
    def test_a_violation_names_field_neuron_and_time(self):
        self.stopped()
        path = self.folder / "b.h5.ckpt"
        with h5py.File(path, "r+") as file:
            # allowed in itself, but the drive relative to it is not
            file["state/recurrent_baseline"][17] = 1e-12
        reseal(path)
        good = path.read_bytes()
        result = run(self.folder, "--resume", "b.h5", "--checkpoint-every", "0.01s", check=4)
        self.assertRegex(
            result.stderr,
            r"^resumed: t = -?\d+ s: error: ampa of neuron 17 is .* fold; it must lie in \[0, 1e\+06\]")
        self.assertIn("the last good state kept is in b.h5.ckpt", result.stderr)
        self.assertEqual(path.read_bytes(), good)


class Damaged(Folder):
    def setUp(self):
        super().setUp()
        (self.folder / "small.yaml").write_text(
            SHEET.replace("neurons: 1500, synapses_per_neuron: 100", "neurons: 60, synapses_per_neuron: 20")
            .replace("duration: 5 d", "duration: 2 d")
            .replace("[0 h, 1 h, 2 d]", "[0 h]")
            .replace("[-1 d, 0 d, 1 d, 2 d]", "[0 d]")
            .replace("  - {drug: nbqx, route: window, for: 2 h, at: 30 h}\n", ""),
            encoding="utf-8",
        )
        self.stopped("small.yaml")
        self.path, self.part = self.folder / "b.h5.ckpt", self.folder / "b.h5.part"
        self.good, self.good_part = self.path.read_bytes(), self.part.read_bytes()

    def refused(self, *messages):
        result = run(self.folder, "--resume", "b.h5")
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertTrue(
            result.stderr.startswith("b.h5.ckpt: error: ") or result.stderr.startswith("b.h5.part: error: "),
            result.stderr)
        for message in messages:
            self.assertIn(message, result.stderr)

    def edited(self, edit):
        self.path.write_bytes(self.good)
        self.part.write_bytes(self.good_part)
        with h5py.File(self.path, "r+") as file:
            edit(file)
        reseal(self.path)

    def test_any_flipped_bit_is_refused(self):
        randomness = random.Random(7)
        for k in range(FLIPS):
            at = randomness.randrange(SEAL_BYTES if k % 4 == 0 else len(self.good))
            flipped = bytearray(self.good)
            flipped[at] ^= 1 << randomness.randrange(8)
            self.path.write_bytes(flipped)
            with self.subTest(byte=at):
                self.refused()

    def test_a_cut_file_is_refused(self):
        for length in (0, 1, 100, SEAL_BYTES, SEAL_BYTES + 1, len(self.good) // 2, len(self.good) - 1):
            self.path.write_bytes(self.good[:length])
            with self.subTest(length=length):
                self.refused()

    def test_other_versions_and_formats_are_refused(self):
        self.edited(lambda f: f["meta"].attrs.modify("version", b"0.0.9"))
        self.refused("/meta version is respine 0.0.9; this is respine ")
        self.edited(lambda f: f.attrs.modify("format_version", 3))
        self.refused("version 3; this program reads 'respine-checkpoint' version 2")
        self.path.write_bytes(self.good.replace(b"respine checkpoint 2", b"respine checkpoint 3", 1))
        self.refused(
            "its first line is 'respine checkpoint 3'; this program reads 'respine checkpoint 2' only")
        self.edited(lambda f: f["meta"].attrs.modify("drug_ketamine", b"name: ketamine"))
        self.refused("/meta drug_ketamine")
        self.edited(lambda f: f["meta"].attrs.modify("network_digest", b"0"))
        self.refused("/meta network_digest")
        self.edited(lambda f: f["meta"].attrs.modify("scenario", b"name: 3"))
        self.refused("/meta scenario")

    def test_values_out_of_range_are_refused(self):
        def put(name, index, value):
            def edit(file):
                file[name][index] = value
            return edit

        def resize(name, size):
            def edit(file):
                values = file[name][:]
                del file[name]
                file[name] = values[:size]
            return edit

        def remove(name):
            def edit(file):
                del file[name]
            return edit

        for edit, message in (
            (
                put("state/rate", 5, float("nan")),
                "dataset /state/rate: value 5 is nan; it must lie in [0, 10000]"
            ),
            (put("state/trkb", 1, 2.0), "dataset /state/trkb: value 1 is 2"),
            (put("state/translation", 0, 5.0), "dataset /state/translation: value 0 is 5; it must lie in "),
            (
                put("state/inflammation", 0, -0.5),
                "dataset /state/inflammation: value 0 is -0.5; it must lie in "
            ),
            (put("state/now", 0, 10**12), "dataset /state/now is 1000000000000 s"),
            (put("state/live", 0, 3), "dataset /state/live is 3"),
            (put("network/source", 9, 10**6), "dataset /network/source: value 9 is 1000000"),
            (put("network/source", 9, 2**32 - 1), "dataset /network/source: value 9"),
            (put("network/live", 4, 10**9), "dataset /network/source has "),
            (resize("network/live", 3), "dataset /network/live has 3 values; this run has "),
            (put("pharmacology/next_event", 0, 99), "dataset /pharmacology/next_event: value 0 is 99"),
            (put("recorder/next_snapshot", 0, 99), "recorder: its counters contradict each other"),
            (put("recorder/history_rows", 0, 10**6), "rows; 1000000 were recorded"),
            (resize("state/rate", 3), "dataset /state/rate has 3 values; this run has "),
            (resize("network/birth", 3), "dataset /network/birth has 3 values; the rows hold "),
            (remove("state/ampa"), "it has no dataset /state/ampa"),
            (remove("network/log_size"), "it has no dataset /network/log_size"),
            (remove("recorder/session"), "it has no dataset /recorder/session"),
        ):
            with self.subTest(message=message):
                self.edited(edit)
                self.refused(message)

    def test_a_missing_or_foreign_part_is_refused(self):
        self.part.unlink()
        self.assertIn("b.h5.part: error: ", run(self.folder, "--resume", "b.h5", check=3).stderr)
        self.part.write_bytes(self.good_part[:1000])
        self.refused("b.h5.part: error: not a readable HDF5 file")
        self.part.write_bytes(self.good_part)
        with h5py.File(self.part, "r+") as file:
            file["meta"].attrs.modify("scenario", b"name: another")
        self.refused("b.h5.part: error: /meta scenario")
        (self.folder / "whole.h5").write_bytes(b"x")
        self.assertEqual(run(self.folder, "--resume", "nothing.h5").returncode, 3)
        self.assertEqual(run(self.folder, "--resume", "sheet.yaml").returncode, 3)

    def test_the_checkpoint_before_it_takes_over(self):
        run(self.folder, "small.yaml", "-o", "whole.h5", check=0)
        run(self.folder, "--resume", "b.h5", "--walltime", "0.01s", check=75)
        self.path.write_bytes(self.good[:-1])
        self.refused("resume from the checkpoint before it (b.h5.ckpt.prev)")
        run(self.folder, "--resume", "b.h5.ckpt.prev", "--walltime", "0.01s", check=75)
        run(self.folder, "--resume", "b.h5", check=0)
        self.same(contents(self.folder / "whole.h5"), "b.h5")


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
        stopped = run(self.folder, "--resume", "b.h5", "--walltime", "0.01s", check=75)
        self.assertIn("of 6 subjects are done and kept", stopped.stderr)
        run(self.folder, "--resume", "b.h5", "--threads", 3, check=0)
        self.same(reference, "b.h5")
        self.assertEqual([name for name in self.left() if name.startswith("b.")], ["b.h5"])


if __name__ == "__main__":
    sys.exit(unittest.main())
