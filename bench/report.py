#!/usr/bin/python3
"""From what bench/run measured: what is reached, how noisy it was, and pictures.

usage: report.py FOLDER/*.json [--peers peers.json] [--quiet quiet.csv] [--images bench/images] [--readme
bench/README.md]

Every number is the median over the repetitions; every ratio is taken between rows whose repetitions were
shuffled together.
"""
import argparse
import contextlib
import io
import json
import pathlib
import statistics

from measured import Run, ratio, read, read_quiet

BEGIN, END = "<!-- report -->", "<!-- end of report -->"
NOISY = 1.3  # a row whose middle half of repetitions, or whose twin, lies this far apart proves nothing


def drive_rows(run):
    for neurons, synapses in ((100000, 100), (100000, 1000)):
        for kind, words in (("sheet", "sources near"), ("random", "sources anywhere")):
            where = f"{neurons:,} × {synapses:,}, {words}"
            of = lambda kernel, threads: run.ns(kernel, neurons, synapses, threads, kind)
            yield (
                f"drive, all threads, share of streaming: {where}",
                ratio(of("stream_synapses", run.threads), of("gather_plastic", run.threads)), ">=", 0.5
            )
            yield (
                f"drive, one thread, over the plain loop: {where}",
                ratio(of("plain_gather", 1), of("gather_plastic", 1)), ">=", 1.5
            )


def structure_rows(run):
    for neurons, synapses in ((100000, 100), (100000, 1000)):
        yield (
            f"walk, hazard and pruning, over Philox alone: {neurons:,} × {synapses:,}",
            ratio(run.ns("turnover", neurons, synapses, 1), run.ns("philox_alone", neurons, synapses, 1)),
            "<=", 2.5
        )
    yield (
        "CPU of a synapse and structural step [ns]: 100,000 × 1,000", run.ns("turnover", 100000, 1000, 1),
        "<=", 3.0
    )
    step, day = ({n: run.value("items_per_second", kernel, n, 100, 1) for n in (10000, 100000, 1000000)}
                 for kernel in ("formation", "formation_of_a_day"))
    for words, speed in (("a day's worth at once", day),
                         ("a quiet step of half an hour, one synapse for 70 neurons", step)):
        yield (
            f"formation, over RELeARN's 25 k/s: 100,000 neurons, {words}", ratio(speed[100000], 25e3), ">=",
            100.0
        )
        yield (
            f"formation, over NEST's 148 k/s: 10,000 neurons, {words}", ratio(speed[10000], 148e3), ">=", 20.0
        )
        if all(speed.values()):
            yield (
                f"formation, fastest over slowest from 10,000 to 1,000,000 neurons, {words}",
                max(speed.values()) / min(speed.values()), "<=", 1.5
            )
    for neurons in day:
        yield (
            f"a loss, over a formation: {neurons:,} × 100", loss_over_formation(run, neurons, 100), "<=", 1.0
        )


def loss_over_formation(run, neurons, synapses):
    """What a turnover costs more for losing synapses, for each that it loses, over what forming one costs."""
    with_loss, formed = (run.row(k, neurons, synapses, 1) for k in ("loss_of_a_day", "formation_of_a_day"))
    without = run.row("turnover_without_loss", neurons, synapses, 1)
    if not (with_loss and without and formed):
        return None
    # the sweep counts four bytes a synapse
    per_synapse = with_loss["bytes_per_item"] * with_loss["items"] / 4.0
    extra = with_loss["ns_per_item"] * with_loss["items"] - without["ns_per_item"] * per_synapse
    return extra / with_loss["items"] / formed["ns_per_item"]


def whole_rows(run):
    for neurons, synapses in ((100000, 100), (100000, 1000)):
        one, all_ = (run.ns("whole_step", neurons, synapses, t) for t in (1, run.threads))
        share = run.value("stream_share", "whole_step", neurons, synapses, run.threads)
        yield (
            f"whole quiet step, {run.threads} threads over one: {neurons:,} × {synapses:,}", ratio(one, all_),
            ">=", 1.9 * run.threads / 2.0
        )
        yield f"    or its share of the {run.threads}-thread streaming limit", share, ">=", 0.65
    speed = run.value("items_per_second", "generate", 100000, 100, 1)
    yield "generation, M synapses/s on one core: 100,000 × 100", speed and speed / 1e6, ">=", 20.0


def peer_rows(peers):
    ours, brian = peers.get("respine", {}), peers.get("brian2", {})
    for threads, wanted in (("1", 3.0), ("2", 5.0)):
        for size in ours.get(threads, {}):
            # fewer threads may serve it better
            best = min((by_size[size] for t, by_size in brian.items() if t <= threads and size in by_size),
                       default=None)
            yield (
                f"drive over Brian2's best order, {threads} thread(s): {size}, random",
                ratio(best, ours[threads][size]), ">=", wanted
            )
    nest = peers.get("nest", {}).get("1", {})
    for size in ours.get("1", {}):
        yield f"drive over NEST's rate neurons: {size}", ratio(nest.get(size), ours["1"][size]), ">=", 100.0


def verdict(value, sense, wanted, spread):
    if value is None:
        return "not measured"
    if spread > NOISY:
        return f"too noisy: a row differs from itself {spread:.1f} ×"
    return "reached" if (value >= wanted if sense == ">=" else value <= wanted) else "not reached"


