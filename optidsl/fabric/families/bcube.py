"""BCubes: servers with a port on every level of switches, which forward for each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl._columns import distinct_rows
from optidsl._protocols import is_ethernet
from optidsl._record import record
from optidsl.fabric.box import Box, box_at, rates_of
from optidsl.fabric.edge import Edge, demand_of
from optidsl.fabric.families.bcube_network import BCube
from optidsl.fabric.families.contract import NODES, Built, Level, Plane, Run
from optidsl.fabric.links import Rows
from optidsl.fabric.order import cage_order
from optidsl.fabric.ports import switch_ports
from optidsl.fabric.rates import endpoint_rate, segment_rate
from optidsl.fabric.refusal import Refusal, allows, count_of, wish
from optidsl.fabric.sizing import models_of, protocol_refusal, refusal_of
from optidsl.fabric.tables import I64, FabricShape, Segment
from optidsl.sema.design import Connect, Design, Fabric, Tier


class Servers:
    """The family of BCubes."""

    port_scheme = (
        "Port i of a server, from 0, leads to tier i; server s is at port s / n^i mod n of its switch there, with n "
        "ports of a switch. Servers s and t share a switch of tier i where they differ in that digit only."
    )

    def build(self, design: Design, fabric: Fabric, planes: Sequence[Edge]) -> Built | Refusal:
        """Size and wire a BCube over the servers of its planes, or refuse it."""
        demand = demand_of(fabric, planes)
        refusal = demand if isinstance(demand, Refusal) else _relay_refusal(fabric) or _ports_refusal(fabric, planes)
        if refusal is not None:
            return refusal
        network = _sized(fabric, len(planes[0].device) // len(fabric.tiers))
        if isinstance(network, Refusal):
            return network
        levels: list[_Boxed] = []
        for tier, count in zip(fabric.tiers, network.counts, strict=True):
            level = _level(design, fabric, tier, network, count)
            if isinstance(level, Refusal):
                return level
            levels.append(level)
        return _rates_refusal(fabric, levels) or _built(fabric, network, levels, planes, self.port_scheme)


FAMILY = Servers()


@record(frozen=True, slots=True)
class _Boxed:
    """A level on a model, and what the author says of its links."""

    level: Level
    connect: Connect
    rate_mbps: int


# ------------------------------------------------------------------ sizes


def _relay_refusal(fabric: Fabric) -> Refusal | None:
    if is_ethernet(fabric.protocol):
        return None
    return Refusal(
        "protocol-not-offered",
        f"`{fabric.name}` is a bcube, whose servers forward packets for each other, and adapters of {fabric.protocol} "
        "do not",
        fabric.origin.span,
        helps=("set `protocol = ethernet`",),
    )


def _ports_refusal(fabric: Fabric, planes: Sequence[Edge]) -> Refusal | None:
    """Refuse servers with other than one port for each tier."""
    levels = len(fabric.tiers)
    for edge in planes:
        counts = distinct_rows(edge.device)[3]
        odd = counts[counts != levels]
        if odd.size:
            plane = " in each plane" if len(planes) > 1 else ""
            return Refusal(
                "ports-not-possible",
                f"a server of `{fabric.name}` needs one port for each of its {count_of(levels, 'tier')}, and one has "
                f"{count_of(int(odd[0]), 'port')}{plane}",
                fabric.endpoints[0].span,
                helps=(f"declare {count_of(int(odd[0]), 'tier')}, or give the server {count_of(levels, 'port')}",),
            )
    return None


def _sized(fabric: Fabric, servers: int) -> BCube | Refusal:
    """Return the BCube of so many servers: its switches as the author says, else as small as they can be."""
    levels = len(fabric.tiers)
    asked = {tier.down.value for tier in fabric.tiers if tier.down.value is not None}
    if len(asked) > 1:
        slot = next(tier.down for tier in fabric.tiers if tier.down.value == max(asked))
        return Refusal(
            "count-not-possible",
            f"all switches of `{fabric.name}` have as many ports to servers, and its tiers ask for "
            f"{' and '.join(str(each) for each in sorted(asked))}",
            slot.span or fabric.origin.span,
            helps=("give all tiers one `down`",),
        )
    size = next(iter(asked), 0)
    least = 2
    while least**levels < servers:
        least += 1
    if not size:
        works = (
            n for n in range(least, servers + 1) if servers % n ** (levels - 1) == 0 and servers > n ** (levels - 1)
        )
        size = servers if levels == 1 else next(works, 0)
    below = (size or least) ** (levels - 1)
    if size and servers <= size**levels and servers % below == 0 and (levels == 1 or servers > below):
        return BCube(size, levels, servers // below)
    return _size_refusal(fabric, size or least, levels, servers)


def _size_refusal(fabric: Fabric, size: int, levels: int, servers: int) -> Refusal:
    below = size ** (levels - 1)
    if servers > size**levels:
        name, what = "endpoints-exceeded", f"is {size**levels:,} servers at most: {servers - size**levels:,} too many"
        least = _root(servers, levels)
        helps: tuple[str, ...] = (f"declare another tier (and port of a server), or set `down = {least}`",)
    else:
        name, what = "endpoints-not-possible", f"is whole cubes of {below:,} servers, two at least"
        fewer = max(2, servers // below) * below
        more = min(size, max(2, -(-servers // below))) * below
        both = f"{fewer:,}" if fewer == more else f"{fewer:,} or {more:,}"
        helps = (f"{both} servers would work", "set another `down` in every tier")
    return Refusal(
        name,
        f"`{fabric.name}` has {servers:,} servers, and a bcube of {count_of(levels, 'tier')} of switches of {size} "
        f"ports {what}",
        fabric.endpoints[0].span,
        helps=helps,
    )


def _root(servers: int, levels: int) -> int:
    size = 2
    while size**levels < servers:
        size += 1
    return size


def _level(design: Design, fabric: Fabric, tier: Tier, network: BCube, count: int) -> _Boxed | Refusal:
    """Return the level of a tier, on the first model written that serves."""
    refused: list[tuple[str, Refusal]] = []
    connect = next(each for each in fabric.connects if each.z == tier.name)
    for model in models_of(design, fabric, tier):
        refusal = protocol_refusal(fabric, tier, model)
        rate = refusal or endpoint_rate(design, fabric, model)
        if not isinstance(rate, Refusal) and tier is not fabric.tiers[0]:
            rate = segment_rate(fabric, connect, rate, rates_of(model))
        at = connect.rate_mbps.span or tier.model.span or tier.origin.span
        box = rate if isinstance(rate, Refusal) else box_at(model, rate, 0, at, None, tier.seats)
        found = box if isinstance(box, Refusal) else _boxed(fabric, tier, box, network, count)
        if not isinstance(found, Refusal):
            return _Boxed(found, connect, found.order.box.down_mbps)
        refused.append((f"`{model.name}`", found))
    return refusal_of(fabric, refused)


def _boxed(fabric: Fabric, tier: Tier, box: Box, network: BCube, count: int) -> Level | Refusal:
    for slot, found, word in (
        (tier.count, count * fabric.planes, "count"),
        (tier.down, network.ports, "down"),
        (tier.up, 0, "up"),
    ):
        if not allows(slot, found):
            return Refusal(
                "count-not-possible",
                f"tier `{tier.name}` of `{fabric.name}` has `{word}` {found} by its servers and tiers, and asks for "
                f"{wish(slot)}",
                slot.span or tier.origin.span,
                f"{found} would work",
                helps=(f"set `{word} = {found}`, or leave it out",),
            )
    if not box.fits(network.ports, 0):
        return Refusal(
            "radix-exceeded",
            f"a switch of `{fabric.name}` needs {count_of(network.ports, 'port')} for servers, and a "
            f"`{box.model.name}` has {box.capacity}: {network.ports - box.capacity} too few",
            tier.model.span or tier.origin.span,
            helps=("declare another tier (and port of a server), or name a model with more ports",),
        )
    order = cage_order(box, network.ports, 0)
    ports = switch_ports(box, network.ports, 0, order.seats)
    return ports if isinstance(ports, Refusal) else Level(tier, box.model, count, ports, order)


def _rates_refusal(fabric: Fabric, levels: Sequence[_Boxed]) -> Refusal | None:
    odd = next((each for each in levels if each.rate_mbps != levels[0].rate_mbps), None)
    if odd is None:
        return None
    rates = " and ".join(f"{each.rate_mbps / 1000:g} Gbit/s" for each in (levels[0], odd))
    return Refusal(
        "peer-rates-differ",
        f"all ports of a server of `{fabric.name}` run at one rate, and its tiers ask for {rates}",
        odd.connect.rate_mbps.span or odd.connect.origin.span,
        helps=("give the links of all tiers one `rate`",),
    )


# ------------------------------------------------------------------ what is built


def _built(fabric: Fabric, network: BCube, levels: Sequence[_Boxed], planes: Sequence[Edge], port_scheme: str) -> Built:
    segments = [Segment(fabric.name, each.connect.a, each.connect.z, each.connect, each.rate_mbps) for each in levels]
    none = tuple(np.full(each.level.count, -1, np.int32) for each in levels)
    made = tuple(Plane(_runs(network, edge), none, none) for edge in planes)
    rate, n_planes = levels[0].rate_mbps, fabric.planes
    halves = network.halves()
    crossing = 0 if halves is None else halves * rate
    shape = FabricShape(
        fabric,
        n_planes,
        tuple(tier.name for tier in fabric.tiers),
        tuple(count * n_planes for count in network.counts),
        (network.ports,) * network.levels,
        (0,) * network.levels,
        1,
        0,
        network.links * n_planes,
        None if halves is None else crossing * n_planes,
        ((network.links * rate, 2 * crossing),) if crossing else (),
        network.diameter,
        port_scheme=port_scheme,
        disjoint_paths=network.disjoint_paths,
    )
    return Built(fabric, tuple(each.level for each in levels), tuple(segments), made, shape)


def _runs(network: BCube, edge: Edge) -> tuple[Run, ...]:
    """Join port i of every server to level i; servers are numbered in the order of the endpoints."""
    server, port = _seats(edge, network.levels)
    runs: list[Run] = []
    for level in range(network.levels):
        at = np.flatnonzero(port == level)
        rows = Rows(
            edge.device[at].astype(np.int64),
            edge.port[at].astype(np.int64),
            network.switch_of(level)[server[at]],
            network.port_of(level)[server[at]],
            edge.rail[at].astype(np.int64),
        )
        runs.append(Run(level, NODES, level, rows))
    return tuple(runs)


def _seats(edge: Edge, levels: int) -> tuple[I64, I64]:
    """Return the server of every port, by first appearance, and the port's number on it."""
    first, inverse = distinct_rows(edge.device)[1:3]
    number = np.empty(len(first), np.int64)
    number[np.argsort(first, kind="stable")] = np.arange(len(first))
    server: I64 = number[inverse]
    order = np.argsort(server, kind="stable")
    port = np.empty(len(server), np.int64)
    port[order] = np.arange(len(server)) % levels
    return server, port
