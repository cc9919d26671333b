"""Which devices of the last phase's plan stand in an earlier phase."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optidsl._context import Context
from optidsl._record import record
from optidsl.diag import Label
from optidsl.plan.model import I32, PlanDevices, PlanGroup, PlanLinks
from optidsl.sema.design import Design, NodeGroup
from optidsl.sema.growth import Phase

_SHOWN = 3


@record(frozen=True, slots=True)
class Nodes:
    """The nodes of a phase: keys and model of each group by its name."""

    phase: Phase
    groups: dict[str, tuple[frozenset[str], str]]


def nodes_of(phase: Phase, design: Design) -> Nodes:
    """Return the nodes that stand in a phase, of the design with the phase's params."""
    return Nodes(phase, {group.name: (_keys(group), group.model.name) for group in design.nodes})


def _keys(group: NodeGroup) -> frozenset[str]:
    return frozenset({""} if group.keys is None else map(str, group.keys))


def report_shrinking(phases: Sequence[Nodes], context: Context) -> bool:
    """Report what stands in a phase and is gone, or another box, in the next; tell whether there is any."""
    is_broken = False
    for before, after in pairwise(phases):
        gone: list[str] = []
        for name, (keys, model) in before.groups.items():
            left, other = after.groups.get(name, (frozenset(), model))
            if other != model:
                gone.append(f"{name} as {model}")
            else:
                gone += [f"{name}[{key}]" if key else name for key in sorted(keys - left, key=_by_number)]
        if not gone:
            continue
        is_broken = True
        more = f" and {len(gone) - _SHOWN:,} more" if len(gone) > _SHOWN else ""
        context.sink.error(
            "growth-shrinks",
            f"phase `{after.phase.name}` has no {', '.join(gone[:_SHOWN])}{more}, which stands since phase "
            f"`{before.phase.name}`",
            after.phase.span,
            "a phase only adds",
            secondary=(Label(before.phase.span, "stands from here on"),),
            helps=("give this phase at least what the one before it has, or set their days in the other order",),
        )
    return is_broken


def _by_number(key: str) -> tuple[int, int, str]:
    return (0, int(key), "") if key.isdecimal() else (1, 0, key)


def phase_of_devices(
    phases: Sequence[Nodes], groups: Sequence[PlanGroup], devices: PlanDevices, links: PlanLinks
) -> I32:
    """Return the first phase (by its place, from 0) in which each device stands, shape `(n_devices,)`.

    A node stands when its phase has it. A switch stands when a node that stands has a link to it, or a switch below it
    that stands has: a leaf comes with all its uplinks. What nothing needs comes last.

    Args:
        phases: the nodes of every phase, in the order in which they are built.
        groups: the plan's groups.
        devices: the plan's devices.
        links: the plan's links.
    """
    last = len(phases) - 1
    found: NDArray[np.int64] = np.full(len(devices.group), last, dtype=np.int64)
    for group in groups:
        if group.kind == "node":
            for row in range(group.first, group.first + group.count):
                found[row] = _first_with(phases, group.name, devices.key[row], last)
    level = np.array([group.level for group in groups], dtype=np.int64)[devices.group]
    is_up = level[links.a_device] <= level[links.z_device]
    low = np.where(is_up, links.a_device, links.z_device)
    high = np.where(is_up, links.z_device, links.a_device)
    rises = level[low] < level[high]
    for height in np.unique(level[high[rises]]).tolist():
        rows = np.flatnonzero(rises & (level[high] == height))
        np.minimum.at(found, high[rows], found[low[rows]])
    return found.astype(np.int32)


def _first_with(phases: Sequence[Nodes], name: str, key: str, last: int) -> int:
    return next((at for at, each in enumerate(phases) if key in each.groups.get(name, (frozenset(), ""))[0]), last)
