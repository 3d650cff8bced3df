"""The bill of materials holds whatever the program loads or was compiled with, all packages of
package-lock.json, and all that the page says it holds.
"""

import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

from program_case import call

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
BUILD = pathlib.Path(os.environ["RESPINE_BUILD"])
PAGE = (SOURCE / "analysis/viewer/dist/viewer.html").read_text(encoding="utf-8")
LOCK = json.loads((SOURCE / "analysis/viewer/package-lock.json").read_text(encoding="utf-8"))


def bill(source=SOURCE):
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1796031024"}
    return json.loads(call(SOURCE / "packaging/sbom", source, BUILD, "1.0.0", env=environment))


class Bill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bill = bill()

    def related(self, kind, one=None):
        """(name, version) of what stands on the other side of the relationships of a kind."""
        names = {p["SPDXID"]: (p["name"], p["versionInfo"]) for p in self.bill["packages"]}
        keys = ("spdxElementId", "relatedSpdxElement")
        return {names[end] for row in self.bill["relationships"] if row["relationshipType"] == kind
                for end in (row[key] for key in keys) if end in names and names[end][0] != one}

    def test_every_package_of_the_lock_is_in_it(self):
        expected = {(path.rpartition("node_modules/")[2], package["version"])
                    for path, package in LOCK["packages"].items() if path}
        self.assertGreater(len(expected), 15)
        named = {(p["name"], p["versionInfo"]) for p in self.bill["packages"]}
        self.assertEqual(expected - named, set())
        contained = self.related("CONTAINS") | self.related("BUILD_TOOL_OF")
        self.assertEqual(expected - contained, set())

    def test_a_new_dependency_comes_in_by_itself(self):
        lock = json.loads(json.dumps(LOCK))
        lock["packages"]["node_modules/@some/thing"] = {
            "version": "4.5.6", "license": "ISC",
            "integrity": LOCK["packages"]["node_modules/three"]["integrity"]
        }
        with tempfile.TemporaryDirectory() as name:
            viewer = pathlib.Path(name) / "analysis/viewer"
            (viewer / "dist").mkdir(parents=True)
            (viewer / "dist/viewer.html").write_text(PAGE, encoding="utf-8")
            (viewer / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
            found = [p for p in bill(pathlib.Path(name))["packages"] if p["name"] == "@some/thing"]
        self.assertEqual([(p["versionInfo"], p["licenseDeclared"]) for p in found], [("4.5.6", "ISC")])
        self.assertEqual(found[0]["externalRefs"][0]["referenceLocator"], "pkg:npm/%40some/thing@4.5.6")

    def test_the_page_holds_what_it_says_with_notices(self):
        held = json.loads(re.search(r'id="components">(.*?)</script>', PAGE)[1])
        contained = self.related("CONTAINS")
        for name, version in {**held["npm"], **held["debian"]}.items():
            self.assertIn((name, version), contained)
        self.assertLessEqual({"three", "h5wasm", "uplot"}, set(held["npm"]))
        self.assertLessEqual({"zlib", "hdf5", "yaml-cpp", "emscripten"}, set(held["debian"]))
        notices = PAGE[:PAGE.find("-->")]
        for name in [*held["npm"], "zlib", "hdf5", "yaml-cpp", "emscripten", "musl", "libfmt-dev"]:
            self.assertRegex(notices, rf"(?m)^{re.escape(name)}$")

    def test_the_program_loads_and_holds_what_it_names(self):
        needed = re.findall(r"\(NEEDED\).*\[lib(\w+?)[-.\d]*\.so", call("readelf", "-d", BUILD / "respine"))
        linked = " ".join(name for name, _ in self.related("DYNAMIC_LINK", "respine"))
        for name in ("hdf5", "yaml-cpp", "fmt", "nlopt", "expat", "ssl", "zlib", "stdc++", "libc6"):
            self.assertIn(name, linked)
        self.assertGreaterEqual(len(self.related("DYNAMIC_LINK", "respine")), len(set(needed)) - 2)
        if call(BUILD / "respine", "--version", "--verbose").find("compiler gcc") > 0:
            static = {re.sub(r"\d+", "N", name) for name, _ in self.related("STATIC_LINK", "respine")}
            self.assertEqual(static, {"libgcc-N-dev"})  # libgomp.a
        headers = {name for name, _ in self.related("BUILD_DEPENDENCY_OF", "respine")}
        self.assertLessEqual({"libcli11-dev", "librandom123-dev", "nlohmann-json3-dev"}, headers)
        self.assertNotIn("libgtest-dev", headers)

    def test_it_is_whole_and_comes_out_the_same(self):
        self.assertEqual(self.bill, bill())
        names = [p["SPDXID"] for p in self.bill["packages"]]
        self.assertEqual(len(names), len(set(names)))
        for row in self.bill["relationships"]:
            self.assertLessEqual({row["spdxElementId"], row["relatedSpdxElement"]},
                                 {*names, "SPDXRef-DOCUMENT"})
        texts = {row["licenseId"]: row["extractedText"] for row in self.bill["hasExtractedLicensingInfos"]}
        for package in self.bill["packages"]:
            if package["licenseDeclared"].startswith("LicenseRef-"):
                self.assertGreater(len(texts[package["licenseDeclared"]]), 100)


if __name__ == "__main__":
    if not all(map(shutil.which, ("dpkg-query", "ninja", "readelf"))) or not (BUILD / "build.ninja").exists():
        print("skipped: no dpkg, ninja or readelf")
        sys.exit(77)
    unittest.main(verbosity=2)
