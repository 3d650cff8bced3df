"""respine hypotheses: rivals on one table, resumed, planted and found, and what is wrong in a user's own."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import h5py
import yaml

RESPINE = os.environ.get("RESPINE", "respine")
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
SMALL = ["--scenarios", "mouse-ketamine-10mgkg", "mouse-rr-hnk", "--neurons", "150",
         "--synapses-per-neuron", "30"]
PAIR = ["--only", "disinhibition-2b", "hnk-ampa"]
OWN = """name: {name}
title: "an example"
claim: "an example"
reference: "an example"
free: [{free}]
parameters:
  links:
    disinhibition: {{value: 0.5, mark: A, ref: "an example"}}
"""


def run(*arguments, folder):
    return subprocess.run([RESPINE, *arguments], cwd=folder, capture_output=True, text=True, check=False,
                          timeout=500)


class Hypotheses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.holder.cleanup)
        cls.folder = pathlib.Path(cls.holder.name)
        cls.done = run("hypotheses", *PAIR, *SMALL, "--json", "--html", "rivals.html", folder=cls.folder)

    def own(self, name="own", free="links.surge, signalling.trkb_half, formation.gain"):
        path = self.folder / f"{name}.yaml"
        path.write_text(OWN.format(name=name, free=free), encoding="utf-8")
        return path.name

    def test_one_table_for_all(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        found = json.loads(self.done.stdout)
        self.assertEqual([r["name"] for r in found["rivals"]], ["disinhibition-2b", "hnk-ampa"])
        rows = {row["id"]: row for row in found["rows"]}
        self.assertTrue(rows["density-d5"]["fitted"])
        self.assertFalse(rows["density-d5"]["counts"])
        self.assertFalse(rows["drug-free-bdnf"]["counts"], "zero without drug under every account")
        for row in found["rows"]:
            self.assertEqual(row["counts"], row["separation"] >= 1 and not row["fitted"], row["id"])
        counted = [row for row in found["rows"] if row["counts"]]
        self.assertGreater(len(counted), 0)
        for h, rival in enumerate(found["rivals"]):
            verdicts = [row["rivals"][h]["verdict"] for row in counted]
            self.assertEqual(rival["pass"], verdicts.count("pass"))
            self.assertEqual(rival["miss"], verdicts.count("MISS"))

    def test_the_best_experiment_is_the_one_with_the_largest_separation(self):
        found = json.loads(self.done.stdout)
        best, = found["best"]
        every = []
        for e in found["experiments"]:
            effect, sd, noise = e["effect"], e["animal_sd"], e["seed_sd"]
            if None in effect:
                continue
            spread = ((sum(sd) / 2)**2 + sum(x * x for x in noise) / 2)**0.5
            every.append(abs(effect[0] - effect[1]) / spread)
        self.assertAlmostEqual(best["separation"], max(every), places=9)
        self.assertGreater(best["separation"], 1)
        self.assertGreaterEqual(best["animals"], 2)

    def test_a_planted_truth_is_found(self):
        recovery = json.loads(self.done.stdout)["recovery"]
        for k, shares in enumerate(recovery):
            self.assertAlmostEqual(sum(shares), 1)
            self.assertEqual(max(shares), shares[k])

    def test_finished_runs_are_used_again(self):
        again = run("hypotheses", *PAIR, *SMALL, "--json", folder=self.folder)
        self.assertEqual(again.stdout, self.done.stdout)
        self.assertNotIn("simulated", again.stderr)

    def test_the_page_loads_nothing(self):
        page = (self.folder / "rivals.html").read_text(encoding="utf-8")
        for word in ("http://", "https://", "<script", "src=\"/"):
            self.assertNotIn(word, page)
        self.assertIn("predicts the rows that no rival was fitted to best", page)

    def test_an_account_of_ones_own_joins_in(self):
        done = run("hypotheses", "--with", self.own(), *PAIR, *SMALL, "--seeds", "1", "-q",
                   folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(" own ", done.stdout)
        self.assertNotIn("Data made by one rival", done.stdout)

    def test_more_freedom_is_refused(self):
        done = run("hypotheses", "--with", self.own("free", "formation.gain"), *PAIR, *SMALL,
                   folder=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("free.yaml: error: 1 free parameters, where disinhibition-2b has 3", done.stderr)

    def test_what_is_wrong_is_told_by_place(self):
        for words, message in (
                (["--only", "hnk-amp"], "there is no hypothesis 'hnk-amp'; did you mean 'hnk-ampa'?"),
                (["--only", "hnk-ampa"], "one hypothesis has no rival"),
                (["--scenarios", "mouse-ketamin"], "'mouse-ketamin' is no shipped scenario"),
                (["--with", self.own("slip", "formation.gian, a, b")],
                 "there is no parameter 'formation.gian'; did you mean 'formation.gain'?")):
            with self.subTest(words=words):
                done = run("hypotheses", *words, folder=self.folder)
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)

    def test_check_reads_a_hypothesis_under_every_model(self):
        done = run("check", "hnk-ampa", folder=self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, "hnk-ampa: a hypothesis, 3 free numbers\n"))
        own = self.folder / self.own("slip")
        own.write_text(own.read_text(encoding="utf-8").replace("links:", "linkz:"), encoding="utf-8")
        done = run("check", own, folder=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("unknown key 'parameters.linkz'; did you mean 'links'?", done.stderr)

    def test_a_scenario_names_its_hypothesis(self):
        done = run("run", "mouse-ketamine-10mgkg", "--set", "hypothesis=trkb-bindin", folder=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("'hypothesis': no hypothesis 'trkb-bindin'; did you mean 'trkb-binding'?", done.stderr)
        done = run("check", "mouse-ketamine-10mgkg", "--set", "hypothesis=trkb-binding", folder=self.folder)
        self.assertIn("hypothesis: trkb-binding", done.stdout)

    def test_a_knock_down_holds_under_every_account(self):
        done = run("run", "mouse-ketamine-no-glun2b-pv", "--set", "hypothesis=disinhibition-2cd", "--set",
                   "network.neurons=100", "--set", "network.synapses_per_neuron=20", "--set", "duration=5 d",
                   "--set", "imaging.sessions=[]", "--set", "record.snapshots=[]", "-o", "down.h5", "-q",
                   folder=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(self.folder / "down.h5") as file:
            numbers = yaml.safe_load(file["meta"].attrs["scenario"].decode())["overrides"]
        self.assertEqual(numbers["receptors.PV.GluN2B"], "0 1")  # the animal
        self.assertEqual(numbers["receptors.PV.GluN2C"], "0.22 1")  # the account
        self.assertEqual(numbers["receptors.SST.GluN2B"], "0.01 1")

    def test_shipped_rivals_have_equal_freedom(self):
        free = {}
        for path in sorted((SOURCE / "configs/hypotheses").glob("*.yaml")):
            text = yaml.safe_load(path.read_text(encoding="utf-8"))
            free[text["name"]] = text["free"]
            spec = yaml.safe_load((SOURCE / f"configs/calibrations/rival-{text['name']}.yaml").read_text(
                encoding="utf-8"))
            self.assertEqual([p["path"] for p in spec["parameters"]], text["free"], path.name)
            self.assertEqual(spec["hypothesis"], text["name"])
            self.assertEqual(spec["targets"], ["density-d5", "density-d10", "protein-72h"])
        self.assertEqual(len(free), 7)
        self.assertEqual({len(f) for f in free.values()}, {3})


if __name__ == "__main__":
    unittest.main()
