"""A folder with small scenarios, and the program in it under limits and without privileges."""

import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import unittest

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
LONG = SHEET.replace("duration: 3 d", "duration: 600 d").replace("neurons: 1500", "neurons: 6000")


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


def preload(name, folder):
    """The library of tests/faults/NAME.c, compiled into the folder, to be preloaded; the test is skipped
    where there is no compiler.
    """
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang-14")
    if compiler is None:
        raise unittest.SkipTest("no C compiler")
    source = pathlib.Path(__file__).parents[1] / "faults" / f"{name}.c"
    library = folder / f"{name}.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


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
