"""README.md and the pages with the examples as a newcomer uses them: files are written, commands run, in
order and in one folder for each page.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

import yaml

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
README = (SOURCE / "README.md").read_text(encoding="utf-8")
LARGEST = 9000  # bytes of the README: what is longer is a page of docs/
EXAMPLES = ("docs/commands.md", "docs/drug.md")  # the README links them, and this test runs them

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w.-]+\.yaml): ")
OTHER_SHELL = ("export PATH=", "#")
SMALL = ["--set", "network.neurons=300", "--set", "network.synapses_per_neuron=50"]
SIZED = ("sheet", "small_world", "random")
BRIEF = ["--topology", "sheet", "--threads", "2", "--repetitions", "1"]  # of the benchmark


def text_of(page):
    return (SOURCE / page).read_text(encoding="utf-8")


def linked_pages():
    """Pages of docs/ that the README links."""
    return sorted(set(re.findall(r"\]\((docs/[\w/.-]+\.md)", README)))


def shell_lines(text):
    bodies = [body for kind, body in BLOCK.findall(text) if kind == "sh"]
    return [line for body in bodies for line in body.splitlines() if line.strip()]


def respine_words(line):
    """The words after the program's name, or None when the line runs something else."""
    words = shlex.split(line)
    return words[1:] if words[0] in ("respine", "build/program/respine") else None


def call(words, folder):
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=240, check=False)


def program_help():
    return call([RESPINE, "--help"], SOURCE).stdout


def network_kind(words, folder):
    checked = call([RESPINE, "check", words[1], *settings_of(words)], folder)
    return yaml.safe_load(checked.stdout)["network"]["kind"] if checked.returncode == 0 else None


def settings_of(words):
    return [w for k, word in enumerate(words) if word == "--set" for w in words[k:k + 2]]


class Readme(unittest.TestCase):
    def test_everything_shown_works_in_order(self):
        for page in ("README.md", *EXAMPLES):
            with self.subTest(page=page), tempfile.TemporaryDirectory() as name:
                self.follow(text_of(page), pathlib.Path(name))

    def follow(self, text, folder):
        for language, body in BLOCK.findall(text):
            if language == "yaml":
                named = NAMED.match(body)
                self.assertIsNotNone(named, f"the first line of a yaml block names its file:\n{body}")
                (folder / named[1]).write_text(body, encoding="utf-8")
            elif language == "sh":
                for line in body.splitlines():
                    self.run_line(line, folder)

    def run_line(self, line, folder):
        words = respine_words(line) if line.strip() else None
        if words is None:
            return
        with self.subTest(command=line):
            if words[0] == "run" and network_kind(words, folder) in SIZED:
                words = words + SMALL
            if words[0] == "bench":
                words = words + BRIEF
            result = call([RESPINE, *words], folder)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertTrue(result.stdout.strip() or "--quiet" in words, "nothing on standard output")
            for option in ("-o", "--figures"):
                if option in words:
                    self.assertTrue((folder / words[words.index(option) + 1]).exists())

    def test_shell_blocks_hold_known_commands_only(self):
        for line in [line for page in ("README.md", *EXAMPLES) for line in shell_lines(text_of(page))]:
            known = (
                respine_words(line) is not None or line.startswith("scripts/") or line.startswith(OTHER_SHELL)
            )
            self.assertTrue(known, f"this line would go untested: {line}")

    def test_scripts_exist_and_parse(self):
        scripts = {line.split()[0] for line in shell_lines(README) if line.startswith("scripts/")}
        self.assertLessEqual({"scripts/demo", "scripts/test"}, scripts)
        for script in scripts:
            path = SOURCE / script
            self.assertTrue(os.access(path, os.X_OK), f"{script} cannot be executed")
            self.assertEqual(call(["bash", "-n", str(path)], SOURCE).returncode, 0, script)

    def test_every_subcommand_has_an_example(self):
        listed = re.search(r"^Subcommands:\n((?:  .*\n)+)", program_help(), re.MULTILINE)[1]
        commands = re.findall(r"^  (\w[\w-]*)", listed, re.MULTILINE)
        self.assertGreaterEqual(len(commands), 5)
        self.assertLessEqual(set(EXAMPLES), set(linked_pages()))
        lines = shell_lines(README) + [line for page in EXAMPLES for line in shell_lines(text_of(page))]
        shown = {words[0] for words in map(respine_words, lines) if words}
        for command in [*commands, "--version"]:
            self.assertIn(command, shown)

    def test_exit_codes_are_those_of_the_help(self):
        line = re.search(r"^exit codes: (.*)$", program_help(), re.MULTILINE)[1]
        told = dict(re.fullmatch(r"(\d+) (.*)", part).groups() for part in line.split(", "))
        table = text_of("docs/commands.md").split("## Exit codes")[1].split("\n## ")[0]
        shown = {
            code: meaning.strip()
            for code, meaning in re.findall(r"^\| (\d+) \|([^|]*)\|", table, re.MULTILINE)
        }
        self.assertEqual(shown, told)

    def test_its_counts_are_those_of_the_validation(self):
        page = text_of("docs/validation.md")
        passed, counted = re.search(r"^(\d+) of (\d+) rows pass", page, re.MULTILINE).groups()
        right, predictions = re.search(r"By evidence: predictions (\d+) of (\d+)", page).groups()
        self.assertIn(f"{passed} of {counted} rows agree", README)
        self.assertIn(f"**{right} are predictions** (of {predictions})", README)

    def test_it_is_short(self):
        self.assertLessEqual(len(README.encode()), LARGEST, "move what is longer to a page of docs/")

    def test_medical_frame_comes_before_the_first_command(self):
        self.assertIn("never medical advice", README[:README.index("```sh")])


if __name__ == "__main__":
    sys.exit(unittest.main())
