"""Processes that share one network by MPI write the file that one process writes, bit for bit; an error or a death of one ends all of them."""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import h5py
from run_contents import contents, differences

RESPINE = os.environ["RESPINE"]
WITH_MPI = os.environ.get("RESPINE_MPI", "")
MPIRUN = shutil.which("mpirun")
FULL = "RESPINE_LARGE" in os.environ
os.environ["RES_OPTIONS"] = "timeout:1 attempts:1"  # mpirun looks up localhost; where /etc/hosts does not have it, it asks and waits
COMPANIES = [(ranks, threads) for ranks in (1, 2, 3, 4) for threads in (1, 2)]
SCALE = 0.1 if FULL else 0.01
SKIPPED = 77

COURSE = """\
model: mouse
stress: {severity: 1.0}
treatments: [{drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}]
"""
SHEET = f"""\
name: sheet
{COURSE}start: -2 h
duration: 8 h
seed: 7
network: {{kind: sheet, neurons: 2100, synapses_per_neuron: 60}}
record: {{history: 5 min, snapshots: [0 h, 3 h], synapse_events: true}}
imaging: {{sessions: [-2 h, 1 h, 5 h], dendrites: 40}}
"""
# At scale 0.1 it has 27 million synapses: several stretches of the file.
MICROCIRCUIT = f"""\
name: microcircuit
{COURSE}start: -1 h
duration: 2 h
network: {{kind: microcircuit, scale: {SCALE}}}
record: {{history: 10 min, snapshots: [1 h]}}
imaging: {{sessions: [-1 h, 1 h], dendrites: 20}}
"""
FILE = f"""\
name: file
{COURSE}start: -1 h
duration: 4 h
network: {{kind: file, file: edges.csv, nodes: nodes.csv}}
record: {{history: 10 min, snapshots: [1 h], synapse_events: true}}
imaging: {{sessions: [-1 h, 2 h], dendrites: 10}}
"""
SMALL_WORLD = SHEET.replace("name: sheet", "name: small-world").replace("kind: sheet, neurons: 2100", "kind: small_world, neurons: 700")
GROWTH_RULE = SHEET.replace("name: sheet", "name: growth-rule").replace("kind: sheet, neurons: 2100", "kind: random, neurons: 500") + "structure: {rule: growth_rule}\n"
EXPLICIT = f"""\
name: explicit
{COURSE}start: 0 h
duration: 90 s
network: {{kind: sheet, neurons: 100, synapses_per_neuron: 20}}
integrator: explicit
record: {{history: 10 s, snapshots: [0 h]}}
"""
SCENARIOS = {"sheet": SHEET, "microcircuit": MICROCIRCUIT, "file": FILE, "small-world": SMALL_WORLD, "growth-rule": GROWTH_RULE, "explicit": EXPLICIT}


def write_graph(folder, neurons=240, degree=14):
    """A network with hubs: rows of very different lengths."""
    draw = random.Random(3)
    types = ["E"] * 200 + ["PV"] * 24 + ["SST"] * 16
    with open(folder / "nodes.csv", "w", encoding="utf-8") as file:
        file.write("id,type,x,y\n")
        for i in range(neurons):
            file.write(f"n{i},{types[i]},{draw.uniform(0, 300):.3f},{draw.uniform(0, 300):.3f}\n")
    edges = set()
    for target in range(neurons):
        wanted = degree * (5 if target % 17 == 0 else 1)
        while wanted:
            source = draw.randrange(neurons)
            if source != target and (source, target) not in edges:
                edges.add((source, target))
                wanted -= 1
    with open(folder / "edges.csv", "w", encoding="utf-8") as file:
        file.write("source,target\n")
        for source, target in sorted(edges):
            file.write(f"n{source},n{target}\n")


