"""One read that fails, each read of a command in turn: never exit 0 with another output.

A part of the reads; with RESPINE_LARGE=1 every one."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import h5py
from faults import preload
from small_texts import TINY

RESPINE = os.environ["RESPINE"]
TOLD = {3, 4, 5}  # input file, not enough memory, output
MOST = 1_000_000 if os.environ.get("RESPINE_LARGE") else 12  # reads of a command

COMMANDS = {
    "inspect": ["inspect", "a.h5"],
    "a field": ["inspect", "a.h5", "--field", "bdnf_excess", "--at", "1h"],
    "compare": ["compare", "a.h5", "b.h5"],
    "export": ["export", "a.h5", "--plastic", "--csv", "out/c", "--graphml", "out/g.graphml", "--sonata",
               "out/s", "--vtkhdf", "out/v.vtkhdf"],
    "view": ["view", "a.h5", "-o", "out/page.html"],
}


def contents(path):
    """The bytes; of an HDF5 file, which holds the time of its making, those of datasets and attributes."""
    if not h5py.is_hdf5(path):
        return path.read_bytes()
    found = {}

    def take(name, item):
        found[name] = {key: str(value) for key, value in item.attrs.items()}
        if isinstance(item, h5py.Dataset):
            found[name]["values"] = str(item[()].tolist())

    with h5py.File(path) as file:
        file.visititems(take)
    return found


class ReadFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        cls.library = preload("read_fails", cls.folder)
        (cls.folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
        for name in "ab":
            subprocess.run([RESPINE, "run", "-q", "tiny.yaml", "-o", f"{name}.h5", "--seed", str(ord(name))],
                           cwd=cls.folder, check=True, timeout=60)

    def outcome(self, words, at):
        """Exit code, what was printed and written, and how many reads there were."""
        out, count = self.folder / "out", self.folder / "count"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        count.unlink(missing_ok=True)
        fault = {"LD_PRELOAD": str(self.library), "FAULT_FILE": "/a.h5", "FAULT_AT": str(at),
                 "FAULT_COUNT": str(count)}
        environment = {**os.environ, **fault, "OMP_NUM_THREADS": "1"}
        result = subprocess.run([RESPINE, *words], cwd=self.folder, env=environment, capture_output=True,
                                check=False, timeout=60)
        files = {str(path.relative_to(out)): contents(path) for path in sorted(out.rglob("*"))
                 if path.is_file()} if result.returncode == 0 else {}
        return result, (result.stdout, files), int(count.read_text(encoding="utf-8")) if count.exists() else 0

    def test_a_name_below_a_dataset_is_absent_and_no_fault(self):
        result = subprocess.run([RESPINE, "inspect", "a.h5", "--field", "bdnf/x"], cwd=self.folder,
                                capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("no field 'bdnf/x'", result.stderr)

    def test_no_fault_passes_for_a_result(self):
        for name, words in COMMANDS.items():
            good, expected, reads = self.outcome(words, 0)
            self.assertEqual(good.returncode, 0, good.stderr)
            self.assertGreater(reads, 3)
            for at in range(1, reads + 1, max(1, reads // MOST)):
                result, output, _ = self.outcome(words, at)
                with self.subTest(command=name, at=at, of=reads):
                    if result.returncode == 0:
                        self.assertEqual(output, expected, "another result, and exit code 0")
                    else:
                        self.assertIn(result.returncode, TOLD, result.stderr)
                        self.assertIn(b"a.h5: error: ", result.stderr)
                        # Some make the HDF5 library itself crash; that is reported too.
                        self.assertRegex(result.stderr, b"Input/output error|HDF5 library does not survive")


if __name__ == "__main__":
    unittest.main()
