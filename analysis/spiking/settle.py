"""The drug-free state of a spiking network, and what it does with a drug.

Feedback sets two numbers of each type, before any drug: the rate of its Poisson input, so that it fires at
its baseline, and k, so that NMDA carries the share of the excitatory charge that respine's receptors say.
Then both are frozen.
"""

import numpy as np

from spikes import Copies
from strengths import input_needed
from wiring import TYPES, changed_cells

WINDOW = 0.2  # s between two turns of the feedback
SEARCHERS = 2  # copies that look for the state together
GAIN = 0.12
PARTS = 10  # of the counting, for the progress


def drug_free_state(network, seconds, report):
    """Input [1/s] and k of each type: what the feedback gave on average over its last third."""
    wiring, strengths, shares, rates, parameters, seed = network
    copies = Copies(wiring, strengths, shares, parameters, SEARCHERS, seed)
    turns = max(3, round(seconds / WINDOW))
    drive = {t: np.log(input_needed(parameters, strengths, shares, rates, t)) for t in TYPES}
    ratio = {t: np.log(shares[t] / (1 - shares[t]) / 10) for t in TYPES}
    seen = []
    for turn in range(turns):
        copies.set_state({t: np.exp(drive[t]) for t in TYPES}, {t: np.exp(ratio[t]) for t in TYPES})
        found = mean_rates(wiring, copies.run(WINDOW), WINDOW)
        seen.append([[drive[t] for t in TYPES], [ratio[t] for t in TYPES]])
        gain = GAIN * min(1, 0.3 * turns / (turn + 1))
        for t in TYPES:
            drive[t] -= gain * np.clip(np.log((found[t] + 0.1) / (rates[t] + 0.1)), -1, 1)
            ratio[t] += 0.3 * (np.log(shares[t] / (1 - shares[t]) / copies.nmda_over_ampa(t)) - ratio[t])
        report(f"turn {turn + 1} of {turns}: " + ", ".join(f"{t} {found[t]:.1f} Hz" for t in TYPES))
    last = np.exp(np.mean(seen[-(turns // 3):], axis=0))
    return dict(zip(TYPES, last[0].tolist())), dict(zip(TYPES, last[1].tolist()))


def mean_rates(wiring, counts, seconds):
    return {t: float(counts[..., wiring.members(t)].mean() / seconds) for t in TYPES}


def respond(network, blocks, report):
    """What the network does without drug, once more without drug (chance alone), and under each block."""
    wiring, strengths, shares, _, parameters, seed = network
    drive, ratio = drug_free_state(network, parameters["time"]["settling"]["value"], report)
    none = dict.fromkeys(TYPES, 0.0)
    copies = Copies(wiring, strengths, shares, parameters, 2 + len(blocks), seed + 1000)
    copies.set_state(drive, ratio)
    copies.set_block([none, none, *blocks])
    copies.run(parameters["time"]["before"]["value"])
    counts, seconds = 0, parameters["time"]["counted"]["value"]
    for part in range(PARTS):
        report(f"counting spikes, {100 * part // PARTS} % of {seconds:g} s")
        counts = counts + copies.run(seconds / PARTS)
    rows = [row_of(wiring, row, counts[0], seconds) for row in counts]
    return {"rows": rows, "input": drive, "ratio": ratio, "potential": first_copy_potentials(copies)}


def row_of(wiring, counts, baseline, seconds):
    excitatory = wiring.members("E")
    silent, risen = changed_cells(counts[excitatory], baseline[excitatory])
    return {"rates": mean_rates(wiring, counts, seconds), "silent": silent, "risen": risen}


def first_copy_potentials(copies):
    """Mean and standard deviation over the cells of the drug-free copy, by type."""
    v = np.asarray(copies.group.v[:copies.size])
    return {t: [float(f(v[copies.wiring.members(t)])) for f in (np.mean, np.std)] for t in TYPES}
