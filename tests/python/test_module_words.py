"""The Python module: its errors as exceptions, what is said of it, its examples and type stubs."""

import os
import pathlib
import pickle
import shutil
import subprocess
import sys
import unittest

import numpy as np
from module_case import BUILT, SMALL, Case

import respine

EXAMPLES = sorted((pathlib.Path(os.environ["RESPINE_SOURCE"]) / "analysis/python/examples").glob("*.py"))


class Mistakes(Case):
    def test_each_exit_code_has_its_exception_with_the_same_words(self):
        for error, words, action in (
            (
                respine.UsageError, "no scenario 'human-iv-singel'; did you mean 'human-iv-single'?",
                lambda: respine.Scenario("human-iv-singel")
            ),
            (
                respine.UsageError,
                "--set network.nurons: error: unknown key 'network.nurons'; did you mean 'neurons'?",
                lambda: respine.Scenario("mouse-vehicle", {"network.nurons": 3})
            ),
            (
                respine.UsageError, "text.yaml:2:",
                lambda: respine.Scenario.parse("name: a\nmodle: mouse\n", file="text.yaml")
            ),
            (
                respine.UsageError, "--threads must lie in",
                lambda: respine.Simulation(self.scenario, threads=-2)
            ),
            (respine.InputError, "no such file", lambda: respine.resume(self.folder / "nowhere.h5")),
            (
                respine.OutputError, "there is no folder",
                lambda: respine.run(self.scenario, self.folder / "nowhere/a.h5")
            ),
        ):
            with self.subTest(words), self.assertRaises(error) as caught:
                action()
            self.assertIsInstance(caught.exception, respine.Error)
            said = str(caught.exception)
            if words not in said:
                self.fail(f"{words!r} is not in {said!r}")

    def test_a_time_that_is_none(self):
        with self.assertRaisesRegex(respine.UsageError, "got NaN"):
            respine.Simulation(self.scenario).run(until=float("nan"))

    def test_all_mistakes_at_once(self):
        with self.assertRaises(respine.UsageError) as caught:
            respine.Scenario("mouse-vehicle",
                             {"network.nurons": 3, "stress.severity": 9, "bdnf.clearence": "1 h"})
        self.assertEqual(str(caught.exception).count("error:"), 3)

    def test_an_output_that_is_there_is_kept(self):
        (self.folder / "a.h5").write_text("mine")
        with self.assertRaisesRegex(respine.OutputError, "exists already"):
            respine.run(self.scenario, self.folder / "a.h5")
        self.assertEqual((self.folder / "a.h5").read_text(), "mine")

    def test_other_names_and_files(self):
        with self.assertRaisesRegex(KeyError, "did you mean 'mtorc1'"):
            respine.Simulation(self.scenario)["mtorc"]
        with self.assertRaises(KeyError):
            respine.Simulation(self.scenario).synapses("weight")
        (self.folder / "a.h5").write_text("no HDF5")
        with self.assertRaises(OSError):
            respine.open_run(self.folder / "a.h5")

    def test_there_is_no_step_after_the_end(self):
        sim = respine.Simulation(
            respine.Scenario("mouse-vehicle", {**SMALL, "duration": "2 h", "record.snapshots": []})).run()
        self.assertTrue(sim.done)
        with self.assertRaisesRegex(respine.UsageError, "is at its end, 1 h"):
            sim.step()
        self.assertEqual(sim.now, 1.0)


class Words(Case):
    def test_a_resolved_scenario_is_the_same_scenario(self):
        again = respine.Scenario.parse(self.scenario.yaml)
        self.assertEqual(again.yaml, self.scenario.yaml)
        self.assertEqual((again.name, again.start, again.end, again.drugs),
                         ("mouse-ketamine-10mgkg", -1.0, 29.0, ["ketamine", "rr_hnk"]))

    def test_a_scenario_is_built_of_keys(self):
        keys = {
            "name": "built", "model": "mouse", "start": "-1 h", "duration": "2 h",
            "network": {"kind": "sheet", "neurons": np.int64(100),
                        "synapses_per_neuron": 20}, "stress": {"severity": np.float32(0.5)},
            "treatments": [{"drug": "ketamine", "route": "ip", "dose": "10 mg/kg", "at": "0 h"}]
        }
        built = respine.Scenario.build(keys, {"seed": 5})
        self.assertEqual((built.name, built.seed, built.end), ("built", 5, 1.0))
        self.assertEqual(respine.Simulation(built).neurons, 100)
        with self.assertRaisesRegex(respine.UsageError, "keys:1:.*unknown key 'modle'; did you mean 'model'"):
            respine.Scenario.build({**keys, "modle": "mouse"})

    def test_words_and_copies_survive(self):
        titled = respine.Scenario("mouse-vehicle", {**SMALL, "title": "Ratte \N{RAT} µ"})
        self.assertEqual(
            respine.Scenario.build({
                "name": "b", "title": titled.title, "model": "mouse", "start": "0 h", "duration": "1 h",
                "stress": {"severity": 1},
                "network": {"kind": "sheet", "neurons": 60, "synapses_per_neuron": 10}
            }).title, titled.title)
        copied = pickle.loads(pickle.dumps(titled))
        self.assertEqual((copied.yaml, copied.title), (titled.yaml, titled.title))
        self.assertIn("ampa", respine.Simulation(titled))
        self.assertEqual(list(respine.Simulation(titled)), list(respine.FIELDS))

    def test_everything_public_is_described(self):
        for name in respine.__all__:
            if name not in ("FIELDS", "build", "version") and not name.endswith("Error"):
                self.assertTrue(getattr(respine, name).__doc__, name)

    @unittest.skipUnless(shutil.which("stubtest"), "no mypy")
    def test_the_stubs_are_true(self):
        """Of the compiled part against what it really has; of the rest, that it fits them."""
        # h5py, pandas and SciPy have no stubs here
        (self.folder / "mypy.ini").write_text("[mypy]\nignore_missing_imports = True\n")
        # pybind11's own metaclass
        (self.folder / "allowed").write_text("respine._core.Inputs\nrespine._core.Simulation\n")
        for words in ([
                "stubtest", "respine._core", "--mypy-config-file=mypy.ini", "--allowlist=allowed", "--concise"
        ], ["mypy", "--config-file=mypy.ini", "-p", "respine"]):
            done = subprocess.run(words, cwd=self.folder,
                                  env={**os.environ, "PYTHONPATH": str(BUILT), "MYPYPATH": str(BUILT)},
                                  capture_output=True, text=True, check=False, timeout=300)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_examples(self):
        self.assertGreaterEqual(len(EXAMPLES), 2)
        for example in EXAMPLES:
            with self.subTest(example.name):
                done = subprocess.run([sys.executable, str(example)], cwd=self.folder,
                                      env={**os.environ, "PYTHONPATH": str(BUILT)}, capture_output=True,
                                      text=True, check=False, timeout=300)
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater((self.folder / "step_and_look.png").stat().st_size, 10000)


if __name__ == "__main__":
    sys.exit(unittest.main())
