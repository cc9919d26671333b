"""What differs in the columns of devices and links that stay, and is no work: how a cable runs, which pod a switch is
of, when something comes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optidsl.difference.causes import shown
from optidsl.difference.field_words import text_of_value
from optidsl.difference.model import RecordChange
from optidsl.difference.same import Both, Side, same_links
from optidsl.difference.words import counted
from optidsl.plan.model import Plan

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

_OF_DEVICES = ("ordinal", "pod", "rail", "height", "phase")
_OF_LINKS = ("rail", "dress_mm", "vertical_mm", "horizontal_mm", "slack_mm", "required_mm")
_WORDS = {
    "ordinal": "number beside the place in the group",
    "dress_mm": "way inside racks",
    "vertical_mm": "way up and down",
    "horizontal_mm": "way along trays",
    "slack_mm": "slack",
    "required_mm": "length needed",
}


def column_changes(both: Both) -> tuple[RecordChange, ...]:
    """Return what differs of devices and links that stay, one for each group (or segment) and column."""
    return (*_devices(both), *_links(both))


def _devices(both: Both) -> Iterator[RecordChange]:
    before, after = both.before.plan, both.after.plan
    staying = np.flatnonzero(both.stays)
    old, new = both.before.row[staying], both.after.row[staying]
    for name in _OF_DEVICES:
        values = [_column(plan, name)[rows] for plan, rows in ((before, old), (after, new))]
        apart = np.flatnonzero(values[0] != values[1])
        groups = after.devices.group[new[apart]]
        for row in np.unique(groups).tolist():
            mine = apart[groups == row]
            texts = [
                _text(plan, name, int(column[mine[0]])) for plan, column in zip((before, after), values, strict=True)
            ]
            words = f"{_WORDS.get(name, name)} of {counted(len(mine), 'device')}" + _of_first(mine)
            yield RecordChange("Devices and cables in detail", shown(after.groups[row]), words, *texts)


def _column(plan: Plan, name: str) -> I32:
    if name == "ordinal":  # the order of rows is no difference: only what is beside it
        first = np.array([group.first for group in plan.groups] or [0], np.int32)[plan.devices.group]
        return plan.devices.ordinal - (np.arange(len(first), dtype=np.int32) - first)
    column: I32 | None = getattr(plan.devices, name)
    return np.full(len(plan.devices.group), -1, np.int32) if column is None else column


def _text(plan: Plan, name: str, value: int) -> str:
    if name == "phase":
        return "none" if value < 0 or plan.growth is None else plan.growth[value].name
    return "none" if value < 0 else text_of_value(name, value)


def _of_first(rows: NDArray[np.intp]) -> str:
    return " (the first)" if len(rows) > 1 else ""


def _links(both: Both) -> Iterator[RecordChange]:
    before, after = both.before, both.after
    old, new = _pairs(both)
    kept = (before.sku[old] == after.sku[new]) & (before.content[old] == after.content[new])
    old, new = old[kept], new[kept]
    segments = after.plan.links.segment[new]
    for name in _OF_LINKS:
        values = [getattr(side.plan.links, name)[rows] for side, rows in ((before, old), (after, new))]
        apart = np.flatnonzero(values[0] != values[1])
        for row in np.unique(segments[apart]).tolist():
            mine = apart[segments[apart] == row]
            texts = [_text(after.plan, name, int(column[mine[0]])) for column in values]
            words = f"{_WORDS.get(name, name)} of {counted(len(mine), 'link')}" + _of_first(mine)
            each = after.plan.segments[row]
            yield RecordChange("Devices and cables in detail", f"{each.fabric}: {each.a} -- {each.z}", words, *texts)
    yield from _classes(both, old, new)


def _pairs(both: Both) -> tuple[I64, I64]:
    """Return the rows of links between the same ports, before and after."""
    sides = (both.before, both.after)
    old, new = (np.arange(len(side.a), dtype=np.int64) for side in sides)
    if len(old) == len(new) and all(
        np.array_equal(*ends) for ends in zip(_ends(sides[0]), _ends(sides[1]), strict=True)
    ):
        return old, new
    match = same_links(both, old, new)
    return old[match >= 0], match[match >= 0]


def _ends(side: Side) -> tuple[I64, I64]:
    return side.a, side.z


def _classes(both: Both, old: I64, new: I64) -> Iterator[RecordChange]:
    """Yield links that are of another class or segment and served by the same parts."""
    for what, of in (("class", "link_class"), ("segment", "segment")):
        names = [_names(side.plan, of) for side in (both.before, both.after)]
        number = {name: place for place, name in enumerate(dict.fromkeys([*names[0], *names[1]]))}
        own = [np.array([number[name] for name in side] or [0], np.int64) for side in names]
        one = own[0][getattr(both.before.plan.links, of)[old]]
        other = own[1][getattr(both.after.plan.links, of)[new]]
        apart = np.flatnonzero(one != other)
        if apart.size:
            texts = [list(number)[int(column[apart[0]])] for column in (one, other)]
            words = f"{what} of {counted(len(apart), 'link')}" + _of_first(apart)
            yield RecordChange("Devices and cables in detail", "links", words, *texts)


def _names(plan: Plan, of: str) -> list[str]:
    if of == "link_class":
        return [each.name for each in plan.classes]
    return [f"{each.fabric}: {each.a} -- {each.z} {each.dimension}".rstrip() for each in plan.segments]
