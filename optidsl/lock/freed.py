"""Names and numbers of what went away: kept from reuse until they are released, or long enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from optidsl._pins import Cable, Pins
from optidsl._record import replace
from optidsl.lock.model import Freed, Lock

if TYPE_CHECKING:
    from datetime import date


def with_freed(lock: Lock, pins: Pins, reuse_days: int | None, today: str) -> Lock:
    """Return a lock with the records of what was in service and is nobody's now.

    Args:
        lock: what a new plan has.
        pins: what was in service, that which is free since before among it.
        reuse_days: days after which numbers serve again (0: at once); None: when a person releases them.
        today: the day of what becomes free now, "" where nobody knows it.
    """
    if reuse_days == 0:
        return lock
    called = {name: who for who, name in lock.names.items()}
    free: dict[tuple[str, tuple[str, ...]], Freed] = {}
    tables: tuple[tuple[str, Mapping[str, str | int], set[str | int]], ...] = (
        ("name", pins.names, set(lock.names.values())),
        ("asn", pins.asns, set(lock.asns.values())),
        ("addr", pins.loopbacks, set(lock.loopbacks.values())),
    )
    for kind, table, used in tables:
        for who, value in table.items():
            if who not in lock.names and value not in used:
                free[kind, (who,)] = Freed(value, pins.since.get((kind, who), today))
    stands = {(called[a], a_port, called[z], z_port) for a, a_port, z, z_port in lock.cables} if pins.p2p else set()
    in_use = set(lock.p2p.values())
    for cable, address in pins.p2p.items():
        if cable not in stands and address not in in_use:
            free["p2p", cable] = Freed(address, pins.since.get(("p2p", whose(cable)), today))
    return replace(lock, free=free)


def whose(cable: Cable | tuple[str, ...]) -> str:
    """Return a device, or the ends of a cable, as one text."""
    return " ".join(cable)


def is_over(since: str, reuse_days: int | None, today: date | None) -> bool:
    """Tell whether a record has been free for so long that it may serve again."""
    if reuse_days is None or today is None:
        return reuse_days == 0
    if reuse_days == 0:
        return True
    from datetime import date, timedelta

    return since != "" and date.fromisoformat(since) + timedelta(days=reuse_days) <= today
