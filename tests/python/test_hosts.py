"""One job on four hosts: network namespaces of this machine, each with its own address, host name and no way
to the others but the network.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from run_contents import contents, differences

RESPINE = os.environ["RESPINE"]
WITH_MPI = os.environ.get("RESPINE_MPI", "")
HOSTS = 4
NETWORK = "10.213.77"
PREFIX = f"respine{os.getpid() % 10000}"
SKIPPED = 77

SHEET = """\
name: sheet
model: mouse
start: -1 h
duration: 5 h
network: {kind: sheet, neurons: 2000, synapses_per_neuron: 60}
stress: {severity: 1.0}
treatments: [{drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}]
record: {history: 5 min, snapshots: [1 h], synapse_events: true}
imaging: {sessions: [-1 h, 2 h], dendrites: 20}
"""

# What mpirun calls instead of ssh: HOST COMMAND...
LAUNCHER = """\
#!/bin/sh
host=$1
shift
exec ip netns exec {prefix}-${{host##*.}} unshare --uts \\
    sh -c 'hostname node'"${{host##*.}}"'; exec "$@"' sh sh -c "$*"
"""


def ip(*words):
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=False)


def make_hosts():
    """A bridge, and four namespaces on it; the fifth address is mpirun's. False where this is not allowed."""
    bridge = f"{PREFIX}"
    steps = [["link", "add", bridge, "type", "bridge"], ["addr", "add", f"{NETWORK}.254/24", "dev", bridge],
             ["link", "set", bridge, "up"]]
    for n in range(1, HOSTS + 1):
        host, inside, outside = f"{PREFIX}-{n}", f"{PREFIX}i{n}", f"{PREFIX}o{n}"
        steps += [["netns", "add", host], ["link", "add", outside, "type", "veth", "peer", "name", inside],
                  ["link", "set", inside, "netns", host], ["link", "set", outside, "master", bridge],
                  ["link", "set", outside, "up"],
                  ["-n", host, "addr", "add", f"{NETWORK}.{n}/24", "dev", inside],
                  ["-n", host, "link", "set", inside, "up"], ["-n", host, "link", "set", "lo", "up"]]
    return all(ip(*step).returncode == 0 for step in steps)


def drop_hosts():
    for n in range(1, HOSTS + 1):
        ip("netns", "del", f"{PREFIX}-{n}")
    ip("link", "del", PREFIX)


class Hosts(unittest.TestCase):
    def test_four_hosts_run_one_job(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")
            launcher = folder / "launch"
            launcher.write_text(LAUNCHER.format(prefix=PREFIX), encoding="utf-8")
            launcher.chmod(0o755)
            hosts = ",".join(f"{NETWORK}.{n}:1" for n in range(1, HOSTS + 1))
            subprocess.run([RESPINE, "run", "-q", "sheet.yaml", "-o", "one.h5"], cwd=folder, check=True)
            command = [
                "mpirun", "--allow-run-as-root", "--mca", "plm_rsh_agent",
                str(launcher), "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", f"{NETWORK}.0/24",
                "--mca", "oob_tcp_if_include", f"{NETWORK}.0/24", "--mca", "mpi_yield_when_idle", "1",
                "--bind-to", "none", "--host", hosts, "-n",
                str(HOSTS), WITH_MPI, "run", "sheet.yaml", "-o", "many.h5", "--threads", "1"
            ]
            result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                                    timeout=300)
            self.assertEqual(result.returncode, 0, result.stderr)
            print(result.stderr.splitlines()[0], file=sys.stderr)
            self.assertIn("sheet: 4 ranks: 1 on node1, 1 on node2, 1 on node3, 1 on node4", result.stderr)
            self.assertEqual(differences(contents(folder / "one.h5"), contents(folder / "many.h5")), [])


if __name__ == "__main__":
    if not WITH_MPI or not shutil.which("mpirun") or not shutil.which("ip") or os.geteuid() != 0:
        print("skipped: wants a program with MPI, mpirun, ip (Debian: iproute2) and root")
        sys.exit(SKIPPED)
    try:
        if not make_hosts():
            print("skipped: network namespaces are not allowed here")
            sys.exit(SKIPPED)
        unittest.main(verbosity=2)
    finally:
        drop_hosts()
