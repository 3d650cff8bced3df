"""Versions of the files of respine, as docs/formats-policy.md has them: what is not read is refused by name.
"""
import numbers
import sys

READS = {"respine-run": 1, "respine-cohort": 1, "respine-study-analysis": 1}


def text(value):
    """Attributes of HDF5 files come as bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def fault(formats, said, release=""):
    """Why a file of this root (`format`, `format_version`) is none of these formats as they are read here;
    "" where it is. release: of the program that wrote it, "" where it does not say.
    """
    form, version = text(said.get("format", "")), said.get("format_version")
    if form not in formats:
        return f"is of format '{form}', and not {' or '.join(formats)}"
    if not isinstance(version, numbers.Number):
        return f"a {form} file without a format_version: damaged?"
    if version > READS[form]:
        return (f"written by a later version: {form} version {version}; this program reads {READS[form]}: "
                f"get {f'respine >= {release}' if release else 'a later respine'}")
    return "" if version == READS[form] else f"{form} version {version}; this program reads {READS[form]}"


def need(path, formats, said, release=""):
    """Ends the program with exit code 3 and the reason."""
    if reason := fault(formats, said, release):
        print(f"{path}: error: {reason}", file=sys.stderr)
        sys.exit(3)


def need_file(path, formats, file):
    """The same of an open HDF5 file."""
    need(path, formats, file.attrs, text(file["meta"].attrs.get("version", "")) if "meta" in file else "")
