#!/usr/bin/env python3
"""Formation in RELeARN: prints synapses formed a second.

usage: relearn_formation.py NEURONS SYNAPSES THREADS     needs its program on the path, as `relearn`

RELeARN pairs vacant elements by a Barnes-Hut approximation of the distance kernel; its own timers tell how
long the connectivity update took, and its log how many synapses that made.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

neurons, synapses, threads = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
vacant = max(1, int(0.05 * synapses))
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([
        "relearn", "--num-neurons", str(neurons), "--steps", "100", "--algorithm", "barnes-hut", "--openmp",
        str(threads), "--log-path", folder, "--synaptic-elements-lower-bound", str(vacant),
        "--synaptic-elements-upper-bound", str(vacant)
    ], check=True, env={**os.environ, "OMP_NUM_THREADS": str(threads)}, capture_output=True)
    text = "\n".join(p.read_text(errors="replace") for p in pathlib.Path(folder).glob("*.txt"))
seconds = re.search(r"Update connectivity\D+([0-9.]+)", text, re.I)
formed = re.search(r"(?:total )?creations\D+(\d+)", text, re.I)
if not seconds or not formed:
    sys.exit("relearn told neither creations nor the time of its connectivity update")
print(f"{int(formed.group(1)) / float(seconds.group(1)):.0f}")
