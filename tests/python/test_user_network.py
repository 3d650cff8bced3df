"""GraphML and CSV as other programs and hands write them: ids are those of the file, and what does not hold together is refused."""

import os
import pathlib
import random
import subprocess
import tempfile
import unittest

import h5py

RESPINE = os.environ["RESPINE"]
SCENARIO = """\
name: own
model: mouse
start: 0 h
duration: 1 h
network: {{kind: file, file: {}}}
stress: {{severity: 0}}
record: {{history: 1 h, snapshots: [0 h]}}
"""
NEURONS = 30


def edges_of(names):
    draw = random.Random(4)
    return [(source, target) for target in names for source in draw.sample(names, 6) if source != target]


def graphml(node='<node id="{}"/>', names=None, before="", edge='<edge source="{}" target="{}"/>'):
    names = names or [f"n{k}" for k in range(NEURONS)]
    nodes = "".join(node.format(name) for name in names)
    edges = "".join(edge.format(s, t) for s, t in edges_of(names))
    return f'<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">{before}{nodes}{edges}</graph></graphml>'


class UserNetwork(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def run_with(self, name, text):
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        (self.folder / "own.yaml").write_text(SCENARIO.format(name), encoding="utf-8")
        return subprocess.run([RESPINE, "run", "own.yaml", "-q", "--force", "-o", "own.h5"], cwd=self.folder, capture_output=True, text=True, check=False, timeout=60)

    def edges(self):
        """As pairs of the user's ids."""
        with h5py.File(self.folder / "own.h5") as file:
            ids = [name.decode() if isinstance(name, bytes) else name for name in file["network/id"][:]]
            group = file["snapshots/synapses/000"]
            offsets, source = group["offsets"][:], group["source"][:]
            return {(ids[source[k]], ids[target]) for target in range(offsets.size - 1) for k in range(offsets[target], offsets[target + 1])}

    def test_ids_are_those_of_the_xml(self):
        names = [f"n{k}" for k in range(NEURONS)]
        for what, text, wanted in (("plain", graphml(), names), ("a node in a comment", graphml(before='<!-- was: <node id="old"/> -->'), names),
                                   ("another attribute first", graphml(node='<node guid="x{0}" id="{0}"/>'), names), ("spaces", graphml(node='<node id = "{}" />'), names),
                                   ("an entity", graphml(names=[f"a&amp;{k}" for k in range(NEURONS)]), [f"a&amp;{k}" for k in range(NEURONS)])):
            with self.subTest(what):
                done = self.run_with("graph.graphml", text)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.edges(), {(s.replace("&amp;", "&"), t.replace("&amp;", "&")) for s, t in edges_of(wanted)})

    def test_what_does_not_hold_together_is_refused(self):
        names = [f"n{k}" for k in range(NEURONS)]
        table = "source,target\n" + "".join(f"{s},{t}\n" for s, t in edges_of(names))
        for what, name, text, message in (
                ("an edge to nowhere", "a.graphml", graphml().replace('target="n5"', 'target="zz"', 1), "an edge names node 'zz', which is not there"),
                ("a node twice", "a.graphml", graphml(before='<node id="n3"/>'), "node 'n3' stands twice"),
                ("no id", "a.graphml", graphml(node="<node/>"), "not a GraphML file that can be read"),
                ("Latin-1", "a.csv", table.replace("n7", "n\xfc").encode("latin-1"), "no UTF-8 text, or control characters"),
                ("a control character", "a.csv", table.replace("n7", "n\x01"), "no UTF-8 text, or control characters"),
                ("semicolons", "a.csv", table.replace(",", ";"), "commas separate columns"),
                ("tabs", "a.csv", table.replace(",", "\t"), "commas separate columns")):
            with self.subTest(what):
                done = self.run_with(name, text)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(message, done.stderr)

    def test_a_spreadsheet_s_byte_order_mark_is_no_part_of_a_name(self):
        pairs = edges_of([f"n{k}" for k in range(NEURONS)])
        done = self.run_with("a.csv", b"\xef\xbb\xbfsource,target\r\n" + "".join(f"{s},{t}\r\n" for s, t in pairs).encode())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.edges(), set(pairs))


if __name__ == "__main__":
    unittest.main(verbosity=2)
