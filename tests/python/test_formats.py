"""Files for ever: what any release wrote is read by this program as its release read it, or refused by name
with what to do instead. tests/data/formats has the files, its index.json what every reader answers of them.
"""

import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import h5py
from built_module import IS_BUILT, WHY_NOT
from format_case import ROWS, FormatCase, same
from format_readers import (CORPUS, INDEX, OF_OTHERS, READERS, SOURCE, Refused, answers, digest_of, program,
                            resume, unpacked)
from resuming import reseal

sys.path.insert(0, str(SOURCE / "analysis/python/infer"))
LARGEST = 1_000_000  # bytes of all files together


class Corpus(unittest.TestCase):
    index = ROWS
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
                self.assertEqual(row["sha256"], digest_of((CORPUS / row["file"]).parent), "another file now")
        self.assertLess(sum((CORPUS / path).stat().st_size for path in packed), LARGEST)

    def test_what_the_program_writes_has_a_file(self):
        """A version that was raised wants a file of its own: scripts/format-corpus."""
        self.assertGreaterEqual(len(self.written), 10, "formats that the program names")
        from posterior import ENSEMBLE_VERSION  # scipy, for this test alone
        self.assertEqual(self.written["respine ensemble"], str(ENSEMBLE_VERSION), "as it is read and written")
        there = {(row["format"], row["version"]) for row in self.index if row["release"] == self.release}
        self.assertEqual(set(self.written.items()) | OF_OTHERS, there, "scripts/format-corpus writes it")

    def test_the_policy_has_the_versions_of_the_program(self):
        page = (SOURCE / "docs/formats-policy.md").read_text(encoding="utf-8")
        told = {}
        for names, versions in re.findall(r"^\| (.+?) \| (\d+) \|", page, re.MULTILINE):
            told |= {name: versions for name in re.findall(r"[`\"](respine[ -][\w-]+)[`\"]", names)}
        self.assertEqual(told, self.written)

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
        begun = (f"{name}: respine-checkpoint version {row['version']} by respine "
                 f"{row['release'].partition('-')[0]}")
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


class Upgrade(FormatCase):
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
        """Of each release; parameters of the one that wrote it may be gone."""
        begun = 0
        for row in Corpus.index:
            if row["format"] != "respine-checkpoint" or row["release"] == Corpus.release:
                continue
            with self.subTest(file=row["file"]):
                path = unpacked(row["file"], self.folder)
                before = path.read_bytes()
                told = program(self.folder, "upgrade", "--force", path.name)
                self.assertIn(f" by respine {row['release'].partition('-')[0]}: ", told)
                self.assertEqual(path.read_bytes(), before)
                made = path.name.replace(".h5.ckpt", ".upgraded.yaml")
                self.assertIn(f"{made} holds its scenario", told)
                if "wants changes first" not in told:
                    program(self.folder, "check", "-q", made)
                    begun += 1
        self.assertGreater(begun, 0)

    def test_a_checkpoint_that_was_changed_is_not_believed(self):
        path = unpacked("respine-checkpoint-7/0.1.0/stopped.h5.ckpt.gz", self.folder)
        with h5py.File(path, "r+") as file:
            file["meta"].attrs["version"] = "0.0.1\nseed: 3"
        self.refused("upgrade", path.name, reason="damaged: its bytes are not those that its first")
        reseal(path)
        program(self.folder, "upgrade", path.name)
        first = (self.folder / "stopped.upgraded.yaml").read_text(encoding="utf-8").splitlines()[0]
        self.assertIn("begun by respine 0.0.1?seed: 3 with ", first)

    def test_an_output_that_is_not_needed_is_told(self):
        path = self.newest("respine-run")
        self.assertIn(": is read as it is, so new.h5 is not written",
                      program(self.folder, "upgrade", path.name, "-o", "new.h5"))

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
        unpacked("respine-run-1/0.1.0-first/run.h5.gz", self.folder)
        (self.folder / "run.upgraded.h5").write_text("mine")
        for files in (("notes.txt", "run.h5"), ("run.h5", "notes.txt")):
            with self.assertRaisesRegex(Refused, "^3: (?s:.*)exists already"):
                program(self.folder, "upgrade", *files)


if __name__ == "__main__":
    unittest.main()
