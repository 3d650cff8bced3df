"""Whole runs into a file."""

import os
from collections.abc import Callable

from . import _core
from .scenario import Scenario
from .threads import threads_for


def run(scenario: Scenario | str, output: str | os.PathLike = "", *, threads: int | None = None,
        force: bool = False, checkpoint_every: str = "",
        progress: Callable[[float], None] | None = None) -> str:
    """Simulates into a run file, as ``respine run`` does; returns its path.

    Ctrl-C, or what ``progress`` raises, ends the run with a checkpoint, and ``resume`` goes on with it.

    Parameters
    ----------
    output
        NAME.h5 when not given
    force
        replace a file that is there
    checkpoint_every
        wall-clock time such as "10min"; written to OUTPUT.ckpt
    progress
        called some times a second with the share that is done, 0 to 1

    Raises
    ------
    OutputError
        when the output exists or cannot be written
    NumericalError
        when the model leaves its physical range, or the memory cannot fit
    """
    scenario = scenario if isinstance(scenario, Scenario) else Scenario(scenario)
    path = os.fspath(output) or f"{scenario.name}.h5"
    _core.run(scenario._inputs, path, threads_for(threads), force, checkpoint_every, progress)
    return path


def resume(path: str | os.PathLike, *, threads: int | None = None, checkpoint_every: str = "",
           progress: Callable[[float], None] | None = None) -> None:
    """Goes on with a stopped run (OUTPUT.h5 or its .ckpt) to the same bits as one that was never stopped.
    Raises InputError, and as ``run``.
    """
    _core.resume(os.fspath(path), threads_for(threads), checkpoint_every, progress)
