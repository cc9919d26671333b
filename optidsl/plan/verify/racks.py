"""Racks: no two devices in one rack unit, none above the top, none beyond the watts."""

from __future__ import annotations

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.verify.plugs import plugs_by_class
from optidsl.plan.verify.view import I64, View, finding, number, watts


def rack_findings(view: View) -> list[Diagnostic]:
    """Check every rack of the plan."""
    return _heights(view) + _overlaps(view) + _tops(view) + _power(view)


def _heights(view: View) -> list[Diagnostic]:
    findings = []
    for group in view.plan.groups:
        units = number(view.part(group.model), "units") or 0
        rows = view.plan.devices.height[group.first : group.first + group.count]
        odd = np.flatnonzero(rows != units)
        if units and odd.size:
            name = view.plan.devices.name[group.first + int(odd[0])]
            message = f"{name} takes {int(rows[odd[0]])} RU in the plan, a {group.model} is {units} RU high"
            findings.append(finding("rack-units-overlap", message, f"declared at {group.source_ref}"))
    return findings


def _seated(view: View) -> I64:
    """Return the devices with a rack, a unit and a height, by rack and unit."""
    devices = view.plan.devices
    rows = np.flatnonzero((devices.rack >= 0) & (devices.unit > 0) & (devices.height > 0))
    return rows[np.lexsort((devices.unit[rows], devices.rack[rows]))]


def _overlaps(view: View) -> list[Diagnostic]:
    devices, rows = view.plan.devices, _seated(view)
    rack, low = devices.rack[rows], devices.unit[rows].astype(np.int64)
    top = low + devices.height[rows] - 1
    bad = np.flatnonzero((np.diff(rack) == 0) & (low[1:] <= top[:-1])) if rows.size else np.zeros(0, dtype=np.intp)
    if not bad.size:
        return []
    one, other = int(rows[bad[0]]), int(rows[bad[0] + 1])
    place = view.plan.racks[int(devices.rack[one])]
    spans = [f"RU {int(devices.unit[d])}..{int(devices.unit[d]) + int(devices.height[d]) - 1}" for d in (one, other)]
    more = f" ({bad.size - 1} more overlaps)" if bad.size > 1 else ""
    both = f"{devices.name[one]} ({spans[0]}) and {devices.name[other]} ({spans[1]})"
    message = f"{both} share rack units of {place.name}{more}"
    return [finding("rack-units-overlap", message, f"declared at {place.source_ref}")]


def _tops(view: View) -> list[Diagnostic]:
    devices, rows = view.plan.devices, _seated(view)
    units = np.array([rack.units for rack in view.plan.racks] or [0], dtype=np.int64)[devices.rack[rows]]
    top = devices.unit[rows].astype(np.int64) + devices.height[rows] - 1
    bad = np.flatnonzero(top > units)
    if not bad.size:
        return []
    device = int(rows[bad[0]])
    rack = view.plan.racks[int(devices.rack[device])]
    message = f"{devices.name[device]} reaches RU {int(top[bad[0]])} of rack {rack.name}, which has {rack.units} RU"
    return [finding("rack-height-exceeded", message, f"declared at {rack.source_ref}")]


def _power(view: View) -> list[Diagnostic]:
    """Sum boxes and what sits in their cages, per rack; a rack with an unknown figure is judged by its known part."""
    devices, racks = view.plan.devices, view.plan.racks
    load = np.zeros(len(racks) + 1, dtype=np.int64)
    rack = np.where(devices.rack < 0, len(racks), devices.rack)
    for group in view.plan.groups:
        power = number(view.part(group.model), "power_max_mw") or 0
        load += power * np.bincount(rack[group.first : group.first + group.count], minlength=len(racks) + 1)
    cages, power_of = _plugged(view)
    np.add.at(load, rack[cages // view.stride], power_of)
    hot = [row for row, each in enumerate(racks) if each.power_cap_mw is not None and load[row] > each.power_cap_mw]
    if not hot:
        return []
    worst = max(hot, key=lambda row: int(load[row]) - (racks[row].power_cap_mw or 0))
    cap = racks[worst].power_cap_mw or 0
    over = watts(int(load[worst]) - cap)
    more = f" ({len(hot)} racks exceed theirs)" if len(hot) > 1 else ""
    message = f"rack {racks[worst].name} draws {watts(int(load[worst]))}, its limit is {watts(cap)}: {over} over{more}"
    return [finding("rack-power", message, f"declared at {racks[worst].source_ref}")]


def _plugged(view: View) -> tuple[I64, I64]:
    """Return the cages in use, once each, and the watts of what is in them in mW (0 where unknown)."""
    ids, powers = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for _, plugs in plugs_by_class(view):
        for plug in plugs:
            cages = plug.ends.cage_id[plug.rows]
            ids.append(cages)
            powers.append(np.full(len(cages), plug.power_mw or 0, dtype=np.int64))
    cages, first = np.unique(np.concatenate(ids), return_index=True)
    return cages, np.concatenate(powers)[first]
