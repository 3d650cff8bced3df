"""The run files that the viewer is tested with: real small runs, and what a visitor may drop by mistake.

usage: files.py RESPINE FOLDER files|page|speed
"""
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys

import h5py
import numpy as np

respine, folder, test = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
SMALL = [
    "--set", "network.neurons=400", "--set", "network.synapses_per_neuron=50", "--set", "duration=8d",
    "--set", "start=-2d", "--set", "record.snapshots=[0 h, 1 h, 1 d, 5 d]", "--set",
    "imaging.sessions=[-1 d, 1 d, 5 d]", "--set", "imaging.dendrites=20", "--threads", "1"
]
PERSONS = [
    "--set", "network.neurons=200", "--set", "network.synapses_per_neuron=50", "--set", "cohort.subjects=6"
]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
HOSTILE = "<img src=x onerror=alert(1)>"


def run(scenario, name, *more, small=SMALL):
    made = folder / name
    if not made.exists() or made.stat().st_mtime < os.stat(respine).st_mtime:
        subprocess.run([respine, "run", scenario, "-o", made, "--force", "-q", *small, *more], check=True,
                       stdout=subprocess.DEVNULL)
    return made


def copy(source, name):
    made = folder / name
    shutil.copyfile(source, made)
    return made


def view(name, *words):
    subprocess.run([respine, "view", *words, "-o", folder / name, "--force"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def hostile(source):
    """Every text that the page shows, as an attack."""
    with h5py.File(copy(source, "hostile.h5"), "r+") as file:
        for name in ("name", "title", "command", "model", "version", "seed", "scenario"):
            del file["meta"].attrs[name]
            file["meta"].attrs[name] = np.bytes_(HOSTILE)
        for name in file["snapshots"]:
            file["snapshots"][name].attrs["long_name"] = np.bytes_(HOSTILE)
        for name in ("bdnf", "ampa"):
            for attribute in ("label", "shown_units", "long_name"):
                file["history"][name].attrs[attribute] = np.bytes_(HOSTILE)
        file["events/drug"][0] = HOSTILE


def damaged(source):
    """One chunk of one time course is not what was written; Fletcher32 notices."""
    made = copy(source, "damaged.h5")
    with h5py.File(made, "r") as file:
        chunk = file["history/bdnf"].id.get_chunk_info(0)
    with open(made, "r+b") as file:
        file.seek(chunk.byte_offset + chunk.size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0xFF]))


def foreign_filter(source):
    with h5py.File(copy(source, "lzf.h5"), "r+") as file:
        values = file["history/bdnf"][:]
        del file["history/bdnf"]
        file.create_dataset("history/bdnf", data=values, chunks=(64,), compression="lzf")


def huge(source):
    """5 GB, nearly all of it holes: what lies at its end must be found without reading the rest."""
    with h5py.File(copy(source, "huge.h5"), "r+") as file:
        kind = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        kind.set_layout(h5py.h5d.CONTIGUOUS)
        kind.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        kind.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
        space = h5py.h5s.create_simple((1_350_000_000,))
        h5py.h5d.create(file.id, b"ballast", h5py.h5t.NATIVE_UINT32, space, kind)
        old = file["history/potentiation"]
        values, said = old[:], {name: old.attrs[name] for name in old.attrs if name != "DIMENSION_LIST"}
        del file["history/potentiation"]
        file.create_dataset("history/potentiation", data=values).attrs.update(said)  # behind the ballast
    assert os.path.getsize(folder / "huge.h5") > 5_000_000_000


def foreign():
    with h5py.File(folder / "foreign.h5", "w") as file:
        file["temperatures"] = np.arange(10.0)
    (folder / "notes.h5").write_text("no HDF5 file at all")
    (folder / "empty.h5").write_bytes(b"")


