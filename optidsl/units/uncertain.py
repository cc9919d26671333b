"""Quantities that nature chooses inside limits: `5W ± 1W`, `10m..50m`.

A value is a multilinear polynomial over symbols. Each symbol is one independent choice of nature, so `v - v` is exactly
zero, and the extremes of the polynomial lie on corners of the box of symbols.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from fractions import Fraction
from itertools import product
from math import prod

from optidsl._record import record
from optidsl.units import algebra
from optidsl.units.dim import NUMBER, Dim, Kind, type_name
from optidsl.units.errors import UnitError
from optidsl.units.quantity import Quantity, Value

_MOST_TOGETHER = 12
_MOST_FACTORS = 8


@record(frozen=True, slots=True)
class Symbol:
    """One choice of nature: an offset from the nominal value between `low` and `high`, in base units.

    `key` is its identity: two symbols are the same choice exactly when their keys are equal. Keys of one compilation
    must be sortable among each other (tuples of one form, say).
    """

    key: Hashable
    low: Fraction
    high: Fraction


Monomial = tuple[Symbol, ...]


def _order(symbol: Symbol) -> str:
    return repr(symbol.key)


@record(frozen=True, slots=True)
class Uncertain:
    """`sum(coefficient * product of symbols)` in base units of `dim`; the empty product carries the nominal value."""

    terms: tuple[tuple[Monomial, Fraction], ...]
    dim: Dim = NUMBER
    kind: Kind = "lin"
    unit: str = ""

    @classmethod
    def exact(cls, value: Quantity | Fraction | int) -> Uncertain:
        """Return an exact value in this form."""
        q = value if isinstance(value, Quantity) else Quantity(Fraction(value))
        return cls((((), q.value),), q.dim, q.kind, q.unit)

    @classmethod
    def between(cls, low: Quantity | Fraction | int, high: Quantity | Fraction | int, key: Hashable) -> Uncertain:
        """Return nature's choice in `low..high` (both ends included), nominally in the middle.

        Raises:
            UnitError: `range-mismatch` for different dimensions, `reversed-range` when `low` is above `high`.
        """
        a = low if isinstance(low, Quantity) else Quantity(Fraction(low))
        b = high if isinstance(high, Quantity) else Quantity(Fraction(high))
        check_range(a, b)
        half = (b.value - a.value) / 2
        return cls._around(a.value + half, Symbol(key, -half, half), a)

    @classmethod
    def tolerance(
        cls,
        nominal: Quantity | Fraction | int,
        deviation: Quantity | Fraction | int,
        key: Hashable,
        *,
        relative: bool = False,
    ) -> Uncertain:
        """Return `nominal ± deviation`.

        Args:
            nominal: the middle.
            deviation: how far nature may go to either side; for a level, a gain.
            key: the identity of the choice.
            relative: whether the deviation is a fraction of the nominal value (a percent literal).
        """
        a = nominal if isinstance(nominal, Quantity) else Quantity(Fraction(nominal))
        b = deviation if isinstance(deviation, Quantity) else Quantity(Fraction(deviation))
        if relative and b.is_number:
            reach = abs(a.value * b.value)
        else:
            _check_deviation(a, b)
            reach = abs(b.value)
        return cls._around(a.value, Symbol(key, -reach, reach), a)

    @classmethod
    def _around(cls, nominal: Fraction, symbol: Symbol, like: Quantity) -> Uncertain:
        terms: dict[Monomial, Fraction] = {(): nominal}
        if symbol.low != symbol.high:
            terms[(symbol,)] = Fraction(1)
        return cls(_normal(terms), like.dim, like.kind, like.unit)

    @property
    def type_name(self) -> str:
        """Return the name of its type."""
        return type_name(self.dim, self.kind)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Return the choices it depends on, in a fixed order."""
        return tuple(sorted({symbol for monomial, _ in self.terms for symbol in monomial}, key=_order))

    @property
    def is_exact(self) -> bool:
        """Tell whether nature has no say in it."""
        return not self.symbols

    @property
    def nominal(self) -> Value:
        """Return the value with every choice at its middle."""
        return self.at({})

    def at(self, offsets: dict[Symbol, Fraction]) -> Value:
        """Return the value for these offsets of symbols (0 for those not named)."""
        zero = Fraction(0)
        products = (c * prod((offsets.get(s, zero) for s in monomial), start=Fraction(1)) for monomial, c in self.terms)
        return self._value(sum(products, zero))

    def _value(self, value: Fraction) -> Value:
        return value if self.kind == "lin" and self.dim.is_number else Quantity(value, self.dim, self.kind, self.unit)

    def __neg__(self) -> Uncertain:
        return Uncertain(tuple((m, -c) for m, c in self.terms), self.dim, self.kind, self.unit)

    def __add__(self, other: Uncertain | Quantity | Fraction | int) -> Uncertain:
        return _sum(self, _lift(other), 1)

    def __radd__(self, other: Quantity | Fraction | int) -> Uncertain:
        return _sum(_lift(other), self, 1)

    def __sub__(self, other: Uncertain | Quantity | Fraction | int) -> Uncertain:
        return _sum(self, _lift(other), -1)

    def __rsub__(self, other: Quantity | Fraction | int) -> Uncertain:
        return _sum(_lift(other), self, -1)

    def __mul__(self, other: Uncertain | Quantity | Fraction | int) -> Uncertain:
        return _product(self, _lift(other))

    def __rmul__(self, other: Quantity | Fraction | int) -> Uncertain:
        return _product(_lift(other), self)

    def __truediv__(self, other: Uncertain | Quantity | Fraction | int) -> Uncertain:
        return _quotient(self, _lift(other))

    def __rtruediv__(self, other: Quantity | Fraction | int) -> Uncertain:
        return _quotient(_lift(other), self)

    def corners(self) -> list[Value]:
        """Return the value at every corner of its symbols: 2^n of them.

        Raises:
            UnitError: `too-many-tolerances` for more than 12 symbols.
        """
        return [self.at(corner) for corner in _corners(self.symbols)]

    def bounds(self) -> tuple[Value, Value]:
        """Return the exact least and greatest value over all of nature's choices.

        Symbols that never meet in a product are independent, so each group of symbols that do is searched alone.

        Raises:
            UnitError: `too-many-tolerances` when more than 12 symbols meet in products.
        """
        low = high = Fraction(0)
        for group in _groups(self.terms):
            part = Uncertain(group, NUMBER)
            values = [_number(part.at(corner)) for corner in _corners(part.symbols)]
            low, high = low + min(values), high + max(values)
        return self._value(low), self._value(high)


