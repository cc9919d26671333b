"""What a new plan would change of a lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optidsl._context import Context
from optidsl._record import record
from optidsl.diag import Sink
from optidsl.lock.model import Lock
from optidsl.lock.read import PATH, read_lock
from optidsl.lock.write import cable_text, dotted, free_text

MAX_SHOWN = 10


@record(frozen=True, slots=True)
class Change:
    """A record that is new (`old` is None), gone (`new` is None) or different."""

    kind: str
    key: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None:
            return f"new: {self.kind} {self.key} {self.new}"
        if self.new is None:
            return f"gone: {self.kind} {self.key} {self.old}"
        return f"{self.kind} {self.key}: {self.old} -> {self.new}"


def differences(old: Lock, new: Lock) -> list[Change]:
    """Return the changes by kind and key; those of records on both sides come first in their kind."""
    changes: list[Change] = []
    for kind, one, other in _tables(old, new):
        if one == other:
            continue
        before, after = _texts(kind, one), _texts(kind, other)
        changes += [
            Change(kind, key, before[key], after[key])
            for key in sorted(before.keys() & after.keys())
            if before[key] != after[key]
        ]
        changes += [Change(kind, key, before.get(key), after.get(key)) for key in sorted(before.keys() ^ after.keys())]
    return changes


def _tables(old: Lock, new: Lock) -> list[tuple[str, Mapping[Any, Any], Mapping[Any, Any]]]:
    return [
        ("pick", old.picks, new.picks),
        ("shape", old.shapes, new.shapes),
        ("count", old.counts, new.counts),
        ("note", old.naming, new.naming),
        ("name", old.names, new.names),
        ("place", old.places, new.places),
        ("asn", old.asns, new.asns),
        ("addr", old.loopbacks, new.loopbacks),
        ("port", old.cables, new.cables),
        ("p2p", old.p2p, new.p2p),
        ("free", old.free, new.free),
    ]


def _texts(kind: str, table: Mapping[Any, Any]) -> dict[str, str]:
    """Return the records of a kind as people read them."""
    if kind == "free":
        return {free_text(of, owner, each): "kept from reuse" for (of, owner), each in table.items()}
    key = cable_text if kind in ("port", "p2p") else str
    if kind in ("addr", "p2p"):
        return {key(of): dotted(value) for of, value in table.items()}
    if kind == "place":
        return {of: f"{rack} {unit}" for of, (rack, unit) in table.items()}
    return {key(of): str(value) for of, value in table.items()}


def check_locked(old_text: str | None, new_text: str, sink: Sink) -> None:
    """Tell the sink, as `lock-stale`, what compiling would change of the lock."""
    if old_text == new_text:
        return
    helps = ("compile without --locked, review the change of the lock and commit it",)
    if old_text is None:
        sink.error("lock-stale", f"there is no {PATH}: --locked compares with one", helps=helps)
        return
    old, new = _read(old_text), _read(new_text)
    if old is None or new is None:
        sink.error("lock-stale", f"{PATH} cannot be compared: it is not readable", helps=helps)
        return
    changes = differences(old, new)
    if not changes:
        sink.error("lock-stale", f"{PATH} has the right records in another form", helps=helps)
        return
    shown = [str(change) for change in changes[:MAX_SHOWN]]
    if len(changes) > MAX_SHOWN:
        shown.append(f"and {len(changes) - MAX_SHOWN} more")
    sink.error("lock-stale", _message(changes), notes=tuple(shown), helps=helps)


def _message(changes: list[Change]) -> str:
    added = sum(change.old is None for change in changes)
    gone = sum(change.new is None for change in changes)
    records = "1 record" if len(changes) == 1 else f"{len(changes)} records"
    return (
        f"{PATH} is stale: {records} would change ({len(changes) - added - gone} different, {added} new, {gone} gone)"
    )


class _NoLoader:
    """A lock reads no files."""

    def read(self, path: str) -> str | None:
        """Return None: there is no such file."""
        return None


def _read(text: str) -> Lock | None:
    return read_lock(text, Context(_NoLoader()))
