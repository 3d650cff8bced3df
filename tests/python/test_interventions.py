"""A simulation that is changed on its way: doses, numbers, copies, and kept in a file; the bits of what came
before stay."""

import copy
import pickle
import unittest

import numpy as np
from module_case import SMALL, Case, respine

KETAMINE = {"drug": "ketamine", "route": "ip", "dose": "10 mg/kg", "at": "0 h"}
OWN = dict(SMALL) | {
    "mechanisms": [{
        "name": "lactate", "unit": "fold", "production": "glutamate / (20 min)", "decay": "1 / (20 min)",
        "acts_on": "bdnf_release", "factor": "1 + 0.3 * (lactate - 1)"
    }]
}


class Interventions(Case):
    def same(self, a, b):
        self.assertEqual(a.now, b.now)
        for name in a:
            np.testing.assert_array_equal(a[name], b[name], name)
        self.assertEqual((a.synapses() != b.synapses()).nnz, 0)
        self.assertEqual({k: v for k, v in a.look().items() if v == v},
                         {k: v for k, v in b.look().items() if v == v})

    def test_copies_and_pickles_go_on_with_the_same_bits(self):
        guided = SMALL | {
            "treatments": [KETAMINE | {"policy": {"every": "4 h", "when": "response_index < 2", "most": 3}}]
        }
        for scenario in (self.scenario, respine.Scenario("mouse-ketamine-10mgkg", OWN),
                         respine.Scenario("mouse-vehicle", guided)):
            sim = respine.Simulation(scenario)
            sim.run(2.3)
            others = [sim.copy(), copy.deepcopy(sim), pickle.loads(pickle.dumps(sim))]
            others[1].run(3)
            self.assertNotEqual(others[1].now, sim.now)
            for each in (sim, *others):
                each.run(9)
            for other in others:
                self.same(sim, other)

    def test_a_dose_in_time_is_the_dose_of_the_scenario(self):
        typed = respine.Simulation(
            respine.Scenario("mouse-vehicle", SMALL | {"treatments": [KETAMINE, KETAMINE | {"at": "12 h"}]}))
        given = respine.Simulation(respine.Scenario("mouse-vehicle", SMALL | {"treatments": [KETAMINE]}))
        given.run(11)
        given.dose("ketamine", "10 mg/kg", "ip", at=12)
        before = {name: np.array(given[name]) for name in given}
        for name in given:
            np.testing.assert_array_equal(given[name], before[name])
        self.same(typed.run(), given.run())

    def test_another_drug_joins_and_what_was_before_stays(self):
        sim = respine.Simulation(self.scenario).run(5)
        plain = sim.copy()
        rate = np.array(sim["rate"])
        view = sim["rate"]
        sim.dose("psilocybin", "1 mg/kg", "ip")
        np.testing.assert_array_equal(sim["rate"], rate)
        self.assertEqual(sim.look()["brain_ketamine"], plain.look()["brain_ketamine"])
        for each in (sim, plain):
            each.run(6)
        np.testing.assert_array_equal(view, rate)
        self.assertGreater(sim.look()["brain_psilocin"], 0.01)
        with_both, alone = sim.look()["brain_ketamine"], plain.look()["brain_ketamine"]
        self.assertAlmostEqual(with_both / alone, 1, 9)  # steps of other lengths round otherwise
        self.assertIn("psilocybin", sim.scenario.drugs)
        self.assertNotIn("psilocybin", plain.scenario.drugs)

    def test_a_number_changes_what_comes(self):
        sim = respine.Simulation(self.scenario).run(1)
        slow = sim.copy()
        slow.set("bdnf.clearance", "5 h")
        self.assertEqual(sim.look()["bdnf"], slow.look()["bdnf"])
        for each in (sim, slow):
            each.run(4)
        self.assertGreater(slow.look()["bdnf"], sim.look()["bdnf"] + 0.01)
        sim.set("duration", "60 h")
        self.assertEqual(sim.end, 59)

    def test_what_cannot_be_changed_is_refused_and_nothing_happens(self):
        sim = respine.Simulation(self.scenario).run(2)
        twin = sim.copy()
        for key, value, words in (
            ("network.neurons", 500, "changes the network itself"),
            ("stress.severity", 0.2, "changes the network itself"),
            ("seed", 9, "changes the network itself"),
            ("start", "-2 h", "cannot begin at another time"),
            ("bdnf.clearance", "5 mg", "wants a quantity in h"),
            ("bdnf.clarence", 1, "did you mean"),
        ):
            with self.subTest(key=key), self.assertRaisesRegex(respine.UsageError, words):
                sim.set(key, value)
        for words, given in (("it is 2.0 h already", {"at": 1.5}),
                             ("it is 2.0 h already", {"at": float("nan")}),
                             ("over", {"over": "soon"})):
            with self.subTest(given=given), self.assertRaisesRegex(respine.UsageError, words):
                sim.dose("ketamine", "10 mg/kg", "ip", **given)
        with self.assertRaisesRegex(respine.UsageError, "ketamin"):
            sim.dose("ketamin", "10 mg/kg", "ip")
        self.same(sim.run(4), twin.run(4))

    def test_states_of_mechanisms_are_fields(self):
        sim = respine.Simulation(respine.Scenario("mouse-ketamine-10mgkg", OWN)).run(0.5)
        self.assertIn("lactate", sim)
        self.assertEqual(sim.fields["lactate"].unit, "fold")
        self.assertGreater(sim["lactate"].mean(), 1.01)
        self.assertNotIn("lactate", respine.FIELDS)


if __name__ == "__main__":
    unittest.main()
