"""Optical circuits: every patch joins opposite faces of the cubes that are neighbours in their torus, at one position.

Source: Jouppi et al., TPU v4: An Optically Reconfigurable Supercomputer for Machine Learning with Hardware Support for
Embeddings (ISCA 2023), section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanFabric
from optidsl.plan.slice_model import PlanPatch, PlanSlice
from optidsl.plan.verify.peers import mismatch
from optidsl.plan.verify.view import I64, View

_AXES = ("x", "y", "z", "w", "v", "u")
_CUBE, _AXIS, _SIDE, _POSITION = range(4)


def ocs_findings(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """Check which face is at which port, and where every circuit leads."""
    edges = fabric.parameters.get("cube")
    if not isinstance(edges, tuple) or not edges:
        return [mismatch(fabric, "it does not state the shape of its cubes")]
    if not any(group.fabric == fabric.name for group in view.plan.groups):
        return [mismatch(fabric, "it has no switches")]
    messages = [*_faults(view, fabric, edges), *_light(view, fabric)]
    return [mismatch(fabric, message) for message in messages[:3]]


def _faults(view: View, fabric: PlanFabric, edges: tuple[int, ...]) -> Iterator[str]:
    plan = view.plan
    faces = _faces(view, fabric, edges)
    if faces is None:
        yield f"a cube has other than the {2 * sum(prod(edges) // edge for edge in edges)} links of its faces"
        return
    used = faces[:, :, _CUBE] >= 0
    place = np.where(used, faces[:, :, _AXIS] * prod(edges) + faces[:, :, _POSITION], -1)
    mixed = np.flatnonzero((used & (place != place.max(axis=1, keepdims=True))).any(axis=1))
    group = next(g for g in plan.groups if g.fabric == fabric.name)
    if mixed.size:
        name = plan.devices.name[group.first + int(mixed[0])]
        yield f"{name} has links of several positions of faces, and each has its own switch"
        return
    after = _after(view, fabric, edges)
    for patch in plan.patches:
        if patch.fabric == fabric.name:
            yield from _patch_faults(view, patch, faces, after)
    used_cubes = sum(len(each.cubes) for each in plan.slices if each.fabric == fabric.name)
    paths = [sum(dim // 2 for dim in each.dims) for each in plan.slices if each.fabric == fabric.name]
    paths += [sum(edge - 1 for edge in edges)] if used_cubes < after.shape[1] or not paths else []
    if fabric.hops != 1 + max(paths):
        yield f"its longest path passes {1 + max(paths)} chips, its shape says {fabric.hops}"
    made = sum(patch.count * len(patch.plus) for patch in plan.patches if patch.fabric == fabric.name)
    needed = sum(prod(edges) // edge * int((after[axis] >= 0).sum()) for axis, edge in enumerate(edges))
    if made != needed:
        yield f"its patches make {made} circuits, its slices need {needed}"


def _light(view: View, fabric: PlanFabric) -> Iterator[str]:
    """Reckon again what a circuit loses: two cables of the worst class, and the switch between them."""
    plan = view.plan
    if not any(each.fabric == fabric.name for each in plan.slices):
        return
    group = next(g for g in plan.groups if g.fabric == fabric.name)
    rows = [row for row, each in enumerate(plan.classes) if plan.segments[each.segment].fabric == fabric.name]
    stated = next((c for c in plan.checks if c.name == "circuit-loss" and c.link_class in rows), None)
    if stated is None:
        yield "nothing in the plan says what its circuits lose"
        return
    fact = plan.parts[group.model].facts.get("insertion_loss_mdb")
    inside = fact.value if fact is not None and fact.confidence != "unverified" else None
    losses, budgets = [plan.classes[row].loss_mdb for row in rows], [plan.classes[row].budget_mdb for row in rows]
    known = [each for each in losses if each is not None], [each for each in budgets if each is not None]
    left = None
    if isinstance(inside, int) and len(known[0]) == len(known[1]) == len(rows):
        left = min(known[1]) - 2 * max(known[0]) - inside
    if stated.margin != left or (stated.verdict == "holds") != (left is not None and left >= 0):
        words = "not known" if left is None else f"{left / 1000:g} dB"
        yield f"what circuits have left of the budget is {words}, and the plan records that it {stated.verdict}"


def _faces(view: View, fabric: PlanFabric, edges: tuple[int, ...]) -> I64 | None:
    """Return cube, axis, side and position at every port of every switch, shape `(switches, ports, 4)`, -1 for none.

    Cubes are numbered in the order of their first links, the links of a cube in the order of its ports. None where a
    cube has another number of links than its faces.
    """
    plan = view.plan
    group = next(g for g in plan.groups if g.fabric == fabric.name)
    is_mine = np.array([s.fabric == fabric.name for s in plan.segments], dtype=bool)
    rows = np.flatnonzero(is_mine[plan.links.segment])
    device, port = plan.links.a_device[rows].astype(np.int64), plan.links.a_port[rows].astype(np.int64)
    _, first, inverse, counts = np.unique(device, return_index=True, return_inverse=True, return_counts=True)
    meaning = np.array(
        [
            (axis, side, position)
            for axis, edge in enumerate(edges)
            for side in (0, 1)
            for position in range(prod(edges) // edge)
        ],
        dtype=np.int64,
    )
    if (counts != len(meaning)).any():
        return None
    order = np.lexsort((port, device))
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = np.arange(len(rows)) % len(meaning)
    found = np.full((group.count, len(group.ports.name), 4), -1, dtype=np.int64)
    switch, at = plan.links.z_device[rows] - group.first, plan.links.z_port[rows]
    found[switch, at, _CUBE] = np.argsort(np.argsort(first))[inverse]
    found[switch, at, _AXIS:] = meaning[rank]
    return found


def _after(view: View, fabric: PlanFabric, edges: tuple[int, ...]) -> I64:
    """Return the cube that the + face of every cube meets, by axis, shape `(axes, cubes)`; -1 outside slices."""
    cubes = fabric.parameters.get("cubes")
    found = np.full((len(edges), cubes if isinstance(cubes, int) else 0), -1, dtype=np.int64)
    for each in view.plan.slices:
        if each.fabric == fabric.name:
            grid = _grid(each, edges)
            for axis in range(len(edges)):
                found[axis, grid.ravel()] = np.roll(grid, -1, axis=axis).ravel()
    return found


def _grid(each: PlanSlice, edges: tuple[int, ...]) -> I64:
    """Return the cubes of a slice at their coordinates."""
    size = [dim // edge for dim, edge in zip(each.dims, edges, strict=True)]
    return np.array(each.cubes, dtype=np.int64).reshape(size, order="F")


def _patch_faults(view: View, patch: PlanPatch, faces: I64, after: I64) -> Iterator[str]:
    names, group = view.plan.devices.name, view.plan.groups[patch.group]
    ports = np.array([*patch.plus, *patch.minus], dtype=np.int64)
    if len(np.unique(ports)) != len(ports):
        twice = int(np.flatnonzero(np.bincount(ports) > 1)[0])
        yield f"the patch of axis {patch.axis} uses port {twice} twice"
        return
    rows = slice(patch.first, patch.first + patch.count)
    plus, minus = faces[rows][:, list(patch.plus)], faces[rows][:, list(patch.minus)]
    axis = _AXES.index(patch.axis)
    opposite = (plus[..., _SIDE] == 0) & (minus[..., _SIDE] == 1) & (plus[..., _AXIS] == axis)
    meets = opposite & (plus[..., [_AXIS, _POSITION]] == minus[..., [_AXIS, _POSITION]]).all(axis=-1)
    bad = np.argwhere(~meets)
    if bad.size:
        switch, at = bad[0].tolist()
        name = names[group.first + patch.first + switch]
        yield f"{name} joins faces that do not meet, at ports {patch.plus[at]} and {patch.minus[at]}"
        return
    bad = np.argwhere(after[axis][plus[..., _CUBE]] != minus[..., _CUBE])
    if bad.size:
        switch, at = bad[0].tolist()
        one, other = int(plus[switch, at, _CUBE]) + 1, int(minus[switch, at, _CUBE]) + 1
        name = names[group.first + patch.first + switch]
        yield f"{name} joins cubes {one} and {other}, no neighbours on axis {patch.axis}"
