#!/usr/bin/env python3
"""The same sums in NEURON: prints nanoseconds per synapse and step.

usage: neuron_rate.py NEURONS INPUTS

NEURON's own connections carry spikes. What it has for sums of weighted rates is its sparse Matrix, multiplied
with a Vector: one thread, weights and rates in double.
"""
import random
import sys
import time

from neuron import h

neurons, inputs = int(sys.argv[1]), int(sys.argv[2])
random.seed(1)
weights = h.Matrix(neurons, neurons, 2)
for target in range(neurons):
    for source in random.sample(range(neurons), inputs):
        weights.setval(target, source, (0.5 + random.random()) / inputs)
rate = h.Vector(neurons, 1.0)
STEPS = max(3, 30_000_000 // (neurons * inputs))
weights.mulv(rate)  # first touch
start = time.perf_counter()
for _ in range(STEPS):
    rate = weights.mulv(rate)
seconds = time.perf_counter() - start
print(f"{1e9 * seconds / STEPS / (neurons * inputs):.4f}")
