"""Installed, the program finds what it ships, and a program of ten lines finds the library; the Debian
packages hold program, data and module.
"""

import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from built_module import IS_BUILT
from program_case import ProgramCase, call

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
BUILD = pathlib.Path(os.environ["RESPINE_BUILD"])
SMALL = [
    "--set", "network.neurons=200", "--set", "network.synapses_per_neuron=20", "--set", "start=-1h", "--set",
    "duration=2h", "--set", "record.snapshots=[0h]", "--set", "imaging.sessions=[]"
]


class Package(ProgramCase):
    def works(self, prefix):
        """Program, configs, viewer and figures of this prefix, and nothing of the sources."""
        respine, environment = prefix / "bin/respine", {
            k: v for k, v in os.environ.items() if not k.startswith("RESPINE")
        }
        self.assertIn(f"{prefix}/share/respine/configs, ",
                      call(respine, "doctor", cwd=self.folder, env=environment))
        call(respine, "run", "mouse-vehicle", "-q", "-o", "run.h5", "--force", *SMALL, cwd=self.folder,
             env=environment)
        call(respine, "view", "run.h5", "-o", "run.html", "--force", cwd=self.folder, env=environment)
        call(respine, "compare", "run.h5", "--figures", "figures", cwd=self.folder, env=environment)
        self.assertTrue(list((self.folder / "figures").glob("*.png")))
        if IS_BUILT:
            script = "import respine; print(respine.__file__, respine.Scenario('mouse-vehicle').name)"
            told = call("/usr/bin/python3", "-c", script, cwd=self.folder,
                        env={**environment, "PYTHONPATH": prefix / "lib/python3/dist-packages"})
            self.assertEqual(told.split(),
                             [f"{prefix}/lib/python3/dist-packages/respine/__init__.py", "mouse-vehicle"])

    def test_installed_program_and_library(self):
        prefix = self.folder / "prefix"
        call("cmake", "--install", BUILD, "--prefix", prefix)
        self.works(prefix)
        call("cmake", "-S", SOURCE / "tests/package/consumer", "-B", self.folder / "consumer", "-G", "Ninja",
             f"-DCMAKE_PREFIX_PATH={prefix}")
        call("cmake", "--build", self.folder / "consumer")
        configs = {**os.environ, "RESPINE_CONFIGS": f"{prefix}/share/respine/configs"}
        self.assertRegex(call(self.folder / "consumer/consumer", env=configs),
                         r"^1\.1\d+ fold glutamate at 5 h, \d{4} synapses\n$")

    @unittest.skipUnless(
        all(map(shutil.which, ("dpkg-deb", "dpkg-shlibdeps", "file"))),
        "no tools for Debian packages (dpkg-dev, file)")
    def test_debian_package(self):
        packages = self.packages("one")
        self.assertRegex(call("dpkg-deb", "--field", packages["respine"], "Depends"),
                         "libhdf5-103.*libyaml-cpp")
        root = self.folder / "root"
        for package in packages.values():
            call("dpkg-deb", "--extract", package, root)
        documents = root / "usr/share/doc/respine"
        bill = json.loads((documents / "respine.spdx.json").read_text(encoding="utf-8"))
        self.assertIn("three", [each["name"] for each in bill["packages"]])
        changes = gzip.decompress((documents / "changelog.Debian.gz").read_bytes())
        self.assertIn(b"\n -- respine contributors", changes)
        # Of the machine that it was built on, and of the folder that it was put together in, nothing.
        for place in (SOURCE, BUILD, self.folder):
            found = subprocess.run(["grep", "-rlF", "--", place, root], capture_output=True, text=True,
                                   check=False)
            self.assertEqual((found.stdout, found.returncode), ("", 1), place)
        self.works(root / "usr")
        # Again, under another mask, and if it can be on a file system that gives files in another order.
        self.addCleanup(os.umask, os.umask(0o077))
        with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as other:
            again = self.packages(pathlib.Path(other) / "longer")
            self.assertEqual(packages.keys(), again.keys())
            for name, package in packages.items():
                self.assertEqual(package.read_bytes(), again[name].read_bytes(), name)

    def packages(self, name):
        quick = {**os.environ, "DPKG_DEB_COMPRESSOR_LEVEL": "1"}  # what is in them is what matters here
        call("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", self.folder / name, env=quick)
        return {path.name.partition("_")[0]: path for path in (self.folder / name).glob("*.deb")}


if __name__ == "__main__":
    if not shutil.which("cmake"):
        sys.exit("cmake is missing")
    unittest.main(verbosity=2)
