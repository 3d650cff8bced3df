"""Run files, by the libraries that everyone uses: pandas, xarray, SciPy, h5py."""

import os
from typing import NamedTuple

import numpy as np

from . import _core


class Measured(NamedTuple):
    """A number with its unit; NaN where the run does not reach what was asked."""

    value: float
    unit: str


def _text(value):
    """Fixed-length text comes from h5py as bytes."""
    return value.decode() if isinstance(value, bytes) else value


def version_fault(file) -> str:
    """Why an open file of respine is not read, "" where it is: runs, cohorts and ensembles have version 1."""
    root, meta = file.attrs, file["meta"].attrs if "meta" in file else {}
    form, version = _text(root.get("format", root.get("kind"))), root.get("format_version")
    if not isinstance(version, (int, np.integer)):
        return f"a {form} file without a format_version: damaged?"
    release = _text(meta.get("version", root.get("program", "")))
    later = "written by a later version: " if version > 1 else ""
    instead = f": get {f'respine >= {release}' if release else 'a later respine'}" if later else ""
    return "" if version == 1 else f"{later}{form} version {version}; this module reads 1{instead}"


def rows_to_csr(offsets, source, values, size: int):
    """Rows of synapses by target as a SciPy CSR array (size, size) with columns in order; rows that are not
    there are empty.
    """
    from scipy.sparse import csr_array

    begin = np.full(size + 1, offsets[-1], dtype=np.int64)
    begin[:offsets.size] = offsets
    matrix = csr_array((values, source, begin), shape=(size, size))
    matrix.sort_indices()
    return matrix


class Run:
    """A run file, open for reading; what it holds is described in docs/file-format.md. Use it in a ``with``,
    or close() it.
    """

    def __init__(self, path: str | os.PathLike):
        """Raises OSError when the file cannot be opened, and ValueError when it is not a run or cohort of
        respine, or of a version that this module does not read.
        """
        import h5py

        self.path = os.path.abspath(path)
        self.file = h5py.File(self.path, "r")
        if _text(self.file.attrs.get("format", "")) not in ("respine-run", "respine-cohort"):
            self.file.close()
            raise ValueError(f"{self.path}: is not a run file of respine; see docs/file-format.md")
        if fault := version_fault(self.file):
            self.file.close()
            raise ValueError(f"{self.path}: {fault}")

    @property
    def meta(self) -> dict[str, object]:
        """Attributes of /meta: name, seed, resolved scenario, program, machine."""
        return {name: _text(value) for name, value in self.file["meta"].attrs.items()}

    def table(self, group: str = "history"):
        """All series of a group ("history", "pk") with one value a time as a pandas DataFrame, indexed by
        time [h]; its attrs have the units.
        """
        import pandas

        series = {
            name: item for name, item in self.file[group].items()
            if name != "time" and getattr(item, "shape", None) == self.file[group]["time"].shape
        }
        frame = pandas.DataFrame({name: item[()] for name, item in series.items()},
                                 index=pandas.Index(self.file[group]["time"][()], name="time"))
        frame.attrs["units"] = {name: _text(item.attrs["units"]) for name, item in series.items()}
        return frame

    def dataset(self, group: str = "history"):
        """A group ("history", "snapshots", "imaging", "cohort") as an xarray Dataset with labelled
        dimensions, read when it is asked for.
        """
        import xarray

        return xarray.open_dataset(self.path, group=group, engine="h5netcdf", decode_times=False)

    def measure(self, quantity: str, take: str, time: str = "", against: str = "",
                reference: "Run | str | os.PathLike" = "") -> Measured:
        """One number read off this run, in the words that studies and the table of targets use, listed in
        docs/read-files.md: ``run.measure("bdnf", "peak", "to 1 d", "before")``.

        Parameters
        ----------
        time
            since the first dose unless it says since what; a run that gets no drug is read since the first
            dose of ``reference``
        against
            what is subtracted or divided by, such as "before", "share of peak" or "percent above reference"
        reference
            another run, for ``against`` and for quantities such as "synapses - reference"

        Raises
        ------
        UsageError
            with every word that is wrong
        InputError
            when a file cannot be read
        """
        other = reference.path if isinstance(reference, Run) else os.fspath(reference)
        return Measured(*_core.measure(self.path, quantity, take, time, against, other))

    def synapses(self, snapshot: int = -1, values: str = "log_size", projection: str = "recurrent"):
        """Plastic synapses of a snapshot as a SciPy CSR array, as ``Simulation.synapses`` gives them. Raises
        IndexError when there is no such snapshot, KeyError when there is no such projection.
        """
        names = sorted(self.file["snapshots/synapses"], key=int) if "snapshots/synapses" in self.file else []
        group = self.file["snapshots/synapses"][names[snapshot]] if names else None
        if group is None:
            raise IndexError(f"{self.path}: holds no snapshot")
        size = group["offsets"].size - 1 if projection == "recurrent" else self.file["network/neuron"].size
        group = group if projection == "recurrent" else group[projection]
        return rows_to_csr(group["offsets"][()].astype("int64"), group["source"][()].astype("int64"),
                           group[values][()], size)

    def close(self) -> None:
        self.file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return f"Run({self.path!r}: {self.meta['name']})"


def open_run(path: str | os.PathLike) -> Run:
    """The run file at this path. Raises as Run."""
    return Run(path)
