"""Shells complete commands, options and names; manual pages hold what --help says; respine init writes a
scenario that can be run.
"""

import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import yaml

RESPINE = os.environ["RESPINE"]
BUILD = pathlib.Path(os.environ["RESPINE_BUILD"])
FILES = BUILD / "shell"
RELEASE = "CMAKE_BUILD_TYPE:STRING=Release\n" in (BUILD / "CMakeCache.txt").read_text(encoding="utf-8")
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
SCENARIOS = {path.stem for path in (SOURCE / "configs/scenarios").glob("*.yaml")}


def call(*words, check=0, **options):
    result = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, timeout=60,
                            **options)
    if check is not None and result.returncode != check:
        raise AssertionError(f"{words}: exit {result.returncode}\n{result.stdout}\n{result.stderr}")
    return result


def in_path():
    """The names that a shell completes come from the program itself."""
    return {**os.environ, "PATH": f"{pathlib.Path(RESPINE).parent}:{os.environ['PATH']}"}


class Completion(unittest.TestCase):
    def bash(self, *words):
        script = ("source <(respine completion bash); COMP_WORDS=(respine \"$@\"); COMP_CWORD=$#; _respine; "
                  "printf '%s\\n' \"${COMPREPLY[@]}\"")
        return set(call("bash", "-c", script, "bash", *words, env=in_path()).stdout.split())

    def test_bash(self):
        self.assertEqual(self.bash("re"), {"rerun"})
        self.assertEqual(self.bash("run", "--che"), {"--checkpoint-every"})
        self.assertEqual(self.bash("run", ""), SCENARIOS)
        self.assertEqual(self.bash("study", "re"), {"report"})
        self.assertEqual(self.bash("study", "run", "--sh"), {"--shard"})
        self.assertIn("dose-duration", self.bash("study", "run", "dose"))
        self.assertEqual(self.bash("list", "dru"), {"drugs"})
        self.assertEqual(self.bash("run", "-q", "--force", ""), SCENARIOS)
        self.assertEqual(self.bash("init", "--like", ""), SCENARIOS)
        self.assertEqual(self.bash("completion", "z"), {"zsh"})
        self.assertEqual(self.bash("run", "human-iv-single", "-o", ""), set())  # files, by bash itself

    @unittest.skipUnless(shutil.which("fish"), "no fish")
    def test_fish(self):
        def complete(line):
            told = call("fish", "-c", f"respine completion fish | source; complete -C '{line}'",
                        env=in_path()).stdout
            return {word.split("\t")[0] for word in told.splitlines()}

        self.assertEqual(complete("respine rer"), {"rerun"})
        self.assertEqual(complete("respine run --checkpoint"), {"--checkpoint-every"})
        self.assertLessEqual(SCENARIOS, complete("respine run "))
        self.assertEqual(complete("respine study run --sh"), {"--shard"})
        self.assertEqual(complete("respine study run --che"), set())  # of run alone

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh(self):
        """In a terminal of its own: only there does zsh complete."""
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "_respine").write_text(
                call(RESPINE, "completion", "zsh").stdout, encoding="utf-8")
            # Each read waits until the terminal shows what is wanted.
            script = (
                "zmodload zsh/zpty; zpty terminal zsh -f -i; "
                f"zpty -w terminal 'PS1=; fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; "
                f"print REA\"\"DY'; zpty -r -m terminal said '*READY*'; "
                "zpty -w -n terminal $'respine run --checkpoi\\t'; zpty -r -m terminal said "
                "'*checkpoi*nt-every*'; zpty -w -n terminal $'\\C-u'; "
                "zpty -w -n terminal $'respine study ru\\t'; zpty -r -m terminal said '*study ru*n *'; "
                "print -r -- found"
            )
            said = call("zsh", "-f", "-c", script, env={**in_path(), "TERM": "dumb"}).stdout
        self.assertEqual(said, "found\n")


class Manual(unittest.TestCase):
    @unittest.skipUnless(shutil.which("help2man"), "no help2man")
    @unittest.skipUnless(RELEASE, "only a release build makes manual pages")
    def test_every_command_has_a_page_with_its_options(self):
        pages = sorted((FILES / "man").glob("*.1.gz"))
        self.assertGreater(len(pages), 15)
        for page in pages:
            with self.subTest(page.name):
                text = gzip.decompress(page.read_bytes()).decode().replace("\\-", "-")
                name = page.name.partition(".")[0]
                self.assertIn(f".TH {name.upper()} ", text)
                self.assertIn(f"\n{name} - ", text)
                command = name.replace("-", " ").split()[1:]
                for line in call(RESPINE, *command, "--help").stdout.splitlines():
                    if line.startswith("  --"):
                        self.assertIn(line.split()[0], text)


