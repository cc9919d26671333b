"""Records of things that moved: under the identities that they have now."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from optidsl._pins import Move
from optidsl._record import record, replace
from optidsl.diag import Sink
from optidsl.lock.model import Lock

Item = TypeVar("Item")

_PICK = re.compile(r"(?P<fabric>[^:\s]+): (?P<a>\S+) -- (?P<z>[^\s(]+)(?P<rest>.*)")
_PLANE = re.compile(r"p[0-9]+")


@record(frozen=True, slots=True)
class Moving:
    """Which moves found their source in the lock, and which their target."""

    sources: list[bool]
    targets: list[bool]


def moved_lock(
    lock: Lock, moves: tuple[Move, ...], racks: Mapping[int, Mapping[str, str]] | None = None
) -> tuple[Lock, Moving]:
    """Return the lock with the records of what moved transferred, and what the moves found there.

    A device is its `name` record: all others call it by that name. Where the target has a record already, its own
    stays, and nothing is transferred to it.

    Args:
        lock: what is in service.
        moves: what the design states.
        racks: name before and name now of racks, by the position of the move that is about them.
    """
    single = {move.source: move.target for move in moves if move.source.endswith("]")}
    whole = [move for move in moves if move.source not in single]

    def now(who: str) -> str:
        target = single.get(who) or next((found for move in whole if (found := _onto(who, move)) is not None), who)
        return who if target in lock.names else target

    changed = replace(
        lock,
        names={now(who): name for who, name in lock.names.items()},
        free={(kind, _of_cable(who, now)): each for (kind, who), each in lock.free.items()},
        picks={_pick(name, whole): candidate for name, candidate in lock.picks.items()},
        shapes=_of_paths(lock.shapes, whole),
        counts=_of_paths(lock.counts, whole),
        places=_with_racks(lock.places, racks or {}),
    )
    known = lock.names.keys() | {who for _, owner in lock.free for who in owner[::2]}
    moving = Moving(
        [is_among(move.source, known) for move in moves], [is_among(move.target, lock.names) for move in moves]
    )
    stood = {rack for rack, _ in lock.places.values()}
    for at, names in (racks or {}).items():
        moving.sources[at] = any(old in stood for old, new in names.items() if old != new)
        moving.targets[at] = any(new in stood for new in names.values())
    return changed, moving


def _with_racks(
    places: dict[str, tuple[str, int]], racks: Mapping[int, Mapping[str, str]]
) -> dict[str, tuple[str, int]]:
    """Return places with racks as they are called now."""
    if not racks:
        return places
    now = {old: new for names in racks.values() for old, new in names.items()}
    return {who: (now.get(rack, rack), unit) for who, (rack, unit) in places.items()}


def _of_cable(who: tuple[str, ...], now: Callable[[str], str]) -> tuple[str, ...]:
    """Return a device, or a cable as device and port of both ends, as it is called now."""
    return tuple(word if at % 2 else now(word) for at, word in enumerate(who))


def is_among(path: str, identities: Collection[str]) -> bool:
    """Tell whether a path is that of one of the devices, or of several."""
    if path.endswith("]"):
        return path in identities
    return any(is_below(who, path) for who in identities)


def is_below(who: str, path: str) -> bool:
    """Tell whether a device or a path is the one named, or below it."""
    return _below(who, path) is not None


def _below(who: str, path: str) -> str | None:
    """Return what an identity, or a path, adds to a path that it is below of; None where it is not.

    `compute.leaf[3]` adds `[3]` to `compute.leaf`, and so does `compute.p0.leaf[3]`, a leaf of a plane.
    """
    if who == path:
        return ""
    if who.startswith((f"{path}[", f"{path}.")):
        return who[len(path) :]
    fabric, _, tier = path.rpartition(".")
    group, bracket, key = who.partition("[")
    words = group.split(".")
    if fabric and bracket and len(words) > 2 and _PLANE.fullmatch(words[-2]):
        del words[-2]
        return f"[{key}" if ".".join(words) == f"{fabric}.{tier}" else None
    return None


def _onto(who: str, move: Move) -> str | None:
    """Return what an identity or path is after a move; None when it does not move."""
    rest = _below(who, move.source)
    if rest is None:
        return None
    if who.startswith(move.source):
        return move.target + rest
    plane = who.partition("[")[0].split(".")[-2]
    fabric, _, tier = move.target.rpartition(".")
    return f"{fabric}.{plane}.{tier}{rest}"


def _of_paths(table: dict[str, Item], moves: Sequence[Move]) -> dict[str, Item]:
    """Return a table by fabric or tier with its keys moved."""
    return {
        next((found for move in moves if (found := _onto(path, move)) is not None), path): value
        for path, value in table.items()
    }


def _pick(name: str, moves: Iterable[Move]) -> str:
    """Return the name of a class of links between groups as they are called now."""
    match = _PICK.fullmatch(name)
    if match is None:
        return name
    fabric, ends = match["fabric"], [match["a"], match["z"]]
    for move in moves:
        if move.source == fabric:
            fabric = move.target
        for at, end in enumerate(ends):
            if f"{match['fabric']}.{end}" == move.source:
                ends[at] = move.target.rpartition(".")[2]
            elif end == move.source:
                ends[at] = move.target
    return f"{fabric}: {ends[0]} -- {ends[1]}{match['rest']}"


def report_moves(moving: Moving | None, moves: tuple[Move, ...], identities: Collection[str], sink: Sink) -> None:
    """Report moves of what still stands or to what does not, and those that found nothing in the lock.

    Args:
        moving: what the moves found in the lock; None without a lock.
        moves: what the design states.
        identities: of the devices of the design.
        sink: takes `moved-nothing` and `moved-applied`.
    """
    told: set[tuple[int, int]] = set()
    for at, move in enumerate(moves):
        if (move.span.start, move.span.end) in told:
            continue
        if not is_among(move.target, identities):
            message, span = f"nothing in the design is `{move.target}`", move.target_span
        elif is_among(move.source, identities):
            message, span = f"`{move.source}` is still in the design", move.source_span
        elif moving is None or (moving.sources[at] and not moving.targets[at]):
            continue
        elif moving.sources[at]:
            message, span = f"the lock has records of `{move.source}` and of `{move.target}`", move.span
        elif moving.targets[at]:
            told.add((move.span.start, move.span.end))
            sink.warning(
                "moved-applied",
                f"`moved {move.source} -> {move.target}` is done: the lock has `{move.target}` and no `{move.source}`",
                move.span,
                helps=("remove this line once every branch has that lock",),
            )
            continue
        else:
            message, span = f"the lock has neither `{move.source}` nor `{move.target}`", move.source_span
        told.add((move.span.start, move.span.end))
        sink.error(
            "moved-nothing",
            f"`moved {move.source} -> {move.target}` moves nothing: {message}",
            span,
            helps=("name on the left what the lock has and on the right what the design has, or remove the line",),
        )
