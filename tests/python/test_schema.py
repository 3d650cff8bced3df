"""The JSON Schema that the program prints agrees with the program: on every shipped scenario, and on broken
ones.
"""

import copy
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema
import yaml

RESPINE = os.environ["RESPINE"]
STUDIES = sorted((pathlib.Path(os.environ["RESPINE_SOURCE"]) / "configs" / "studies").glob("*.yaml"))
SCENARIOS = sorted((pathlib.Path(os.environ["RESPINE_SOURCE"]) / "configs" / "scenarios").glob("*.yaml"))

BASE = {
    "name": "example",
    "model": "human",
    "start": "-1 d",
    "duration": "3 d",
    "network": {"kind": "sheet", "neurons": 300, "synapses_per_neuron": 50},
    "stress": {"severity": 1},
    "treatments": [{
        "drug": "ketamine", "route": "iv", "dose": "0.5 mg/kg", "over": "40 min", "at": ["0 h", "1 d"]
    }],
    "record": {"history": "5 min", "snapshots": "0 h"},
    "overrides": {"bdnf.clearance": "1 h", "ampa.potentiation": 0.5},
}

ABSENT = object()

# What is broken, the path of the key, and its new value.
MUTATIONS = [
    ("unknown key", ["colour"], "blue"),
    ("unknown key in network", ["network", "nurons"], 300),
    ("unknown key in treatment", ["treatments", 0, "doze"], "1 mg"),
    ("unknown key in record", ["record", "snapshot"], "0 h"),
    ("unknown override", ["overrides", "bdnf.clearence"], "1 h"),
    ("text for a map", ["stress"], "high"),
    ("list for a map", ["network"], ["sheet"]),
    ("map for a list", ["treatments"], {"drug": "ketamine"}),
    ("map for a quantity", ["duration"], {"value": "3 d"}),
    ("number without unit", ["duration"], 3),
    ("text without number", ["duration"], "three days"),
    ("text for a plain number", ["stress", "severity"], "high"),
    ("unit on a plain number", ["stress", "severity"], "1 h"),
    ("fractional seed", ["seed"], 1.5),
    ("negative seed", ["seed"], -1),
    ("too few neurons", ["network", "neurons"], 3),
    ("severity out of range", ["stress", "severity"], 9),
    ("text for true or false", ["expectation"], "maybe"),
    ("number in a list of times", ["treatments", 0, "at"], ["0 h", 24]),
    ("missing model", ["model"], ABSENT),
    ("missing duration", ["duration"], ABSENT),
    ("missing severity", ["stress", "severity"], ABSENT),
    ("missing kind", ["network", "kind"], ABSENT),
    ("missing drug", ["treatments", 0, "drug"], ABSENT),
    ("missing start of a treatment", ["treatments", 0, "at"], ABSENT),
    ("unknown network", ["network", "kind"], "ring"),
    ("unknown route", ["treatments", 0, "route"], "eye"),
    ("unknown genotype", ["genotype"], "wildtype"),
]


def mutated(path, value, base=None):
    scenario = copy.deepcopy(base or BASE)
    at = scenario
    for key in path[:-1]:
        at = at[key]
    if value is ABSENT:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return scenario


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        text = subprocess.run([RESPINE, "check", "--schema"], check=True, capture_output=True,
                              text=True).stdout
        cls.schema = json.loads(text)
        cls.validator = jsonschema.Draft7Validator(cls.schema)

    def problems(self, scenario):
        return [f"{list(e.absolute_path)}: {e.message}" for e in self.validator.iter_errors(scenario)]

    def check(self, scenario):
        """The program's exit code and messages."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "scenario.yaml"
            path.write_text(yaml.safe_dump(scenario, sort_keys=False), encoding="utf-8")
            done = subprocess.run([RESPINE, "check", str(path)], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def test_schema_is_a_valid_draft_7_schema(self):
        jsonschema.Draft7Validator.check_schema(self.schema)

    def test_every_key_is_described(self):
        for name, key in self.schema["properties"].items():
            self.assertTrue(key.get("description"), name)

    def test_shipped_scenarios_pass(self):
        self.assertGreater(len(SCENARIOS), 40)
        for path in SCENARIOS:
            with self.subTest(path.name):
                self.assertEqual(self.problems(yaml.safe_load(path.read_text(encoding="utf-8"))), [])

    def test_base_passes_both(self):
        self.assertEqual(self.problems(BASE), [])
        code, _, messages = self.check(BASE)
        self.assertEqual((code, messages), (0, ""))

    def test_resolved_scenario_passes_both(self):
        _, resolved, _ = self.check(BASE)
        scenario = yaml.safe_load(resolved)
        self.assertEqual(self.problems(scenario), [])
        self.assertEqual(self.check(scenario)[:2], (0, resolved))

    def test_mutations_fail_both(self):
        for what, path, value in MUTATIONS:
            with self.subTest(what):
                scenario = mutated(path, value)
                self.assertNotEqual(self.problems(scenario), [], "the schema lets it pass")
                code, _, messages = self.check(scenario)
                self.assertEqual(code, 2, "the program lets it pass")
                self.assertIn("error: ", messages)


STUDY_MUTATIONS = [
    ("unknown key", ["colour"], "blue"),
    ("unknown key of a parameter", ["parameters", 0, "keyy"], "a"),
    ("unknown key of an arm", ["arms", 0, "drug"], "ketamine"),
    ("unknown take", ["outcomes", 0, "take"], "peek"),
    ("unknown design", ["design", "kind"], "square"),
    ("map for a list", ["arms"], {"name": "ketamine"}),
    ("missing outcomes", ["outcomes"], ABSENT),
    ("missing key of a parameter", ["parameters", 0, "key"], ABSENT),
    ("fractional replicates", ["replicates"], 1.5),
    ("time without unit", ["outcomes", 0, "time"], 40),
]


class StudySchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        text = subprocess.run([RESPINE, "check", "--schema", "study"], check=True, capture_output=True,
                              text=True).stdout
        jsonschema.Draft7Validator.check_schema(json.loads(text))
        cls.validator = jsonschema.Draft7Validator(json.loads(text))

    def test_shipped_studies_pass_both(self):
        self.assertGreater(len(STUDIES), 5)
        for path in STUDIES:
            with self.subTest(path.name):
                self.assertEqual([
                    e.message
                    for e in self.validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))
                ], [])
                done = subprocess.run([RESPINE, "study", "slurm", str(path)], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_mutations_fail_both(self):
        base = yaml.safe_load(STUDIES[[p.stem
                                       for p in STUDIES].index("dose-duration")].read_text(encoding="utf-8"))
        for what, path, value in STUDY_MUTATIONS:
            with self.subTest(what), tempfile.TemporaryDirectory() as folder:
                study = mutated(path, value, base)
                self.assertFalse(self.validator.is_valid(study), "the schema lets it pass")
                file = pathlib.Path(folder) / "study.yaml"
                file.write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
                done = subprocess.run([RESPINE, "study", "slurm", str(file)], capture_output=True, text=True)
                self.assertEqual(done.returncode, 2, "the program lets it pass")
                self.assertIn("error: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
