"""Standard output that is full, closed, or a pipe that nobody reads: the exit code of the table and a
message, from every command and every --help.
"""

import os
import re
import subprocess
import unittest

from faults import DISK, SHEET
from program_case import RESPINE, ProgramCase, call

PRINTING = [
    ["--version"], ["--version", "--verbose"], ["list", "drugs"], ["list", "scenarios"],
    ["list", "parameters"], ["check", "sheet.yaml"], ["check", "--schema", "scenario"],
    ["inspect", "a.h5"], ["inspect", "a.h5", "--field", "bdnf_excess", "--at", "1h"],
    ["compare", "a.h5", "b.h5"], ["view", "a.h5", "-o", "new.html", "--force"],
    ["lab", "-o", "new.html", "--force"],
    ["export", "a.h5", "--csv", "new", "--force"], ["init", "new.yaml", "--force"],
    ["upgrade"], ["upgrade", "a.h5"],
    ["run", "sheet.yaml", "-o", "new.h5", "--force"], ["run", "sheet.yaml", "--dry-run"],
    ["rerun", "a.h5", "-o", "new.h5", "--force"], ["doctor"], ["completion", "bash"],
    ["bench", "--verify", "--topology", "sheet"],
    ["study", "run", "dose-duration", "--dry-run"]
]


def commands():
    """The words of every command that has a --help of its own, as the completion of bash knows them."""
    return [path.split() for path in re.findall(r'path="(\w[^"]*)" ;;', call(RESPINE, "completion", "bash"))]


NOTHING_ELSE = [["list", "drugs"], ["check", "sheet.yaml"], ["--help"], ["run", "--help"], ["--version"],
                ["inspect", "a.h5"], ["compare", "a.h5"]]  # is told by these
REASONS = {"full": "No space left on device", "closed": "it is closed", "ended": "Broken pipe"}


class Streams(ProgramCase):
    def setUp(self):
        super().setUp()
        self.write("sheet.yaml", SHEET.replace("1500", "200").replace("100}", "20}"))
        for seed, name in enumerate(("a.h5", "b.h5")):
            self.respine("run", "-q", "sheet.yaml", "-o", name, "--seed", str(seed))

    def ended(self, words, how):
        """The command with such a standard output."""
        reads, writes = os.pipe()
        os.close(reads)
        full = os.open("/dev/full", os.O_WRONLY)
        try:
            return subprocess.run([RESPINE, *words], cwd=self.folder, stderr=subprocess.PIPE, text=True,
                                  check=False, timeout=100, stdout={"full": full, "ended": writes}.get(how),
                                  preexec_fn=(lambda: os.close(1)) if how == "closed" else None)
        finally:
            os.close(writes)
            os.close(full)

    def test_every_command_tells(self):
        helps = [[*command, "--help"] for command in [[], *commands()]]
        self.assertGreater(len(helps), 25)
        for how, reason in REASONS.items():
            for words in PRINTING + helps:
                with self.subTest(words=words, standard_output=how):
                    result = self.ended(words, how)
                    self.assertEqual(result.returncode, DISK, result.stderr)
                    self.assertRegex(result.stderr, rf"(?m)^respine: error: standard output: {reason}$")

    def test_the_reason_is_all_that_is_told(self):
        for how, reason in REASONS.items():
            for words in NOTHING_ELSE:
                with self.subTest(words=words, standard_output=how):
                    self.assertEqual(self.ended(words, how).stderr,
                                     f"respine: error: standard output: {reason}\n")

    def test_what_is_written_to_files_is_whole(self):
        """The run itself is no worse for it."""
        self.ended(["run", "sheet.yaml", "-o", "new.h5"], "ended")
        self.respine("inspect", "new.h5")

    def test_quiet_commands_need_no_standard_output(self):
        for how in REASONS:
            self.assertEqual(self.ended(["run", "-q", "sheet.yaml", "-o", f"{how}.h5"], how).returncode, 0)


if __name__ == "__main__":
    unittest.main()
