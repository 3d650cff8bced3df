#!/usr/bin/env python3
"""Rate neurons in Brian2, C++ standalone: prints nanoseconds per synapse and step.

usage: brian2_rate.py NEURONS INPUTS THREADS ORDER     ORDER: source or target, by which synapses are stored
"""
import sys
import tempfile

import brian2 as b
import numpy

neurons, inputs, threads, order = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
STEPS = max(10, 100_000_000 // (neurons * inputs))

rng = numpy.random.default_rng(1)
target = numpy.repeat(numpy.arange(neurons, dtype=numpy.int32), inputs)
source = rng.integers(0, neurons, size=target.size, dtype=numpy.int32)
if order == "source":
    by_source = numpy.argsort(source, kind="stable")
    source, target = source[by_source], target[by_source]

with tempfile.TemporaryDirectory() as folder:
    b.set_device("cpp_standalone", directory=folder, build_on_run=False)
    b.prefs.devices.cpp_standalone.openmp_threads = threads if threads > 1 else 0
    b.defaultclock.dt = 1 * b.ms
    cells = b.NeuronGroup(neurons, "dr/dt = (total - r)/(20*ms) : 1\ntotal : 1", method="euler")
    cells.r = "1 + 0.5*rand()"
    synapses = b.Synapses(cells, cells, "w : 1\ntotal_post = w*r_pre : 1 (summed)")
    synapses.connect(i=source, j=target)
    synapses.w = f"(0.5 + rand())/{inputs}"
    b.run(STEPS * b.ms)
    b.device.build(directory=folder, compile=True, run=True, debug=False)
    seconds = b.device._last_run_time  # the loop over steps alone
    assert numpy.isfinite(cells.r[:]).all()
print(f"{1e9 * seconds / STEPS / target.size:.4f}")
