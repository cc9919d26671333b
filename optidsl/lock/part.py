"""The part of a lock that is about one thing: to show it, and to let go of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from optidsl._record import replace
from optidsl.lock.model import Lock
from optidsl.lock.moved import is_below

KINDS = ("free", "place", "port", "p2p", "asn", "addr", "name", "pick")
"""Kinds of records that can be let go of; counts, shapes and notes hold nothing."""

_TABLES = {
    "free": "free",
    "place": "places",
    "port": "cables",
    "p2p": "p2p",
    "asn": "asns",
    "addr": "loopbacks",
    "name": "names",
    "pick": "picks",
}


def part_of(lock: Lock, path: str) -> Lock:
    """Return the records of a fabric, a tier, a group, a device, a class of links, or `all`."""
    if path == "all":
        return lock
    concerns = _tests(lock, path)
    return replace(lock, naming={}, **{table: _among(getattr(lock, table), test) for table, test in concerns.items()})


def released(lock: Lock, path: str, kinds: Collection[str]) -> tuple[Lock, int]:
    """Return the lock without the records of some kinds of a thing, and how many they were.

    What is called by a name goes with it: without its `name` record nobody knows whose it is.
    """
    part = part_of(lock, path)
    whole = {"place", "asn", "addr", "port"} if "name" in kinds else set[str]()
    wanted = {*kinds, *whole}
    tables = {_TABLES[kind] for kind in wanted} | ({"p2p"} if "port" in wanted else set())
    left = {
        table: {key: value for key, value in getattr(lock, table).items() if key not in getattr(part, table)}
        for table in tables
    }
    return replace(lock, **left), sum(len(getattr(lock, table)) - len(rest) for table, rest in left.items())


def _tests(lock: Lock, path: str) -> dict[str, Callable[[Any], bool]]:
    """Return by table what tells whether the record of a key is about a path."""
    names = {name for who, name in lock.names.items() if is_below(who, path)}

    def is_named(name: str) -> bool:
        return name in names

    def is_cable(ends: tuple[str, str, str, str]) -> bool:
        return ends[0] in names or ends[2] in names

    def is_path(of: str) -> bool:
        return is_below(of, path) or is_below(path.partition("[")[0], of)

    return {
        "picks": lambda name: name == path or name.startswith(f"{path}: "),
        "shapes": is_path,
        "counts": is_path,
        "names": lambda who: is_below(who, path),
        "places": is_named,
        "asns": is_named,
        "loopbacks": is_named,
        "cables": is_cable,
        "p2p": is_cable,
        "free": lambda key: any(is_below(who, path) for who in key[1][::2]),
    }


def _among(table: dict[Any, Any], test: Callable[[Any], bool]) -> dict[Any, Any]:
    return {key: value for key, value in table.items() if test(key)}
