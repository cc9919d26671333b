"""Tori of cubes of chips over optical circuit switches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl._columns import distinct_rows
from optidsl.catalog.parts import ServerModel
from optidsl.fabric.box import Box, box_at
from optidsl.fabric.demand import connect_below
from optidsl.fabric.edge import Edge, demand_of
from optidsl.fabric.families.contract import NODES, Built, Level, Plane, Run
from optidsl.fabric.families.ocs_network import Cubes
from optidsl.fabric.families.ocs_slices import slices_of
from optidsl.fabric.links import Rows
from optidsl.fabric.order import cage_order
from optidsl.fabric.ports import switch_ports
from optidsl.fabric.rates import endpoint_rate
from optidsl.fabric.refusal import Refusal, allows, count_of, wish
from optidsl.fabric.sizing import models_of, protocol_refusal, refusal_of
from optidsl.fabric.tables import I64, FabricShape, Segment, SliceShape
from optidsl.sema.design import Design, Fabric


class OpticalTorus:
    """The family of tori over optical circuit switches."""

    port_scheme = (
        "The ports of a cube, in their order: of axis x those of the face towards +x, then those of the face towards "
        "-x, then of y, of z. Every position of a face has its switch: port k of it is the + face of cube k, port "
        "cubes + k the - face."
    )

    def build(self, design: Design, fabric: Fabric, planes: Sequence[Edge]) -> Built | Refusal:
        """Size and wire the switches over the cubes, and make the circuits of the slices, or refuse it."""
        demand = demand_of(fabric, planes)
        if isinstance(demand, Refusal):
            return demand
        network = _network(design, fabric, planes)
        if isinstance(network, Refusal):
            return network
        slices = slices_of(fabric, network)
        if isinstance(slices, Refusal):
            return slices
        refused: list[tuple[str, Refusal]] = []
        for model in models_of(design, fabric, fabric.tiers[0]):
            refusal = protocol_refusal(fabric, fabric.tiers[0], model)
            rate = refusal or endpoint_rate(design, fabric, model)
            at = fabric.tiers[0].model.span or fabric.tiers[0].origin.span
            box = rate if isinstance(rate, Refusal) else box_at(model, rate, 0, at, None, fabric.tiers[0].seats)
            level = box if isinstance(box, Refusal) else _level(fabric, box, network)
            if not isinstance(level, Refusal):
                return _built(fabric, network, slices, level, planes, self.port_scheme)
            refused.append((f"`{model.name}`", level))
        return refusal_of(fabric, refused)


FAMILY = OpticalTorus()


def _network(design: Design, fabric: Fabric, planes: Sequence[Edge]) -> Cubes | Refusal:
    """Return the cubes of a plane: all of one shape, with a port for every position of every face."""
    if len(planes) > 1:
        return Refusal(
            "cube-not-possible",
            f"`{fabric.name}` asks for {len(planes)} planes, and the faces of a cube are one network",
            fabric.origin.span,
            helps=("leave `planes` out",),
        )
    models: dict[str, ServerModel] = {}
    for endpoint in fabric.endpoints:
        models.setdefault(design.nodes[endpoint.node].model.name, design.nodes[endpoint.node].model)
    model = next(iter(models.values()))
    own = model.scale_up
    if len(models) > 1 or own is None or own.kind != "mesh":
        names = " and ".join(f"`{name}`" for name in models)
        what = "are of several models" if len(models) > 1 else "has no mesh of chips inside"
        return Refusal(
            "cube-not-possible",
            f"`{fabric.name}` joins cubes of one shape, and {names} {what}",
            fabric.endpoints[0].span,
            helps=("state `scale_up NAME { kind = mesh, dims = [4, 4, 4] }` in the server model",),
        )
    counts = [distinct_rows(edge.device)[3] for edge in planes]
    network = Cubes(len(counts[0]), own.dims)
    odd = next((int(each) for count in counts for each in count.tolist() if each != network.ends), None)
    if odd is None:
        return network
    shape = " x ".join(str(edge) for edge in own.dims)
    return Refusal(
        "cube-not-possible",
        f"a cube of {shape} has {count_of(network.ends, 'link')} on its faces, and a `{model.name}` has "
        f"{count_of(odd, 'port')} in `{fabric.name}`",
        fabric.endpoints[0].span,
        helps=(f"give the NIC {network.ends} ports, or state other `dims` of the `scale_up`",),
    )


def _level(fabric: Fabric, box: Box, network: Cubes) -> Level | Refusal:
    tier, count = fabric.tiers[0], network.switches * fabric.planes
    for slot, found, word in ((tier.count, count, "count"), (tier.down, network.ports, "down"), (tier.up, 0, "up")):
        if not allows(slot, found):
            return Refusal(
                "count-not-possible",
                f"tier `{tier.name}` of `{fabric.name}` has `{word}` {found} by its cubes, and asks for {wish(slot)}",
                slot.span or tier.origin.span,
                f"{found} would work",
                helps=(f"set `{word} = {found}`, or leave it out",),
            )
    if not box.fits(network.ports, 0):
        return Refusal(
            "radix-exceeded",
            f"a switch of `{fabric.name}` needs 2 ports for each of {count_of(network.cubes, 'cube')}, and a "
            f"`{box.model.name}` has {box.capacity}: {network.ports - box.capacity} too few",
            tier.model.span or tier.origin.span,
            helps=(f"join at most {box.capacity // 2} cubes, or name a model with more ports",),
        )
    order = cage_order(box, network.ports, 0)
    ports = switch_ports(box, network.ports, 0, order.seats)
    return ports if isinstance(ports, Refusal) else Level(tier, box.model, network.switches, ports, order)


def _built(
    fabric: Fabric,
    network: Cubes,
    slices: tuple[SliceShape, ...],
    level: Level,
    planes: Sequence[Edge],
    port_scheme: str,
) -> Built:
    connect = connect_below(fabric, 0)
    rate, n_planes = level.order.box.down_mbps, fabric.planes
    none = (np.full(level.count, -1, np.int32),)
    shape = FabricShape(
        fabric,
        n_planes,
        (fabric.tiers[0].name,),
        (level.count * n_planes,),
        (network.ports,),
        (0,),
        1,
        0,
        network.cubes * network.ends * n_planes,
        None,
        (),
        1 + _longest(network, slices),
        port_scheme=port_scheme,
        parameters=(("cubes", network.cubes), ("cube", network.edges)),
        slices=slices,
    )
    made = tuple(Plane((_run(network, edge),), none, none) for edge in planes)
    return Built(fabric, (level,), (Segment(fabric.name, connect.a, connect.z, connect, rate),), made, shape)


def _longest(network: Cubes, slices: Sequence[SliceShape]) -> int:
    """Return the links between the farthest chips of a slice, or of a cube that is in none."""
    paths = [sum(dim // 2 for dim in each.dims) for each in slices]
    if sum(len(each.cubes) for each in slices) < network.cubes:
        paths.append(sum(edge - 1 for edge in network.edges))
    return max(paths)


def _run(network: Cubes, edge: Edge) -> Run:
    """Join the ports of every cube; cubes are numbered in the order of the endpoints."""
    first, inverse = distinct_rows(edge.device)[1:3]
    number = np.empty(len(first), np.int64)
    number[np.argsort(first, kind="stable")] = np.arange(len(first))
    order: I64 = np.argsort(number[inverse], kind="stable").astype(np.int64)  # cube after cube, ports in order
    ties = network.links()
    rows = Rows(
        edge.device[order].astype(np.int64),
        edge.port[order].astype(np.int64),
        ties.z,
        ties.z_port,
        edge.rail[order].astype(np.int64),
    )
    return Run(0, NODES, 0, rows)
