"""The statements that differ between two plans, each with its line: what all work is told under."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import field, record
from optidsl.difference.field_words import has_unit, name_of, text_of_value
from optidsl.difference.names import listed, within
from optidsl.difference.same import Both, GroupKey, group_key
from optidsl.difference.words import counted
from optidsl.plan.model import Plan, PlanClass, PlanGroup, PlanRack, PlanSegment, Record

I64 = NDArray[np.int64]

_TITLE = 400
"""Characters of a title at most."""


@record(slots=True)
class Causes:
    """Causes by key, in the order in which they were found.

    Attributes:
        place: place of each cause by key.
        heads: kind, title and line of each.
    """

    place: dict[tuple[object, ...], int] = field(default_factory=dict)
    heads: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, key: tuple[object, ...], title: str, where: str = "") -> int:
        """Add a cause and return its place; one that is there stays as it is. The first word of a key is its kind."""
        if key not in self.place:
            self.place[key] = len(self.heads)
            self.heads.append((str(key[0]), title, where))
        return self.place[key]

    def get(self, key: tuple[object, ...]) -> int:
        """Return the place of a cause, -1 where it is not one."""
        return self.place.get(key, -1)


def stated_causes(both: Both, was: Plan, moved: dict[str, str]) -> Causes:
    """Return what the records of two plans say differently, in the order in which a reader looks for it.

    Args:
        both: the plans, the first under the names of the second.
        was: the first plan as it was.
        moved: what the second plan calls otherwise.
    """
    causes = Causes()
    before, after = both.before.plan, both.after.plan
    _head(before, after, causes)
    for one, other in moved.items():
        if _is_in(one, was):
            causes.add(("moved", one), f"moved {one} -> {other}")
    _fabrics(before, after, causes)
    _groups(both, causes)
    _segments(before, after, causes)
    _classes(before, after, causes)
    _racks(before, after, causes)
    _whole(before, after, causes)
    return causes


def _is_in(identity: str, plan: Plan) -> bool:
    name, bracket, key = identity.partition("[")
    groups = [group for group in plan.groups if name in (group.name, group.fabric)]
    keys = (plan.devices.key[group.first : group.first + group.count] for group in groups)
    return any(key.removesuffix("]") in own for own in keys) if bracket else bool(groups)


def _head(before: Plan, after: Plan, causes: Causes) -> None:
    old, new = before.header.params, after.header.params
    for name in dict.fromkeys([*new, *old]):
        if old.get(name) != new.get(name):
            causes.add(("param", name), f"param {name}: {old.get(name, 'not there')} → {new.get(name, 'not there')}")
    for name in ("design", "title", "owner"):
        if getattr(before.header, name) != getattr(after.header, name):
            causes.add(("header", name), f"{name}: {getattr(before.header, name)} → {getattr(after.header, name)}")


# ------------------------------------------------------------------ fabrics, groups


_SHAPE = ("kind", "protocol", "planes", "tiers", "oversubscription_limit", "parameters")


def _fabrics(before: Plan, after: Plan, causes: Causes) -> None:
    old, new = ({fabric.name: fabric for fabric in plan.fabrics} for plan in (before, after))
    for name in dict.fromkeys([*new, *old]):
        if name not in old:
            causes.add(("fabric", name), f"fabric {name} is new", new[name].source_ref)
        elif name not in new:
            causes.add(("fabric", name), f"fabric {name} goes", old[name].source_ref)
        else:
            words = _changed(old[name], new[name], _SHAPE)
            if words:
                causes.add(("fabric", name), f"fabric {name}: {words}", new[name].source_ref)


def _changed(old: Record, new: Record, names: Sequence[str]) -> str:
    """Return the fields that differ, with both values."""
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in names]
    texts = [
        f"{_WORDS.get(name) or name_of(name)} {_shown(name, one)} → {_shown(name, other)}"
        for name, one, other in pairs
        if one != other
    ]
    return within(texts, _TITLE)


_WORDS = {
    "oversubscription_limit": "oversubscription at most",
    "units": "rack units",
    "a_module": "module at A",
    "z_module": "module at Z",
    "a_attenuator": "attenuator at A",
    "z_attenuator": "attenuator at Z",
    "fiber": "fibre",
    "direct": "direct cable",
}
"""Fields whose name is not what people call them."""


def _shown(name: str, value: object) -> str:
    if name == "oversubscription_limit" and isinstance(value, tuple):
        return f"{value[0]}:{value[1]}"
    return text_of_value(name, value) if has_unit(name) else _value(value)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_value(each) for each in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(each)}" for name, each in value.items()) or "none"
    return "none" if value is None or value == "" else str(value)


def _groups(both: Both, causes: Causes) -> None:
    old, new = ({group_key(group): group for group in side.plan.groups} for side in (both.before, both.after))
    gone, come = coming(both)
    for key in dict.fromkeys([*new, *old]):
        group = new.get(key) or old[key]
        title = _growth(group, old.get(key), new.get(key), gone.get(key, 0), come.get(key, 0))
        if title:
            causes.add(("group", key), title, group.source_ref)
        if key in old and key in new and old[key].model != new[key].model:
            words = f"{shown(group)} is a {new[key].model}, was a {old[key].model}"
            causes.add(("model", key), words, group.source_ref)
        elif key in old and key in new and _ports(old[key]) != _ports(new[key]):
            causes.add(("ports", key), f"{shown(group)} runs its ports otherwise", group.source_ref)
        if key in old and key in new and old[key].given != new[key].given:
            words = f"{shown(group)}: what is given one by one: {_value(old[key].given)} → {_value(new[key].given)}"
            causes.add(("given", key), words, group.source_ref)


def shown(group: PlanGroup) -> str:
    """Return a group as people read it: `compute.leaf`, `compute.p0.leaf` of a plane."""
    return group.name


def coming(both: Both) -> tuple[dict[GroupKey, int], dict[GroupKey, int]]:
    """Return how many devices of each group go, and how many come."""
    found = []
    for side, is_apart in ((both.before, both.is_old), (both.after, both.is_new)):
        groups = side.plan.groups
        counts = np.bincount(side.group[is_apart], minlength=len(groups)).tolist()
        found.append({group_key(group): count for group, count in zip(groups, counts, strict=True) if count})
    return found[0], found[1]


def _growth(group: PlanGroup, old: PlanGroup | None, new: PlanGroup | None, gone: int, come: int) -> str:
    if not gone and not come:
        return ""
    one, many = ("switch", "switches") if group.kind == "switch" else ("node", "nodes")
    if old is None:
        return f"{shown(group)} is new: {counted(come, one, many)} ({group.model})"
    if new is None:
        return f"{shown(group)} goes: {counted(gone, one, many)}"
    signs = " and ".join(f"{sign}{count}" for sign, count in (("+", come), ("-", gone)) if count)
    return f"{shown(group)}: {signs} {one if come + gone == 1 else many}, {old.count} → {new.count}"


def _ports(group: PlanGroup) -> tuple[object, ...]:
    ports = group.ports
    return ports.name, ports.cage, ports.bore, ports.lane, ports.rate_mbps, ports.rail, group.platform, group.hwsku


# ------------------------------------------------------------------ links, racks, the rest


def segment_key(segment: PlanSegment) -> tuple[str, str, str, str]:
    """Return what a segment is known by."""
    return segment.fabric, segment.a, segment.z, segment.dimension


def _segments(before: Plan, after: Plan, causes: Causes) -> None:
    old, new = ({segment_key(each): each for each in plan.segments} for plan in (before, after))
    for key, segment in new.items():
        words = (
            _changed(old[key], segment, ("rate_mbps", "connections", "splices", "splice_loss_mdb", "uneven"))
            if (key in old)
            else "new"
        )
        if words:
            causes.add(("segment", *key), f"links {_ends(segment)}: {words}", segment.source_ref)
    for key, segment in old.items():
        if key not in new:
            causes.add(("segment", *key), f"links {_ends(segment)}: go", segment.source_ref)


def _ends(segment: PlanSegment) -> str:
    along = f" ({segment.dimension})" if segment.dimension else ""
    return f"{segment.fabric}: {segment.a} -- {segment.z}{along}"


_PARTS = ("candidate", "a_module", "z_module", "fiber", "direct", "grade", "a_attenuator", "z_attenuator", "line")


def _classes(before: Plan, after: Plan, causes: Causes) -> None:
    old = {each.name: each for each in before.classes}
    for each in after.classes:
        was = old.get(each.name)
        if was is not None and any(getattr(was, name) != getattr(each, name) for name in _PARTS):
            words = _parts(was, each)
            causes.add(("class", each.name), f"{each.name}: {words}", after.segments[each.segment].source_ref)


def _parts(old: PlanClass, new: PlanClass) -> str:
    if old.candidate != new.candidate:
        return f"{old.candidate} → {new.candidate}"
    return _changed(old, new, _PARTS)


def _racks(before: Plan, after: Plan, causes: Causes) -> None:
    old = {rack.name: rack for rack in before.racks}
    elsewhere: dict[str, list[PlanRack]] = {}
    for rack in after.racks:
        if rack.name in old and _spot(old[rack.name]) != _spot(rack):
            elsewhere.setdefault(rack.source_ref, []).append(rack)
    for where, racks in elsewhere.items():
        words = _changed(old[racks[0].name], racks[0], ("site", "hall", "row", "x_mm", "y_mm", "units"))
        one = len(racks) == 1
        verb = ("stands" if one else "stand") + " elsewhere"
        if all(_spot(old[rack.name])[:-1] == _spot(rack)[:-1] for rack in racks):
            verb = "has other units" if one else "have other units"
        shape = f"{counted(len(racks), 'rack')} {verb}: {listed([rack.name for rack in racks], _TITLE)}"
        causes.add(("rack", where), f"{shape} ({words})" if len(racks) == 1 else f"{shape} (the first: {words})", where)


def _spot(rack: PlanRack) -> tuple[object, ...]:
    return rack.site, rack.hall, rack.row, rack.x_mm, rack.y_mm, rack.units


def changed_racks(before: Plan, after: Plan) -> dict[str, str]:
    """Return the racks that stand elsewhere or are others, with their lines."""
    old = {rack.name: rack for rack in before.racks}
    return {
        rack.name: rack.source_ref for rack in after.racks if rack.name in old and _spot(old[rack.name]) != _spot(rack)
    }


def _whole(before: Plan, after: Plan, causes: Causes) -> None:
    """What holds for the whole design: addresses, names, policy, emitters."""
    words = _changed(before.addressing, after.addressing, tuple(type(after.addressing).model_fields))
    if words:
        causes.add(("addressing",), f"addressing: {words}")
    for name in ("naming", "cable_labels"):
        old, new = getattr(before.header, name), getattr(after.header, name)
        if old != new:
            causes.add(("naming", name), f"{name.replace('_', ' ')}: {_value(old)} → {_value(new)}")
    words = _changed(before.policy, after.policy, tuple(type(after.policy).model_fields))
    if words:
        causes.add(("policy",), f"policy: {words}")
    if before.header.emit != after.header.emit:
        causes.add(("emit",), f"emit: {_value(before.header.emit)} → {_value(after.header.emit)}")
    old_caps, new_caps = ({rack.name: rack.power_cap_mw for rack in plan.racks} for plan in (before, after))
    if any(old_caps[name] != cap for name, cap in new_caps.items() if name in old_caps):
        causes.add(("racks",), "power that racks may draw")
    come = [name for name in new_caps if name not in old_caps]
    gone = [name for name in old_caps if name not in new_caps]
    if come or gone:
        signs = ", ".join(f"{sign}{len(names)}" for sign, names in (("+", come), ("-", gone)) if names)
        causes.add(("rack space",), f"racks: {signs}")
    was, now = ({each.name: (each.until, each.covers) for each in plan.waivers} for plan in (before, after))
    if was != now:
        names = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
        causes.add(("waiver",), f"waivers: {within(names, _TITLE)}")