class Init(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name

    def test_every_shipped_scenario_is_a_beginning(self):
        for name in sorted(SCENARIOS):
            with self.subTest(name):
                call(RESPINE, "init", "own.yaml", "--like", name, "--force", cwd=self.folder)
                one = yaml.safe_load(call(RESPINE, "check", name, "--set", "name=own").stdout)
                self.assertEqual(yaml.safe_load(call(RESPINE, "check", "own.yaml", cwd=self.folder).stdout),
                                 one)

    def test_it_explains_every_key_and_names_a_schema_that_is_there(self):
        call(RESPINE, "init", "own.yaml", cwd=self.folder)
        text = (pathlib.Path(self.folder) / "own.yaml").read_text(encoding="utf-8")
        schema = text.splitlines()[0].partition("$schema=")[2]
        self.assertTrue(pathlib.Path(schema).is_file(), schema)
        for key in ("network:", "genotype:", "cohort:", "synapse_events:", "dendrites:"):
            self.assertIn(key, text)

    def test_it_replaces_nothing(self):
        (pathlib.Path(self.folder) / "own.yaml").write_text("mine", encoding="utf-8")
        self.assertIn("own.yaml: error: exists already",
                      call(RESPINE, "init", "own.yaml", cwd=self.folder, check=5).stderr)
        self.assertEqual((pathlib.Path(self.folder) / "own.yaml").read_text(encoding="utf-8"), "mine")

    def test_it_keeps_what_is_there_when_it_cannot_write(self):
        (pathlib.Path(self.folder) / "own.yaml").write_text("mine", encoding="utf-8")
        call("bash", "-c", f"ulimit -f 1; exec {RESPINE} init own.yaml --force --like human-iv-six-cohort",
             cwd=self.folder, check=5)
        self.assertEqual((pathlib.Path(self.folder) / "own.yaml").read_text(encoding="utf-8"), "mine")

    def test_paths_of_the_other_scenario_still_lead_there(self):
        folder = pathlib.Path(self.folder)
        (folder / "edges.csv").write_text(
            "source,target\n" + "".join(f"{k},{(k + 1) % 30}\n" for k in range(30)), encoding="utf-8")
        (folder / "first.yaml").write_text(
            "name: first\nmodel: mouse\nstart: 0 h\nduration: 1 h\nnetwork: {kind: file, file: edges.csv}\n"
            "stress: {severity: 0}\n",
            encoding="utf-8")
        (folder / "sub").mkdir()
        call(RESPINE, "init", "second.yaml", "--like", "../first.yaml", cwd=folder / "sub")
        call(RESPINE, "check", "-q", "sub/second.yaml", cwd=folder)

    def test_wrong_words(self):
        self.assertIn(
            "did you mean 'human-iv-single'",
            call(RESPINE, "init", "own.yaml", "--like", "human-iv-singel", cwd=self.folder, check=2).stderr)
        self.assertIn("there is no folder",
                      call(RESPINE, "init", "sub/own.yaml", cwd=self.folder, check=5).stderr)
        self.assertIn("ends in .yaml", call(RESPINE, "init", "own", cwd=self.folder, check=2).stderr)


class Schemas(unittest.TestCase):
    def test_shipped_schemas_are_what_the_program_prints(self):
        for name in ("scenario", "study", "calibration"):
            shipped = (SOURCE / f"configs/schemas/{name}.json").read_text(encoding="utf-8")
            self.assertEqual(shipped,
                             call(RESPINE, "check", "--schema", name).stdout,
                             f"respine check --schema {name} > configs/schemas/{name}.json")

    def test_every_shipped_file_names_its_schema(self):
        for kind in ("scenarios", "studies", "calibrations"):
            for path in (SOURCE / "configs" / kind).glob("*.yaml"):
                with self.subTest(path.name):
                    first = path.read_text(encoding="utf-8").splitlines()[0]
                    self.assertTrue(first.startswith("# yaml-language-server: $schema="), first)
                    self.assertTrue((path.parent / first.partition("$schema=")[2]).resolve().is_file(), first)


if __name__ == "__main__":
    unittest.main(verbosity=2)
