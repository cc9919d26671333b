"""Numbers made from names: the same device has the same one in every design, whatever else is in it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b


def hashed_numbers(names: Iterable[str], bits: int) -> dict[str, int]:
    """Return a number below `2**bits` for every name, no two alike.

    A number depends on its name alone, unless two names meet: then the later one in sorted order is hashed again.
    """
    found: dict[str, int] = {}
    used: set[int] = set()
    for name in sorted(set(names)):
        number, attempt = _hash(name, bits), 0
        while number in used:
            attempt += 1
            number = _hash(f"{name}#{attempt}", bits)
        used.add(number)
        found[name] = number
    return found


def _hash(text: str, bits: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> (64 - bits)
