"""What does not fit into memory is refused before it runs, and estimates are near what a run takes."""

import os
import re
import subprocess
import sys
import time
import unittest

from faults import NUMERICAL, OK, RESPINE, Folder, limited


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
        """The first alone unless RESPINE_LARGE is set: the others take minutes.

        It has one snapshot: the estimate lets a second one wait behind it, which it does only where the disk
        is slower than a simulated day, and that is the machine's business. Two of the second case fill what
        may wait on any."""

        def sheet(neurons, synapses, snapshots):
            return [
                "human-iv-single", "--set", f"network.neurons={neurons}", "--set",
                f"network.synapses_per_neuron={synapses}", "--set", "start=-1d", "--set", "duration=2d",
                "--set", f"record.snapshots=[{snapshots}]", "--set", "imaging.sessions=[-1 d, 1 d]"
            ]

        cases = {"sheet-20000x200": sheet(20000, 200, "1 d")}
        if os.environ.get("RESPINE_LARGE"):
            cases["sheet-100000x100"] = sheet(100000, 100, "0 h, 1 d")
            cases["microcircuit-0.1"] = ["microcircuit-ketamine", "--set", "network.scale=0.1"]
        return cases


if __name__ == "__main__":
    sys.exit(unittest.main())
