"""Versions of the files of respine, as docs/formats-policy.md has them: what is not read is refused by name.
"""
import sys

READS = {"respine-run": 1, "respine-cohort": 1, "respine-study-analysis": 1}


def fault(formats, said):
    """Why a file of this root (`format`, `format_version`) is none of these formats as they are read here;
    "" where it is. Files from before a format said its version are of version 1.
    """
    form, version = said.get("format", formats[0]), said.get("format_version", 1)
    form = form.decode() if isinstance(form, bytes) else form
    if form not in formats:
        return f"is of format '{form}', and not {' or '.join(formats)}"
    if version > READS[form]:
        return (f"written by a later version: {form} version {version}; this program reads {READS[form]}: "
                "get a later respine")
    return "" if version == READS[form] else f"{form} version {version}; this program reads {READS[form]}"


def need(path, formats, said):
    """Ends the program with exit code 3 and the reason."""
    if reason := fault(formats, said):
        print(f"{path}: error: {reason}", file=sys.stderr)
        sys.exit(3)
