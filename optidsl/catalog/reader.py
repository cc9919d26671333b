"""Read the attributes of a part's entity as facts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar, cast

from optidsl._record import record
from optidsl.catalog.parts import Confidence, Fact, Lanes, Source
from optidsl.diag import InternalError
from optidsl.schema.entity import AttrValue, Entity, Value
from optidsl.schema.types import LanesValue, PartRef
from optidsl.units import Quantity

T = TypeVar("T")

STATED: Confidence = "design"
"""Confidence of a number that stands in no `cite`: the author's own statement about the author's own part."""


@record(frozen=True, slots=True)
class Reader:
    """One entity and the sources it may cite.

    The `…_fact` methods return None for an absent attribute; `need` turns that into a fact, as the schema's required
    attributes are checked before any builder runs.
    """

    entity: Entity
    sources: dict[str, Source]

    def child(self, entity: Entity) -> Reader:
        """Return a reader of a child block."""
        return Reader(entity, self.sources)

    def text(self, name: str, default: str = "") -> str:
        """Return a string or a word that needs no source."""
        return self.entity.text(name, default)

    def optional_text(self, name: str) -> str | None:
        """Return a string that needs no source, or None when it is absent."""
        return None if self.entity.value(name) is None else self.entity.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings or words that needs no source."""
        value = self.entity.value(name)
        return () if value is None else _texts(value)

    def count(self, name: str, default: int) -> int:
        """Return an integer that needs no source."""
        value = self.entity.integer(name)
        return default if value is None else value

    def optional_count(self, name: str) -> int | None:
        """Return an integer that needs no source, or None when it is absent."""
        return self.entity.integer(name)

    def text_fact(self, name: str) -> Fact[str] | None:
        """Return a string or a word with its source."""
        return self._fact(name, _text)

    def texts_fact(self, name: str) -> Fact[tuple[str, ...]] | None:
        """Return a list of strings or words with its source."""
        return self._fact(name, _texts)

    def count_fact(self, name: str) -> Fact[int] | None:
        """Return an integer with its source."""
        return self._fact(name, _integer)

    def number_fact(self, name: str) -> Fact[Fraction] | None:
        """Return a plain number with its source."""
        return self._fact(name, _number)

    def flag_fact(self, name: str) -> Fact[bool] | None:
        """Return a yes or no with its source, or None where only the schema's default says it."""
        attr = self.entity.get(name)
        return None if attr is None or attr.is_default else self._fact(name, _flag)

    def part_name(self, name: str) -> str | None:
        """Return the name of the part that an attribute refers to, or None when it is absent."""
        value = self.entity.value(name)
        return value.name if isinstance(value, PartRef) else None

    def lanes_fact(self, name: str) -> Fact[Lanes] | None:
        """Return lanes with their source."""
        return self._fact(name, _lanes)

    def lanes_list_fact(self, name: str) -> Fact[tuple[Lanes, ...]] | None:
        """Return a list of lanes with its source."""
        return self._fact(name, lambda value: tuple(_lanes(item) for item in _items(value)))

    def scaled_fact(self, name: str, unit: str) -> Fact[int] | None:
        """Return a quantity as an integer count of `unit`, with its source."""
        attr = self.entity.attrs.get(name)
        if attr is None or attr.value is None:
            return None
        return self._stated(attr, _scaled(attr.value, unit))

    def scaled_list_fact(self, name: str, unit: str) -> Fact[tuple[int, ...]] | None:
        """Return a list of quantities as ascending integer counts of `unit`, with its source."""
        return self._fact(name, lambda value: tuple(sorted({_scaled(item, unit) for item in _items(value)})))

    def _fact(self, name: str, convert: Callable[[Value], T]) -> Fact[T] | None:
        attr = self.entity.attrs.get(name)
        return None if attr is None or attr.value is None else self._stated(attr, convert(attr.value))

    def _stated(self, attr: AttrValue, value: T) -> Fact[T]:
        return Fact(value, attr.cite or "", self.confidence(attr), attr.value_span)

    def confidence(self, attr: AttrValue) -> Confidence:
        """Return how far a check may rest on an attribute."""
        if attr.confidence is not None:
            return cast("Confidence", attr.confidence)
        source = None if attr.cite is None else self.sources.get(attr.cite)
        return STATED if source is None else source.confidence


def need(fact: Fact[T] | None) -> Fact[T]:
    """Return a fact that the schema requires."""
    if fact is None:
        raise InternalError("a required attribute of a part is missing after the check for it")
    return fact


def _items(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise InternalError("an attribute of a part is not a word")
    return value


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(_text(item) for item in _items(value))


def _integer(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InternalError("an attribute of a part is not an integer")
    return value


def _number(value: Value) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise InternalError("an attribute of a part is not a number")
    return Fraction(value)


def _flag(value: Value) -> bool:
    if not isinstance(value, bool):
        raise InternalError("an attribute of a part is neither true nor false")
    return value


def _lanes(value: Value) -> Lanes:
    if not isinstance(value, LanesValue):
        raise InternalError("an attribute of a part is not a number of lanes")
    return Lanes(value.count, value.rate_mbps)


def _scaled(value: Value, unit: str) -> int:
    if not isinstance(value, Quantity):
        raise InternalError("an attribute of a part is not a quantity")
    return value.to_int(unit)
