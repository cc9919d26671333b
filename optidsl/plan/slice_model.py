"""The plan's records of optical circuits: the tori that they make, and how switches are patched."""

from __future__ import annotations

from optidsl.plan.record import Record


class PlanSlice(Record):
    """A torus of cubes of a fabric: chips along each axis, and its cubes, from 0 in the order of the endpoints."""

    fabric: str
    name: str
    dims: tuple[int, ...]
    cubes: tuple[int, ...]
    source_ref: str


class PlanPatch(Record):
    """What the switches of one axis are patched to: `count` switches of a group from `first` on, all alike.

    Circuit i joins ports `plus[i]` and `minus[i]` of a switch, indices into the group's port columns.
    """

    fabric: str
    axis: str
    group: int
    first: int
    count: int
    plus: tuple[int, ...]
    minus: tuple[int, ...]
