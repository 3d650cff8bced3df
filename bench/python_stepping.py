"""What stepping from Python costs over `respine run`: CPU seconds of the same simulation, medians of ratios
within one round.

usage: PYTHONPATH=build/release/python /usr/bin/python3 bench/python_stepping.py RESPINE [ROUNDS]

Each round takes the program, then Python that only steps, then Python that also looks at every step.
Recording is turned down, so that the program does little else than step; it still reads its inputs and writes
a file, and Python reads its inputs, within the time that is measured.
"""

import os
import statistics
import subprocess
import sys
import tempfile

import respine

SCENARIO = "mouse-ketamine-10mgkg"
QUIET = {"record.history": "10000 h", "record.snapshots": [], "imaging.sessions": []}
SIZES = {
    "200 x 20": {"network.neurons": 200, "network.synapses_per_neuron": 20},
    "2,000 x 200": {"network.neurons": 2000, "network.synapses_per_neuron": 200}
}


def cpu(times):
    return times.user + times.system + times.children_user + times.children_system


def seconds(action):
    before = cpu(os.times())
    action()
    return cpu(os.times()) - before


def step(settings, look):
    simulation = respine.Simulation(respine.Scenario(SCENARIO, settings), threads=1)
    while not simulation.done:
        simulation.step()
        if look:
            simulation.look()


def run(program, settings, folder):
    words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    subprocess.run(
        [program, "run", SCENARIO, "-q", "--force", "--threads", "1", "-o", f"{folder}/run.h5", *words],
        check=True)


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 7
    print(f"{'network':<12} {'program [s]':>11} {'step / program':>15} {'step + look':>12}")
    with tempfile.TemporaryDirectory() as folder:
        for size, network in SIZES.items():
            settings = {**QUIET, **network}
            taken, ratios, looks = [], [], []
            for _ in range(rounds):
                taken.append(seconds(lambda: run(program, settings, folder)))
                ratios.append(seconds(lambda: step(settings, False)) / taken[-1])
                looks.append(seconds(lambda: step(settings, True)) / taken[-1])
            print(
                f"{size:<12} {statistics.median(taken):>11.2f} {statistics.median(ratios):>15.3f} "
                f"{statistics.median(looks):>12.3f}"
            )


if __name__ == "__main__":
    main()
