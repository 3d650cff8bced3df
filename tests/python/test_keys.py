"""A key is declared once: what the template and the schema give as its default is what the program takes
without it; a network file beside ours needs nothing but itself; and a drug file cannot name a route that
nobody can give.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import yaml

RESPINE = os.environ["RESPINE"]
CONFIGS = pathlib.Path(os.environ["RESPINE_SOURCE"]).resolve() / "configs"
OWN = """\
name: own
model: mouse
start: 0 h
duration: 1 h
network: {kind: %s, neurons: 200, synapses_per_neuron: 30}
stress: {severity: 1}
"""


def call(*arguments, check=0, **options):
    done = subprocess.run([RESPINE, *arguments], capture_output=True, text=True, **options)
    if done.returncode != check:
        raise AssertionError(f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def defaults(schema, path=()):
    """(path, default) of every key that has one; not of the entries of lists."""
    for name, key in schema["properties"].items():
        if "default" in key:
            yield (*path, name), key["default"]
        if "properties" in key:
            yield from defaults(key, (*path, name))


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def own_configs(self):
        shutil.copytree(CONFIGS, self.folder / "configs")
        return {**os.environ, "RESPINE_CONFIGS": str(self.folder / "configs")}


class Defaults(Folder):
    def setUp(self):
        super().setUp()
        self.file = self.write("own.yaml", OWN % "sheet")
        self.found = list(defaults(json.loads(call("check", "--schema").stdout)))

    def test_the_schema_gives_those_that_were_said_in_words(self):
        found = {".".join(path): value for path, value in self.found}
        for path, value in {
                "seed": 1,
                "genotype": "val/val",
                "inflammation": 0,
                "magnesium": "1 mM",
                "expectation": False,
                "structure.rule": "equilibrium",
                "record.history": "5 min",
                "imaging.dendrites": 60
        }.items():
            self.assertEqual(found.get(path), value, path)

    def test_they_are_what_is_taken_without_the_key(self):
        self.assertGreater(len(self.found), 10)
        for path, value in self.found:
            with self.subTest(path):
                seen = path[0] in ("imaging", "coordination")
                more = ("--set", f"{path[0]}.sessions=[0 h]") if seen else ()
                setting = f"{'.'.join(path)}={json.dumps(value)}"
                one = call("check", self.file, *more).stdout
                self.assertEqual(call("check", self.file, *more, "--set", setting).stdout, one)

    def test_the_template_gives_them_too(self):
        call("init", "new.yaml", "--like", self.file, cwd=self.folder)
        lines = (self.folder / "new.yaml").read_text(encoding="utf-8").splitlines()
        begun = [line.strip("# ").partition("  #")[0] for line in lines]
        for path, value in self.found:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            self.assertIn(f"{path[-1]}: {text}", begun)


class Networks(Folder):
    def test_a_new_file_is_a_new_choice(self):
        environment = self.own_configs()
        networks = self.folder / "configs" / "networks"
        (networks / "thin_sheet.yaml").write_text(
            "kind: sheet\nbased_on: sheet\nreference: a test\n"
            "thickness: {value: 150 um, mark: A, ref: a test}\n", encoding="utf-8")
        file = self.write("own.yaml", OWN % "thin_sheet")
        resolved = yaml.safe_load(call("check", file, env=environment).stdout)
        self.assertEqual(resolved["network"]["kind"], "thin_sheet")
        kinds = json.loads(call("check", "--schema", env=environment).stdout)
        self.assertIn("thin_sheet", kinds["properties"]["network"]["properties"]["kind"]["anyOf"][0]["enum"])
        self.assertIn("got 'thin_sheet'", call("check", file, check=2).stderr)
        call("check", file, "--set", "network.scale=0.1", check=2, env=environment)
        call("run", file, "-o", "own.h5", "-q", cwd=self.folder, env=environment)

    def test_a_file_must_say_how_it_is_built(self):
        environment = self.own_configs()
        (self.folder / "configs" / "networks" / "odd.yaml").write_text(
            "kind: ring\nbased_on: sheet\nreference: a test\n", encoding="utf-8")
        told = call("check", self.write("own.yaml", OWN % "odd"), check=2, env=environment).stderr
        self.assertIn("odd.yaml:1:7: error: 'kind' must be one of sheet,", told)


class Drugs(Folder):
    def test_a_route_that_nobody_can_give_is_told(self):
        text = (CONFIGS / "drugs" / "ketamine.yaml").read_text(encoding="utf-8")
        self.assertIn("  oral:", text)
        mine = text.replace("  oral:", "  orall:").replace("name: ketamine", "name: mine", 1)
        self.write("mine.yaml", mine)
        file = self.write(
            "own.yaml",
            OWN % "sheet" + "treatments: [{drug: ./mine.yaml, route: ip, dose: 10 mg/kg, at: 0 h}]\n")
        self.assertIn("orall'; did you mean 'oral'?", call("check", file, check=2).stderr)


if __name__ == "__main__":
    unittest.main()
