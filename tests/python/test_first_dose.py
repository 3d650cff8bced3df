"""Windows of a comparison count from the real first dose, wherever it is on the clock of the scenario."""

import json
import sys
import unittest

import h5py
from first_dose import DOSE, FirstDose


class Runs(FirstDose):
    def compare(self, *words, code=0):
        done = self.respine("compare", *words, code=code)
        return json.loads(done.stdout) if code == 0 and "--json" in words else done

    def test_compare_reads_since_the_dose(self):
        for name, at in (("before", "-12 h"), ("zero", "0 h"), ("after", "2 d")):
            self.run_file(f"{name}.h5", "mouse-ketamine-10mgkg", name=name, start="-1 d", duration="4 d",
                          treatments=DOSE % at,
                          **{"imaging.sessions": "[]", "network.neurons": "300",
                             "network.synapses_per_neuron": "50"})  # few cells differ more than windows do
        table = self.compare("before.h5", "zero.h5", "after.h5", "--json")
        for measure in ("plasma_ketamine peak", "bdnf peak", "bdnf time of peak", "bdnf area over 24 h"):
            row = next(m for m in table["measures"] if m["name"] == measure)["arms"]
            values = [row[name]["mean"] for name in ("before", "zero", "after")]
            self.assertLess(max(values) - min(values), 0.15 * max(values), f"{measure}: {values}")

    def test_a_run_may_begin_after_time_zero(self):
        run = self.run_file("late.h5", "mouse-ketamine-10mgkg", start="1 d", duration="2 d",
                            treatments=DOSE % "2 d", **{"imaging.sessions": "[]"})
        with h5py.File(run) as file:
            self.assertEqual(file["history/time"][0], 24.0)
            self.assertNotIn("first dose", file["history/time"].attrs["long_name"].decode())

    def test_a_cohort_says_when_its_first_dose_was(self):
        run = self.run_file(
            "cohort.h5", "human-iv-cohort", **{
                "cohort.subjects": "2", "start": "-1 d", "duration": "3 d", "treatments.0.at": "1 d",
                "record.history": "6 h"
            })
        with h5py.File(run) as file:
            self.assertEqual(file["meta"].attrs["first_dose_h"], 24.0)

    def test_every_dose_has_its_window(self):
        self.run_file("six.h5", "mouse-ketamine-10mgkg", start="-1 h", duration="4 d",
                      treatments=DOSE % "[0 d, 1 d, 2 d]", **{"imaging.sessions": "[]"})
        table = self.compare("six.h5", "--json")
        peaks = {
            m["name"]: next(iter(m["arms"].values()))["mean"] for m in table["measures"]
            if m["name"].startswith("rate_sst least, dose")
        }
        self.assertEqual(sorted(peaks), [f"rate_sst least, dose {k}" for k in (1, 2, 3)])
        times = [
            next(iter(m["arms"].values()))["mean"] for m in table["measures"]
            if m["name"].startswith("brain_ketamine time of peak")
        ]
        self.assertEqual(len(times), 3)
        self.assertTrue(all(0.5 < t < 1.5 for t in times), times)
        self.assertIn("the first and the last are shown", self.compare("six.h5").stdout)

    def test_an_arm_without_treatments_is_called_so(self):
        short = {"start": "-1 h", "duration": "2 h", "imaging.sessions": "[]"}
        self.run_file("given.h5", "mouse-ketamine-10mgkg", **short)
        self.run_file("none.h5", "mouse-ketamine-10mgkg", **short, treatments="[]")
        arms = self.compare("given.h5", "none.h5", "--json")["arms"]
        self.assertEqual(arms[1], "mouse-ketamine-10mgkg [no treatments]")

    def test_replicates_differ_in_the_seed_alone(self):
        short = {"start": "-1 h", "duration": "12 h", "imaging.sessions": "[]"}
        for seed in ("1", "2", "3"):
            self.run_file(f"k{seed}.h5", "mouse-ketamine-10mgkg", seed=seed, **short)
            self.run_file(f"v{seed}.h5", "mouse-vehicle", seed=seed, **short)
        self.run_file("high.h5", "mouse-ketamine-10mgkg", **short, **{"treatments.0.dose": "30 mg/kg"})
        table = self.compare("k1.h5", "k2.h5", "k3.h5", "high.h5", "v1.h5", "v2.h5", "v3.h5", "--reference",
                             "v1.h5", "--json")
        self.assertEqual(
            table["arms"],
            [
                "mouse-vehicle", "mouse-ketamine-10mgkg [dose: 10 mg/kg]",
                "mouse-ketamine-10mgkg [dose: 30 mg/kg]"
            ],
        )
        cell = next(m for m in table["measures"] if m["name"] == "rate_sst least")["arms"][table["arms"][1]]
        self.assertEqual((cell["n"], cell["df"]), (3, 2))
        self.assertLess(cell["ci95"][0], cell["difference"])
        self.assertLess(cell["difference"], 0.0, "interneurons fall silent")
        self.assertNotIn("z", cell)
        (self.folder / "copy.h5").write_bytes((self.folder / "k1.h5").read_bytes())
        self.assertIn("are the same run", self.compare("k1.h5", "copy.h5", code=2).stderr)
        self.assertIn(
            "is the name of 2 arms",
            self.compare("k1.h5", "high.h5", "v1.h5", "--reference", "mouse-ketamine-10mgkg", code=2).stderr)

    def test_arms_keep_apart_when_what_differs_is_too_long_to_show(self):
        for name, last in (("a", "10 h"), ("b", "11 h")):
            times = ", ".join(f"{k} min" for k in range(30)) + f", {last}"
            self.run_file(f"{name}.h5", "mouse-vehicle", start="-1 h", duration="13 h",
                          **{"imaging.sessions": "[]", "record.snapshots": f"[{times}]"})
        table = self.compare("a.h5", "b.h5", "--reference", "a.h5", "--json")
        self.assertEqual(len(set(table["arms"])), 2, table["arms"])
        self.assertEqual(len(table["measures"][0]["arms"]), 2)

    def test_imaging_is_compared_over_one_interval(self):
        common = {"start": "-2 d", "duration": "5 d", "treatments": DOSE % "1 d"}
        self.run_file("k.h5", "mouse-ketamine-10mgkg", **common, **{"imaging.sessions": "[0 d, 2 d]"})
        self.run_file("v.h5", "mouse-vehicle", **{**common, "treatments": "[]"},
                      **{"imaging.sessions": "[0 d, 2 d]"})
        self.run_file("w.h5", "mouse-vehicle", name="w", **{**common, "treatments": "[]"},
                      **{"imaging.sessions": "[-1 d, 2 d]"})

        def difference(*words):
            table = self.compare(*words, "--json")
            return [
                m["arms"]["mouse-ketamine-10mgkg"]["mean"] for m in table["measures"]
                if m["name"] == "density difference day 1"
            ]

        self.assertEqual(difference("k.h5", "v.h5", "--reference", "v.h5"),
                         difference("v.h5", "k.h5", "--reference", "v.h5"))
        self.assertNotEqual(difference("k.h5", "v.h5", "--reference", "v.h5"), [None])
        self.assertEqual(difference("k.h5", "w.h5", "--reference", "w.h5"), [None])

    def test_rows_that_are_far_apart_are_told(self):
        self.run_file("coarse.h5", "mouse-ketamine-10mgkg", start="-6 h", duration="2 d",
                      **{"record.history": "6 h", "imaging.sessions": "[]"})
        self.assertIn("history rows, up to 6 h apart", self.compare("coarse.h5").stdout)

    def test_nothing_to_restore_has_no_response(self):
        for severity, defined in (("0", False), ("1", True)):
            run = self.run_file(
                "r.h5", "human-iv-single", **{
                    "stress.severity": severity, "start": "-1 h", "duration": "26 h", "imaging.sessions": "[]"
                })
            with h5py.File(run) as file:
                index = file["history/response_index"][:]
                self.assertEqual(bool((index == index).all()), defined)
                self.assertEqual(bool((index == index).any()), defined)

    def test_cells_without_input_stay_as_they_are(self):
        names = [f"e{k}" for k in range(60)]
        (self.folder / "nodes.csv").write_text(
            "id,type\n"
            + "".join(f"{n},E\n" for n in names)
            + "".join(f"p{k},PV\ns{k},SST\n" for k in range(6)),
            encoding="utf-8",
        )
        # e50 to e59 get nothing
        edges = [(names[(k + 7 * j + 1) % 50], names[k]) for k in range(50) for j in range(6)]
        edges += [(f"{kind}{k % 6}", name) for k, name in enumerate(names[:50])
                  for kind in "ps"] + [(names[k], f"p{k}") for k in range(6)]
        (self.folder / "edges.csv").write_text(
            "source,target\n" + "".join(f"{s},{t}\n" for s, t in edges), encoding="utf-8"
        )
        (self.folder / "own.yaml").write_text(
            "name: own\nmodel: mouse\nstart: 0 h\nduration: 1 d\n"
            "network: {kind: file, file: edges.csv, nodes: nodes.csv}\n"
            "stress: {severity: 1}\nrecord: {history: 1 h, snapshots: [0 h, 1 d]}\n", encoding="utf-8")
        self.respine("run", "own.yaml", "-q", "-o", "own.h5")
        with h5py.File(self.folder / "own.h5") as file:
            ids = [i.decode() for i in file["network/id"][:]]
            alone = [k for k, i in enumerate(ids) if i in names[50:]]
            self.assertEqual(len(alone), 10)
            self.assertEqual({float(v) for v in file["snapshots/ampa"][-1][alone]}, {1.0})
            self.assertEqual({float(v) for v in file["network/healthy"][:][alone]}, {0.0})


if __name__ == "__main__":
    sys.exit(unittest.main())
