"""Every reader of every format, and what it answers: for scripts/format-corpus, which writes the answers
down, and test_formats.py, which holds later programs to them. An answer is a text, or numbers by name.
"""

import base64
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import h5py

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CORPUS = SOURCE / "tests/data/formats"
INDEX = CORPUS / "index.json"
sys.path.insert(0, str(SOURCE / "analysis/python"))
NETWORK = """name: again
model: mouse
start: 0 h
duration: 1 h
network: {{kind: file, {}}}
stress: {{severity: 0}}
record: {{history: 1 h, snapshots: [0 h]}}
"""
# What the runs of the corpus are of.
SHEET = """name: mouse-in-the-corpus
title: "ketamine in a small stressed network"
model: mouse
start: -1 h
duration: 26 h
seed: 7
network: {kind: sheet, neurons: 120, synapses_per_neuron: 20}
stress: {severity: 1.0}
treatments: [{drug: ketamine, route: ip, dose: 10 mg/kg, at: 0 h}]
record: {history: 1 h, snapshots: [-1 h, 2 h, 1 d]}
imaging: {sessions: [-1 h, 1 d], dendrites: 10}
"""
COHORT = ("human-iv-cohort", "--set", "cohort.subjects=3", "--set", "network.neurons=60", "--set",
          "network.synapses_per_neuron=10", "--set", "duration=9d")
TWO = """name: two
scenario: mouse-vehicle
design: {kind: list}
parameters: [{key: stress.severity, values: ["0.5", "1"]}]
outcomes: [{name: peak, quantity: bdnf, take: peak}]
"""
OF_OTHERS = {  # formats that are not of our own making, and their versions that are written
    ("SONATA", "0.1"), ("GraphML", "1.0"), ("VTKHDF", "1"), ("VTKHDF", "2")
}


class Refused(Exception):
    """A reader that ended with another code than 0; its text is what was said, without the folder."""


def program(folder, *words, codes=(0,)):
    done = subprocess.run([os.environ["RESPINE"], *map(str, words)], cwd=folder, capture_output=True,
                          text=True, check=False, timeout=300)
    if done.returncode not in codes:
        raise Refused(f"{done.returncode}: {done.stderr.strip()}")
    return done.stdout


