"""How many threads a computation has, and that they do not survive a fork."""

import os

from . import _core

_used = _forked = False  # OpenMP's threads do not survive a fork; who waits for them waits for ever


def _after_fork():
    global _forked
    _forked = _used


os.register_at_fork(after_in_child=_after_fork)


def threads_for(wanted: int | None) -> int:
    global _used
    if _forked and wanted != 1:
        raise _core.UsageError(
            "this process was forked after respine had used its threads: give threads=1, or start processes "
            "by multiprocessing.get_context('spawn')"
        )
    _used = True
    return wanted or 0
