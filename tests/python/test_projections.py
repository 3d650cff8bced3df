"""Populations and projections that a network file declares: interneurons with values of their own, regions,
and plastic synapses beside the recurrent ones.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import h5py
import numpy as np
from resuming import run
from run_contents import contents

RESPINE = str(pathlib.Path(os.environ["RESPINE"]).resolve())
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
EXAMPLES = (SOURCE / "docs" / "populations.md").read_text(encoding="utf-8")
HEAD = "kind: sheet\nbased_on: sheet\n"
MARK = 'mark: A, ref: "a test"'
PLASTIC = HEAD + f"""projections:
  - {{source: E, target: PV, structure: plastic, {MARK}}}
  - {{source: PV, target: E, structure: plastic, {MARK}}}
"""


def example(name):
    """A file that the page of examples shows."""
    return next(body for body in re.findall(r"```yaml\n(.*?)```", EXAMPLES, re.DOTALL)
                if body.startswith(f"# {name}"))


class Projections(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def run_network(self, network, *settings, drug=True, threads=2, name="run"):
        """The run file of a network in the example scenario."""
        (self.folder / "net.yaml").write_text(network, encoding="utf-8")
        scenario = example("own.yaml")
        if not drug:
            scenario = re.sub(r"treatments:\n.*\n", "", scenario)
        (self.folder / "own.yaml").write_text(scenario, encoding="utf-8")
        out = self.folder / f"{name}.h5"
        words = [w for word in self.words(settings) for w in ("--set", word)]
        run(self.folder, "own.yaml", "--force", "-o", out, "--threads", threads, *words, check=0)
        return out

    def words(self, settings):
        return ["network.kind=./net.yaml", "network.neurons=600", "network.synapses_per_neuron=60", *settings]

    def series(self, file, name):
        with h5py.File(file) as run:
            return run["history"][name][()]

    def refused(self, network, *phrases):
        (self.folder / "net.yaml").write_text(network, encoding="utf-8")
        (self.folder / "own.yaml").write_text(
            example("own.yaml").replace("./vip.yaml", "./net.yaml"), encoding="utf-8"
        )
        done = subprocess.run([RESPINE, "check", "own.yaml"], cwd=self.folder, capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 2, done.stdout)
        for phrase in phrases:
            self.assertIn(phrase, done.stderr)

    def test_a_gain_of_ones_own(self):
        vip = example("vip.yaml")
        own = self.series(self.run_network(vip), "rate_vip")
        same = self.run_network(vip.replace("gain: 0.06 Hz, time_constant: 15 ms, ", ""), name="same")
        given = self.run_network(vip.replace("0.06 Hz", "0.04 Hz").replace("15 ms", "10 ms"), name="given")
        self.assertEqual(contents(same)["history/rate_vip"], contents(given)["history/rate_vip"])
        self.assertEqual(self.series(same, "rate_vip").shape, own.shape)
        self.assertGreater(np.abs(self.series(same, "rate_vip") / own - 1).max(), 0.005)

    def test_receptors_of_ones_own_count(self):
        base = example("vip.yaml")
        mine = base.replace("gain: 0.06 Hz", "receptors: {GluN2D: 1}, nmda_share: 0.8")
        a, b = self.run_network(base, name="a"), self.run_network(mine, name="b")
        of_a, of_b = (self.series(file, "nmda_block_vip").max() for file in (a, b))
        self.assertGreater(of_b, 1.05 * of_a)
        np.testing.assert_array_equal(self.series(b, "nmda_block_e"), self.series(a, "nmda_block_e"))

    def test_regions_meet_by_their_projection_alone(self):
        file = self.run_network(example("regions.yaml"))
        with h5py.File(file) as run:
            region, x, group = (run["network"][k][()] for k in ("region", "x", "group"))
            names = [n.decode() for n in run["network/group_name"][()]]
            self.assertEqual([n.decode() for n in run["network/region_name"][()]], ["PFC", "CA1"])
            self.assertGreater(x[region == 1].min() - x[region == 0].max(), 900)
            rows = run["snapshots/synapses/000"]
            target = np.repeat(np.arange(len(rows["offsets"]) - 1), np.diff(rows["offsets"][()].astype(int)))
            self.assertTrue((region[rows["source"][()]] == region[target]).all())
            far = rows["CA1_E_E"]
            target = np.repeat(np.arange(len(far["offsets"]) - 1), np.diff(far["offsets"][()].astype(int)))
            self.assertEqual({names[g] for g in group[target]}, {"E"})
            self.assertEqual({names[g] for g in group[far["source"][()]]}, {"CA1_E"})
            per_target = len(target) / (group == names.index("E")).sum()
            self.assertAlmostEqual(per_target / (0.8 * 0.1 * 60), 1, delta=0.1)
        alone = re.sub(r"  - \{source: CA1_E.*\n", "", example("regions.yaml")).replace("projections:\n", "")
        apart = self.run_network(alone, name="apart")
        for name in ("rate_CA1_E", "rate_CA1_SST"):  # nothing comes back; the two settle within a tolerance
            np.testing.assert_allclose(self.series(apart, name), self.series(file, name), rtol=1e-3)
        ratio = self.series(apart, "rate_E") / self.series(file, "rate_E")
        self.assertGreater(np.abs(ratio - 1).max(), 3e-3)

    def test_stress_takes_from_two_regions_and_adds_to_one_and_the_drug_treats_where_some_are_missing(self):
        def course(name, region, *settings):
            out = self.folder / f"{name}.h5"
            words = [w for word in ("duration=9 d", "network.neurons=1500", "record.snapshots=[]", *settings)
                     for w in ("--set", word)]
            if not out.exists():
                run(self.folder, name, "-o", out, *words, check=0)
            with h5py.File(out) as file:
                time = file["history/time"][()]
                at = [np.argmin(np.abs(time - hours)) for hours in (-24, 120)]
                names = ("spine_density_", "restored_", "rate_e_", "bdnf_", "protein_pool_")
                return {k: file[f"history/{k}{region}"][()][at] for k in names}
        for region, before in (("PFC", 80), ("HPC", 82), ("BLA", 120)):
            drug, vehicle = (course(name, region) for name in ("mouse-regions", "mouse-regions-vehicle"))
            self.assertAlmostEqual(vehicle["spine_density_"][0], before, delta=1.5)
            self.assertAlmostEqual(vehicle["spine_density_"][1], before, delta=2)
            gain = drug["spine_density_"][1] - vehicle["spine_density_"][1]
            self.assertTrue(gain > 8 if region != "BLA" else abs(gain) < 3, f"{region}: {gain}")
            self.assertGreater(drug["protein_pool_"][1], 0.05, "the proteins are made there too")
            self.assertLess(vehicle["restored_"][1], 0.15)
        self.assertLess(course("mouse-regions", "BLA")["restored_"][1], 0.1, "a gain is not treated by one")

    def test_one_rule_for_all_regions_is_the_switch_of_their_vulnerability(self):
        text = (SOURCE / "configs/networks/mouse-regions.yaml").read_text(encoding="utf-8")
        (self.folder / "net.yaml").write_text(re.sub(r"    parameters: .*\n", "", text), encoding="utf-8")
        out = self.folder / "alike.h5"
        words = ["network.kind=./net.yaml", "duration=5 d", "network.neurons=1500", "record.snapshots=[]"]
        scenario = (SOURCE / "configs/scenarios/mouse-regions-vehicle.yaml").read_text(encoding="utf-8")
        (self.folder / "own.yaml").write_text(scenario, encoding="utf-8")
        run(self.folder, "own.yaml", "-o", out, *[w for word in words for w in ("--set", word)], check=0)
        for region in ("PFC", "HPC", "BLA"):
            self.assertAlmostEqual(self.series(out, f"spine_density_{region}")[0], 80, delta=1.5)

    def test_plastic_projections_stay_at_their_equilibrium_without_a_drug(self):
        for severity, wanted in ((0, 100), (1, 80)):
            file = self.run_network(PLASTIC, f"stress.severity={severity}", "duration=30 d",
                                    "network.neurons=2000", "record.snapshots=[]", drug=False)
            for name in ("synapse_density_E_PV", "synapse_density_PV_E", "spine_density"):
                values = self.series(file, name)
                self.assertLess(np.abs(values - wanted).max(), 2.0, name)
                self.assertGreater(values.std(), 0, f"{name} does turn over")

    def test_the_drug_reaches_what_lies_on_pyramidal_cells(self):
        file = self.run_network(PLASTIC)
        self.assertGreater(self.series(file, "synapse_density_PV_E")[-1], 86)
        self.assertLess(self.series(file, "synapse_density_E_PV")[-1], 85)
        fixed = self.run_network(HEAD, name="fixed")
        self.assertNotIn("history/synapse_density_PV_E", contents(fixed))

    def test_a_rule_of_ones_own(self):
        def lost(parameters):
            row = "target: PV, structure: plastic"
            text = PLASTIC.replace(row, row + parameters)
            with h5py.File(self.run_network(text, drug=False)) as run:
                first, last = (run[f"snapshots/synapses/{k}/E_PV/birth"][()] for k in ("000", "001"))
                return (last > 0).sum() / len(first)
        quick = lost(", parameters: {pruning.hazard: 0.2 1/d}")
        self.assertGreater(quick, 2 * lost(", parameters: {pruning.hazard: 0.02 1/d}"))

    def test_the_recurrent_synapses_may_have_a_rule_of_their_own_or_be_fixed(self):
        own = HEAD + f"projections:\n  - {{source: E, target: E, structure: plastic, {MARK}}}\n"
        file = self.run_network(own)
        self.assertGreater(self.series(file, "synapse_density_E_E")[-1], 86)
        np.testing.assert_array_equal(self.series(file, "synapse_density_E_E"),
                                      self.series(file, "spine_density"))
        fixed = self.run_network(own.replace("plastic", "fixed"), name="fixed")
        self.assertEqual(set(self.series(fixed, "synapses")), {0})
        np.testing.assert_allclose(self.series(fixed, "rate_e")[0], self.series(file, "rate_e")[0], rtol=0.2)

    def test_same_bits_for_any_number_of_threads_and_through_a_resume(self):
        settings = ("duration=3 d", "record.snapshots=[0 d, 2 d]", "record.synapse_events=true")
        network = example("regions.yaml") + f"  - {{source: PV, target: E, structure: plastic, {MARK}}}\n"
        whole = contents(self.run_network(network, *settings, threads=1))
        self.assertEqual(contents(self.run_network(network, *settings, threads=3, name="three")), whole)
        out, code = self.folder / "three.h5", 75
        out.unlink()
        words = [w for word in self.words(settings) for w in ("--set", word)]
        for how in [["own.yaml", "-o", out, *words]] + [["--resume", out]] * 3:
            if code == 75:
                code = run(self.folder, "--walltime", "0.02s", *how).returncode
        if code == 75:
            code = run(self.folder, "--resume", out).returncode
        self.assertEqual((code, contents(out)), (0, whole))

    def test_export_knows_every_plastic_synapse(self):
        file = self.run_network(PLASTIC)
        subprocess.run([RESPINE, "export", file, "-q", "--csv", self.folder / "all"], check=True)
        with open(self.folder / "all_edges.csv", encoding="utf-8") as text:
            header = text.readline().strip().split(",")
            rows = [line.strip().split(",") for line in text]
        plastic = sum(row[header.index("plastic")] == "1" for row in rows)
        with h5py.File(file) as run:
            snapshot = run["snapshots/synapses/001"]
            wanted = sum(len(g["source"]) for g in (snapshot, snapshot["E_PV"], snapshot["PV_E"]))
            self.assertEqual(plastic, wanted)

    def test_what_does_not_hold_together_is_refused(self):
        row = f"  - {{source: E, target: PV, structure: plastic, {MARK}}}\n"
        self.refused(
            HEAD + "projections:\n" + row + row + f"  - {{source: E, target: STS, {MARK}}}\n"
            f"  - {{source: STS, target: E, structure: plastic, {MARK}}}\n"
            f"  - {{source: E, target: SST, parameters: {{pruning.hazard: 0.1 1/d}}, {MARK}}}\n",
            "there are two projections from E to PV", "unknown population 'STS'; did you mean 'SST'?",
            "'projections[4].parameters' has no meaning without 'structure: plastic'",
        )
        self.refused(HEAD + f"projections: [{{source: E, target: PV, weight: 0.7, {MARK}}}]\n",
                     "the projection from E to PV: its weight is in 1/Hz, as those in 'weights'")
        self.refused(
            f"kind: microcircuit\nbased_on: microcircuit\nprojections: [{{source: L4E, target: L5E, "
            f"weight: 2 1/Hz, {MARK}}}]\n",
            "the projection from L4E to L5E: its weight is a multiple of recurrent_weight, without a unit"
        )
        none = f"{{source: PV, target: SST, indegree: 0, structure: plastic, {MARK}}}"
        self.refused(HEAD + f"projections: [{none}]\n",
                     "the projection from PV to SST is plastic and has no in-degree")
        self.refused(
            HEAD + "projections: [{source: E, target: PV, structure: plastic, "
            "parameters: {prunning.hazard: 1}}]\n",
            "unknown key 'projections[0].parameters.prunning.hazard'; did you mean 'pruning.hazard'?",
        )
        self.refused(
            HEAD + f"""populations:
  - {{name: E, types: {{E: 1}}, share: 0.8, rate: 2 Hz, trait: inhibitory, {MARK}}}
  - {{name: PV, types: {{PV: 1}}, share: 0.1, rate: 9 Hz, trait: none, {MARK}}}
  - {{name: PV, types: {{PV: 1}}, share: 0.1, rate: 9 Hz, receptors: {{GluN2A: 0.4}}, {MARK}}}
  - {{name: SST, types: {{SST: 1}}, share: 0.1, rate: 9 Hz, {MARK}}}
