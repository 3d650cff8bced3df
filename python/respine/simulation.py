"""A simulation to step through and look at, and whole runs into a file."""

import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import _core
from .files import rows_to_csr
from .scenario import Scenario


class Field(NamedTuple):
    """One array of the state: unit, what it is, and whether it has a value for each "neuron", each
    "excitatory" neuron or each "voxel".
    """

    unit: str
    long_name: str
    scope: str


class Group(NamedTuple):
    """Neurons first to last - 1 are of this group; type is E, PV, SST or VIP."""

    name: str
    type: str
    first: int
    last: int


_used = _forked = False  # OpenMP's threads do not survive a fork; who waits for them waits for ever


def _after_fork():
    global _forked
    _forked = _used


os.register_at_fork(after_in_child=_after_fork)


def _threads(wanted: int | None) -> int:
    global _used
    if _forked and wanted != 1:
        raise _core.UsageError(
            "this process was forked after respine had used its threads: give threads=1, or start processes "
            "by multiprocessing.get_context('spawn')"
        )
    _used = True
    return wanted or 0


FIELDS: dict[str, Field] = {name: Field(*about) for name, about in _core.fields().items()}


class Simulation:
    """One subject's network under its treatments, at the start of the scenario.

    Excitatory neurons come first, so neuron i < excitatory is one of them. ``sim["bdnf_excess"]`` is the
    array of a field (see FIELDS), a read-only view of the memory that the simulation works on: it changes
    with each step, so copy what should stay.

    Parameters
    ----------
    scenario
        a Scenario, or the name or path of one
    threads
        else SLURM_CPUS_PER_TASK, OMP_NUM_THREADS or affinity; results have the same bits for any number

    Raises
    ------
    NumericalError
        when the network does not settle
    """

    def __init__(self, scenario: Scenario | str, threads: int | None = None):
        self.scenario = scenario if isinstance(scenario, Scenario) else Scenario(scenario)
        self._core = _core.Simulation(self.scenario._inputs, _threads(threads))

    def step(self) -> None:
        """One slow step: some seconds after a dose, up to a structural step (30 min unless the model says
        otherwise) in quiet.

        It ends at doses, structural steps, snapshots and imaging sessions.

        Raises
        ------
        NumericalError
            when the network does not settle
        UsageError
            at the end
        """
        self._core.step()

    def run(self, until: float | None = None) -> "Simulation":
        """Steps until the time [h], or to the end, whichever is first. Raises UsageError when until is no
        number.
        """
        if until is not None and until != until:
            raise _core.UsageError("run wants a time in hours, got NaN")
        end = self.end if until is None else min(until, self.end)
        while self._core.now < end:
            self.step()
        return self

    @property
    def now(self) -> float:
        """[h] on the clock of the scenario."""
        return self._core.now

    @property
    def end(self) -> float:
        """[h] on the clock of the scenario."""
        return self._core.end

    @property
    def done(self) -> bool:
        return self._core.done

    @property
    def neurons(self) -> int:
        return self._core.neurons

    @property
    def excitatory(self) -> int:
        return self._core.excitatory

    @property
    def groups(self) -> list[Group]:
        """In the order of the neurons."""
        return [Group(*group) for group in self._core.groups()]

    @property
    def positions(self) -> np.ndarray:
        """(neurons, 3) float32 [um], a copy."""
        return np.column_stack(self._core.positions())

    def __getitem__(self, field: str) -> np.ndarray:
        """float32 view with a value for each neuron, excitatory neuron or voxel, see FIELDS. Raises KeyError
        for other names.
        """
        return self._core.view(field)

    def __contains__(self, field: object) -> bool:
        return field in FIELDS

    def __iter__(self):
        """Names of the fields."""
        return iter(FIELDS)

    def look(self) -> dict[str, float]:
        """What a row of the history would hold now: {"time": h, "glutamate": fold, ...}; units are in
        ``units``.

        Distributions over neurons by their mean; formation_rate and elimination_rate [1/d] since the last
        look.
        """
        return self._core.look()

    @property
    def units(self) -> dict[str, str]:
        """Of what ``look`` returns."""
        return self._core.units()

    @property
    def projections(self) -> list[str]:
        """Names of the plastic projections: "recurrent" first, then those of the network file."""
        return self._core.plastic_names()

    def synapses(self, values: str = "log_size", projection: str = "recurrent"):
        """Plastic synapses as a SciPy CSR array: row target, column source. A copy. The recurrent ones are
        (excitatory, excitatory), those of another projection (neurons, neurons).

        Two neurons may share several synapses: each has an entry of its own, so do not sum duplicates before
        you mean it.

        Parameters
        ----------
        values
            "log_size": log size relative to the attractor [1]; "birth": time of formation [d]; float32
        projection
            one of ``projections``; ValueError for another
        """
        offsets, source, log_size, birth = self._core.plastic_rows(self.projections.index(projection))
        size = self.excitatory if projection == "recurrent" else self.neurons
        return rows_to_csr(offsets, source, {"log_size": log_size, "birth": birth}[values], size)

    def fixed_synapses(self):
        """Synapses that do not turn over as a SciPy CSR array (neurons, neurons): row target, column source;
        how many, negative from inhibitory neurons. A copy.
        """
        from scipy.sparse import csr_array

        offsets, source, inhibitory = self._core.fixed_rows()
        place = np.arange(source.size) - np.repeat(offsets[:-1], np.diff(offsets))
        sign = np.where(place < np.repeat(inhibitory, np.diff(offsets)), np.int8(-1), np.int8(1))
        matrix = csr_array((sign, source, offsets), shape=(self.neurons, self.neurons))
        matrix.sum_duplicates()
        return matrix

    def check(self) -> None:
        """Raises NumericalError with field, neuron and time when a value is not finite or out of its physical
        range.
        """
        self._core.check()

    def __repr__(self):
        return f"Simulation({self.scenario.name!r}, {self.neurons} neurons, {self.now:g} h of {self.end:g} h)"


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
    _core.run(scenario._inputs, path, _threads(threads), force, checkpoint_every, progress)
    return path


def resume(path: str | os.PathLike, *, threads: int | None = None, checkpoint_every: str = "",
           progress: Callable[[float], None] | None = None) -> None:
    """Goes on with a stopped run (OUTPUT.h5 or its .ckpt) to the same bits as one that was never stopped.
    Raises InputError, and as ``run``.
    """
    _core.resume(os.fspath(path), _threads(threads), checkpoint_every, progress)
