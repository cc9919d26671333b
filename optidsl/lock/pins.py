"""From the records of a lock to the pins of a compilation: names of devices give way to identities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from optidsl._pins import Cable, Pins, Quarantine
from optidsl.lock.freed import is_over, whose
from optidsl.lock.model import Lock

if TYPE_CHECKING:
    from datetime import date

Item = TypeVar("Item")


def pins_of(lock: Lock | None, reuse_days: int | None = None, today: date | None = None) -> Pins:
    """Return what a new plan keeps; nothing without a lock.

    A record of a device that no `name` record has is void. What is free is pinned for whose it was, and kept from
    everybody else unless it has been free for long enough.

    Args:
        lock: the records.
        reuse_days: days after which what is free serves again; None: when a person releases it.
        today: the day, None where nobody knows it: then nothing has been free for long enough.
    """
    if lock is None:
        return Pins()
    called = {name: who for who, name in lock.names.items()}
    freed = _freed(lock)
    return Pins(
        names=freed["name"] | lock.names,
        naming=lock.naming,
        loopbacks=freed["addr"] | _of_devices(lock.loopbacks, called),
        asns=freed["asn"] | _of_devices(lock.asns, called),
        p2p=freed["p2p"] | _of_cables(lock.p2p, called),
        cables=_of_cables(lock.cables, called),
        places=_of_devices(lock.places, called),
        picks=lock.picks,
        shapes=lock.shapes,
        quarantined=_quarantined(lock, reuse_days, today),
        since={(kind, whose(who)): each.since for (kind, who), each in lock.free.items() if each.since},
    )


def _freed(lock: Lock) -> dict[str, dict[Any, Any]]:
    found: dict[str, dict[Any, Any]] = {"name": {}, "asn": {}, "addr": {}, "p2p": {}}
    for (kind, who), each in lock.free.items():
        found[kind][who if kind == "p2p" else who[0]] = each.value
    return found


def _quarantined(lock: Lock, reuse_days: int | None, today: date | None) -> Quarantine:
    """Return what no allocation hands out: what is free, and what is in service and may be free after this plan."""
    if reuse_days == 0:
        return Quarantine()
    kept: dict[str, set[Any]] = {"name": set(), "asn": set(), "addr": set(), "p2p": set()}
    for (kind, _), each in lock.free.items():
        if not is_over(each.since, reuse_days, today):
            kept[kind].add(each.value)
    return Quarantine(
        names=frozenset(kept["name"]).union(lock.names.values()),
        asns=frozenset(kept["asn"]).union(lock.asns.values()),
        loopbacks=frozenset(kept["addr"]).union(lock.loopbacks.values()),
        p2p=frozenset(kept["p2p"]).union(lock.p2p.values()),
    )


def _of_devices(table: Mapping[str, Item], called: Mapping[str, str]) -> dict[str, Item]:
    return {called[name]: value for name, value in table.items() if name in called}


def _of_cables(table: Mapping[Cable, Item], called: Mapping[str, str]) -> dict[Cable, Item]:
    return {
        (called[a], a_port, called[z], z_port): value
        for (a, a_port, z, z_port), value in table.items()
        if a in called and z in called
    }
