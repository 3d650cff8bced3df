"""The simulator as a function of its parameters, for samplers, optimisers and neural inference."""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from . import _core
from .files import version_fault
from .scenario import _text


class Simulated(NamedTuple):
    """What ``simulate`` returns; ``numpy.asarray(simulated.values)`` is what most samplers want.

    values: (rows, outcomes), NaN where a run failed or does not reach what is asked. reasons: a text for each
    row, "" where it ran. outcomes and units: of the columns.
    """

    values: np.ndarray
    reasons: list[str]
    outcomes: list[str]
    units: list[str]


class Ensemble:
    """Parameter sets that data allow, as ``respine infer`` writes them: posterior.h5.

    keys, units: of the columns; values: (members, parameters); weights: (members,), their sum is 1.
    """

    def __init__(self, path: str | os.PathLike):
        import h5py

        with h5py.File(path) as file:
            if file.attrs.get("kind") != "respine ensemble":
                raise ValueError(f"{path}: is no ensemble of parameter sets, as respine infer writes it")
            if fault := version_fault(file):
                raise ValueError(f"{path}: {fault}")
            self.name = file.attrs["name"]
            self.keys = [k.decode() for k in file["parameters/key"][:]]
            self.units = [u.decode() for u in file["parameters/unit"][:]]
            self.values = file["members/value"][:]
            self.weights = file["members/weight"][:]

    def __len__(self) -> int:
        return len(self.values)

    def settings(self, member: int) -> dict[str, str]:
        """What a Scenario is given to run under this member, counted from 0."""
        return {k: _with_unit(v, u) for k, v, u in zip(self.keys, self.values[member], self.units)}

    def table(self):
        """A pandas DataFrame, a column a parameter."""
        import pandas as pd

        return pd.DataFrame(self.values, columns=self.keys)


def _with_unit(value, unit: str) -> str:
    text = value if isinstance(value, str) else repr(float(value))
    return text if unit in ("", "1") or isinstance(value, str) else f"{text} {unit}"


def _words(name: str, outcome) -> list[str]:
    """[name, quantity, take, time, against] of one outcome."""
    if isinstance(outcome, Mapping):
        outcome = [outcome.get(k, "") for k in ("quantity", "take", "time", "against")]
    words = list(outcome) + [""] * (4 - len(outcome))
    if len(words) != 4:
        raise _core.UsageError(f"outcome '{name}' wants (quantity, take, time, against), got {outcome!r}")
    return [name, *map(str, words)]


def simulate(
    thetas,
    scenario: str | os.PathLike | Mapping[str, str],
    outcomes: Mapping[str, Sequence[str]],
    *,
    parameters: Sequence[str] | None = None,
    settings: Mapping[str, object] | None = None,
    seed: int = 1,
    own_seeds: bool = True,
    jobs: int | None = None,
) -> Simulated:
    """Simulates every row of ``thetas``, many at a time, and reads outcomes off each run; no file is written.

    Parameters
    ----------
    thetas
        (rows, parameters): an array with ``parameters`` beside it, a pandas DataFrame whose columns are the
        keys, or an Ensemble; numbers are in the unit of the parameter
    scenario
        name or path; or a mapping of names to scenarios, the first of which is read and the others are what
        outcomes may be held against
    outcomes
        by name, (quantity, take, time, against) in the words of studies
    parameters
        keys of the columns of an array, "formation.gain"; a key may be any that ``--set`` takes
    settings
        of every run
    seed
        of the first row
    own_seeds
        each row has the next seed; False: all rows share one
    jobs
        rows at a time, in processes; as many as cores without it

    Raises
    ------
    UsageError
        before anything runs, with every key, scenario or outcome that cannot be. A row for which the model
        fails raises nothing: it is NaN, with its reason.
    """
    if isinstance(thetas, Ensemble):
        parameters, units, rows = thetas.keys, thetas.units, thetas.values
    else:
        if parameters is None and hasattr(thetas, "columns"):
            parameters = list(thetas.columns)
        rows, units = np.atleast_2d(np.asarray(thetas)), None
    if parameters is None or rows.ndim != 2 or rows.shape[1] != len(parameters):
        raise _core.UsageError(f"thetas of shape {rows.shape} want as many keys in parameters= as columns")
    if units is None:
        known = _core.parameter_units()
        units = [known.get(key, "1") for key in parameters]
    arms = list(scenario.items()) if isinstance(scenario, Mapping) else [("run", os.fspath(scenario))]
    texts = [[_with_unit(v, u) for v, u in zip(row, units)] for row in rows.tolist()]
    common = [(key, _text(value)) for key, value in (settings or {}).items()]
    words = [_words(name, outcome) for name, outcome in outcomes.items()]
    values, reasons, found = _core.simulate(
        list(parameters), texts, arms, common, words, seed, own_seeds, jobs or len(os.sched_getaffinity(0))
    )
    return Simulated(values, reasons, list(outcomes), found)
