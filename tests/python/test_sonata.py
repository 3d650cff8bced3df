"""SONATA in and out: a circuit in the layout of the Allen Institute's examples comes back as it was."""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

import sonata_circuit

RESPINE = os.environ["RESPINE"]
FIELDS = [
    "ampa", "bdnf_excess", "live", "mtorc1", "pool_lagged", "potentiation", "protein_pool", "rate", "trkb",
    "trkb_internalised"
]


def call(folder, *words, wanted=0):
    result = subprocess.run([RESPINE, *words], cwd=folder, capture_output=True, text=True, check=False,
                            timeout=120)
    if result.returncode != wanted:
        raise AssertionError(f"{words}: exit code {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def run(folder, network, name="run"):
    (folder / f"{name}.yaml").write_text(sonata_circuit.SCENARIO.format(network=network), encoding="utf-8")
    return call(folder, "run", f"{name}.yaml", "-o", f"{name}.h5")


def spaced_table(path):
    return list(csv.DictReader(path.read_text(encoding="ascii").splitlines(), delimiter=" "))


def text(value):
    return value.decode() if isinstance(value, bytes) else value


class Sonata(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def exported_nodes(self, folder):
        kinds = {(row["population"], int(row["node_type_id"])): row
                 for row in spaced_table(folder / "node_types.csv")}
        with h5py.File(folder / "nodes.h5") as file:
            self.assertEqual(list(file["nodes"]), ["v1"])
            v1 = file["nodes/v1"]
            self.assertTrue((v1["node_group_id"][:] == 0).all())
            place = v1["node_group_index"][:]
            position = np.stack([v1[f"0/{axis}"][:][place] for axis in "xyz"], axis=1)
            return {
                int(i): (kinds["v1", int(t)]["cell_type"], tuple(p))
                for i, t, p in zip(v1["node_id"], v1["node_type_id"], position)
            }

    def exported_edges(self, folder, population="v1_to_v1"):
        with h5py.File(folder / "edges.h5") as file:
            edges = file[f"edges/{population}"]
            return list(zip(edges["source_node_id"][:].tolist(), edges["target_node_id"][:].tolist()))

    def test_a_circuit_comes_back_as_it_was_for_every_width_of_its_numbers(self):
        for dtype in ("u1", "u4", "u8", "i8", ">i4"):
            with self.subTest(dtype=dtype):
                folder = self.folder / dtype.strip(">")
                folder.mkdir()
                nodes, edges = sonata_circuit.write_circuit(folder, dtype)
                told = run(folder, sonata_circuit.NETWORK)
                self.assertIn("population 'lgn': 15 virtual nodes are left out", told.stderr)
                self.assertIn("60 edges of virtual nodes are left out", told.stderr)
                self.assertRegex(told.stderr,
                                 r"/edges\.h5: the values of edges in /edges/v1_to_v1: '.*syn_weight")
                call(folder, "export", "run.h5", "--sonata", "out", "--at=-6h")
                self.assertEqual(self.exported_nodes(folder / "out"), nodes)
                found = self.exported_edges(folder / "out")
                self.assertEqual(len(found), len(edges))
                self.assertEqual(set(found), edges)

    def test_nodes_edges_and_types_may_be_given_one_by_one(self):
        nodes, edges = sonata_circuit.write_circuit(self.folder)
        run(self.folder, sonata_circuit.FILES)
        call(self.folder, "export", "run.h5", "--sonata", "out", "--at=-6h")
        self.assertEqual(
            (self.exported_nodes(self.folder / "out"), set(self.exported_edges(self.folder / "out"))),
            (nodes, edges))

    def test_what_was_exported_is_read_and_exported_again_the_same(self):
        sonata_circuit.write_circuit(self.folder)
        run(self.folder, sonata_circuit.NETWORK)
        call(self.folder, "export", "run.h5", "--sonata", "out", "--at=-6h")
        run(self.folder, "{kind: file, file: out/circuit_config.json}", "again")
        call(self.folder, "export", "again.h5", "--sonata", "out2", "--at=-6h")
        self.assertEqual(self.exported_nodes(self.folder / "out"), self.exported_nodes(self.folder / "out2"))
        self.assertEqual(sorted(self.exported_edges(self.folder / "out")),
                         sorted(self.exported_edges(self.folder / "out2")))
        for name in ("node_types.csv", "edge_types.csv", "circuit_config.json"):
            self.assertEqual((self.folder / "out" / name).read_bytes(),
                             (self.folder / "out2" / name).read_bytes(), name)

    def test_files_are_as_the_specification_says(self):
        sonata_circuit.write_circuit(self.folder)
        run(self.folder, sonata_circuit.NETWORK)
        call(self.folder, "export", "run.h5", "--sonata", "out")
        out = self.folder / "out"
        self.assertEqual(
            sorted(p.name for p in out.iterdir()),
            sorted([
                "nodes.h5", "edges.h5", "node_types.csv", "edge_types.csv", "circuit_config.json",
                *(f"{f}_report.h5" for f in FIELDS)
            ]))
        for path in out.glob("*.h5"):
            with h5py.File(path) as file:
                self.assertEqual((file.attrs["magic"], file.attrs["magic"].dtype), (0x0A7A, np.dtype("u4")),
                                 path)
                self.assertEqual((file.attrs["version"].tolist(), file.attrs["version"].dtype),
                                 ([0, 1], np.dtype("u4")), path)
        with h5py.File(out / "edges.h5") as file:
            edges = file["edges/v1_to_v1"]
            for name, dtype in {
                    "source_node_id": "u8", "target_node_id": "u8", "edge_type_id": "i8",
                    "edge_group_id": "u4", "edge_group_index": "u8"
            }.items():
                self.assertEqual(edges[name].dtype, np.dtype(dtype), name)
            for name in ("source_node_id", "target_node_id"):
                self.assertEqual(text(edges[name].attrs["node_population"]), "v1")
            self.check_groups(edges)
            self.check_index(edges)
        config = json.loads((out / "circuit_config.json").read_text(encoding="utf-8"))
        for kind in ("nodes", "edges"):
            for entry in config["networks"][kind]:
                for path in entry.values():
                    self.assertTrue(
                        (out / path.replace("$BASE_DIR", config["manifest"]["$BASE_DIR"])).is_file(), path)

    def check_groups(self, edges):
        group, place, kind = edges["edge_group_id"][:], edges["edge_group_index"][:], edges["edge_type_id"][:]
        types = {int(row["edge_type_id"]): row for row in spaced_table(self.folder / "out/edge_types.csv")}
        self.assertEqual({int(k) for k in kind}, set(types))
        plastic = np.array([types[int(k)]["plastic"] == "1" for k in kind])
        self.assertTrue((group == 0).all())  # libsonata takes one group only
        self.assertEqual(sorted(edges["0"]), ["birth", "size", "syn_weight"])
        self.assertEqual(place.tolist(), list(range(len(kind))))
        for name in ("birth", "size"):
            np.testing.assert_array_equal(np.isnan(edges[f"0/{name}"][:]), ~plastic)
        weight = edges["0/syn_weight"][:]
        self.assertTrue((weight[plastic] > 0).all())
        inhibitory = np.array(
            ["PV" in types[int(k)]["source_query"] or "SST" in types[int(k)]["source_query"] for k in kind])
        self.assertTrue(((weight < 0) <= inhibitory).all())
        self.assertTrue((weight < 0).any())
        self.assertEqual(text(edges["0/birth"].attrs["units"]), "d")

    def check_index(self, edges):
        for name, way in (("source_node_id", "source_to_target"), ("target_node_id", "target_to_source")):
            ids, slices, found = (
                edges[name][:], edges[f"indices/{way}/node_id_to_ranges"][:],
                edges[f"indices/{way}/range_to_edge_id"][:]
            )
            self.assertEqual((slices.dtype, found.dtype), (np.dtype("i8"), np.dtype("i8")))
            for node, (first, last) in enumerate(slices):
                indexed = np.concatenate([np.arange(*found[k]) for k in range(first, last)] or [[]])
                self.assertEqual(sorted(indexed), np.flatnonzero(ids == node).tolist(), (way, node))

    def test_reports_hold_the_snapshots_that_are_evenly_spaced(self):
        sonata_circuit.write_circuit(self.folder)
        run(self.folder, sonata_circuit.NETWORK)
        told = call(self.folder, "export", "run.h5", "--sonata", "out").stderr
        self.assertIn(
            "reports hold the 3 snapshots from 0 h on, every 1 h; left out, as not evenly spaced with "
            "these: -6 h, 6 h",
            told)
        with h5py.File(self.folder / "run.h5") as file:
            ids = [int(text(i).split("/")[1]) for i in file["network/id"]]
            for field in FIELDS:
                with self.subTest(field=field), h5py.File(self.folder / f"out/{field}_report.h5") as report:
                    report = report["report/v1"]
                    wanted = file[f"snapshots/{field}"]
                    nodes = report["mapping/node_ids"][:]
                    self.assertEqual((nodes.dtype, report["data"].dtype), (np.dtype("u8"), np.dtype("f4")))
                    column = [ids.index(n) for n in nodes.tolist()]
                    self.assertEqual(len(column), wanted.shape[1])
                    np.testing.assert_array_equal(report["data"][:], wanted[1:4][:, column].astype("f4"))
                    self.assertEqual(text(report["data"].attrs["units"]), text(wanted.attrs["units"]))
                    np.testing.assert_allclose(report["mapping/time"][:], [0, 3 * 3.6e6, 3.6e6])
                    self.assertEqual(text(report["mapping/time"].attrs["units"]), "ms")
                    self.assertEqual(report["mapping/index_pointers"][:].tolist(),
                                     list(range(len(nodes) + 1)))
                    self.assertEqual(len(report["mapping/element_ids"]), len(nodes))

    def test_attributes_stand_in_groups_or_types(self):
        """Names of cell types as texts in the node group, as numbers of a library, and as the models' own
        names.
        """
        sonata_circuit.write_circuit(self.folder)
        with h5py.File(self.folder / "nodes.h5", "a") as file:
            group, place, kinds = (file[f"nodes/v1/{n}"][:].astype(int)
                                   for n in ("node_group_id", "node_group_index", "node_type_id"))
            names = {100: "L4_exc", 101: "Pyr5", 102: "i4Pvalb", 103: "i23Sst"}
            texts = [[names[k] for _, k in sorted(zip(place[group == g], kinds[group == g]))] for g in (0, 1)]
            file["nodes/v1/0/pop_name"] = np.array(texts[0], "S12")
            file["nodes/v1/1/@library/pop_name"] = np.array(["i1Vip", "i23Sst"], h5py.string_dtype())
            file["nodes/v1/1/pop_name"] = np.array([1] * len(texts[1]), "u1")
        os.remove(self.folder / "node_types.csv")
        run(self.folder, "{kind: file, file: edges.h5, nodes: nodes.h5}")
        with h5py.File(self.folder / "run.h5") as file:
            self.assertEqual(np.bincount(file["network/type"][:]).tolist(), [90, 18, 12])

    def test_without_snapshots_or_files_it_says_what_to_do(self):
        sonata_circuit.write_circuit(self.folder)
        run(self.folder, sonata_circuit.NETWORK)
        self.assertIn("there are some at -6 h, 0 h",
                      call(self.folder, "export", "run.h5", "--sonata", "out", "--at=3h", wanted=2).stderr)
        os.remove(self.folder / "edges.h5")
        self.assertIn("--plastic exports what the run file holds",
                      call(self.folder, "export", "run.h5", "--sonata", "out", wanted=3).stderr)
        self.assertFalse((self.folder / "out").exists())
        call(self.folder, "export", "run.h5", "--sonata", "out", "--plastic", "--at=-6h")
        kinds = {i: t for i, (t, _) in self.exported_nodes(self.folder / "out").items()}
        found = self.exported_edges(self.folder / "out")
        self.assertTrue(found and all(kinds[s] == kinds[t] == "E" for s, t in found))


if __name__ == "__main__":
    sys.exit(unittest.main())
