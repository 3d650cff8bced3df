"""Full disks, folders that cannot be written or are gone, limits and too little memory: a clear message, the
right code, nothing older damaged.
"""

import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import h5py

RESPINE = os.environ["RESPINE"]
NOBODY = 65534
DISK, NUMERICAL, OK, STOPPED = 5, 4, 0, 75

SHEET = """\
name: faults
model: mouse
start: -1 d
duration: 3 d
seed: 3
network: {kind: sheet, neurons: 1500, synapses_per_neuron: 100}
stress: {severity: 1.0}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 5 min, snapshots: [0 h, 1 h, 1 d], synapse_events: true}
"""
LONG = SHEET.replace("duration: 3 d", "duration: 30 d").replace("neurons: 1500", "neurons: 6000")


def limited(**limits):
    """For the child: these resource limits, and the signals as a shell leaves them."""
    def apply():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))
    return apply


def drop_privileges():
    """For the child: an ordinary user, whom permissions stop. Fails loudly when the drop does not work."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        assert os.getuid() == NOBODY and os.geteuid() == NOBODY
        try:
            os.setuid(0)
        except PermissionError:
            return
        raise AssertionError("still root")


class Folder(unittest.TestCase):
    program, configs = RESPINE, {}

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.folder.chmod(0o755)
        (self.folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")
        (self.folder / "long.yaml").write_text(LONG, encoding="utf-8")

    def call(self, *words, before=None, where=None, environment=None):
        return subprocess.run([self.program, *map(str, words)], cwd=where or self.folder, capture_output=True,
                              text=True, check=False, timeout=300, preexec_fn=before,
                              env={**os.environ, **self.configs, **(environment or {})})

    def refused(self, result, *words, code=DISK):
        """The code, the words, and nothing on the terminal that only a programmer reads."""
        self.assertEqual(result.returncode, code, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        for noise in ("HDF5-DIAG", "terminate called", "internal error", "#000", "Traceback", "what():"):
            self.assertNotIn(noise, result.stderr)
        lines = [line for line in result.stderr.splitlines() if "error:" in line]
        self.assertEqual(len(lines), 1, result.stderr)

    def run_small(self, *more, **how):
        return self.call("run", "-q", "sheet.yaml", *more, **how)


class FullDisk(Folder):
    def test_a_limit_on_the_file_size_is_named(self):
        for limit in (0, 4096, 200_000, 1_000_000):
            with self.subTest(limit=limit):
                self.refused(self.run_small("-o", f"a{limit}.h5", before=limited(FSIZE=limit)),
                             f"a{limit}.h5.part: error: ", "ulimit -f")
                self.assertFalse((self.folder / f"a{limit}.h5").exists())

    def test_an_older_output_stays(self):
        self.assertEqual(self.run_small("-o", "old.h5").returncode, OK)
        old = (self.folder / "old.h5").read_bytes()
        self.refused(self.run_small("-o", "old.h5", "--force", before=limited(FSIZE=500_000)), "ulimit -f")
        self.assertEqual((self.folder / "old.h5").read_bytes(), old)

    def test_a_checkpoint_that_does_not_fit_leaves_the_older_one(self):
        stopped = self.run_small("-o", "c.h5", "--walltime", "0.01s")
        self.assertEqual(stopped.returncode, STOPPED, stopped.stderr)
        good, part = (self.folder / "c.h5.ckpt").read_bytes(), (self.folder / "c.h5.part").stat().st_size
        again = self.call("run", "-q", "--resume", "c.h5", "--walltime", "0.01s",
                          before=limited(FSIZE=part + 200_000))
        self.refused(again, "ulimit -f")
        self.assertEqual((self.folder / "c.h5.ckpt").read_bytes(), good)
        self.assertEqual(self.call("run", "-q", "--resume", "c.h5").returncode, OK)
        self.assertEqual(self.run_small("-o", "whole.h5").returncode, OK)
        with h5py.File(self.folder / "c.h5") as resumed, h5py.File(self.folder / "whole.h5") as whole:
            self.assertTrue((resumed["history/synapses"][:] == whole["history/synapses"][:]).all())

    def test_a_small_file_system_is_full(self):
        if os.getuid() != 0:
            self.skipTest("only root mounts a small file system")
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("no mounts here: " + mounted.stderr.strip())
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        (disk / "older.txt").write_text("kept", encoding="utf-8")
        self.refused(self.run_small("-o", disk / "a.h5"), "a.h5.part: error: ",
                     "the disk is full; free space or write elsewhere with -o")
        self.assertEqual((disk / "older.txt").read_text(encoding="utf-8"), "kept")

    def test_standard_output_may_be_full(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "w", encoding="utf-8") as full:
            for words in (["list", "drugs"], ["check", "sheet.yaml"]):
                result = subprocess.run([RESPINE, *words], cwd=self.folder, stdout=full,
                                        stderr=subprocess.PIPE, text=True, check=False, timeout=60)
                self.assertEqual(result.returncode, DISK, words)


class NoPermission(Folder):
    def setUp(self):  # the build may lie where only its owner comes
        super().setUp()
        self.program = str(shutil.copy(RESPINE, self.folder / "program"))
        shutil.copytree(pathlib.Path(__file__).parents[2] / "configs", self.folder / "configs")
        for path in (self.folder / "program", *self.folder.glob("configs/**")):
            path.chmod(0o755)
        for path in self.folder.glob("configs/**/*.*"):
            path.chmod(0o644)
        self.configs = {"RESPINE_CONFIGS": str(self.folder / "configs")}

    def test_the_drop_of_privileges_works(self):
        result = subprocess.run(["id", "-u"], capture_output=True, text=True, check=True,
                                preexec_fn=drop_privileges)
        self.assertEqual(int(result.stdout), NOBODY if os.getuid() == 0 else os.getuid())

    def open_folder(self, name, mode):
        path = self.folder / name
        path.mkdir()
        if os.getuid() == 0:
            shutil.chown(path, NOBODY, NOBODY)
        shutil.copy(self.folder / "sheet.yaml", path)
        path.chmod(mode)
        self.addCleanup(path.chmod, 0o755)
        return path

    def test_a_folder_that_may_not_be_written(self):
        path = self.open_folder("closed", 0o555)
        self.refused(self.run_small("-o", "a.h5", before=drop_privileges, where=path), "a.h5.part: error: ",
                     "Permission denied; write elsewhere with -o")
        self.assertEqual([p.name for p in path.iterdir()], ["sheet.yaml"])

    def test_an_output_of_somebody_else(self):
        path = self.open_folder("ours", 0o755)
        other = path / "a.h5.part"
        other.write_bytes(b"theirs")
        other.chmod(0o444)
        self.refused(self.run_small("-o", "a.h5", "--force", before=drop_privileges, where=path),
                     "a.h5.part: error: ", "Permission denied")
        self.assertEqual(other.read_bytes(), b"theirs")

    def test_a_run_file_that_may_not_be_read(self):
        path = self.open_folder("ours", 0o755)
        (path / "b.h5").write_bytes(b"x")
        (path / "b.h5").chmod(0)
        self.refused(self.call("inspect", "b.h5", before=drop_privileges, where=path), "permission denied",
                     code=3)

    def test_a_file_system_that_is_read_only(self):
        if os.getuid() != 0:
            self.skipTest("only root mounts one")
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", disk], capture_output=True,
                          check=False).returncode != 0:
            self.skipTest("no mounts here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        self.refused(self.run_small("-o", disk / "a.h5"), "Read-only file system; write elsewhere with -o")


class Vanished(Folder):
    def test_a_folder_that_never_was(self):
        self.refused(self.run_small("-o", "nowhere/a.h5"), "there is no folder nowhere")

    def test_a_folder_that_goes_away_during_the_run(self):
        place = self.folder / "place"
        place.mkdir()
        child = subprocess.Popen(
            [RESPINE, "run", "-q", "long.yaml", "-o", "place/a.h5", "--checkpoint-every", "0.5s"],
            cwd=self.folder, stderr=subprocess.PIPE, text=True)
        while child.poll() is None and not (place / "a.h5.ckpt").exists():
            time.sleep(0.02)
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)
        _, errors = child.communicate(timeout=200)
        self.refused(subprocess.CompletedProcess([], child.returncode, "", errors), "place/a.h5",
                     "the folder is gone")


class Locked(Folder):
    def test_two_runs_into_one_output(self):
        first = subprocess.Popen([RESPINE, "run", "-q", "long.yaml", "-o", "a.h5"], cwd=self.folder,
                                 stderr=subprocess.DEVNULL)
        try:
            while first.poll() is None and not (self.folder / "a.h5.part").exists():
                time.sleep(0.01)
            self.refused(self.run_small("-o", "a.h5", "--force"),
                         "another run writes this output now; give another -o")
        finally:
            first.kill()
            first.wait()

    def test_a_file_that_is_being_written_is_named_so(self):
        first = subprocess.Popen([RESPINE, "run", "-q", "long.yaml", "-o", "a.h5"], cwd=self.folder,
                                 stderr=subprocess.DEVNULL)
        try:
            while first.poll() is None and not ((self.folder / "a.h5.part").exists() and
                                                (self.folder / "a.h5.part").stat().st_size):
                time.sleep(0.01)
            self.refused(self.call("inspect", "a.h5.part"), "another program writes it now", code=3)
        finally:
            first.kill()
            first.wait()


class Memory(Folder):
    def estimate(self, *words):
        text = self.call("run", *words, "--dry-run", "--threads", "2").stdout
        return {
            key: float(re.search(rf"^# {key} +about ([\d.]+) MB", text, re.MULTILINE)[1]) * 1e6
            for key in ("memory", "disk")
        }

    def test_what_cannot_fit_is_refused_at_once(self):
        begun = time.monotonic()
        result = self.call("run", "-q", "sheet.yaml", "--set", "network.neurons=16000000", "--set",
                           "network.synapses_per_neuron=10000", "-o", "a.h5")
        self.refused(result, "not enough memory: about ", "take a smaller network", code=NUMERICAL)
        self.assertLess(time.monotonic() - begun, 20)
        self.assertFalse((self.folder / "a.h5.part").exists())

    def test_a_limit_of_the_shell_counts(self):
        words = [
            "-o", "a.h5", "--set", "network.neurons=100000", "--set", "network.synapses_per_neuron=200",
            "--threads", "1"
        ]
        self.refused(self.run_small(*words, before=limited(AS=250_000_000)), "not enough memory", "ulimit -v",
                     code=NUMERICAL)

    def test_estimates_are_near_what_a_run_takes(self):
        for case, words in self.cases().items():
            with self.subTest(case=case):
                estimate = self.estimate(*words)
                child = subprocess.Popen([RESPINE, "run", "-q", *words, "-o", f"{case}.h5", "--threads", "2"],
                                         cwd=self.folder, stdout=subprocess.DEVNULL)
                _, status, used = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
                self.assertEqual(child.returncode, OK)
                measured = {
                    "memory": used.ru_maxrss * 1024, "disk": (self.folder / f"{case}.h5").stat().st_size
                }
                for key, value in measured.items():
                    print(
                        f"{case}: {key} {estimate[key] / 1e6:.1f} MB estimated, {value / 1e6:.1f} MB "
                        f"measured ({estimate[key] / value - 1:+.1%})"
                    )
                    self.assertLess(abs(estimate[key] / value - 1), 0.2, key)

    @staticmethod
    def cases():
        """The first alone unless RESPINE_LARGE is set: the others take minutes."""
        def sheet(neurons, synapses):
            return [
                "human-iv-single", "--set", f"network.neurons={neurons}", "--set",
                f"network.synapses_per_neuron={synapses}", "--set", "start=-1d", "--set", "duration=2d",
                "--set", "record.snapshots=[0 h, 1 d]", "--set", "imaging.sessions=[-1 d, 1 d]"
            ]

        cases = {"sheet-20000x200": sheet(20000, 200)}
        if os.environ.get("RESPINE_LARGE"):
            cases["sheet-100000x100"] = sheet(100000, 100)
            cases["microcircuit-0.1"] = ["microcircuit-ketamine", "--set", "network.scale=0.1"]
        return cases


class Doctor(Folder):
    def test_says_what_a_bug_report_needs(self):
        result = self.call("doctor")
        self.assertEqual(result.returncode, OK, result.stdout)
        for name in ("respine", "revision", "compiler", "flags", "HDF5", "libraries", "vectors", "processors",
                     "threads of a run", "memory", "configs", "folder", "free disk", "HDF5 here",
                     "locks here"):
            self.assertRegex(result.stdout, rf"(?m)^{name} +\S")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["long.yaml", "sheet.yaml"])

    def test_a_folder_that_cannot_be_written_fails(self):
        result = self.call("doctor", "--work", "nowhere")
        self.assertEqual(result.returncode, DISK)
        self.assertIn("fails: nowhere: a file cannot be made here", result.stdout)

    def test_lost_configs_fail_with_advice(self):
        result = self.call("doctor", environment={"RESPINE_CONFIGS": str(self.folder)})
        self.assertEqual(result.returncode, DISK)
        self.assertIn("point RESPINE_CONFIGS to the configs folder", result.stdout)

    def test_threads_beyond_the_processors_are_advised_against(self):
        result = self.call("doctor", environment={"OMP_NUM_THREADS": "4000"})
        self.assertRegex(result.stdout, r"advice: 4000 threads \(OMP_NUM_THREADS\) share")
        self.assertEqual(self.call("doctor", environment={"OMP_NUM_THREADS": "many"}).returncode, DISK)

    def test_a_full_disk_fails(self):
        result = self.call("doctor", before=limited(FSIZE=1000))
        self.assertEqual(result.returncode, DISK)
        self.assertIn("ulimit -f", result.stdout)


if __name__ == "__main__":
    sys.exit(unittest.main())
