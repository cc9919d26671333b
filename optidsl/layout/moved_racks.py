"""Names of racks before and after a `moved` of a row, a group of racks or one rack."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._pins import identity
from optidsl.diag import Sink
from optidsl.layout.racks import rack_table, racks_by_group
from optidsl.sema.design import Design

_SITE = 2
"""Steps from the row up to the site, in the path of a rack."""


def rack_identities(design: Design) -> dict[str, str]:
    """Return the name of every rack by its path and key, `lab.h1.n.net[3]`: `n-net-3`."""
    table = rack_table(design, Sink())
    if table is None:
        return {}
    found: dict[str, str] = {}
    for address, members in racks_by_group(table).items():
        path = ".".join(address.parts).removeprefix(f"{design.name}.")
        found |= {(path if key == "" else identity(path, str(key))): table.name[row] for key, row in members}
    return found


def moved_racks(design: Design, racks: dict[str, str]) -> dict[int, dict[str, str]]:
    """Return name before and name now of the racks that each move is about, by the position of the move.

    The name of a rack is its path from the row on, so that a move tells it only between paths of one length; other
    moves, and those to no rack of the design, are absent.
    """
    found: dict[int, dict[str, str]] = {}
    for at, move in enumerate(design.moved):
        if move.source.count(".") == move.target.count("."):
            names = dict(_names(move.source, move.target, racks))
            if names:
                found[at] = names
    return found


def _names(source: str, target: str, racks: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield name before and name now of racks below a path, also as `site/rack`."""
    for who, name in racks.items():
        if who != target and not who.startswith((f"{target}.", f"{target}[")):
            continue
        before, now = _words(source + who[len(target) :]), _words(who)
        start = next(at for at in range(len(now)) if "-".join(now[at:]) == name)
        old = "-".join(before[start:])
        yield old, name
        if start >= _SITE:
            yield f"{before[start - _SITE]}/{old}", f"{now[start - _SITE]}/{name}"


def _words(who: str) -> list[str]:
    """Return the steps of a path, the key last."""
    path, _, key = who.partition("[")
    return [*path.split("."), *([key[:-1]] if key else [])]
