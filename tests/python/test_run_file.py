"""A run file as its consumers see it: plain h5py, xarray, the netCDF tools and XDMF."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import warnings
import xml.etree.ElementTree

import h5py
import numpy
import xarray

RESPINE = os.environ["RESPINE"]

SCENARIO = """\
name: consumer
model: mouse
start: -1 d
duration: 3 d
network: {kind: sheet, neurons: 300, synapses_per_neuron: 50}
stress: {severity: 1}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 1 h, snapshots: [0 h, 1 d], synapse_events: true}
imaging: {sessions: [-12 h, 12 h, 1 d], dendrites: 40}
"""

BARE = """\
name: bare
model: human
start: 0 h
duration: 1 h
network: {kind: random, neurons: 100, synapses_per_neuron: 20}
stress: {severity: 0}
"""

SNAPSHOT_HOURS = [0.0, 24.0]
SESSION_HOURS = [-12.0, 12.0, 24.0]
ENGINES = ["h5netcdf"] + (["netcdf4"] if importlib.util.find_spec("netCDF4") else [])


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def run(folder, scenario, output):
    path = pathlib.Path(folder) / (pathlib.Path(output).stem + ".yaml")
    path.write_text(scenario, encoding="utf-8")
    subprocess.run([RESPINE, "run", "-q", path.name, "-o", output], check=True, cwd=folder)
    return pathlib.Path(folder) / output


def datasets(file):
    found = []
    file.visititems(lambda _, o: found.append(o) if isinstance(o, h5py.Dataset) else None)
    return found


class RunFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = run(cls.folder.name, SCENARIO, "consumer.h5")
        cls.bare = run(cls.folder.name, BARE, "bare.h5")
        cls.file = h5py.File(cls.path, "r")

    @classmethod
    def tearDownClass(cls):
        cls.file.close()
        cls.folder.cleanup()

    def each_dataset(self):
        with h5py.File(self.bare, "r") as bare:
            for file in (self.file, bare):
                found = datasets(file)
                self.assertGreater(len(found), 60)
                for dataset in found:
                    with self.subTest(f"{os.path.basename(file.filename)} {dataset.name}"):
                        yield dataset

    def test_datasets_say_what_they_are(self):
        for dataset in self.each_dataset():
            self.assertTrue(text(dataset.attrs.get("units", "")))
            self.assertTrue(text(dataset.attrs.get("long_name", "")))

    def test_every_dimension_has_one_scale_of_its_length(self):
        for dataset in self.each_dataset():
            if h5py.h5ds.is_scale(dataset.id):
                continue
            for dimension in range(dataset.ndim):
                scales = dataset.dims[dimension]
                self.assertEqual(len(scales), 1)
                self.assertEqual(scales[0].shape, (dataset.shape[dimension],))
                # netCDF finds dimensions in the dataset's group or above it.
                self.assertTrue(dataset.parent.name.startswith(scales[0].parent.name), scales[0].name)

    def test_numbers_are_compressed_and_checked(self):
        for dataset in self.each_dataset():
            if dataset.size > 1 and dataset.dtype.kind in "iuf":
                self.assertEqual((dataset.compression, dataset.shuffle, dataset.fletcher32),
                                 ("gzip", True, True))

    def test_snapshots_are_stored_by_frame(self):
        frames = [d for d in self.file["snapshots"].values() if isinstance(d, h5py.Dataset) and d.ndim == 2]
        self.assertGreater(len(frames), 5)
        for frame in frames:
            self.assertEqual(frame.chunks, (1, frame.shape[1]))
            self.assertEqual(frame.shape[0], len(SNAPSHOT_HOURS))
            self.assertTrue(numpy.isfinite(frame[:]).all(), frame.name)

    def test_rows_stand_at_their_times(self):
        hours = self.file["history/time"][:]
        self.assertEqual((hours[0], hours[-1]), (-24.0, 48.0))
        self.assertTrue((numpy.diff(hours) > 0).all())
        numpy.testing.assert_array_equal(self.file["pk/time"][:], hours)
        numpy.testing.assert_array_equal(self.file["snapshots/time"][:], SNAPSHOT_HOURS)
        numpy.testing.assert_array_equal(self.file["imaging/session"][:], SESSION_HOURS)
        for name, dataset in self.file["history"].items():
            self.assertEqual(dataset.shape[0], 5 if name == "quantile" else len(hours), name)

    def test_one_dose_was_given(self):
        events = self.file["events"]
        self.assertEqual([text(events[k][0]) for k in ("drug", "route", "dose_unit")],
                         ["ketamine", "ip", "mg/kg"])
        self.assertEqual((events["time"][0], events["dose"][0]), (0.0, 10.0))
        plasma, hours = self.file["pk/plasma_ketamine"][:], self.file["pk/time"][:]
        self.assertTrue((plasma[hours <= 0] == 0).all())
        self.assertGreater(plasma.max(), 0)

    def test_xarray_opens_every_group_with_labels(self):
        expected = {
            "history": {"time", "quantile"},
            "pk": {"time"},
            "events": {"time"},
            "imaging": {"session", "dendrite", "seen"},
            "snapshots": {"time", "neuron", "excitatory"},
            "network": {"neuron", "excitatory", "group_name", "population_name"},
            "synapse_events": {"time"},
            "snapshots/synapses/000": {"offsets", "synapse"},
        }
        for engine in ENGINES:
            for group, coordinates in expected.items():
                with self.subTest(f"{engine} {group}"), warnings.catch_warnings():
                    warnings.simplefilter("error")  # such as invented names of dimensions
                    with xarray.open_dataset(self.path, group=group, engine=engine) as data:
                        self.assertEqual(set(data.coords), coordinates)
                        self.assertEqual(set(data.sizes), coordinates)
                        data.load()
            with xarray.open_dataset(self.path, group="snapshots", engine=engine, decode_times=False) as data:
                self.assertEqual(data.rate.sel(time=24.0).dims, ("neuron",))
                self.assertEqual(data.trkb.dims, ("time", "excitatory"))
                self.assertEqual(data.rate.attrs["units"], "Hz")

    @unittest.skipUnless(shutil.which("ncdump"), "no ncdump here")
    def test_ncdump_reads_the_header(self):
        for path in (self.path, self.bare):
            done = subprocess.run(["ncdump", "-h", str(path)], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("group: snapshots {", done.stdout)

    def test_synapses_are_compressed_rows(self):
        excitatory = len(self.file["network/excitatory"])
        self.assertEqual(len(self.file["snapshots/synapses"]), len(SNAPSHOT_HOURS))
        for k, group in enumerate(self.file["snapshots/synapses"].values()):
            offsets = group["offsets"][:].astype(numpy.int64)
            self.assertEqual(group.attrs["time_h"], SNAPSHOT_HOURS[k])
            self.assertEqual((offsets[0], offsets[-1], len(offsets)),
                             (0, len(group["source"]), excitatory + 1))
            numpy.testing.assert_array_equal(numpy.diff(offsets), self.file["snapshots/live"][k])
            source = group["source"][:]
            self.assertLess(source.max(), excitatory)
            target = numpy.repeat(numpy.arange(excitatory), numpy.diff(offsets))
            self.assertFalse((source == target).any())
            self.assertTrue(numpy.isfinite(group["log_size"][:]).all())
            self.assertLessEqual(group["birth"][:].max(), SNAPSHOT_HOURS[k] / 24)

    def test_synapse_events_add_up(self):
        events = {name: dataset[:] for name, dataset in self.file["synapse_events"].items()}
        hours = self.file["history/time"][:]
        synapses = self.file["history/synapses"][:].astype(int)
        self.assertTrue((numpy.diff(events["time"]) >= 0).all())
        change = numpy.where(events["formed"] == 1, 1, -1)
        self.assertEqual(change.sum(), synapses[-1] - synapses[0])
        after = numpy.array([change[events["time"] <= hour].sum() for hour in hours])
        numpy.testing.assert_array_equal(synapses[0] + after, synapses)
        # By target, between the two snapshots.
        live = self.file["snapshots/live"][:].astype(int)
        between = (events["time"] > SNAPSHOT_HOURS[0]) & (events["time"] <= SNAPSHOT_HOURS[1])
        by_target = numpy.bincount(events["target"][between], weights=change[between],
                                   minlength=live.shape[1])
        numpy.testing.assert_array_equal(by_target, live[1] - live[0])
        self.assertLess(events["source"].max(), live.shape[1])

    def test_network_and_imaging_refer_to_what_exists(self):
        network, imaging = self.file["network"], self.file["imaging"]
        excitatory = len(network["excitatory"])
        self.assertEqual(len(network["neuron"]), 300)
        self.assertTrue((network["type"][:excitatory] == 0).all()
                        and (network["type"][excitatory:] > 0).all())
        self.assertLess(network["group"][:].max(), len(network["group_name"]))
        self.assertLess(imaging["neuron"][:].max(), excitatory)
        counted = numpy.zeros(imaging["density"].shape)
        numpy.add.at(counted, (imaging["seen_session"][:], imaging["seen_dendrite"][:]), 1)
        numpy.testing.assert_array_equal(counted, imaging["density"][:])

    def test_the_run_is_marked_complete(self):
        meta = self.file["meta"].attrs
        self.assertEqual((text(self.file.attrs["format"]), self.file.attrs["format_version"]),
                         ("respine-run", 1))
        self.assertEqual(
            (meta["complete"], text(meta["exit_status"]), text(meta["name"]), text(meta["seed"])),
            (1, "ok", "consumer", "1"))
        for name in ("version", "build", "command", "started", "finished", "scenario", "disclaimer"):
            self.assertTrue(text(meta[name]), name)

    def test_the_recorded_scenario_runs_again(self):
        recorded = text(self.file["meta"].attrs["scenario"])
        again = pathlib.Path(self.folder.name) / "again.yaml"
        again.write_text(recorded, encoding="utf-8")
        checked = subprocess.run([RESPINE, "check", str(again)], capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        self.assertEqual(checked.stdout, recorded)
        subprocess.run([RESPINE, "run", "-q", "again.yaml", "-o", "again.h5"], check=True,
                       cwd=self.folder.name)
        with h5py.File(again.with_suffix(".h5"), "r") as other:
            for group in ("history", "snapshots", "imaging", "synapse_events"):
                for dataset in datasets(self.file[group]):
                    with self.subTest(dataset.name):
                        numpy.testing.assert_array_equal(other[dataset.name][:], dataset[:])

    def check_xdmf(self, sidecar):
        items = 0
        for item in xml.etree.ElementTree.parse(sidecar).getroot().iter("DataItem"):
            if item.get("Format") != "HDF":
                continue
            name, _, path = item.text.strip().rpartition(":")
            with h5py.File(sidecar.parent / name, "r") as file:
                self.assertEqual(tuple(map(int, item.get("Dimensions").split())), file[path].shape, path)
            items += 1
        return items

    def test_xdmf_names_what_exists(self):
        sidecar = self.path.with_suffix(".xdmf")
        self.assertGreater(self.check_xdmf(sidecar), 10)
        times = [float(t.get("Value")) for t in xml.etree.ElementTree.parse(sidecar).getroot().iter("Time")]
        self.assertEqual(times, SNAPSHOT_HOURS)
        self.assertFalse(self.bare.with_suffix(".xdmf").exists(), "no snapshots, nothing to show")

    def test_odd_output_names(self):
        with_snapshot = BARE + "record: {snapshots: 0 h}\n"
        marked = run(self.folder.name, with_snapshot, "a & b <c>.h5")
        self.assertGreater(self.check_xdmf(marked.with_suffix(".xdmf")), 10)
        named_like_the_sidecar = run(self.folder.name, with_snapshot, "x.xdmf")
        with h5py.File(named_like_the_sidecar, "r") as file:
            self.assertEqual(text(file["meta"].attrs["exit_status"]), "ok")


if __name__ == "__main__":
    unittest.main()
