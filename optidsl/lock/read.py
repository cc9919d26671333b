"""Read a lock. Every line that cannot be understood is told with its number."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from optidsl._context import Context
from optidsl.diag import Span
from optidsl.lock.model import Lock
from optidsl.lock.write import HEADER

PATH = "optidsl.lock"
MAX_REPORTS = 10

_HEADER = re.compile(r"#\s*optidsl\.lock v(\d+)\b")
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"]+')

_HOST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_IPV4 = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})/([0-9]{1,2})")

Item = TypeVar("Item")


class _BadRecord(Exception):
    """A line that is no record; the message says what was expected."""


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
        reader = _READERS.get(kind)
        try:
            if reader is None:
                raise _BadRecord(f"`{kind}` is no kind of record; expected one of {', '.join(_READERS)}")
            reader(lock, rest)
        except _BadRecord as bad:
            problems.append((number, str(bad)))
    problems += _held_twice(lock, lines)
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
        for holder, value in held.items():
            other = first.setdefault(value, holder)
            if other != holder:
                number, before = _line_of(kind, holder, lines), _line_of(kind, other, lines)
                what = "name" if kind == "name" else "address"
                stated = _words(lines[number])[-1]
                found.append(
                    (number, f"{holder} and {other} hold the same {what}, {stated} ({other} on line {before + 1})")
                )
    return [*found, *_plugged_twice(lock, lines)]


def _plugged_twice(lock: Lock, lines: list[str]) -> list[tuple[int, str]]:
    """Return the `port` lines whose port or /31 another such line holds too."""
    ends = [(end, key) for key in lock.cables for end in key.split(" -- ")]
    if len({end for end, _ in ends}) == len(ends) and len(set(lock.p2p.values())) == len(lock.p2p):
        return []
    at = {key: n for n, line in enumerate(lines) if line.startswith("port ") and (key := _key(_split(line)[1:]))}
    held = [(f"port {end}", key) for end, key in ends]
    held += [(str(address), key) for key, address in lock.p2p.items()]
    first: dict[str, str] = {}
    found: dict[int, str] = {}
    for what, key in held:
        other = first.setdefault(what, key)
        if other != key and at[key] not in found:
            told = what if what.startswith("port ") else f"the /31 {_split(lines[at[key]])[-1]}"
            found[at[key]] = f"{told} is held by the cable on line {at[other] + 1} too"
    return sorted(found.items())


def _line_of(kind: str, holder: str, lines: list[str]) -> int:
    starts = f"{kind} "
    return next(n for n, line in enumerate(lines) if line.startswith(starts) and holder in _words(line))


def _is_readable(lines: list[str], context: Context, text: str) -> bool:
    """Check for merge conflicts and for the version, which explain every other trouble of a file."""
    for number, line in enumerate(lines):
        if line.startswith(_CONFLICT):
            context.sink.error(
                "lock-conflict",
                f"{PATH} line {number + 1} is a merge conflict marker",
                _span(number, lines, text, context),
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
        _span(0, lines, text, context),
        f"expected `{HEADER}`",
    )
    return False


def _span(number: int, lines: list[str], text: str, context: Context) -> Span:
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


# ------------------------------------------------------------------ records


def _split(rest: str) -> list[str]:
    """Return the words of a record as written, quoted ones whole."""
    return rest.split() if '"' not in rest else _WORD.findall(rest)


def _words(rest: str) -> list[str]:
    try:
        return [json.loads(word) if word[0] == '"' else word for word in _split(rest)]
    except json.JSONDecodeError:
        raise _BadRecord("a quoted word is not written as JSON writes strings") from None


def _put(table: dict[str, Item], key: str, value: Item) -> None:
    if key in table:
        raise _BadRecord(f"`{key}` has a second record of this kind")
    table[key] = value


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise _BadRecord(f"`{text}` is not a whole number")
    return int(text)


def _address(text: str, length: int) -> int:
    match = _IPV4.fullmatch(text)
    if match is None:
        raise _BadRecord(f"`{text}` is not an IPv4 address with its length")
    a, b, c, d, found = map(int, match.groups())
    if max(a, b, c, d) > 255:
        raise _BadRecord(f"`{text}` is not an IPv4 address with its length")
    if found != length:
        raise _BadRecord(f"`{text}` is not a /{length}")
    return a << 24 | b << 16 | c << 8 | d


def _pick(lock: Lock, rest: str) -> None:
    name, equals, candidate = rest.strip().rpartition(" = ")
    if not equals:
        raise _BadRecord("expected `pick LINKS = PARTS`")
    _put(lock.picks, name, candidate)


def _count(lock: Lock, rest: str) -> None:
    name, equals, count = rest.strip().rpartition(" = ")
    if not equals:
        raise _BadRecord("expected `count FABRIC.TIER = NUMBER`")
    _put(lock.counts, name, _number(count))


def _name(lock: Lock, rest: str) -> None:
    words = _words(rest)
    if len(words) != 2:
        raise _BadRecord("expected `name GROUP[KEY] NAME`")
    if _HOST_NAME.fullmatch(words[1]) is None:
        raise _BadRecord(f"`{words[1]}` cannot name a host: letters, digits, `-`, `_` and `.`, 63 at most")
    _put(lock.names, words[0], words[1])


def _asn(lock: Lock, rest: str) -> None:
    words = _words(rest)
    if len(words) != 2:
        raise _BadRecord("expected `asn DEVICE NUMBER`")
    _put(lock.asns, words[0], _number(words[1]))


def _addr(lock: Lock, rest: str) -> None:
    words = _words(rest)
    if len(words) != 3 or words[1] != "lo0":
        raise _BadRecord("expected `addr DEVICE lo0 ADDRESS/32`")
    _put(lock.loopbacks, words[0], _address(words[2], 32))


def _key(words: Sequence[str]) -> str:
    return f"{words[0]} {words[1]} -- {words[3]} {words[4]}"


def _port(lock: Lock, rest: str) -> None:
    words = _split(rest)
    if len(words) not in (8, 10) or words[2] != "--" or words[5] != "cable":
        raise _BadRecord("expected `port DEVICE PORT -- DEVICE PORT cable PART LENGTH [p2p ADDRESS/31]`")
    key = _key(words)
    _put(lock.cables, key, f"{words[6]} {words[7]}")
    if len(words) == 10:
        if words[8] != "p2p":
            raise _BadRecord(f"expected `p2p ADDRESS/31` after the length, found `{words[8]}`")
        _put(lock.p2p, key, _address(words[9], 31))


def _note(lock: Lock, rest: str) -> None:
    words = _words(rest)
    if len(words) != 3 or words[0] != "naming" or words[1] not in ("switch", "node"):
        raise _BadRecord('expected `note naming switch|node "TEMPLATE"`')
    _put(lock.naming, words[1], words[2])


_READERS: dict[str, Callable[[Lock, str], None]] = {
    "note": _note,
    "pick": _pick,
    "count": _count,
    "name": _name,
    "asn": _asn,
    "addr": _addr,
    "port": _port,
}
