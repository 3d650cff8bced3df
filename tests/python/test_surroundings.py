"""Standard streams that whoever started the program has closed, or that take nothing more: no file suffers, and the exit code says it."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import h5py

RESPINE = os.environ["RESPINE"]

TINY = """\
name: tiny
model: mouse
start: -1 d
duration: 26 h
seed: 3
network: {kind: sheet, neurons: 300, synapses_per_neuron: 30}
stress: {severity: 1.0}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 10 min, snapshots: [1 h]}
"""


class Streams(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        (self.folder / "tiny.yaml").write_text(TINY, encoding="utf-8")

    def shell(self, line, **environment):
        """The line, with $R for the program."""
        return subprocess.run(["bash", "-c", line], cwd=self.folder, env={**os.environ, "R": RESPINE, **environment}, capture_output=True, text=True, check=False,
                              timeout=120)


class Closed(Streams):
    def whole(self, name):
        with h5py.File(self.folder / name) as file:
            self.assertEqual(file["meta"].attrs["complete"], 1)
            return file["history/synapses"][:].tolist()

    def test_messages_do_not_go_into_the_run_file(self):
        self.assertEqual(self.shell("$R run -q tiny.yaml -o plain.h5").returncode, 0)
        for streams in ("2>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"):
            for policy in ("", "OMP_WAIT_POLICY=passive "):  # with the second, the program does not start itself again
                with self.subTest(streams=streams, policy=policy):
                    self.shell(f"{policy}$R run tiny.yaml -o fd.h5 --force --progress json {streams}")
                    self.assertEqual(self.whole("fd.h5"), self.whole("plain.h5"))


if __name__ == "__main__":
    unittest.main()
