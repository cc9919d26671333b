"""The part of a plan that stands in a phase: the same ports, cables, names and numbers, of fewer things."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from optidsl._record import fields, replace
from optidsl.plan.feeds import standing_feeds
from optidsl.plan.losses import class_plant_mdb
from optidsl.plan.model import I32, Plan, PlanClass, PlanDevices, PlanFabric, PlanGroup, PlanLinks
from optidsl.plan.part_bom import part_bom
from optidsl.plan.phases import phase_of_links
from optidsl.plan.scale_up_model import PlanScaleUp

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]
Columns = TypeVar("Columns", PlanDevices, PlanLinks)


def standing_part(plan: Plan, phase: int) -> Plan:
    """Return what stands in a phase, as a plan of its own.

    Groups and classes of which nothing stands are gone; places, ports, names and numbers are those of the whole. What
    is reckoned on the whole network only is named in `header.left_out`.

    Args:
        plan: the plan of the last phase.
        phase: its place among the phases, from 0.
    """
    if plan.devices.phase is None or plan.growth is None:
        return plan
    is_there = plan.devices.phase <= phase
    kept = phase_of_links(plan.devices, plan.links) <= phase
    group_row, groups = _groups(plan.groups, plan.devices.group, is_there)
    class_row, classes = _classes(plan, kept, group_row)
    new_row = (np.cumsum(is_there) - 1).astype(np.int32)
    devices = replace(_rows(plan.devices, is_there), group=group_row[plan.devices.group[is_there]])
    links = _rows(plan.links, kept)
    assembly = links.assembly
    links = replace(
        links,
        link_class=class_row[links.link_class],
        a_device=new_row[links.a_device],
        z_device=new_row[links.z_device],
        assembly=None if assembly is None else np.unique(assembly, return_inverse=True)[1].astype(np.int32),
    )
    own = plan.growth[phase]
    scale_up, broken = _scale_up(plan, is_there, group_row)
    checks = tuple(
        each.model_copy(update={"link_class": int(class_row[each.link_class]) if each.link_class >= 0 else -1})
        for each in plan.checks
        if each.name != "feed-power" and (each.link_class < 0 or class_row[each.link_class] >= 0)
    )
    whole = replace(
        plan,
        header=plan.header.model_copy(
            update={
                "phase": own.name,
                "params": {**plan.header.params, **own.params},
                "left_out": _left_out(plan, classes, broken),
            }
        ),
        groups=groups,
        classes=classes,
        checks=checks,
        requirements=(),
        devices=devices,
        links=links,
        growth=plan.growth[: phase + 1],
        scale_up=scale_up,
        tests=(),
    )
    fed = standing_feeds(whole)
    whole = replace(whole, feeds=fed.feeds, checks=(*whole.checks, *fed.checks))
    whole = replace(whole, fabrics=tuple(_fabric(whole, each) for each in plan.fabrics))
    bom, spares = part_bom(plan, whole)
    return replace(whole, bom=bom, spares=spares)


def _rows(table: Columns, mask: Mask) -> Columns:
    columns: dict[str, object] = {}
    for each in fields(table):
        column = getattr(table, each.name)
        if isinstance(column, tuple):
            columns[each.name] = tuple(np.array(column, dtype=object)[mask].tolist())
        elif column is not None:
            columns[each.name] = column[mask]
    return replace(table, **columns)  # type: ignore[arg-type]


def _groups(groups: Sequence[PlanGroup], group: I32, is_there: Mask) -> tuple[I32, tuple[PlanGroup, ...]]:
    """Return the new row of each group (-1: gone) and the groups that are left."""
    counts = np.bincount(group[is_there], minlength=len(groups))
    rows = np.where(counts > 0, np.cumsum(counts > 0) - 1, -1).astype(np.int32)
    left: list[PlanGroup] = []
    first = 0
    for each, count in zip(groups, counts.tolist(), strict=True):
        if count:
            left.append(each.model_copy(update={"first": first, "count": count}))
            first += count
    return rows, tuple(left)


def _classes(plan: Plan, kept: Mask, group_row: I32) -> tuple[I32, tuple[PlanClass, ...]]:
    """Return the new row of each class (-1: gone) and the classes that are left, with the longest link that stands."""
    counts = np.bincount(plan.links.link_class[kept], minlength=len(plan.classes))
    rows = np.where(counts > 0, np.cumsum(counts > 0) - 1, -1).astype(np.int32)
    needed, _ = _longest(plan, plan.links.required_mm, kept)
    ordered, ordered_in_all = _longest(plan, plan.links.ordered_mm, kept)
    left: list[PlanClass] = []
    for row in np.flatnonzero(counts).tolist():
        each = plan.classes[row]
        changes = {
            "a_group": int(group_row[each.a_group]),
            "z_group": int(group_row[each.z_group]),
            "longest_mm": needed[row],
            "loss_mdb": _loss(plan, each, ordered_in_all[row], ordered[row]),
        }
        left.append(each.model_copy(update=changes))
    return rows, tuple(left)


def _longest(plan: Plan, column: I64, kept: Mask) -> tuple[list[int], list[int]]:
    """Return the greatest length of each class's links that stand, and of all of them, in mm; -1: not known."""
    found = []
    for rows in (kept, np.ones(len(kept), dtype=np.bool_)):
        longest = np.full(len(plan.classes), -1, dtype=np.int64)
        np.maximum.at(longest, plan.links.link_class[rows], column[rows])
        found.append(longest.tolist())
    return found[0], found[1]