""", "population E: cells of its types are not inhibitory",
            "population PV has trait none, but a weight or in-degree onto E", "there are two populations PV",
            "population PV: the shares of the subunits sum to 0.4, not 1",
        )
        people = "  - {{name: {}, region: {}, types: {{{}: 1}}, share: {}, rate: 2 Hz, {}}}\n"
        three = "".join(people.format(name, "A" if name == "E" else "B", name, share, MARK)
                        for name, share in (("E", 0.8), ("PV", 0.1), ("SST", 0.1)))
        self.refused(f"kind: random\nbased_on: sheet\npopulations:\n{three}",
                     "population PV: a network of kind random has one region")
        self.refused(
            HEAD + "populations:\n" + three.replace("region: A, ", "").replace("share: 0.1", "share: 0.2")
            + f"projections: [{{source: E, target: PV, partners: near, {MARK}}}]\n",
            "population PV has a region and E has none", "the shares of the populations sum to 1.2, not 1",
            "the projection from E to PV leads to another region, where no partner is near")
        self.refused(HEAD + "populations:\n" + people.format("E", "sd", "E", 1, MARK),
                     "population E: bdnf_sd is another series; write another name of its region")
        bare = "".join(f"{key}: {{rows: {{E: {{E: 0.1}}}}, {MARK}}}\n" for key in ("weights", "indegrees"))
        for name, phrase in (("E/x", "'E/x' names series of the run file: write letters, digits, _ and -"),
                             ("pv", "population pv: rate_pv is the rate of a cell type")):
            one = people.format(name, "A", "E", 1, MARK)
            self.refused(HEAD + "populations:\n" + one + bare.replace("E:", f"{name}:"), phrase)


if __name__ == "__main__":
    unittest.main()
