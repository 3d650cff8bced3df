#!/usr/bin/python3
"""What ranks say to each other in a slow step, played through event by event: when does a shared network stop
gaining from more ranks, and what stops it first?

usage: bench/communication.py [--neurons 1e9] [--synapses 1000] [--ranks 1,2,4,16,64,256,1024] [--threads 64]
[--latency 2] [--bandwidth 5] [--straggle 0.05]

Each rank has a clock. It works on its synapses and neurons, sends the rates of its border to its neighbours
in space and waits for theirs; sums of superblocks go from rank to rank where several have one, and then to
all (sim/ranks/rank_share.cpp). A message leaves when its sender is ready and comes after the latency and
its bytes over the bandwidth. Work takes longer by a random factor (`straggle`: its standard deviation; one
rank at a time is slow, as on a shared machine). What the parts cost is measured on one core (docs/mpi.md);
latency and bandwidth are assumed.
"""
import argparse
import math

import numpy

SYNAPSE, NEURON = 1.27e-9, 76e-9  # [s] of a slow step on one core, of a network far beyond its caches
SWEEPS, SUMS = 2.3, 2.5  # a step, and rounds of sums a sweep
GROUPS = (0.8, 0.1, 0.1)  # of the sheet: E, PV and SST cells
SUPERBLOCK = 2**20
VOXEL, PER_VOXEL, MOST_VOXELS = 55e-9, 11.0, 1024 * 1024 * 6  # [s] a step, neurons, of a region
VOXEL_SWEEPS = 54  # a step
MOST_ROWS, FEWEST_ROWS, MOST_BEYOND = 1024, 4, 8  # of a plane; sim/network/voxel_rows.cpp
DENSITY, WIDTH = 90000.0 * 300.0 * 1e-9, 525.0  # neurons per um^2 of the sheet, reach of the kernel [um]
SUM_BYTES = 12 * 144  # of the sums that travel together


def halo_of(neurons, ranks):
    """Neurons around a square patch, and the side of the square of patches that they lie in."""
    patch = math.sqrt(neurons / ranks / DENSITY)
    around = DENSITY * ((patch + 2 * WIDTH)**2 - patch**2)
    return min(around, neurons * (1 - 1 / ranks)), math.ceil(WIDTH / patch)


