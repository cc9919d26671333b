"""Linear forms to the solver's terms: base units, and one condition for each corner of nature's choices."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from optidsl.sema.comparison import order_test
from optidsl.sema.design import Affine, Condition, Metric
from optidsl.sema.operators import add_solved
from optidsl.sema.values import Comparison, Number, Solved
from optidsl.units import Quantity, Symbol, Uncertain, UnitError

_BASE = {"Length": "mm", "Power": "mW", "Rate": "Mbps", "Time": "ps"}
_MOST_SYMBOLS = 10

_ORIENTED = {"<=": (-1, ">="), "<": (-1, ">"), ">=": (1, ">="), ">": (1, ">"), "==": (1, "==")}


def in_base_units(value: int | Fraction | Quantity) -> Fraction:
    """Return a value as a plain number: mm, mW, Mbit/s, ps, or the unit table's base for other dimensions."""
    if not isinstance(value, Quantity):
        return Fraction(value)
    unit = _BASE.get(value.type_name)
    return value.value if unit is None else value.to(unit)


def affine_of(form: Solved) -> Affine | None:
    """Return a linear form in base units; None when nature has a say in it."""
    if any(isinstance(value, Uncertain) for value in (form.constant, *form.terms.values())):
        return None
    return _at(form, {}, 1)


def _symbols(form: Solved) -> tuple[Symbol, ...]:
    found: dict[Symbol, None] = {}
    for value in (form.constant, *form.terms.values()):
        if isinstance(value, Uncertain):
            found.update(dict.fromkeys(value.symbols))
    return tuple(found)


def _pick(value: Number, corner: dict[Symbol, Fraction]) -> Fraction:
    return in_base_units(value.at(corner) if isinstance(value, Uncertain) else value)


def _at(form: Solved, corner: dict[Symbol, Fraction], sign: int) -> Affine:
    terms = [(Metric(name), sign * _pick(coefficient, corner)) for name, coefficient in sorted(form.terms.items())]
    kept = tuple(term for term in terms if term[1])
    return Affine(sign * _pick(form.constant, corner), kept)


def conditions_of(comparison: Comparison) -> list[Condition] | None:
    """Return the conditions that a comparison stands for, one for each corner; None when it already fails.

    Raises:
        UnitError: the sides do not compare, or too many tolerances meet.
    """
    left, right = _form(comparison.left), _form(comparison.right)
    form = add_solved(left, right, "-")
    sign, relation = _ORIENTED[comparison.op]
    symbols = _symbols(form)
    if len(symbols) > _MOST_SYMBOLS:
        raise UnitError(
            "too-many-tolerances",
            f"{len(symbols)} values with a tolerance meet in one condition, at most {_MOST_SYMBOLS} can",
            "give some of them a nominal value: `nominal(x)`",
        )
    found: dict[Affine, None] = {}
    for choice in product(*((symbol.low, symbol.high) for symbol in symbols)):
        found.setdefault(_at(form, dict(zip(symbols, choice, strict=True)), sign))
    conditions: list[Condition] = []
    for affine in _worst_of(list(found)):
        if affine.terms:
            conditions.append(Condition(affine, relation, comparison.text))  # type: ignore[arg-type]
        elif not order_test(relation, (affine.constant > 0) - (affine.constant < 0)):
            return None
    return conditions


def _worst_of(corners: list[Affine]) -> list[Affine]:
    """Drop corners that another one with the same terms makes redundant; equalities keep them all."""
    least: dict[tuple[tuple[Metric, Fraction], ...], Affine] = {}
    for affine in corners:
        known = least.get(affine.terms)
        if known is None or affine.constant < known.constant:
            least[affine.terms] = affine
    return list(least.values())


def _form(value: Number | Solved) -> Solved:
    return value if isinstance(value, Solved) else Solved(value, {})
