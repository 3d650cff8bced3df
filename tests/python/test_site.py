"""scripts/docs builds a site that is whole and loads nothing: from disk, without a network, for ever."""

import html.parser
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
LOADED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"),
          ("embed", "src"), ("object", "data")}
REMOTE = ("http:", "https:", "//", "ftp:")


class Page(html.parser.HTMLParser):
    """What a page loads, where it links, and where it can be linked to."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.places = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.places.update(given[key] for key in ("id", "name") if given.get(key))
        for key in ("src", "href", "data"):
            if (tag, key) in LOADED and given.get(key) and given.get("rel") not in ("canonical", "author"):
                self.loads.append(given[key])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])


class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.holder.cleanup)
        cls.root = pathlib.Path(cls.holder.name) / "site"
        built = subprocess.run([SOURCE / "scripts/docs", cls.root], capture_output=True, text=True,
                               check=False, timeout=300)
        if built.returncode != 0:
            raise AssertionError(built.stdout + built.stderr)
        cls.pages = {path: Page(path.read_text(encoding="utf-8")) for path in cls.root.rglob("*.html")}

    def test_it_begins_at_index(self):
        self.assertIn("never medical advice", (self.root / "index.html").read_text(encoding="utf-8"))
        for page in ("docs/model.html", "docs/tutorial.html", "docs/teaching/cut.html", "api/index.html",
                     "api/bdnf_8hpp.html"):
            self.assertTrue((self.root / page).exists(), page)

    def test_nothing_is_loaded_from_elsewhere(self):
        for path, page in self.pages.items():
            self.assertEqual([load for load in page.loads if load.startswith(REMOTE)], [], path)
        for path in self.root.rglob("*.css"):
            text = path.read_text(encoding="utf-8")
            self.assertNotRegex(text, r"(url\(\s*['\"]?|@import\s+['\"]?)(https?:)?//", path)

    def test_every_link_inside_leads_somewhere(self):
        """Places too, but for Doxygen's, which links to lists of private classes that it does not print."""
        wrong = []
        for path, page in self.pages.items():
            for link in page.links + page.loads:
                where = urllib.parse.urlsplit(link)
                if where.scheme or link.startswith("//"):
                    continue
                target = (path.parent / urllib.parse.unquote(where.path)).resolve() if where.path else path
                if not target.exists():
                    wrong.append(f"{path.relative_to(self.root)}: {link}")
                elif where.fragment and "api" not in target.parts and target in self.pages:
                    if urllib.parse.unquote(where.fragment) not in self.pages[target].places:
                        wrong.append(f"{path.relative_to(self.root)}: {link} (no such place)")
        self.assertEqual(wrong, [])

    def test_equations_stand_in_the_reference(self):
        self.assertIn("de/dt = s (1 - a) Ca (l v Y + r X) - e / tau",
                      (self.root / "api/bdnf_8hpp.html").read_text(encoding="utf-8"))


if __name__ == "__main__":
    if not shutil.which("doxygen") or any(
        importlib.util.find_spec(name) is None for name in ("sphinx", "myst_parser", "furo")
    ):
        print("python3-sphinx, python3-myst-parser, furo or doxygen are missing")
        sys.exit(77)
    sys.exit(unittest.main())
