"""`respine doctor`: what a bug report needs, and advice where something would fail."""

import sys
import unittest

from faults import DISK, OK, Folder, limited


class Doctor(Folder):
    def test_says_what_a_bug_report_needs(self):
        result = self.call("doctor")
        self.assertEqual(result.returncode, OK, result.stdout)
        for name in ("respine", "revision", "compiler", "flags", "HDF5", "libraries", "program sha256",
                     "vectors", "processors", "threads of a run", "memory", "configs", "configs sha256",
                     "folder", "free disk", "HDF5 here", "locks here"):
            self.assertRegex(result.stdout, rf"(?m)^{name} +\S")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["long.yaml", "sheet.yaml"])

    def test_a_folder_that_cannot_be_written_fails(self):
        result = self.call("doctor", "--work", "nowhere")
        self.assertEqual(result.returncode, DISK)
        self.assertIn("respine doctor: fails: nowhere: a file cannot be made here", result.stderr)

    def test_lost_configs_fail_with_advice(self):
        result = self.call("doctor", environment={"RESPINE_CONFIGS": str(self.folder)})
        self.assertEqual(result.returncode, DISK)
        self.assertIn("point RESPINE_CONFIGS to the configs folder", result.stderr)

    def test_threads_beyond_the_processors_are_advised_against(self):
        result = self.call("doctor", environment={"OMP_NUM_THREADS": "4000"})
        self.assertRegex(result.stdout, r"advice: 4000 threads \(OMP_NUM_THREADS\) share")
        self.assertEqual(self.call("doctor", environment={"OMP_NUM_THREADS": "many"}).returncode, DISK)

    def test_a_full_disk_fails(self):
        result = self.call("doctor", before=limited(FSIZE=1000))
        self.assertEqual(result.returncode, DISK)
        self.assertIn("ulimit -f", result.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
