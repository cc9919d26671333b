"""What lowering needs everywhere: entities by address, slots, origins, and blocks seen through component instances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeVar

from optidsl._record import field, record
from optidsl.catalog.parts import Catalog
from optidsl.diag import InternalError, Sink, Span
from optidsl.schema.entity import AttrValue, Entity, Scalar
from optidsl.schema.types import PartRef
from optidsl.sema.design_place import Address
from optidsl.sema.slot import Slot
from optidsl.units import Quantity

T = TypeVar("T")


@record(frozen=True, slots=True)
class Lowering:
    """The catalogue, the sink, and every entity of the design by address."""

    sink: Sink
    catalog: Catalog
    by_address: dict[tuple[str, ...], Entity] = field(default_factory=dict)

    def register(self, entity: Entity) -> None:
        """Make an entity and everything inside it findable by address."""
        self.by_address[entity.address] = entity
        for child in entity.children:
            self.register(child)


def through(entity: Entity, kind: str) -> Iterator[Entity]:
    """Yield the blocks of a kind inside an entity, those of component instances included, in source order."""
    for child in entity.children:
        if child.kind == kind:
            yield child
        elif child.kind == "component":
            yield from through(child, kind)


def address_of(entity: Entity) -> Address:
    """Return an entity's address."""
    return Address(entity.address)


def name_of(entity: Entity) -> str:
    """Return the name that is unique in the design: the address without the design's own name."""
    return ".".join(entity.address[1:])


def slot(attr: AttrValue | None, convert: Callable[[Scalar], T]) -> Slot[T]:
    """Return what was said about an attribute in the units of the design."""
    if attr is None:
        return Slot()
    value = attr.value
    if isinstance(value, tuple):
        raise InternalError("a list has no slot")
    return Slot(
        None if value is None else convert(value),
        None if attr.options is None else tuple(convert(option) for option in attr.options),
        None if attr.lower is None else convert(attr.lower),
        None if attr.upper is None else convert(attr.upper),
        None if attr.is_default else attr.span.to(attr.value_span),
    )


def scaled(unit: str) -> Callable[[Scalar], int]:
    """Return a conversion of quantities to an integer count of a unit."""

    def convert(value: Scalar) -> int:
        if not isinstance(value, Quantity):
            raise InternalError(f"expected a quantity in {unit}")
        return value.to_int(unit)

    return convert


def integer(value: Scalar) -> int:
    """Return a checked integer."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InternalError("expected an integer")
    return value


def truth(value: Scalar) -> bool:
    """Return a checked truth value."""
    if not isinstance(value, bool):
        raise InternalError("expected true or false")
    return value


def ratio(value: Scalar) -> Fraction:
    """Return a checked ratio."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise InternalError("expected a ratio")
    return Fraction(value)


def text(value: Scalar) -> str:
    """Return a checked word or string."""
    if not isinstance(value, str):
        raise InternalError("expected a word")
    return str(value)


def part_name(value: Scalar) -> str:
    """Return the name of a checked reference to a part."""
    if not isinstance(value, PartRef):
        raise InternalError("expected a part")
    return value.name


def whole_number(entity: Entity, name: str) -> int:
    """Return an integer that the schema requires or defaults."""
    value = entity.integer(name)
    if value is None:
        raise InternalError(f"{entity.kind}.{name} is missing after the check for it")
    return value


def length_mm(entity: Entity, name: str) -> int:
    """Return a length in millimetres that the schema requires or defaults."""
    value = entity.scaled(name, "mm")
    if value is None:
        raise InternalError(f"{entity.kind}.{name} is missing after the check for it")
    return value


def span_of(entity: Entity, name: str) -> Span:
    """Return where an attribute's value stands, or the block's name when nobody wrote it."""
    attr = entity.get(name)
    return entity.label_span if attr is None or attr.is_default else attr.value_span
