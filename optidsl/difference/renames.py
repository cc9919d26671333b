"""Renames: what goes and what comes where only the identity differs, and the `moved` lines that would keep it."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from optidsl.difference.same import Both, Side
from optidsl.plan.model import PlanGroup


def moved_lines(both: Both) -> tuple[str, ...]:
    """Return `moved a -> b` for fabrics, groups and devices that go while their like comes.

    A fabric: all its tiers alike. A group: same kind, tier (or fabric), model and keys. A device: same group and same
    neighbours behind the same ports. What has two candidates is not guessed.
    """
    if not both.is_old.any() or not both.is_new.any():
        return ()
    old, new = _apart_groups(both.before, both.is_old), _apart_groups(both.after, both.is_new)
    gone = {group.name: _shape(both.before, group, group.tier) for group in old}
    come = {group.name: _shape(both.after, group, group.tier) for group in new}
    pairs = _unique_pairs(gone, come)
    gone = {group.name: _shape(both.before, group, group.fabric) for group in old if group.name not in pairs}
    come = {group.name: _shape(both.after, group, group.fabric) for group in new if group.name not in pairs.values()}
    pairs |= _unique_pairs(gone, come)
    fabrics = _fabrics(old, new, pairs)
    lines = [f"moved {one} -> {other}" for one, other in fabrics.items()]
    by_name = {group.name: group for group in old}
    lines += [
        f"moved {one} -> {other}" for one, other in pairs.items() if one != other and by_name[one].fabric not in fabrics
    ]
    return (*lines, *_devices(both))


def _apart_groups(side: Side, is_apart: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[PlanGroup]:
    """Return the groups none of whose devices is in the other plan."""
    return [
        group
        for group in side.plan.groups
        if group.count and is_apart[side.device[group.first : group.first + group.count]].all()
    ]


def _shape(side: Side, group: PlanGroup, place: str) -> Hashable:
    keys = side.plan.devices.key[group.first : group.first + group.count]
    where = place if group.kind == "switch" else ""
    return group.kind, where, group.level, group.plane, group.model, group.protocol, keys, frozenset(group.ports.name)


def _unique_pairs(gone: dict[str, Hashable], come: dict[str, Hashable]) -> dict[str, str]:
    """Pair names whose shapes are equal and alone on both sides."""
    sides: list[dict[Hashable, list[str]]] = [{}, {}]
    for by_shape, shapes in zip(sides, (gone, come), strict=True):
        for name, shape in shapes.items():
            by_shape.setdefault(shape, []).append(name)
    return {
        names[0]: sides[1][shape][0]
        for shape, names in sides[0].items()
        if len(names) == 1 and len(sides[1].get(shape, ())) == 1
    }


def _fabrics(old: list[PlanGroup], new: list[PlanGroup], pairs: dict[str, str]) -> dict[str, str]:
    """Return the fabrics all of whose tiers go to those of one other fabric."""
    of_new = {group.name: group.fabric for group in new}
    found: dict[str, set[str]] = {}
    for group in old:
        if group.fabric:
            found.setdefault(group.fabric, set()).add(of_new.get(pairs.get(group.name, ""), ""))
    return {one: next(iter(to)) for one, to in found.items() if len(to) == 1 and to != {""} and to != {one}}


# ------------------------------------------------------------------ devices of a group


def _devices(both: Both) -> list[str]:
    """Return the lines of devices whose group stays."""
    sides = []
    for names in (_neighbours(both.before, both.is_old, both), _neighbours(both.after, both.is_new, both)):
        by_place: dict[Hashable, list[str]] = {}
        for name, place in names.items():
            by_place.setdefault(place, []).append(name)
        sides.append(by_place)
    return [
        f"moved {names[0]} -> {sides[1][place][0]}"
        for place, names in sides[0].items()
        if len(names) == 1 and len(sides[1].get(place, ())) == 1
    ]


def _neighbours(
    side: Side, is_apart: np.ndarray[tuple[int], np.dtype[np.bool_]], both: Both
) -> dict[str, tuple[Hashable, frozenset[tuple[int, int]]]]:
    """Return the group of each device that only this plan has, and what its ports lead to among what stays."""
    groups = {group.name for group in both.before.plan.groups} & {group.name for group in both.after.plan.groups}
    found: dict[int, set[tuple[int, int]]] = {int(number): set() for number in np.flatnonzero(is_apart)}
    for near, far in ((side.a, side.z), (side.z, side.a)):
        device = near // side.stride
        other = far // side.stride
        for row in np.flatnonzero(is_apart[device] & both.stays[other]).tolist():
            found[int(device[row])].add((int(near[row] % side.stride), int(far[row])))
    result: dict[str, tuple[Hashable, frozenset[tuple[int, int]]]] = {}
    for number, ports in found.items():
        row = int(side.row[number])
        group = side.plan.groups[int(side.plan.devices.group[row])]
        if group.name in groups and ports:
            result[side.identity(row)] = ((group.name, group.plane, group.model), frozenset(ports))
    return result
