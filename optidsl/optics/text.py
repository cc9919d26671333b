"""Quantities as messages print them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

_Steps = tuple[tuple[int, int, str], ...]
_UNITS: dict[str, _Steps] = {
    "mm": ((10_000_000, 1_000_000, "km"), (0, 1_000, "m")),
    "mW": ((1_000_000, 1_000_000, "kW"), (0, 1_000, "W")),
    "mdB": ((0, 1_000, "dB"),),
    "mdBm": ((0, 1_000, "dBm"),),
    "Mbps": ((1_000_000, 1_000_000, "Tbps"), (0, 1_000, "Gbps")),
    "ps": ((1_000_000_000, 1_000_000_000, "ms"), (1_000_000, 1_000_000, "us"), (0, 1_000, "ns")),
}
"""By base unit: from which amount on, how many of it make one, its name."""


@lru_cache(maxsize=4096)
def quantity(value: int | Fraction, unit: str) -> str:
    """Return an amount in base units as people write it: `quantity(2350, "mm")` is "2.35 m".

    Args:
        value: amount in `unit`.
        unit: mm, mW, mdB, mdBm, Mbps, ps, a currency, or "" for a plain number.
    """
    exact = Fraction(value)
    for least, scale, name in _UNITS.get(unit, ()):
        if abs(exact) >= least:
            return f"{number(exact / scale)} {name}"
    return f"{number(exact)} {unit}" if unit else number(exact)


def number(value: Fraction) -> str:
    """Return a number with at most three decimals and no trailing zeros, thousands grouped."""
    rounded = round(value * 1000)
    whole, rest = divmod(abs(rounded), 1000)
    sign = "-" if rounded < 0 else ""
    decimals = f".{rest:03}".rstrip("0") if rest else ""
    return f"{sign}{whole:,}{decimals}"


def plural(count: int, word: str) -> str:
    """Return a count with its noun: "1 link", "512 links"."""
    form = word if count == 1 else f"{word}es" if word.endswith(("s", "x", "ch")) else f"{word}s"
    return f"{count:,} {form}"


MOST_NAMES = 4
"""Names that a sentence lists before it counts the rest."""


def some(names: Sequence[str], word: str) -> str:
    """Return names as a list in a sentence, those beyond the first few as a number: "a, b, c and 61 more classes"."""
    if len(names) <= MOST_NAMES:
        return listing(list(names), "and")
    return f"{', '.join(names[: MOST_NAMES - 1])} and {plural(len(names) - MOST_NAMES + 1, f'more {word}')}"


def listing(names: list[str], last: str = "or") -> str:
    """Return names as a list in a sentence: "a, b or c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
