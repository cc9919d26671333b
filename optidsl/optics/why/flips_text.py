"""What flips the verdict, as text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from optidsl._context import Context
from optidsl.optics.text import listing, number, quantity
from optidsl.optics.why.class_text import filled
from optidsl.optics.why.flips import Flip, Sensitivity

_PLAIN_RATIO = 256
"""Ratios of whole numbers up to this are told exactly, as ports are counted."""

SHOWN = 2
"""Classes that change with a number and are told by name."""


def flip_lines(found: Sequence[Sensitivity], context: Context) -> list[str]:
    """Return for every number its value, the first change each way, and where the design ends to be possible."""
    if not found:
        return ["no number of the design that the compiler weighs can be moved"]
    lines: list[str] = []
    for each in found:
        where = "" if each.span is None else f" ({context.sources.where(each.span)})"
        subject = f", {each.subject}" if each.subject else ""
        lines += filled("", f"{each.name}: now {_shown(each.value, each.unit)}{subject}{where}", "    ")
        lines += _way("down", each.down, each, each.ends[0])
        lines += _way("up", each.up, each, each.ends[1])
        if each.is_bounded:
            lines.append("    where it ends to be possible was not looked for any further")
    return lines


def _way(word: str, flip: Flip | None, each: Sensitivity, end: Fraction | None) -> list[str]:
    head = f"    {word:<5} "
    if flip is None:
        return [f"{head}nothing changes, however far"]
    by = abs(flip.last - each.value)
    last, first = _shown(flip.last, each.unit), _shown(flip.first, each.unit)
    room = f"the same to {last} ({_shown(by, each.unit)})" if by else f"the same at {last} only"
    then = f"at {first}" if first != last else f"{'below' if flip.first < flip.last else 'above'} it"
    if flip.lacks:
        return filled(head, f"{room}; {then} nobody knows: no usable number for {listing(list(flip.lacks), 'and')}")
    if flip.is_end:
        return filled(head, f"{room}; {then} nothing is possible")
    names = [f"{name} {'takes' if '--' in name else 'gets'} {candidate}" for name, candidate in flip.then[:SHOWN]]
    left = len(flip.then) - len(names)
    more = f", and {left} more" if left else ""
    lines = filled(head, f"{room}; {then} {', '.join(names)}{more}")
    if end is not None:
        lines += filled(" " * len(head), f"possible to {_shown(end, each.unit)}")
    return lines


def _shown(value: Fraction, unit: str) -> str:
    if unit != ":1":
        return quantity(value, unit)
    exact = f"{value.numerator}:{value.denominator}"
    return exact if max(value.numerator, value.denominator) <= _PLAIN_RATIO else f"{number(value)}:1"
