"""A call of a library function, with checks of its arguments."""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import record
from optidsl.diag import Span
from optidsl.sema.iteration import iterate
from optidsl.sema.operators import wrong_type
from optidsl.sema.session import Session
from optidsl.sema.values import (
    Number,
    Poison,
    PrefixText,
    RangeValue,
    Solved,
    Value,
    describe,
)
from optidsl.units import Quantity, Uncertain


@record(frozen=True, slots=True)
class CallSite:
    """A call: the function's name, the values of its arguments, and where they stand."""

    session: Session
    name: str
    values: tuple[Value, ...]
    spans: tuple[Span, ...]
    span: Span

    def reject(self, position: int, wanted: str) -> Poison:
        """Report an argument of the wrong type."""
        return wrong_type(
            self.session, f"`{self.name}` needs {wanted}, found {describe(self.values[position])}", self.spans[position]
        )

    def items(self, position: int = 0) -> tuple[Value, ...] | None:
        """Return an argument's items: of a list, a range of integers, or a family; None after an error."""
        value = self.values[position]
        if isinstance(value, tuple):
            return value
        steps = iterate(self.session, value, self.spans[position], 1)
        return None if steps is None else tuple(step[0] for step in steps)

    def integer(self, position: int) -> int | None:
        """Return an argument that must be an Int; None after an error."""
        value = self.values[position]
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self._refuse(position, "an Int")
        return None

    def plain(self, position: int = 0) -> Fraction | None:
        """Return an argument that must be a number without a unit; None after an error."""
        value = self.values[position]
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return Fraction(value)
        if isinstance(value, Quantity):
            self.session.sink.error(
                "wrong-type",
                f"`{self.name}` needs a number, found {describe(value)}",
                self.spans[position],
                helps=("divide by a unit first, as `x / 1m`",),
            )
        else:
            self._refuse(position, "a number")
        return None

    def exact(self, position: int = 0) -> int | Fraction | Quantity | None:
        """Return an argument that must be an exact number or quantity; None after an error."""
        value = self.values[position]
        if isinstance(value, int | Fraction | Quantity) and not isinstance(value, bool):
            return value
        self._refuse(position, "an exact number or quantity")
        return None

    def number(self, position: int = 0) -> Number | None:
        """Return an argument that must be a number or quantity, exact or not; None after an error."""
        value = self.values[position]
        if isinstance(value, RangeValue):
            return value.uncertain
        if isinstance(value, int | Fraction | Quantity | Uncertain) and not isinstance(value, bool):
            return value
        self._refuse(position, "a number or a quantity")
        return None

    def prefix(self, position: int = 0) -> str | None:
        """Return an argument that must be an address or a prefix; None after an error."""
        value = self.values[position]
        if isinstance(value, PrefixText | str):
            return str(value)
        self._refuse(position, "a Prefix")
        return None

    def _refuse(self, position: int, wanted: str) -> None:
        if isinstance(self.values[position], Solved):
            self.session.sink.error(
                "not-static",
                f"`{self.name}` needs {wanted} that is known before anything is solved",
                self.spans[position],
                "decided later",
            )
        else:
            self.reject(position, wanted)
