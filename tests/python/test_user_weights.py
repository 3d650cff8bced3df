"""Weights of a user's edges count as sizes over the mean of their pair of cell types, whatever their unit."""

import random
import subprocess
import unittest

import h5py
import numpy as np

from test_user_network import NEURONS, RESPINE, SCENARIO, Networks, edges_of, graphml

NAMES = [f"n{k}" for k in range(NEURONS)]
NODES = "id,type\n" + "".join(f"{name},{'PV' if k % 5 == 0 else 'E'}\n" for k, name in enumerate(NAMES))


class UserWeights(Networks):
    def table(self, weights, edges=None):
        rows = zip(edges or edges_of(NAMES), weights)
        return "source,target,weight\n" + "".join(f"{s},{t},{w:g}\n" for (s, t), w in rows)

    def run_table(self, text):
        (self.folder / "nodes.csv").write_text(NODES, encoding="utf-8")
        (self.folder / "own.csv").write_text(text, encoding="utf-8")
        (self.folder / "own.yaml").write_text(SCENARIO.format("own.csv, nodes: nodes.csv"), encoding="utf-8")
        return subprocess.run([RESPINE, "run", "own.yaml", "-q", "--force", "-o", "own.h5"], cwd=self.folder,
                              capture_output=True, text=True, check=False, timeout=60)

    def bits_of(self, text):
        done = self.run_table(text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.bits()

    def test_equal_weights_fix_the_sizes_and_their_unit_is_nothing(self):
        count = len(edges_of(NAMES))
        self.assertEqual(self.bits_of(self.table([3] * count)), self.bits_of(self.table([0.25] * count)))

    def test_uneven_weights_count_and_the_order_of_lines_does_not(self):
        edges, draw = edges_of(NAMES), random.Random(5)
        weights = [draw.choice([1, 4]) for _ in edges]
        uneven = self.bits_of(self.table(weights))
        self.assertNotEqual(uneven, self.bits_of(self.table([1] * len(edges))))
        rows = list(zip(edges, weights))
        draw.shuffle(rows)
        self.assertEqual(uneven, self.bits_of(self.table([w for _, w in rows], [e for e, _ in rows])))
        minus = {(s, t): -w if int(s[1:]) % 5 == 0 else w for (s, t), w in rows}
        self.assertEqual(uneven, self.bits_of(self.table(minus.values(), list(minus))))

    def test_plastic_synapses_start_with_the_size_of_their_weight(self):
        edges, draw = edges_of(NAMES), random.Random(6)
        weight = {edge: draw.choice([1, 4]) for edge in edges}
        self.bits_of(self.table(weight.values()))
        with h5py.File(self.folder / "own.h5") as file:
            ids = [name.decode() for name in file["network/id"][:]]
            group = file["snapshots/synapses/000"]
            offsets, source, size = group["offsets"][:], group["source"][:], group["log_size"][:]
        target = np.repeat(np.arange(offsets.size - 1), np.diff(offsets.astype(int)))
        given = np.array([weight[ids[s], ids[t]] for s, t in zip(source, target)])
        self.assertEqual(set(given), {1, 4})
        self.assertAlmostEqual(float(np.ptp(size[given == 1])), 0.0, places=3)
        self.assertAlmostEqual(float(size[given == 4].mean() - size[given == 1].mean()), np.log(4), places=3)

    def test_graphml_says_the_same(self):
        edges, draw = edges_of(NAMES), random.Random(7)
        weights = [draw.choice([1, 2, 5]) for _ in edges]
        self.assertEqual(self.run_with("own.csv", self.table(weights)).returncode, 0)
        bits = self.bits()
        key = ('<key id="w" for="edge" attr.name="weight" attr.type="double">'
               "<default>1</default></key><graph ")
        text = graphml().replace("<graph ", key, 1)
        for (s, t), w in zip(edges, weights):
            plain = f'<edge source="{s}" target="{t}"/>'
            if w != 1:
                text = text.replace(plain, plain[:-2] + f'><data key="w">{w}</data></edge>', 1)
        done = self.run_with("own.graphml", text)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.bits(), bits)

    def test_what_is_no_weight_is_refused(self):
        count = len(edges_of(NAMES))
        good = self.table([1] * count).splitlines()
        for wrong, message in (("heavy", "'heavy' is not the weight"), ("", "'' is not the weight"),
                               ("1e60", "1e+60 is not the weight")):
            with self.subTest(wrong):
                rows = [*good[:4], good[4].rpartition(",")[0] + "," + wrong, *good[5:]]
                done = self.run_table("\n".join(rows) + "\n")
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("own.csv:5: error: ", done.stderr)
                self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
