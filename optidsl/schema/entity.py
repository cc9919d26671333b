"""A block after evaluation: values instead of expressions, ready to be lowered to a typed record."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optidsl._record import field, record
from optidsl.diag import InternalError, Span
from optidsl.schema.types import EntityRef, LanesValue, PartRef
from optidsl.source import Origin
from optidsl.units import Quantity, Uncertain

Scalar = bool | int | Fraction | str | Quantity | Uncertain | LanesValue | PartRef | EntityRef
Value = Scalar | tuple[Scalar, ...]


@record(frozen=True, slots=True)
class AttrValue:
    """An attribute as evaluated: one of decided (`value`), `options`, `lower`/`upper`, or open (all None).

    `cite` is the name of the source block the attribute stood in and `confidence` its confidence (catalogue only).
    """

    span: Span
    value_span: Span
    value: Value | None = None
    options: tuple[Scalar, ...] | None = None
    lower: Scalar | None = None
    upper: Scalar | None = None
    cite: str | None = None
    confidence: str | None = None
    is_default: bool = False


@record(slots=True)
class Entity:
    """One block. `keys` is None for a block without keys. `label_span` is its name's place."""

    kind: str
    name: str
    keys: tuple[int | str, ...] | None
    address: tuple[str, ...]
    origin: Origin
    label_span: Span
    doc: str = ""
    attrs: dict[str, AttrValue] = field(default_factory=dict)
    children: list[Entity] = field(default_factory=list)

    def get(self, name: str) -> AttrValue | None:
        """Return an attribute, or None when neither the author nor the schema says anything."""
        return self.attrs.get(name)

    def of_kind(self, kind: str) -> Iterator[Entity]:
        """Yield the children of a kind, in source order."""
        return (child for child in self.children if child.kind == kind)

    def value(self, name: str) -> Value | None:
        """Return a decided value, or None when the attribute is open or absent."""
        attr = self.attrs.get(name)
        return None if attr is None else attr.value

    def text(self, name: str, default: str = "") -> str:
        """Return a decided string or word."""
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise InternalError(f"{self.kind}.{name} is not a string")
        return value

    def scaled(self, name: str, unit: str) -> int | None:
        """Return a decided quantity as an integer count of `unit` (`mm`, `mW`, `Mbps`, `mdB`, `mdBm`), or None."""
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, Quantity):
            raise InternalError(f"{self.kind}.{name} is not a quantity")
        return value.to_int(unit)

    def integer(self, name: str) -> int | None:
        """Return a decided integer."""
        value = self.value(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise InternalError(f"{self.kind}.{name} is not an integer")
        return value
