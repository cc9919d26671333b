"""Numbers that the author gives to single switches and links, in place of those from pools."""

from __future__ import annotations

import numpy as np

from optidsl._context import Context
from optidsl._record import record
from optidsl.diag import Span
from optidsl.fabric.refusal import count_of
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Addressing, Given

_TITLES = {"asn": "AS number", "loopback": "loopback", "p2p": "/31"}


@record(frozen=True, slots=True)
class GivenNumbers:
    """Numbers by row: AS numbers and loopbacks of devices, even addresses of links."""

    asn: dict[int, int]
    loopback: dict[int, int]
    p2p: dict[int, int]


def given_numbers(
    tables: FabricTables, addressing: Addressing, routed: frozenset[str], context: Context
) -> GivenNumbers | None:
    """Return the numbers that tiers and connects give, or None after errors in the sink.

    Args:
        tables: groups, devices and links.
        addressing: whether links have addresses.
        routed: names of the fabrics that route.
        context: takes `numbers-given`.
    """
    found = GivenNumbers({}, {}, {})
    good = [
        _of_tiers(tables, name, column, routed, context)
        for name, column in (("asn", found.asn), ("loopback", found.loopback))
    ]
    good.append(_of_links(tables, addressing, routed, found.p2p, context))
    return found if all(good) else None


def _of_tiers(
    tables: FabricTables, name: str, column: dict[int, int], routed: frozenset[str], context: Context
) -> bool:
    rows: dict[tuple[str, str], list[int]] = {}
    said: dict[tuple[str, str], Given] = {}
    for group in tables.groups:
        given = None if group.tier is None else group.tier.given.get(name)
        if given is not None:
            key = (group.fabric, group.tier_name)
            rows.setdefault(key, []).extend(range(group.first, group.first + group.count))
            said[key] = given
    is_good = True
    for (fabric, tier), given in said.items():
        things = count_of(len(rows[fabric, tier]), "switch", "switches")
        is_good &= _fits(given, name, f"tier `{tier}` of `{fabric}`", len(rows[fabric, tier]), things, context)
        is_good &= fabric in routed or _not_routed(given, name, fabric, context)
        if is_good:
            column.update(zip(rows[fabric, tier], given.numbers, strict=True))
    return is_good and (name == "asn" or _are_different(column, said, context))


def _of_links(
    tables: FabricTables, addressing: Addressing, routed: frozenset[str], column: dict[int, int], context: Context
) -> bool:
    is_good, said = True, dict[tuple[str, str], Given]()
    for index, segment in enumerate(tables.segments):
        given = segment.connect.given.get("p2p")
        if given is None:
            continue
        said[segment.a, segment.z] = given
        rows = np.flatnonzero(tables.links.segment == index).tolist()
        where = f"`{segment.a} -- {segment.z}` of `{segment.fabric}`"
        is_good &= _fits(given, "p2p", where, len(rows), count_of(len(rows), "link"), context)
        is_good &= segment.fabric in routed or _not_routed(given, "p2p", segment.fabric, context)
        if addressing.mode == "unnumbered" and segment.a != "endpoints":
            message = f"{where} gives /31s, and links between switches have addresses only in `mode = numbered`"
            _refuse(context, message, given.span, "set `addressing { mode = numbered }`, or leave them out")
            is_good = False
        if is_good:
            column.update(zip(rows, given.numbers, strict=True))
    return is_good and _are_different(column, said, context)


def _fits(given: Given, name: str, where: str, wanted: int, things: str, context: Context) -> bool:
    if len(given.numbers) == wanted:
        return True
    message = f"{where} gives {count_of(len(given.numbers), _TITLES[name])}, and has {things}: each takes one, in order"
    _refuse(context, message, given.span, f"give {wanted}")
    return False


def _not_routed(given: Given, name: str, fabric: str, context: Context) -> bool:
    message = f"`{fabric}` does not route over IP, so that {_TITLES[name]}s say nothing about it"
    _refuse(context, message, given.span, "leave them out")
    return False


def _are_different(column: dict[int, int], said: dict[tuple[str, str], Given], context: Context) -> bool:
    if len(set(column.values())) == len(column):
        return True
    seen: set[int] = set()
    twice = next(number for number in column.values() if number in seen or seen.add(number))  # type: ignore[func-returns-value]
    span = next(given.span for given in said.values() if twice in given.numbers)
    _refuse(context, f"{_dotted(twice)} is given twice; an address has one owner", span, "give each its own")
    return False


def _dotted(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def _refuse(context: Context, message: str, span: Span, help_: str) -> None:
    context.sink.error("numbers-given", message, span, helps=(help_,))
