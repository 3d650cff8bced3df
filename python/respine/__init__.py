"""How ketamine regrows synapses, simulated: scenarios, simulations to step through and look at, runs, and
their files.

A research and teaching tool about mechanisms; never medical advice. ::

    import respine

    sim = respine.Simulation(respine.Scenario("mouse-ketamine-10mgkg", {"network.neurons": 1000}))
    while not sim.done:
        sim.step()
        print(sim.now, sim.look()["spine_density"], sim["bdnf_excess"].mean())

The equations, their units and sources are in docs/model.md, the run file in docs/file-format.md.
"""

import os as _os

# As the program does: threads that wait spin for some microseconds, then sleep. OpenMP reads this once, when
# it is loaded.
_os.environ.setdefault("OMP_WAIT_POLICY", "passive")
_os.environ.setdefault("GOMP_SPINCOUNT", "10000")

from ._core import Error, InputError, InternalError, NumericalError, OutputError, UsageError, build, version
from .files import Measured, Run, open_run
from .runs import resume, run
from .scenario import Scenario
from .simulation import FIELDS, Field, Group, Simulation
from .simulator import Ensemble, Simulated, simulate

for _error in (Error, InputError, InternalError, NumericalError, OutputError, UsageError):
    _error.__module__ = __name__
del _error
__version__ = version()
__all__ = [
    "FIELDS", "Ensemble", "Error", "Field", "Group", "InputError", "InternalError", "Measured",
    "NumericalError", "OutputError", "Run", "Scenario", "Simulated", "Simulation", "UsageError", "build",
    "open_run", "resume", "run", "simulate", "version"
]
