"""Trees of switches: Clos fabrics of one to three tiers, fat trees, stated trees, fabrics with leaves for rails."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl._columns import distinct
from optidsl.fabric.capacity import bisection_mbps, hops, oversubscription
from optidsl.fabric.demand import Sizes
from optidsl.fabric.edge import Edge, demand_of, homed, homes_of
from optidsl.fabric.families.contract import NODES, Built, Level, Plane, Run
from optidsl.fabric.keys import TreeKeys, retired_refusal, tree_keys
from optidsl.fabric.links import endpoint_rows, leaf_pods, leaf_rows, scheme_refusal, spine_rows
from optidsl.fabric.order import cage_order
from optidsl.fabric.ports import switch_ports
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.seating import Seats, seats
from optidsl.fabric.sizing import size_fabric
from optidsl.fabric.tables import I32, FabricShape, Segment
from optidsl.sema.design import Design, Fabric


class Tree:
    """Clos, fat tree, XGFT, rail-optimised, rail-only: they differ in how leaves are sized and seated."""

    port_scheme = (
        "Endpoints take the ports of a leaf from its first, by their keys; uplink i of a switch goes to switch "
        "i / parallel above it; a switch above has the switches below it on its ports by their keys. Side up begins at "
        "a new cage. With `uneven = 1` the uplinks of the switches below go to those above one after another. `scheme` "
        "orders them otherwise."
    )

    def build(self, design: Design, fabric: Fabric, planes: Sequence[Edge]) -> Built | Refusal:
        """Size and wire a tree over the endpoint ports of its planes, or refuse it."""
        wired: list[Edge] = []
        for edge in planes:
            found = homed(fabric, edge)
            if isinstance(found, Refusal):
                return found
            wired.append(found)
        demand = demand_of(fabric, wired)
        if isinstance(demand, Refusal):
            return demand
        sizes = size_fabric(design, fabric, demand)
        if isinstance(sizes, Refusal):
            return sizes
        refusal = scheme_refusal(sizes) or retired_refusal(sizes)
        if refusal is not None:
            return refusal
        keys = tree_keys(sizes)
        levels: list[Level] = []
        for i, (tier, box) in enumerate(zip(sizes.ask.tiers, sizes.ask.boxes, strict=True)):
            order = cage_order(box, keys.down[i], keys.up[i])
            ports = switch_ports(box, keys.down[i], keys.up[i], order.seats)
            if isinstance(ports, Refusal):
                return ports
            levels.append(Level(tier, box.model, sizes.counts[i], ports, order, keys.keys[i], keys.per_pod[i]))
        slots = np.array(keys.keys[0], np.int64) - 1
        seated = [(edge, seats(edge, demand, sizes.leaf, slots)) for edge in wired]
        return Built(
            fabric,
            tuple(levels),
            _segments(sizes),
            tuple(_plane(sizes, keys, edge, *seat) for edge, seat in zip(planes, seated, strict=True)),
            _shape(sizes, seated),
        )


FAMILY = Tree()


def _segments(sizes: Sizes) -> tuple[Segment, ...]:
    ask = sizes.ask
    connects = [ask.connect(level) for level in range(len(ask.tiers))]
    return tuple(Segment(ask.fabric.name, c.a, c.z, c, rate) for c, rate in zip(connects, ask.rates_mbps, strict=True))


def _plane(sizes: Sizes, keys: TreeKeys, edge: Edge, wired: Edge, seat: Seats) -> Plane:
    """Return a plane; `wired` is its edge with places among the leaves of a unit in place of rails."""
    fabric = sizes.ask.fabric
    runs = [Run(0, NODES, 0, endpoint_rows(edge, seat))]
    if len(sizes.counts) > 1:
        runs.append(Run(1, 0, 1, leaf_rows(sizes, keys)))
    if len(sizes.counts) > 2:
        runs.append(Run(2, 1, 2, spine_rows(sizes)))
    pods: list[I32] = [np.full(count, -1, np.int32) for count in sizes.counts]
    rails: list[I32] = [np.full(count, -1, np.int32) for count in sizes.counts]
    homes = None
    n_rails, leaf = sizes.ask.demand.rails, np.arange(sizes.counts[0])
    if n_rails:
        is_railed = wired.rail >= 0
        if fabric.kind == "rail_optimized":
            rails[0] = (distinct(wired.rail[is_railed])[leaf % n_rails] // homes_of(fabric)).astype(np.int32)
        pods[0] = (leaf // n_rails).astype(np.int32)
        homes = (edge.device[is_railed], (seat.leaf // n_rails)[is_railed])
    if len(sizes.counts) == 3:
        pods[0] = leaf_pods(sizes).astype(np.int32)
        pods[1] = (np.arange(sizes.counts[1]) // (sizes.counts[1] // sizes.pods)).astype(np.int32)
    if fabric.kind == "rail_only":
        rails = [np.full(count, edge.rail[0], np.int32) for count in sizes.counts]
    return Plane(tuple(runs), tuple(pods), tuple(rails), homes)


def _shape(sizes: Sizes, seated: Sequence[tuple[Edge, Seats]]) -> FabricShape:
    fabric = sizes.ask.fabric
    planes = [seat for _, seat in seated]
    return FabricShape(
        fabric,
        fabric.planes,
        tuple(tier.name for tier in sizes.ask.tiers),
        tuple(count * fabric.planes for count in sizes.counts),
        sizes.down,
        sizes.up,
        sizes.pods,
        sizes.leaf.units,
        sum(len(edge.device) for edge, _ in seated),
        bisection_mbps(sizes, planes),
        oversubscription(sizes, planes),
        hops(sizes),
        parameters=_parameters(fabric),
    )


def _parameters(fabric: Fabric) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
    """Return what the author stated of the tree's own parameters."""
    return tuple((name, each.value) for name, each in fabric.parameters.items() if not isinstance(each.value, str))
