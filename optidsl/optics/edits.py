"""Changes of a source text that relax one statement: another number, a longer list, a name brought into scope."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from optidsl._context import Context
from optidsl.catalog.parts import Catalog, Part
from optidsl.diag import Edit, Fix, Span
from optidsl.optics.text import quantity
from optidsl.sema.slot import Slot
from optidsl.units.dim import CURRENCIES

_LITERAL = re.compile(r"(?<![\w.-])(\d[\d_]*(?:\.\d+)?)\s*([A-Za-z%][A-Za-z/%]*)?")
_HIDDEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*')
_SCALES: dict[str, dict[str, int]] = {
    "mm": {"km": 1_000_000, "m": 1_000, "cm": 10, "mm": 1},
    "mW": {"MW": 1_000_000_000, "kW": 1_000_000, "W": 1_000, "mW": 1},
    "mdB": {"dB": 1_000},
    "Mbps": {"Tbps": 1_000_000, "Gbps": 1_000, "Mbps": 1},
    "ps": {"ms": 1_000_000_000, "us": 1_000_000, "ns": 1_000, "ps": 1},
    "": {"": 1},
    **{currency: {currency: 1} for currency in CURRENCIES},
}
"""By base unit: the units an author may have written, and how many base units each is."""


def fix(title: str, edits: tuple[Edit, ...]) -> Fix:
    """Return a fix that changes the design; without edits it only says what to do."""
    return Fix(title, edits, "unsafe" if edits else "display")


def printable(value: Fraction, unit: str, *, is_upper: bool) -> Fraction:
    """Return a limit that three decimals can print and that is no tighter: rounded up if upper, else down."""
    scale = _printed_scale(value, unit)
    steps = value / scale * 1000
    return Fraction(ceil(steps) if is_upper else floor(steps), 1000) * scale


def literal(value: Fraction, unit: str) -> str:
    """Return a printable amount as the language writes it: `4.365kW`."""
    return quantity(value, unit).replace(" ", "").replace(",", "")


def _printed_scale(value: Fraction, unit: str) -> int:
    """Return how many base units make the one that `quantity` prints a value in."""
    written = quantity(value, unit).rpartition(" ")[2] if unit else ""
    return _SCALES[unit][written]


def number_edit(span: Span | None, old: Fraction, new: Fraction, unit: str, context: Context) -> tuple[Edit, ...]:
    """Replace the number of a statement that stands for its limit; none when that is not plain to see.

    Args:
        span: the statement.
        old: its limit, in `unit`.
        new: the limit wanted, in `unit`.
        unit: the base unit.
        context: where the text is.
    """
    if span is None:
        return ()
    text = _HIDDEN.sub(lambda match: " " * len(match[0]), context.sources.slice(span)).partition("{")[0]
    found = [match for match in _LITERAL.finditer(text) if _value(match, unit) == old and _is_plain(text, match)]
    if len(found) != 1:
        return ()
    start = span.start + found[0].start()
    return (Edit(Span(span.file, start, start + len(found[0][0].rstrip())), literal(new, unit)),)


def ratio_edit(span: Span, old: Fraction, new: Fraction, context: Context) -> tuple[Edit, ...]:
    """Replace the ratio of a statement, as `3:1`; none when it is not plain to see."""
    text = _HIDDEN.sub(lambda match: " " * len(match[0]), context.sources.slice(span)).partition("{")[0]
    found = [
        match
        for match in re.finditer(r"(?<![\w.:])(\d+)\s*:\s*(\d+)(?![\w.:])", text)
        if int(match[2]) and Fraction(int(match[1]), int(match[2])) == old
    ]
    if len(found) != 1:
        return ()
    start = span.start + found[0].start()
    return (Edit(Span(span.file, start, start + len(found[0][0])), f"{new.numerator}:{new.denominator}"),)


def _value(match: re.Match[str], unit: str) -> Fraction | None:
    scale = _SCALES.get(unit, {}).get(match[2] or "")
    return None if scale is None else Fraction(match[1].replace("_", "")) * scale


def _is_plain(text: str, match: re.Match[str]) -> bool:
    """Tell whether a number is a summand of its side, neither multiplied, divided nor an argument."""
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    is_factor = before.endswith(("*", "/", "-", ":")) or after.startswith(("*", "/", ":"))
    return not is_factor and before.count("(") == before.count(")")


def _written(word: str) -> str:
    """Return a word as the language writes it: bare, or quoted when it is no bare word."""
    return word if re.fullmatch(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*", word) else f'"{word}"'


def list_edit(slot: Slot[str], words: Sequence[str], context: Context) -> tuple[Edit, ...]:
    """Put words at the end of a list, or turn a single word into a list."""
    if slot.span is None:
        return ()
    text, span = context.sources.slice(slot.span), slot.span
    close = text.rfind("]")
    if close >= 0:
        at = span.start + close
        return (Edit(Span(span.file, at, at), "".join(f", {_written(word)}" for word in words)),)
    if slot.value is None or text.count(slot.value) != 1 or "=" not in text:
        return ()
    start, equals = text.index(slot.value), text.rindex("=", 0, text.index(slot.value))
    is_quoted = text[start - 1 : start] == '"'
    end = start + len(slot.value) + is_quoted
    wider = f"in [{', '.join(_written(word) for word in (slot.value, *words))}]"
    return (Edit(Span(span.file, span.start + equals, span.start + end), wider),)


def import_edits(
    catalog: Catalog, words: Sequence[str], span: Span | None, context: Context
) -> tuple[Edit, ...] | None:
    """Bring parts of the standard library into the scope of a file; None when a name cannot be brought there."""
    if span is None:
        return ()
    text = context.sources[span.file].text
    plain = _HIDDEN.sub(lambda match: " " * len(match[0]), text)
    lines: list[str] = []
    for word in words:
        if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", plain):
            continue
        parts: tuple[dict[str, Part], ...] = (
            dict(catalog.transceivers),
            dict(catalog.fiber_cables),
            dict(catalog.direct_cables),
        )
        part = next((table[word] for table in parts if word in table), None)
        path = "" if part is None else context.sources[part.span.file].path
        module = re.fullmatch(r"<std>/([a-z0-9-]+)\.optd", path)
        if module is None:
            return None
        lines.append(f"use std.{module[1]} {{ {word} }}\n")
    start = re.search(r"^(use|design|component|layer|policy|let)\b", plain, re.MULTILINE)
    if lines and start is None:
        return None
    at = 0 if start is None else start.start()
    return (Edit(Span(span.file, at, at), "".join(lines)),) if lines else ()
