"""The one-way latency between two devices of a plan: the slowest of the shortest paths, term by term."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.plan.latency import Network, Term, box_term, correction_terms, plug_terms, sum_lines
from optidsl.plan.latency import cable_term as cable_of
from optidsl.plan.model import Plan

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class _Graph:
    """Every link in both directions, shape `(2 * n_links,)`: from, to, and the row of the link."""

    near: I64
    far: I64
    link: I64


def pair_lines(plan: Plan, a: str, z: str) -> list[str] | None:
    """Return the latency from one device to another as lines of text; None when one of them is not there."""
    if a not in plan.devices.name or z not in plan.devices.name:
        return None
    start, end = plan.devices.name.index(a), plan.devices.name.index(z)
    path = _slowest(plan, start, end)
    if path is None:
        return [f"latency {a} -> {z}: no path leads there"]
    rows, devices = path
    network = Network(plan.parts, plan.groups, plan.segments, plan.classes, plan.links)
    names = " -> ".join(plan.devices.name[device] for device in devices)
    return [f"latency {a} -> {z}, one way over {names}", *sum_lines(_terms(plan, network, rows, devices))]


def _terms(plan: Plan, network: Network, rows: list[int], devices: list[int]) -> list[Term]:
    links, groups = plan.links, plan.devices.group
    terms: list[Term] = []
    for at, device in enumerate(devices):
        link = rows[min(at, len(rows) - 1)]
        terms.append(box_term(plan.groups[int(groups[device])], plan.classes[int(links.link_class[link])], network))
        if at < len(rows):
            each = plan.classes[int(links.link_class[link])]
            terms.append(cable_of(each, int(links.ordered_mm[link]), 1, network))
            terms += plug_terms(each, 1, network)
            terms += correction_terms(each, 1, network)
    return terms


def _slowest(plan: Plan, start: int, end: int) -> tuple[list[int], list[int]] | None:
    """Return links and devices of the path with the fewest links, among those the one with most metres of cable."""
    links = plan.links
    rows = np.arange(len(links.segment), dtype=np.int64)
    graph = _Graph(
        np.concatenate((links.a_device, links.z_device)).astype(np.int64),
        np.concatenate((links.z_device, links.a_device)).astype(np.int64),
        np.concatenate((rows, rows)),
    )
    metres = np.maximum(links.ordered_mm[graph.link], 0)
    distance = np.full(len(plan.devices.name), -1, dtype=np.int64)
    longest = np.zeros(len(distance), dtype=np.int64)
    came = np.full(len(distance), -1, dtype=np.int64)
    distance[start], level = 0, 0
    while distance[end] < 0:
        edges = np.flatnonzero((distance[graph.near] == level) & (distance[graph.far] < 0))
        if not edges.size:
            return None
        total = longest[graph.near[edges]] + metres[edges]
        order = np.lexsort((edges, -total))[::-1]  # the last write wins: most metres, then the first link
        came[graph.far[edges[order]]] = edges[order]
        longest[graph.far[edges[order]]] = total[order]
        level += 1
        distance[graph.far[edges]] = level
    found, devices, at = [], [end], end
    while at != start:
        edge = int(came[at])
        found.append(int(graph.link[edge]))
        at = int(graph.near[edge])
        devices.append(at)
    return found[::-1], devices[::-1]
