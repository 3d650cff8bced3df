#!/usr/bin/python3
"""The report of `respine validate`: every row of the target table, figures over published points,
contradictions, definitions.

usage: report.py --work FOLDER --outcomes FILE.json --reference configs/reference [--quick] [--html FILE]
[--docs FOLDER]

--html writes one page that needs nothing else: figures, style and all are inside it. --docs writes
validation.md and images/validation-*.png. The same outcomes and run files give the same bytes.
"""
import argparse
import os
import sys

try:
    from report_docs import draw_docs, md_page
    from report_html import html_page
    from validation import Validation
except ModuleNotFoundError as missing:
    sys.exit(f"report.py: {missing}; on Debian: apt-get install python3-h5py python3-matplotlib")


def write(path, parts):
    """Whole or not at all: a reader never finds half a report."""
    try:
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.writelines(parts)
        os.replace(path + ".part", path)
    except OSError as problem:
        sys.exit(f"{path}: error: cannot be written: {problem.strerror}")
    print(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--outcomes", required=True)
    parser.add_argument("--reference", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--html", default="")
    parser.add_argument("--docs", default="")
    options = parser.parse_args()
    v = Validation(options.work, options.outcomes, options.reference, options.quick)
    if not v.rows:
        sys.exit("report.py: no outcomes")
    if options.html:
        write(options.html, html_page(v))
    if options.docs:
        write(os.path.join(options.docs, "validation.md"), md_page(v, draw_docs(v, options.docs)))


if __name__ == "__main__":
    main()
