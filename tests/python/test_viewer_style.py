"""The figures of `respine compare` and the viewer draw runs in the same colours. What they show, and how it
is called, both read from the run file.
"""

import importlib.util
import os
import pathlib
import re
import sys
import unittest

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
VIEWER = SOURCE / "analysis" / "viewer" / "src"


def figures():
    spec = importlib.util.spec_from_file_location("figures", SOURCE / "analysis" / "python" / "figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Style(unittest.TestCase):
    def test_runs_have_the_same_colours(self):
        text = (VIEWER / "ui" / "dom.ts").read_text(encoding="utf-8")
        listed = re.search(r"const RUN_COLOURS = \[([^\]]+)\]", text)[1]
        self.assertEqual(re.findall(r"#\w{6}", listed), figures().COLOURS)


if __name__ == "__main__":
    sys.exit(unittest.main())
