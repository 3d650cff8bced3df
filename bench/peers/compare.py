#!/usr/bin/env python3
"""The same sums of weighted rates, random sources, in other simulators and here, one after the other; prints
the ratios.

usage: compare.py RESPINE_BENCH [--neurons 100000] [--inputs 100] [--json peers.json]
                  [--into result.json]

Needs Debian's python3-brian and python3-neuron; NEST and RELeARN take part where they are installed.
respine is measured before and after its peers: the two differ by what the machine did meanwhile.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
PYTHON = "/usr/bin/python3"  # the one that Debian's packages belong to


def installed(module):
    return subprocess.run([
        PYTHON, "-c", f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
    ]).returncode == 0


def run(script, *arguments):
    """The number that a script prints, or None with a line saying why."""
    done = subprocess.run([PYTHON, HERE / script, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{script} {' '.join(map(str, arguments))} failed: {done.stderr.strip().splitlines()[-1:]}",
              file=sys.stderr)
        return None
    return float(done.stdout.split()[-1])


def respine(program, neurons, inputs, threads):
    """Nanoseconds per plastic synapse of one gather; the best of three, as the peers' loops run undisturbed
    at best.
    """
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        wanted = f"^gather_plastic/random/neurons:{neurons}/synapses:{inputs}/threads:{threads}/"
        subprocess.run([
            program, f"--benchmark_filter={wanted}", "--benchmark_repetitions=3",
            f"--benchmark_out={out.name}", "--benchmark_out_format=json"
        ], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rows = [r["ns_per_item"] for r in json.load(out)["benchmarks"] if r["run_type"] == "iteration"]
    if not rows:
        sys.exit(
            f"{program} has no benchmark of {neurons} neurons with {inputs} synapses and {threads} threads")
    return min(rows)


def best(*values):
    return min((v for v in values if v is not None), default=None)


def brian2(neurons, inputs, threads):
    if not installed("brian2"):
        print("Brian2: not installed, skipped (python3-brian)")
        return None
    by_order = {
        order: run("brian2_rate.py", neurons, inputs, threads, order) for order in ("source", "target")
    }
    print(f"Brian2, {threads} thread(s): " + ", ".join(f"stored by {o} {v} ns" for o, v in by_order.items()))
    return best(*by_order.values())


def neuron(neurons, inputs):
    if not installed("neuron"):
        print("NEURON: not installed, skipped (python3-neuron)")
        return None
    return run("neuron_rate.py", neurons, inputs)


def add_rows(path, measured, formed, neurons, inputs, threads):
    """Rows of the peers in a result file, as bench/PROBLEM.md says."""
    result = json.loads(path.read_text())
    size = {"neurons": neurons, "inputs": inputs}
    rows = [{"program": name, "kernel": "drive", "topology": "anywhere", "threads": int(t), **size,
             "per_second": 1e9 / ns}
            for name, by_threads in measured.items() if name != "respine"
            for t, ns in by_threads.items() if ns is not None]
    for name, rate in formed.items():
        rows.append({"program": name, "kernel": "formation", "topology": "sheet", "threads": threads, **size,
                     **({"per_second": rate} if rate else {"skipped": "not installed"})})
    result["peers"] = rows
    path.write_text(json.dumps(result, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--neurons", type=int, default=100000)
    parser.add_argument("--inputs", type=int, default=100)
    parser.add_argument("--json",
                        help="keep the numbers for report.py; sizes are added to what the file holds")
    parser.add_argument("--into", help="add what the others reached to this result of respine bench")
    args = parser.parse_args()
    size = f"{args.neurons:,} × {args.inputs:,}"
    measured = {}  # simulator: threads: ns
    threads = sorted({1, os.cpu_count()})
    before = {t: respine(args.program, args.neurons, args.inputs, t) for t in threads}
    measured["brian2"] = {str(t): brian2(args.neurons, args.inputs, t) for t in threads}
    measured["neuron"] = {"1": neuron(args.neurons, args.inputs)}
    measured["nest"] = {str(t): run("nest_rate.py", args.neurons, args.inputs, t)
                        for t in threads} if installed("nest") else {}
    if not measured["nest"]:
        print("NEST: not installed, skipped")
    formed = {"nest": run("nest_formation.py", args.neurons, args.inputs, threads[-1])
              if installed("nest") else None,
              "relearn": run("relearn_formation.py", args.neurons, args.inputs, threads[-1])
              if shutil.which("relearn") else None}
    if not shutil.which("relearn"):
        print("RELeARN: not installed, skipped")
    after = {t: respine(args.program, args.neurons, args.inputs, t) for t in threads}
    measured["respine"] = {str(t): 0.5 * (before[t] + after[t]) for t in threads}

    print(
        f"\nns per synapse and step, {size} random inputs\n\n| | threads | ns | over respine |\n"
        "|---|---:|---:|---:|"
    )
    for name, by_threads in measured.items():
        for t, ns in by_threads.items():
            if ns is not None:
                print(f"| {name} | {t} | {ns:.3f} | {ns / measured['respine'][t]:.1f} |")
    print("\nrespine before and after its peers: " +
          ", ".join(f"{t} thread(s) {before[t]:.3f} and {after[t]:.3f} ns" for t in before))
    if args.into:
        add_rows(pathlib.Path(args.into), measured, formed, args.neurons, args.inputs, threads[-1])
    if args.json:
        path = pathlib.Path(args.json)
        kept = json.loads(path.read_text()) if path.exists() else {}
        for name, by_threads in measured.items():
            for t, ns in by_threads.items():
                if ns is not None:
                    kept.setdefault(name, {}).setdefault(t, {})[size] = ns
        path.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