def unpacked(name, folder):
    """The file of the corpus, with those beside it, in a folder of its own."""
    for packed in (CORPUS / name).parent.glob("*.gz"):
        (folder / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return folder / pathlib.Path(name).stem


def digest_of(folder):
    """SHA-256 over the names and bytes of all files of a folder of the corpus."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def values_in(text):
    """{name: value} of the lines that `respine inspect --field` prints."""
    return {name: float(value) for name, value in re.findall(r"^(\w+) = (\S+)", text, re.MULTILINE)}


def inspect(path):
    told = {}
    for field in ("bdnf", "spine_density", "protein_pool"):
        told |= values_in(program(path.parent, "inspect", path.name, "--field", field))
    return told


def summary(path):
    """The first two lines without the release: name, title, seed, model, status."""
    lines = program(path.parent, "inspect", path.name).splitlines()[:2]
    return re.sub(r"program [\w.]+, ", "", " / ".join(lines))


def compare(path):
    rows = json.loads(program(path.parent, "compare", path.name, "--json"))["measures"]
    return {row["name"]: next(iter(row["arms"].values()))["mean"] for row in rows}


def view(path):
    """What the page embeds: the bytes of the file, by their digest."""
    program(path.parent, "view", path.name, "-o", "page.html")
    page = (path.parent / "page.html").read_text(encoding="utf-8")
    packed = re.search(r'class="run" data-name="[^"]*">([\w+/=]+)</script>', page)[1]
    whole = gzip.decompress(base64.b64decode(packed))
    return "the file" if whole == path.read_bytes() else hashlib.sha256(whole).hexdigest()


def export(path):
    program(path.parent, "export", path.name, "--plastic", "--csv", "out")
    return {part: len((path.parent / f"out_{part}.csv").read_text().splitlines()) - 1
            for part in ("nodes", "edges")}


def rerun(path):
    """Whether it can be repeated; later programs may give other bits, or have other drugs and parameters."""
    try:
        program(path.parent, "rerun", "-q", path.name, "-o", "again.h5", codes=(0, 1))
        return "repeated"
    except Refused as refusal:
        wanted = re.search(r"the files behind are others now|unknown key 'overrides\.", str(refusal))
        if not wanted or not str(refusal).startswith("3: "):
            raise
        return f"refused: {wanted[0]}"


INSTEAD = r" begin it again .*: respine upgrade \S+\.ckpt$"
WHY_NOT = {
    "other inputs": "a run goes on with the inputs it began with only",
    "other release": r"/meta version is respine [\w.]+; this is .*" + INSTEAD,
    "earlier version": r"respine-checkpoint version \d+; this program resumes version \d+ alone,.*" + INSTEAD,
}


def resume(path):
    """A checkpoint goes on with the inputs and the release that it began with; else it says why not."""
    try:
        program(path.parent, "run", "-q", "--resume", path.name)
        return "resumed"
    except Refused as refusal:
        why = [word for word, wanted in WHY_NOT.items() if re.search(wanted, str(refusal))]
        if len(why) != 1 or not str(refusal).startswith("3: "):
            raise
        return f"refused: {why[0]}"


def upgrade(path):
    """What it says; nothing is written and nothing changed."""
    before = {each: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    told = program(path.parent, "upgrade", path.name, "--dry-run").splitlines()[0]
    assert before == {each: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}, "dry?"
    return told.replace(str(path.parent) + "/", "")


def figures(path):
    from figures import Run  # matplotlib, for this reader alone
    run = Run(path)
    return {name: round(float(run.series(name)[1].max()), 6) for name in ("bdnf", "spine_density")}


def module(path):
    from module_case import respine
    with respine.open_run(path) as run:
        names = ("bdnf", "spine_density", "protein_pool")
        return {name: round(run.measure(name, "peak").value, 6) for name in names} | {
            "rows": len(run.table())}


def module_cohort(path):
    from module_case import respine
    with respine.open_run(path) as run:
        return {"subjects": int(run.file["cohort/subject"].size), "name": run.meta["name"]}


def persons(path):
    from validation import Cohort
    cohort = Cohort(path)
    return {"visits": len(cohort.time), "index": round(float(cohort.index.sum()), 5)}


def report(path):
    from study_results import Study
    study = Study(path.parent)
    return {"headline": study.headline(), "rows": len(study.rows)}


def status(path):
    """How many records of the journal are known, of this build or of another."""
    spec = path.parent / "small.yaml"
    work = path.parent / "work"
    work.mkdir()
    shutil.copy(path, work)
    told = program(path.parent, "study", "status", spec.name, "--work", "work")
    ok = int(re.search(r"(\d+) ok", told)[1])
    others = re.search(r"(\d+) records in the journals are of other inputs", told)
    return {"records": ok + (int(others[1]) if others else 0)}


def values_of_study(path):
    with h5py.File(path) as file:
        return {name: round(float(values[:].sum()), 6) for name, values in file["outcomes"].items()}


def kept(path):
    with h5py.File(path) as file:
        return {name: round(float(values[:].max()), 6) for name, values in file["history"].items()}


def members(path):
    """How many members a study of two points would run under."""
    (path.parent / "two.yaml").write_text(TWO, encoding="utf-8")
    told = program(path.parent, "study", "run", "two.yaml", "--ensemble", path.name, "--dry-run")
    return {"members": int(re.search(r"x (\d+) members", told)[1])}


def ensemble(path):
    from module_case import respine
    sets = respine.Ensemble(path)
    return {key: round(float(sets.values[:, k].mean()), 6) for k, key in enumerate(sets.keys)}


def bench(path):
    return program(path.parent, "bench", "--check", path.name).replace(path.name, "FILE").strip()


def network(path):
    """The network as a user's own: its neurons, and its plastic synapses at the start."""
    tables = path.with_name(path.stem + "_edges.csv")
    words = f"file: {path.name}"
    if tables.exists():
        words = f"file: {tables.name}, nodes: {path.stem}_nodes.csv"
    (path.parent / "again.yaml").write_text(NETWORK.format(words), encoding="utf-8")
    program(path.parent, "run", "-q", "again.yaml", "-o", "again.h5")
    with h5py.File(path.parent / "again.h5") as file:
        return {"neurons": int(file["network/neuron"].size),
                "synapses": int(file["snapshots/synapses/000/source"].size)}


def points(path):
    with h5py.File(path) as file:
        grid = file["VTKHDF"]
        return {"version": list(map(int, grid.attrs["Version"])), "points": int(grid["NumberOfPoints"][0]),
                "steps": int(grid["Steps"].attrs["NSteps"]) if "Steps" in grid else 1}


RUN = {"inspect": inspect, "summary": summary, "compare": compare, "view": view, "export": export,
       "rerun": rerun, "upgrade": upgrade, "analysis/python figures": figures, "module": module}
READERS = {
    "respine-run": RUN,
    "respine-cohort": {"summary": summary, "view": view, "rerun": rerun, "upgrade": upgrade,
                       "analysis/python validation": persons, "module": module_cohort},
    "respine-checkpoint": {"run --resume": resume, "upgrade": upgrade},
    "respine-study": {"upgrade": upgrade, "h5py": values_of_study},
    "respine-study-analysis": {"upgrade": upgrade, "analysis/python study report": report},
    "respine-study-journal": {"upgrade": upgrade, "study status": status},
    "respine-point-history": {"upgrade": upgrade, "h5py": kept},
    "respine ensemble": {"upgrade": upgrade, "study run --ensemble": members, "module": ensemble},
    "respine-bench": {"upgrade": upgrade, "bench --check": bench},
    "respine-network-tables": {"upgrade": upgrade, "network of kind file": network},
    "GraphML": {"network of kind file": network},
    "SONATA": {"network of kind file": network},
    "VTKHDF": {"h5py": points},
}


def answers(entry):
    """{reader: its answer} of one row of the index."""
    told = {}
    for name, reader in READERS[entry["format"]].items():
        with tempfile.TemporaryDirectory() as folder:
            try:
                told[name] = reader(unpacked(entry["file"], pathlib.Path(folder)))
            except Refused as refusal:
                told[name] = "refused: " + str(refusal).replace(folder + "/", "")
            except SystemExit as ended:  # a script of analysis/python
                told[name] = f"refused: {ended.code}"
    return told
