"""One version stands everywhere; --version --verbose says whether two people have the same program and
data.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import unittest

from program_case import RESPINE, ProgramCase, call

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])


def text_of(name):
    return (SOURCE / name).read_text(encoding="utf-8")


class Version(unittest.TestCase):
    def test_it_is_the_same_everywhere(self):
        version = re.search(r"^project\(respine VERSION (\S+) ", text_of("CMakeLists.txt"), re.M)[1]
        self.assertEqual(call(RESPINE, "--version"), f"respine {version}\n")
        for name, pattern in (("CITATION.cff", r"^version: (\S+)$"),
                              ("packaging/conda/meta.yaml", r'^  version: "(\S+)"$'),
                              ("packaging/spack/package.py", r'version\("(\S+)"\)'),
                              ("packaging/spack/package.py", r" respine@(\S+) ")):
            self.assertEqual(re.findall(pattern, text_of(name), re.M), [version], name)
        self.assertEqual(json.loads(text_of("analysis/viewer/package.json"))["version"], version)
        lock = json.loads(text_of("analysis/viewer/package-lock.json"))
        self.assertEqual([lock["version"], lock["packages"][""]["version"]], [version] * 2)
        minor = version.rpartition(".")[0]
        for name in ("tests/package/consumer/CMakeLists.txt", "docs/library.md"):
            self.assertEqual(re.findall(r"find_package\(respine (\S+) ", text_of(name)), [minor], name)
        released = re.findall(r"^## \[(\d\S*)\]", text_of("CHANGELOG.md"), re.M)
        self.assertEqual(released[0], version)


class Digests(ProgramCase):
    def digests(self, configs):
        told = call(RESPINE, "--version", "--verbose", env={**os.environ, "RESPINE_CONFIGS": str(configs)})
        return dict(re.findall(r"^(program|configs) sha256 ([0-9a-f]{64})$", told, re.M))

    def test_the_program_is_that_of_the_file(self):
        expected = hashlib.sha256(pathlib.Path(RESPINE).read_bytes()).hexdigest()
        self.assertEqual(self.digests(SOURCE / "configs")["program"], expected)

    def test_the_data_are_what_a_shell_finds(self):
        command = "find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum"
        expected = call("sh", "-c", command, cwd=SOURCE / "configs").split()[0]
        self.assertEqual(self.digests(SOURCE / "configs")["configs"], expected)

    def test_a_byte_or_a_name_changes_the_data(self):
        configs = self.folder / "configs"
        shutil.copytree(SOURCE / "configs", configs)
        before = self.digests(configs)
        self.assertEqual(before, self.digests(SOURCE / "configs"))
        drug = configs / "drugs/ketamine.yaml"
        text = drug.read_bytes()
        drug.write_bytes(text + b"\n")
        changed = self.digests(configs)
        self.assertEqual(changed["program"], before["program"])
        self.assertNotEqual(changed["configs"], before["configs"])
        drug.write_bytes(text)
        self.assertEqual(self.digests(configs), before)
        drug.rename(configs / "drugs/ketamine2.yaml")
        self.assertNotIn(self.digests(configs)["configs"], (before["configs"], changed["configs"]))

    def test_lost_data_are_an_error(self):
        done = self.respine_without("nowhere")
        self.assertIn("program sha256 ", done.stdout)
        self.assertIn("nowhere: error: ", done.stderr)

    def respine_without(self, configs):
        os.environ["RESPINE_CONFIGS"] = configs
        self.addCleanup(os.environ.pop, "RESPINE_CONFIGS")
        return self.respine("--version", "--verbose", code=3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
