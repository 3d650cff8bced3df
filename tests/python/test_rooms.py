"""The arrows between rooms go one way: a file includes its own room's headers, or those of a room below that
cmake/rooms.cmake names for it.
"""

import json
import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
BUILD = os.environ["RESPINE_BUILD"]
MOST_FILES = 25  # in a room


def rows():
    """(folder, the rest) of each room of the build."""
    text = (SOURCE / "cmake" / "rooms.cmake").read_text(encoding="utf-8")
    return re.findall(r"^room\((\S+)([^)]*)\)", text, re.MULTILINE)


def rooms():
    """{folder: the folders that it may use}, as the build has them."""
    return {folder: set(rest.partition("USES")[2].split()) for folder, rest in rows()}


def room_of(path, known):
    return path.rpartition("/")[0] if path.rpartition("/")[0] in known else None


def wrong_arrows(path, text, known):
    room = room_of(path, known)
    for header in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
        used = room_of(header, known)
        if used is None or used != room and used not in known[room]:
            yield f"{path} includes {header}: {room} does not use {used}"


class Rooms(unittest.TestCase):
    def setUp(self):
        self.rooms = rooms()
        self.files = [
            path.relative_to(SOURCE).as_posix() for top in ("kernels", "sim", "analysis")
            for path in sorted((SOURCE / top).rglob("*.[ch]pp")) if "node_modules" not in path.parts
        ]

    def test_every_arrow_is_one_that_the_build_knows(self):
        self.assertGreater(len(self.files), 200)
        self.assertEqual([path for path in self.files if room_of(path, self.rooms) is None], [])
        wrong = [
            arrow for path in self.files
            for arrow in wrong_arrows(path, (SOURCE / path).read_text(encoding="utf-8"), self.rooms)
        ]
        self.assertEqual(wrong, [])

    def test_rooms_use_only_those_above_them_in_the_list(self):
        seen = set()
        for folder, used in self.rooms.items():
            self.assertLessEqual(used, seen, folder)
            seen.add(folder)

    def test_a_planted_arrow_is_found(self):
        text = '#include "sim/simulation.hpp"\n#include "kernels/numerics/types.hpp"\n'
        wrong = list(wrong_arrows("kernels/activity/ampa.cpp", text, self.rooms))
        self.assertEqual(wrong, ["kernels/activity/ampa.cpp includes sim/simulation.hpp: "
                                 "kernels/activity does not use sim"])

    def test_no_two_headers_define_a_type_of_one_name(self):
        """The linker keeps one of two destructors of that name, and the other type is destroyed by it."""
        places = {}
        for path in self.files:
            if path.endswith(".hpp"):
                text = (SOURCE / path).read_text(encoding="utf-8")
                for name in re.findall(r"^(?:struct|class|enum class) (\w+)(?: final)?(?: :[^;{]*)? \{", text,
                                       re.MULTILINE):
                    places.setdefault(name, []).append(path)
        self.assertGreater(len(places), 300)
        self.assertEqual({name: paths for name, paths in places.items() if len(paths) > 1}, {})

    def test_no_room_is_crowded(self):
        crowded = {
            room: count
            for room in self.rooms
            if (count := sum(room_of(path, self.rooms) == room for path in self.files)) > MOST_FILES
        }
        self.assertEqual(crowded, {})

    def test_python_does_not_reach_into_the_commands(self):
        text = (SOURCE / "python" / "module.cpp").read_text(encoding="utf-8")
        self.assertNotIn("sim/cli", text)

    def test_what_decides_results_is_compiled_file_by_file(self):
        numerics = {folder for folder, rest in rows() if "NUMERICS" in rest.partition("USES")[0].split()}
        self.assertIn("kernels/activity", numerics)
        included = re.compile(f'#include "{re.escape(str(SOURCE))}/([^"]+)"')
        together = {
            name for path in pathlib.Path(BUILD).glob("CMakeFiles/*/Unity/*.cxx")
            for name in included.findall(path.read_text(encoding="utf-8"))
        }
        self.assertEqual([name for name in together if room_of(name, self.rooms) in numerics], [])

    def test_sanitizers_and_coverage_compile_each_file_alone(self):
        """So an include that is missing shows there."""
        presets = json.loads((SOURCE / "CMakePresets.json").read_text(encoding="utf-8"))["configurePresets"]
        alone = {p["name"] for p in presets if "RESPINE_UNITY" not in p.get("cacheVariables", {})}
        self.assertLessEqual({"dev", "tsan", "fuzz", "coverage"}, alone)

    def test_every_room_links_with_what_it_may_use(self):
        linked = subprocess.run(["cmake", "--build", BUILD, "--target", "check_rooms"],
                                capture_output=True, text=True)
        self.assertEqual(linked.returncode, 0, linked.stdout[-2000:] + linked.stderr[-2000:])


if __name__ == "__main__":
    unittest.main()
