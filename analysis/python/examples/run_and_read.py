"""Run two arms into files, and read them with pandas, xarray, SciPy and NetworkX.

usage: run_and_read.py [FOLDER]
"""

# %% Two arms of one stressed network: the same seed, so the same random numbers
import pathlib
import sys

import networkx as nx
import numpy as np

import respine

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
small = {
    "network.neurons": 600, "network.synapses_per_neuron": 60, "start": "-1 d", "duration": "4 d",
    "record.snapshots": ["0 h", "3 d"], "imaging.sessions": []
}
files = {}
for arm, scenario in (("vehicle", "mouse-vehicle"), ("ketamine", "mouse-ketamine-10mgkg")):
    files[arm] = respine.run(respine.Scenario(scenario, small), folder / f"{arm}.h5", force=True)

# %% pandas: one column a series, units in attrs
runs = {arm: respine.open_run(path) for arm, path in files.items()}
for arm, run in runs.items():
    table = run.table()
    peak, end, unit = table["glutamate"].max(
    ), table["spine_density"].iloc[-1], table.attrs["units"]["glutamate"]
    print(f"{arm}: {peak:.2f} {unit} glutamate at most, {end:.1f} % of healthy spines at the end")

# %% xarray: labelled dimensions
snapshots = runs["ketamine"].dataset("snapshots")
print("mTORC1 at 3 d, mean over neurons:", float(snapshots["mtorc1"].sel(time=72.0).mean()))

# %% SciPy and NetworkX: the graph of plastic synapses at the last snapshot
matrix = runs["ketamine"].synapses(-1)
# rows are targets; NetworkX wants sources
graph = nx.from_scipy_sparse_array(matrix.T, create_using=nx.DiGraph)
print(
    f"{graph.number_of_nodes()} excitatory neurons, {matrix.nnz} synapses between {graph.number_of_edges()} "
    f"pairs, reciprocity {nx.reciprocity(graph):.4f}, partners "
    f"{np.mean([degree for _, degree in graph.in_degree()]):.1f}")

# %% Change one number: stress that lets in-degrees fall further
worse = respine.Scenario("mouse-vehicle", {**small, "stress.severity": 1.5})
print("spine density at severity 1.5:", round(respine.Simulation(worse).look()["spine_density"], 1),
      "% of healthy")
for run in runs.values():
    run.close()
