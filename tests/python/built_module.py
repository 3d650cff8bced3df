"""Where the Python module was built, and whether it was: not in every build."""

import os
import pathlib

BUILT = pathlib.Path(os.environ["RESPINE_BUILD"]) / "python"
IS_BUILT = any(BUILT.glob("respine/_core*.so"))
WHY_NOT = "built without the Python module (-DRESPINE_PYTHON=ON; Debian: pybind11-dev)"