def of_all_releases():
    """The corpus of tests/data/formats, and each file as if a later version had written it."""
    corpus = SOURCE / "tests/data/formats"
    written = []
    for row in json.loads((corpus / "index.json").read_text()):
        if row["format"] not in ("respine-run", "respine-cohort"):
            continue
        name = row["file"].removesuffix(".gz").replace("/", "-")
        (folder / name).write_bytes(gzip.decompress((corpus / row["file"]).read_bytes()))
        with h5py.File(copy(folder / name, f"later-{name}"), "r+") as file:
            title = file["meta"].attrs["title"].decode()
            file.attrs.modify("format_version", 2)
        written.append({"name": name, "format": row["format"], "title": title})
    (folder / "written.json").write_text(json.dumps(written))


def recipes():
    """What `respine lab` makes, and files to drop on it."""
    subprocess.run([respine, "lab", "-o", folder / "lab.html", "--force"], check=True, capture_output=True)
    assert os.path.getsize(folder / "lab.html") < 4_500_000
    shutil.copyfile(SOURCE / "configs/scenarios/mouse-ketamine-nbqx.yaml", folder / "mine.yaml")
    shutil.copyfile(SOURCE / "configs/scenarios/microcircuit-ketamine.yaml", folder / "circuit.yaml")
    text = (folder / "mine.yaml").read_text()
    (folder / "mistake.yaml").write_text(text.replace("dose: 10 mg/kg", "dose: 10 mg/k"))
    drug = (SOURCE / "configs/drugs/memantine.yaml").read_text()
    (folder / "mydrug.yaml").write_text(drug.replace("name: memantine", "name: mydrug"))


def large_network(source, neurons=20_000, frames=50):
    """Many frames of many neurons, for the speed of drawing."""
    rng = np.random.default_rng(1)
    with h5py.File(copy(source, "frames.h5"), "r+") as file:
        for name in ("x", "y", "z", "type"):
            old = file["network"][name]
            values = (
                rng.uniform(0, 800, neurons).astype(np.float32)
                if name != "type"
                else np.zeros(neurons, np.uint8)
            )
            del file["network"][name]
            file["network"].create_dataset(name, data=values.astype(old.dtype))
        del file["snapshots"]
        # evenly spaced on the viewer's clock
        file["snapshots/time"] = 0.35 * np.expm1(np.linspace(0, np.log1p(140 / 0.35), frames))
        field = file.create_dataset("snapshots/rate", (frames, neurons), np.float32, chunks=(1, neurons),
                                    compression="gzip", shuffle=True)
        field.attrs["units"], field.attrs["long_name"] = np.bytes_("Hz"), np.bytes_("firing rate")
        for k in range(frames):
            field[k] = rng.gamma(2 + 0.05 * k, 2, neurons)


ketamine = run("demo-ketamine", "ketamine.h5")
if test == "speed":
    large_network(ketamine)
    view("speed.html", folder / "frames.h5")
else:
    vehicle, blocked = run("demo-vehicle", "vehicle.h5"), run("demo-ketamine-nbqx", "blocked.h5")
    hostile(ketamine)
    damaged(ketamine)
    foreign_filter(ketamine)
    huge(ketamine)
    foreign()
    of_all_releases()
    view("demo.html", vehicle, ketamine, blocked)
    view("late.html", vehicle, run("demo-ketamine", "late.h5", "--set", "treatments.0.at=2 d"))
    ends = ["--set", "duration=4d", "--set", "record.snapshots=[0 h, 1 d]", "--set", "imaging.sessions=[1 d]"]
    view("short.html", vehicle,
         *(run("demo-ketamine", f"short{k}.h5", "--set", f"seed={k}", *ends) for k in range(1, 6)))
    view("empty.html")
    grown = os.path.getsize(folder / "demo.html") - os.path.getsize(folder / "empty.html")
    whole = sum(os.path.getsize(path) for path in (vehicle, ketamine, blocked))
    assert grown < 0.8 * whole, f"runs of {whole} bytes take {grown} in a page"
    recipes()
    view("crowd.html", run("human-iv-cohort", "cohort.h5", small=PERSONS))
