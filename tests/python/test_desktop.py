"""A double click on a run file: what desktops are told is valid, run files are known by their content, and
the page opens from a temporary file.
"""

import os
import pathlib
import shutil
import stat
import unittest

from program_case import ProgramCase, call

FILES = pathlib.Path(os.environ["RESPINE_SOURCE"]) / "packaging/desktop"
SMALL = [
    "-q", "--set", "network.neurons=60", "--set", "network.synapses_per_neuron=12", "--set", "start=-1h",
    "--set", "duration=2h", "--set", "record.snapshots=[]", "--set", "imaging.sessions=[]"
]


def needs(*programs):
    missing = [name for name in programs if not shutil.which(name)]
    return unittest.skipIf(missing, f"no {', '.join(missing)}")


class Desktop(ProgramCase):
    def run_files(self):
        self.respine("run", "mouse-vehicle", *SMALL, "-o", "run.h5")
        self.respine("run", "human-iv-cohort", *SMALL, "--set", "cohort.subjects=2", "-o", "cohort.h5")

    @needs("desktop-file-validate")
    def test_the_entry_is_valid(self):
        self.assertEqual(call("desktop-file-validate", FILES / "respine.desktop"), "")

    @needs("update-mime-database", "gio")
    def test_run_files_are_known_and_others_are_not(self):
        import h5py
        system, own = pathlib.Path("/usr/share/mime/packages"), self.folder / "share/mime/packages"
        own.mkdir(parents=True)
        shutil.copy(system / "freedesktop.org.xml", own)
        shutil.copy(FILES / "respine.xml", own)
        call("update-mime-database", own.parent)
        self.run_files()
        with h5py.File(self.folder / "other.h5", "w") as file:
            file["format"] = 1
        shutil.copy(self.folder / "other.h5", self.folder / "other.respine.h5")
        share = str(self.folder / "share")
        environment = {**os.environ, "XDG_DATA_HOME": share, "XDG_DATA_DIRS": share}
        for name, kind in (("run.h5", "x-respine-run"), ("cohort.h5", "x-respine-run"), ("other.h5", "x-hdf"),
                           ("other.respine.h5", "x-respine-run")):
            told = call("gio", "info", "-a", "standard::content-type", self.folder / name, env=environment)
            self.assertIn(f"standard::content-type: application/{kind}\n", told, name)

    def show(self, *words, code=0, temporary=None):
        """What the browser was told to open, by the command of the entry; xdg-open is a witness."""
        witness = self.folder / "bin/xdg-open"
        witness.parent.mkdir(exist_ok=True)
        witness.write_text(f'#!/bin/sh\necho "$1" >{self.folder}/opened\n', encoding="utf-8")
        witness.chmod(0o755)
        entry = (FILES / "respine.desktop").read_text(encoding="utf-8")
        command = next(line[5:].split() for line in entry.splitlines() if line.startswith("Exec="))
        self.assertEqual([command[0], command[-1]], ["respine", "%F"])
        old = dict(os.environ)
        self.addCleanup(os.environ.update, old)
        os.environ.update(PATH=f"{witness.parent}:{old['PATH']}",
                          TMPDIR=str(temporary or self.folder / "tmp"))
        (self.folder / "tmp").mkdir(exist_ok=True)
        done = self.respine(*command[1:-1], *words, code=code)
        return done if code else pathlib.Path((self.folder / "opened").read_text(encoding="utf-8").strip())

    def test_the_page_is_a_temporary_file_of_ones_own(self):
        self.run_files()
        before = sorted(self.folder.glob("*.h*"))
        pages = [self.show("run.h5", "cohort.h5"), self.show("run.h5"), self.show()]
        self.assertEqual([page.name for page in pages], ["run.html", "run.html", "respine-lab.html"])
        self.assertEqual([page.read_text(encoding="utf-8").count('class="run" data-name') for page in pages],
                         [2, 1, 0])
        for page in pages:
            self.assertEqual(page.parents[1], self.folder / "tmp")
            self.assertEqual(stat.S_IMODE(page.parent.stat().st_mode), 0o700)
        self.assertEqual(sorted(self.folder.glob("*.h*")), before)

    def test_what_cannot_be_shown(self):
        self.assertIn("set TMPDIR to one that you may write",
                      self.show(code=5, temporary="/nowhere").stderr)
        self.write("text.h5", "no HDF5")
        self.assertIn("text.h5: error", self.show("text.h5", code=3).stderr)
        self.respine("view", "--show", "-o", "page.html", code=2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
