"""Addresses and autonomous system numbers of the Ethernet fabrics."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._context import Context
from optidsl._pins import Pins
from optidsl._protocols import is_ethernet
from optidsl._record import record
from optidsl.fabric.identity import device_identities, link_identities
from optidsl.fabric.tables import FabricTables
from optidsl.plan.addresses import Pool, allocate, kept_words, loopback_pool, p2p_pool
from optidsl.plan.asns import number_systems
from optidsl.plan.given import GivenNumbers, given_numbers
from optidsl.plan.natural import Natural, link_offsets, natural_of, switch_offsets
from optidsl.sema.design import Addressing, Design

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Numbers:
    """`loopback` and `asn` have shape `(n_devices,)`, `p2p` shape `(n_links,)`; see the plan's columns."""

    loopback: I64
    asn: I64
    p2p: I64


@record(frozen=True, slots=True)
class _Scope:
    """What is to be numbered: the switches and links of the fabrics in `routed`."""

    addressing: Addressing
    tables: FabricTables
    routed: frozenset[str]
    identities: Sequence[str]
    pins: Pins
    context: Context
    given: GivenNumbers
    natural: Natural


def number_fabrics(design: Design, tables: FabricTables, context: Context) -> Numbers | None:
    """Number every switch and link of the Ethernet fabrics; others get none.

    Args:
        design: pools and ranges, with their places in the source.
        tables: groups, devices and links.
        context: numbers in service; takes `address-pool-exhausted`, `asn-pool-exhausted` and their kin.
    """
    n_devices, n_links = len(tables.devices.group), len(tables.links.segment)
    routed = frozenset(shape.fabric.name for shape in tables.shapes if is_ethernet(shape.fabric.protocol))
    if not routed and given_numbers(tables, design.addressing, routed, context) is None:
        return None
    if not routed:
        none = np.full(n_devices, -1, dtype=np.int64)
        return Numbers(none, np.zeros(n_devices, dtype=np.int64), np.full(n_links, -1, dtype=np.int64))
    given = given_numbers(tables, design.addressing, routed, context)
    if given is None:
        return None
    pins, identities = context.pins, device_identities(tables.groups, tables.devices)
    natural = natural_of(tables, routed)
    scope = _Scope(design.addressing, tables, routed, identities, pins, context, given, natural)
    loopback = _loopbacks(scope)
    asn = number_systems(design.asn, natural, routed, identities, pins, context, given.asn)
    p2p = _p2p(scope)
    if loopback is None or asn is None or p2p is None:
        return None
    return Numbers(loopback, asn, p2p)


def _loopbacks(scope: _Scope) -> I64 | None:
    network = _network(scope, "loopback")
    if network is None:
        return None
    groups = scope.tables.groups
    is_routed = np.array([group.kind == "switch" and group.fabric in scope.routed for group in groups], dtype=bool)
    stated = scope.given.loopback
    rows = _others(np.flatnonzero(is_routed[scope.tables.devices.group]), stated)
    pool = loopback_pool(network)
    keys, taken = [scope.identities[row] for row in rows.tolist()], {*stated.values(), *scope.given.p2p.values()}
    wanted = switch_offsets(scope.natural, rows, network.num_addresses)
    if wanted is not None:
        wanted += int(network.network_address)
    freed = scope.pins.quarantined.loopbacks
    given = allocate(pool, rows.size, keys, scope.pins.loopbacks, taken, wanted, freed)
    if given is None:
        _exhausted(scope, "loopback", pool, rows.size, "switches")
        return None
    if wanted is None:
        _packed(scope, "loopback", [key not in scope.pins.loopbacks for key in keys])
    loopback = np.full(len(scope.identities), -1, dtype=np.int64)
    loopback[rows] = given
    loopback[list(stated)] = list(stated.values())
    return loopback


def _others(rows: NDArray[np.intp], stated: Mapping[int, int]) -> NDArray[np.intp]:
    """Return the rows to which the author gives no number."""
    return rows[~np.isin(rows, list(stated))] if stated else rows


def _p2p(scope: _Scope) -> I64 | None:
    links = scope.tables.links
    p2p = np.full(len(links.segment), -1, dtype=np.int64)
    rows = _addressed_links(scope)
    if not rows.size:
        return p2p
    network = _network(scope, "p2p")
    if network is None or not _are_disjoint(scope, network) or not _are_inside(scope, network):
        return None
    pool, stated = p2p_pool(network), scope.given.p2p
    p2p[list(stated)] = list(stated.values())
    rows = _others(rows, stated)
    keys = link_identities(scope.tables, rows) if scope.pins.p2p else ()
    wanted = link_offsets(scope.natural, rows, pool.size)
    if wanted is not None:
        wanted = pool.first + pool.step * wanted
    freed = scope.pins.quarantined.p2p
    given = allocate(pool, rows.size, keys, scope.pins.p2p, stated.values(), wanted, freed)
    if given is None:
        _exhausted(scope, "p2p", pool, rows.size, "links")
        return None
    if wanted is None:
        _packed(scope, "p2p", [key not in scope.pins.p2p for key in keys] if keys else [True])
    p2p[rows] = given
    return p2p


