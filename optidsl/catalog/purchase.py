"""What buying costs, as a design's own files state it: never a fact of a part, never in the standard library."""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import field, record
from optidsl.diag import Span

PURCHASE_KINDS = frozenset({"price", "fee", "stock"})
"""Kinds of block that state what buying costs."""


@record(frozen=True, slots=True)
class Price:
    """The price of a part in the design's currency; `each` is None for a cable that is priced by the metre alone."""

    part: str
    each: Fraction | None
    per_metre: Fraction | None
    as_of: str
    source: str
    span: Span

    def of(self, length_mm: int) -> Fraction | None:
        """Return the price of one, of a cable at its ordered length (mm, 0 for parts without one)."""
        if self.per_metre is None:
            return self.each
        return None if length_mm < 0 else (self.each or Fraction(0)) + self.per_metre * Fraction(length_mm, 1000)


@record(frozen=True, slots=True)
class Fee:
    """What a protocol costs for each switch port in use, in the design's currency."""

    protocol: str
    per_port: Fraction
    as_of: str
    source: str
    span: Span


@record(frozen=True, slots=True)
class Stock:
    """Parts that are there already; `length_mm` 0 for parts without a length, `site` "" where any site will do."""

    part: str
    quantity: int
    length_mm: int
    site: str
    as_of: str
    span: Span


@record(frozen=True, slots=True)
class Purchase:
    """Everything a design's files say of buying. `fx_as_of` is the day of the rates of exchange, "" without any."""

    currency: str = "USD"
    prices: dict[str, Price] = field(default_factory=dict)
    fees: dict[str, Fee] = field(default_factory=dict)
    stock: tuple[Stock, ...] = ()
    fx_as_of: str = ""
    fx_span: Span | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is stated."""
        return not (self.prices or self.fees or self.stock)
