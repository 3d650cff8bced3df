#!/usr/bin/env python3
"""Rate neurons in NEST: prints nanoseconds per synapse and step.

usage: nest_rate.py NEURONS INPUTS THREADS
"""
import sys
import time

import nest

neurons, inputs, threads = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
nest.set_verbosity("M_WARNING")
nest.local_num_threads = threads
nest.resolution = 1.0
cells = nest.Create("lin_rate_ipn", neurons, params={"tau": 20.0, "sigma": 0.0, "g": 1.0, "rate": 1.0})
nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": inputs},
             {"synapse_model": "rate_connection_delayed", "delay": 1.0, "weight": 0.9 / inputs})


def seconds(steps):
    start = time.perf_counter()
    nest.Simulate(float(steps))
    return time.perf_counter() - start


seconds(2)  # sorts the connections
few, many = 2, 12
extra = -seconds(few) + seconds(many)  # what a call costs besides its steps cancels
print(f"{1e9 * extra / (many - few) / (neurons * inputs):.4f}")
