"""Small runs and studies whose first dose is not at time zero."""

import csv

from program_case import ProgramCase

SMALL = {"network.neurons": "60", "network.synapses_per_neuron": "12", "record.snapshots": "[]"}
DOSE = "[{drug: ketamine, route: iv, dose: 10 mg/kg, over: 1 h, at: %s}]"


class FirstDose(ProgramCase):
    def run_file(self, output, scenario, **settings):
        words = [w for k, v in {**SMALL, **settings}.items() for w in ("--set", f"{k}={v}")]
        self.respine("run", scenario, "-q", "--force", "-o", output, *words)
        return self.folder / output

    def study(self, text, *words, code=0, work="work"):
        (self.folder / "study.yaml").write_text(text, encoding="utf-8")
        done = self.respine("study", "run", "study.yaml", "--work", work, "-q", "--jobs", "1", *words,
                            code=code)
        if code != 0 or "--dry-run" in words:
            return done
        with open(self.folder / work / "results.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
