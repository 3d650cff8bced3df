"""Files for ever: what any release wrote is read by this program as its release read it, or refused by name
with what to do instead. tests/data/formats has the files, its index.json what every reader answers of them.
"""

import contextlib
import io
import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import h5py
from built_module import IS_BUILT, WHY_NOT
from format_readers import (CORPUS, INDEX, READERS, SOURCE, TWO, Refused, answers, program, resume, unpacked)
from resuming import reseal

sys.path.insert(0, str(SOURCE / "analysis/python/infer"))
LARGEST = 1_000_000  # bytes of all files together
# Answers that depend on the program and its configs beside the file: what may come of them later.
CHANGES = {
    "repeated": {"refused: the files behind are others now", "refused: unknown key 'overrides."},
    "resumed": {"refused: other inputs", "refused: other release", "refused: earlier version"},
}
LATER = "written by a later version: "


def same(now, then):
    """An answer may gain numbers; those that it had stay, to ten digits."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(k in now and same(now[k], then[k]) for k in then)
    if isinstance(then, float):
        return isinstance(now, (int, float)) and abs(now - then) <= 1e-10 * abs(then)
    return now == then or (isinstance(then, str) and now in CHANGES.get(then, ()))


class Corpus(unittest.TestCase):
    index = json.loads(INDEX.read_text(encoding="utf-8"))
    release = program(SOURCE, "--version").split()[1]
    written = dict(re.findall(r"^(\S+(?: \S+)?) {2,}(\d+)  ", program(SOURCE, "upgrade"), re.MULTILINE))

    def test_every_file_has_a_row_and_every_row_its_file(self):
        folders = {pathlib.PurePath(row["file"]).parent for row in self.index}
        packed = {path.relative_to(CORPUS) for path in CORPUS.rglob("*") if path.is_file()} - {
            pathlib.Path(INDEX.name)}  # yapf: disable
        self.assertEqual({path.parent for path in packed}, folders)
        for row in self.index:
            with self.subTest(file=row["file"]):
                self.assertIn(pathlib.Path(row["file"]), packed)
                self.assertEqual(pathlib.PurePath(row["file"]).parts[0],
                                 f"{row['format'].replace(' ', '-')}-{row['version']}")
                self.assertEqual(set(row["answers"]), set(READERS[row["format"]]), "its readers")
        self.assertLess(sum((CORPUS / path).stat().st_size for path in packed), LARGEST)

    def test_what_the_program_writes_has_a_file(self):
        """A version that was raised wants a file of its own: scripts/format-corpus."""
        self.assertGreaterEqual(len(self.written), 10, "formats that the program names")
        from posterior import ENSEMBLE_VERSION  # scipy, for this test alone
        self.assertEqual(self.written["respine ensemble"], str(ENSEMBLE_VERSION), "as it is read and written")
        there = {(row["format"], row["version"]) for row in self.index}
        self.assertLessEqual(set(self.written.items()), there)

    def test_every_reader_answers_as_ever(self):
        for row in self.index:
            now = answers(row)
            for reader, then in row["answers"].items():
                with self.subTest(file=row["file"], reader=reader):
                    if reader == "module" and not IS_BUILT:
                        self.skipTest(WHY_NOT)
                    if row["format"] == "respine-checkpoint" and reader == "upgrade":
                        then = self.checkpoint_upgrade(row)
                    self.assertTrue(same(now[reader], then), f"{now[reader]}\nwas {then}")

    def checkpoint_upgrade(self, row):
        """A checkpoint goes on in its own release alone; in all others its run begins again."""
        name = pathlib.PurePath(row["file"]).stem
        begun = f"{name}: respine-checkpoint version {row['version']}"
        if row["version"] == self.written["respine-checkpoint"] and row["release"] == self.release:
            return f"{begun}: is read as it is: respine run --resume {name}"
        scenario = name.replace(".h5.ckpt", ".upgraded.yaml")
        return (f"{begun}: is not resumed by this program, whose states are others; {scenario} would hold "
                f"its scenario, with every parameter: respine run {scenario}")

    def test_a_checkpoint_resumes_in_its_release_and_says_why_not_elsewhere(self):
        for row in self.index:
            if row["format"] != "respine-checkpoint":
                continue
            said = row["answers"]["run --resume"]
            if row["version"] != self.written["respine-checkpoint"]:
                self.assertEqual(said, "refused: earlier version")
            elif row["release"] != self.release:
                with tempfile.TemporaryDirectory() as folder:
                    self.assertEqual(resume(unpacked(row["file"], pathlib.Path(folder))),
                                     "refused: other release")


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def newest(self, form):
        """A file of this format, the one that was written last."""
        rows = [row for row in Corpus.index if row["format"] == form]
        return unpacked(max(rows, key=lambda r: (int(r["version"]), r["file"]))["file"], self.folder)

    def refused(self, *words, reason):
        with self.assertRaisesRegex(Refused, "^3: .*" + re.escape(reason)):
            program(self.folder, *words)


class LaterVersions(Folder):
    """What a program of tomorrow writes is refused by name, and never read as if it were of today."""

    def raised(self, form, at="/"):
        path = self.newest(form)
        with h5py.File(path, "r+") as file:
            now = int(file[at].attrs["format_version"])
            file[at].attrs.modify("format_version", now + 1)
            if "meta" in file and "version" in file["meta"].attrs:
                file["meta"].attrs.modify("version", b"9.8.7")
        return path, f"{LATER}{form} version {now + 1}; this program reads {now}: get "

    def ends(self, read, reason):
        """A script of analysis/python that ends with code 3 and this reason."""
        said = io.StringIO()
        with self.assertRaises(SystemExit) as ended, contextlib.redirect_stderr(said):
            read()
        self.assertEqual(ended.exception.code, 3)
        self.assertIn(reason, said.getvalue())

    def test_runs_and_cohorts(self):
        for form in ("respine-run", "respine-cohort"):
            path, reason = self.raised(form)
            for words in (("inspect",), ("compare",), ("view",), ("export", "--csv", "out"), ("rerun",),
                          ("upgrade",)):
                if form == "respine-run" or words[0] not in ("compare", "export"):
                    with self.subTest(form=form, reader=words[0]):
                        self.refused(*words, path.name, reason=reason + "respine >= 9.8.7")

    def test_by_python(self):
        from figures import Run
        from validation import Cohort
        for form, reader in (("respine-run", Run), ("respine-cohort", Cohort)):
            path, reason = self.raised(form)
            with self.subTest(reader=reader):
                self.ends(lambda r=reader, p=path: r(p), reason)

    @unittest.skipUnless(IS_BUILT, WHY_NOT)
    def test_by_the_module(self):
        from module_case import respine
        for form, reader in (("respine-run", respine.open_run), ("respine-cohort", respine.open_run),
                             ("respine ensemble", respine.Ensemble)):
            with self.subTest(format=form), self.assertRaisesRegex(ValueError, LATER):
                reader(self.raised(form)[0])

    def test_ensembles(self):
        path, reason = self.raised("respine ensemble")
        (self.folder / "two.yaml").write_text(TWO, encoding="utf-8")
        self.refused("study", "run", "two.yaml", "--ensemble", path.name, "--dry-run", reason=reason)

    def test_checkpoints(self):
        path, reason = self.raised("respine-checkpoint")
        reseal(path)
        self.refused("run", "--resume", path.name, reason=reason + "respine >= 9.8.7")
        now = Corpus.written["respine-checkpoint"]
        line, later = (f"respine checkpoint {int(now) + k}\n".encode() for k in (0, 1))
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
        from study_results import Study
        self.ends(lambda: Study(work), f"{LATER}respine-study-analysis {reads}")
        self.refused("upgrade", work / "analysis.json", reason=LATER)

    def test_a_benchmark(self):
        path = self.newest("respine-bench")
        path.write_text(path.read_text().replace('"format_version": 1', '"format_version": 2'))
        self.refused("bench", "--check", path.name,
                     reason=LATER + "respine-bench version 2; this program reads 1")


class Upgrade(Folder):
    def test_a_run_file_of_the_first_program_describes_itself(self):
        path = unpacked("respine-run-1/0.1.0-first/run.h5.gz", self.folder)
        before = path.read_bytes()
        path.chmod(0o444)
        self.assertIn("run.upgraded.h5 does; series that this program does not know stay as they are: "
                      "tolerance", program(self.folder, "upgrade", "run.h5"))
        self.assertEqual(path.read_bytes(), before)
        with h5py.File(path) as old, h5py.File(self.folder / "run.upgraded.h5") as new:
            order = new["history"].attrs["order"].decode().split()
            others = re.compile(r"^(time|quantile|tolerance)$|_(sd|quantiles)$")
            self.assertEqual(set(order), {name for name in old["history"] if not others.search(name)})
            self.assertEqual(new["history/bdnf"].attrs["label"], b"BDNF")
            self.assertEqual(new["snapshots/rate"].attrs["stage"], b"rates")
            for name in order:
                self.assertEqual(new["history"][name][:].tobytes(), old["history"][name][:].tobytes())
        self.assertTrue(program(self.folder, "upgrade", "run.upgraded.h5").endswith(": is read as it is\n"))
        self.assertEqual(program(self.folder, "compare", "run.upgraded.h5").splitlines()[2:],
                         program(self.folder, "compare", "run.h5").splitlines()[2:])
        with self.assertRaisesRegex(Refused, "^5: .*exists already"):
            program(self.folder, "upgrade", "run.h5")
        with self.assertRaisesRegex(Refused, "^2: .*would replace the file that it is made from"):
            program(self.folder, "upgrade", "run.h5", "-o", "./run.h5", "--force")

    def test_the_run_of_a_checkpoint_begins_again(self):
        path = self.newest("respine-checkpoint")
        path.write_bytes(path.read_bytes().replace(b"respine checkpoint 7", b"respine checkpoint 6", 1))
        told = program(self.folder, "upgrade", path.name)
        self.assertIn("stopped.upgraded.yaml holds its scenario", told)
        if "wants changes first" not in told:  # parameters of the release that wrote it may be gone
            program(self.folder, "check", "-q", "stopped.upgraded.yaml")

    def test_records_of_before_a_version_are_read(self):
        """0.1.0 wrote journals without it."""
        path = unpacked("respine-study-journal-1/0.1.0/journal-1-of-1.jsonl.gz", self.folder)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        path.write_text("".join(json.dumps({k: v for k, v in line.items() if k != "format_version"}) + "\n"
                                for line in lines))
        self.assertEqual(READERS["respine-study-journal"]["study status"](path), {"records": len(lines)})
        self.assertIn("respine-study-journal version 1: is read as it is",
                      program(self.folder, "upgrade", path.name))

    def test_records_without_names_are_told(self):
        (self.folder / "old.jsonl").write_text(
            '{"id":"0123456789abcdef","point":0,"status":"ok","exit":0,"message":"","values":[1.5],'
            '"seconds":1.0,"host":"example"}\n')
        self.assertIn("old.jsonl: respine-study-journal version 0: is read as it is; 1 of its records are of "
                      "version 0, whose values have no names", program(self.folder, "upgrade", "old.jsonl"))

    def test_what_is_none_of_ours_is_said_and_the_others_are_looked_at(self):
        (self.folder / "notes.txt").write_text("notes")
        shutil.copy(unpacked("respine-bench-1/0.1.0/bench.json.gz", self.folder), self.folder / "b.json")
        with self.assertRaisesRegex(Refused, "^3: notes.txt: error: is of no format with a version"):
            program(self.folder, "upgrade", "notes.txt", "b.json")
        self.assertIn("is read as it is", program(self.folder, "upgrade", "notes.txt", "b.json", codes=(3,)))


if __name__ == "__main__":
    unittest.main()
