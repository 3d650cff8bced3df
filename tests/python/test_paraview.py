"""NAME.xdmf in ParaView: every time with the right values, and a picture that is not blank."""

import contextlib
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

RESPINE = os.environ["RESPINE"]
SCENARIO = """\
name: shown
model: mouse
start: -1 d
duration: 3 d
network: {kind: sheet, neurons: 240, synapses_per_neuron: 40}
stress: {severity: 1}
treatments:
  - {drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}
record: {history: 1 h, snapshots: [0 h, 1 h, 2 h, 1 d]}
"""
SCRIPT = """\
import json
import sys

from paraview import servermanager
from paraview.simple import ColorBy, GetActiveViewOrCreate, ResetCamera, SaveScreenshot, Show, XDMFReader

reader = XDMFReader(FileNames=[sys.argv[1]])
reader.UpdatePipelineInformation()
times = list(reader.TimestepValues)
values = []
for time in times:
    reader.UpdatePipeline(time)
    data = servermanager.Fetch(reader)
    blocks, iterator = {}, data.NewIterator()
    while not iterator.IsDoneWithTraversal():
        block = iterator.GetCurrentDataObject()
        name = iterator.GetCurrentMetaData().Get(data.NAME()).split("[")[0]
        arrays = [block.GetPointData().GetArray(k) for k in range(block.GetPointData().GetNumberOfArrays())]
        blocks[name] = {a.GetName(): [a.GetValue(k) for k in range(a.GetNumberOfTuples())] for a in arrays}
        blocks[name]["position"] = [block.GetPoint(k) for k in range(block.GetNumberOfPoints())]
        iterator.GoToNextItem()
    values.append(blocks)
view = GetActiveViewOrCreate("RenderView")
view.ViewSize = [600, 400]
shown = Show(reader, view)
shown.PointSize = 6
view.ViewTime = times[1]
ColorBy(shown, ("POINTS", "rate"))
shown.RescaleTransferFunctionToDataRange(True)
ResetCamera(view)
SaveScreenshot(sys.argv[2], view)
with open(sys.argv[3], "w", encoding="utf-8") as file:
    json.dump({"times": times, "values": values}, file)
"""


@contextlib.contextmanager
def display():
    """An X server without a screen: says its number when it is ready, and stays when a client leaves."""
    ready, told = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd",
         str(told), "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"], pass_fds=[told],
        stderr=subprocess.DEVNULL)
    os.close(told)
    try:
        with os.fdopen(ready, encoding="ascii") as line:
            yield int(line.readline())
    finally:
        server.terminate()
        server.wait()


@unittest.skipUnless(
    shutil.which("pvpython") and shutil.which("Xvfb") and importlib.util.find_spec("PIL"),
    "pvpython, Xvfb or PIL is not installed")
class ParaView(unittest.TestCase):
    def test_every_time_has_its_values_and_can_be_seen(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "a.yaml").write_text(SCENARIO, encoding="utf-8")
            (folder / "show.py").write_text(SCRIPT, encoding="utf-8")
            subprocess.run([RESPINE, "run", "a.yaml", "-q", "-o", "a.h5"], cwd=folder, check=True)
            with display() as number:
                shown = subprocess.run(["pvpython", "show.py", "a.xdmf", "a.png", "a.json"], cwd=folder,
                                       env={**os.environ, "DISPLAY": f":{number}"}, check=False, timeout=300,
                                       capture_output=True, text=True)
            self.assertEqual(shown.returncode, 0, shown.stdout + shown.stderr)
            found = json.loads((folder / "a.json").read_text(encoding="utf-8"))
            self.assertEqual(found["times"], [0.0, 1.0, 2.0, 24.0])
            self.check_values(folder / "a.h5", found["values"])
            self.check_picture(folder / "a.png")

    def check_values(self, path, steps):
        with h5py.File(path) as file:
            position = np.stack([file[f"network/{axis}"][:] for axis in "xyz"], axis=1)
            for k, blocks in enumerate(steps):
                self.assertEqual(sorted(blocks), ["excitatory", "neurons"])
                self.assertEqual((list(blocks["neurons"]), len(blocks["excitatory"])),
                                 (["rate", "position"], 9))
                for block in blocks.values():
                    for field, values in block.items():
                        wanted = position[:len(values
                                               )] if field == "position" else file[f"snapshots/{field}"][k]
                        np.testing.assert_array_equal(np.array(values, "f4"), wanted)

    def check_picture(self, path):
        from PIL import Image
        pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)
        colours, counts = np.unique(pixels, axis=0, return_counts=True)
        drawn = 1 - counts.max() / len(pixels)
        self.assertGreater(len(colours), 50)
        self.assertGreater(drawn, 0.02)


if __name__ == "__main__":
    sys.exit(unittest.main())
