# Sphinx: the site that scripts/docs builds from README, CONTRIBUTING, CHANGELOG and docs/. It loads nothing
# from a network.
import pathlib
import re
import sys

_root = pathlib.Path(__file__).resolve().parents[2]

project = "respine"
author = "respine contributors"
copyright = author  # noqa: A001, the name is Sphinx's
version = release = re.search(r"project\(respine VERSION ([\d.]+)",
                              (_root / "CMakeLists.txt").read_text(encoding="utf-8"))[1]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
sys.path.insert(0, str(_root / "python"))
autodoc_mock_imports = ["respine._core"]  # the reference is made of docstrings, without a build
autodoc_typehints = "description"
myst_heading_anchors = 4  # the same anchors as on code hosts
include_patterns = [
    "index.md", "README.md", "CONTRIBUTING.md", "SUPPORT.md", "SECURITY.md", "CHANGELOG.md", "docs/**.md",
    "python-reference.md"
]
exclude_patterns = ["docs/site"]

html_theme = "furo"
html_title = f"respine {version}"
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["wide.css"]
templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html", "sidebar/search.html", "sidebar/scroll-start.html", "sidebar/navigation.html",
        "api.html", "sidebar/scroll-end.html"
    ]
}