def _addressed_links(scope: _Scope) -> NDArray[np.intp]:
    """Return the links of the Ethernet fabrics that get a /31: those of servers, in numbered mode all."""
    tables = scope.tables
    is_routed = np.array([segment.fabric in scope.routed for segment in tables.segments], dtype=bool)
    is_addressed = is_routed[tables.links.segment]
    if scope.addressing.mode == "unnumbered":
        is_node = np.array([group.kind == "node" for group in tables.groups], dtype=bool)
        is_addressed &= is_node[tables.devices.group[tables.links.a_device]]
    return np.flatnonzero(is_addressed)


# ------------------------------------------------------------------ pools


def _network(scope: _Scope, field: str) -> ipaddress.IPv4Network | None:
    text = scope.addressing.loopback if field == "loopback" else scope.addressing.p2p
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        message = f"addressing.{field} is `{text}`, which is not an IPv4 prefix"
    else:
        if isinstance(network, ipaddress.IPv4Network):
            return network
        message = f"addressing.{field} is the IPv6 prefix `{text}`; pools are IPv4 prefixes"
    origin = scope.addressing.origin
    span = None if origin is None else origin.span
    scope.context.sink.error("address-pool-invalid", message, span, f"{field} is set here")
    return None


def _packed(scope: _Scope, field: str, is_open: Sequence[bool]) -> None:
    """Say that the numbers of a pool follow from positions, where any is given anew."""
    if not any(is_open):
        return
    prefix = scope.addressing.loopback if field == "loopback" else scope.addressing.p2p
    origin = scope.addressing.origin
    needed = next((each for each in range(int(prefix.rpartition("/")[2]) - 1, 7, -1) if _holds(scope, field, each)), 0)
    scope.context.sink.warning(
        "numbers-packed",
        f"addressing.{field} {prefix} is too small for numbers that follow from keys: they are packed, and move when "
        "the fabric grows",
        None if origin is None else origin.span,
        f"{field} = {prefix}",
        notes=("the lock keeps the numbers that are in service",),
        helps=(f"a /{needed} would hold them",) if needed else (),
    )


def _holds(scope: _Scope, field: str, length: int) -> bool:
    """Tell whether a prefix of that length holds the numbers that follow from keys."""
    if field == "loopback":
        groups = scope.tables.groups
        is_routed = np.array([group.kind == "switch" and group.fabric in scope.routed for group in groups], dtype=bool)
        rows = np.flatnonzero(is_routed[scope.tables.devices.group])
        return switch_offsets(scope.natural, rows, 1 << (32 - length)) is not None
    return link_offsets(scope.natural, _addressed_links(scope), 1 << (31 - length)) is not None


def _exhausted(scope: _Scope, field: str, pool: Pool, needed: int, things: str) -> None:
    unit = "addresses" if pool.step == 1 else "/31 pairs"
    prefix = scope.addressing.loopback if field == "loopback" else scope.addressing.p2p
    kept = scope.pins.quarantined
    lacking, ways = kept_words(pool, needed, kept.loopbacks if field == "loopback" else kept.p2p)
    origin = scope.addressing.origin
    scope.context.sink.error(
        "address-pool-exhausted",
        f"addressing.{field} {prefix} holds {pool.size} {unit}, {needed} {things} need one each: {lacking}",
        None if origin is None else origin.span,
        f"{field} = {prefix}",
        helps=(
            *ways,
            f"give addressing.{field} a prefix of at least {needed} {unit}: {_prefix_for(field, needed)} or shorter",
        ),
    )


def _prefix_for(field: str, needed: int) -> str:
    """Return the longest prefix length whose pool holds `needed` numbers."""
    addresses = 2 * needed if field == "p2p" else needed + 2
    return f"/{32 - (addresses - 1).bit_length()}"


def _are_inside(scope: _Scope, p2p: ipaddress.IPv4Network) -> bool:
    """Report the first address of a link, as the author gives it, that is not of the pool of links."""
    first, last = int(p2p.network_address), int(p2p.broadcast_address)
    outside = next((even for even in scope.given.p2p.values() if not first <= even <= last), None)
    if outside is None:
        return True
    segments = [segment.connect.given.get("p2p") for segment in scope.tables.segments]
    scope.context.sink.error(
        "numbers-given",
        f"{ipaddress.IPv4Address(outside)}/31 is given to a link, and addressing.p2p is {p2p}",
        next(given.span for given in segments if given is not None and outside in given.numbers),
        helps=("widen `addressing { p2p = … }` so that it holds every link",),
    )
    return False


def _are_disjoint(scope: _Scope, p2p: ipaddress.IPv4Network) -> bool:
    loopback = _network(scope, "loopback")
    if loopback is None:
        return False
    if not loopback.overlaps(p2p):
        return True
    origin = scope.addressing.origin
    scope.context.sink.error(
        "address-pools-overlap",
        f"addressing.loopback {loopback} and addressing.p2p {p2p} share addresses",
        None if origin is None else origin.span,
        "both pools are set here",
        helps=("choose prefixes of which neither contains the other",),
    )
    return False
