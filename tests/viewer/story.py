"""The story of the page on every shipped scenario: each number, rise, fall and time that it tells is looked
up in the run file. The meanings of the words are written here once more, on their own.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

import h5py
import numpy

RESPINE = os.environ["RESPINE"]
SOURCE = pathlib.Path(os.environ["RESPINE_SOURCE"])
TELL = SOURCE / "tests/viewer/tell.mjs"
SMALL = {  # by kind of network
    "sheet": ["network.neurons=200", "network.synapses_per_neuron=50"],
    "random": ["network.neurons=200", "network.synapses_per_neuron=50"],
    "sheet-inhibition": ["network.neurons=500", "network.synapses_per_neuron=100"],
    "mouse-regions": ["network.neurons=600", "network.synapses_per_neuron=60"],
    "human-regions": ["network.neurons=600", "network.synapses_per_neuron=60"],
    "microcircuit": ["network.scale=0.03"],
}
LANGUAGES = ("en", "de")
SHOWN = ("label", "shown_units", "shown_factor", "units", "long_name", "prominence")


def text(value):
    return value.decode() if isinstance(value, bytes) else value.item() if hasattr(value, "item") else value


def as_json(path):
    """What the page reads of a run file."""
    with h5py.File(path) as run:
        events = run["events"]
        columns = {
            "time": "time",
            "over": "over",
            "amount": "dose",
            "unit": "dose_unit",
            "drug": "drug",
            "route": "route",
        }
        doses = [
            {name: text(events[column][k]) for name, column in columns.items()}
            for k in range(len(events["time"]) if "time" in events else 0)
        ]
        history = run["history"]
        series = {
            name: {
                "values": [None if numpy.isnan(v) else float(v) for v in history[name]],
                "attributes": {key: text(v) for key, v in history[name].attrs.items() if key in SHOWN},
            }
            for name in text(history.attrs["order"]).split()
        }
        meta = {key: text(v) for key, v in run["meta"].attrs.items()}
        return json.dumps(
            {"meta": meta, "time": history["time"][:].tolist(), "doses": doses, "series": series}
        )


class Oracle:
    """One run file, on the clock of its story."""

    # A move that counts, against the value at rest: a share of it, or an amount.
    SHARES = {"glutamate": 0.05, "ampa": 0.05, "bdnf": 0.005, "potentiation": 0.02}

    def __init__(self, path, zero):
        self.file = h5py.File(path)
        self.zero = zero
        self.time = self.file["history/time"][:] - zero

    def window(self, fact):
        """Values at the rows of the time, at its begin and its end, and when."""
        values = self.file["history"][fact["of"]][:].astype(float)
        inside = (self.time > fact["from"]) & (self.time < fact["to"])
        times = numpy.r_[fact["from"], self.time[inside], fact["to"]]
        return numpy.interp(times, self.time, values), times

    def shown(self, fact, value):
        """A number as a person would write it from the file: in shown units, to the digits of the words."""
        said = re.match(r"-?[\d.]+", fact["words"].replace(",", "."))[0]
        digits = len(said.split(".")[1]) if "." in said else 0
        factor = text(self.file["history"][fact["of"]].attrs.get("shown_factor", 1.0))
        return abs(float(said) - value * factor) <= 0.5 * 10.0**-digits + 1e-6

    def hours(self, words, hours):
        """Whether "45 min", "2 h 20 min", "3.4 h" or "2,1 Tage" are these hours, as far as they are told."""
        units = {"min": 1 / 60, "h": 1.0, "day": 24.0, "days": 24.0, "Tage": 24.0}
        parts = re.findall(r"([\d.]+) (min|h|days|day|Tage)\b", words.replace(",", "."))
        told = sum(float(n) * units[u] for n, u in parts)
        number, unit = parts[-1]
        digits = 1 if units[unit] == 24.0 or "." in number else 0
        return abs(told - hours) <= 0.5 * 10.0**-digits * units[unit] + 1e-6

    def acts_on(self, fact):
        """Whether the drug, or what becomes of it, has the target in its file, and is there at that time."""
        drug, target = fact["of"].rsplit(" ", 1)
        events, meta = self.file["events"], self.file["meta"].attrs
        given = [k for k in range(len(events["time"])) if text(events["drug"][k]) == drug]
        begun = [events["time"][k] - self.zero <= fact["to"] for k in given]
        windows = [text(events["route"][k]) == "window" for k in given]
        over = [events["time"][k] + events["over"][k] - self.zero < fact["from"] for k in given]
        names, has = [drug.replace("-", "_")], False
        for name in names:  # grows by metabolites
            told = text(meta.get(f"drug_{name}", ""))  # absent: of another species
            names += [
                m.replace("-", "_")
                for m in re.findall(r"- drug: (\S+)", told)
                if m.replace("-", "_") not in names
            ]
            has |= re.search(rf"^targets:\n(?:[ #].*\n)*?  {target}:", told + "\n", re.M) is not None
        return has and any(b and not (w and o) for b, w, o in zip(begun, windows, over))

    def holds(self, fact, rest):
        if fact["is"] == "acts on":
            return self.acts_on(fact)
        if fact["is"] == "stressed":
            told = text(self.file["meta"].attrs["scenario"])
            return float(re.search(r"^stress:\n +severity: ([\d.]+)", told, re.M)[1]) > 0
        values, times = self.window(fact)
        at_rest = numpy.interp(rest, self.time, self.file["history"][fact["of"]][:].astype(float))
        if fact["of"].startswith("rate_"):
            least = 0.05 * at_rest
        elif fact["of"] in self.SHARES:
            least = self.SHARES[fact["of"]] * at_rest
        else:
            least = 2.0 if fact["of"] == "spine_density" else 0.02
        up, down = values.max() - at_rest > least, at_rest - values.min() > least
        return {
            "at": lambda: self.shown(fact, values[0]),
            "most": lambda: self.shown(fact, values.max()),
            "least": lambda: self.shown(fact, values.min()),
            "when": lambda: self.hours(fact["words"], times[values.argmax()] - fact["from"]),
            "lasts": lambda: self.hours(fact["words"], self.above_half(values, times)),
            "up": lambda: up,
            "down": lambda: down,
            "not up": lambda: not up,
            "steady": lambda: not up and not down,
        }[fact["is"]]()

    @staticmethod
    def above_half(values, times):
        half = (values.max() + values[0]) / 2
        middle = (values[1:] + values[:-1]) / 2
        return numpy.diff(times)[middle > half].sum()


def scenarios():
    """All that give a run file; a cohort has none."""
    for path in sorted((SOURCE / "configs/scenarios").glob("*.yaml")):
        told = path.read_text(encoding="utf-8")
        if not re.search(r"^cohort:", told, re.M):
            yield path.stem, re.search(r"kind: ([\w-]+)", told)[1]


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        with ThreadPoolExecutor(2) as pool:
            cls.runs = dict(pool.map(cls.run_small, scenarios()))
        viewer = pathlib.Path(os.environ["RESPINE_VIEWER"])
        lines = "".join(as_json(path) + "\n" for path in cls.runs.values())
        cls.stories = {}  # by language and run
        for language in LANGUAGES:
            told = subprocess.run(
                ["node", TELL, viewer, language],
                input=lines,
                capture_output=True,
                text=True,
                check=True,
                timeout=300,
            ).stdout
            for name, line in zip(cls.runs, told.splitlines()):
                cls.stories[language, name] = json.loads(line)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def run_small(cls, scenario):
        name, kind = scenario
        path = cls.folder / f"{name}.h5"
        sets = [word for s in (*SMALL[kind], "record.snapshots=[]") for word in ("--set", s)]
        subprocess.run(
            [
                RESPINE,
                "run",
                name,
                "-o",
                path,
                "-q",
                "--threads",
                "1",
                *sets,
            ],
            check=True,
            timeout=600,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        return name, path

    def judged(self):
        """(language and scenario, act, fact, whether it holds) of all that is told."""
        for (language, name), story in self.stories.items():
            oracle = Oracle(self.runs[name], story["zero"])
            rest = story["rest"]
            for act in story["acts"]:
                for fact in act["facts"]:
                    yield f"{language} {name}", act, fact, oracle.holds(fact, rest)

    def test_every_fact_holds(self):
        judged = list(self.judged())
        wrong = [f"{name}, {act['title']}: {fact}" for name, act, fact, holds in judged if not holds]
        print(
            f"{len(judged)} facts of {len(self.runs)} runs in {len(LANGUAGES)} languages, {len(wrong)} false"
        )
        self.assertEqual(wrong, [])
        self.assertGreater(len(judged), 20 * len(self.stories))

    def test_a_false_fact_is_caught(self):
        """Each fact of one story with another number, and each move turned round."""
        name = "mouse-ketamine-10mgkg"
        story = self.stories["en", name]
        oracle = Oracle(self.runs[name], story["zero"])
        turned = {"up": "steady", "down": "steady", "steady": "up", "not up": "up"}
        for act in story["acts"]:
            for fact in act["facts"]:
                lie = dict(fact)
                if fact["is"] == "stressed":
                    continue
                if fact["is"] == "acts on":
                    lie["of"] = fact["of"].split()[0] + " mtorc1"
                elif fact["is"] in turned:
                    lie["is"] = turned[fact["is"]]
                else:
                    lie["words"] = re.sub(
                        r"[\d.]+", lambda m: f"{float(m[0]) * 1.3 + 1:.2f}", fact["words"], count=1
                    )
                self.assertFalse(oracle.holds(lie, story["rest"]), lie)

    def test_every_number_of_a_sentence_is_a_fact(self):
        """A number in the text stands in a fact of its act, in the dose, or in the title of the run."""
        for name, story in self.stories.items():
            for act in story["acts"]:
                rest = act["text"]
                for fact in sorted(act["facts"], key=lambda f: -len(f["words"])):
                    rest = rest.replace(fact["words"], "", 1) if fact["words"] else rest
                rest = re.sub(
                    r"scale from 0 to 1|Skala von 0 bis 1|mGluR2/3|mTORC1|5-HT2A|alpha-5|LY\d+|MK-801|MRK-016"
                    r"|5-MeO",
                    "",
                    rest,
                )
                if act["id"] in ("rest", "target", "course"):
                    continue  # doses and title, from the file as they are
                self.assertNotRegex(rest, r"\d", f"{name}: {act['text']}")

    def test_treatments_are_those_of_the_file(self):
        names = json.loads((SOURCE / "analysis/viewer/src/lang/de.json").read_text(encoding="utf-8"))["names"]
        for (language, name), story in self.stories.items():
            said = next((act["text"] for act in story["acts"] if act["id"] == "target"), "")
            with h5py.File(self.runs[name]) as run:
                events = run["events"]
                for drug in {text(d) for d in events["drug"]} if "drug" in events else ():
                    told = text(run["meta"].attrs[f"drug_{drug.replace('-', '_')}"])
                    title = re.search(r'^title: *"?([^"\n]*)', told, re.M)[1].split(", ")[0]
                    self.assertIn(names.get(title, title) if language == "de" else title, said, name)


if __name__ == "__main__":
    unittest.main()
