"""Devices in service whose configuration becomes another text, and why."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl.difference.attribution import LinkCauses
from optidsl.difference.causes import Causes, shown
from optidsl.difference.model import RecordChange, Texts
from optidsl.difference.names import listed
from optidsl.difference.numbers import Numbers
from optidsl.difference.same import Both, group_key

I64 = NDArray[np.int64]

_GLOBAL = ("addressing", "emit", "header", "naming")
"""Kinds of cause that may concern every device: parameters and policies only do by what follows from them."""


def changed_configs(both: Both, before: Texts, after: Texts) -> I64:
    """Return the numbers of the devices that stay and whose text differs, in the order of the second plan."""
    if not before.devices and not after.devices:
        return np.zeros(0, np.int64)
    staying = np.flatnonzero(both.stays)
    one, other = both.before.plan.devices.name, both.after.plan.devices.name
    old, new = both.before.row[staying].tolist(), both.after.row[staying].tolist()
    differs = [before.devices.get(one[a]) != after.devices.get(other[z]) for a, z in zip(old, new, strict=True)]
    return staying[np.array(differs, np.bool_)]


def changed_files(before: Texts, after: Texts) -> tuple[str, ...]:
    """Return the paths of files of no single device that come, go or differ."""
    paths = before.others.keys() | after.others.keys()
    return tuple(sorted(path for path in paths if before.others.get(path) != after.others.get(path)))


def config_causes(
    both: Both,
    configs: I64,
    links: LinkCauses,
    found: Numbers,
    records: tuple[RecordChange, ...],
    causes: Causes,
) -> I64:
    """Return the cause of each device's new configuration.

    Its own links come first, then numbers and names of its own and of its neighbours, then what its group is, then what
    holds for the whole design. Where none of these differs, that is the cause.
    """
    touched = _touched(both, links)
    near = _near(both, np.maximum(found.session, found.called))
    result = np.full(len(configs), -1, np.int64)
    for place, number in enumerate(configs.tolist()):
        for column in (touched, found.session, found.called, near):
            if result[place] < 0:
                result[place] = column[number]
        if result[place] < 0:
            result[place] = _of_group(both, number, records, causes)
    return result


def _touched(both: Both, links: LinkCauses) -> I64:
    """Return the least cause of the links of every device, -1 where none of them changes."""
    none = np.iinfo(np.int64).max
    touched = np.full(len(both.stays), none, np.int64)
    for side, cause in ((both.before, links.old), (both.after, links.new)):
        rows = np.flatnonzero(cause >= 0)
        for ends in (side.a, side.z):
            np.minimum.at(touched, ends[rows] // side.stride, cause[rows])
    touched[touched == none] = -1
    return touched


def _near(both: Both, cause: I64) -> I64:
    """Return the cause for which a neighbour of every device is called otherwise, -1 for none."""
    side, near = both.after, np.full(len(both.stays), -1, np.int64)
    a, z = side.a // side.stride, side.z // side.stride
    np.maximum.at(near, a, cause[z])
    np.maximum.at(near, z, cause[a])
    return near


def _of_group(both: Both, number: int, records: tuple[RecordChange, ...], causes: Causes) -> int:
    group = both.after.plan.groups[int(both.after.group[number])]
    for kind in ("model", "ports", "given", "group"):
        if (found := causes.get((kind, group_key(group)))) >= 0:
            return found
    for key, place in causes.place.items():
        if key[0] in ("fabric", "segment") and len(key) > 1 and key[1] == group.fabric:
            return place
    for kind in _GLOBAL:
        for key, place in causes.place.items():
            if key[0] == kind:
                return place
    for each in records:
        if each.of in (shown(group), group.model) and each.section in ("Groups in detail", "Parts"):
            title = f"{each.of}: {each.what} {each.before} → {each.after}"
            return causes.add(("record", group_key(group)), title, group.source_ref)
    return causes.add(("unexplained", "configs"), "configurations of devices that nothing stated concerns")


def unexplained(
    causes: Causes, both: Both, configs: I64, config_cause: I64, files: tuple[str, ...], *, is_other: bool
) -> tuple[str, ...]:
    """Return what changes and no statement explains, with the devices where it is configurations.

    Args:
        causes: the causes that were found.
        both: the plans.
        configs: numbers of the devices whose configuration changes.
        config_cause: the cause of each.
        files: files of no single device that change.
        is_other: whether the plans differ at all, in causes or records.
    """
    found = []
    if files and not is_other:
        found.append(f"files that nothing stated concerns: {listed(files, 2000)}")
    for key, place in causes.place.items():
        if key[0] != "unexplained":
            continue
        title, names = causes.heads[place][1], both.after.plan.devices.name
        mine = [names[int(both.after.row[number])] for number in configs[config_cause == place].tolist()]
        found.append(f"{title}: {listed(mine, 2000)}" if mine and key[1] == "configs" else title)
    return tuple(found)
