"""The report of `respine validate`: asked rows, the numbers of the JSON, nothing loaded from elsewhere."""

import base64
import csv
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
sys.path.insert(0, str(SOURCE / "analysis" / "python"))
import panels  # noqa: E402
import report_words  # noqa: E402
from validation import Cohort, Validation, read_literature  # noqa: E402

ROWS = [
    "pk-venous-peak", "block-order", "bdnf-30min", "mtor-pulse", "density-d5", "density-d10",
    "formation-injection", "elimination-acute", "knockout-nbqx", "turnover-27d-form", "new-survival-2d",
    "new-survival-33d", "clin-response-24h", "clin-placebo-response"
]
SEEDS = 2
REASON = "<b>kept as text</b> & not as markup"


def call(words, folder, configs):
    return subprocess.run([RESPINE, *words], cwd=folder, capture_output=True, text=True, check=False,
                          env={**os.environ, "RESPINE_CONFIGS": str(configs)})


class Page(html.parser.HTMLParser):
    """What a page shows and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.loads, self.links, self.rows, self.ids = [], [], [], {}, set()
        self._row = self._cell = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.ids.add(attrs.get("id"))
        for name in ("src", "srcset", "poster", "data", "background", "xlink:href", "action"):
            if name in attrs:
                self.loads.append(attrs[name])
        if "href" in attrs:
            (self.links if tag == "a" else self.loads).append(attrs["href"])
        if tag == "tr":
            self._row = self.rows.setdefault(attrs["data-id"], {}) if "data-id" in attrs else None
        if tag == "td":
            self._cell = attrs.get("data-label")

    def handle_endtag(self, tag):
        if tag == "td":
            self._cell = None

    def handle_data(self, data):
        if self._row is not None and self._cell:
            self._row[self._cell] = self._row.get(self._cell, "") + data


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.configs = cls.folder / "configs"
        shutil.copytree(SOURCE / "configs", cls.configs)
        # A row that cannot pass, with a reason, and a reason for a row that passes.
        table = (cls.configs / "reference" / "targets.csv").read_text(encoding="utf-8")
        cls.table = table.replace(",value,185,139,231,", ",value,2,1,3,")
        assert cls.table != table
        (cls.configs / "reference" / "targets.csv").write_text(cls.table, encoding="utf-8")
        (cls.configs / "reference" / "reasons.yaml").write_text(
            f'pk-venous-peak: "{REASON}"\nblock-order: "stale"\n', encoding="utf-8")
        cls.words = [
            "validate", "--quick", "--quiet", "--seeds",
            str(SEEDS), "--work", "work", "--threads", "2", "--html", "page.html", "--docs", "docs", "--only",
            *ROWS
        ]
        cls.done = call([*cls.words, "--json"], cls.folder, cls.configs)
        assert cls.done.returncode == 0, cls.done.stderr
        cls.outcomes = {row["id"]: row for row in json.loads(cls.done.stdout)}
        cls.text = (cls.folder / "page.html").read_text(encoding="utf-8")
        cls.page = Page(cls.text)
        cls.markdown = (cls.folder / "docs" / "validation.md").read_text(encoding="utf-8")
        cls.validation = Validation(str(cls.folder / "work"), str(cls.folder / "work" / "outcomes.json"),
                                    str(cls.configs / "reference"))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_every_asked_row_is_shown_once(self):
        self.assertEqual(set(self.outcomes), set(ROWS))
        self.assertEqual(set(self.page.rows), set(ROWS))
        for row in ROWS:
            self.assertEqual(self.text.count(f'data-id="{row}"'), 1, row)
            self.assertEqual(len(re.findall(rf"^\| `{row}` ", self.markdown, re.MULTILINE)), 1, row)

    def test_the_numbers_are_those_of_the_json(self):
        for name, row in self.outcomes.items():
            with self.subTest(name):
                shown = {label: words.replace("−", "-") for label, words in self.page.rows[name].items()}
                self.assertEqual(len(row["by_seed"]), SEEDS)
                self.assertAlmostEqual(row["mean"], sum(row["by_seed"]) / SEEDS, places=9)
                if row["kind"] != "order":
                    exact = row["error"] <= 1e-12 * abs(row["mean"])
                    spread = " (exact)" if exact else f" ± {row['error']:.2g}"
                    self.assertTrue(shown["simulated"].startswith(f"{row['mean']:.4g}{spread}"), name)
                if row["published"] is not None:
                    self.assertTrue(shown["published"].startswith(f"{row['published']:.4g} "))
                    self.assertEqual(shown["accepted"], f"{row['low']:.4g} to {row['high']:.4g}")
                self.assertTrue(shown["verdict"].startswith(row["verdict"].lower()))
                self.assertIn(row["source"], shown["source"])
                self.assertEqual(shown["mark"], row["mark"])
                self.assertEqual(shown["evidence"], row["evidence"].replace("_", " "))
                line = re.search(rf"^\| `{name}` .*$", self.markdown, re.MULTILINE)[0].replace("−", "-")
                if row["kind"] != "order":
                    self.assertIn(f"| {row['mean']:.4g}{spread}", line)

    def test_the_summary_counts(self):
        counted = [r for r in self.outcomes.values() if r["verdict"] != "input"]
        passed = sum(r["verdict"] == "pass" for r in counted)
        fitted = [r["verdict"] == "pass" for r in counted if r["evidence"] == "fitted"]
        for told in (f"{passed} of {len(counted)} rows pass", f"fitted {sum(fitted)} of {len(fitted)}"):
            self.assertIn(told, self.text)
            self.assertIn(told, self.markdown)
        self.assertIn(f"fitted {sum(fitted)} of {len(fitted)}", self.done.stderr)
        self.assertIn(f"{passed} of {len(counted)} targets pass", self.done.stderr)
        self.assertIn("never medical advice", self.text)
        self.assertIn("never medical advice", self.markdown)

    def test_nothing_is_loaded_from_elsewhere(self):
        self.assertGreater(len(self.page.loads), 10)
        for load in self.page.loads:
            self.assertTrue(load.startswith("data:image/svg+xml;base64,"), load[:60])
            picture = base64.b64decode(load.split(",", 1)[1]).decode()
            self.assertTrue(all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', picture)))
            self.assertIsNone(re.search(r"@import|url\((?!#)|<script|<image", picture))
        for link in self.page.links:
            self.assertTrue(
                link.startswith("https://doi.org/10.")
                or (link.startswith("#") and link[1:] in self.page.ids), link)
        self.assertFalse({"script", "link", "iframe", "object", "embed", "form"} & set(self.page.tags))
        self.assertIsNone(re.search(r"@import|url\(", self.text))
        self.assertIn("default-src 'none'", self.text)

    def test_it_suits_dark_rooms_and_small_screens(self):
        self.assertIn("width=device-width", self.text)
        self.assertIn("prefers-color-scheme: dark", re.search(r"<style>.*?</style>", self.text, re.DOTALL)[0])
        self.assertEqual(self.text.count('<source media="(prefers-color-scheme: dark)"'),
                         self.text.count("<picture>"))
        self.assertNotIn("<style></style>", self.text)

    def test_figures_of_the_asked_rows(self):
        expected = {
            "pk-venous", "bdnf", "mtorc1", "density", "formation", "elimination", "new-spines", "knockouts",
            "responders", "difference"
        }
        self.assertEqual({name[7:] for name in self.page.ids if name and name.startswith("figure-")},
                         expected)
        self.assertEqual({p.name for p in (self.folder / "docs" / "images").iterdir()},
                         {f"validation-{name}.png" for name in expected})
        for image in re.findall(r'src="([^"]+)"', self.markdown):
            self.assertEqual((self.folder / "docs" / image).read_bytes()[:4], b"\x89PNG")

    def test_readers_give_the_numbers_of_the_program(self):
        v, outcomes = self.validation, self.outcomes
        days, points = v.density_difference("mouse-ketamine-10mgkg", "mouse-vehicle")
        for name, day in (("density-d5", 5.0), ("density-d10", 10.0)):
            numpy.testing.assert_allclose(points[:, list(days).index(day)], outcomes[name]["by_seed"],
                                          rtol=1e-6)
        for name, field in (("formation-injection", "formation"), ("elimination-acute", "elimination")):
            ends, excess = v.interval_excess("mouse-ketamine-10mgkg", "mouse-vehicle", field)
            self.assertEqual(ends[1], 1.0)
            numpy.testing.assert_allclose(excess[:, 0], outcomes[name]["by_seed"], rtol=1e-4, atol=1e-5)
        later, shares = v.new_spine_survival("mouse-vehicle-healthy")
        for name, day in (("new-survival-2d", 2.0), ("new-survival-33d", 33.0)):
            numpy.testing.assert_allclose(shares[:, list(later).index(day)], outcomes[name]["by_seed"],
                                          rtol=1e-9)
        numpy.testing.assert_allclose(v.at("human-iv-single", "venous_ketamine", 2 / 3),
                                      outcomes["pk-venous-peak"]["by_seed"], rtol=1e-6)
        responders = [100 * c.responders(24.0) / len(c.index) for c in v.cohorts("human-iv-cohort")]
        numpy.testing.assert_allclose(responders, outcomes["clin-response-24h"]["by_seed"], rtol=1e-9)

    def test_a_miss_says_why_and_a_pass_does_not(self):
        self.assertEqual(self.outcomes["pk-venous-peak"]["verdict"], "MISS")
        self.assertEqual(self.outcomes["pk-venous-peak"]["reason"], REASON)
        self.assertEqual((self.outcomes["block-order"]["verdict"], self.outcomes["block-order"]["reason"]),
                         ("pass", ""))
        self.assertIn("&lt;b&gt;kept as text&lt;/b&gt; &amp; not as markup", self.text)
        self.assertIn(f"- **pk-venous-peak**: {REASON}", self.markdown)
        self.assertNotIn("stale", self.text)
        told = call([
            "validate", "--quick", "--quiet", "--seeds",
            str(SEEDS), "--work", "work", "--only", "pk-venous-peak", "block-order"
        ], self.folder, self.configs)
        self.assertIn(REASON, told.stdout)
        self.assertNotIn("stale", told.stdout)

    def test_sizes_are_told(self):
        row = self.outcomes["clin-response-24h"]
        self.assertEqual((row["seeds"], row["subjects"], row["neurons"], row["synapses_per_neuron"]),
                         (SEEDS, 40, 500, 100))
        for scenario in self.validation.scenarios:
            self.assertIn(f"<b>{scenario}</b>", self.text)
        told = call([
            "validate", "--quick", "--quiet", "--seeds",
            str(SEEDS), "--work", "work", "--only", "clin-response-24h", "pk-venous-peak"
        ], self.folder, self.configs)
        self.assertIn("2 seeds of each scenario:", told.stdout)
        self.assertIn("40 subjects of 500 neurons x 100 synapses: human-iv-cohort\n", told.stdout)

    def test_the_same_runs_give_the_same_bytes(self):
        again = call(self.words, self.folder, self.configs)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual((self.folder / "page.html").read_text(encoding="utf-8"), self.text)
        self.assertEqual((self.folder / "docs" / "validation.md").read_text(encoding="utf-8"), self.markdown)

    def test_a_reason_for_no_row_is_refused(self):
        other = self.folder / "other"
        shutil.copytree(self.configs, other, dirs_exist_ok=True)
        (other / "reference" / "reasons.yaml").write_text('pk-venous-peek: "no such row"\n', encoding="utf-8")
        done = call(["validate", "--quick", "--only", "pk-venous-peak"], self.folder, other)
        self.assertEqual(done.returncode, 2)
        self.assertIn("pk-venous-peak", done.stderr)


class Tables(unittest.TestCase):
    def setUp(self):
        with open(SOURCE / "configs" / "reference" / "targets.csv", encoding="utf-8") as file:
            self.ids = [
                row["id"] for row in csv.DictReader(line for line in file if not line.startswith("#"))
            ]

    def test_every_row_has_its_link_of_the_chain(self):
        self.assertGreater(len(self.ids), 50)
        self.assertEqual([i for i in self.ids if report_words.link_of(i) == "Other"], [])
        self.assertEqual(set(report_words.ORDER), {name for name, _ in report_words.LINKS})

    def test_figures_ask_for_rows_that_exist(self):
        for panel in panels.PANELS:
            self.assertIn(panel[1], report_words.ORDER)
            self.assertLessEqual(set(panel[4]), set(self.ids), panel[0])

    def test_published_values_that_the_code_names_exist(self):
        literature = read_literature(SOURCE / "configs" / "reference" / "literature.csv")
        named = set()
        for script in ("panels_chain.py", "panels_spines.py", "panels_patients.py", "contradictions.py"):
            text = (SOURCE / "analysis" / "python" / script).read_text(encoding="utf-8")
            named |= set(re.findall(r'literature\["(\w[^"]*)"\]', text)) | set(
                re.findall(r'side\(v, "([^"]+)"', text)
            )
        self.assertGreater(len(named), 20)
        self.assertLessEqual(named, set(literature))
        self.assertLessEqual({row["mark"] for row in literature.values()}, set(report_words.MARKS))


class Relapse(unittest.TestCase):
    """Last dose at hour 24: the end of the course is judged at hour 48, relapse every 72 h from 96 on."""

    INDEX = [
        # one low visit does not count; relapse at hour 240, day 9
        [0.0, 0.3, 0.6, 0.7, 0.6, 0.20, 0.60, 0.20, 0.10, 0.1],
        [0.0, 0.3, 0.6, 0.7, 0.5, 0.24, 0.24, 0.50, 0.60, 0.7],  # relapse at hour 96, day 3
        # only the last visit is low: censored at day 15
        [0.0, 0.3, 0.6, 0.7, 0.9, 0.90, 0.80, 0.70, 0.60, 0.2],
        [0.0, 0.3, 0.6, 0.7, 0.4, 0.10, 0.10, 0.10, 0.10, 0.1],  # no responder at the end of the course
    ]

    def test_the_definition(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "cohort.h5")
            with h5py.File(path, "w") as file:
                file.attrs.update(format="respine-cohort", format_version=1)
                file["cohort/time"] = numpy.array([0, 12, 24, 36, 48, 96, 168, 240, 312, 384.0])
                file["cohort/response_index"] = numpy.array(self.INDEX, "f4")
                file["cohort/severity"] = numpy.ones(4, "f4")
                file.create_group("meta").attrs["last_dose_h"] = 24.0
            cohort = Cohort(path)
            days, event = cohort.relapse()
        numpy.testing.assert_allclose(days, [9, 3, 15])
        numpy.testing.assert_array_equal(event, [True, True, False])
        self.assertEqual(cohort.responders(48.0), 3)
        self.assertEqual(cohort.responders(59.9), 3)


if __name__ == "__main__":
    unittest.main()
