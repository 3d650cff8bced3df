"""An error or a death of one rank ends all of them, and leaves a checkpoint that is good."""

import os
import pathlib
import signal
import subprocess
import sys
import time

from faults import preload
from ranks import WITH_MPI, Folder, main, mpirun
from run_contents import contents


def is_gone(process):
    try:
        # dead, and nobody has asked
        return pathlib.Path(f"/proc/{process}/stat").read_text(
            encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


class Failing(Folder):
    def each(self, command, check):
        return self.run_here(mpirun(3, "bash", "-c", command.replace("RESPINE", WITH_MPI)),
                             check=check).stderr

    def test_a_root_that_takes_its_time_to_save_is_waited_for(self):
        told = self.run_here([
            "env", f"LD_PRELOAD={preload('slow_sync', self.folder)}",
            *mpirun(3, WITH_MPI, "run", "-q", "sheet.yaml", "-o", "a.h5", "--walltime", "0.001s")
        ], check=75).stderr
        self.assertEqual(told.count("stopped by --walltime"), 1, told)
        self.assertNotIn("ends the job", told)
        self.alone("--resume", "a.h5")
        self.alone("sheet.yaml", "-o", "one.h5")
        self.same(contents(self.folder / "one.h5"), "a.h5")

    def test_a_save_that_fails_is_no_stop(self):
        self.shared(3, "sheet.yaml", "-o", "a.h5", "--walltime", "0.001s", check=75)
        (self.folder / "a.h5.ckpt.prev/x").mkdir(parents=True)
        told = self.shared(3, "--resume", "a.h5", "--walltime", "0.001s", check=5).stderr
        self.assertEqual(told.count("a.h5.ckpt: error: cannot be renamed"), 1, told)

    def test_ranks_that_read_different_inputs_are_refused(self):
        told = self.each(
            "exec RESPINE run sheet.yaml -q -o a.h5 --threads 1 --seed $((1 + OMPI_COMM_WORLD_RANK / 2))", 3)
        self.assertEqual(told.count("has another scenario than the root; give all ranks the same"), 1, told)
        self.assertEqual(list(self.folder.glob("a.h5*")), [])

    def test_memory_that_one_rank_lacks_ends_the_job_and_leaves_nothing_in_the_way(self):
        told = self.each(
            "if [ $OMPI_COMM_WORLD_RANK = 2 ]; then ulimit -d 30000; fi; exec RESPINE run sheet.yaml -q -o "
            "a.h5 --threads 1",
            4)
        self.assertIn("not enough memory", told)
        self.shared(2, "sheet.yaml", "-o", "a.h5")

    def test_a_name_that_cannot_be_is_an_output_error(self):
        for told in (
            self.shared(2, "sheet.yaml", "-o", "a" * 300 + ".h5", check=5).stderr,
            self.alone("sheet.yaml", "-o", "a" * 300 + ".h5", check=5).stderr
        ):
            self.assertEqual(told.count("File name too long"), 1, told)

    def test_a_launcher_of_another_mpi_is_named(self):
        told = self.run_here(
            ["env", "PMI_RANK=1", "PMI_SIZE=2", WITH_MPI, "run", "sheet.yaml", "-q", "-o", "a.h5"],
            check=2).stderr
        self.assertIn("PMI_RANK says that 2 processes were started, and MPI (Open MPI", told)

    def test_commands_that_start_runs_keep_them_alone(self):
        told = self.run_here(
            mpirun(2, "bash", "-c",
                   f"exec {WITH_MPI} validate --quick --only pk-venous-peak "
                   "--work work-$OMPI_COMM_WORLD_RANK"),
            check=0)
        self.assertEqual(told.stdout.count("pk-venous-peak"), 2, told.stdout)


class Death(Folder):
    LONG = ("sheet.yaml", "--set", "duration=400d", "--set", "clock.longest_structural=30min",
            "--set", "record.synapse_events=false", "--threads", "1")

    def running(self, *words):
        (self.folder / "a.h5.ckpt").unlink(missing_ok=True)
        job = subprocess.Popen(
            mpirun(3, WITH_MPI, "run", "-q", *words, "-o", "a.h5", "--checkpoint-every", "0.2s"),
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(300):
            if (self.folder / "a.h5.ckpt").exists():
                return job
            time.sleep(0.1)
        job.kill()
        self.fail("no checkpoint in 30 s: " + job.communicate()[1])

    def ranks_of(self, job):
        children = subprocess.run(["pgrep", "-P", str(job.pid)], capture_output=True, text=True,
                                  check=False).stdout.split()
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
                print(f"    rank {victim} killed: exit {job.returncode}, all gone after {seconds:.1f} s",
                      file=sys.stderr)
                self.shared(2, "--resume", "a.h5", "--walltime", "0.001s", check=75)

    def test_a_signal_to_mpirun_stops_with_a_checkpoint(self):
        job = self.running(*self.LONG)
        job.send_signal(signal.SIGUSR1)
        told = job.communicate(timeout=60)[1]
        self.assertEqual(job.returncode, 75, told)
        self.assertEqual(told.count("stopped by SIGUSR1"), 1, told)
        self.alone("--resume", "a.h5", "--walltime", "0.001s", check=75)

    def test_a_terminated_mpirun_leaves_a_checkpoint(self):
        """It gives its ranks a second, and has an exit code of its own."""
        job = self.running(*self.LONG)
        job.send_signal(signal.SIGTERM)
        told = job.communicate(timeout=60)[1]
        self.assertNotEqual(job.returncode, 0, told)
        self.alone("--resume", "a.h5", "--walltime", "0.001s", check=75)

    def test_a_full_disk_at_the_root_ends_all(self):
        limited = (f"if [ $OMPI_COMM_WORLD_RANK = 0 ]; then ulimit -f 60; fi; exec {WITH_MPI} run "
                   "sheet.yaml -q -o a.h5 --threads 1")
        begun = time.monotonic()
        job = self.run_here(mpirun(3, "bash", "-c", limited), check=5)
        self.assertLess(time.monotonic() - begun, 30.0)
        self.assertIn("a.h5.part: error: ", job.stderr)
        self.assertIn("ends the job", job.stderr)
        self.assertFalse((self.folder / "a.h5").exists())


if __name__ == "__main__":
    main()