class Machine:
    def __init__(self, options, ranks):
        self.ranks, self.latency, self.bandwidth = ranks, options.latency * 1e-6, options.bandwidth * 1e9
        self.clock = numpy.zeros(ranks)
        self.draw = numpy.random.default_rng(1)
        self.straggle = options.straggle
        self.spent = {"work": 0.0, "stragglers": 0.0, "halo": 0.0, "sums": 0.0, "voxels": 0.0}

    def part(self, name, before):
        self.spent[name] += self.clock.max() - before

    def work(self, seconds):
        before = self.clock.max()
        late = numpy.exp(self.straggle * self.draw.standard_normal(self.ranks))
        self.clock += seconds * late
        grown = self.clock.max() - before
        self.spent["work"] += min(seconds, grown)
        self.spent["stragglers"] += max(0.0, grown - seconds)

    def halo(self, neurons, reach):
        """From each rank to all within `reach` patches; one message each, into a rank one after the other."""
        if self.ranks == 1:
            return
        before = self.clock.max()
        side = max(1, round(math.sqrt(self.ranks)))
        grid = numpy.full(side * math.ceil(self.ranks / side), -numpy.inf)
        grid[:self.ranks] = self.clock
        grid = grid.reshape(-1, side)
        latest = grid.copy()
        for axis in (0, 1):
            spread = latest.copy()
            for step in range(1, min(reach, latest.shape[axis]) + 1):
                for way in (-step, step):
                    spread = numpy.maximum(spread, numpy.roll(latest, way, axis))
            latest = spread
        self.clock = latest.reshape(-1)[:self.ranks] + self.latency + 4 * neurons / self.bandwidth
        self.part("halo", before)

    def sums(self, neurons):
        """A slice in which a superblock ends sends at once, another when it has heard from the one before."""
        if self.ranks == 1:
            return
        before = self.clock.max()
        hop = self.latency + SUM_BYTES / self.bandwidth
        begin, sent, latest = 0.0, 0.0, 0.0
        for share in GROUPS:
            for ready in self.clock:
                end = begin + share * neurons / self.ranks
                heard = max(ready, sent + hop)
                sent = ready if end // SUPERBLOCK > begin // SUPERBLOCK else heard
                latest, begin = max(latest, heard), end
        values = 8 * neurons / SUPERBLOCK * 12
        self.clock[:] = latest + 2 * math.ceil(math.log2(self.ranks)) * (
            self.latency + values / self.bandwidth)
        self.part("sums", before)

    def voxels(self, count, threads):
        """Mean rates go to all. Ranks with rows settle these and some beyond, hear of their neighbours' rows
        and of the largest change after so many sweeps, and tell the result to all."""
        before = self.clock.max()
        rows = min(MOST_ROWS, math.sqrt(count))
        sharers = max(1, min(self.ranks, int(rows / FEWEST_ROWS)))
        own, settled, talk = rows / sharers, VOXEL * count / sharers / threads, 0.0
        if sharers > 1:
            beyond = min(MOST_BEYOND, int(own / 2))
            settled *= 1 + (beyond - 1) / own
            rounds = VOXEL_SWEEPS / beyond
            border = 4 * 2 * beyond * count / rows / self.bandwidth
            talk = rounds * (self.latency * (1 + 2 * math.ceil(math.log2(self.ranks))) + border)
        told = 2 * 2 * 4 * count / self.bandwidth if self.ranks > 1 else 0.0
        self.clock[:] = before + told + settled + talk
        self.part("voxels", before)


def step(options, ranks):
    machine = Machine(options, ranks)
    halo, reach = halo_of(options.neurons, ranks)
    synapses, neurons = options.neurons * options.synapses / ranks, options.neurons / ranks
    steps = 20
    for _ in range(steps):
        for sweep in range(3):
            share = min(1.0, SWEEPS - sweep) / SWEEPS
            machine.work((SYNAPSE * synapses + 0.5 * NEURON * neurons) * share / options.threads)
            for _ in range(round(SUMS)):
                machine.sums(options.neurons)
            machine.halo(halo, reach)
        machine.voxels(min(options.neurons / PER_VOXEL, MOST_VOXELS), options.threads)
        machine.work(0.5 * NEURON * neurons / options.threads)
        machine.sums(options.neurons)
    return {name: 1e3 * seconds / steps for name, seconds in machine.spent.items()}, halo


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--neurons", type=float, default=1e9)
    parser.add_argument("--synapses", type=float, default=1000)
    parser.add_argument("--ranks", type=lambda text: [int(n) for n in text.split(",")],
                        default=[1, 2, 4, 16, 64, 256, 1024])
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--latency", type=float, default=2.0, help="of a message [us]")
    parser.add_argument("--bandwidth", type=float, default=5.0, help="into a rank [GB/s]")
    parser.add_argument("--straggle", type=float, default=0.05)
    options = parser.parse_args()
    print(f"{options.neurons:.3g} neurons x {options.synapses:.0f}, {options.threads} threads a rank: "
          "ms of a slow step")
    print("| ranks | halo [million] | work | stragglers | halo | sums | voxels | step | efficiency |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    one = None
    for ranks in options.ranks:
        spent, halo = step(options, ranks)
        total = sum(spent.values())
        one = one or total * options.ranks[0]
        print(f"| {ranks:,} | {halo / 1e6:.3f} | {spent['work']:.1f} | {spent['stragglers']:.1f} | "
              f"{spent['halo']:.2f} | {spent['sums']:.2f} | "
              f"{spent['voxels']:.1f} | {total:.1f} | {one / ranks / total:.2f} |")


if __name__ == "__main__":
    main()
