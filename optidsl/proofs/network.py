"""A fabric as a graph: switches, the links between them, and the endpoints that each one serves, as columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.plan.model import Plan, PlanFabric

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

_RELAYING = frozenset({"bcube"})
"""Kinds in which servers pass on what is not for them, so that they are vertices too."""

_PATCHED = frozenset({"ocs_torus"})
"""Kinds whose switches join two ports by a circuit: what they connect is not a graph of switches."""


@record(frozen=True, slots=True)
class Network:
    """A fabric of a plan. Vertices are its switches, and its servers where these relay.

    `rows`, `level`, `plane`, `pod` have shape `(n_vertices,)`: row in the device columns, tier from 1 (servers 0), and
    so on. `a`, `z`, `mbps`, `link`, `segment` have shape `(n_edges,)`: vertices of a link, `a` nearer the endpoints,
    its rate, its row in the link columns, its segment. `seat`, `node`, `seat_mbps`, `seat_link` have shape
    `(n_endpoints,)`: the vertex of an endpoint port, the row of its server, its rate, the row of its link (-1: none).
    """

    plan: Plan
    fabric: PlanFabric
    rows: I64
    level: I64
    plane: I64
    pod: I64
    a: I64
    z: I64
    mbps: I64
    link: I64
    segment: I64
    seat: I64
    node: I64
    seat_mbps: I64
    seat_link: I64

    @property
    def is_patched(self) -> bool:
        """Tell whether its switches only patch circuits, so that their graph says nothing of paths."""
        return self.fabric.kind in _PATCHED

    @property
    def size(self) -> int:
        """Return how many vertices there are."""
        return len(self.rows)

    def name(self, vertex: int) -> str:
        """Return the device name of a vertex."""
        return self.plan.devices.name[int(self.rows[vertex])]


@record(frozen=True, slots=True)
class Failure:
    """What has failed: masks over the devices, shape `(n_devices,)`, and the links, `(n_links + 1,)`, of a plan.

    The last entry of `links` is False: it stands for endpoints without a link of their own.
    """

    devices: Mask
    links: Mask


def no_failure(plan: Plan) -> Failure:
    """Return a failure of nothing."""
    return Failure(np.zeros(len(plan.devices.group), dtype=bool), np.zeros(len(plan.links.segment) + 1, dtype=bool))


def joined(failures: list[Failure]) -> Failure:
    """Return what fails when several things fail together."""
    return Failure(
        np.logical_or.reduce([each.devices for each in failures]),
        np.logical_or.reduce([each.links for each in failures]),
    )


def network_of(plan: Plan, fabric: PlanFabric) -> Network:
    """Return a fabric of a plan as a graph."""
    links, segments, groups = plan.links, plan.segments, plan.groups
    is_mine = np.array([segment.fabric == fabric.name for segment in segments] or [False])
    is_edge = np.array([segment.a == "endpoints" for segment in segments] or [False])
    relays = fabric.kind in _RELAYING
    mine = np.flatnonzero(is_mine[links.segment]) if len(links.segment) else np.zeros(0, np.int64)
    on_edge = mine[is_edge[links.segment[mine]]]
    inner = mine if relays else mine[~is_edge[links.segment[mine]]]
    own = np.array([group.kind == "switch" and group.fabric == fabric.name for group in groups], dtype=bool)
    is_vertex = own[plan.devices.group]
    if relays:
        is_vertex[links.a_device[on_edge]] = True
    rows = np.flatnonzero(is_vertex)
    vertex = np.full(len(is_vertex), -1, dtype=np.int64)
    vertex[rows] = np.arange(len(rows))
    level = np.array([group.level for group in groups], dtype=np.int64)[plan.devices.group[rows]]
    plane = np.array([max(group.plane, 0) for group in groups], dtype=np.int64)[plan.devices.group[rows]]
    rate = np.array([segment.rate_mbps for segment in segments] or [0], dtype=np.int64)
    return Network(
        plan,
        fabric,
        rows.astype(np.int64),
        level,
        plane,
        plan.devices.pod[rows].astype(np.int64),
        vertex[links.a_device[inner]],
        vertex[links.z_device[inner]],
        rate[links.segment[inner]],
        inner.astype(np.int64),
        links.segment[inner].astype(np.int64),
        vertex[(links.a_device if relays else links.z_device)[on_edge]],
        links.a_device[on_edge].astype(np.int64),
        rate[links.segment[on_edge]],
        np.full(len(on_edge), -1, dtype=np.int64) if relays else on_edge.astype(np.int64),
    )


@record(frozen=True, slots=True)
class Survivors:
    """What is left of a network: masks over its vertices, edges and endpoints."""

    vertices: Mask
    edges: Mask
    seats: Mask


def survivors_of(network: Network, failure: Failure) -> Survivors:
    """Return what a failure leaves; a device takes its links with it."""
    vertices = ~failure.devices[network.rows]
    edges = ~failure.links[network.link] & vertices[network.a] & vertices[network.z]
    seats = ~failure.links[network.seat_link] & vertices[network.seat] & ~failure.devices[network.node]
    return Survivors(vertices, edges, seats)
