"""The records of a lock as text, one kind at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from optidsl.lock.model import Freed, Lock
from optidsl.lock.write import cable_text

Item = TypeVar("Item")

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"]+')
_MOST = 2**32 - 1
"""The greatest AS number. Source: RFC 6793 section 3. Counts and units are far below."""

_HOST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_IPV4 = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})/([0-9]{1,2})")


class BadRecord(Exception):
    """A line that is no record; the message says what was expected."""


def split(rest: str) -> list[str]:
    """Return the words of a record, those in quotes without them."""
    if '"' not in rest:
        return rest.split()
    return [_unquoted(word) if word[0] == '"' else word for word in _WORD.findall(rest)]


def _unquoted(word: str) -> str:
    if "\\" not in word and word.isprintable():
        return word[1:-1]
    import json

    try:
        return str(json.loads(word))
    except json.JSONDecodeError:
        raise BadRecord("a quoted word is not written as JSON writes strings") from None


def _put(table: dict[str, Item], key: str, value: Item) -> None:
    if key in table:
        raise BadRecord(f"`{key}` has a second record of this kind")
    table[key] = value


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadRecord(f"`{text}` is not a whole number")
    if len(text) > len(str(_MOST)) or int(text) > _MOST:
        raise BadRecord(f"`{text[:20]}` is more than {_MOST}, the most that such a number can be")
    return int(text)


def _address(text: str, length: int) -> int:
    match = _IPV4.fullmatch(text)
    if match is None:
        raise BadRecord(f"`{text}` is not an IPv4 address with its length")
    a, b, c, d, found = map(int, match.groups())
    if max(a, b, c, d) > 255:
        raise BadRecord(f"`{text}` is not an IPv4 address with its length")
    if found != length:
        raise BadRecord(f"`{text}` is not a /{length}")
    return a << 24 | b << 16 | c << 8 | d


def _pick(lock: Lock, rest: str) -> None:
    name, equals, candidate = rest.strip().rpartition(" = ")
    if not equals:
        raise BadRecord("expected `pick LINKS = PARTS`")
    _put(lock.picks, name, candidate)


def _shape(lock: Lock, rest: str) -> None:
    name, equals, shape = rest.strip().partition(" = ")
    if not equals:
        raise BadRecord("expected `shape FABRIC[.TIER] = WORDS`")
    _put(lock.shapes, name, shape)


def _place(lock: Lock, rest: str) -> None:
    words = split(rest)
    if len(words) != 3:
        raise BadRecord("expected `place DEVICE RACK UNIT`")
    _put(lock.places, words[0], (words[1], _number(words[2])))


def _count(lock: Lock, rest: str) -> None:
    name, equals, count = rest.strip().rpartition(" = ")
    if not equals:
        raise BadRecord("expected `count FABRIC.TIER = NUMBER`")
    _put(lock.counts, name, _number(count))


def _name(lock: Lock, rest: str) -> None:
    words = split(rest)
    if len(words) != 2:
        raise BadRecord("expected `name GROUP[KEY] NAME`")
    if _HOST_NAME.fullmatch(words[1]) is None:
        raise BadRecord(f"`{words[1]}` cannot name a host: letters, digits, `-`, `_` and `.`, 63 at most")
    _put(lock.names, words[0], words[1])


def _asn(lock: Lock, rest: str) -> None:
    words = split(rest)
    if len(words) != 2:
        raise BadRecord("expected `asn DEVICE NUMBER`")
    _put(lock.asns, words[0], _number(words[1]))


def _addr(lock: Lock, rest: str) -> None:
    words = split(rest)
    if len(words) != 3 or words[1] != "lo0":
        raise BadRecord("expected `addr DEVICE lo0 ADDRESS/32`")
    _put(lock.loopbacks, words[0], _address(words[2], 32))


def _port(lock: Lock, rest: str) -> None:
    words = split(rest)
    if len(words) not in (8, 10) or words[2] != "--" or words[5] != "cable":
        raise BadRecord("expected `port DEVICE PORT -- DEVICE PORT cable PART LENGTH [p2p ADDRESS/31]`")
    key = (words[0], words[1], words[3], words[4])
    if key in lock.cables:
        raise BadRecord(f"`{cable_text(key)}` has a second record of this kind")
    lock.cables[key] = f"{words[6]} {words[7]}"
    if len(words) == 10:
        if words[8] != "p2p":
            raise BadRecord(f"expected `p2p ADDRESS/31` after the length, found `{words[8]}`")
        lock.p2p[key] = _address(words[9], 31)


def _note(lock: Lock, rest: str) -> None:
    words = split(rest)
    if len(words) != 3 or words[0] != "naming" or words[1] not in ("switch", "node"):
        raise BadRecord('expected `note naming switch|node "TEMPLATE"`')
    _put(lock.naming, words[1], words[2])


def _free(lock: Lock, rest: str) -> None:
    words = split(rest)
    since = ""
    if len(words) > 2 and words[-2] == "since":
        since = words.pop()
        words.pop()
        if not _is_day(since):
            raise BadRecord(f"`{since}` is no day, as 2027-01-31")
    kind = words[0] if words else ""
    of_cable = kind == "p2p" and len(words) == 7 and words[4] == "--"
    if not of_cable and (kind not in ("name", "asn", "addr") or len(words) != 3):
        raise BadRecord("expected `free name|asn|addr|p2p VALUE OWNER [since DAY]`")
    value: str | int = words[1]
    if kind == "asn":
        value = _number(words[1])
    elif kind != "name":
        value = _address(words[1], 32 if kind == "addr" else 31)
    owner = (words[2], words[3], words[5], words[6]) if of_cable else (words[2],)
    if (kind, owner) in lock.free:
        raise BadRecord(f"`{' '.join(words[2:])}` has a second record of this kind")
    lock.free[kind, owner] = Freed(value, since)


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


READERS: dict[str, Callable[[Lock, str], None]] = {
    "note": _note,
    "pick": _pick,
    "shape": _shape,
    "count": _count,
    "name": _name,
    "place": _place,
    "asn": _asn,
    "addr": _addr,
    "port": _port,
    "free": _free,
}
