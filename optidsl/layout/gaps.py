"""Places that nobody has: a hole in the keys of devices keeps its place free, so that one that goes moves no other."""

from __future__ import annotations

from collections.abc import Mapping

from optidsl.fabric.tables import DeviceGroup, FabricTables


def gaps_of(tables: FabricTables) -> Mapping[int, int]:
    """Return how many keys are missing right before that of a device, by row; only where any are.

    Nodes count from the least key of their group, switches from 1. Keys that are words or count pods have no holes.
    """
    found: dict[int, int] = {}
    for group in tables.groups:
        keys = _keys(group)
        before = keys[0] - 1 if keys and group.node is not None else 0
        for row, key in enumerate(keys, group.first):
            if key - before > 1:
                found[row] = key - before - 1
            before = key
    return found


def _keys(group: DeviceGroup) -> tuple[int, ...]:
    if group.node is None:
        return () if group.per_pod or group.keys is None else group.keys
    keys = group.node.keys or ()
    numbers = tuple(key for key in keys if isinstance(key, int) and key > 0)
    return numbers if len(numbers) == len(keys) and sorted(set(numbers)) == list(numbers) else ()
