"""Files that were made to hurt: each reader refuses them in words, at once."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

RESPINE = os.environ["RESPINE"]
INPUT = 3


class Hostile(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def call(self, *words):
        return subprocess.run([RESPINE, *words], cwd=self.folder, capture_output=True, text=True, check=False,
                              timeout=60)

    def refused(self, words, message):
        result = self.call(*words)
        self.assertEqual(result.returncode, INPUT, result.stderr)
        self.assertIn(message, result.stderr)

    def run_file(self, name="a.h5"):
        file = h5py.File(self.folder / name, "w")
        file.attrs["format"] = np.bytes_("respine-run")
        file.attrs["format_version"] = 1
        return file

    def test_pipes_are_not_waited_for(self):
        for name in ("a.h5", "b.h5.ckpt", "b.h5.part"):
            os.mkfifo(self.folder / name)
        for words in (["compare", "a.h5"], ["inspect", "a.h5"], ["run", "--resume", "b.h5"]):
            self.refused(words, "is a pipe or a device; name a file")
        self.refused(["inspect", "."], "is a folder; name a file")

    def test_groups_that_multiply_are_counted(self):
        with self.run_file() as file:
            inner = file.create_group("x")
            inner["value"] = 1.0
            for depth in range(6):
                outer = file.create_group(f"g{depth}")
                for k in range(30):
                    outer[f"{k}"] = inner
                inner = outer
        self.refused(["inspect", "a.h5"], "names of groups and datasets")

    def test_other_files_are_no_part_of_a_file(self):
        with self.run_file("other.h5") as file:
            file["history/time"] = np.arange(4.0)
        with self.run_file("soft.h5") as file:
            file["elsewhere"] = h5py.ExternalLink("other.h5", "/history")
            file["history"] = h5py.SoftLink("/elsewhere")
        self.refused(["compare", "soft.h5"], "it has no dataset /history/time")
        with self.run_file("virtual.h5") as file:
            layout = h5py.VirtualLayout(shape=(4,), dtype="f8")
            layout[:] = h5py.VirtualSource("other.h5", "history/time", shape=(4,))
            file.create_virtual_dataset("history/time", layout)
        self.refused(["compare", "virtual.h5"], "claims more than the file holds, lies elsewhere")

    def test_times_that_are_missing_or_none(self):
        for name, session, message in (("missing", None, "it has no dataset /imaging/session"),
                                       ("infinite", np.inf, "/imaging/session holds inf, which is no time"),
                                       ("unknown", np.nan, "/imaging/session holds nan, which is no time"),
                                       ("far", -1e10, "/imaging/session holds -10000000000, which is no")):
            with self.subTest(name), self.run_file(f"{name}.h5") as file:
                file["history/time"] = np.arange(4.0)
                file["imaging/density"] = np.ones((1, 3), "f4")
                if session is not None:
                    file["imaging/session"] = np.array([session])
            self.refused(["compare", f"{name}.h5"], message)

    def test_types_and_filters_that_respine_never_writes(self):
        for name, make in {
            "compound": lambda f: f.create_dataset(
                "history/time", data=np.zeros(4, [("a", "f8"), ("b", "f8")])
            ),
            "half": lambda f: f.create_dataset("history/time", data=np.zeros(4, "f2")),
            "text": lambda f: f.create_dataset("history/time", data=[b"one", b"two"]),
        }.items():
            with self.run_file(name + ".h5") as file:
                make(file)
            self.refused(["compare", name + ".h5"], "dataset /history/time does not hold plain numbers")
        with self.run_file("filter.h5") as file:
            file.create_dataset("history/time", data=np.arange(4.0), compression="lzf")
        self.refused(["compare", "filter.h5"],
                     "dataset /history/time claims more than the file holds, lies elsewhere")

    def test_a_terminal_does_not_obey_a_file(self):
        with self.run_file() as file:
            file["history/time"] = np.arange(4.0)
            file.create_group("meta").attrs["name"] = np.bytes_(b"\x1b[31mred\x07")
        self.assertIn("?[31mred?", self.call("inspect", "a.h5").stdout)

    def test_a_fall_of_the_library_is_said_in_words(self):
        with self.run_file() as file:
            file["history/time"] = np.arange(4.0)
            # more output than a pipe takes, so that the program waits with the file open
            for k in range(3000):
                file[f"history/a_name_that_takes_some_room_in_the_pipe_{k}"] = np.float32(k)
        child = subprocess.Popen([RESPINE, "inspect", "a.h5"], cwd=self.folder, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        child.stdout.readline()  # the file is open now
        child.send_signal(signal.SIGSEGV)
        _, errors = child.communicate(timeout=60)
        if "Sanitizer" in errors:
            self.skipTest("a sanitizer keeps its own handlers")
        self.assertEqual(child.returncode, INPUT, errors)
        self.assertIn("a.h5: error: the program fell over while it read this file", errors)

    def test_the_program_cannot_speak_to_a_network(self):
        wanted = subprocess.run(["nm", "-D", "--undefined-only", RESPINE], capture_output=True, text=True,
                                check=True).stdout
        self.assertIn(" fsync", wanted)
        self.assertNotRegex(wanted, r" (socket|connect|bind|listen|getaddrinfo)(@|$)")


if __name__ == "__main__":
    sys.exit(unittest.main())
