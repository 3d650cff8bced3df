"""docs/file-format.md says what a run file holds: the program writes this, and what any release since 1.0
wrote is still described so, name, type and unit.
"""

import pathlib
import re
import tempfile
import unittest

import h5py
from format_case import ROWS
from format_readers import COHORT, SHEET, SOURCE, program, unpacked

PAGE = (SOURCE / "docs/file-format.md").read_text(encoding="utf-8").split("# An ensemble")[0]
ANY_UNIT = ("its own", "see `dose_unit`", "as `/events/dose_unit`")


def more():
    """With every part of a file that a small run can have."""
    text = SHEET
    for here, instead in (
        ("kind: sheet, neurons: 120, synapses_per_neuron: 20",
         "kind: sheet-inhibition, neurons: 400, synapses_per_neuron: 100"),
        ("1 d]}\nimaging", "1 d], synapse_events: true}\ncoordination: {sessions: [-1 h, 1 d]}\nimaging"),
        ("at: 0 h}", 'at: 0 h, policy: {every: 6 h, when: "response_index < 2", amount: "last_dose"}}'),
    ):
        assert here in text
        text = text.replace(here, instead)
    return text


def names_in(cell):
    """`a`, `b_<drug>` as patterns; what stands in <> is a name, but no scenario here brings a mechanism."""
    names = [name for name in re.findall(r"`([\w<>]+)`", cell) if name != "<mechanism>"]
    return [re.sub("<[^>]*>", r"\\w+", name) for name in names]


def described():
    """{group: [(pattern, type, units)]}; a series over neurons has `_sd` and `_quantiles` too."""
    found = {}
    for part in re.split(r"^#+ (?=`/|The cohort)", PAGE, flags=re.MULTILINE)[1:]:
        group = "cohort" if part.startswith("The") else re.match(r"`/(\w+(?:/synapses)?)", part)[1]
        for table in re.findall(r"^\| dataset.*\n(?:\|.*\n)+", part, re.MULTILINE):
            head, _, *rows = [[cell.strip() for cell in line.strip("|").split(" | ")]
                              for line in table.splitlines()]
            head = [cell.strip("| ") for cell in head]
            for row in rows:
                cells = dict(zip(head, (cell.strip("| ") for cell in row)))
                names = names_in(cells[head[0]])
                types, units = (cells[key].split(", ") for key in ("type", "units"))
                spread = "(_sd|_quantiles)?" if "over" in cells else ""
                for k, name in enumerate(names):
                    found.setdefault(group, []).append(
                        (name + spread, types[min(k, len(types) - 1)],
                         units[k] if len(units) == len(names) else cells["units"]))
    return found


def type_of(dataset):
    return "text" if h5py.check_string_dtype(dataset.dtype) else dataset.dtype.name


class Described(unittest.TestCase):
    page = described()

    def fits(self, file):
        seen = set()

        def look(path, item):
            if not isinstance(item, h5py.Dataset):
                return
            group, _, name = re.sub(r"^snapshots/synapses/\d+(/\w+_\w+(?=/))?", "snapshots/synapses",
                                    path).rpartition("/")
            rows = self.page.get("history" if group == "pk" else group, ())  # which is a copy
            units = item.attrs["units"].decode()
            fitting = [(kind, units if said in ANY_UNIT else said)
                       for pattern, kind, said in rows if re.fullmatch(pattern, name)]
            with self.subTest(dataset=path):
                self.assertIn((type_of(item), units), fitting)
            seen.add(path)

        file.visititems(look)
        return seen

    def test_what_is_written_and_what_was(self):
        self.assertGreaterEqual(len(self.page), 10, self.page.keys())
        now = {"respine-run": ("sheet.yaml",), "more": ("more.yaml",), "respine-cohort": COHORT}
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")
            (folder / "more.yaml").write_text(more(), encoding="utf-8")
            for form, words in now.items():
                program(folder, "run", "-q", *words, "-o", "run.h5", "--force")
                with h5py.File(folder / "run.h5") as file:
                    now[form] = self.fits(file)
            self.assertGreater(len(now["more"]), 100)
            for row in ROWS:
                if row["format"] in now and not row["release"].startswith("0."):
                    with h5py.File(unpacked(row["file"], folder)) as file:
                        then = self.fits(file)
                    self.assertLessEqual(then, now[row["format"]], row["file"] + " has more")


if __name__ == "__main__":
    unittest.main()
