"""docs/validation.md is no older than what decides what it says."""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
sys.path.insert(0, str(SOURCE / "analysis" / "python"))
from report_docs import DECIDES, made_from  # noqa: E402


class Shipped(unittest.TestCase):
    def test_the_shipped_page_is_no_older_than_what_decides_it(self):
        page = (SOURCE / "docs/validation.md").read_text(encoding="utf-8")
        told = re.search(r"^Made from results, configs and report (\w+)\.$", page, re.MULTILINE)
        self.assertTrue(told, "the page does not say what it was made from")
        self.assertEqual(told[1], made_from(SOURCE), "make it anew: respine validate --docs docs")

    def test_each_of_what_decides_it_changes_the_digest(self):
        with tempfile.TemporaryDirectory() as name:
            copy = pathlib.Path(name)
            for pattern in DECIDES:
                for path in SOURCE.glob(pattern):
                    if path.is_file():
                        (copy / path.relative_to(SOURCE)).parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy(path, copy / path.relative_to(SOURCE))
            self.assertEqual(made_from(copy), made_from(SOURCE))
            for pattern in DECIDES:
                path = next(path for path in sorted(copy.glob(pattern)) if path.is_file())
                before = path.read_bytes()
                path.write_bytes(before + b" ")
                self.assertNotEqual(made_from(copy), made_from(SOURCE), pattern)
                path.write_bytes(before)


if __name__ == "__main__":
    unittest.main()
