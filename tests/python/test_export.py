"""respine export as its consumers see it: NetworkX, Python's csv, VTK, and files that stay as they were."""

import csv
import importlib.util
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import networkx
import numpy as np

RESPINE = os.environ["RESPINE"]

SCENARIO = """\
name: exported
model: mouse
start: -1 d
duration: 3 d
network: {kind: sheet, neurons: 240, synapses_per_neuron: 40}
stress: {severity: 1}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 1 h, snapshots: [0 h, 1 h, 2 h, 1 d]}
"""
COPY = """\
name: copy
model: mouse
start: -1 d
duration: 2 d
network: {%s}
stress: {severity: 0}
record: {history: 1 h, snapshots: [-1 d]}
"""
HOURS = [0.0, 1.0, 2.0, 24.0]
TYPES = ["E", "PV", "SST", "VIP"]
VTK_SCRIPT = """\
import json, sys
import vtk
reader = vtk.vtkHDFReader()
reader.SetFileName(sys.argv[1])
reader.Update()
grid = reader.GetOutput()
rate = grid.GetPointData().GetArray("rate")
print(json.dumps({"points": [grid.GetPoint(k) for k in range(grid.GetNumberOfPoints())],
                  "cells": grid.GetNumberOfCells(),
                  "rate": [rate.GetValue(k) for k in range(rate.GetNumberOfTuples())]}))
"""


def call(folder, *words, wanted=0):
    result = subprocess.run([RESPINE, *words], cwd=folder, capture_output=True, text=True, check=False,
                            timeout=120)
    if result.returncode != wanted:
        raise AssertionError(f"{words}: exit code {result.returncode}\n{result.stdout}{result.stderr}")
    return result


