"""The wheel holds module and configs: pip installs it without a network, and it needs neither sources nor
build.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from built_module import IS_BUILT, WHY_NOT
from program_case import call

SKIPPED = 77
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
BUILD = pathlib.Path(os.environ["RESPINE_BUILD"])
PYTHON = os.environ.get("RESPINE_PYTHON", "/usr/bin/python3")
STEP = """\
import pathlib, sys
import respine
here = pathlib.Path(sys.prefix)
assert here in pathlib.Path(respine.__file__).parents, respine.__file__
settings = {"network.neurons": 60, "network.synapses_per_neuron": 10, "start": "-1 h", "duration": "3 h",
            "record.snapshots": [], "imaging.sessions": []}
sim = respine.Simulation(respine.Scenario("mouse-ketamine-10mgkg", settings)).run(1)
print(sim.look()["bdnf"])
"""

if not IS_BUILT:
    print(f"skipped: {WHY_NOT}")
    sys.exit(SKIPPED)
if subprocess.run([PYTHON, "-c", "import ensurepip, wheel"], capture_output=True, check=False).returncode:
    print("skipped: no wheel or venv (Debian: python3-wheel python3-venv)")
    sys.exit(SKIPPED)


class Wheel(unittest.TestCase):
    def test_it_installs_offline_and_runs(self):
        with tempfile.TemporaryDirectory() as holder:
            folder = pathlib.Path(holder)
            wheel = call(SOURCE / "scripts/wheel", folder / "out", BUILD).strip()
            self.assertRegex(wheel, r"respine-\d+\.\d+\.\d+-cp\d+-cp\d+-linux_\w+\.whl$")
            call(PYTHON, "-m", "venv", "--system-site-packages", folder / "venv")
            call(folder / "venv/bin/pip", "install", "--no-index", "--no-deps", wheel)
            alone = {k: v for k, v in os.environ.items() if not k.startswith(("RESPINE", "PYTHON"))}
            (folder / "step.py").write_text(STEP, encoding="utf-8")
            bdnf = call(folder / "venv/bin/python", folder / "step.py", cwd=folder, env=alone)
            self.assertGreater(float(bdnf), 1.0)
            configs = folder / "venv/share/respine/configs"
            self.assertTrue((configs / "scenarios/mouse-ketamine-10mgkg.yaml").exists())


if __name__ == "__main__":
    unittest.main()
