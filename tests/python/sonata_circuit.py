"""A small circuit in the layout of the Allen Institute's SONATA examples, to be imported."""

import json
import pathlib

import h5py
import numpy as np

NODE_TYPES = """\
node_type_id ei model_processing model_template model_type model_name model_processing
100 e NONE nml:Cell_1.cell.nml biophysical Scnn1a aibs_perisomatic
101 e NONE "nml:Cell 2.cell.nml" biophysical Rorb aibs_perisomatic
102 i NONE nml:Cell_3.cell.nml biophysical PV1 aibs_perisomatic
103 i NULL nrn:IntFire1 point_process LIF_inh NULL
"""
VIRTUAL_TYPES = "node_type_id ei model_type model_template location\n100 e virtual NULL LGN\n"
TYPE_OF = {100: "E", 101: "E", 102: "PV", 103: "SST"}
NEURONS, VIRTUAL = 120, 15
SCENARIO = """\
name: circuit
model: mouse
start: -6 h
duration: 12 h
network: {network}
stress: {{severity: 0}}
record: {{history: 1 h, snapshots: [-6 h, 0 h, 1 h, 2 h, 6 h]}}
"""
NETWORK = "{kind: file, file: circuit_config.json, types: {LIF_inh: SST}}"
FILES = "{kind: file, file: edges.h5, nodes: nodes.h5, node_types: node_types.csv, types: {LIF_inh: SST}}"


def root(file):
    file.attrs["magic"] = np.uint32(0x0A7A)
    file.attrs["version"] = np.array([0, 1], "u4")


def node_types(rng):
    return rng.permutation([100] * 50 + [101] * 40 + [102] * 18 + [103] * 12)


def write_nodes(path, dtype="u4", seed=1):
    """Two node groups, as biophysical and point neurons have different attributes; ids in no order."""
    rng = np.random.default_rng(seed)
    types = node_types(rng)
    group = (types == 103).astype(int)
    index = np.zeros(NEURONS, int)
    for g in (0, 1):
        index[group == g] = rng.permutation(np.count_nonzero(group == g))
    position = rng.uniform(0, 400, (NEURONS, 3)).round(3).astype("f4")
    node_id = rng.permutation(NEURONS)
    with h5py.File(path, "w") as file:
        root(file)
        v1 = file.create_group("nodes/v1")
        for name, values in {
                "node_id": node_id, "node_type_id": types, "node_group_id": group, "node_group_index": index
        }.items():
            v1.create_dataset(name, data=values.astype(dtype), compression="gzip" if dtype == "u8" else None)
        for g in (0, 1):
            for axis in range(3):
                values = np.empty(np.count_nonzero(group == g), "f8" if g else "f4")
                values[index[group == g]] = position[group == g, axis]
                v1.create_dataset(f"{g}/{'xyz'[axis]}", data=values)
        v1.create_dataset("0/rotation_angle_zaxis", data=np.zeros(np.count_nonzero(group == 0)))
        v1.create_group("0/dynamics_params")
    return {int(i): (TYPE_OF[int(t)], tuple(p)) for i, t, p in zip(node_id, types, position)}


def ranges(ids, nodes):
    """The index of SONATA over edges in any order: one range an edge."""
    slices, found = np.full((nodes, 2), -1, "i8"), []
    for node in range(nodes):
        edges = np.flatnonzero(ids == node)
        if len(edges):
            slices[node] = len(found), len(found) + len(edges)
            found += [(e, e + 1) for e in edges]
    return slices, np.array(found, "i8").reshape(-1, 2)


def write_population(file, name, source, target, edges, dtype):
    to = file.create_group(f"edges/{name}")
    group = np.arange(len(edges)) % 2
    index = np.arange(len(edges)) // 2
    columns = {
        "source_node_id": edges[:, 0], "target_node_id": edges[:, 1], "edge_type_id": 100 + group,
        "edge_group_id": group, "edge_group_index": index
    }
    for column, values in columns.items():
        to.create_dataset(column, data=values.astype(dtype))
    to["source_node_id"].attrs["node_population"] = source          # h5py: variable length
    to["target_node_id"].attrs["node_population"] = np.bytes_(target)  # fixed length
    to.create_dataset("0/syn_weight", data=np.full(np.count_nonzero(group == 0), 0.5))
    to.create_dataset("1/delay", data=np.full(np.count_nonzero(group == 1), 2.0))
    for side, way in enumerate(("source_to_target", "target_to_source")):
        slices, found = ranges(edges[:, side], int(edges.max()) + 1)
        to.create_dataset(f"indices/{way}/node_id_to_ranges", data=slices)
        to.create_dataset(f"indices/{way}/range_to_edge_id", data=found)


def write_edges(path, dtype="u4", seed=1):
    rng = np.random.default_rng(seed)
    pairs = np.array([(s, t) for t in range(NEURONS) for s in rng.choice(NEURONS, 14, replace=False)
                      if s != t])
    with h5py.File(path, "w") as file:
        root(file)
        write_population(file, "v1_to_v1", "v1", "v1", rng.permutation(pairs), dtype)
    return {(int(s), int(t)) for s, t in pairs}


def write_virtual(folder, dtype="u4"):
    with h5py.File(folder / "lgn_nodes.h5", "w") as file:
        root(file)
        file["nodes/lgn/node_type_id"] = np.full(VIRTUAL, 100, dtype)
    with h5py.File(folder / "lgn_v1_edges.h5", "w") as file:
        root(file)
        write_population(file, "lgn_to_v1", "lgn", "v1", np.array([(k % VIRTUAL, k) for k in range(60)]),
                         dtype)
    (folder / "lgn_node_types.csv").write_text(VIRTUAL_TYPES, encoding="ascii")


def write_circuit(folder, dtype="u4"):
    """Nodes by id as (type, position), and the set of edges."""
    folder = pathlib.Path(folder)
    nodes, edges = write_nodes(folder / "nodes.h5", dtype), write_edges(folder / "edges.h5", dtype)
    (folder / "node_types.csv").write_text(NODE_TYPES, encoding="ascii")
    write_virtual(folder, dtype)
    config = {
        "manifest": {"$BASE_DIR": "${configdir}", "$NETWORK_DIR": "$BASE_DIR/."},
        "networks": {
            "nodes": [
                {"nodes_file": "$NETWORK_DIR/nodes.h5", "node_types_file": "${NETWORK_DIR}/node_types.csv"},
                {
                    "nodes_file": "$NETWORK_DIR/lgn_nodes.h5",
                    "node_types_file": "$NETWORK_DIR/lgn_node_types.csv",
                },
            ],
            "edges": [
                {"edges_file": "$NETWORK_DIR/edges.h5", "edge_types_file": None},
                {"edges_file": "lgn_v1_edges.h5", "edge_types_file": "NULL"}
            ],
        },
    }
    (folder / "circuit_config.json").write_text(json.dumps(config), encoding="ascii")
    return nodes, edges
