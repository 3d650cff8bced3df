"""What to simulate: a scenario with everything that it names."""

import json
import os
import warnings
from collections.abc import Mapping

from . import _core


def _plain(value):
    """Of what JSON does not know: NumPy's numbers and arrays, paths."""
    return value.tolist() if hasattr(value, "tolist") else os.fspath(value)


def _text(value):
    """As ``respine run --set`` takes it: text as it is, anything else as JSON, which is YAML."""
    return value if isinstance(value, str) else json.dumps(value, default=_plain, ensure_ascii=False)


class Scenario:
    """A scenario, its model, drugs and network, read and checked.

    Parameters
    ----------
    name
        a name in configs/scenarios (``respine list scenarios``), or a path that ends in .yaml
    settings
        keys of the scenario ("network.neurons") or parameters of the model ("bdnf.clearance") with a number,
        a text with a unit ("2 h"), or a list of them; what ``--set`` takes on the command line

    Raises
    ------
    UsageError
        naming every mistake with file, line and column
    InputError
        when a network file cannot be used
    """

    def __init__(self, name: str, settings: Mapping[str, object] | None = None):
        self._inputs = _core.Inputs(str(name),
                                    [(key, _text(value)) for key, value in (settings or {}).items()])
        self._tell()

    def _tell(self) -> None:
        for note in self.notes:
            warnings.warn(f"{self.name}: {note}", stacklevel=3)

    @classmethod
    def parse(cls, text: str, settings: Mapping[str, object] | None = None,
              file: str | os.PathLike = "scenario.yaml") -> "Scenario":
        """The scenario written in ``text`` as YAML; ``file`` is its name in messages, and paths in it are
        relative to that. Raises as the constructor.
        """
        made = cls.__new__(cls)
        made._inputs = _core.Inputs.parse(text, os.fspath(file),
                                          [(key, _text(value)) for key, value in (settings or {}).items()])
        made._tell()
        return made

    @classmethod
    def build(cls, keys: Mapping[str, object], settings: Mapping[str, object] | None = None) -> "Scenario":
        """The scenario of these keys, as they are in a YAML file: {"name": "own", "model": "mouse",
        "start": "-1 d", ...}. Raises as the constructor.
        """
        return cls.parse(_text(keys), settings, "keys")

    @property
    def notes(self) -> list[str]:
        """What was given and is not used, or may surprise; each is a warning too when the scenario is made.
        """
        return self._inputs.notes

    @property
    def name(self) -> str:
        return self._inputs.name

    @property
    def title(self) -> str:
        return self._inputs.title

    @property
    def seed(self) -> int:
        """Of every random number."""
        return self._inputs.seed

    @property
    def start(self) -> float:
        """[h] on the clock of the scenario."""
        return self._inputs.start

    @property
    def end(self) -> float:
        """[h] on the clock of the scenario."""
        return self._inputs.end

    @property
    def drugs(self) -> list[str]:
        """Names of all drugs given, metabolites included."""
        return self._inputs.drugs

    @property
    def yaml(self) -> str:
        """Everything resolved, parameters of the model included; ``Scenario.parse`` makes the same scenario
        of it.
        """
        return self._inputs.yaml

    def __reduce__(self):
        return Scenario.parse, (self.yaml,)

    def __repr__(self):
        return f"Scenario({self.name!r}: {self.title})"
