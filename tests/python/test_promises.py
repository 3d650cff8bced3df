"""SUPPORT.md: options, exit codes, keys and the Python module change their meaning only with a new major
version. tests/data/promises.json has what 1.0 offers; a program of 1.x may have more, and not less.

usage: test_promises.py --write     writes what this program offers: for a release that offers more
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
PROMISED = SOURCE / "tests/data/promises.json"


def help_of(*command):
    return subprocess.run([os.environ["RESPINE"], *command, "--help"], capture_output=True, text=True,
                          check=True, timeout=60).stdout


def options(*command):
    """{command: its options}, and those of the commands below it."""
    told = help_of(*command)
    found = {" ".join(command): sorted(re.findall(r"^  (?:-\w,)?(--[\w-]+)", told, re.MULTILINE))}
    below = re.search(r"^Subcommands:\n((?:  .*\n)+)", told, re.MULTILINE)
    for name in re.findall(r"^  (\w[\w-]*)", below[1], re.MULTILINE) if below else ():
        found |= options(*command, name)
    return found


def exit_codes():
    line = re.search(r"^exit codes: (.*)$", help_of(), re.MULTILINE)[1]
    return dict(part.split(" ", 1) for part in line.split(", "))


def keys(schema, path=""):
    """Paths of all keys of a JSON Schema; [] stands for the items of a list. The model's parameters are not
    promised.
    """
    found = set()
    if path == "overrides":
        return found
    for name, inner in schema.get("properties", {}).items():
        at = f"{path}.{name}" if path else name
        found |= {at} | keys(inner, at)
    if isinstance(schema.get("items"), dict):
        found |= keys(schema["items"], path + "[]")
    for way in ("oneOf", "anyOf", "allOf"):
        for inner in schema.get(way, ()):
            found |= keys(inner, path)
    return found


def module():
    """Names that `respine` gives to Python, and of its classes the public ones."""
    from module_case import respine
    found = {}
    for name in respine.__all__:
        thing = getattr(respine, name)
        found[name] = sorted(member for member in vars(thing) if not member.startswith("_")) if isinstance(
            thing, type) else []
    return found


def offered():
    schemas = {path.name: sorted(keys(json.loads(path.read_text(encoding="utf-8"))))
               for path in sorted((SOURCE / "configs/schemas").glob("*.json"))}
    return {"options": options(), "exit_codes": exit_codes(), "keys": schemas}


class Promises(unittest.TestCase):
    promised = json.loads(PROMISED.read_text(encoding="utf-8")) if PROMISED.exists() else {}

    def kept(self, promised, now):
        for name, members in promised.items():
            with self.subTest(of=name):
                self.assertIn(name, now)
                self.assertLessEqual(set(members), set(now[name]))

    def test_options_and_keys_stay(self):
        now = offered()
        self.assertGreater(sum(map(len, self.promised["options"].values())), 150)
        self.assertGreater(sum(map(len, self.promised["keys"].values())), 100)
        self.kept(self.promised["options"], now["options"])
        self.kept(self.promised["keys"], now["keys"])
        for code, meaning in self.promised["exit_codes"].items():
            self.assertEqual(now["exit_codes"].get(code), meaning)

    def test_the_module_keeps_its_names(self):
        from built_module import IS_BUILT, WHY_NOT
        if not IS_BUILT:
            self.skipTest(WHY_NOT)
        self.assertGreaterEqual(len(self.promised["module"]), 20)
        self.kept(self.promised["module"], module())


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PROMISED.write_text(json.dumps({**offered(), "module": module()}, indent=1) + "\n", encoding="utf-8")
    else:
        unittest.main()
