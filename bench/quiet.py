#!/usr/bin/python3
"""What quiet time costs: runs of an undisturbed stressed mouse with more and more synapses, and with an ever
finer history.

usage: quiet.py RESPINE FOLDER      writes FOLDER/quiet.csv; report.py --quiet FOLDER/quiet.csv draws it
"""
import csv
import pathlib
import re
import subprocess
import sys

NEURONS = 10000
TIMES = 3  # each run; the shortest times count, because other programs can only lengthen them
EFFORT = re.compile(
    r"(\d+) slow steps, ([\d.]+) sweeps each \(([\d.]+) s\); (\d+) structural steps, ([\d.]+) ns per "
    r"synapse each \(([\d.]+) s\)"
)
SIZE = re.compile(r"(\d+) plastic and (\d+) fixed synapses")
HISTORY = re.compile(r"history ([\d.]+) s")
COLUMNS = ("synapses_per_neuron", "history_min", "synapses", "slow_steps", "sweeps", "structural_steps",
           "fast_s", "structural_s", "history_s")


def run_once(respine, folder, synapses, history):
    """Effort and times of six days without any treatment."""
    settings = {
        "start": "0 d", "duration": "6 d", "treatments": "[]", "network.neurons": NEURONS,
        "network.synapses_per_neuron": synapses, "record.history": f"{history} min", "record.snapshots": "[]",
        "imaging.sessions": "[]"
    }
    command = [respine, "run", "mouse-vehicle", "-v", "-q", "--force", "-o", str(folder / "quiet.h5")]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    slow, sweeps, fast, structural, _, structure = EFFORT.search(told).groups()
    plastic, fixed = SIZE.search(told).groups()
    effort = (synapses, history, int(plastic) + int(fixed), int(slow), round(int(slow) * float(sweeps)),
              int(structural))
    return effort, tuple(map(float, (fast, structure, HISTORY.search(told)[1])))


def measure(*run):
    efforts, times = zip(*(run_once(*run) for _ in range(TIMES)))
    assert len(set(efforts)) == 1, "the same run took other steps"
    return efforts[0] + tuple(min(t) for t in zip(*times))


def main():
    respine, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    runs = [(k, 60) for k in (50, 100, 200, 400, 800, 1600)] + [(200, m) for m in (5, 15, 30, 120, 720)]
    with open(folder / "quiet.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for run in runs:
            table.writerow(measure(respine, folder, *run))
            file.flush()
    (folder / "quiet.h5").unlink()


if __name__ == "__main__":
    main()
