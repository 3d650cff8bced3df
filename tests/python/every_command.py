"""Every command at work in a folder, to be disturbed: what was there before, what each of them makes when
nobody disturbs it, and how one goes on.
"""

import shutil
import time

from faults import OK, STOPPED
from program_case import ProgramCase
from run_contents import contents
from small_texts import STUDY, TINY

CHECKPOINTS = ["--checkpoint-every", "0.001s"]
COMMANDS = {
    "quiet run": ["run", "-q", "sheet.yaml", "-o", "new.h5", "--threads", "2"],
    "run": ["run", "sheet.yaml", "-o", "new.h5", *CHECKPOINTS],
    "resume": ["run", "--resume", "stopped.h5", "--threads", "2", *CHECKPOINTS],
    "cohort": ["run", "sheet.yaml", "--set", "cohort.subjects=3", "--set", "imaging.sessions=[]", "-o",
               "new.h5", "--threads", "2", *CHECKPOINTS],
    "study": ["study", "run", "study.yaml", "--jobs", "2"],
    "rerun": ["rerun", "a.h5", "-o", "new.h5"],
    "compare": ["compare", "a.h5", "b.h5"],
    "inspect": ["inspect", "a.h5", "--field", "bdnf_excess", "--at", "1h"],
    "view": ["view", "a.h5", "b.h5", "-o", "new.html"],
    "lab": ["lab", "-o", "new.html"],
    "export": ["export", "a.h5", "--plastic", "--csv", "new", "--graphml", "new.graphml", "--sonata", "newer",
               "--vtkhdf", "new.vtkhdf"],
    "upgrade": ["upgrade", "a.h5", "stopped.h5.ckpt"],
    "check": ["check", "sheet.yaml"],
    "init": ["init", "new.yaml", "--like", "human-iv-single"],
    "list": ["list", "parameters"],
    "bench": ["bench", "--verify", "--topology", "sheet"],
}
GOES_ON = {"quiet run", "run", "resume", "cohort", "rerun", "study"}  # they stop with a checkpoint


def without_failed(table, told):
    """The lines of a study's table, but for points that `told`, such a table, says to have failed."""
    failed = [line.split(b",")[0] for line in told.splitlines() if b",failed," in line]
    return [line for line in table.splitlines() if line.split(b",")[0] not in failed]


class EveryCommand(ProgramCase):
    scenario = TINY

    def setUp(self):
        super().setUp()
        self.write("sheet.yaml", self.scenario)
        self.write("study.yaml", STUDY)
        for seed, name in enumerate(("a.h5", "b.h5")):
            self.respine("run", "-q", "sheet.yaml", "-o", name, "--seed", str(seed))
        self.respine("run", "-q", "sheet.yaml", "-o", "stopped.h5", "--walltime", "0.001s", code=STOPPED)
        self.kept = {path: path.read_bytes() for path in self.folder.iterdir()}
        self.made, self.seconds = {}, {}
        for name, words in COMMANDS.items():
            self.clean()
            begun = time.monotonic()
            self.respine(*words)
            self.seconds[name] = time.monotonic() - begun
            self.made[name] = self.new_files()
        self.clean()

    def clean(self):
        """The folder as it was before the first command."""
        for path in self.folder.iterdir():
            if path not in self.kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path, data in self.kept.items():
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)

    def new_files(self):
        """What is there under the names that whole files have: contents by name. Of a study, its table."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = str(path.relative_to(self.folder))
            beside = name.startswith("study-small/") and path.name != "results.csv"
            if path in self.kept or path.is_dir() or beside or ".part" in name:
                continue
            if path.suffix in (".h5", ".vtkhdf"):
                found[name] = contents(path)
            elif path.suffix not in (".ckpt", ".prev", ".new"):
                found[name] = path.read_bytes()
        return found

    def check_files(self, name, code):
        """All that was there is as it was, and what has its name is whole; files of a resumed run move on."""
        for path, data in self.kept.items():
            if name != "resume" or not path.name.startswith("stopped"):
                self.assertEqual(path.read_bytes(), data, path.name)
        found = self.new_files()
        if code == OK:
            self.assertEqual(found.keys(), self.made[name].keys())
        for file, data in found.items():
            whole = self.made[name].get(file)
            if code != OK and file.endswith("results.csv"):
                data, whole = (without_failed(table, data) for table in (data, whole))
            self.assertEqual(data, whole, file)

    def go_on(self, name):
        """Whether there was something to go on from; the results are those of an undisturbed command."""
        output = self.folder / ("stopped.h5" if name == "resume" else "new.h5")
        begun = output.with_name(output.name + ".ckpt").exists()
        if begun:
            self.respine("run", "-q", "--resume", output.name)
        elif not output.exists():
            self.respine(*COMMANDS[name], *([] if name == "study" else ["--force"]))
        self.assertEqual(self.new_files(), self.made[name])
        return begun
