"""Sessions of coordination: what they write, that they change nothing else, and where they are refused."""

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
MPI = os.environ.get("RESPINE_MPI", "")
SMALL = ("network.neurons=600", "network.synapses_per_neuron=60", "duration=4 d", "record.snapshots=[]")
FEW = ("coordination.sessions=[-1 d, 1 h, 1 d]", "coordination.probes=4", "coordination.ensembles=3")


def words(*settings):
    return [w for setting in settings for w in ("--set", setting)]


class Coordination(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def made(self, name, *how, scenario="mouse-coordination", settings=FEW):
        out = self.folder / f"{name}.h5"
        run(self.folder, scenario, "-o", out, *words(*SMALL, *settings), *how, check=0)
        return out

    def test_every_dataset_says_what_it_is(self):
        with h5py.File(self.made("run")) as file:
            group = file["coordination"]
            np.testing.assert_allclose(group["session"][()], [-24, 1, 24])
            for name in ("variance", "correlation", "dimensionality", "completion", "ensemble_rest"):
                for of in ("", "_PFC", "_HPC", "_BLA"):
                    self.assertTrue(np.isfinite(group[name + of][()]).all(), name + of)
                    self.assertTrue((group[f"error_{name}{of}"][()] >= 0).all())
                    self.assertIn(group[name + of].attrs["units"], (b"1", b"Hz^2 s", b"Hz"))
                    self.assertEqual(group[name + of].dims[0][0].name, "/coordination/session")
            self.assertIn(b"one in PFC and one in BLA", group["correlation_PFC_BLA"].attrs["long_name"])
            pairs = group["group_correlation"][()]
            self.assertEqual(pairs.shape, (3, 9, 9))
            np.testing.assert_array_equal(pairs, pairs.transpose(0, 2, 1))
            np.testing.assert_allclose(pairs[:, 0, 0], group["correlation_PFC"][()], rtol=1e-5)
            np.testing.assert_allclose(pairs[:, 0, 2], group["correlation_PFC_BLA"][()], rtol=1e-5)
            cells = (file["network/type"][()] == 0).sum()
            self.assertTrue((group["dimensionality"][()] < cells).all())

    def test_it_is_read_like_other_numbers(self):
        file = self.made("run")
        with h5py.File(file) as held:
            value = held["coordination/correlation_PFC"][2]
        told = subprocess.run(
            [RESPINE, "inspect", file, "--field", "coordination_correlation_PFC", "--at", "1d"],
            capture_output=True, text=True, check=True).stdout
        self.assertIn("at 24 h (session)", told)
        self.assertAlmostEqual(float(re.search(r"= (\S+) 1", told)[1]), value, delta=1e-5 * abs(value))
        table = subprocess.run([RESPINE, "compare", file, "--csv"], capture_output=True, text=True,
                               check=True).stdout
        for name in ("correlation_PFC day 1", "dimensionality day -1", "completion_BLA day 1"):
            self.assertIn(name, table)

    def test_same_bits_for_any_number_of_threads_and_through_a_resume(self):
        whole = contents(self.made("one", "--threads", "1"))
        self.assertEqual(contents(self.made("three", "--threads", "3")), whole)
        out, code = self.folder / "stopped.h5", 75
        settings = words(*SMALL, *FEW)
        for how in [["mouse-coordination", "-o", out, *settings]] + [["--resume", out]] * 3:
            if code == 75:
                code = run(self.folder, "--walltime", "0.1s", *how).returncode
        if code == 75:
            code = run(self.folder, "--resume", out).returncode
        self.assertEqual((code, contents(out)), (0, whole))

    def test_it_changes_nothing_else_and_is_off_without_sessions(self):
        looked = contents(self.made("looked"))
        plain = contents(self.made("plain", scenario="mouse-regions", settings=(
            "start=-2 d", "record.history=30 min")))
        self.assertFalse([name for name in plain if "coordination" in name])
        for name, digest in plain.items():
            if name.startswith("history/"):
                self.assertEqual(looked[name], digest, name)

    def test_it_is_refused_where_it_cannot_be(self):
        def told(*how):
            done = subprocess.run([RESPINE, "check", "mouse-coordination", *words(*how)], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 2)
            return done.stderr
        self.assertIn("'coordination' is of one run", told("cohort={subjects: 3}"))
        self.assertIn("the session of coordination at 90 d lies outside the run",
                      told("coordination.sessions=[90 d]"))
        self.assertIn("'coordination.probes' must lie between 2 and 10000", told("coordination.probes=1"))

    @unittest.skipUnless(MPI, "built without MPI")
    def test_ranks_are_told_before_the_run_starts(self):
        done = subprocess.run(["mpirun", "--oversubscribe", "-n", "2", MPI, "run", "mouse-coordination", "-o",
                               self.folder / "ranks.h5", *words(*SMALL)], capture_output=True, text=True,
                              check=False, env={**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1",
                                                "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"})
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("its solves need all synapses in one process", done.stderr)
        self.assertFalse((self.folder / "ranks.h5.part").exists())


if __name__ == "__main__":
    unittest.main()
