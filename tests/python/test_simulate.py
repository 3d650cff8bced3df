"""respine.simulate: the numbers of `respine study`, and failures as NaN with their reasons."""

import csv
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
from module_case import respine

RESPINE = os.environ["RESPINE"]
SMALL = {
    "network.neurons": 60,
    "network.synapses_per_neuron": 15,
    "start": "-2 h",
    "duration": "14 h",
    "imaging.sessions": [],
    "record.snapshots": [],
}
KEYS = ["formation.gain", "bdnf.clearance"]
THETAS = numpy.array([[4.0, 0.9], [8.0, 1.2], [15.0, 0.85]])
OUTCOMES = {"bdnf": ("bdnf", "peak", "to 6 h"), "gain": ("spine_density", "at", "12 h", "vehicle")}
ARMS = {"ketamine": "mouse-ketamine-10mgkg", "vehicle": "mouse-vehicle"}


class Simulate(unittest.TestCase):
    def test_gives_the_numbers_of_a_study(self):
        got = respine.simulate(THETAS, ARMS, OUTCOMES, parameters=KEYS, settings=SMALL, jobs=2)
        with tempfile.TemporaryDirectory() as folder:
            values = [
                ", ".join(f"{v} {unit}".strip() for v in column)
                for column, unit in zip(THETAS.T, ("", "h"))
            ]
            pathlib.Path(folder, "s.yaml").write_text(
                "name: s\nseeds: own\ndesign: {kind: list}\n"
                "set: {network.neurons: 60, network.synapses_per_neuron: 15, start: -2 h, duration: 14 h, "
                "imaging.sessions: []}\n"
                "arms:\n  - {name: ketamine, scenario: mouse-ketamine-10mgkg}\n"
                "  - {name: vehicle, scenario: mouse-vehicle}\n"
                f"parameters:\n  - {{key: formation.gain, values: [{values[0]}]}}\n"
                f"  - {{key: bdnf.clearance, values: [{values[1]}]}}\n"
                "outcomes:\n  - {name: bdnf, quantity: bdnf, take: peak, time: to 6 h}\n"
                "  - {name: gain, quantity: spine_density, take: at, time: 12 h, against: vehicle}\n"
            )
            subprocess.run(
                [RESPINE, "study", "run", "s.yaml", "-q"], cwd=folder, check=True, capture_output=True
            )
            with open(pathlib.Path(folder, "study-s/results.csv"), newline="") as file:
                rows = [row for row in csv.DictReader(file) if row["arm"] == "ketamine"]
        want = [[float(row["bdnf [fold]"]), float(row["gain [%]"])] for row in rows]
        numpy.testing.assert_array_equal(got.values, want)
        self.assertEqual(got.units, ["fold", "%"])
        self.assertEqual(got.reasons, ["", "", ""])

    def test_does_not_depend_on_the_number_of_jobs(self):
        one, two = (
            respine.simulate(THETAS, ARMS, OUTCOMES, parameters=KEYS, settings=SMALL, jobs=j)
            for j in (1, 2)
        )
        numpy.testing.assert_array_equal(one.values, two.values)

    def test_shares_a_seed_or_gives_each_row_its_own(self):
        twice = numpy.array([[4.0, 0.9], [4.0, 0.9]])
        own = respine.simulate(twice, ARMS, OUTCOMES, parameters=KEYS, settings=SMALL)
        shared = respine.simulate(twice, ARMS, OUTCOMES, parameters=KEYS, settings=SMALL, own_seeds=False)
        self.assertNotEqual(own.values[0, 0], own.values[1, 0])
        numpy.testing.assert_array_equal(shared.values[0], shared.values[1])
        numpy.testing.assert_array_equal(shared.values[0], own.values[0])

    def test_a_row_that_cannot_be_is_nan_with_a_reason(self):
        thetas = THETAS.copy()
        thetas[1, 0] = -3
        got = respine.simulate(thetas, ARMS, OUTCOMES, parameters=KEYS, settings=SMALL)
        self.assertTrue(numpy.isnan(got.values[1]).all())
        self.assertIn("formation.gain", got.reasons[1])
        good = respine.simulate(THETAS, ARMS, OUTCOMES, parameters=KEYS, settings=SMALL)
        numpy.testing.assert_array_equal(got.values[[0, 2]], good.values[[0, 2]])

    def test_a_request_that_cannot_be_is_refused(self):
        for change, words in (
            ({"parameters": ["formation.gian", "bdnf.clearance"]}, "formation.gain"),
            ({"outcomes": {"x": ("bdnff", "peak")}}, "bdnf"),
            ({"parameters": ["formation.gain"]}, "as many keys"),
            ({"scenario": {**ARMS, "ketamine": "mouse-ketamin"}}, "did you mean"),
        ):
            with self.subTest(words), self.assertRaises(respine.UsageError) as told:
                given = {
                    "scenario": ARMS,
                    "outcomes": OUTCOMES,
                    "parameters": KEYS,
                    "settings": SMALL,
                    **change,
                }
                respine.simulate(THETAS, **given)
            self.assertIn(words, str(told.exception))

    def test_takes_a_table_and_an_ensemble(self):
        import h5py
        import pandas

        table = pandas.DataFrame(THETAS, columns=KEYS)
        want = respine.simulate(THETAS, ARMS, OUTCOMES, parameters=KEYS, settings=SMALL).values
        numpy.testing.assert_array_equal(
            respine.simulate(table, ARMS, OUTCOMES, settings=SMALL).values, want
        )
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "e.h5")
            with h5py.File(path, "w") as file:
                file.attrs["kind"], file.attrs["name"] = "respine ensemble", "e"
                file.attrs["format_version"] = 1
                file["parameters/key"] = [k.encode() for k in KEYS]
                file["parameters/unit"] = [b"1", b"h"]
                file["members/value"], file["members/weight"] = THETAS, numpy.full(3, 1 / 3)
            ensemble = respine.Ensemble(path)
        self.assertEqual(ensemble.settings(1)["bdnf.clearance"], "1.2 h")
        numpy.testing.assert_array_equal(
            respine.simulate(ensemble, ARMS, OUTCOMES, settings=SMALL).values, want
        )


if __name__ == "__main__":
    unittest.main()