def check_range(low: Quantity, high: Quantity) -> None:
    """Raise `UnitError` unless `low..high` is a range: one dimension, low end first."""
    if (low.dim, low.kind) != (high.dim, high.kind):
        names = algebra.name_of((low.dim, low.kind)), algebra.name_of((high.dim, high.kind))
        raise UnitError("range-mismatch", f"the ends of the range {low}..{high} differ: {names[0]} and {names[1]}")
    if low.value > high.value:
        raise UnitError(
            "reversed-range",
            f"the range {low}..{high} is reversed: it starts at its higher end",
            f"write `{high}..{low}`",
            f"{high}..{low}",
        )


def _check_deviation(a: Quantity, b: Quantity) -> None:
    if a.kind == "level" and b.kind == "gain" and b.dim.is_number:
        return
    if (a.dim, a.kind) != (b.dim, b.kind) or a.kind == "level":
        raise UnitError(
            "unit-mismatch",
            f"the tolerance of {a} ({a.type_name}) cannot be {b} ({algebra.name_of((b.dim, b.kind))})",
            "a tolerance has the unit of the value, dB for a level, or is a percent",
        )


def _number(value: Value) -> Fraction:
    return value.value if isinstance(value, Quantity) else value


def _lift(value: Uncertain | Quantity | Fraction | int) -> Uncertain:
    return value if isinstance(value, Uncertain) else Uncertain.exact(value)


