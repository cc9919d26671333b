"""Modules by cage: which come, which go, and which only change their cage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct_rows
from optidsl._record import record
from optidsl.difference.attribution import LinkCauses
from optidsl.difference.cables import CableTable
from optidsl.difference.model import ModuleWork
from optidsl.difference.same import Both, Side
from optidsl.plan.cage_counts import cages_of

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class ModuleTable:
    """Cages whose module becomes another: one row for a module that comes (`delta` 1) or goes (-1).

    Attributes:
        parts: names of modules.
        part: place in `parts`.
        delta: 1 or -1.
        cause: of it.
        device: number of the device.
    """

    parts: tuple[str, ...]
    part: I64
    delta: I64
    cause: I64
    device: I64

    def work(self, causes: Sequence[int] | None = None) -> tuple[ModuleWork, ...]:
        """Return what to do with the modules of each part, of some causes or of all; what goes serves what comes."""
        is_own = np.ones(len(self.part), np.bool_) if causes is None else np.isin(self.cause, list(causes))
        found = []
        for place, name in enumerate(self.parts):
            mine = is_own & (self.part == place)
            come, go = int((self.delta[mine] > 0).sum()), int((self.delta[mine] < 0).sum())
            move = min(come, go)
            if come or go:
                found.append(ModuleWork(name, come - move, go - move, move))
        return tuple(found)


def module_table(both: Both, table: CableTable, causes: LinkCauses) -> ModuleTable:
    """Compare the cages of the devices whose links differ."""
    touched = np.zeros(len(both.stays), np.bool_)
    for side, rows in (
        (both.before, np.concatenate([table.old_links, table.replugged[:, 0]])),
        (both.after, np.concatenate([table.new_links, table.replugged[:, 1]])),
    ):
        for ends in (side.a, side.z):
            touched[ends[rows] // side.stride] = True
    names = sorted({module for side in (both.before, both.after) for module in _bought(side)})
    number = {name: place for place, name in enumerate(names)}
    old, new = (_cages(side, touched, number, of) for side, of in ((both.before, causes.old), (both.after, causes.new)))
    gone, come = _apart(old, new), _apart(new, old)
    delta = np.repeat(np.array([-1, 1], np.int64), [len(gone), len(come)])
    cage, part, cause = np.concatenate([old[gone], new[come]]).T
    return ModuleTable(tuple(names), part, delta, _settled(cage, cause), cage // both.after.stride)


def _bought(side: Side) -> list[str]:
    """Return the modules that are things to buy; a built-in one is part of its box."""
    plan = side.plan
    used = {name for each in plan.classes for name in (each.a_module, each.z_module) if name}
    return [name for name in used if "built_in" not in plan.parts[name].facts]


def _cages(side: Side, touched: NDArray[np.bool_], number: dict[str, int], causes: I64) -> I64:
    """Return cage, part and cause of every cage with a module of the devices touched, shape `(n, 3)`."""
    plan = side.plan
    found: list[I64] = [np.zeros((0, 3), np.int64)]
    links = plan.links
    for device, port, end in ((links.a_device, links.a_port, "a_module"), (links.z_device, links.z_port, "z_module")):
        part = np.array([number.get(getattr(each, end), -1) for each in plan.classes] or [-1], np.int64)
        rows = np.flatnonzero(touched[side.device[device]] & (part[links.link_class] >= 0))
        cage = side.device[device[rows]] * side.stride + cages_of(plan.groups, plan.devices, device[rows], port[rows])
        found.append(np.stack([cage, part[links.link_class[rows]], causes[rows]], axis=1))
    table = np.concatenate(found)
    table = table[np.lexsort((-table[:, 2], table[:, 0]))]
    return table[np.sort(distinct_rows(table[:, 0])[1])]


def _apart(one: I64, other: I64) -> NDArray[np.intp]:
    """Return the rows of a table whose cage holds no module of that part in the other."""
    if not len(other):
        return np.arange(len(one))
    place = np.minimum(np.searchsorted(other[:, 0], one[:, 0]), len(other) - 1)
    is_same = (other[place, 0] == one[:, 0]) & (other[place, 1] == one[:, 1])
    return np.flatnonzero(~is_same)


def _settled(cage: I64, cause: I64) -> I64:
    """Let a module that goes have the cause of the one that comes into its cage, where it has none itself."""
    known: dict[int, int] = {}
    for at, of in zip(cage.tolist(), cause.tolist(), strict=True):
        if of >= 0:
            known[at] = of
    return np.array(
        [of if of >= 0 else known.get(at, -1) for at, of in zip(cage.tolist(), cause.tolist(), strict=True)], np.int64
    )
