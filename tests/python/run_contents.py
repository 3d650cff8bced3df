"""What a run file says, apart from how it was computed: for tests that hold two of them against each other.
"""

import h5py
import numpy as np

# Attributes of /meta that describe the execution, not the result.
EXECUTION = {
    "version", "build", "threads", "thread_source", "ranks", "command", "host", "started", "finished",
    "wall_seconds", "resumes", "scenario_file"
}


def contents(path):
    """Every dataset and attribute of a run file, as bytes."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            value = item[()]
            if value.dtype == object:
                value = np.array([v if isinstance(v, bytes) else str(v).encode() for v in value.ravel()])
            found[name] = (str(item.dtype), item.shape, value.tobytes())
        for key, value in item.attrs.items():
            if key in ("DIMENSION_LIST", "REFERENCE_LIST") or (name == "meta" and key in EXECUTION):
                continue
            found[f"{name}@{key}"] = np.asarray(value).tobytes()

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return found


def differences(one, other):
    """Names of what two results do not have in common, bit for bit."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
