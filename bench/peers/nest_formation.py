#!/usr/bin/env python3
"""Formation in NEST's structural plasticity: prints synapses formed a second.

usage: nest_formation.py NEURONS SYNAPSES THREADS

Cells on a sheet grow vacant elements by a Gaussian rule that holds them below their target, so that each
update pairs what is vacant (MSP, Butz and van Ooyen 2013). Timed is the call in which the elements of a day
are paired.
"""
import sys
import time

import nest

neurons, synapses, threads = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
nest.set_verbosity("M_ERROR")
nest.ResetKernel()
nest.local_num_threads = threads
nest.structural_plasticity_update_interval = 100.0  # ms
nest.CopyModel("static_synapse", "growing")
nest.structural_plasticity_synapses = {
    "growing": {"synapse_model": "growing", "post_synaptic_element": "den", "pre_synaptic_element": "axon"}
}
a_day = max(1, int(0.05 * synapses))  # of a twentieth of the synapses, as respine's
element = {"growth_curve": "linear", "growth_rate": 0.0, "z": float(a_day), "eps": 1.0}
cells = nest.Create("iaf_psc_alpha", neurons, params={"synaptic_elements": {"den": element, "axon": element}})
nest.EnableStructuralPlasticity()
before = nest.num_connections
start = time.perf_counter()
nest.Simulate(100.0)
formed = nest.num_connections - before
print(f"{formed / (time.perf_counter() - start):.0f}")
