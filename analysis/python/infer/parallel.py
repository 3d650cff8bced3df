"""Tasks side by side in processes of their own, and a line that says how far they are."""

import multiprocessing
import os
import sys
import time

QUIET = 2.0  # [s] before anything is said
EVERY = 5.0  # [s]

_shared = None


def workers():
    return int(os.environ.get("RESPINE_JOBS") or 0) or len(os.sched_getaffinity(0))


def _with_shared(task):
    function, own = task
    return function(_shared, own)


def over(function, tasks, shared=None, title=""):
    """function(task), or function(shared, task), of each, in their order; `shared` is not copied. The result
    does not depend on how many work at a time.
    """
    global _shared
    _shared = shared
    calls = tasks if shared is None else [(function, t) for t in tasks]
    began, shown = time.monotonic(), 0.0
    out = []
    with multiprocessing.get_context("fork").Pool(min(workers(), max(1, len(tasks)))) as pool:
        for result in pool.imap(function if shared is None else _with_shared, calls, chunksize=1):
            out.append(result)
            now = time.monotonic()
            if title and now - began > QUIET and now - shown > EVERY:
                shown, left = now, (now - began) * (len(tasks) - len(out)) / len(out)
                print(
                    f"{title}: {len(out)} of {len(tasks)}, about {left:.0f} s left",
                    file=sys.stderr,
                    flush=True,
                )
    return out
