"""Files of the corpus of formats (tests/data/formats) in a folder of its own, for tests that change them."""

import contextlib
import io
import json
import re

from format_readers import INDEX, Refused, program, unpacked
from program_case import ProgramCase

ROWS = json.loads(INDEX.read_text(encoding="utf-8"))
LATER = "written by a later version: "
# Answers that depend on the program and its configs beside the file: what may come of them later.
CHANGES = {
    "repeated": {"refused: the files behind are others now", "refused: unknown key 'overrides."},
    "resumed": {"refused: other inputs", "refused: other release", "refused: earlier version"},
}


def same(now, then):
    """An answer may gain numbers; those that it had stay, to ten digits."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(k in now and same(now[k], then[k]) for k in then)
    if isinstance(then, float):
        return isinstance(now, (int, float)) and abs(now - then) <= 1e-10 * abs(then)
    return now == then or (isinstance(then, str) and now in CHANGES.get(then, ()))


class FormatCase(ProgramCase):
    def newest(self, form):
        """A file of this format, the one that was written last."""
        rows = [row for row in ROWS if row["format"] == form]
        return unpacked(max(rows, key=lambda r: (int(r["version"]), r["file"]))["file"], self.folder)

    def refused(self, *words, reason):
        with self.assertRaisesRegex(Refused, "^3: .*" + re.escape(reason)):
            program(self.folder, *words)

    def ends(self, read, reason):
        """A script of analysis/python that ends with code 3 and this reason."""
        said = io.StringIO()
        with self.assertRaises(SystemExit) as ended, contextlib.redirect_stderr(said):
            read()
        self.assertEqual(ended.exception.code, 3)
        self.assertIn(reason, said.getvalue())
