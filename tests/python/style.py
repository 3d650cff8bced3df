"""What the style test measures: long lines, files and functions, and what clang-format would change."""

import ast
import re
import shutil
import subprocess

COLUMNS, FILE_LINES, FUNCTION_LINES = 110, 300, 40
CLOSED = re.compile(r"^( *)\}(;?)$")
TYPE = re.compile(r"^\s*(template <.*> ?)?(export )?(struct|class|union)\b")


def long_lines(text):
    """Numbers of the lines with more characters than the limit."""
    return [k for k, line in enumerate(text.splitlines(), 1) if len(line) > COLUMNS]


def is_long_file(text):
    return len(text.splitlines()) > FILE_LINES


def python_functions(text):
    """(name, lines) of every function; a function within another counts for both."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(node.name, node.end_lineno - node.lineno + 1)
            for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]


def first_line(lines, end, indent):
    """Where what closes at line `end` begins: the nearest line above at its indentation, which opens it."""
    for k in range(end - 1, -1, -1):
        line = lines[k]
        if line.strip() and not line.startswith("#") and len(line) - len(line.lstrip()) <= indent:
            return k
    return 0


def brace_functions(text):
    """(first line, lines) of every function of formatted C++ or TypeScript: it closes with a brace at the
    indentation of its first line. Types are looked into; blocks and lambdas within a function are part of it.
    """
    return functions_within(text.splitlines(), 0)


def functions_within(lines, indent):
    found, free = [], 0
    for k, line in enumerate(lines):
        closed = CLOSED.match(line)
        if not closed or len(closed[1]) != indent:
            continue
        begin = max(first_line(lines, k, indent), free)
        free = k + 1
        if TYPE.match(lines[begin]):
            found += functions_within(lines[begin + 1:k], indent + 4)
        elif not closed[2]:
            found.append((lines[begin].strip(), k - begin + 1))
    return found


def unformatted(source, files):
    """Names of the files that clang-format 14 would change, or None where it is not installed."""
    program = shutil.which("clang-format-14")
    if not program:
        return None
    done = subprocess.run([program, "--dry-run", "-Werror", *files], cwd=source, capture_output=True,
                          text=True, check=False)
    complaint = re.compile(r"^(\S+?):\d+:\d+: error: code should be clang-formatted", re.MULTILINE)
    return sorted(set(complaint.findall(done.stderr)))