def is_gone(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"  # dead, and nobody has asked
    except FileNotFoundError:
        return True


def mpirun(ranks, *words):
    """As anyone would start it; here more ranks than cores are wanted, and they must not spin."""
    quiet = ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1"]
    return [MPIRUN, *quiet, "-n", str(ranks), *map(str, words)]


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        for name, text in SCENARIOS.items():
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        write_graph(self.folder)

    def run_here(self, command, check=None):
        result = subprocess.run(list(map(str, command)), cwd=self.folder, capture_output=True, text=True, check=False, timeout=400)
        if check is not None:
            self.assertEqual(result.returncode, check, f"{command}\n{result.stdout}\n{result.stderr}")
        return result

    def alone(self, *words, check=0):
        return self.run_here([RESPINE, "run", "-q", *words], check)

    def shared(self, ranks, *words, check=0, quiet=True):
        return self.run_here(mpirun(ranks, WITH_MPI, "run", *(["-q"] if quiet else []), *words), check)

    def same(self, reference, name):
        self.assertEqual(differences(reference, contents(self.folder / name)), [], name)


class Identity(Folder):
    def test_ranks_and_threads_do_not_change_a_bit(self):
        for name in SCENARIOS:
            self.alone(f"{name}.yaml", "-o", "one.h5", "--force", "--threads", "1")
            reference = contents(self.folder / "one.h5")
            for ranks, threads in COMPANIES if FULL else [(2, 2), (3, 1), (4, 1)] if name in ("sheet", "microcircuit", "file") else [(3, 1)]:
                with self.subTest(scenario=name, ranks=ranks, threads=threads):
                    self.shared(ranks, f"{name}.yaml", "-o", "many.h5", "--force", "--threads", threads)
                    self.same(reference, "many.h5")
                    with h5py.File(self.folder / "many.h5", "r") as file:
                        self.assertEqual(file["meta"].attrs["ranks"], ranks)
                    print(f"    {name}: {ranks} x {threads}: {len(reference)} datasets and attributes are the same", file=sys.stderr)

    def test_a_run_goes_on_with_another_number_of_ranks(self):
        for name in ("sheet", "microcircuit", "file"):
            with self.subTest(scenario=name):
                self.alone(f"{name}.yaml", "-o", "one.h5", "--force")
                reference = contents(self.folder / "one.h5")
                # One step of three ranks, one of two, one of one process, and four ranks to the end.
                self.shared(3, f"{name}.yaml", "-o", "many.h5", "--force", "--walltime", "0.01s", check=75)
                self.shared(2, "--resume", "many.h5", "--walltime", "0.01s", check=75)
                self.alone("--resume", "many.h5", "--walltime", "0.01s", check=75)
                self.shared(4, "--resume", "many.h5")
                self.same(reference, "many.h5")
                self.assertEqual([p.name for p in self.folder.glob("many.h5.*")], [])

    def test_a_run_of_one_goes_on_with_ranks(self):
        self.alone("sheet.yaml", "-o", "one.h5")
        self.alone("sheet.yaml", "-o", "many.h5", "--walltime", "0.01s", check=75)
        self.shared(2, "--resume", "many.h5")
        self.same(contents(self.folder / "one.h5"), "many.h5")


class Manners(Folder):
    def test_it_says_who_computes_where(self):
        told = self.shared(3, "sheet.yaml", "-o", "a.h5", "--threads", "1", "-v", quiet=False).stderr
        self.assertIn(f"sheet: 3 ranks: 3 on {os.uname().nodename}; 1 threads each (--threads)", told)
        self.assertEqual(told.count("plastic and"), 1, told)

    def test_an_error_of_all_is_told_once(self):
        for words, code, message in ((["sheet.yaml", "--set", "network.neurons=1"], 2, "must lie between 20 and"), (["nowhere.yaml"], 2, "no such file"),
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
        self.run_here(mpirun(2, "sh", "-c", f"{WITH_MPI} run sheet.yaml -q --alone --threads 1 -o own-$OMPI_COMM_WORLD_RANK.h5"), check=0)
        self.same(contents(self.folder / "own-0.h5"), "own-1.h5")

    def test_a_program_without_mpi_says_so(self):
        told = self.run_here(mpirun(2, RESPINE, "run", "-q", "sheet.yaml", "-o", "a.h5"), check=2).stderr
        self.assertIn("has no MPI to share a network; build it with -DRESPINE_MPI=ON", told)
        self.assertFalse((self.folder / "a.h5").exists())

    def test_a_dry_run_tells_what_a_rank_needs(self):
        def of(ranks):
            lines = self.alone("sheet.yaml", "--set", "network.neurons=100000", "--set", "network.synapses_per_neuron=1000",
                               "--set", "record.snapshots=[]", "--dry-run", "--ranks", ranks).stdout
            told = {line.split()[1]: line.split() for line in lines.splitlines() if line.startswith("# ")}
            return float(told["memory"][3]), float(told["traffic"][3]) if "traffic" in told else 0.0

        self.assertEqual(of(1)[1], 0.0)
        self.assertLess(of(2)[0], 0.6 * of(1)[0])
        self.assertLess(of(8)[0], 0.3 * of(1)[0])
        self.assertAlmostEqual(of(8)[1], of(2)[1] * (7 / 8) / (1 / 2), delta=0.01 * of(8)[1])


# Time that a large network would take at the root alone, between its last word to the others and the end of the checkpoint.
SLOW_SYNC = """\
#include <stdlib.h>
#include <time.h>
int fsync(int file) {
    (void)file;
    const char* rank = getenv("OMPI_COMM_WORLD_RANK");
    struct timespec left = {3, 0};
    if (rank && *rank == '0') while (nanosleep(&left, &left)) {}
    return 0;
}
"""


class Failing(Folder):
    def each(self, command, check):
        return self.run_here(mpirun(3, "bash", "-c", command.replace("RESPINE", WITH_MPI)), check=check).stderr

    def test_a_root_that_takes_its_time_to_save_is_waited_for(self):
        (self.folder / "slow.c").write_text(SLOW_SYNC, encoding="utf-8")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", "slow.so", "slow.c"], cwd=self.folder, check=True)
        told = self.run_here(["env", f"LD_PRELOAD={self.folder}/slow.so", *mpirun(3, WITH_MPI, "run", "-q", "sheet.yaml", "-o", "a.h5", "--walltime", "0.01s")], check=75).stderr
        self.assertEqual(told.count("stopped by --walltime"), 1, told)
        self.assertNotIn("ends the job", told)
        self.alone("--resume", "a.h5")
        self.alone("sheet.yaml", "-o", "one.h5")
        self.same(contents(self.folder / "one.h5"), "a.h5")

    def test_a_save_that_fails_is_no_stop(self):
        self.shared(3, "sheet.yaml", "-o", "a.h5", "--walltime", "0.01s", check=75)
        (self.folder / "a.h5.ckpt.prev/x").mkdir(parents=True)
        told = self.shared(3, "--resume", "a.h5", "--walltime", "0.01s", check=5).stderr
        self.assertEqual(told.count("a.h5.ckpt: error: cannot be renamed"), 1, told)

    def test_ranks_that_read_different_inputs_are_refused(self):
        told = self.each("exec RESPINE run sheet.yaml -q -o a.h5 --threads 1 --seed $((1 + OMPI_COMM_WORLD_RANK / 2))", 3)
        self.assertEqual(told.count("has another scenario than the root; give all ranks the same"), 1, told)
        self.assertEqual(list(self.folder.glob("a.h5*")), [])

    def test_memory_that_one_rank_lacks_ends_the_job_and_leaves_nothing_in_the_way(self):
        told = self.each("if [ $OMPI_COMM_WORLD_RANK = 2 ]; then ulimit -d 30000; fi; exec RESPINE run sheet.yaml -q -o a.h5 --threads 1", 4)
        self.assertIn("not enough memory", told)
        self.shared(2, "sheet.yaml", "-o", "a.h5")

    def test_a_name_that_cannot_be_is_an_output_error(self):
        for told in (self.shared(2, "sheet.yaml", "-o", "a" * 300 + ".h5", check=5).stderr, self.alone("sheet.yaml", "-o", "a" * 300 + ".h5", check=5).stderr):
            self.assertEqual(told.count("File name too long"), 1, told)

    def test_a_launcher_of_another_mpi_is_named(self):
        told = self.run_here(["env", "PMI_RANK=1", "PMI_SIZE=2", WITH_MPI, "run", "sheet.yaml", "-q", "-o", "a.h5"], check=2).stderr
        self.assertIn("PMI_RANK says that 2 processes were started, and MPI (Open MPI", told)

    def test_commands_that_start_runs_keep_them_alone(self):
        told = self.run_here(mpirun(2, "bash", "-c", f"exec {WITH_MPI} validate --only pk-venous-peak --work work-$OMPI_COMM_WORLD_RANK"), check=0)
        self.assertEqual(told.stdout.count("pk-venous-peak"), 2, told.stdout)


class Death(Folder):
    LONG = ("sheet.yaml", "--set", "duration=400d", "--set", "record.synapse_events=false", "--threads", "1")

    def running(self, *words):
        (self.folder / "a.h5.ckpt").unlink(missing_ok=True)
        job = subprocess.Popen(mpirun(3, WITH_MPI, "run", "-q", *words, "-o", "a.h5", "--checkpoint-every", "0.2s"), cwd=self.folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
        for _ in range(300):
            if (self.folder / "a.h5.ckpt").exists():
                return job
            time.sleep(0.1)
        job.kill()
        self.fail("no checkpoint in 30 s: " + job.communicate()[1])

    def ranks_of(self, job):
        children = subprocess.run(["pgrep", "-P", str(job.pid)], capture_output=True, text=True, check=False).stdout.split()
        self.assertEqual(len(children), 3)
        return list(map(int, children))

    def test_a_killed_rank_ends_all_and_the_checkpoint_is_good(self):
        for victim in (0, 2):
            with self.subTest(victim=victim):
                job = self.running(*self.LONG, "--force")
                ranks = self.ranks_of(job)
                os.kill(ranks[victim], signal.SIGKILL)
                killed = time.monotonic()
                told = job.communicate(timeout=60)[1]
                while not all(map(is_gone, ranks)) and time.monotonic() - killed < 10.0:
                    time.sleep(0.05)
                seconds = time.monotonic() - killed
                self.assertLess(seconds, 10.0, [rank for rank in ranks if not is_gone(rank)])
                self.assertNotEqual(job.returncode, 0)
                self.assertIn("signal 9", told)
                print(f"    rank {victim} killed: exit {job.returncode}, all gone after {seconds:.1f} s", file=sys.stderr)
                self.shared(2, "--resume", "a.h5", "--walltime", "0.01s", check=75)

    def test_a_signal_to_mpirun_stops_with_a_checkpoint(self):
        job = self.running(*self.LONG)
        job.send_signal(signal.SIGUSR1)
        told = job.communicate(timeout=60)[1]
        self.assertEqual(job.returncode, 75, told)
        self.assertEqual(told.count("stopped by SIGUSR1"), 1, told)
        self.alone("--resume", "a.h5", "--walltime", "0.01s", check=75)

    def test_a_terminated_mpirun_leaves_a_checkpoint(self):
        """It gives its ranks a second, and has an exit code of its own."""
        job = self.running(*self.LONG)
        job.send_signal(signal.SIGTERM)
        told = job.communicate(timeout=60)[1]
        self.assertNotEqual(job.returncode, 0, told)
        self.alone("--resume", "a.h5", "--walltime", "0.01s", check=75)

    def test_a_full_disk_at_the_root_ends_all(self):
        limited = f"if [ $OMPI_COMM_WORLD_RANK = 0 ]; then ulimit -f 60; fi; exec {WITH_MPI} run sheet.yaml -q -o a.h5 --threads 1"
        begun = time.monotonic()
        job = self.run_here(mpirun(3, "bash", "-c", limited), check=5)
        self.assertLess(time.monotonic() - begun, 30.0)
        self.assertIn("a.h5.part: error: ", job.stderr)
        self.assertIn("ends the job", job.stderr)
        self.assertFalse((self.folder / "a.h5").exists())


if __name__ == "__main__":
    if not WITH_MPI or not MPIRUN:
        print("skipped: no program with MPI, or no mpirun (Debian: libopenmpi-dev, openmpi-bin)")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
