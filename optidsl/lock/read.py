"""Read a lock. Every line that cannot be understood is told with its number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from optidsl._context import Context
from optidsl._pins import Cable
from optidsl.diag import Span
from optidsl.lock.model import Lock
from optidsl.lock.records import READERS, BadRecord, split
from optidsl.lock.write import HEADER, word

PATH = "optidsl.lock"
MAX_REPORTS = 10

_HEADER = re.compile(r"#\s*optidsl\.lock v(\d+)\b")
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def read_lock(text: str, context: Context) -> Lock | None:
    """Return the lock, or None after telling the context which lines are wrong."""
    lines = text.splitlines()
    if not _is_readable(lines, context, text):
        return None
    lock = Lock()
    problems: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        if not line or line[0] == "#" or line.isspace():
            continue
        kind, _, rest = line.partition(" ")
        reader = READERS.get(kind)
        try:
            if reader is None:
                raise BadRecord(f"`{kind}` is no kind of record; expected one of {', '.join(READERS)}")
            reader(lock, rest)
        except BadRecord as bad:
            problems.append((number, str(bad)))
    if not problems:
        problems = _held_twice(lock, lines)
    if problems:
        _report(problems, lines, text, context)
        return None
    return lock


def _held_twice(lock: Lock, lines: list[str]) -> list[tuple[int, str]]:
    """Return the lines whose name or address another record holds too: a merge of two locks makes such."""
    found: list[tuple[int, str]] = []
    for kind, held in (("name", lock.names), ("addr", lock.loopbacks)):
        if len(set(held.values())) == len(held):
            continue
        first: dict[str | int, str] = {}
        at = {split(line)[1]: number for number, line in enumerate(lines) if line.startswith(f"{kind} ")}
        for holder, value in held.items():
            other = first.setdefault(value, holder)
            if other != holder:
                number, before = at[holder], at[other]
                what = "name" if kind == "name" else "address"
                stated = split(lines[number])[-1]
                found.append(
                    (number, f"{holder} and {other} hold the same {what}, {stated} ({other} on line {before + 1})")
                )
    return [*found, *_plugged_twice(lock, lines)]


def _plugged_twice(lock: Lock, lines: list[str]) -> list[tuple[int, str]]:
    """Return the `port` lines whose port or /31 another such line holds too."""
    ends = [(end, key) for key in lock.cables for end in (key[:2], key[2:])]
    if len({end for end, _ in ends}) == len(ends) and len(set(lock.p2p.values())) == len(lock.p2p):
        return []
    held = [(f"port {word(device)} {word(port)}", key) for (device, port), key in ends]
    held += [(str(address), key) for key, address in lock.p2p.items()]
    first: dict[str, Cable] = {}
    found: dict[int, str] = {}
    at: dict[Cable, int] = {}
    for number, line in enumerate(lines):
        if line.startswith("port "):
            words = split(line)
            at[words[1], words[2], words[4], words[5]] = number
    for what, key in held:
        other = first.setdefault(what, key)
        if other != key and at[key] not in found:
            told = what if what.startswith("port ") else f"the /31 {split(lines[at[key]])[-1]}"
            found[at[key]] = f"{told} is held by the cable on line {at[other] + 1} too"
    return sorted(found.items())


def line_of(kind: str, words: tuple[str, ...], lines: Sequence[str]) -> int | None:
    """Return the number, from 0, of the record of that kind that begins with those words; None where there is none."""
    starts, wanted = f"{kind} ", list(words)
    found = (
        n for n, line in enumerate(lines) if line.startswith(starts) and split(line)[1 : len(wanted) + 1] == wanted
    )
    return next(found, None)


def _is_readable(lines: list[str], context: Context, text: str) -> bool:
    """Check for merge conflicts and for the version, which explain every other trouble of a file."""
    for number, line in enumerate(lines):
        if line.startswith(_CONFLICT):
            context.sink.error(
                "lock-conflict",
                f"{PATH} line {number + 1} is a merge conflict marker",
                span_of(number, lines, text, context),
                "the merge ended here",
                helps=(
                    "take the lines of one side, remove the markers and compile again; the compiler renews the rest",
                ),
            )
            return False
    header = _HEADER.match(lines[0]) if lines else None
    if header is not None and header[1] == "1":
        return True
    found = "it has no version line" if header is None else f"it is version {header[1]}"
    context.sink.error(
        "lock-version",
        f"{PATH} cannot be read: {found}, this program reads version 1",
        span_of(0, lines, text, context),
        f"expected `{HEADER}`",
    )
    return False


def span_of(number: int, lines: list[str], text: str, context: Context) -> Span:
    """Return the span of a line of the lock, counted from 0."""
    file = context.sources.add(PATH, text)
    start = context.sources[file].line_starts[number]
    return Span(file, start, start + (len(lines[number]) if lines else 0))


def _report(problems: list[tuple[int, str]], lines: list[str], text: str, context: Context) -> None:
    file = context.sources.add(PATH, text)
    starts = context.sources[file].line_starts
    for index, (number, problem) in enumerate(problems[:MAX_REPORTS]):
        left = len(problems) - MAX_REPORTS
        notes = (f"{left} more lines cannot be read",) if index == MAX_REPORTS - 1 and left > 0 else ()
        span = Span(file, starts[number], starts[number] + len(lines[number]))
        helps = ("remove this line and compile again; the compiler assigns what it held anew",)
        message = f"{PATH} line {number + 1}: {problem}"
        context.sink.error("lock-malformed", message, span, "this record", notes=notes, helps=helps)
