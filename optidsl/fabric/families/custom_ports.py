"""Ports that stated links name: the cages that they claim for links, and the place of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from optidsl._record import replace
from optidsl.fabric.banks import UP
from optidsl.fabric.box import Box
from optidsl.fabric.families.network import NetworkAsk
from optidsl.fabric.order import cage_order, port_lookup
from optidsl.fabric.ports import switch_ports, up_start
from optidsl.fabric.refusal import Refusal, count_of
from optidsl.schema.nearest import did_you_mean
from optidsl.sema.design import CageSeats, Fabric, StatedLinks


def link_refusal(message: str, stated: StatedLinks, helps: tuple[str, ...]) -> Refusal:
    """Return a refusal told at a statement."""
    return Refusal("link-not-possible", message, stated.span, helps=helps)


def box_for_links(fabric: Fabric, box: Box) -> Box | Refusal:
    """Return the box with the cages for links whose ports are named, unless the author seats the cages himself.

    They follow in their order; where a switch has more links than those cages have ports, the last cages come next.
    """
    named = [(name, each) for each in fabric.links for name in (*each.a_ports, *each.z_ports)]
    if not named or box.pins is not None or not box.per_up:
        return box
    ports = switch_ports(box, 0, box.cages * box.per_up, [(UP, cage) for cage in range(box.cages)])
    if isinstance(ports, Refusal):
        return ports
    cage_of = dict(zip(ports.name, ports.cage.tolist(), strict=True))
    for name, stated in named:
        if name not in cage_of:
            message = f"`{box.model.name}` has no port `{name}`{did_you_mean(name, list(cage_of))}"
            return link_refusal(message, stated, (f"its ports are {ports.name[0]} to {ports.name[-1]}",))
    cages = sorted({cage_of[name] for name, _ in named})
    spare = [cage for cage in range(box.cages - 1, -1, -1) if cage not in cages]
    more = -(-most_links(fabric.links)[1] // box.per_up) - len(cages)
    return replace(box, pins=CageSeats((), (*cages, *spare[: max(more, 0)]), named[0][1].span))


def most_links(links: Sequence[StatedLinks]) -> tuple[int, int]:
    """Return the switch that has the most links, from 1, and how many."""
    counts: Counter[int] = Counter()
    for each in links:
        is_set = set(each.a) == set(each.z)
        for near, far in ((each.a, each.z),) if is_set else ((each.a, each.z), (each.z, each.a)):
            for switch in near:
                counts[switch] += (len(far) - is_set) * each.parallel
    return max(counts.items(), key=lambda count: (count[1], -count[0]), default=(1, 0))


def places_by_name(ask: NetworkAsk, down: int) -> dict[str, int] | Refusal:
    """Return the place among the ports for links of every such port, by its name; empty where no link names one."""
    box = ask.box
    stated = next((each for each in ask.fabric.links if each.a_ports or each.z_ports), None)
    if stated is None:
        return {}
    most = box.cages if box.pins is None or not box.pins.up else len(box.pins.up)
    up = next((cages * box.per_up for cages in range(most, 0, -1) if ask.fits(down, (cages * box.per_up,))), 0)
    if not up or (ask.tier.seats is None and up < most * box.per_up):
        cages = f"{count_of(most, 'cage')} for links, and {count_of(down, 'endpoint port')}"
        message = f"a `{box.model.name}` of `{ask.fabric.name}` has no room for {cages}"
        return link_refusal(message, stated, ("name ports of fewer cages, or set a lower `down`",))
    order = cage_order(box, down, up)
    ports = switch_ports(box, down, up, order.seats)
    if isinstance(ports, Refusal):
        return ports
    start = up_start(box, down)
    lookup = port_lookup(order, ports)
    return {ports.name[int(lookup[start + place])]: place for place in range(up)}