def _loss(plan: Plan, link_class: PlanClass, whole_mm: int, part_mm: int) -> int | None:
    """Return the worst loss of the longest cable that stands, in 0.001 dB."""
    if link_class.loss_mdb is None or part_mm < 0 or whole_mm == part_mm:
        return link_class.loss_mdb
    whole, part = (class_plant_mdb(plan, link_class, length) for length in (whole_mm, part_mm))
    return None if whole is None or part is None else link_class.loss_mdb - whole + part


def _scale_up(plan: Plan, is_there: Mask, group_row: I32) -> tuple[tuple[PlanScaleUp, ...], list[str]]:
    """Return the scale-up networks with the domains that stand, and those of which a domain stands in part."""
    found: list[PlanScaleUp] = []
    broken: list[str] = []
    for each in plan.scale_up:
        group = plan.groups[each.group]
        domains = is_there[group.first : group.first + group.count].reshape(each.domains, each.per_domain)
        whole = domains.all(axis=1)
        if not np.array_equal(whole, domains.any(axis=1)):
            broken.append(f"scale-up {each.name} (a domain of {each.per_domain} servers stands in part)")
        elif whole.any():
            row = int(group_row[each.group])
            found.append(each.model_copy(update={"group": row, "domains": int(whole.sum())}))
    return tuple(found), broken


def _left_out(plan: Plan, classes: Sequence[PlanClass], broken: list[str]) -> tuple[str, ...]:
    """Return what is reckoned on the whole network only."""
    longest = {each.name: each.longest_mm for each in plan.classes}
    names = ["tests"] * bool(plan.tests)
    names += ["latencies"] * any(fabric.latency_ps is not None for fabric in plan.fabrics)
    if any(each.longest_mm != longest[each.name] for each in classes):
        names.append("margins of shorter links (the checks are those of the whole network)")
    judged = {each.text for each in (plan.growth or ())[-1].requirements}
    measured = [each.text for each in plan.requirements if not each.is_soft and each.text not in judged]
    return (*names, *broken, *(f"{text} (judged of the whole network)" for text in measured))


def _fabric(part: Plan, fabric: PlanFabric) -> PlanFabric:
    """Return the shape of what stands of a tree."""
    groups, links = part.groups, part.links
    own = [at for at, group in enumerate(groups) if group.fabric == fabric.name and group.kind == "switch"]
    counts = tuple(sum(groups[at].count for at in own if groups[at].tier == tier) for tier in fabric.tiers)
    mine = np.isin(links.segment, [at for at, each in enumerate(part.segments) if each.fabric == fabric.name])
    level = np.array([group.level for group in groups], dtype=np.int64)[part.devices.group]
    at_leaf = mine & (np.minimum(level[links.a_device], level[links.z_device]) == 0)
    leaves = np.isin(part.devices.group, [at for at in own if groups[at].level == 1])
    pods = {int(pod) for pod in part.devices.pod[leaves].tolist()}
    n_pods = len(pods) if fabric.pods > 1 else fabric.pods
    flows = _flows(part, np.flatnonzero(mine), level, len(fabric.tiers))
    bisection = None if fabric.bisection_mbps is None else _bisection(part, fabric, flows, counts, n_pods)
    crossed = 0 if len(counts) == 1 or counts[0] <= 1 else 2 if n_pods > 1 else 1
    changes: dict[str, object] = {
        "counts": counts,
        "pods": n_pods,
        "endpoints": int(np.count_nonzero(at_leaf)),
        "bisection_mbps": bisection,
        "oversubscription": tuple(_tapering(part, flows, tier) for tier in range(len(fabric.oversubscription))),
        "hops": 1 + 2 * min(crossed, len(counts) - 1),
        "latency_ps": None,
        "cable_latency_ps": None,
    }
    return fabric.model_copy(update=changes)


Flow = tuple[I64, I64, I64, I64]
"""Links that rise from one level: lower and upper device, Mbit/s, plane; shape `(n_links,)` each."""


def _flows(part: Plan, rows: I64, level: I64, n_tiers: int) -> list[Flow]:
    """Return the links of a fabric by the level that they rise from: 0 from nodes, 1 from leaves, …"""
    links = part.links
    a, z = links.a_device[rows].astype(np.int64), links.z_device[rows].astype(np.int64)
    low, high = np.where(level[a] <= level[z], a, z), np.where(level[a] <= level[z], z, a)
    rates = np.array([each.rate_mbps for each in part.segments], dtype=np.int64)[links.segment[rows]]
    planes = np.array([group.plane for group in part.groups], dtype=np.int64)[part.devices.group[high]]
    found = []
    for tier in range(n_tiers):
        at = level[low] == tier
        found.append((low[at], high[at], rates[at], planes[at]))
    return found


def _bisection(part: Plan, fabric: PlanFabric, flows: list[Flow], counts: tuple[int, ...], n_pods: int) -> int:
    """Return the sum over planes of half the narrowest tier that a path across the fabric climbs, in Mbit/s."""
    crossed = 0 if len(counts) == 1 or counts[0] <= 1 else min(2 if n_pods > 1 else 1, len(counts) - 1)
    total = 0
    for plane in np.unique(flows[0][3]).tolist():
        total += min(int(rates[planes == plane].sum()) for _, _, rates, planes in flows[: crossed + 1])
    return total // 2


def _tapering(part: Plan, flows: list[Flow], tier: int) -> tuple[int, int]:
    """Return `(down, up)` in Mbit/s of the fullest switch of a tier: that with the worst ratio."""
    n = len(part.devices.group)
    down, up = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    np.add.at(down, flows[tier][1], flows[tier][2])
    if tier + 1 < len(flows):
        np.add.at(up, flows[tier + 1][0], flows[tier + 1][2])
    pairs = {(int(down[row]), int(up[row])) for row in np.flatnonzero(up).tolist()}
    return max(pairs, key=lambda pair: (Fraction(*pair), pair), default=(0, 1))
