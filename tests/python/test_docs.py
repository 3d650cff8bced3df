"""The pages of docs/: what they say to run works, what they show is there, every link leads somewhere, every
command is one of ours.
"""

import ast
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

from built_module import IS_BUILT
from pages import BLOCK, Reader, environment

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
AT_THE_ROOT = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "SUPPORT.md")
PAGES = [SOURCE / name for name in AT_THE_ROOT
         ] + [page for page in sorted((SOURCE / "docs").rglob("*.md")) if "site" not in page.parts]
FOLLOWED = [
    "cluster", "formats", "mechanism", "network", "own-mechanisms", "own-targets", "populations", "python",
    "read-files", "treatments", "table-to-figure", "teaching/clocks", "teaching/cut", "teaching/persons"
]
MADE = {
    "teaching/clocks": "clocks.html", "teaching/cut": "cut.html", "teaching/persons": "persons.html",
    "read-files": "run.html"
}
NO_MECHANISM = {
    "each_simd", "elementary", "ordered_sum", "parameter", "random", "simd", "source_ids", "synapse_rows",
    "types"
}
GENERATED = {"validation.md", "parameters.md"}
BEFORE_RESPINE = re.compile(r"(?:^|[\s;|(`/])respine((?:\s[^;|`()\n]*)?)")


def blocks(page, *languages):
    return [body for kind, body in BLOCK.findall(page.read_text(encoding="utf-8")) if kind in languages]


