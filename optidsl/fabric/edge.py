"""The edge of a fabric: endpoint ports as columns, split over planes, and the leaf port each one takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct, distinct_rows
from optidsl._record import record, replace
from optidsl.diag import InternalError
from optidsl.fabric.demand import Demand
from optidsl.fabric.refusal import Refusal, count_of
from optidsl.fabric.tables import I32, I64
from optidsl.sema.design import Design, Endpoint, Fabric, NodeGroup

Mask = NDArray[np.bool_]


@record(frozen=True, slots=True)
class Edge:
    """Endpoint ports in the order of endpoints, node keys and ports, shape `(n_ports,)`.

    `device` is the row of the node in the device table, `port` the index in its port map; `rail` is -1 where the
    port has none; `index` counts the ports of one NIC role from 0. `term` is the row of `Fabric.endpoints`, `key` the
    key of the node: its number in order of the group, from 1, where keys are no positive numbers.
    """

    device: I32
    port: I32
    rail: I32
    index: I32
    term: I32
    key: I64

    def select(self, mask: Mask) -> Edge:
        """Return the ports under a mask, in order."""
        return Edge(*(getattr(self, name)[mask] for name in Edge.__slots__))


def node_firsts(nodes: Sequence[NodeGroup]) -> list[int]:
    """Return the device row of the first node of every group; nodes come before switches."""
    firsts, row = [], 0
    for group in nodes:
        firsts.append(row)
        row += node_count(group)
    return firsts


def node_count(group: NodeGroup) -> int:
    """Return the number of nodes of a group."""
    return 1 if group.keys is None else len(group.keys)


def edge_of(design: Design, fabric: Fabric) -> Edge:
    """Return the endpoint ports of a fabric."""
    firsts = node_firsts(design.nodes)
    parts = [
        _role_edge(design.nodes[each.node], each, firsts[each.node], term) for term, each in enumerate(fabric.endpoints)
    ]
    if not parts:
        none = np.zeros(0, np.int32)
        return Edge(none, none, none, none, none, np.zeros(0, np.int64))
    return Edge(*(np.concatenate([getattr(part, name) for part in parts]) for name in Edge.__slots__))


def _number_keys(group: NodeGroup) -> I64:
    """Return the keys of a group as positive numbers; its ranks from 1 where they are no such numbers."""
    keys = [key for key in group.keys or () if isinstance(key, int) and key > 0]
    count = node_count(group)
    return np.array(keys if len(keys) == count else range(1, count + 1), np.int64)


def _role_edge(group: NodeGroup, endpoint: Endpoint, first: int, term: int) -> Edge:
    role = endpoint.nic
    nic, offset = group.model.nic(role), 0
    for each in group.model.nics:
        if each.name == role:
            break
        offset += len(each.ports)
    if nic is None:
        raise InternalError(f"{group.model.name} has no NIC role {role}")
    count, n_ports = node_count(group), len(nic.ports)
    rails = np.array([-1 if port.rail is None else port.rail for port in nic.ports], np.int32)
    index = np.arange(n_ports, dtype=np.int32)
    edge = Edge(
        np.repeat(np.arange(first, first + count, dtype=np.int32), n_ports),
        np.tile(index + np.int32(offset), count),
        np.tile(rails, count),
        np.tile(index, count),
        np.full(count * n_ports, term, np.int32),
        np.repeat(_number_keys(group), n_ports),
    )
    return edge if endpoint.rails is None else edge.select(np.isin(edge.rail, endpoint.rails))


def split_planes(edge: Edge, planes: int, by: str = "rail") -> list[Edge]:
    """Split ports over planes by their rail (or, without one, their index), modulo the number of planes.

    By port, the ports of one rail of a node are dealt over the planes in turn.
    """
    if planes == 1:
        return [edge]
    order = np.where(edge.rail >= 0, turn_on_rail(edge) if by == "port" else edge.rail, edge.index)
    plane = order % planes
    return [edge.select(plane == each) for each in range(planes)]


def dealt(fabric: Fabric, edge: Edge) -> list[Edge] | Refusal:
    """Deal the endpoint ports of a fabric over its planes; of `rail_only`, each rail is one."""
    if fabric.kind != "rail_only":
        return split_planes(edge, fabric.planes, fabric.planes_by)
    loose = int((edge.rail < 0).sum())
    if loose:
        return Refusal(
            "rail-unknown",
            f"{count_of(loose, 'endpoint port')} of `{fabric.name}` {'has' if loose == 1 else 'have'} no rail, and in "
            "a fabric of kind rail_only every network serves one rail",
            fabric.endpoints[0].span,
            "ports without a rail",
            helps=("give the ports of the server model a `rail`, or connect them in another fabric",),
        )
    return [edge.select(edge.rail == rail) for rail in distinct(edge.rail)]


def turn_on_rail(edge: Edge) -> I64:
    """Return how many ports of the same node and rail stand before each port; of ports without a rail, their index."""
    n_rails = int(edge.rail.max(initial=-1)) + 1
    turn = occurrence(edge.device.astype(np.int64) * (n_rails + 1) + edge.rail)
    return np.where(edge.rail >= 0, turn, edge.index.astype(np.int64))


def homed(fabric: Fabric, edge: Edge) -> Edge | Refusal:
    """Return the edge with the place of each port among the leaves of its unit as its rail.

    The ports of a node on one rail are dealt over the `homes` of the fabric in turn, and so are all its ports where
    leaves have no rails.
    """
    homes = homes_of(fabric)
    if homes == 1:
        return edge
    turn = turn_on_rail(edge) if fabric.kind == "rail_optimized" else edge.index.astype(np.int64)
    rails = edge.rail if fabric.kind == "rail_optimized" else np.zeros_like(edge.rail)
    most = int(turn[rails >= 0].max(initial=-1)) + 1
    if 0 < most < homes:
        where = "on a rail" if fabric.kind == "rail_optimized" else "in the fabric"
        return Refusal(
            "homes-not-possible",
            f"a node of `{fabric.name}` has {count_of(most, 'port')} {where} at most"
            f"{' in a plane' if fabric.planes > 1 else ''}, and `homes = {homes}` deals them over {homes} leaves",
            fabric.parameters["homes"].span,
            helps=(
                "leave `homes` out, or take a server model with more ports" if most == 1 else f"set `homes = {most}`",
            ),
        )
    place = np.where(rails >= 0, rails.astype(np.int64) * homes + turn % homes, -1)
    return replace(edge, rail=place.astype(np.int32))


def demand_of(fabric: Fabric, planes: Sequence[Edge]) -> Demand | Refusal:
    """Return what each plane must carry: the most that any of them has."""
    empty = [plane for plane, edge in enumerate(planes) if len(edge.device) == 0]
    if empty:
        return _empty(fabric, planes, empty[0])
    if not is_seated_by_rail(fabric):
        return Demand(max(len(edge.device) for edge in planes))
    demands = [_railed_demand(edge) for edge in planes]
    rails = {demand.rails for demand in demands}
    if rails == {0} or 0 in rails:
        return Refusal(
            "rail-unknown",
            f"no endpoint port of `{fabric.name}` has a rail, and a rail-optimised fabric gives every rail its leaves",
            fabric.endpoints[0].span,
            "ports without a rail",
            helps=("give the ports of the server model a `rail`, or set `kind = clos`",),
        )
    if len(rails) > 1:
        return Refusal(
            "planes-uneven",
            f"the {sum(demand.rails for demand in demands)} rails of `{fabric.name}` do not divide evenly over "
            f"{len(planes)} planes",
            fabric.origin.span,
            helps=("set `planes` to a divisor of the number of rails",),
        )
    railed = max(demand.railed for demand in demands)
    return Demand(
        railed + max(demand.loose for demand in demands),
        rails.pop(),
        max(demand.nodes for demand in demands),
        railed,
        max(demand.width for demand in demands),
    )


def is_seated_by_rail(fabric: Fabric) -> bool:
    """Tell whether leaves form units, of a leaf for each rail or of several homes."""
    return fabric.kind == "rail_optimized" or homes_of(fabric) > 1


def homes_of(fabric: Fabric) -> int:
    """Return the leaves that the ports of a node on one rail are dealt over."""
    given = fabric.parameters.get("homes")
    return given.value if given is not None and isinstance(given.value, int) else 1


def _empty(fabric: Fabric, planes: Sequence[Edge], plane: int) -> Refusal:
    if len(planes) == 1:
        message = f"`{fabric.name}` has no endpoint ports: nothing to connect"
        return Refusal("no-endpoints", message, fabric.origin.span, helps=("name nodes and a NIC in `endpoints`",))
    return Refusal(
        "planes-uneven",
        f"plane {plane} of the {len(planes)} planes of `{fabric.name}` has no endpoint port",
        fabric.origin.span,
        helps=(f"use at most {count_of(plane, 'plane')}, or nodes with more ports",),
    )


def _railed_demand(edge: Edge) -> Demand:
    railed = edge.select(edge.rail >= 0)
    if len(railed.device) == 0:
        return Demand(len(edge.device))
    n_rails = int(railed.rail.max()) + 1
    ports_per_pair = distinct_rows(railed.device.astype(np.int64) * n_rails + railed.rail)[3]
    return Demand(
        len(edge.device),
        len(distinct(railed.rail)),
        len(distinct(railed.device)),
        len(railed.device),
        int(ports_per_pair.max()),
    )


def occurrence(keys: I64) -> I64:
    """Return how many equal keys stand before each position."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    result = np.empty(len(keys), np.int64)
    result[order] = np.arange(len(keys)) - np.repeat(starts, lengths)
    return result
