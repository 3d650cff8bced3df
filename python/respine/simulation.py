"""A simulation to step through, look at, and change."""

from typing import NamedTuple

import numpy as np

from . import _core
from .files import rows_to_csr
from .scenario import Scenario
from .threads import threads_for


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


def _unpickled(scenario: Scenario, threads: int | None, memory: dict) -> "Simulation":
    made = Simulation.__new__(Simulation)
    made._wanted = threads
    return made._go_on(scenario, memory, False)


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
        self._wanted = threads
        self._core = _core.Simulation(self.scenario._inputs, threads_for(threads))

    def _go_on(self, scenario: Scenario, memory: dict, changed: bool) -> "Simulation":
        self._core = _core.Simulation.gone_on(scenario._inputs, threads_for(self._wanted), memory, changed)
        self.scenario = scenario  # not before, for what is refused leaves everything as it was
        return self

    def copy(self) -> "Simulation":
        """Another simulation in the same state, with the same bits from here on; what is done to one does not
        touch the other.
        """
        made = type(self).__new__(type(self))
        made._wanted = self._wanted
        return made._go_on(self.scenario, self._core.memory(), False)

    def set(self, key: str, value: object) -> None:
        """Changes a key of the scenario or a parameter of the model from now on: what settings of a Scenario
        take ("bdnf.clearance", "inflammation", "duration", "treatments.0.policy.every").

        What has happened stays. Views of fields made before keep showing the state before.

        Raises
        ------
        UsageError
            for what shapes the network (its size, seed, stress, spines' parameters) or the start, which a
            simulation has from its beginning; and for what settings refuse
        """
        self._go_on(Scenario.parse(self.scenario.yaml, {key: value}), self._core.memory(), True)

    def dose(self, drug: str, dose: str, route: str, at: float | None = None,
             over: str | None = None) -> None:
        """Gives a dose now, or at a later time.

        Parameters
        ----------
        drug
            name or path, as in a scenario
        dose
            "0.5 mg/kg" or "35 mg"
        route
            "iv", "im", "ip", "sc", "nasal" or "oral"
        at
            [h] on the clock of the scenario; now without it
        over
            duration of an infusion, such as "40 min"

        Raises
        ------
        UsageError
            for what a scenario refuses, and for a time that is past
        """
        time = self.now if at is None else at
        if not time >= self.now:
            raise _core.UsageError(f"a dose at {time} h cannot be given: it is {self.now} h already")
        given = {"drug": drug, "route": route, "dose": dose, "at": f"{round(time * 3600)} s"}
        if over is not None:
            given["over"] = over
        self.set("treatments.+", given)

    def __reduce__(self):
        return _unpickled, (self.scenario, self._wanted, self._core.memory())

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

    @property
    def fields(self) -> dict[str, Field]:
        """FIELDS, and the states of mechanisms that the scenario brings."""
        return {name: Field(*about) for name, about in self._core.fields().items()}

    def __contains__(self, field: object) -> bool:
        return field in self.fields

    def __iter__(self):
        """Names of the fields."""
        return iter(self.fields)

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
