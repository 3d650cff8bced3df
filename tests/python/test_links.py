"""Each link of the chain is cut by a model file of a key or two, and what hangs on it vanishes. What drugs
cut between the surge and the spine stands in tests/sim/chain_test.cpp.
"""

import unittest

import h5py
import numpy as np
from first_dose import FirstDose

SIZE = {
    "network.neurons": "300", "network.synapses_per_neuron": "60", "record.snapshots": "[]",
    "record.history": "10 min", "imaging.sessions": "[]"
}
KETAMINE = "[{drug: ketamine, route: ip, dose: %g mg/kg, at: 0 h}]"


class Links(FirstDose):
    def history(self, scenario, *cut, **settings):
        """Series of a run; `cut` are parameters as 'group.name: value' of a model file, of one group."""
        words = {**SIZE, **settings}
        if cut:
            species, group = scenario.split("-")[0], cut[0].split(".")[0]
            text = f"name: cut\nspecies: {species}\nbased_on: {species}\nparameters:\n  {group}:\n"
            for name, value in (c.removeprefix(group + ".").split(": ") for c in cut):
                text += f"    {name}: {{value: {value}, mark: A, ref: cut}}\n"
            (self.folder / "cut.yaml").write_text(text, encoding="utf-8")
            words["model"] = str(self.folder / "cut.yaml")
        with h5py.File(self.run_file("run.h5", scenario, **words)) as file:
            return {name: data[:] for name, data in file["history"].items() if isinstance(data, h5py.Dataset)}

    @staticmethod
    def peaks(run, name, days):
        """The largest value within 12 h of each day."""
        hours = [(run["time"] >= 24 * d) & (run["time"] < 24 * d + 12) for d in days]
        return np.array([run[name][h].max() for h in hours])

    def test_the_hump_over_dose_hangs_on_the_supply_of_bdnf(self):
        def pool(dose, *cut):
            return self.history("rat-ketamine-10mgkg", *cut, duration="5 d", treatments=KETAMINE % dose)[
                "protein_pool"].max()
        self.assertLess(pool(80), 0.5 * pool(10))
        self.assertGreater(pool(80, "bdnf.supply_loss: 0"), pool(10, "bdnf.supply_loss: 0"))

    def test_later_doses_evoke_no_more_because_neurons_get_used_to_their_drive(self):
        def fold(*cut):
            evoked = self.peaks(self.history("human-iv-six", *cut, duration="17 d"), "bdnf_excess",
                                (0, 2, 4, 7, 9, 11))
            return evoked[1:].max() / evoked[0]
        self.assertLess(fold(), 1.1)
        self.assertGreater(fold("ampa.habituation: 10000 h"), 1.5)

    def test_memantine_does_nothing_because_it_escapes_from_channels(self):
        def mtorc1(scenario, *cut):
            return self.history(scenario, *cut, duration="5 d")["mtorc1"].max()
        held = mtorc1("mouse-ketamine-10mgkg")
        self.assertLess(mtorc1("mouse-memantine"), 0.2 * held)
        self.assertGreater(mtorc1("mouse-memantine", "nmda.escape_at_rest: 0"), 0.4 * held)

    def test_disinhibition_hangs_on_glun2b_of_sst_cells(self):
        def rise(scenario):
            run = self.history(scenario, duration="5 d")
            return self.peaks(run, "rate_e", (0,))[0] / run["rate_e"][run["time"] < 0][-1] - 1
        self.assertLess(rise("mouse-ketamine-no-glun2b-sst"), 0.5 * rise("mouse-ketamine-10mgkg"))

    def test_an_mglu23_antagonist_frees_what_those_receptors_hold(self):
        def surge(*cut):
            run = self.history("rat-ly341495", *cut, duration="5 d")
            return self.peaks(run, "glutamate", (0,))[0] / run["glutamate"][run["time"] < 0][-1] - 1
        self.assertGreater(surge(), 0.2)
        self.assertLess(surge("glutamate.hold: 0"), 0.01)

    def test_a_set_point_keeps_a_part_of_a_course(self):
        def kept(*cut):
            run = self.history("human-iv-six", *cut, duration="34 d")["set_point"]
            return run[-1] - run[0]
        self.assertGreater(kept(), 0.1)
        self.assertAlmostEqual(kept("set_point.consolidation: 0 1/d"), 0.0, delta=1e-3)

    def test_most_turnover_is_of_newborn_spines(self):
        def formed(*cut):
            rate = self.history("mouse-vehicle-healthy", *cut, duration="6 d")["formation_rate"]
            return np.nanmean(rate[np.isfinite(rate)])
        self.assertGreater(formed(), 3 * formed("newborn.share: 0"))

    def test_a_course_adds_receptors_and_rebound_follows_from_them(self):
        def last(name, *cut):
            run = self.history("human-iv-six", *cut, duration="20 d")
            return abs(run[name] - run[name][0]).max()
        for name in ("receptor_number", "rebound"):
            with self.subTest(name):
                self.assertGreater(last(name), 0.005)
                self.assertEqual(last(name, "adaptation.receptors: 0"), 0.0)

    def test_dissociation_falls_by_its_own_tolerance(self):
        def fold(*cut):
            course = self.history("human-iv-six", *cut, duration="17 d")
            felt = self.peaks(course, "dissociation_index", (0, 11))
            return felt[1] / felt[0]
        self.assertLess(fold(), 0.8)
        self.assertGreater(fold("adaptation.psychotomimetic_gain: 0 1/h"), 0.95)

    def test_inflammation_takes_what_activity_evokes_and_uptake(self):
        def fold(*cut):
            evoked = [self.peaks(self.history(s, *cut, duration="6 d"), "bdnf_excess", (0,))[0]
                      for s in ("human-inflammation", "human-iv-single")]
            return evoked[0] / evoked[1]
        self.assertLess(fold(), 0.8)
        self.assertGreater(
            fold("adaptation.inflammation_evoked: 0", "adaptation.inflammation_uptake: 0"), 0.95)


if __name__ == "__main__":
    unittest.main()