def print_reach(run, peers):
    print("| reach | measured | wanted | |\n|---|---:|---:|---|")
    for rows in (drive_rows(run), structure_rows(run), whole_rows(run), peer_rows(peers)):
        run.worst_spread = 1.0
        for words, value, sense, wanted in rows:
            shown = "–" if value is None else f"{value:.2f}" if value < 100 else f"{value:.0f}"
            print(
                f"| {words} | {shown} | {'≥' if sense == '>=' else '≤'} {wanted:g} | "
                f"{verdict(value, sense, wanted, run.worst_spread)} |"
            )
            run.worst_spread = 1.0


def print_limits(run):
    """The limits in absolute figures, so that an implausible one shows."""
    print("\n| limit | size | sources | threads | ns per synapse | GB/s |\n|---|---|---|---:|---:|---:|")
    for key, row in run.found.items():
        if key.kernel in ("stream_synapses", "plain_gather", "philox_alone") and key.neurons == 100000:
            rate = row["bytes_per_item"] / row["ns_per_item"]
            print(
                f"| {key.kernel} | {key.neurons:,} × {key.synapses:,} | {key.kind} | {key.threads} | "
                f"{row['ns_per_item']:.3f} | {f'{rate:.1f}' if rate else '–'} |")


def print_kernels(run, neurons=100000, synapses=100):
    print(f"\n{neurons:,} × {synapses:,}; share: time of streaming the same bytes over the kernel's time\n")
    print("| kernel | sources | item | bytes an item | ns an item, 1 thread | share | "
          f"{run.threads} threads | share | checksum |\n|---|---|---|---:|---:|---:|---:|---:|---:|")
    for key, row in run.found.items():
        other_size = (key.neurons, key.synapses, key.threads) != (neurons, synapses, 1)
        if other_size or key.kernel.endswith("_again"):
            continue
        other = run.found.get(key._replace(threads=run.threads), {})
        percent = lambda r: f"{100 * r['stream_share']:.0f} %" if "stream_share" in r else "–"
        same = (
            row["same"]
            and other.get("same", True)
            and other.get("checksum", row["checksum"]) == row["checksum"]
        )
        print(
            f"| {key.kernel} | {key.kind} | {row['item']} | {row['bytes_per_item']:.1f} | "
            f"{row['ns_per_item']:.3f} | {percent(row)} | {other.get('ns_per_item', float('nan')):.3f} | "
            f"{percent(other)} | {row['checksum']:.8g}{'' if same else ' differs'} |"
        )


def print_noise(run):
    pairs = [
        (
            key,
            row["ns_per_item"]
            / run.found[key._replace(kernel=key.kernel.removesuffix("_again"))]["ns_per_item"]
            - 1.0,
        )
        for key, row in run.found.items()
        if key.kernel.endswith("_again")
        and key._replace(kernel=key.kernel.removesuffix("_again")) in run.found
    ]
    if not pairs:
        return
    worst = max(pairs, key=lambda p: abs(p[1]))
    where = (f"{worst[0].kernel.removesuffix('_again')}, {worst[0].kind}, {worst[0].neurons:,} × "
             f"{worst[0].synapses:,}, {worst[0].threads} threads")
    print(
        f"\nA/A noise (the same benchmark twice in the run, {len(pairs)} pairs): median "
        f"{100 * statistics.median(abs(n) for _, n in pairs):.1f} %, largest {100 * abs(worst[1]):.1f} % "
        f"({where})")


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return "unknown processor"


def print_context(context):
    caches = ", ".join(
        f"L{c['level']}{c['type'][0].lower() if c['type'] != 'Unified' else ''} {c['size'] // 1024:,} KiB"
        for c in context.get("caches", []))
    print(f"\nMachine: {processor()}, {context['num_cpus']} CPUs at {context['mhz_per_cpu']} MHz, {caches}")
    print(
        f"Date {context['date'][:10]}, commit {context.get('revision', 'unknown')}, GCC "
        f"{context.get('compiler', '')}, {context.get('flags', '').strip()}; load at the start "
        f"{', '.join(f'{x:.2f}' for x in context.get('load_avg', []))}")


def put_between_marks(path, text):
    first, rest = path.read_text().split(BEGIN)
    path.write_text(first + BEGIN + "\n" + text + END + rest.split(END)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("json", nargs="+")
    parser.add_argument("--peers", help="what bench/peers/compare.py wrote")
    parser.add_argument("--readme", help="put the report between the marks of this file")
    parser.add_argument("--quiet", help="what bench/quiet.py wrote")
    parser.add_argument("--images", help="folder for roofline.png, scaling.png and quiet.png")
    args = parser.parse_args()
    context, found = read(args.json)
    run = Run(found, context["num_cpus"])
    peers = json.loads(pathlib.Path(args.peers).read_text()) if args.peers else {}
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print_reach(run, peers)
        print_limits(run)
        print_kernels(run)
        print_noise(run)
        print_context(context)
    print(text.getvalue(), end="")
    if args.readme:
        put_between_marks(pathlib.Path(args.readme), text.getvalue())
    if args.images:
        import figures
        figures.draw(run, pathlib.Path(args.images))
        if args.quiet:
            figures.quiet(read_quiet(args.quiet), pathlib.Path(args.images) / "quiet.png")


if __name__ == "__main__":
    main()
