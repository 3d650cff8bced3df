#!/usr/bin/python3
"""The statistics of respine infer, which calls it: where the next wave simulates, and the posterior.

usage: main.py propose FOLDER WAVE
       main.py posterior FOLDER [--leave-out] [--check DATA_SETS]
       main.py design FOLDER
       main.py weigh FOLDER HYPOTHESIS...
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: sums in one order, whatever the cores
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]

try:
    from design import design
    from posterior import infer
    from problem import Problem
    from waves import propose
    from weigh import weigh
except ImportError as missing:
    sys.exit(
        f"respine infer: {missing}; on Debian: apt-get install python3-sklearn python3-emcee python3-h5py"
    )


def main():
    parser = argparse.ArgumentParser()
    actions = parser.add_subparsers(dest="action", required=True)
    proposing = actions.add_parser("propose")
    proposing.add_argument("folder")
    proposing.add_argument("wave", type=int)
    inferring = actions.add_parser("posterior")
    inferring.add_argument("folder")
    inferring.add_argument("--leave-out", action="store_true")
    inferring.add_argument("--check", type=int, default=0)
    actions.add_parser("design").add_argument("folder")
    weighing = actions.add_parser("weigh")
    weighing.add_argument("folder")
    weighing.add_argument("names", nargs="+")
    wanted = parser.parse_args()
    if wanted.action == "design":
        design(wanted.folder)
    elif wanted.action == "weigh":
        weigh(wanted.folder, wanted.names)
    elif wanted.action == "propose":
        propose(Problem(wanted.folder), wanted.wave)
    else:
        infer(Problem(wanted.folder), wanted.leave_out, wanted.check)


if __name__ == "__main__":
    main()
