"""A Slurm of our own: one node, munge and all, in one folder. Every process is a descendant of this one."""

import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

# Four tasks at a time whatever the machine has, a task to a processor. A credential is valid for cred_expire,
# and for as long a requeued task waits.
SLURM_CONF = """ClusterName=respine
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=10
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,sched_min_interval=0,bf_interval=2
ReturnToService=2
MessageTimeout=60
BatchStartTimeout=60
KillWait=20
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def call(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, **options)


def wait_for(what, holds, seconds=100):
    """The first value of `holds` that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := holds():
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {what}")


def descendants(pid):
    found = []
    for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in children.read_text(encoding="utf-8").split():
                found += [int(child), *descendants(int(child))]
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            pass
    return found


def end_all():
    """Orphans come to this process (PR_SET_CHILD_SUBREAPER), so in the end nothing is below it."""
    while below := descendants(os.getpid()):
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        time.sleep(0.02)


class Slurm:
    def __init__(self, folder):
        self.folder = folder
        self.daemons = []
        with socket.socket() as a, socket.socket() as b:
            for s in (a, b):
                s.bind(("127.0.0.1", 0))
            ports = a.getsockname()[1], b.getsockname()[1]
        host = socket.gethostname().split(".")[0]
        (folder / "slurm.conf").write_text(SLURM_CONF.format(host=host, ports=ports, folder=folder),
                                           encoding="utf-8")
        # nothing uses it; to look for another one fails in a container
        (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n", encoding="utf-8")
        (folder / "state").mkdir()
        (folder / "spool").mkdir()
        key = folder / "munge.key"
        key.touch(0o600)
        key.write_bytes(os.urandom(128))
        os.environ["SLURM_CONF"] = str(folder / "slurm.conf")

    def start(self):
        self.daemon(
            "munged", "--foreground", "--origin=127.0.0.1",
            *(f"--{what}={self.folder}/munge.{what.split('-')[0]}"
              for what in ("key-file", "socket", "pid-file", "log-file", "seed-file")))
        wait_for("munged", (self.folder / "munge.socket").exists, 30)
        self.daemon("slurmctld", "-D")
        self.daemon("slurmd", "-D")
        wait_for("an idle node", lambda: call("sinfo", "-h", "-o", "%T").stdout.strip() == "idle", 60)

    def daemon(self, name, *words):
        # PR_SET_PDEATHSIG: also when this process has no time to clear up
        dies_with_us = lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        with open(self.folder / f"{name}.out", "wb") as out:
            # A session of its own: Ctrl-C is for the test alone.
            self.daemons.append(subprocess.Popen(
                [shutil.which(name), *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=dies_with_us
            ))
