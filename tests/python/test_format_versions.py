"""Files of respine as another program might have written them: of a later version, without a version, and of
this one with additions that nobody here knows.
"""

import json
import pathlib
import re
import tempfile
import unittest

import h5py
from built_module import IS_BUILT, WHY_NOT
from format_case import LATER, ROWS, FormatCase, same
from format_readers import READERS, TWO, program, unpacked
from resuming import reseal


OF_COHORTS = (("inspect",), ("view",), ("rerun",), ("upgrade",))
COMMANDS = {
    "respine-run": (*OF_COHORTS, ("compare",), ("export", "--csv", "out")), "respine-cohort": OF_COHORTS
}


def of_python():
    """(format, a class of analysis/python that reads it)."""
    from figures import Run
    from validation import Cohort
    return (("respine-run", Run), ("respine-cohort", Cohort))


def of_the_module():
    """(format, what of the Python module reads it)."""
    from module_case import respine
    return (("respine-run", respine.open_run), ("respine-cohort", respine.open_run),
            ("respine ensemble", respine.Ensemble))


class LaterVersions(FormatCase):
    """What a program of tomorrow writes is refused by name, and never read as if it were of today."""

    def raised(self, form, at="/"):
        path = self.newest(form)
        with h5py.File(path, "r+") as file:
            now = int(file[at].attrs["format_version"])
            file[at].attrs.modify("format_version", now + 1)
            if "meta" in file and "version" in file["meta"].attrs:
                file["meta"].attrs.modify("version", b"9.8.7")
            elif "program" in file.attrs:
                file.attrs["program"] = "9.8.7"
        return path, f"{LATER}{form} version {now + 1}; this program reads {now}: get "

    def test_runs_and_cohorts(self):
        for form in COMMANDS:
            path, reason = self.raised(form)
            for words in COMMANDS[form]:
                with self.subTest(form=form, reader=words[0]):
                    self.refused(*words, path.name, reason=reason + "respine >= 9.8.7")

    def test_by_python(self):
        for form, reader in of_python():
            path, reason = self.raised(form)
            with self.subTest(reader=reader):
                self.ends(lambda r=reader, p=path: r(p), reason + "respine >= 9.8.7")

    @unittest.skipUnless(IS_BUILT, WHY_NOT)
    def test_by_the_module(self):
        for form, reader in of_the_module():
            path, reason = self.raised(form)
            reason = reason.replace("program", "module") + "respine >= 9.8.7"
            with self.subTest(format=form), self.assertRaisesRegex(ValueError, re.escape(reason)):
                reader(path)

    def test_ensembles(self):
        path, reason = self.raised("respine ensemble")
        (self.folder / "two.yaml").write_text(TWO, encoding="utf-8")
        for words in (("study", "run", "two.yaml", "--dry-run", "--ensemble"), ("upgrade",)):
            self.refused(*words, path.name, reason=reason + "respine >= 9.8.7")

    def test_checkpoints(self):
        path, reason = self.raised("respine-checkpoint")
        reseal(path)
        self.refused("run", "--resume", path.name, reason=reason + "respine >= 9.8.7")
        with h5py.File(path, "r") as file:
            now = int(file.attrs["format_version"]) - 1
        line, later = (f"respine checkpoint {now + k}\n".encode() for k in (0, 1))
        path.write_bytes(path.read_bytes().replace(line, later, 1))
        for words in (("run", "--resume"), ("upgrade",)):
            self.refused(*words, path.name, reason=reason + "a later respine")

    def test_a_study(self):
        """The journal and kept histories, in the folder of a study that goes on; and what is made of it."""
        unpacked("respine-study-journal-1/0.1.0/journal-1-of-1.jsonl.gz", self.folder)
        spec = self.folder / "small.yaml"
        program(self.folder, "study", "run", spec.name, "-q", "--work", "w")
        work = self.folder / "w"
        spec.write_text(spec.read_text() + "  - {name: mean, quantity: bdnf, take: mean}\n")
        for path in (work / "histories").iterdir():
            with h5py.File(path, "r+") as file:
                file["meta"].attrs.modify("format_version", 2)
        reads = "version 2; this program reads 1: get a later respine"
        self.refused("study", "run", spec.name, "-q", "--work", "w",
                     reason=f"{LATER}respine-point-history {reads}")
        journal = work / "journal-1-of-1.jsonl"
        journal.write_text(journal.read_text().replace('"format_version":1', '"format_version":2', 1))
        reason = f"{LATER}respine-study-journal {reads}"
        for words in (("study", "status", spec.name, "--work", "w"), ("upgrade", journal)):
            self.refused(*words, reason=reason)
        analysis = json.loads((work / "analysis.json").read_text())
        (work / "analysis.json").write_text(json.dumps(analysis | {"format_version": 2}))
        with h5py.File(work / "results.h5", "r+") as file:
            file.attrs.modify("format_version", 2)
        self.refused("upgrade", work / "results.h5", reason=f"{LATER}respine-study version 2; this program")
        from study_results import Study
        self.ends(lambda: Study(work), f"{LATER}respine-study-analysis {reads}")
        self.refused("upgrade", work / "analysis.json", reason=LATER)

    def test_a_benchmark(self):
        path = self.newest("respine-bench")
        path.write_text(path.read_text().replace('"format_version": 1', '"format_version": 2'))
        self.refused("bench", "--check", path.name,
                     reason=LATER + "respine-bench version 2; this program reads 1")


