"""What bench/run measured: medians over the repetitions of each benchmark."""

import collections
import csv
import itertools
import json
import pathlib
import statistics

Key = collections.namedtuple("Key", "kernel kind neurons synapses threads")
ORDER = ("stream_synapses", "plain_gather", "philox_alone", "publish", "gather_plastic", "gather_fixed",
         "settled_rates", "relaxation", "glutamate", "signalling", "turnover", "turnover_without_loss",
         "loss_of_a_day", "formation", "formation_of_a_day", "generate", "whole_step")


def read(paths):
    """Medians of all counters by benchmark, and the first file's context."""
    documents = [json.loads(pathlib.Path(path).read_text()) for path in paths]
    rows = collections.defaultdict(list)
    for row in itertools.chain.from_iterable(document["benchmarks"] for document in documents):
        if row.get("run_type") != "iteration" or row.get("error_occurred"):
            continue
        kernel, kind, *rest = row["run_name"].split("/")
        number = dict(part.split(":") for part in rest if ":" in part)
        rows[Key(kernel, kind, int(number["neurons"]), int(number["synapses"]),
                 int(number["threads"]))].append(row)
    names = ("ns_per_item", "items", "bytes_per_item", "stream_share", "checksum", "items_per_second")
    found = {}
    for key, group in rows.items():
        found[key] = {n: statistics.median(r[n] for r in group) for n in names if all(n in r for r in group)}
        times = sorted(r["ns_per_item"] for r in group)
        found[key]["spread"] = times[-1 - len(times) // 4] / times[len(times) // 4]
        found[key]["item"] = group[0].get("label", "item")
        found[key]["same"] = len({r["checksum"] for r in group}) == 1
    by_table = sorted(
        found.items(), key=lambda row:
        (-row[0].synapses, row[0].kind == "random", ORDER.index(row[0].kernel.removesuffix("_again"))))
    return documents[0]["context"], dict(by_table)


def read_quiet(path):
    with open(path, newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


class Run:
    def __init__(self, found, threads):
        self.found = found
        self.threads = threads  # all that the machine has
        self.worst_spread = 1.0  # of the rows looked at since it was last set

    def row(self, kernel, neurons, synapses, threads, kind="sheet"):
        """The row of a benchmark, or an empty one. A twin that differs counts as spread."""
        key = Key(kernel, kind, neurons, synapses, threads)
        found, twin = self.found.get(key, {}), self.found.get(key._replace(kernel=kernel + "_again"))
        self.worst_spread = max(self.worst_spread, found.get("spread", 1.0))
        if found and twin:
            apart = twin["ns_per_item"] / found["ns_per_item"]
            self.worst_spread = max(self.worst_spread, apart, 1.0 / apart)
        return found

    def ns(self, *key):
        return self.row(*key).get("ns_per_item")

    def value(self, name, *key):
        return self.row(*key).get(name)


def ratio(a, b):
    return a / b if a and b else None
