"""Step through a day after ketamine and draw what a neuron does: the chain from AMPA drive to new synapses,
without a file in between.

usage: step_and_look.py [FIGURE.png]
"""

# %% A stressed mouse with a small network
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import respine

scenario = respine.Scenario(
    "mouse-ketamine-10mgkg", {
        "network.neurons": 1000, "network.synapses_per_neuron": 100, "start": "-2 h", "duration": "26 h",
        "record.snapshots": [], "imaging.sessions": []
    })
sim = respine.Simulation(scenario)
print(sim)

# %% Each step is as long as the drugs allow; the arrays are views, so copy what should stay
history, neuron = [sim.look()], 7
ampa = [sim["ampa"][neuron]]
before = sim.synapses()
while not sim.done:
    sim.step()
    history.append(sim.look())
    ampa.append(sim["ampa"][neuron])

# %% Which synapses came and went in a day
after = sim.synapses("birth")
new = int((after.data > 0).sum())
print(f"{after.nnz} synapses, {new} of them formed since the dose; {before.nnz} before")

# %% Draw
time = np.array([row["time"] for row in history])
figure, axes = plt.subplots(3, 1, sharex=True, figsize=(6, 6), layout="constrained")
for axis, name in zip(axes, ("plasma_ketamine", "bdnf", "spine_density")):
    axis.plot(time, [row[name] for row in history])
    axis.set_ylabel(f"{name.replace('_', ' ')} [{sim.units[name]}]")
axes[0].set_title("1,000 neurons of a stressed mouse, ketamine 10 mg/kg at 0 h")
axes[-1].set_xlabel("time [h]")
figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "step_and_look.png", dpi=120)