class NoVersion(FormatCase):
    """What does not say its version is refused: it might be of any."""

    def without(self, form, name, value=None):
        path = self.newest(form)
        with h5py.File(path, "r+") as file:
            del file.attrs[name]
            if value is not None:
                file.attrs[name] = value
        return path

    def test_runs_and_cohorts(self):
        for form in COMMANDS:
            for name, value in (("format_version", None), ("format_version", "1"), ("format", None)):
                path = self.without(form, name, value)
                for words in COMMANDS[form]:
                    with self.subTest(form=form, attribute=name, value=value, reader=words[0]):
                        self.refused(*words, path.name, reason=path.name + ": error: ")

    def test_by_python(self):
        for form, reader in of_python():
            for name, value, reason in (("format_version", None, "without a format_version"),
                                        ("format_version", "1", "without a format_version"),
                                        ("format", None, "is of format ''")):
                with self.subTest(reader=reader, attribute=name, value=value):
                    path = self.without(form, name, value)
                    self.ends(lambda r=reader, p=path: r(p), reason)

    @unittest.skipUnless(IS_BUILT, WHY_NOT)
    def test_by_the_module(self):
        for form, reader in of_the_module():
            for value in (None, "1"):
                with self.subTest(format=form, value=value), self.assertRaisesRegex(ValueError,
                                                                                    "without a format_ver"):
                    reader(self.without(form, "format_version", value))

    def test_json(self):
        for form, words in (("respine-bench", ("bench", "--check")), ("respine-study-analysis", ("upgrade",)),
                            ("respine-network-tables", ("upgrade",))):
            path = self.newest(form)
            path.write_text(path.read_text().replace('"format_version"', '"format_ver"'))
            with self.subTest(format=form):
                self.refused(*words, path.name, reason=path.name + ": error: ")


class Additions(FormatCase):
    """What a version holds may grow: readers of today pass over what they do not know."""

    def add(self, path):
        if h5py.is_hdf5(path):
            with h5py.File(path, "r+") as file:
                file.attrs["tomorrow"] = "said"
                for place in ("/", "/meta", "/history", "/derived"):
                    if place in file:
                        group = file[place].create_group("tomorrow")
                        group.attrs["tomorrow"] = 1
                        file[place].create_dataset("of_tomorrow", data=[1.0, 2.0]).attrs["units"] = "d"
        elif path.suffix == ".jsonl":
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("".join(f'{{"tomorrow":[1],{line[1:]}\n' for line in lines), encoding="utf-8")
        else:
            path.write_text(json.dumps({"tomorrow": {"said": 1}} | json.loads(path.read_text())))

    def test_every_reader_answers_as_without_them(self):
        forms = {row["format"] for row in ROWS if row["format"].startswith("respine")} - {
            "respine-checkpoint"}  # the inner state of one release  # yapf: disable
        self.assertGreaterEqual(len(forms), 9)
        for form in sorted(forms):
            row = max((row for row in ROWS if row["format"] == form), key=lambda r: r["file"])
            for name, reader in READERS[form].items():
                if name == "h5py":
                    continue  # none of ours
                with self.subTest(format=form, reader=name):
                    if name == "module" and not IS_BUILT:
                        self.skipTest(WHY_NOT)
                    with tempfile.TemporaryDirectory() as folder:
                        path = unpacked(row["file"], pathlib.Path(folder))
                        self.add(path)
                        now = reader(path)
                        self.assertTrue(same(now, row["answers"][name]), now)


if __name__ == "__main__":
    unittest.main()
