"""Full disks, folders that cannot be written or are gone: a clear message, the right code, nothing older
damaged.
"""

import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

import h5py
from faults import DISK, NOBODY, OK, RESPINE, SHEET, STOPPED, Folder, drop_privileges, limited


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
        small = ("--set", "record.snapshots=[]", "--set", "record.synapse_events=false")
        stopped = self.run_small("-o", "c.h5", "--walltime", "0.001s", *small)
        self.assertEqual(stopped.returncode, STOPPED, stopped.stderr)
        good = (self.folder / "c.h5.ckpt").read_bytes()
        again = self.call("run", "-q", "--resume", "c.h5", "--walltime", "0.001s",
                          before=limited(FSIZE=len(good) - 1000))  # room for the run's own file
        self.refused(again, "ulimit -f")
        self.assertEqual((self.folder / "c.h5.ckpt").read_bytes(), good)
        self.assertEqual(self.call("run", "-q", "--resume", "c.h5").returncode, OK)
        self.assertEqual(self.run_small("-o", "whole.h5", *small).returncode, OK)
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
        self.refused(subprocess.CompletedProcess([], child.returncode, "", errors), "place/a.",
                     "the folder is gone")


LOCKING = {"HDF5_USE_FILE_LOCKING": "TRUE"}


class Locked(Folder):
    configs = LOCKING

    def begun(self, scenario):
        """A run of it that holds the claim on a.h5, by the kernel's list of locks: to try would take one."""
        child = subprocess.Popen([RESPINE, "run", "-q", scenario, "-o", "a.h5"], cwd=self.folder,
                                 env={**os.environ, **self.configs}, stderr=subprocess.PIPE, text=True)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        part, held = self.folder / "a.h5.part", False
        while not held and child.poll() is None:
            locks = pathlib.Path("/proc/locks").read_text(encoding="ascii").splitlines()
            held = part.exists() and any(f":{part.stat().st_ino} " in line for line in locks)
        self.assertTrue(held, "it ended before it was looked at")
        return child

    def test_a_claim_is_held_at_every_moment(self):
        """Also between the end of the preparation and the first write."""
        (self.folder / "cohort.yaml").write_text(SHEET + "cohort: {subjects: 4000}\n", encoding="utf-8")
        for scenario, enough in (("long.yaml", 1_000_000), ("cohort.yaml", 0)):
            with self.subTest(scenario=scenario):
                child = self.begun(scenario)
                part = self.folder / "a.h5.part"
                asked = 0
                with part.open("rb+") as other:
                    while asked < 200_000 or part.stat().st_size < enough:
                        with self.assertRaises(BlockingIOError):
                            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        asked += 1
                self.assertIsNone(child.poll(), "it ended before it was looked at")
                self.refused(self.run_small("-o", "a.h5", "--force"),
                             "another run writes this output now; give another -o")
                self.refused(self.call("inspect", "a.h5.part", environment=LOCKING),
                             "another program writes it now", code=3)
                child.kill()
                child.wait()
                part.unlink()

    def test_its_end_gives_the_file_free(self):
        child = self.begun("sheet.yaml")
        self.assertEqual(child.wait(), 0, child.stderr.read())
        self.assertEqual(self.call("inspect", "a.h5", environment=LOCKING).returncode, 0)
        self.assertEqual(self.run_small("-o", "a.h5", "--force").returncode, 0)


class LockedWithoutHdf5(Locked):
    configs = {"HDF5_USE_FILE_LOCKING": "FALSE"}  # as clusters often set it: the claim is our own


if __name__ == "__main__":
    sys.exit(unittest.main())
