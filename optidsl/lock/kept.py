"""Numbers of a lock that a new plan could not keep, told with the lines that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optidsl._context import Context
from optidsl._pins import Pins
from optidsl.diag import Span
from optidsl.lock.model import Lock
from optidsl.lock.read import PATH, line_of
from optidsl.lock.write import cable_text, dotted

_WHAT = {"asn": "AS number", "addr": "loopback", "place": "place"}


def report_lost(lock: Lock, pins: Pins, given: Mapping[str, frozenset[str]], context: Context) -> None:
    """Report AS numbers and loopbacks in service that devices lose: one that two hold, one outside its pool.

    Args:
        lock: what the new plan has.
        pins: what was in service.
        given: by kind (`asn`, `addr`), the groups whose devices the author numbers one by one.
        context: the lock's text; takes `lock-held-twice` and `lock-not-kept`.
    """
    called = {name: who for who, name in lock.names.items()}
    for kind, before, after in (("asn", pins.asns, lock.asns), ("addr", pins.loopbacks, lock.loopbacks)):
        now = {called[name]: value for name, value in after.items()}
        lost = [
            who
            for who, value in before.items()
            if who in now and now[who] != value and who.partition("[")[0] not in given[kind]
        ]
        if lost:
            _tell(kind, lost, before, now, pins, context)
    _report_links(lock, pins, called, context)
    places = {called[name]: place for name, place in lock.places.items()}
    lost = [who for who, place in pins.places.items() if who in places and places[who] != place]
    if lost:
        _tell_places(lost, places, pins, context)


def _report_links(lock: Lock, pins: Pins, called: Mapping[str, str], context: Context) -> None:
    """Report /31s of cables that stay and get another: the first, and how many."""
    now = {(called[a], a_port, called[z], z_port): at for (a, a_port, z, z_port), at in lock.p2p.items()}
    lost = [cable for cable, address in pins.p2p.items() if now.get(cable, address) != address]
    if not lost:
        return
    lines = (context.options.lock_text or "").splitlines()
    a, a_port, z, z_port = cable = lost[0]
    number = line_of("port", (pins.names.get(a, a), a_port, "--", pins.names.get(z, z), z_port), lines)
    more = f", and {len(lost) - 1} more cables get others" if len(lost) > 1 else ""
    context.sink.warning(
        "lock-not-kept",
        f"{PATH} line {_shown(number)}: {cable_text(cable)} has the /31 {dotted(pins.p2p[cable])}, which the design "
        f"does not offer it: it gets {dotted(now[cable])}{more}",
        _span(number, lines, context),
        "this record",
        helps=("widen the range in `addressing` if the number is to stay",),
    )


def _tell_places(lost: Sequence[str], now: Mapping[str, tuple[str, int]], pins: Pins, context: Context) -> None:
    """Report the first device that cannot stay where it stands, and how many cannot."""
    lines = (context.options.lock_text or "").splitlines()
    who = lost[0]
    number = line_of("place", (pins.names.get(who, who),), lines)
    more = f", and {len(lost) - 1} more move" if len(lost) > 1 else ""
    context.sink.warning(
        "lock-not-kept",
        f"{PATH} line {_shown(number)}: {who} stands in {_at(pins.places[who])}, where the design has no place for it: "
        f"it moves to {_at(now[who])}{more}",
        _span(number, lines, context),
        "this record",
        helps=("widen its `place` if it is to stay, or write `moved` where the rack has another name",),
    )


def _at(place: tuple[str, int]) -> str:
    return f"{place[0]} at {place[1]}U" if place[1] else place[0]


def _tell(
    kind: str, lost: Sequence[str], before: Mapping[str, int], now: Mapping[str, int], pins: Pins, context: Context
) -> None:
    """Report the first device that loses a number, and how many do."""
    lines = (context.options.lock_text or "").splitlines()
    who = lost[0]
    number = line_of(kind, (pins.names.get(who, who),), lines)
    text = _text(kind, before[who])
    holder = next((other for other in now if other != who and now[other] == before.get(other) == before[who]), "")
    if holder:
        other = line_of(kind, (pins.names.get(holder, holder),), lines)
        context.sink.error(
            "lock-held-twice",
            f"{PATH} line {_shown(number)}: {who} and {holder} hold the same {_WHAT[kind]}, {text} ({holder} on line "
            f"{_shown(other)}), and the design has them apart",
            _span(number, lines, context),
            "this record",
            helps=("remove the record of the one that is not in service under it, and compile again",),
        )
        return
    more = f", and {len(lost) - 1} more devices get others" if len(lost) > 1 else ""
    context.sink.warning(
        "lock-not-kept",
        f"{PATH} line {_shown(number)}: {who} has the {_WHAT[kind]} {text}, which the design does not offer it: it "
        f"gets {_text(kind, now[who])}{more}",
        _span(number, lines, context),
        "this record",
        helps=(f"widen the range in `{'asn' if kind == 'asn' else 'addressing'}` if the number is to stay",),
    )


def _text(kind: str, value: int) -> str:
    return dotted(value) if kind == "addr" else str(value)


def _shown(number: int | None) -> str:
    return "?" if number is None else str(number + 1)


def _span(number: int | None, lines: Sequence[str], context: Context) -> Span | None:
    if number is None:
        return None
    file = context.sources.add(PATH, context.options.lock_text or "")
    start = context.sources[file].line_starts[number]
    return Span(file, start, start + len(lines[number]))
