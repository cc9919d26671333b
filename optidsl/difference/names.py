"""Lists of names, folded: `compute-leaf[001-012]`, `pod[1-8]-leaf[1-4]`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

_DIGITS = re.compile(r"(\d+)")


def folded(names: Iterable[str]) -> list[str]:
    """Return names with their numbers as ranges; what they stand for is the same set.

    A number with leading zeros keeps its width; numbers of one range have the same width then.
    """
    shapes: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for name in sorted(set(names)):
        pieces = _DIGITS.split(name)
        shapes.setdefault(tuple(pieces[::2]), []).append(tuple(pieces[1::2]))
    found = [_joined(words, numbers) for words, rows in shapes.items() for numbers in _boxes(rows)]
    return sorted(found, key=natural)


def natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return what sorts names as people do: numbers in them by value."""
    pieces = _DIGITS.split(name)
    return [(int(piece), "") if place % 2 else (0, piece) for place, piece in enumerate(pieces)], name


def listed(names: Iterable[str], limit: int, more: str = "") -> str:
    """Return folded names separated by commas, within a number of characters; the rest is counted.

    Args:
        names: what to list.
        limit: characters at most, those of the count aside.
        more: words after the count of what is left out.
    """
    return within(folded(names), limit, more)


def within(items: Sequence[str], limit: int, more: str = "") -> str:
    """Return items separated by commas, as many as fit into a number of characters; the rest is counted."""
    shown: list[str] = []
    room = limit
    for item in items:
        room -= len(item) + 2
        if room < 0:
            break
        shown.append(item)
    left = len(items) - len(shown)
    if left:
        shown.append(f"and {left:,} more{more}")
    return ", ".join(shown)


def by_prefix(names: Sequence[str], limit: int) -> tuple[str, int]:
    """Return names with the beginning they share written once, `pod-{a, b}`, and how many did not fit.

    Names are cut at `.`, `-` and `_`; what fits is by `limit` in characters.
    """
    stems: dict[str, list[str]] = {}
    for name in names:
        cut = max(name.rfind(mark, 0, len(name) - 1) for mark in ".-_") + 1
        stems.setdefault(name[:cut], []).append(name[cut:])
    text, left = "", len(names)
    for stem, ends in stems.items():
        lengths = list(accumulate((len(end) + 2 for end in ends), initial=len(text) + len(stem) + 2))
        size = bisect_right(lengths, limit) - 1
        if size > 0:
            item = stem + ends[0] if size == 1 else f"{stem}{{{', '.join(ends[:size])}}}"
            text += f", {item}" if text else item
            left -= size
    return text, left


Row = tuple[str, ...]


def _boxes(rows: list[Row]) -> list[Row]:
    """Fold rows of numbers, the last place first: rows that are alike but for one place become one."""
    if not rows or not rows[0]:
        return rows[:1]
    for place in range(len(rows[0]) - 1, -1, -1):
        alike: dict[tuple[Row, Row], list[str]] = {}
        for row in rows:
            alike.setdefault((row[:place], row[place + 1 :]), []).append(row[place])
        rows = [(*head, part, *tail) for (head, tail), values in alike.items() for part in _ranges(values)]
    return rows


def _ranges(values: list[str]) -> list[str]:
    """Return the ranges of a place as one text `[1-4,7]`, one for each way of writing numbers."""
    widths: dict[int, list[int]] = {}
    for value in values:
        width = len(value) if value.startswith("0") and len(value) > 1 else 0
        widths.setdefault(width, []).append(int(value))
    if len(widths) > 1:
        widths = _of_one_width(widths)
    return [_range_text(sorted(numbers), width) for width, numbers in sorted(widths.items())]


def _of_one_width(widths: dict[int, list[int]]) -> dict[int, list[int]]:
    """Let numbers without leading zeros join those of their own length that have them: 099 and 100."""
    plain = widths.pop(0, [])
    for number in plain:
        width = len(str(number))
        widths.setdefault(width if width in widths else 0, []).append(number)
    return widths


def _range_text(numbers: list[int], width: int) -> str:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    if len(numbers) == 1:
        return f"{numbers[0]:0{width}}"
    return "[" + ",".join(f"{a:0{width}}" if a == z else f"{a:0{width}}-{z:0{width}}" for a, z in runs) + "]"


def _joined(words: tuple[str, ...], numbers: Row) -> str:
    text = words[0]
    for number, word in zip(numbers, words[1:], strict=True):
        text += number + word
    return text