def _normal(terms: dict[Monomial, Fraction]) -> tuple[tuple[Monomial, Fraction], ...]:
    kept = [(m, c) for m, c in terms.items() if c or not m]
    return tuple(sorted(kept, key=lambda term: (len(term[0]), tuple(_order(s) for s in term[0]))))


def _sum(a: Uncertain, b: Uncertain, sign: int) -> Uncertain:
    dim, kind = algebra.sum_kind((a.dim, a.kind), (b.dim, b.kind), sign)
    terms = dict(a.terms)
    for monomial, coefficient in b.terms:
        terms[monomial] = terms.get(monomial, Fraction(0)) + sign * coefficient
    unit = (a.unit or b.unit) if a.kind == b.kind == kind else ""
    if "degC" in (a.unit, b.unit):
        unit = algebra.temperature_sum_unit(a.unit, b.unit, sign)
    return Uncertain(_normal(terms), dim, kind, unit)


def _product(a: Uncertain, b: Uncertain) -> Uncertain:
    algebra.refuse_celsius(a.unit, b.unit)
    dim, kind = algebra.product_kind((a.dim, a.kind), (b.dim, b.kind))
    if set(a.symbols) & set(b.symbols):
        raise UnitError(
            "non-monotone",
            "a value with a tolerance is multiplied by itself: its worst case need not lie at an end",
            "use its nominal value in one of the factors: `nominal(x)`",
        )
    degree = sum(max(len(monomial) for monomial, _ in side.terms) for side in (a, b))
    if degree > _MOST_FACTORS:
        raise _too_many(degree)
    terms: dict[Monomial, Fraction] = {}
    for (m, x), (n, y) in product(a.terms, b.terms):
        key = tuple(sorted(m + n, key=_order))
        terms[key] = terms.get(key, Fraction(0)) + x * y
    plain_a, plain_b = a.dim.is_number and a.kind == "lin", b.dim.is_number and b.kind == "lin"
    return Uncertain(_normal(terms), dim, kind, a.unit if plain_b else b.unit if plain_a else "")


def _quotient(a: Uncertain, b: Uncertain) -> Uncertain:
    algebra.refuse_celsius(a.unit, b.unit)
    dim, kind = algebra.quotient_kind((a.dim, a.kind), (b.dim, b.kind))
    if not b.is_exact:
        raise UnitError(
            "uncertain-divisor",
            "cannot divide by a value with a tolerance",
            "divide by its nominal value, or multiply the other side of the comparison: `a <= b * x`",
        )
    divisor = _number(b.nominal)
    if divisor == 0:
        raise UnitError("division-by-zero", "division by zero")
    unit = a.unit if b.dim.is_number and b.kind == "lin" else ""
    return Uncertain(tuple((m, c / divisor) for m, c in a.terms), dim, kind, unit)


def _too_many(count: int) -> UnitError:
    return UnitError(
        "too-many-tolerances",
        f"the worst case depends on {count} values with a tolerance at once: too many to try every combination",
        "give some of them a nominal value: `nominal(x)`",
    )


def _corners(symbols: tuple[Symbol, ...]) -> Iterator[dict[Symbol, Fraction]]:
    if len(symbols) > _MOST_TOGETHER:
        raise _too_many(len(symbols))
    for choice in product(*((symbol.low, symbol.high) for symbol in symbols)):
        yield dict(zip(symbols, choice, strict=True))


def _groups(terms: tuple[tuple[Monomial, Fraction], ...]) -> list[tuple[tuple[Monomial, Fraction], ...]]:
    groups: list[tuple[set[Symbol], list[tuple[Monomial, Fraction]]]] = []
    for monomial, coefficient in terms:
        symbols, members = set(monomial), [(monomial, coefficient)]
        apart = []
        for other_symbols, other_members in groups:
            if symbols & other_symbols:
                symbols |= other_symbols
                members = other_members + members
            else:
                apart.append((other_symbols, other_members))
        groups = [*apart, (symbols, members)]
    return [tuple(members) for _, members in groups]
