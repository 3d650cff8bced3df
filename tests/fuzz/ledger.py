#!/usr/bin/python3
"""The ledger of the fuzzers: how often each reader was run over made-up input, and what came of it.

usage: ledger.py add READER EXECUTIONS CRASHES    counts a run
       ledger.py show                             a table: what has been run with the sources as they are now
       ledger.py check                            the same; exit 1 where that is less than what is wanted
       ledger.py missing                          each reader and how many executions it still wants

A row of ledger.csv is a reader at one state of its sources: its target, all that this includes, and the .cpp
files of these headers. A change of any of them begins a new row.
"""

import csv
import functools
import hashlib
import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LEDGER = pathlib.Path(__file__).with_name("ledger.csv")
COLUMNS = ("reader", "sources_sha256", "executions", "crashes")
OF_HDF5 = {"run_file", "checkpoint", "sonata"}  # each execution opens files: 2 to 8 ms
WANTED, WANTED_OF_HDF5 = 1_000_000, 300_000


def readers():
    text = (SOURCE / "tests/fuzz/CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"foreach\(reader ([^)]*)\)", text)[1].split()


def wanted(reader):
    return WANTED_OF_HDF5 if reader in OF_HDF5 else WANTED


def includes(path):
    return re.findall(r'^#include "([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)


@functools.cache
def implementations():
    """{header: the .cpp files that include it first}."""
    found = {}
    for top in ("kernels", "sim", "analysis", "tests/fuzz"):
        for path in sorted((SOURCE / top).rglob("*.cpp")):
            if path.name.endswith("_fuzz.cpp"):
                continue  # a target is nobody's implementation
            for header in includes(path)[:1]:
                found.setdefault(header, []).append(str(path.relative_to(SOURCE)))
    return found


def sources_of(reader):
    """Every file of ours that decides what the reader does."""
    found, waiting = set(), [f"tests/fuzz/{reader}_fuzz.cpp"]
    while waiting:
        name = waiting.pop()
        path = SOURCE / name
        if name in found or not path.is_file():
            continue
        found.add(name)
        waiting += includes(path) + implementations().get(name, [])
    return sorted(found)


def digest_of(reader):
    total = hashlib.sha256()
    for name in sources_of(reader):
        total.update(name.encode() + b"\0" + (SOURCE / name).read_bytes())
    return total.hexdigest()[:16]


def rows():
    if not LEDGER.exists():
        return []
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add(reader, executions, crashes):
    table, digest = rows(), digest_of(reader)
    row = next((r for r in table if r["reader"] == reader and r["sources_sha256"] == digest), None)
    if row is None:
        row = dict(zip(COLUMNS, (reader, digest, 0, 0)))
        table.append(row)
    row["executions"] = int(row["executions"]) + executions
    row["crashes"] = int(row["crashes"]) + crashes
    with LEDGER.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def counts():
    """(reader, digest, executions, crashes) of each with its present sources."""
    table = {(r["reader"], r["sources_sha256"]): r for r in rows()}
    for reader in readers():
        digest = digest_of(reader)
        row = table.get((reader, digest), {"executions": 0, "crashes": 0})
        yield reader, digest, int(row["executions"]), int(row["crashes"])


def show():
    """Prints the table; the readers with less than what is wanted."""
    few = []
    print(f"{'reader':<12} {'sources':<16} {'executions':>11} {'wanted':>9} {'crashes':>7}")
    for reader, digest, executions, crashes in counts():
        print(f"{reader:<12} {digest} {executions:>11,} {wanted(reader):>9,} {crashes:>7}")
        if executions < wanted(reader) or crashes:
            few.append(reader)
    return few


def main(words):
    match words:
        case ["add", reader, executions, crashes] if reader in readers():
            add(reader, int(executions), int(crashes))
        case ["show"]:
            show()
        case ["check"]:
            if few := show():
                sys.exit("not enough yet, or crashed: " + ", ".join(few))
        case ["missing"]:
            for reader, _, executions, _ in counts():
                print(reader, max(0, wanted(reader) - executions))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
