"""The figures of `respine compare` and the viewer say the same things in the same words, units and colours.
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


def viewer_fields():
    text = (VIEWER / "data" / "fields.ts").read_text(encoding="utf-8")
    rows = re.findall(r"field\(\s*'(\w+)',\s*'([^']+)',\s*'([^']+)',\s*\d+,\s*'[^']*',?(?:\s*(\d+),?)?\s*\)",
                      text)
    return {name: (label, unit, int(factor or 1)) for name, label, unit, factor in rows}


class Style(unittest.TestCase):
    def test_quantities_have_one_name_unit_and_scale(self):
        shown = viewer_fields()
        self.assertGreaterEqual(len(shown), 12)
        for name, *rest in figures().PANELS:
            self.assertEqual(shown[name], tuple(rest), name)

    def test_runs_have_the_same_colours(self):
        text = (VIEWER / "ui" / "dom.ts").read_text(encoding="utf-8")
        listed = re.search(r"const RUN_COLOURS = \[([^\]]+)\]", text)[1]
        self.assertEqual(re.findall(r"#\w{6}", listed), figures().COLOURS)


if __name__ == "__main__":
    sys.exit(unittest.main())
