"""Direct networks: one tier of switches, joined to each other; how a `Network` becomes a fabric."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from optidsl._record import record, replace
from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.box import box_at, rates_of
from optidsl.fabric.demand import connect_below
from optidsl.fabric.edge import Edge, demand_of
from optidsl.fabric.families.contract import NODES, Built, Level, Plane, Run
from optidsl.fabric.families.custom_ports import box_for_links
from optidsl.fabric.families.network import Network, NetworkAsk, Ties, peer_places
from optidsl.fabric.families.smaller import smaller_that_fits
from optidsl.fabric.links import Rows
from optidsl.fabric.order import cage_order
from optidsl.fabric.ports import switch_ports, up_start
from optidsl.fabric.rates import endpoint_rate, segment_rate
from optidsl.fabric.refusal import Refusal, allows, count_of, wish, words
from optidsl.fabric.sizing import models_of, protocol_refusal, refusal_of
from optidsl.fabric.tables import I32, I64, DimensionShape, FabricShape, Segment
from optidsl.sema.design import Connect, Design, Fabric
from optidsl.sema.slot import Slot

MOST_SWITCHES = 1_000_000
"""Switches of a fabric at most, the bound of `tier.count`."""

Make = Callable[[NetworkAsk], Network | Refusal]


@record(frozen=True, slots=True)
class _Fit:
    """A network on a model: the ports kept for other switches, and where those of each dimension begin."""

    ask: NetworkAsk
    network: Network
    up: int
    starts: tuple[int, ...]


class Direct:
    """A family of direct networks: `make` gives the network of an ask."""

    def __init__(self, make: Make, port_scheme: str) -> None:
        self.make = make
        self.port_scheme = port_scheme

    def build(self, design: Design, fabric: Fabric, planes: Sequence[Edge]) -> Built | Refusal:
        """Size and wire the network over the endpoint ports of its planes, or refuse it."""
        demand = demand_of(fabric, planes)
        if isinstance(demand, Refusal):
            return demand
        fits: list[_Fit] = []
        refused: list[tuple[str, Refusal]] = []
        for model in models_of(design, fabric, fabric.tiers[0]):
            fit = self._fit(design, fabric, model, demand.ports)
            if isinstance(fit, Refusal):
                refused.append((f"`{model.name}`", fit))
            else:
                fits.append(fit)
        if not fits:
            return refusal_of(fabric, refused)
        best = min(fits, key=lambda fit: (fit.network.switches, fit.network.down + fit.up))
        return _built(best, planes, self.port_scheme)

    def _fit(self, design: Design, fabric: Fabric, model: SwitchModel, ports: int) -> _Fit | Refusal:
        ask = _ask(design, fabric, model, ports)
        if isinstance(ask, Refusal):
            return ask
        network = self.make(ask)
        if isinstance(network, Refusal):
            return network
        refusal = (
            _size_refusal(ask, network)
            or _idle_refusal(ask, network)
            or _capacity_refusal(ask, network)
            or _count_refusal(ask, network)
        )
        if refusal is not None:
            return refusal
        places = peer_places(ask.box, network.down, [each.ports for each in network.dimensions])
        return _radix_refusal(ask, network, self.make) if places is None else _Fit(ask, network, *places)


def _ask(design: Design, fabric: Fabric, model: SwitchModel, ports: int) -> NetworkAsk | Refusal:
    """Return what a network on one model is built from; all links between switches have one rate."""
    tier = fabric.tiers[0]
    refusal = protocol_refusal(fabric, tier, model)
    if refusal is not None:
        return refusal
    rate = endpoint_rate(design, fabric, model)
    if isinstance(rate, Refusal):
        return rate
    connects = tuple(connect for connect in fabric.connects if connect.a == connect.z)
    rates: list[int] = []
    for connect in connects:
        found = segment_rate(fabric, connect, rate, rates_of(model))
        if isinstance(found, Refusal):
            return found
        rates.append(found)
    if len(set(rates)) > 1:
        return _rates_refusal(fabric, connects, rates)
    peer = rates[0] if rates else 0
    spans = [each.span or tier.model.span or tier.origin.span for each in _rate_slots(fabric, connects)]
    box = box_at(model, rate, peer, spans[0], spans[-1], tier.seats)
    if not isinstance(box, Refusal) and fabric.links:
        box = box_for_links(fabric, box)
    return box if isinstance(box, Refusal) else NetworkAsk(fabric, tier, box, connects, ports)


def _rate_slots(fabric: Fabric, connects: Sequence[Connect]) -> list[Slot[int]]:
    return [each.rate_mbps for each in (connect_below(fabric, 0), *connects[:1])]


def _rates_refusal(fabric: Fabric, connects: Sequence[Connect], rates: Sequence[int]) -> Refusal:
    odd = next(at for at, rate in enumerate(rates) if rate != rates[0])
    return Refusal(
        "peer-rates-differ",
        f"links between switches of `{fabric.name}` have one rate, and `{connects[0].dimension}` asks for "
        f"{rates[0] / 1000:g} Gbit/s, `{connects[odd].dimension}` for {rates[odd] / 1000:g} Gbit/s",
        connects[odd].rate_mbps.span or connects[odd].origin.span,
        helps=("give all of them one `rate`; `parallel` makes one of them wider",),
    )


def _idle_refusal(ask: NetworkAsk, network: Network) -> Refusal | None:
    """Refuse what is written of links that the parameters leave no room for; a lone switch has none of any kind."""
    names = {each.name for each in network.dimensions}
    if not names:
        return None
    used = {connect.origin.span for connect in ask.connects if connect.dimension in names}
    for connect in ask.connects:
        span = connect.origin.span
        if connect.dimension not in names and span not in used and span != ask.fabric.origin.span:
            return Refusal(
                "link-not-possible",
                f"this `connect` is about the `{connect.dimension}` links of `{ask.fabric.name}`, and by its "
                "parameters it has none",
                span,
                helps=("take it out, or change the parameters",),
            )
    return None


def _size_refusal(ask: NetworkAsk, network: Network) -> Refusal | None:
    total = network.switches * ask.fabric.planes
    if total <= MOST_SWITCHES:
        return None
    return ask.refuse(
        "count-not-possible",
        f"`{ask.fabric.name}` has {total:,} switches by its parameters, and a fabric has {MOST_SWITCHES:,} at most",
        "dims",
        ("make the network smaller",),
    )


def _capacity_refusal(ask: NetworkAsk, network: Network) -> Refusal | None:
    room = network.switches * network.down
    if room >= ask.ports:
        return None
    least = -(-ask.ports // network.switches)
    return Refusal(
        "endpoints-exceeded",
        f"`{ask.fabric.name}` has {count_of(ask.ports, 'endpoint port')}{_a_plane(ask)}, and its "
        f"{count_of(network.switches, 'switch', 'switches')} of {network.down} take {room:,}: {ask.ports - room:,} "
        "too many",
        ask.tier.down.span or ask.fabric.origin.span,
        helps=(f"set `down = {least}` in tier `{ask.tier.name}`, or make the network larger",),
    )


def _count_refusal(ask: NetworkAsk, network: Network) -> Refusal | None:
    tier, total = ask.tier, network.switches * ask.fabric.planes
    if not allows(tier.count, total):
        return Refusal(
            "count-not-possible",
            f"`{ask.fabric.name}` has {count_of(total, 'switch', 'switches')} by its parameters, and tier "
            f"`{tier.name}` asks for {wish(tier.count)}",
            tier.count.span or tier.origin.span,
            f"{total} would work",
            helps=(f"set `count = {total}`, or leave it out: it follows from the parameters",),
        )
    peers = sum(each.ports for each in network.dimensions)
    for slot, found, what in ((tier.down, network.down, "down"), (tier.up, peers, "up")):
        if not allows(slot, found):
            return Refusal(
                "count-not-possible",
                f"a switch of `{ask.fabric.name}` has {count_of(found, 'port')} {_side(what)}, and tier `{tier.name}` "
                f"asks for {wish(slot)}",
                slot.span or tier.origin.span,
                f"{found} would work",
                helps=(f"leave `{what}` out: it follows from the parameters",),
            )
    return None


def _side(word: str) -> str:
    return "for endpoints" if word == "down" else "to other switches"


def _radix_refusal(ask: NetworkAsk, network: Network, make: Make) -> Refusal:
    box = ask.box
    sides = [f"{network.down} for endpoints", *(f"{each.ports} {each.name}" for each in network.dimensions)]
    total = network.down + sum(each.ports for each in network.dimensions)
    cages = box.cages_for(network.down, total - network.down)
    has = f"{box.model.name}` has {count_of(box.cages, 'cage')} of {_per_cage(box.per_down, box.per_up)}"
    return Refusal(
        "radix-exceeded",
        f"a switch of `{ask.fabric.name}` needs {count_of(total, 'port')} ({words(sides, 'and')}), {cages} cages, and "
        f"a `{has}: {count_of(max(cages - box.cages, 1), 'cage')} too few",
        ask.tier.model.span or ask.tier.origin.span,
        notes=_seat_notes(ask),
        helps=(_room_help(ask, network, make),),
    )


def _seat_notes(ask: NetworkAsk) -> tuple[str, ...]:
    if not ask.tier.seats:
        return ()
    return (f"`seat` of tier `{ask.tier.name}` says which of the cages serve which side",)


def _room_help(ask: NetworkAsk, network: Network, make: Make) -> str:
    """Say how many endpoints a switch has room for beside its links to others, or which smaller network fits."""
    peers = [each.ports for each in network.dimensions]
    room = next((down for down in range(network.down - 1, 0, -1) if ask.fits(down, peers)), 0)
    if room:
        return f"set `down = {room}` in tier `{ask.tier.name}`, or name a model with more ports"
    smaller = smaller_that_fits(ask, make)
    cure = f"set `{smaller}`, or name a model with more ports" if smaller else "make the network smaller"
    return f"its {count_of(sum(peers), 'port')} to other switches leave none: {cure}"


def _per_cage(down: int, up: int) -> str:
    if down == up:
        return count_of(down, "port")
    return f"{count_of(down, 'endpoint port')} or {count_of(up, 'other port')}"


def _a_plane(ask: NetworkAsk) -> str:
    return " a plane" if ask.fabric.planes > 1 else ""


# ------------------------------------------------------------------ what is built


def _built(fit: _Fit, planes: Sequence[Edge], port_scheme: str) -> Built | Refusal:
    ask, network = fit.ask, fit.network
    order = cage_order(ask.box, network.down, fit.up)
    ports = switch_ports(ask.box, network.down, fit.up, order.seats)
    if isinstance(ports, Refusal):
        return ports
    level = Level(ask.tier, ask.box.model, network.switches, ports, order)
    below = connect_below(ask.fabric, 0)
    segments = [Segment(ask.fabric.name, below.a, below.z, below, ask.box.down_mbps)]
    by_name = {connect.dimension: connect for connect in ask.connects}
    for each in network.dimensions:
        connect = by_name[each.name]
        segments.append(Segment(ask.fabric.name, connect.a, connect.z, connect, ask.box.up_mbps, each.name))
    peers = tuple(Run(at + 1, 0, 0, _peer_rows(fit, at)) for at in range(len(network.dimensions)))
    groups = network.group_of()
    none: I32 = np.full(network.switches, -1, np.int32)
    made = tuple(
        Plane((_endpoint_run(edge, network.down), *peers), (none if groups is None else groups,), (none,))
        for edge in planes
    )
    return Built(
        ask.fabric,
        (level,),
        tuple(segments),
        made,
        replace(_shape(fit, planes), port_scheme=port_scheme + _scheme_words(fit)),
    )


def _endpoint_run(edge: Edge, down: int) -> Run:
    """Seat endpoint ports switch after switch."""
    order: I64 = np.arange(len(edge.device), dtype=np.int64)
    ports = edge.port.astype(np.int64)
    return Run(
        0, NODES, 0, Rows(edge.device.astype(np.int64), ports, order // down, order % down, edge.rail.astype(np.int64))
    )


def _peer_rows(fit: _Fit, at: int) -> Rows:
    ties = _by_link(fit, at, fit.network.links(at))
    first = up_start(fit.ask.box, fit.network.down) + fit.starts[at]
    return Rows(ties.a, first + ties.a_port, ties.z, first + ties.z_port, np.full(len(ties.a), -1, np.int64))


def _connect(fit: _Fit, at: int) -> Connect:
    name = fit.network.dimensions[at].name
    return next(each for each in fit.ask.connects if each.dimension == name)


def _parallel(fit: _Fit, at: int) -> int:
    found = fit.ask.parallel(fit.network.dimensions[at].name)
    return found if isinstance(found, int) else 1


def _by_link(fit: _Fit, at: int, ties: Ties) -> Ties:
    """Return links whose ports come link after link, where the author wants that, in place of pair after pair."""
    if "by_link" not in _connect(fit, at).scheme:
        return ties
    parallel = _parallel(fit, at)
    pairs = fit.network.dimensions[at].ports // parallel
    a_port, z_port = (port % parallel * pairs + port // parallel for port in (ties.a_port, ties.z_port))
    return replace(ties, a_port=a_port, z_port=z_port)


def _scheme_words(fit: _Fit) -> str:
    """Say which dimensions have their ports link after link; "" when none has."""
    names = [each.name for at, each in enumerate(fit.network.dimensions) if "by_link" in _connect(fit, at).scheme]
    if not names:
        return ""
    return f" Of {words(names, 'and')}, the first link to every neighbour comes before the second to any."


def _shape(fit: _Fit, planes: Sequence[Edge]) -> FabricShape:
    ask, network, fabric = fit.ask, fit.network, fit.ask.fabric
    endpoints = sum(len(edge.device) for edge in planes)
    bisection, ratio = _bisection(fit, planes)
    return FabricShape(
        fabric,
        fabric.planes,
        (ask.tier.name,),
        (network.switches * fabric.planes,),
        (network.down,),
        (0,),
        network.groups,
        0,
        endpoints,
        bisection,
        ratio,
        1 + network.diameter,
        tuple(
            DimensionShape(each.name, ask.tier.name, each.ports, each.links * fabric.planes)
            for each in network.dimensions
        ),
        disjoint_paths=network.disjoint_paths,
        parameters=network.parameters,
    )


def _bisection(fit: _Fit, planes: Sequence[Edge]) -> tuple[int | None, tuple[tuple[int, int], ...]]:
    """Return the bandwidth between the halves of the network, and `(endpoints', twice that)`, in Mbit/s, all planes.

    Half of the endpoints can send no more than their own links carry, so that the bisection is at most that.
    """
    halves, box = fit.network.halves(), fit.ask.box
    if halves is None:
        return None, ()
    crossing = sum(halves) * box.up_mbps
    injected = [len(edge.device) * box.down_mbps for edge in planes]
    if not crossing:
        return sum(injected) // 2, ()
    return sum(min(each // 2, crossing) for each in injected), ((sum(injected), 2 * crossing * len(injected)),)
