"""GraphML and CSV as other programs and hands write them: ids are those of the file, and what does not hold
together is refused.
"""

import os
import pathlib
import random
import signal
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
    return (f'<?xml version="1.0" encoding="UTF-8"?><graphml '
            f'xmlns="http://graphml.graphdrawing.org/xmlns"><graph '
            f'edgedefault="directed">{before}{nodes}{edges}</graph></graphml>')


class Networks(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def run_with(self, name, text):
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        (self.folder / "own.yaml").write_text(SCENARIO.format(name), encoding="utf-8")
        return subprocess.run([RESPINE, "run", "own.yaml", "-q", "--force", "-o", "own.h5"], cwd=self.folder,
                              capture_output=True, text=True, check=False, timeout=60)

    def loud(self, name, text, *more):
        """As run_with, and all that it says on standard error."""
        self.run_with(name, text)
        return subprocess.run([RESPINE, "run", "own.yaml", "--force", "-o", "own.h5", *more], cwd=self.folder,
                              capture_output=True, text=True, check=True,
                              timeout=60).stderr

    def bits(self):
        """Every dataset of the run file."""
        found = {}
        with h5py.File(self.folder / "own.h5") as file:
            def take(name, item):
                if isinstance(item, h5py.Dataset) and item.dtype.kind != "O":
                    found[name] = item[()].tobytes()

            file.visititems(take)
            found["network/id"] = tuple(file["network/id"][:])
        return found

    def edges(self):
        """As pairs of the user's ids."""
        with h5py.File(self.folder / "own.h5") as file:
            ids = [name.decode() if isinstance(name, bytes) else name for name in file["network/id"][:]]
            group = file["snapshots/synapses/000"]
            offsets, source = group["offsets"][:], group["source"][:]
            return {(ids[source[k]], ids[target]) for target in range(offsets.size - 1)
                    for k in range(offsets[target], offsets[target + 1])}


class UserNetwork(Networks):
    def test_ids_are_those_of_the_xml(self):
        names = [f"n{k}" for k in range(NEURONS)]
        for what, text, wanted in (
            ("plain", graphml(), names),
            ("a node in a comment", graphml(before='<!-- was: <node id="old"/> -->'), names),
            ("another attribute first", graphml(node='<node guid="x{0}" id="{0}"/>'), names),
            ("spaces", graphml(node='<node id = "{}" />'), names),
            (
                "an entity", graphml(names=[f"a&amp;{k}" for k in range(NEURONS)]),
                [f"a&amp;{k}" for k in range(NEURONS)]
            ),
        ):
            with self.subTest(what):
                done = self.run_with("graph.graphml", text)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.edges(), {(s.replace("&amp;", "&"), t.replace("&amp;", "&"))
                                                for s, t in edges_of(wanted)})

    def test_what_does_not_hold_together_is_refused(self):
        names = [f"n{k}" for k in range(NEURONS)]
        table = "source,target\n" + "".join(f"{s},{t}\n" for s, t in edges_of(names))
        for what, name, text, message in (
            (
                "an edge to nowhere", "a.graphml", graphml().replace('target="n5"', 'target="zz"', 1),
                "an edge names node 'zz', which is not there"
            ),
            ("a node twice", "a.graphml", graphml(before='<node id="n3"/>'), "node 'n3' stands twice"),
            ("no id", "a.graphml", graphml(node="<node/>"), "not a GraphML file that can be read"),
            (
                "Latin-1", "a.csv", table.replace("n7", "n\xfc").encode("latin-1"),
                "no UTF-8 text, or control characters"
            ),
            (
                "a control character", "a.csv", table.replace("n7", "n\x01"),
                "no UTF-8 text, or control characters"
            ),
            ("semicolons", "a.csv", table.replace(",", ";"), "commas separate columns"),
            ("tabs", "a.csv", table.replace(",", "\t"), "commas separate columns"),
        ):
            with self.subTest(what):
                done = self.run_with(name, text)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(message, done.stderr)

    def test_a_spreadsheet_s_byte_order_mark_is_no_part_of_a_name(self):
        pairs = edges_of([f"n{k}" for k in range(NEURONS)])
        done = self.run_with(
            "a.csv", b"\xef\xbb\xbfsource,target\r\n" + "".join(f"{s},{t}\r\n" for s, t in pairs).encode())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.edges(), set(pairs))

    def test_the_order_of_lines_decides_nothing(self):
        names = [f"n{k}" for k in range(NEURONS)]
        rows, nodes = [f"{s},{t}" for s, t in edges_of(names)], [f"{name},E,{13 * k % 30},{7 * k % 30}" for k,
                                                                 name in enumerate(names)]
        draw, table = random.Random(9), "kind: file, file: own.csv, nodes: nodes.csv"
        for what in ("edges alone", "edges and nodes"):
            with self.subTest(what):
                found = []
                for _ in range(2):
                    text = "source,target\n" + "\n".join(rows) + "\n"
                    (self.folder / "nodes.csv").write_text("id,type,x,y\n" + "\n".join(nodes) + "\n",
                                                           encoding="utf-8")
                    self.run_with("own.csv", text)
                    if what == "edges and nodes":
                        scenario = SCENARIO.format("own.csv").replace("kind: file, file: own.csv", table)
                        (self.folder / "own.yaml").write_text(scenario, encoding="utf-8")
                        subprocess.run([RESPINE, "run", "own.yaml", "-q", "--force", "-o", "own.h5"],
                                       cwd=self.folder, check=True, timeout=60)
                    found.append(self.bits())
                    draw.shuffle(rows)
                    draw.shuffle(nodes)
                self.assertEqual(found[0], found[1])

    def test_what_does_not_count_is_told(self):
        names = [f"n{k}" for k in range(NEURONS)]
        table = "source,target,delay\n" + "".join(f"{s},{t},3\n" for s, t in edges_of(names))
        self.assertIn(
            "/own.csv: the columns 'delay' do not count; rates, receptors and mean weights are those of the "
            "model", self.loud("own.csv", table))
        key = '<key id="w" for="edge" attr.name="delay" attr.type = "double"/><graph '
        xml = graphml(edge='<edge source="{}" target="{}"><data key="w">3</data></edge>').replace("<graph ",
                                                                                                  key, 1)
        self.assertIn("/own.graphml: the keys of edges 'delay' do not count", self.loud("own.graphml", xml))
        self.assertNotIn("note", self.loud("own.csv", table, "-q"))

    def test_a_network_without_types_is_told(self):
        names = [f"n{k}" for k in range(NEURONS)]
        table = "source,target\n" + "".join(f"{s},{t}\n" for s, t in edges_of(names))
        self.assertIn(f"all {NEURONS} count as E, and nothing inhibits them", self.loud("own.csv", table))

    def test_edges_that_stand_twice_and_own_edges_are_told(self):
        names = [f"n{k}" for k in range(NEURONS)]
        pairs = edges_of(names)
        table = "source,target\n" + "".join(f"{s},{t}\n" for s, t in [*pairs, pairs[0], pairs[0], pairs[3],
                                                                      ("n4", "n4"), ("n5", "n5")])
        told = self.loud("own.csv", table)
        first = min(pairs[0], pairs[3], key=lambda pair: [int(name[1:]) for name in pair])
        self.assertIn(
            f"note: 3 edges stand there more than once (the first: from '{first[0]}' to '{first[1]}'); "
            "each of them is a synapse of its own", told)
        self.assertIn("note: 2 edges of neurons onto themselves are left out (the first: ", told)
        self.assertIn(f"own.csv:{len(pairs) + 5}); the model has none", told)

    def test_comments_below_the_header_are_told(self):
        names = [f"n{k}" for k in range(NEURONS)]
        rows = "".join(f"{s},{t}\n" for s, t in edges_of(names))
        told = self.loud("own.csv", "# made by hand\nsource,target\n#n1,n2\n" + rows)
        self.assertIn(
            "own.csv: 1 lines below the header are comments, as they begin with # (the first: line 3); "
            "an id that begins so stands in quotes", told)
        self.run_with("own.csv", 'source,target\n"#1",n2\nn2,"#1"\n' + rows)
        self.assertIn(("#1", "n2"), self.edges())

    def test_graphml_is_read_as_xml(self):
        names = [f"n{k}" for k in range(NEURONS)]
        key = '<key id="t" for="node" attr.name="type" attr.type = "string"/><graph '
        spaced = graphml(node='<node id="{}"><data key="t">PV</data></node>').replace("<graph ", key, 1)
        typed = graphml().replace("<graphml", '<!DOCTYPE a [<!ENTITY b "c">]><graphml', 1)
        for what, text in (("tags in comments", graphml(before="<!-- " + "<a>" * 100 + " -->")),
                           ("tags in CDATA", graphml(before="<desc><![CDATA[" + "<a>" * 100 + "]]></desc>")),
                           ("spaces around =", spaced.replace("PV", "E")), ("edges above their nodes",
                                                                            graphml(node="",
                                                                                    names=names).replace(
                               "</graph>", "".join(f'<node id="{name}"/>' for name in names) + "</graph>"))):
            with self.subTest(what):
                done = self.run_with("graph.graphml", text)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.edges(), set(edges_of(names)))
        for what, text, message in (("a depth", graphml(before='<a b="/>">' * 200_000 + "</a>" * 200_000),
                                     "elements are nested deeper than 64 levels"),
                                    ("an end too few", graphml().replace("</graph>", ""),
                                     "not a GraphML file that can be read: mismatched tag"),
                                    ("undirected", graphml().replace('"directed"', '"undirected"'),
                                     "its edges are undirected, and a synapse has a direction"),
                                    ("a document type", typed, "entities are not allowed in GraphML")):
            with self.subTest(what):
                done = self.run_with("graph.graphml", text)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertRegex(done.stderr, r"/graph\.graphml:\d+: error: ")
                self.assertIn(message, done.stderr)

    def test_a_pipe_is_refused_at_once(self):
        self.run_with("own.csv", "source,target\n")
        for name in ("own.csv", "own.graphml"):
            with self.subTest(name):
                (self.folder / name).unlink(missing_ok=True)
                os.mkfifo(self.folder / name)
                (self.folder / "own.yaml").write_text(SCENARIO.format(name), encoding="utf-8")
                child = subprocess.Popen([RESPINE, "run", "own.yaml", "-q", "--force", "-o", "own.h5"],
                                         cwd=self.folder, stderr=subprocess.PIPE, text=True)
                try:
                    _, told = child.communicate(timeout=20)
                except subprocess.TimeoutExpired:
                    child.send_signal(signal.SIGKILL)
                    child.communicate()
                    self.fail("it waits for ever")
                self.assertEqual(child.returncode, 3, told)
                self.assertIn(f"{name}: error: is a pipe or a device; name a file", told)


