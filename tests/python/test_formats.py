"""docs/formats.md as its reader uses it: files are written, programs and commands run, in order and in one folder."""

import os
import pathlib
import sys
import tempfile
import unittest

import test_readme

PAGE = (pathlib.Path(os.environ["RESPINE_SOURCE"]) / "docs/formats.md").read_text(encoding="utf-8")


class Formats(unittest.TestCase):
    def test_everything_shown_works_in_order(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            shown = 0
            for language, body in test_readme.BLOCK.findall(PAGE):
                if language in ("yaml", "python"):
                    file = test_readme.NAMED.match(body)[1]
                    (folder / file).write_text(body, encoding="utf-8")
                    if language == "python":
                        result = test_readme.call(["/usr/bin/python3", file], folder)
                        self.assertEqual(result.returncode, 0, f"{file}:\n{result.stderr}")
                elif language == "sh":
                    for line in body.splitlines():
                        words = test_readme.respine_words(line)
                        result = test_readme.call([test_readme.RESPINE, *words], folder)
                        self.assertEqual(result.returncode, 0, f"{line}:\n{result.stderr}")
                        shown += 1
            self.assertEqual(shown, 5)


if __name__ == "__main__":
    sys.exit(unittest.main())
