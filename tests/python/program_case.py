"""The program at work in a folder of its own, for tests that write files and read what it says."""

import os
import pathlib
import subprocess
import tempfile
import unittest

RESPINE = str(pathlib.Path(os.environ["RESPINE"]).resolve())


def call(*words, **options):
    """What a command prints; an AssertionError with all of it where it fails."""
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, timeout=500,
                          **options)
    if done.returncode != 0:
        raise AssertionError(f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class ProgramCase(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def respine(self, *words, code=0):
        done = subprocess.run([RESPINE, *words], cwd=self.folder, capture_output=True, text=True, check=False,
                              timeout=200)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done
