"""A folder in which runs are stopped and resumed, and checkpoints edited."""

import os
import pathlib
import struct
import subprocess
import tempfile
import unittest
import zlib

from run_contents import contents, differences

RESPINE = os.environ["RESPINE"]
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


# Mark, applied, pieces, blocks, bytes behind it, size of the file, CRC-32.
JOURNAL = struct.Struct("<8sQQQQQQ")
BLOCK = 1 << 16


def is_applied(journal):
    """Whether the file is what its last flush left; else a resume finishes it."""
    data = journal.read_bytes()
    return len(data) >= JOURNAL.size and JOURNAL.unpack_from(data)[1] == 2**64 - 1


def reseal_part(path):
    """Gives an edited .part file the checksums of its new bytes."""
    data = path.read_bytes()
    sums = b"".join(struct.pack("<I", zlib.crc32(data[at:at + BLOCK])) for at in range(0, len(data), BLOCK))
    head = (b"rspnjrn2", 0, 0, len(sums) // 4, len(sums), len(data))
    crc = zlib.crc32(JOURNAL.pack(*head, 0) + sums)
    applied = (head[0], 2**64 - 1, *head[2:], crc)
    path.with_name(path.name + ".journal").write_bytes(JOURNAL.pack(*applied) + sums)


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

    def stopped(self, *words, wall="0.001s", output="b.h5"):
        """Stops a run after its first step."""
        return run(self.folder, *(words or ["sheet.yaml"]), "-o", output, "--walltime", wall, check=75)