class Run:
    """The run file as h5py reads it: what every export is held against."""

    def __init__(self, path, snapshot):
        with h5py.File(path) as file:
            self.position = np.stack([file[f"network/{axis}"][:] for axis in "xyz"], axis=1)
            self.type = [TYPES[t] for t in file["network/type"][:]]
            self.rate, self.ampa = file["snapshots/rate"][snapshot], file["snapshots/ampa"][snapshot]
            rows = file[f"snapshots/synapses/{snapshot:03d}"]
            offsets, source = rows["offsets"][:], rows["source"][:].tolist()
            target = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets.astype("i8"))).tolist()
            size = np.exp(rows["log_size"][:].astype("f8")).astype("f4")
            # a pair may have several
            self.plastic = sorted(zip(source, target, size.tolist(), rows["birth"][:].tolist()))


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.holder.name)
        (cls.folder / "a.yaml").write_text(SCENARIO, encoding="utf-8")
        call(cls.folder, "run", "a.yaml", "-q", "-o", "a.h5")
        call(cls.folder, "export", "a.h5", "--graphml", "a.graphml", "--csv", "a", "--at=1h")
        cls.truth = Run(cls.folder / "a.h5", 1)

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def tables(self, prefix="a"):
        for kind in ("nodes", "edges"):
            with open(self.folder / f"{prefix}_{kind}.csv", newline="", encoding="utf-8") as file:
                yield list(csv.DictReader(file, strict=True))

    def check_plastic(self, found):
        self.assertEqual(
            sorted((s, t, float(np.float32(size)), float(np.float32(birth))) for s, t, size, birth in found),
            self.truth.plastic)

    def test_networkx_reads_the_graphml(self):
        graph = networkx.read_graphml(self.folder / "a.graphml")
        self.assertTrue(graph.is_directed())
        self.assertEqual(len(graph), 240)
        number = {node: int(data["id"]) for node, data in graph.nodes(data=True)}
        for node, data in graph.nodes(data=True):
            i = number[node]
            self.assertEqual(data["type"], self.truth.type[i])
            self.assertEqual(tuple(np.float32(data[axis]) for axis in "xyz"), tuple(self.truth.position[i]))
            self.assertEqual(np.float32(data["rate"]), self.truth.rate[i])
            self.assertEqual(
                np.float32(data["ampa"]) if i < len(self.truth.ampa) else math.isnan(data["ampa"]),
                self.truth.ampa[i] if i < len(self.truth.ampa) else True)
        plastic = [(number[s], number[t], d["size"], d["birth"]) for s, t, d in graph.edges(data=True)
                   if d["plastic"] == 1]
        self.check_plastic(plastic)
        for s, t, data in graph.edges(data=True):
            self.assertEqual(data["weight"] > 0, self.truth.type[number[s]] == "E")
            self.assertEqual(data["plastic"] == 0, math.isnan(data["size"]))

    def test_csv_holds_the_same_and_says_its_units(self):
        nodes, edges = self.tables()
        self.assertEqual([n["type"] for n in nodes], self.truth.type)
        np.testing.assert_array_equal(np.array([[n[a] for a in "xyz"] for n in nodes], "f4"),
                                      self.truth.position)
        np.testing.assert_array_equal(np.array([n["rate"] for n in nodes], "f4"), self.truth.rate)
        self.assertEqual([n["ampa"] == "" for n in nodes], [t != "E" for t in self.truth.type])
        self.check_plastic([(int(e["source"]), int(e["target"]), e["size"], e["birth"]) for e in edges
                            if e["plastic"] == "1"])
        graph = networkx.from_edgelist(((e["source"], e["target"]) for e in edges), networkx.MultiDiGraph)
        self.assertEqual(graph.number_of_edges(),
                         networkx.read_graphml(self.folder / "a.graphml").number_of_edges())
        units = json.loads((self.folder / "a.json").read_text(encoding="utf-8"))
        self.assertEqual((list(units["nodes"]), list(units["edges"])), (list(nodes[0]), list(edges[0])))
        self.assertEqual((units["nodes"]["rate"]["units"], units["edges"]["weight"]["units"],
                          units["edges"]["birth"]["units"]), ("Hz", "1/Hz", "d"))
        self.assertEqual(units["time"], {"value": 1.0, "units": "h"})
        self.assertTrue((self.folder / "a_nodes.csv").read_bytes().endswith(b"\r\n"))

    def test_graphml_and_csv_come_back(self):
        """A network that was exported is read as a user's own, and exported again: the same neurons and
        synapses.
        """
        nodes, edges = self.tables()
        wanted = sorted((e["source"], e["target"]) for e in edges)
        kinds = {n["id"]: (n["type"], n["x"], n["y"], n["z"]) for n in nodes}
        for name, network in (("g", "kind: file, file: a.graphml"),
                              ("c", "kind: file, file: a_edges.csv, nodes: a_nodes.csv")):
            with self.subTest(network=network):
                (self.folder / f"{name}.yaml").write_text(COPY % network, encoding="utf-8")
                call(self.folder, "run", f"{name}.yaml", "-q", "-o", f"{name}.h5")
                call(self.folder, "export", f"{name}.h5", "--csv", name)
                found, synapses = self.tables(name)
                self.assertEqual({n["id"]: (n["type"], n["x"], n["y"], n["z"]) for n in found}, kinds)
                self.assertEqual(sorted((e["source"], e["target"]) for e in synapses), wanted)

    def test_nothing_is_replaced_without_force(self):
        before = (self.folder / "a_nodes.csv").read_bytes()
        told = call(self.folder, "export", "a.h5", "--csv", "a", "--graphml", "a.graphml", "--sonata", "kept",
                    wanted=5).stderr
        for name in ("a_nodes.csv", "a_edges.csv", "a.json", "a.graphml"):
            self.assertIn(f"{name}: error: exists already; give another name, or --force to replace it", told)
        self.assertFalse((self.folder / "kept").exists())
        self.assertEqual((self.folder / "a_nodes.csv").read_bytes(), before)
        call(self.folder, "export", "a.h5", "--csv", "a", "--at=1h", "--force")
        self.assertEqual((self.folder / "a_nodes.csv").read_bytes(), before)
        self.assertIn("would replace the file that it is made from",
                      call(self.folder, "export", "a.h5", "--vtkhdf", "a.h5", "--force", wanted=2).stderr)
        self.assertIn("there is no folder",
                      call(self.folder, "export", "a.h5", "--graphml", "nowhere/a.graphml", wanted=5).stderr)
        self.assertIn("--sonata", call(self.folder, "export", "a.h5", wanted=2).stderr)
        self.assertIn(
            "is asked for twice",
            call(self.folder, "export", "a.h5", "--graphml", "same", "--vtkhdf", "./same", wanted=2).stderr)
        os.mkfifo(self.folder / "pipe")
        for words in (["export", "a.h5", "--graphml", "pipe",
                       "--force"], ["run", "a.yaml", "-o", "pipe", "--force"]):
            self.assertIn("pipe: error: is a pipe or a device", call(self.folder, *words, wanted=5).stderr)
        self.assertEqual([p.name for p in self.folder.glob("*.part")], [])

    def test_a_run_without_snapshots_says_what_is_missing(self):
        (self.folder / "n.yaml").write_text(SCENARIO.replace("[0 h, 1 h, 2 h, 1 d]", "[]"), encoding="utf-8")
        call(self.folder, "run", "n.yaml", "-q", "-o", "n.h5")
        self.assertIn("n.h5: error: it has no snapshots; a scenario asks for them with record",
                      call(self.folder, "export", "n.h5", "--csv", "n", wanted=3).stderr)

    def test_one_time_as_vtkhdf_is_read_by_vtk(self):
        if importlib.util.find_spec("vtkmodules") is None:
            self.skipTest("VTK for Python is not installed")
        call(self.folder, "export", "a.h5", "--vtkhdf", "one.vtkhdf", "--at=1h")
        (self.folder / "read.py").write_text(VTK_SCRIPT, encoding="utf-8")
        read = subprocess.run([sys.executable, "read.py", "one.vtkhdf"], cwd=self.folder, capture_output=True,
                              text=True, check=True)
        self.assertEqual(read.stderr, "")
        grid = json.loads(read.stdout)
        np.testing.assert_array_equal(np.array(grid["points"], "f4"), self.truth.position)
        np.testing.assert_array_equal(np.array(grid["rate"], "f4"), self.truth.rate)
        self.assertEqual(grid["cells"], 240)

    def test_all_times_as_vtkhdf_follow_the_specification(self):
        told = call(self.folder, "export", "a.h5", "--vtkhdf", "all.vtkhdf").stderr
        self.assertIn("ParaView from 5.12 on shows all 4 times; 5.11 shows the first only", told)
        with h5py.File(self.folder / "all.vtkhdf") as file, h5py.File(self.folder / "a.h5") as run:
            root = file["VTKHDF"]
            self.assertEqual((root.attrs["Version"].tolist(), root.attrs["Type"]),
                             ([2, 0], b"UnstructuredGrid"))
            steps = root["Steps"]
            self.assertEqual((steps.attrs["NSteps"], steps["Values"][:].tolist()), (4, HOURS))
            for name in ("PartOffsets", "PointOffsets", "CellOffsets", "ConnectivityIdOffsets"):
                self.assertEqual(steps[name][:].ravel().tolist(), [0, 0, 0, 0], name)
            for name in ("NumberOfPoints", "NumberOfCells", "NumberOfConnectivityIds"):
                self.assertEqual(root[name][:].tolist(), [240], name)
            self.assertEqual((root["Offsets"].shape, root["Connectivity"].shape, root["Types"].dtype),
                             ((241, ), (240, ), np.dtype("u1")))
            for field in ("rate", "ampa"):
                first = steps[f"PointDataOffsets/{field}"][:].ravel()
                for k in range(4):
                    wanted = run[f"snapshots/{field}"][k]
                    np.testing.assert_array_equal(root[f"PointData/{field}"][first[k]:first[k] + len(wanted)],
                                                  wanted)

    @unittest.skipUnless(shutil.which("ncdump"), "ncdump is not installed")
    def test_ncdump_lists_what_was_exported(self):
        call(self.folder, "export", "a.h5", "--sonata", "nc")
        for path in (self.folder / "nc").glob("*.h5"):
            header = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True, check=True).stdout
            self.assertIn(":magic = 2682", header, path.name)

    @unittest.skipUnless(importlib.util.find_spec("nest"), "NEST is not installed")
    def test_nest_reads_the_circuit(self):
        import nest
        call(self.folder, "export", "a.h5", "--sonata", "nest")
        config = {"run": {"tstop": 1.0, "dt": 0.1}, "target_simulator": "NEST"}
        (self.folder / "simulation.json").write_text(json.dumps(config), encoding="utf-8")
        network = nest.SonataNetwork(str(self.folder / "nest/circuit_config.json"),
                                     str(self.folder / "simulation.json"))
        self.assertIsNotNone(network)


if __name__ == "__main__":
    sys.exit(unittest.main())
