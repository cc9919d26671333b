"""Comparisons with figures put in: holds, fails or unknown, both sides, and by how much."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

from optidsl._record import record
from optidsl.proofs.figures import SHARES, Figure
from optidsl.sema.operators import combine
from optidsl.sema.pairs import function_of
from optidsl.sema.values import Comparison, Number, Solved, show
from optidsl.units import Quantity, Uncertain

Verdict = Literal["holds", "fails", "unknown"]
LookUp = Callable[[str], Figure]

_HOLDS: dict[str, Callable[[Fraction], bool]] = {
    "<=": lambda gap: gap <= 0,
    "<": lambda gap: gap < 0,
    ">=": lambda gap: gap >= 0,
    ">": lambda gap: gap > 0,
    "==": lambda gap: gap == 0,
}
_WANTED = {"<=": "at most", "<": "less than", ">=": "at least", ">": "more than", "==": ""}


@record(frozen=True, slots=True)
class Outcome:
    """A comparison judged. `excess` is how far it is missed (negative: to spare), None where that is no number."""

    verdict: Verdict
    found: str
    wanted: str
    short_by: str
    note: str
    excess: Fraction | None


def judge(comparison: Comparison, look_up: LookUp) -> Outcome:
    """Return what becomes of a comparison when figures are put in."""
    is_share = any(_is_share(side) for side in (comparison.left, comparison.right))
    left, right = _side(comparison.left, look_up, is_share), _side(comparison.right, look_up, is_share)
    notes = "; ".join(dict.fromkeys(note for note in (left.note, right.note) if note))
    wanted = f"{_WANTED[comparison.op]} {right.text}".strip()
    if left.endless or right.endless:
        above = left.endless - right.endless
        holds = (comparison.op in (">", ">=") and above > 0) or (comparison.op in ("<", "<=") and above < 0)
        return Outcome("holds" if holds else "fails", left.text, wanted, "", notes, None)
    if left.value is None or right.value is None:
        return Outcome("unknown", left.text, wanted, "", notes, None)
    difference = combine("-", left.value, right.value)
    gap = _plain(difference)
    verdict: Verdict = "holds" if _HOLDS[comparison.op](gap) else "fails"
    if verdict == "holds" and (left.is_open or right.is_open):
        verdict = "unknown"
    excess = abs(gap) if comparison.op == "==" else gap if comparison.op in ("<", "<=") else -gap
    short = ""
    if verdict == "fails" and gap:
        amount = _shown(combine("*", 1 if gap > 0 else -1, difference), is_share)
        short = f"{amount} too {'much' if gap > 0 else 'little'}"
    return Outcome(verdict, left.text, wanted, short, notes, excess)


@record(frozen=True, slots=True)
class _Side:
    """A side of a comparison: its value, None where a figure lacks; `endless` is 1 or -1 beyond every number."""

    value: Number | None
    text: str
    note: str
    endless: int = 0
    is_open: bool = False


def _is_share(side: Number | Solved) -> bool:
    return isinstance(side, Solved) and any(function_of(name) in SHARES for name in side.terms)


def _side(side: Number | Solved, look_up: LookUp, is_share: bool) -> _Side:
    if not isinstance(side, Solved):
        return _Side(side, _shown(side, is_share), "")
    total, notes, text = side.constant, list[str](), ""
    endless, is_open, is_known = 0, False, True
    for name, factor in side.terms.items():
        figure = look_up(name)
        notes += [figure.note] if figure.note else []
        if figure.is_endless:
            endless = 1 if _plain(factor) > 0 else -1
        elif figure.value is None:
            is_known = False
        else:
            total = combine("+", _dimensioned(total, factor), combine("*", factor, figure.value))
            is_open, text = is_open or figure.is_open, "at most " if figure.is_bound else text
    if endless:
        return _Side(None, "without end", "; ".join(notes), endless)
    if not is_known:
        return _Side(None, "not known", "; ".join(notes))
    return _Side(total, text + _shown(total, is_share), "; ".join(notes), is_open=is_open)


def _shown(value: Number, is_share: bool) -> str:
    """Print a value; shares in percent, and a fraction that has no short decimal with six places."""
    if isinstance(value, Quantity):
        return show(Quantity(value.value, value.dim, value.kind))  # in a unit that suits its size
    if isinstance(value, int | Fraction) and is_share:
        return f"{_tidy(Fraction(value) * 100)}%"
    return _tidy(value) if isinstance(value, Fraction) else show(value)


def _tidy(value: Fraction) -> str:
    is_short = (value * 10**6).denominator == 1
    return ("" if is_short else "about ") + show(value if is_short else round(value, 6))


def _dimensioned(total: Number, factor: Number) -> Number:
    """Return a plain zero as zero of a dimension, so that it can be added to."""
    return combine("*", 0, factor) if total == 0 and isinstance(factor, Quantity) else total


def _plain(value: Number) -> Fraction:
    if isinstance(value, Uncertain):
        value = value.nominal
    return value.value if isinstance(value, Quantity) else Fraction(value)
