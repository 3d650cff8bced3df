"""A disk that loses its power: what tests/faults/record_writes.c wrote down, replayed up to some act, and
what of it may be left afterwards.

A sync makes the bytes of a file last, that of a folder its names; of what came after the last of them, any
prefix of the names and any sectors of the bytes may be on the disk.
"""

import collections
import pathlib

SECTOR = 512
Act = collections.namedtuple("Act", "kind place data name other")


def read_log(path):
    """The acts, in their order."""
    data, acts, at = pathlib.Path(path).read_bytes(), [], 0
    while at < len(data):
        end = data.index(b"\n", at)
        kind, place, size, *names = data[at:end].decode().split(" ")
        at = end + 1 + int(size)
        acts.append(Act(kind, int(place), data[end + 1:at], names[0], names[1] if len(names) > 1 else None))
    return acts


def put(data, act):
    """One write or change of size."""
    if act.kind == "size":
        del data[act.place:]
        data.extend(bytes(act.place - len(data)))
    else:
        data.extend(bytes(max(0, act.place - len(data))))
        data[act.place:act.place + len(act.data)] = act.data


class Contents:
    """Of one file: what lasts, and the acts since."""

    def __init__(self):
        self.lasting, self.since = bytearray(), []

    def sync(self):
        for act in self.since:
            put(self.lasting, act)
        self.since = []

    def after(self, randomness):
        """What may be there after the cut: what lasts, and with `randomness` some of the rest, torn."""
        data = bytearray(self.lasting)
        for act in self.since if randomness else ():
            if act.kind == "size":
                if randomness.random() < 0.5:
                    put(data, act)
                continue
            for first in range(0, len(act.data), SECTOR):
                if randomness.random() < 0.5:
                    put(data, act._replace(place=act.place + first, data=act.data[first:first + SECTOR]))
        return bytes(data)


class Disk:
    """Names that last, names that programs see, and the acts on names in between."""

    def __init__(self):
        self.lasting, self.seen, self.since = {}, {}, []

    def do(self, act):
        if act.kind == "sync" and act.name == ".":
            self.lasting, self.since = dict(self.seen), []
        elif act.kind == "sync":
            self.seen[act.name].sync()
        elif act.kind in ("write", "size"):
            self.seen.setdefault(act.name, Contents()).since.append(act)
        else:
            rename(self.seen, act)
            self.since.append((act, self.seen.get(act.name)))

    def after(self, randomness):
        """{name: bytes} after the cut."""
        names = dict(self.lasting)
        for act, contents in self.since[:randomness.randint(0, len(self.since)) if randomness else 0]:
            rename(names, act, contents)
        return {name: contents.after(randomness) for name, contents in names.items()}


def rename(names, act, contents=None):
    """A name that is made, changed or removed."""
    if act.kind == "create":
        names.setdefault(act.name, contents or Contents())
    elif act.kind == "remove":
        names.pop(act.name, None)
    elif act.name in names:
        names[act.other] = names.pop(act.name)
