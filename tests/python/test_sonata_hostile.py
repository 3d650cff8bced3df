"""SONATA files that are wrong or were made to hurt: refused in words that name file, dataset and remedy, at
once and without taking memory.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

import sonata_circuit

RESPINE = os.environ["RESPINE"]
INPUT, USAGE = 3, 2
MEMORY = 1 << 20  # kB at most, of a program that sanitizers may have made larger


def change(path, name, values, **attributes):
    """Another dataset in the place of this one."""
    with h5py.File(path, "a") as file:
        kept = dict(file[name].attrs) if name in file else {}
        if name in file:
            del file[name]
        file[name] = values
        for key, value in {**kept, **attributes}.items():
            file[name].attrs[key] = value


class HostileSonata(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        sonata_circuit.write_circuit(self.folder)

    def refused(self, message, network=sonata_circuit.FILES, code=INPUT):
        (self.folder / "a.yaml").write_text(sonata_circuit.SCENARIO.format(network=network), encoding="utf-8")
        result = subprocess.run([RESPINE, "run", "a.yaml", "--dry-run"], cwd=self.folder, capture_output=True,
                                text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, MEMORY)
        self.assertIn(message, result.stderr)

    def changed(self, file, name, values, message, **attributes):
        with self.subTest(message=message):
            whole = (self.folder / file).read_bytes()
            change(self.folder / file, name, values, **attributes)
            self.refused(message)
            (self.folder / file).write_bytes(whole)

    def test_node_ids(self):
        n = sonata_circuit.NEURONS
        ids = np.arange(n)
        for values, message in (
            (
                np.where(ids == 7, -1, ids),
                "nodes.h5: error: dataset /nodes/v1/node_id[7] is -1; ids are not negative"
            ),
            (
                np.where(ids == 7, 6, ids),
                "nodes.h5: error: dataset /nodes/v1/node_id[7] is 6, which stands twice"
            ),
            (ids.astype("f8"), "dataset /nodes/v1/node_id wants one dimension of whole numbers"),
            (ids.astype("S4"), "dataset /nodes/v1/node_id wants one dimension of whole numbers"),
            (ids.reshape(2, -1), "dataset /nodes/v1/node_id wants one dimension of whole numbers"),
            (
                ids[:-1],
                "dataset /nodes/v1/node_id has 119 values, node_type_id has 120; both want one a node"
            ),
        ):
            self.changed("nodes.h5", "nodes/v1/node_id", values, message)

    def test_groups_of_nodes(self):
        ones = np.ones(sonata_circuit.NEURONS, int)
        for name, values, message in (
            ("node_group_index", 1000 * ones, "node_group_index[0] is 1000; /nodes/v1/"),
            ("node_group_index", -ones, "node_group_index[0] is -1; /nodes/v1/"),
            (
                "node_group_index", ones[:5],
                "dataset /nodes/v1/node_group_index has 5 values, node_type_id has 120"
            ),
            ("0/x", np.array(["here"] * 108, "S5"), "'here' is not a position in um"),
            ("0/x", np.full(108, np.nan), "'nan' is not a position in um"),
            ("0/x", np.full(108, 1e30), "is not a position in um"),
            ("0/x", np.zeros((108, 2)), "dataset /nodes/v1/0/x wants one dimension"),
            ("0/x", np.zeros(108, "f2"), "dataset /nodes/v1/0/x does not hold plain numbers"),
        ):
            self.changed("nodes.h5", f"nodes/v1/{name}", values, message)

    def test_ends_of_edges(self):
        with h5py.File(self.folder / "edges.h5") as file:
            source = file["edges/v1_to_v1/source_node_id"][:].astype("i8")
        for values, message, attributes in (
            (np.where(source == source[9], 120, source), "/edges/v1_to_v1/source_node_id[", {}),
            (
                np.where(source == source[9], 120, source),
                "] is 120; population 'v1' has no such node among its 120", {}
            ),
            (-source - 1, "; population 'v1' has no such node", {}),
            (source.astype("u8") + (1 << 63), "is 9223372036854775807; population 'v1' has no such node", {}),
            (
                source.astype("f4"),
                "dataset /edges/v1_to_v1/source_node_id wants one dimension of whole numbers", {}
            ),
            (source[:-1], "dataset /edges/v1_to_v1/target_node_id has", {}),
            (
                source, "dataset /edges/v1_to_v1/source_node_id has no text attribute node_population",
                {"node_population": 3}
            ),
            (source, "there is no edge between two neurons", {"node_population": "elsewhere"}),
        ):
            self.changed("edges.h5", "edges/v1_to_v1/source_node_id", values, message, **attributes)

    def test_claims_without_content(self):
        for name, file in (
            ("nodes/v1/node_type_id", "nodes.h5"), ("edges/v1_to_v1/source_node_id", "edges.h5")
        ):
            for options in ({}, {"chunks": (1 << 16, ), "compression": "gzip"}):
                with self.subTest(name=name, options=options):
                    whole = (self.folder / file).read_bytes()
                    with h5py.File(self.folder / file, "a") as changed:
                        del changed[name]
                        changed.create_dataset(name, (1 << 33,), "u8", **options)
                    self.refused(f"dataset /{name} claims more than the file holds")
                    (self.folder / file).write_bytes(whole)

    def test_parts_that_are_missing_or_elsewhere(self):
        self.refused("edges.h5: error: there is no population in /nodes: is it a SONATA nodes file?",
                     "{kind: file, file: edges.h5, nodes: edges.h5}")
        self.refused("nodes.h5: error: there is no population in /edges: is it a SONATA edges file?",
                     sonata_circuit.FILES.replace("edges.h5", "nodes.h5"))
        self.refused("SONATA edges need their nodes", "{kind: file, file: edges.h5}")
        self.refused("none.h5: error: no such file", "{kind: file, file: edges.h5, nodes: none.h5}")
        with h5py.File(self.folder / "link.h5", "w") as file:
            file["nodes/v1"] = h5py.ExternalLink("nodes.h5", "/nodes/v1")
        self.refused("there is no dataset /nodes/v1/node_type_id; SONATA wants it",
                     "{kind: file, file: edges.h5, nodes: link.h5}")
        with h5py.File(self.folder / "virtual.h5", "w") as file:
            layout = h5py.VirtualLayout(shape=(120,), dtype="u4")
            layout[:] = h5py.VirtualSource("nodes.h5", "nodes/v1/node_type_id", shape=(120,))
            file.create_virtual_dataset("nodes/v1/node_type_id", layout)
        self.refused("claims more than the file holds, lies elsewhere",
                     "{kind: file, file: edges.h5, nodes: virtual.h5}")
        (self.folder / "text.h5").write_text("no HDF5", encoding="ascii")
        self.refused("text.h5: error: not a readable HDF5 file",
                     "{kind: file, file: edges.h5, nodes: text.h5}")

    def test_tables_of_types(self):
        for text, message in (
            (
                sonata_circuit.NODE_TYPES + "103 i NULL nrn:IntFire1 point_process LIF_inh NULL\n",
                "node_types.csv:6: error: type 103 stands twice"
            ),
            (
                "node_type_id ei model_name\n100 e\n",
                "node_types.csv:2: error: the line has 2 cells, the header 3"
            ),
            ('node_type_id ei\n100 "e\n', "node_types.csv:2: error: a quote is not closed"),
            (
                "id ei\n100 e\n",
                "node_types.csv: error: there is no column 'node_type_id'; the header has ei, id"
            ),
            ("", "node_types.csv: error: is empty"),
        ):
            with self.subTest(message=message):
                (self.folder / "node_types.csv").write_text(text, encoding="ascii")
                self.refused(message)

    def test_cell_types_that_say_nothing_are_told_at_once(self):
        self.refused(
            "nodes.h5: error: cell types that say neither E, PV, SST nor VIP: 'LIF_inh' (12 neurons, ei i); "
            "say in the scenario what they are, such as "
            "network: {types: {'LIF_inh': PV}}", sonata_circuit.FILES.replace(", types: {LIF_inh: SST}", ""))
        self.refused(
            "cell types that say neither E, PV, SST nor VIP: '100' (50 neurons), '101' (40 neurons), '102' "
            "(18 neurons), '103' (12 neurons)",
            "{kind: file, file: edges.h5, nodes: nodes.h5}")
        self.refused(
            "'network.types' names 'LIF_ihn', which is no cell type of this file; did you mean 'LIF_inh'?",
            sonata_circuit.FILES.replace("LIF_inh:", "LIF_inh: PV, LIF_ihn:"))
        self.refused("must be one of E, PV, SST, VIP, got 'SSt'; did you mean 'SST'?",
                     sonata_circuit.FILES.replace("SST", "SSt"), USAGE)
        self.refused("'network.types' has no meaning for kind sheet",
                     "{kind: sheet, neurons: 100, synapses_per_neuron: 20, types: {a: PV}}", USAGE)

    def test_circuit_configs(self):
        good = json.loads((self.folder / "circuit_config.json").read_text(encoding="ascii"))
        for keys, value, message in (
            (
                ["manifest", "$NETWORK_DIR"], "$NETWORK_DIR/x",
                "the variables of 'manifest' stand for each other without end"
            ),
            (
                ["manifest", "$NETWORK_DIR"], "$BASEDIR",
                "there is no variable 'BASEDIR' in 'manifest'; did you mean 'BASE_DIR'?"
            ),
            (["manifest", "$NETWORK_DIR"], 3, "'$NETWORK_DIR' wants text, got 3"),
            (["manifest"], [], "'manifest' wants a map of variables"),
            (["networks", "nodes"], {}, "'networks.nodes' wants a list of maps with 'nodes_file'"),
            (["networks"], None, "'networks.nodes' wants a list of maps with 'nodes_file'"),
            (["networks", "edges"], [{}], "an entry of 'networks.edges' has no 'edges_file'"),
            (["networks", "edges"], [7], "an entry of 'networks.edges' has no 'edges_file'"),
            (
                ["networks", "nodes"], good["networks"]["nodes"][:1] * 2,
                "population 'v1' stands in another nodes file too"
            ),
            (["networks", "edges"], [{"edges_file": "gone.h5"}], "gone.h5: error: no such file"),
        ):
            with self.subTest(message=message):
                config = json.loads(json.dumps(good))
                at = config
                for key in keys[:-1]:
                    at = at[key]
                at[keys[-1]] = value
                (self.folder / "circuit_config.json").write_text(json.dumps(config), encoding="ascii")
                self.refused(message, sonata_circuit.NETWORK)
        for text in ("", "{", "[1]", "[" * 100000, "\xff"):
            (self.folder / "circuit_config.json").write_text(text, encoding="latin1")
            self.refused("circuit_config.json: error: is no JSON map", sonata_circuit.NETWORK)
        (self.folder / "circuit_config.json").unlink()
        os.mkfifo(self.folder / "circuit_config.json")
        self.refused("circuit_config.json: error: is a ", sonata_circuit.NETWORK)


if __name__ == "__main__":
    sys.exit(unittest.main())
