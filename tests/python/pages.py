"""Pages as their readers use them: files are written, commands run in order in one folder, and what is
printed is held against the page.
"""

import os
import pathlib
import re
import subprocess

from built_module import BUILT

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w.-]+\.(?:yaml|csv|py|R|sh)): ")
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$")
RELATIVE = 0.01  # what a page may be off by, beside the rounding of its decimals


def environment():
    """The user's: program and module on the paths, one thread, no figures on a screen."""
    program = pathlib.Path(os.environ["RESPINE"]).resolve().parent
    return {
        **os.environ, "PATH": f"{program}:/usr/bin:/bin", "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg",
        "PYTHONPATH": str(BUILT)
    }


def same(shown, printed):
    if not (NUMBER.match(shown) and NUMBER.match(printed)):
        return shown == printed
    mantissa, _, exponent = shown.partition("e")
    decimals = len(mantissa.partition(".")[2])
    rounding = 0.5 * 10.0 ** (int(exponent or 0) - decimals) if decimals else 0.0
    return abs(float(shown) - float(printed)) <= RELATIVE * abs(float(shown)) + rounding


def holds(line, shown):
    """Whether the words of `shown` are side by side in a printed line: tables are wider than pages."""
    words, wanted = line.split(), shown.split()
    return any(all(map(same, wanted, words[k:])) for k in range(len(words) - len(wanted) + 1))


class Reader:
    """Follows a page; `test` is the test case that complains."""

    def __init__(self, test, page, folder):
        self.test, self.page, self.folder, self.printed = test, page, pathlib.Path(folder), ""

    def follow(self, text):
        for language, body in BLOCK.findall(text):
            if language == "sh":
                self.run(body)
            elif language == "text":
                self.hold(body)
            elif NAMED.match(body):
                (self.folder / NAMED.match(body)[1]).write_text(body, encoding="utf-8")

    def run(self, body):
        result = subprocess.run(["bash", "-euc", body], cwd=self.folder, env=environment(),
                                capture_output=True, text=True, timeout=240, check=False)
        self.test.assertEqual(result.returncode, 0, f"{self.page}: {body}\n{result.stderr}")
        self.printed = result.stdout

    def hold(self, body):
        """Each line of the page is printed by the commands above it, in this order."""
        lines = iter(self.printed.splitlines())
        for shown in body.splitlines():
            self.test.assertTrue(any(holds(line, shown) for line in lines),
                                 f"{self.page}: not printed, or not in this order: {shown}\n{self.printed}")
