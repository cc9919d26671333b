"""Records of what is free whose value a device or a cable has: told, since both cannot hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from optidsl._context import Context
from optidsl.lock.model import Lock
from optidsl.lock.read import MAX_REPORTS, PATH, line_of, span_of
from optidsl.lock.write import cable_text, free_text


def report_in_use(lock: Lock, context: Context) -> bool:
    """Report `free` records whose name or number another record has in service.

    Args:
        lock: the records as they were read.
        context: the lock's text; takes `lock-held-twice`.

    Returns:
        Whether there are any.
    """
    if not lock.free:
        return False
    tables: dict[str, Mapping[Any, Any]] = {
        "name": lock.names,
        "asn": lock.asns,
        "addr": lock.loopbacks,
        "p2p": lock.p2p,
    }
    holders = {kind: {value: who for who, value in table.items()} for kind, table in tables.items()}
    found = [
        (kind, owner, each, holders[kind][each.value])
        for (kind, owner), each in lock.free.items()
        if each.value in holders[kind]
    ]
    text = context.options.lock_text or ""
    lines = text.splitlines()
    for index, (kind, owner, each, holder) in enumerate(found[:MAX_REPORTS]):
        stated = free_text(kind, owner, each).split(" ")[:2]
        number = line_of("free", _words(stated, owner), lines) or 0
        other = line_of("port" if kind == "p2p" else kind, _record_of(holder), lines) or 0
        left = len(found) - MAX_REPORTS if index == MAX_REPORTS - 1 else 0
        context.sink.error(
            "lock-held-twice",
            f"{PATH} line {number + 1}: {' '.join(stated)} is kept from reuse, and "
            f"{cable_text(holder) if isinstance(holder, tuple) else holder} has it (line {other + 1})",
            span_of(number, lines, text, context),
            "this record",
            notes=(f"{left} more such records",) if left > 0 else (),
            helps=("remove this record if what has it is in service with it; else remove the other",),
        )
    return bool(found)


def _words(stated: Sequence[str], owner: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a `free` record."""
    return (*stated, owner[0]) if len(owner) == 1 else (*stated, *_record_of(owner))


def _record_of(holder: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that a record of a device, or of a cable, begins with."""
    return (holder,) if isinstance(holder, str) else (*holder[:2], "--", *holder[2:])
