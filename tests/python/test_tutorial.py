"""docs/tutorial.md from the first run to the last, as it is written."""

import os
import pathlib
import re
import sys
import tempfile
import unittest

from pages import BLOCK, NUMBER, Reader, holds, same

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
PAGE = (SOURCE / "docs/tutorial.md").read_text(encoding="utf-8")
INSTALL, START, REST = PAGE.partition("Now take an empty folder")


class Tutorial(unittest.TestCase):
    def test_everything_works_in_order(self):
        with tempfile.TemporaryDirectory() as folder:
            Reader(self, "docs/tutorial.md", folder).follow(REST)
            for made in ("first.html", "own.html", "own-nbqx.h5"):
                self.assertGreater((pathlib.Path(folder) / made).stat().st_size, 100_000)

    def test_the_install_names_what_is_there(self):
        """test_package.py installs; here only that the page speaks of the same things."""
        self.assertTrue(START)
        self.assertEqual([body.splitlines()[0] for kind, body in BLOCK.findall(INSTALL) if kind == "sh"],
                         ["scripts/demo"])
        self.assertIn("cmake --install build/program", INSTALL)
        self.assertTrue(os.access(SOURCE / "scripts/demo", os.X_OK))

    def test_the_sums_on_paper(self):
        drug = {
            key: float(re.search(rf"{key}: {{value: ([\d.]+)", PAGE)[1])
            for key in ("volume", "clearance", "reference_weight")
        }
        dose = 10 * drug["reference_weight"]
        text = " ".join(PAGE.split())
        self.assertIn(f"= {1000 * dose / drug['clearance']:.0f} ng/mL h", text)
        self.assertIn(f"= {1000 * dose / drug['volume']:.0f} ng/mL;", text)


class Pages(unittest.TestCase):
    """A comparison that nothing could fail would prove nothing."""

    def test_numbers_within_rounding(self):
        for shown, printed in (("1.3", "1.316"), ("80", "79.98"), ("1.5e-7", "1.53e-07"), ("-2.50", "-2.51"),
                               ("0", "0"), ("peak", "peak")):
            self.assertTrue(same(shown, printed), (shown, printed))
        for shown, printed in (("1.3", "1.5"), ("14.1", "14.5"), ("1e-7", "1e-6"), ("0", "0.2"), ("1", "1.3"),
                               ("peak", "area"), ("2.5", "-2.5")):
            self.assertFalse(same(shown, printed), (shown, printed))

    def test_lines(self):
        self.assertTrue(holds("BDNF  bdnf peak   fold  1  1.31   2.54", "bdnf peak fold 1 1.31"))
        self.assertFalse(holds("BDNF  bdnf peak   fold  1  1.31   2.54", "bdnf peak fold 1 2.54"))
        self.assertFalse(holds("bdnf peak", "bdnf peak fold"))

    def test_numbers_are_seen(self):
        for word in ("12", "-0.5", "1.05e-07"):
            self.assertTrue(NUMBER.match(word))
        self.assertFalse(NUMBER.match("12h"))


if __name__ == "__main__":
    sys.exit(unittest.main())
