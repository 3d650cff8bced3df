"""How strong each projection of the spiking network is: summed peak conductance [nS] that all synapses from
one type bring a cell of another, {target: {source: nS}}; of excitation, the AMPA part.

`published` takes it from a published network that knows nothing of ketamine. `sheet` gives the projections
the proportions of respine's own weights, which were searched for the response to ketamine, so it asks what
spikes alone change.
"""

from wiring import TYPES

OPERATING = 8.0  # mV below threshold: about where cells of these networks sit


def published(parameters, shares):
    """The published network has AMPA receptors only; NMDA receptors take over their share of that charge."""
    table = parameters["published"]
    kept = {t: {"E": 1 - shares[t], "PV": 1, "SST": 1} for t in TYPES}
    return {t: {s: kept[t][s] * table[t][s][0] * table[t][s][1] for s in TYPES} for t in TYPES}


def operating_point(parameters, target):
    return parameters["cells"][target]["threshold"] - OPERATING


def charge(parameters, shares, target, source):
    """Mean current [pA] at the operating point of 1 nS of summed peak conductance at 1 Hz, NMDA included."""
    reversal, decay = parameters["synapses"]["reversal"], parameters["synapses"]["decay"][source] / 1000
    point = operating_point(parameters, target)
    if source == "E":
        return (reversal["excitation"] - point) * decay / (1 - shares[target])
    return (point - reversal["inhibition"]) * decay


def rheobase(parameters, target):
    cell = parameters["cells"][target]
    return cell["leak"] * (cell["threshold"] - cell["rest"])


def sheet(parameters, shares, rates, weights):
    """From respine's weights, {target: {source: 1/Hz}}. One unit of its input is as many pA that the
    inhibition of an E cell is as in `published`; other types in proportion to the current that brings them to
    threshold.
    """
    known = published(parameters, shares)["E"]
    inhibition = sum(known[s] * rates[s] * charge(parameters, shares, "E", s) for s in ("PV", "SST"))
    unit = inhibition / sum(weights["E"][s] * rates[s] for s in ("PV", "SST"))
    found = {}
    for t in TYPES:
        of_type = unit * rheobase(parameters, t) / rheobase(parameters, "E")
        found[t] = {s: of_type * weights[t][s] / charge(parameters, shares, t, s) for s in TYPES}
    return found


def of_network(kind, parameters, shares, rates, wiring):
    if kind == "published":
        return published(parameters, shares)
    weights = {t: {s: wiring.per_target(wiring.projection(s, t), t) for s in TYPES} for t in TYPES}
    return sheet(parameters, shares, rates, weights)


def input_needed(parameters, strengths, shares, rates, target):
    """Events [1/s] of the Poisson input that hold a cell at its operating point while all others fire at
    their baseline: where the search for the drug-free state begins.
    """
    cell = parameters["cells"][target]
    current = {s: strengths[target][s] * rates[s] * charge(parameters, shares, target, s) for s in TYPES}
    depth = operating_point(parameters, target) - cell["rest"]
    outward = (cell["leak"] + cell["adaptation"]) * depth + current["PV"] + current["SST"]
    event = external_event(parameters, target) * charge(parameters, shares, target, "E")
    return max(outward - current["E"], 0.2 * outward) / event


def external_event(parameters, target):
    """AMPA conductance [nS] of one event of the Poisson input: what moves a cell just below threshold by the
    published size of one synapse.
    """
    synapses, cell = parameters["synapses"], parameters["cells"][target]
    pull = synapses["reversal"]["excitation"] - cell["threshold"]
    return synapses["external"]["value"] * cell["capacitance"] / (synapses["decay"]["E"] * pull)