def prose_of(page):
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def anchors(page):
    """Of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def words_of(text):
    """Without line breaks and indentation, which clang-format chooses in a source."""
    return " ".join(text.split())


def commands_in(text):
    """The words after each `respine` of a shell line; placeholders such as SPEC and ... are left to the
    reader.
    """
    for words in BEFORE_RESPINE.findall(text):
        try:
            yield shlex.split(words.split(" > ")[0].split(" # ")[0])
        except ValueError:
            yield words.split()


def help_of(*words):
    return subprocess.run([RESPINE, *words, "--help"], capture_output=True, text=True, check=False,
                          env=environment()).stdout


class Docs(unittest.TestCase):
    def test_what_a_page_tells_to_run_works(self):
        for name in FOLLOWED:
            if name == "python" and not IS_BUILT:
                continue  # built without it
            page = SOURCE / f"docs/{name}.md"
            with self.subTest(page=name), tempfile.TemporaryDirectory() as folder:
                Reader(self, name, folder).follow(page.read_text(encoding="utf-8"))
                if name in MADE:
                    self.assertIn("respine", (pathlib.Path(folder) / MADE[name]).read_text(encoding="utf-8"))
                if name == "read-files":
                    self.read_with_r(folder)

    def read_with_r(self, folder):
        found = subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True,
                               check=False) if os.path.exists("/usr/bin/Rscript") else None
        if found and found.returncode == 0:
            printed = subprocess.run(["Rscript", "read.R"], cwd=folder, capture_output=True, text=True,
                                     check=True).stdout
            self.assertIn(printed.strip(), (SOURCE / "docs/read-files.md").read_text(encoding="utf-8"))

    def test_excerpts_are_what_the_files_say(self):
        seen = 0
        for page in PAGES:
            for body in blocks(page, "cpp", "yaml", "cmake"):
                named = re.match(r"(?://|#) ([\w./-]+/[\w.-]+)\n", body)
                if not named:
                    continue
                text = words_of((SOURCE / named[1]).read_text(encoding="utf-8"))
                for shown in body.splitlines()[1:]:
                    seen += 1
                    self.assertTrue(words_of(shown) in text, f"{page.name}: not in {named[1]}: {shown}")
        self.assertGreater(seen, 20)

    def test_batch_scripts_parse(self):
        for page in PAGES:
            for body in blocks(page, "bash", "sh"):
                checked = subprocess.run(["bash", "-n"], input=body, capture_output=True, text=True,
                                         check=False)
                self.assertEqual(checked.returncode, 0, f"{page.name}: {checked.stderr}\n{body}")

    def test_commands_are_known_to_the_program(self):
        listed = set(
            re.findall(r"^  (\w[\w-]*)",
                       help_of().split("Subcommands:")[1].split("examples:")[0], re.MULTILINE))
        helps, seen = {}, 0
        for page in PAGES:
            text = page.read_text(encoding="utf-8")
            code = "\n".join(blocks(page, "sh", "bash")) + "\n" + "\n".join(
                re.findall(r"`(respine [^`]+)`", text))
            for words in commands_in(code):
                if not words or words[0].startswith("-") or not words[0].islower():
                    continue
                with self.subTest(page=page.name, command=" ".join(words)):
                    self.assertIn(words[0], listed)
                    nested = words[0] == "study" and re.fullmatch("[a-z]+", " ".join(words[1:2]))
                    command = tuple(words[:2] if nested else words[:1])
                    helps.setdefault(command, help_of(*command))
                    for option in (word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)):
                        self.assertRegex(helps[command], rf"(?<![\w-]){option}(?![\w-])")
                        seen += 1
        self.assertGreater(seen, 100)

    def test_scenarios_are_known(self):
        for page in PAGES:
            for body in blocks(page, "sh", "bash"):
                for words in commands_in(body):
                    if words[:1] == ["run"] and len(words) > 1 and re.fullmatch(r"[a-z][\w-]+", words[1]):
                        self.assertTrue((SOURCE / f"configs/scenarios/{words[1]}.yaml").exists(),
                                        f"{page.name}: {words[1]}")

    def test_links_lead_somewhere(self):
        for page in PAGES:
            prose = prose_of(page)
            for target in re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(
                r'(?:src|href)="([^"]+)"', prose
            ):
                if re.match(r"[a-z]+:", target):
                    continue
                with self.subTest(page=page.name, link=target):
                    path, _, anchor = target.partition("#")
                    linked = (page.parent / path) if path else page
                    self.assertTrue(linked.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(linked))

    def test_images_say_what_they_show(self):
        for page in PAGES:
            text = prose_of(page)
            self.assertEqual(
                re.findall(r"!\[\]\(", text) + re.findall(r"<img(?![^>]*alt=)", text), [], page.name)

    def test_parameters_are_those_of_the_configs(self):
        made = subprocess.run([SOURCE / "docs/site/make-parameters"], capture_output=True, text=True,
                              check=True, env=environment()).stdout
        self.assertEqual(made, (SOURCE / "docs/parameters.md").read_text(encoding="utf-8"),
                         "run docs/site/make-parameters > docs/parameters.md")

    def test_the_model_names_every_mechanism(self):
        model = (SOURCE / "docs/model.md").read_text(encoding="utf-8")
        for header in sorted((SOURCE / "kernels").glob("*.hpp")):
            if header.stem not in NO_MECHANISM:
                self.assertIn(f"kernels/{header.name}", model)

    def test_paths_that_are_named_exist(self):
        roots = [SOURCE, SOURCE / "analysis/viewer", SOURCE / "analysis/viewer/src", SOURCE / "tests/fuzz"]
        for page in (SOURCE / "CONTRIBUTING.md", SOURCE / "docs/developing.md", SOURCE / "docs/mechanism.md",
                     SOURCE / "docs/library.md"):
            for path in re.findall(r"`([\w.*-]+/[\w./*-]*)`", prose_of(page)):
                if not re.search(r"NAME|^build", path):
                    self.assertTrue(any(list(root.glob(path.rstrip("/"))) for root in roots),
                                    f"{page.name}: {path}")

    def test_recipes_and_citation_are_of_this_version(self):
        """Recipes cannot be tried here (they say so); what can be held: version, syntax, what they say of
        themselves.
        """
        version = re.search(r"project\(respine VERSION ([\d.]+)",
                            (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
        self.assertIn(f"\nversion: {version}\n", (SOURCE / "CITATION.cff").read_text(encoding="utf-8"))
        recipes = {
            name: (SOURCE / "packaging" / name).read_text(encoding="utf-8")
            for name in ("spack/package.py", "conda/meta.yaml", "apptainer/respine.def")
        }
        for name, text in recipes.items():
            self.assertTrue(text.startswith("# UNTESTED"), name)
        self.assertIn(f'version("{version}")', recipes["spack/package.py"])
        self.assertIn(f'version: "{version}"', recipes["conda/meta.yaml"])
        ast.parse(recipes["spack/package.py"])
        for option in set(re.findall(r"RESPINE_(?!PYTHON)[A-Z]+", "".join(recipes.values()))):
            self.assertIn(f"option({option} ", (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8"))
        post = recipes["apptainer/respine.def"].split("%post\n")[1].split("\n%")[0]
        self.assertEqual(subprocess.run(["bash", "-n"], input=post, text=True, check=False).returncode, 0)

    def test_lines_fit_a_screen(self):
        for page in PAGES:
            if page.name in GENERATED | {"CHANGELOG.md"}:
                continue
            long = [
                line for line in prose_of(page).splitlines()
                if len(line) > 160 and not line.startswith(("|", "<", "!["))
            ]
            self.assertEqual(long, [], page.name)

    def test_the_medical_frame_stands_where_one_begins(self):
        for name in ("README.md", "docs/site/index.md", "docs/tutorial.md", "docs/model.md",
                     "docs/teaching/README.md"):
            self.assertRegex((SOURCE / name).read_text(encoding="utf-8"), r"never\s+medical\s+advice", name)


if __name__ == "__main__":
    sys.exit(unittest.main())
