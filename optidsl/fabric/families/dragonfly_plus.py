"""Dragonfly+: groups of leaves and spines; endpoints at the leaves, links between groups at the spines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from optidsl._record import record, replace
from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.box import Box, box_at, rates_of
from optidsl.fabric.demand import connect_below
from optidsl.fabric.edge import Edge, demand_of
from optidsl.fabric.families.contract import NODES, Built, Level, Plane, Run
from optidsl.fabric.families.network import Ties
from optidsl.fabric.families.plus_network import DragonflyPlus
from optidsl.fabric.families.plus_sizes import PlusAsk, size_of
from optidsl.fabric.links import Rows
from optidsl.fabric.order import cage_order
from optidsl.fabric.ports import switch_ports, up_start
from optidsl.fabric.rates import link_rates, segment_rate
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.sizing import models_of, protocol_refusal, refusal_of
from optidsl.fabric.tables import I32, I64, DimensionShape, FabricShape, Segment
from optidsl.sema.design import Connect, Design, Fabric

GLOBAL = "global"


@record(frozen=True, slots=True)
class _Fit:
    """A network on two models; `rates_mbps` are those of endpoint links, uplinks and global links."""

    ask: PlusAsk
    network: DragonflyPlus
    rates_mbps: tuple[int, int, int]


class Plus:
    """The family of dragonfly+ networks."""

    port_scheme = (
        "A leaf has its endpoints, then its spines in their order; a spine its leaves in their order, then other "
        "groups. Global link t of a group leads t mod (groups - 1) + 1 groups further on, and the links are dealt over "
        "the spines in equal runs. Each side begins at a new cage."
    )

    def build(self, design: Design, fabric: Fabric, planes: Sequence[Edge]) -> Built | Refusal:
        """Size and wire the network over the endpoint ports of its planes, or refuse it."""
        demand = demand_of(fabric, planes)
        if isinstance(demand, Refusal):
            return demand
        fits: list[_Fit] = []
        refused: list[tuple[str, Refusal]] = []
        for models in product(*(models_of(design, fabric, tier) for tier in fabric.tiers)):
            fit = _fit(design, fabric, models, demand.ports)
            if isinstance(fit, Refusal):
                refused.append((" and ".join(f"`{model.name}`" for model in models), fit))
            else:
                fits.append(fit)
        if not fits:
            return refusal_of(fabric, refused)
        best = min(fits, key=lambda fit: (sum(fit.network.counts), fit.network.uplinks + fit.network.global_links))
        return _built(best, planes, self.port_scheme)


FAMILY = Plus()


def _fit(design: Design, fabric: Fabric, models: Sequence[SwitchModel], ports: int) -> _Fit | Refusal:
    for tier, model in zip(fabric.tiers, models, strict=True):
        refusal = protocol_refusal(fabric, tier, model)
        if refusal is not None:
            return refusal
    rates = link_rates(design, fabric, models)
    if isinstance(rates, Refusal):
        return rates
    between = segment_rate(fabric, _global_connect(fabric), rates[-1], rates_of(models[-1]))
    if isinstance(between, Refusal):
        return between
    boxes: list[Box] = []
    connects = (connect_below(fabric, 0), connect_below(fabric, 1), _global_connect(fabric))
    for level, (down, up) in enumerate(((rates[0], rates[1]), (rates[1], between))):
        tier = fabric.tiers[level]
        at = tier.model.span or tier.origin.span
        spans = [each.rate_mbps.span or at for each in connects[level : level + 2]]
        box = box_at(models[level], down, up, spans[0], spans[1], tier.seats)
        if isinstance(box, Refusal):
            return box
        boxes.append(box)
    ask = PlusAsk(fabric, (boxes[0], boxes[1]), connects[1], ports)
    network = size_of(ask)
    return network if isinstance(network, Refusal) else _Fit(ask, network, (rates[0], rates[1], between))


def _global_connect(fabric: Fabric) -> Connect:
    return next(each for each in fabric.connects if each.dimension == GLOBAL)


def _built(fit: _Fit, planes: Sequence[Edge], port_scheme: str) -> Built | Refusal:
    fabric, network, boxes = fit.ask.fabric, fit.network, fit.ask.boxes
    sides = ((network.down, network.leaf_up), (network.spine_down, network.global_ports if network.groups > 1 else 0))
    levels: list[Level] = []
    for tier, box, count, (down, up) in zip(fabric.tiers, boxes, network.counts, sides, strict=True):
        order = cage_order(box, down, up)
        ports = switch_ports(box, down, up, order.seats)
        if isinstance(ports, Refusal):
            return ports
        levels.append(Level(tier, box.model, count, ports, order))
    below, between = connect_below(fabric, 0), _global_connect(fabric)
    segments = [
        Segment(fabric.name, below.a, below.z, below, fit.rates_mbps[0]),
        Segment(fabric.name, fit.ask.uplink.a, fit.ask.uplink.z, fit.ask.uplink, fit.rates_mbps[1]),
    ]
    first_up = [up_start(box, down) for box, (down, _) in zip(boxes, sides, strict=True)]
    runs = [Run(1, 0, 1, _rows(network.uplink_ties(), first_up[0], 0))]
    if network.groups > 1:
        segments.append(Segment(fabric.name, between.a, between.z, between, fit.rates_mbps[2], GLOBAL))
        runs.append(Run(2, 1, 1, _rows(network.global_ties(), first_up[1], first_up[1])))
    pods = (network.group_of(network.leaves), network.group_of(network.spines))
    rails: tuple[I32, ...] = tuple(np.full(count, -1, np.int32) for count in network.counts)
    made = tuple(Plane((_endpoints(edge, network.down), *runs), pods, rails) for edge in planes)
    shape = replace(_shape(fit, planes), port_scheme=port_scheme)
    return Built(fabric, tuple(levels), tuple(segments), made, shape)


def _endpoints(edge: Edge, down: int) -> Run:
    """Seat endpoint ports leaf after leaf."""
    order: I64 = np.arange(len(edge.device), dtype=np.int64)
    ports = edge.port.astype(np.int64)
    rows = Rows(edge.device.astype(np.int64), ports, order // down, order % down, edge.rail.astype(np.int64))
    return Run(0, NODES, 0, rows)


def _rows(ties: Ties, a_first: int, z_first: int) -> Rows:
    none = np.full(len(ties.a), -1, np.int64)
    return Rows(ties.a, ties.a_port + a_first, ties.z, ties.z_port + z_first, none)


def _shape(fit: _Fit, planes: Sequence[Edge]) -> FabricShape:
    fabric, network = fit.ask.fabric, fit.network
    bisection, ratio = _bisection(fit, planes)
    between = DimensionShape(GLOBAL, fabric.tiers[1].name, network.global_ports, network.global_links * fabric.planes)
    return FabricShape(
        fabric,
        fabric.planes,
        tuple(tier.name for tier in fabric.tiers),
        tuple(count * fabric.planes for count in network.counts),
        (network.down, network.spine_down),
        (network.leaf_up, 0),
        network.groups,
        0,
        sum(len(edge.device) for edge in planes),
        bisection,
        ratio,
        1 + network.diameter,
        (between,) if network.groups > 1 else (),
        disjoint_paths=network.disjoint_paths,
        parameters=network.parameters,
    )


def _bisection(fit: _Fit, planes: Sequence[Edge]) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Return the bandwidth across the worst even cut known, and `(endpoints', twice that)`, Mbit/s, all planes."""
    injected = [len(edge.device) * fit.rates_mbps[0] for edge in planes]
    cuts = [up * fit.rates_mbps[1] + between * fit.rates_mbps[2] for up, between in fit.network.cuts()]
    if not cuts:
        return sum(injected) // 2, ()
    least = min(cuts)
    return sum(min(each // 2, least) for each in injected), ((sum(injected), 2 * least * len(injected)),)
