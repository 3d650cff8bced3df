"""Processes that share one network by MPI write the file that one process writes, bit for bit."""

import functools
import os
import sys

import h5py
from ranks import FULL, RESPINE, SCENARIOS, WITH_MPI, Folder, main, mpirun
from run_contents import contents

ALL = [(ranks, threads) for ranks in (1, 2, 3, 4) for threads in (1, 2)]
SOME = {  # of the others one
    "sheet": [(2, 2), (3, 1), (4, 1)], "narrow": [(2, 2), (4, 1)], "file": [(2, 2), (4, 1)]
}
GO_ON = ("narrow", "file", "regions", *(("sheet", "microcircuit") if FULL else ("inhibition",)))


class Identity(Folder):
    def test_ranks_and_threads_do_not_change_a_bit(self):
        for name in SCENARIOS:
            self.alone(f"{name}.yaml", "-o", "one.h5", "--force", "--threads", "1")
            reference = contents(self.folder / "one.h5")
            for ranks, threads in ALL if FULL else SOME.get(name, [(3, 1)]):
                with self.subTest(scenario=name, ranks=ranks, threads=threads):
                    self.shared(ranks, f"{name}.yaml", "-o", "many.h5", "--force", "--threads", threads)
                    self.same(reference, "many.h5")
                    with h5py.File(self.folder / "many.h5", "r") as file:
                        self.assertEqual(file["meta"].attrs["ranks"], ranks)
                    print(
                        f"    {name}: {ranks} x {threads}: {len(reference)} datasets and attributes are the "
                        "same",
                        file=sys.stderr)

    def test_a_run_goes_on_with_another_number_of_ranks(self):
        for name in GO_ON:
            with self.subTest(scenario=name):
                self.alone(f"{name}.yaml", "-o", "one.h5", "--force")
                reference = contents(self.folder / "one.h5")
                # One step of three ranks, one of two, one of one process, and four ranks to the end.
                self.shared(3, f"{name}.yaml", "-o", "many.h5", "--force", "--walltime", "0.001s", check=75)
                self.shared(2, "--resume", "many.h5", "--walltime", "0.001s", check=75)
                self.alone("--resume", "many.h5", "--walltime", "0.001s", check=75)
                self.shared(4, "--resume", "many.h5")
                self.same(reference, "many.h5")
                self.assertEqual([p.name for p in self.folder.glob("many.h5.*")], [])

    def test_a_run_of_one_goes_on_with_ranks(self):
        self.alone("sheet.yaml", "-o", "one.h5")
        self.alone("sheet.yaml", "-o", "many.h5", "--walltime", "0.001s", check=75)
        self.shared(2, "--resume", "many.h5")
        self.same(contents(self.folder / "one.h5"), "many.h5")


class Manners(Folder):
    def test_it_says_who_computes_where(self):
        told = self.shared(3, "sheet.yaml", "-o", "a.h5", "--threads", "1", "-v", quiet=False).stderr
        self.assertIn(f"sheet: 3 ranks: 3 on {os.uname().nodename}; 1 threads each (--threads)", told)
        self.assertEqual(told.count("plastic and"), 1, told)

    def test_an_error_of_all_is_told_once(self):
        for words, code, message in ((["sheet.yaml", "--set", "network.neurons=1"], 2,
                                      "must lie between 20 and"), (["nowhere.yaml"], 2, "no such file"),
                                     (["--resume", "nowhere.h5"], 3, "no such file")):
            with self.subTest(words=words):
                told = self.shared(3, *words, check=code).stderr
                self.assertEqual(told.count(message), 1, told)

    def test_an_output_that_is_there_is_refused_for_all(self):
        self.alone("sheet.yaml", "-o", "a.h5")
        before = (self.folder / "a.h5").read_bytes()
        told = self.shared(3, "sheet.yaml", "-o", "a.h5", check=5).stderr
        self.assertEqual(told.count("a.h5: error: exists already"), 1, told)
        self.assertEqual((self.folder / "a.h5").read_bytes(), before)

    def test_a_cohort_is_refused(self):
        told = self.shared(2, "human-iv-cohort", "-o", "a.h5", check=2).stderr
        self.assertEqual(told.count("its subjects share no network"), 1, told)

    def test_alone_makes_a_run_of_each(self):
        self.run_here(
            mpirun(2, "sh", "-c",
                   f"{WITH_MPI} run sheet.yaml -q --alone --threads 1 -o own-$OMPI_COMM_WORLD_RANK.h5"),
            check=0)
        self.same(contents(self.folder / "own-0.h5"), "own-1.h5")

    def test_a_program_without_mpi_says_so(self):
        told = self.run_here(mpirun(2, RESPINE, "run", "-q", "sheet.yaml", "-o", "a.h5"), check=2).stderr
        self.assertIn("has no MPI to share a network; build it with -DRESPINE_MPI=ON", told)
        self.assertFalse((self.folder / "a.h5").exists())

    def test_a_dry_run_tells_what_a_rank_needs(self):
        @functools.cache
        def of(ranks):
            lines = self.alone("sheet.yaml", "--set", "network.neurons=100000", "--set",
                               "network.synapses_per_neuron=1000", "--set", "record.snapshots=[]",
                               "--dry-run", "--ranks", ranks).stdout
            told = {line.split()[1]: line.split() for line in lines.splitlines() if line.startswith("# ")}
            self.assertIn("about", told["time"])
            return float(told["memory"][3]), float(told["traffic"][3]) if "traffic" in told else 0.0

        self.assertEqual(of(1)[1], 0.0)
        self.assertLess(of(2)[0], 0.6 * of(1)[0])
        self.assertLess(of(8)[0], 0.3 * of(1)[0])
        all_others = of(2)[1] * (7 / 8) / (1 / 2)
        self.assertLess(of(8)[1], 0.85 * all_others, "of a sheet a rank knows its surroundings alone")


if __name__ == "__main__":
    main()
