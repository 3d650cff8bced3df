"""Lines, files and functions of the sources stay short, and the C++ is as clang-format 14 leaves it."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import style

SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
CPP, PYTHON = (".cpp", ".hpp", ".inc"), (".py",)
SHORT_FILES = (*CPP, *PYTHON, ".ts")
SHORT_LINES = (*SHORT_FILES, ".mjs", ".cmake", "CMakeLists.txt")

# Files with longer lines, or more lines, than they may have. These lists must only shrink: a name that is not
# needed any more fails the test.
LONG_LINES = set()
LONG_FILES = set()
LONG_SHARE = 0.01  # of the functions of a language may be long


def tracked():
    """Names of the files that git knows; none outside a checkout."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=SOURCE, capture_output=True, text=True, check=False)
    return [name for name in done.stdout.split("\0") if name and (SOURCE / name).is_file()]


def text_of(name):
    return (SOURCE / name).read_text(encoding="utf-8")


def is_script(name):
    """A shell script is known by its first line, as a shell knows it."""
    if pathlib.PurePath(name).suffix or not os.access(SOURCE / name, os.X_OK):
        return False
    with open(SOURCE / name, "rb") as file:
        first = file.readline()
    return first.startswith(b"#!") and b"sh" in first


class Style(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.names = tracked()

    def of(self, *endings):
        return [name for name in self.names if name.endswith(endings)]

    def excused(self, found, allowed):
        """What is too long and not excused fails, and so does an excuse that nothing needs."""
        self.assertEqual(sorted(set(found) - allowed), [], "too long")
        self.assertEqual(sorted(allowed - set(found)), [], "no longer too long: take it off the list")

    def test_lines_fit(self):
        names = self.of(*SHORT_LINES) + [name for name in self.names if is_script(name)]
        self.assertGreater(len(names), 300)
        found = {name: style.long_lines(text_of(name)) for name in names}
        self.excused([name for name, lines in found.items() if lines], LONG_LINES)

    def test_files_fit(self):
        found = [name for name in self.of(*SHORT_FILES) if style.is_long_file(text_of(name))]
        self.assertEqual([name for name in found if name.startswith("tests/")], [])
        self.excused([pathlib.PurePath(name).name for name in found], LONG_FILES)

    def test_functions_fit(self):
        for language, endings, functions in (("Python", PYTHON, style.python_functions),
                                             ("C++", CPP, style.brace_functions),
                                             ("TypeScript", (".ts",), style.brace_functions)):
            with self.subTest(language):
                found = [(lines, name, function) for name in self.of(*endings)
                         for function, lines in functions(text_of(name))]
                self.assertGreater(len(found), 200)
                long = sorted((f for f in found if f[0] > style.FUNCTION_LINES), reverse=True)
                told = "\n".join(f"{lines} lines: {name}: {function}" for lines, name, function in long)
                self.assertLessEqual(len(long) / len(found), LONG_SHARE, f"\n{told}")

    def test_cpp_is_formatted(self):
        found = style.unformatted(SOURCE, self.of(*CPP))
        if found is None:
            self.skipTest("there is no clang-format-14 (Debian: apt-get install clang-format-14)")
        self.assertEqual(found, [], "run: clang-format-14 -i FILE")

    def test_files_of_cpp_tests_are_their_own(self):
        """They run side by side: of a file that two of them name alike one reads what the other writes."""
        names = [name for name in self.of(*CPP) if name.startswith("tests/") and
                 not name.startswith("tests/fuzz/") and name != "tests/temporary_folder.hpp"]
        self.assertGreater(len(names), 100)
        found = [name for name in names if re.search(r"temp_directory_path|TempDir\(|\"/tmp", text_of(name))]
        self.assertEqual(found, [], "use test::TemporaryFolder")


class Measures(unittest.TestCase):
    """Planted faults are found."""

    def test_lines_are_counted_in_characters(self):
        self.assertEqual(style.long_lines("µ" * 110 + "\n" + "x" * 111 + "\nshort\n"), [2])

    def test_files(self):
        self.assertFalse(style.is_long_file("line\n" * 300))
        self.assertTrue(style.is_long_file("line\n" * 301))

    def test_python_functions(self):
        text = "def short():\n    pass\n\n\nclass Some:\n    def long(self):\n" + "        pass\n" * 40
        self.assertEqual(style.python_functions(text), [("short", 2), ("long", 41)])

    def test_cpp_functions(self):
        body = "        if (x) {\n            y();\n        }\n"
        text = ("namespace n {\n\n// Words.\nint one(int a,\n        int b) {\n    return a;\n}\n\n"
                "struct Some {\n    Some() : a(1) {}\n\n    void two() {\n"
                + body + "    }\n    int a;\n};\n\n"
                "const int kTable[] = {\n    1,\n};\n\nvoid three() {\n    const auto f = [] {\n"
                "        g();\n    };\n}\n\n}  // namespace n\n")
        self.assertEqual(style.brace_functions(text),
                         [("int one(int a,", 4), ("void two() {", 5), ("void three() {", 5)])

    def test_formatting(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / ".clang-format").write_text(text_of(".clang-format"), encoding="utf-8")
            (folder / "good.cpp").write_text("int a = 1;\n", encoding="utf-8")
            (folder / "bad.cpp").write_text("int  a=1;\n", encoding="utf-8")
            found = style.unformatted(folder, ["good.cpp", "bad.cpp"])
        if found is None:
            self.skipTest("there is no clang-format-14")
        self.assertEqual(found, ["bad.cpp"])


if __name__ == "__main__":
    if not tracked():
        print("skipped: this is no git checkout, which says what the sources are")
        sys.exit(77)
    sys.exit(unittest.main())
