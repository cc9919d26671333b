"""What the author said about one attribute: decided, bounded, or left open."""

from __future__ import annotations

from typing import Generic, TypeVar

from optidsl._record import record
from optidsl.diag import Span

T = TypeVar("T")


@record(frozen=True, slots=True)
class Slot(Generic[T]):
    """An attribute as the compiler may use it.

    `value` is set when the author decided (`x = v`). Otherwise the compiler chooses inside `options`
    (`x in [a, b]`, order as written) and `lower..upper` (`x <= b`, `x in a..b`); all None means `auto`.
    `span` is where it was written, None when nothing was.
    """

    value: T | None = None
    options: tuple[T, ...] | None = None
    lower: T | None = None
    upper: T | None = None
    span: Span | None = None

    @property
    def is_decided(self) -> bool:
        """Tell whether the author fixed the value."""
        return self.value is not None

    @property
    def is_open(self) -> bool:
        """Tell whether nothing at all limits the choice."""
        return self.value is None and self.options is None and self.lower is None and self.upper is None