class ChangedSince(Networks):
    """A run file knows the network's files by their digests."""

    def setUp(self):
        super().setUp()
        self.names = [f"n{k}" for k in range(NEURONS)]
        self.table = "source,target\n" + "".join(f"{s},{t}\n" for s, t in edges_of(self.names))

    def call(self, *words):
        return subprocess.run([RESPINE, *words], cwd=self.folder, capture_output=True, text=True, check=False,
                              timeout=60)

    def test_rerun_and_export_name_the_file_that_changed(self):
        self.assertEqual(self.run_with("own.csv", self.table).returncode, 0)
        with h5py.File(self.folder / "own.h5") as file:
            (self.folder / "sums").write_bytes(file["meta"].attrs["network_sha256"])
        self.assertEqual(subprocess.run(["sha256sum", "-c", "sums"], cwd=self.folder, capture_output=True,
                                        check=False).returncode, 0)
        self.assertEqual(self.call("rerun", "own.h5", "-q").returncode, 0)
        (self.folder / "own.csv").write_text(self.table.rsplit("\n", 2)[0] + "\n", encoding="utf-8")
        again = self.call("rerun", "own.h5", "-q", "--force")
        self.assertEqual(again.returncode, 3, again.stdout)
        self.assertIn("own.csv", again.stderr)
        self.assertIn("the files behind are others now", again.stderr)
        out = self.call("export", "own.h5", "--csv", "out")
        self.assertEqual(out.returncode, 3, out.stderr)
        self.assertIn("own.csv: is another file now than when the run was made", out.stderr)

    def test_a_resume_names_the_file_that_changed(self):
        (self.folder / "own.csv").write_text(self.table, encoding="utf-8")
        scenario = SCENARIO.format("own.csv").replace("duration: 1 h", "duration: 2 d")
        (self.folder / "own.yaml").write_text(scenario, encoding="utf-8")
        self.assertEqual(self.call("run", "own.yaml", "-q", "-o", "own.h5", "--walltime",
                                   "0.001s").returncode, 75)
        (self.folder / "own.csv").write_text(self.table.rsplit("\n", 2)[0] + "\n", encoding="utf-8")
        again = self.call("run", "--resume", "own.h5", "-q")
        self.assertEqual(again.returncode, 3)
        self.assertIn("own.csv) is not that of its file as it is now", again.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
