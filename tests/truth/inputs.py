"""Numbers from configs/: times in hours, all else in the unit of docs/parameters.md."""

import functools
import pathlib

import yaml

HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1.0, "d": 24.0}
FACTORS = {**HOURS, **{f"1/{unit}": 1 / hours for unit, hours in HOURS.items()}, "1/(uM s)": 3600.0}


def number(entry):
    """A value of configs/, such as {value: 0.9 h, mark: A, ref: ...} or 0.5 mg/kg."""
    text = str(entry["value"] if isinstance(entry, dict) else entry)
    value, _, unit = text.partition(" ")
    return float(value) * FACTORS.get(unit, 1.0)


def numbers(entries):
    return {name: number(entry) for name, entry in entries.items()}


@functools.cache
def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Inputs:
    """The files of one configs folder."""

    def __init__(self, configs, model):
        self.configs = pathlib.Path(configs)
        self.parameters = {}
        self.species = self._model(model)
        self.network = self._read("networks", "sheet")

    def __getitem__(self, path):
        section, _, name = path.rpartition(".")
        return self.parameters[section][name]

    def drug(self, file):
        return self._read("drugs", file)

    def _read(self, folder, name):
        return read(self.configs / folder / f"{name}.yaml")

    def _model(self, name):
        model = self._read("models", name)
        if "based_on" in model:
            self._model(model["based_on"])
        self._take(model["parameters"], "")
        return model.get("species")

    def _take(self, tree, path):
        for name, entry in tree.items():
            if "value" in entry:
                self.parameters.setdefault(path, {})[name] = number(entry)
            else:
                self._take(entry, f"{path}.{name}" if path else name)
