"""Records of devices that no `name` record has: told, since they would hold nothing."""

from __future__ import annotations

from optidsl._context import Context
from optidsl.lock.model import Lock
from optidsl.lock.read import MAX_REPORTS, PATH, span_of
from optidsl.lock.records import split


def report_void(lock: Lock, context: Context) -> bool:
    """Report names that records of numbers, places and ports use and no `name` record has, each with its first line.

    Args:
        lock: the records as they were read.
        context: the lock's text; takes `lock-void`.

    Returns:
        Whether there are any.
    """
    called = set(lock.names.values())
    used = {*lock.asns, *lock.loopbacks, *lock.places}
    used.update(end for cable in lock.cables for end in (cable[0], cable[2]))
    nameless = used - called
    if not nameless:
        return False
    text = context.options.lock_text or ""
    lines = text.splitlines()
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        for name in nameless.intersection(_devices(line)):
            found.setdefault(name, []).append(number)
    for index, (name, numbers) in enumerate(sorted(found.items(), key=lambda each: (each[1], each[0]))[:MAX_REPORTS]):
        records = "the record holds" if len(numbers) == 1 else f"{len(numbers)} records, the first here, hold"
        left = len(found) - MAX_REPORTS if index == MAX_REPORTS - 1 else 0
        context.sink.error(
            "lock-void",
            f"{PATH} line {numbers[0] + 1}: no `name` record has `{name}`: {records} nothing",
            span_of(numbers[0], lines, text, context),
            "whose is this?",
            notes=(f"{left} more names are unknown",) if left > 0 else (),
            helps=(f"bring back the line `name IDENTITY {name}`, or remove the records of {name}",),
        )
    return True


def _devices(line: str) -> tuple[str, ...]:
    """Return the names of the devices that a record is about."""
    kind, _, rest = line.partition(" ")
    if kind not in ("asn", "addr", "place", "port"):
        return ()
    words = split(rest)
    return (words[0], words[3]) if kind == "port" else (words[0],)
