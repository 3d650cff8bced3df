"""Holds respine's rate network against a spiking one (docs/spiking.md): `scripts/spiking` runs it.

usage: spiking.py RESPINE OUT.json [--neurons N] [--synapses K] [--seeds S] [--seconds T] [--no-checks]
       [--jobs J]
"""

import argparse
import concurrent.futures
import copy
import json
import os
import pathlib
import sys
import tempfile
import time
import warnings

import yaml

import strengths
import wiring

HERE = pathlib.Path(__file__).resolve().parent
NETWORKS = ("published", "sheet")
# What else is asked of one seed, and for how many seconds at most: {name: (section, key, value, seconds)}.
CHECKS = {
    "synchronous input": ("synapses", "external", 4.0, 8), "half the step": ("time", "step", 0.1, 8),
    "input that differs": ("synapses", "input_spread", 0.06, 20)
}


def say(text):
    print(text, file=sys.stderr, flush=True)


def respond(task):
    """One spiking network of one seed, in a process of its own."""
    warnings.filterwarnings("ignore")
    os.environ["OMP_NUM_THREADS"] = "1"
    import brian2

    import settle
    brian2.prefs.codegen.target = "cython"
    brian2.BrianLogger.suppress_name("method_choice")
    kind, check, seed, parameters, found, shares, rates, blocks = task
    strong = strengths.of_network(kind, parameters, shares, rates, found)
    told = [time.monotonic()]

    def report(text):
        if time.monotonic() - told[0] > 20:
            told[0] = time.monotonic()
            say(f"  {kind}{', ' + check if check else ''}, seed {seed}: {text}")
    result = settle.respond((found, strong, shares, rates, parameters, seed), blocks, report)
    return {"network": kind, "check": check, "seed": seed, **result}


def with_check(parameters, check):
    changed = copy.deepcopy(parameters)
    if check:
        section, key, value, seconds = CHECKS[check]
        changed[section][key]["value"] = value
        changed["time"]["counted"]["value"] = min(seconds, parameters["time"]["counted"]["value"])
    return changed


def tasks_of(parameters, seeds, sides, checks):
    """`sides`: respine's side by seed."""
    main = [(kind, "", seed) for seed in seeds for kind in NETWORKS]
    extra = [(kind, check, seeds[0]) for check in checks for kind in NETWORKS]
    return [(kind, check, seed, with_check(parameters, check), *sides[seed][0])
            for kind, check, seed in main + extra]


def side_of_respine(respine, folder, parameters, seed):
    """What a spiking network takes from respine, and what respine's own rates do."""
    runs = [wiring.bath(respine, folder, parameters, seed, c) for c in parameters["concentrations"]]
    rows = [wiring.rate_network(run) for run in runs]
    shares, rates = wiring.receptors(runs[0])
    return (wiring.read_wiring(respine, runs[0], seed), shares, rates, [row["block"] for row in rows]), rows


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("respine")
    parser.add_argument("output")
    parser.add_argument("--neurons", type=int)
    parser.add_argument("--synapses", type=int)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, help="simulated, for each of settling and counting")
    parser.add_argument("--no-checks", action="store_true", help="no other input, no half step")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


def settings_of(given):
    parameters = yaml.safe_load((HERE / "parameters.yaml").read_text(encoding="utf-8"))
    parameters["neurons"] = given.neurons or parameters["neurons"]
    parameters["synapses_per_neuron"] = given.synapses or parameters["synapses_per_neuron"]
    if given.seconds:
        for key in ("settling", "counted"):
            parameters["time"][key]["value"] = given.seconds
    return parameters


def main():
    given = arguments()
    parameters, seeds, started = settings_of(given), list(range(1, given.seeds + 1)), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        say(f"respine in a bath at {len(parameters['concentrations'])} concentrations, {len(seeds)} seeds")
        sides = {seed: side_of_respine(given.respine, folder, parameters, seed) for seed in seeds}
    tasks, done = tasks_of(parameters, seeds, sides, () if given.no_checks else CHECKS), []
    with concurrent.futures.ProcessPoolExecutor(given.jobs) as pool:
        for result in pool.map(respond, tasks):
            done.append(result)
            say(f"{len(done)} of {len(tasks)} spiking networks, {time.monotonic() - started:.0f} s")
    _, shares, rates, _ = sides[seeds[0]][0]
    rate = [{"seed": seed, "rows": sides[seed][1]} for seed in seeds]
    table = {
        "neurons": parameters["neurons"], "synapses_per_neuron": parameters["synapses_per_neuron"],
        "concentrations": parameters["concentrations"], "nmda_share": shares, "baseline": rates,
        "seconds": parameters["time"]["counted"]["value"], "rate": rate, "spiking": done
    }
    pathlib.Path(given.output).write_text(json.dumps(rounded(table), indent=1) + "\n", encoding="utf-8")


def rounded(value):
    """Six digits are more than chance leaves certain."""
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [rounded(entry) for entry in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


if __name__ == "__main__":
    main()
