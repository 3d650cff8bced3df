#!/usr/bin/env python3
"""Counts the instructions of every kernel with callgrind and holds them against budget.csv.

usage: check.py PROGRAM --compiler "GNU 12.2.0" [--update]

Exit 0: no kernel is dearer than its budget and the tolerance. 1: one is, or the list of kernels changed.
77: skipped, because valgrind is missing or the budget was counted with another compiler.
"""
import argparse
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BUDGET = pathlib.Path(__file__).with_name("budget.csv")
TOLERANCE = 0.03
SKIPPED = 77


def plain_environment():
    """As every machine has it: entering a parallel region costs other instructions under other OpenMP
    settings.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_"))}
    return {**kept, "LD_BIND_NOW": "1"}  # no kernel pays for finding its functions


def count(program):
    """Instructions per item of each kernel."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run([
            "valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=" + folder + "/out",
            program
        ], capture_output=True, text=True, env=plain_environment())
        if run.returncode != 0:
            sys.exit(f"{program} failed under valgrind:\n{run.stderr}")
        instructions = {}
        for dump in pathlib.Path(folder).iterdir():
            text = dump.read_text()
            name = re.search(r"^desc: Trigger: Client Request: (\w+)$", text, re.M)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.M)
            if name and total:
                instructions[name[1]] = int(total[1])
    items = dict(line.split(",") for line in run.stdout.split())
    missing = set(items) - set(instructions)
    if missing:
        sys.exit(f"callgrind wrote no count for {', '.join(sorted(missing))}")
    return {name: instructions[name] / int(n) for name, n in items.items()}


def read_budget():
    with open(BUDGET) as file:
        compiler = file.readline().removeprefix("# ").split(",")[0].strip()
        return compiler, {row["kernel"]: float(row["instructions_per_item"]) for row in csv.DictReader(file)}


def write_budget(compiler, counted):
    with open(BUDGET, "w") as file:
        file.write(f"# {compiler}, Release, no vector clones, one thread: written by check.py --update\n")
        file.write("kernel,instructions_per_item\n")
        file.writelines(f"{name},{value:.2f}\n" for name, value in counted.items())


def major(compiler):
    return compiler.split(".")[0]


def compare(budget, counted):
    """Prints the table; how many kernels are dearer than their budget, new or gone."""
    outside = 0
    print(f"{'kernel':24}{'budget':>12}{'counted':>12}{'change':>9}   instructions per item")
    for name in sorted(set(budget) | set(counted)):
        if name not in budget or name not in counted:
            verdict = "not in the budget" if name not in budget else "no longer a kernel"
            print(f"{name:24}{verdict}")
            outside += 1
            continue
        change = counted[name] / budget[name] - 1.0
        verdict = "DEARER" if change > TOLERANCE else ""
        if change < -TOLERANCE:
            verdict = "cheaper: let the budget follow"
        outside += change > TOLERANCE
        print(f"{name:24}{budget[name]:12.2f}{counted[name]:12.2f}{change:+9.1%}   {verdict}")
    return outside


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--update", action="store_true", help="write the counts as the new budget")
    args = parser.parse_args()
    if args.program == "none" or not shutil.which("valgrind"):
        print("skipped: valgrind is not installed" +
              (", or was not when CMake ran" if args.program == "none" else ""))
        return SKIPPED
    if not args.update:
        compiler, budget = read_budget()
        if major(compiler) != major(args.compiler):
            print(f"skipped: the budget was counted with {compiler}, this is {args.compiler}")
            return SKIPPED
    counted = count(args.program)
    if args.update:
        write_budget(args.compiler, counted)
        return 0
    outside = compare(budget, counted)
    if outside:
        print(
            f"{outside} kernels are dearer than their budget by more than {TOLERANCE:.0%}, new or gone; when "
            "that is meant, run bench/instructions/check.py with --update and commit"
        )
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
