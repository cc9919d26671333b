"""The values that exist while a program is evaluated, and how messages show them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias, Union

from optidsl._record import record
from optidsl.diag import Span
from optidsl.schema.types import LanesValue
from optidsl.units import Quantity, Uncertain, format_quantity

if TYPE_CHECKING:
    from optidsl.sema.frame import Frame, Key
    from optidsl.sema.scope import ComponentBinding, Scope


class Poison:
    """The value of an expression with an error: everything that touches it stays silent."""


ERROR: Final = Poison()


class PrefixText(str):
    """An address or a prefix, as written."""

    __slots__ = ()


class WordText(str):
    """A word of an attribute's closed set; `words` are the others it could have been."""

    words: tuple[str, ...] = ()


class DateText(str):
    """A date, as written."""

    __slots__ = ()


class AutoValue:
    """`auto`."""


class NoneValue:
    """`none`."""


AUTO: Final = AutoValue()
NONE: Final = NoneValue()

Scalar = int | Fraction | Quantity
"""Numbers that the compiler knows exactly."""


@record(frozen=True, slots=True, eq=False)
class RangeValue:
    """`low..high`; `uncertain` is what it means where nature chooses: the same symbol each time it is used."""

    low: Scalar
    high: Scalar
    uncertain: Uncertain


@record(frozen=True, slots=True)
class FrameRef:
    """A block of the program, the keys picked of a family, and what follows its name (`gpu.nic.compute`)."""

    frame: Frame
    keys: tuple[Key, ...] | None = None
    tail: tuple[str, ...] = ()
    rails: tuple[int, ...] | None = None  # of the ports picked; None for all


@record(frozen=True, slots=True)
class AttrPrefix:
    """The first words of a dotted attribute: `power` of `power.max`."""

    frame: Frame
    name: str


@record(frozen=True, slots=True)
class Namespace:
    """A family of quantities that only the compiler knows: `power`, `bom.optics`."""

    name: str


@record(frozen=True, slots=True)
class ModuleRef:
    """A module under the name of `use … as name`."""

    scope: Scope
    name: str


@record(frozen=True, slots=True)
class ComponentRef:
    """A component, named but not instantiated."""

    binding: ComponentBinding


@record(frozen=True, slots=True)
class ObjectValue:
    """`{ a = 1 }`."""

    fields: dict[str, Value]


@record(frozen=True, slots=True)
class Solved:
    """A linear form over quantities that only the compiler knows: `constant + sum(coefficient * metric)`.

    A coefficient carries the dimension: that of `power.optics` starts as 1mW, because the metric counts milliwatts.
    """

    constant: Number
    terms: dict[str, Number]


@record(frozen=True, slots=True)
class Comparison:
    """`left op right` with at least one side not known exactly; `text` is as the author wrote it."""

    left: Number | Solved
    op: str
    right: Number | Solved
    text: str
    span: Span


@record(frozen=True, slots=True)
class Promise:
    """Comparisons that must all hold, and that are not decided yet. `is_true` of what was decided is gone."""

    comparisons: tuple[Comparison, ...]


Number = int | Fraction | Quantity | Uncertain
Value: TypeAlias = Union[  # noqa: UP007 - it names itself
    bool,
    int,
    Fraction,
    str,
    Quantity,
    Uncertain,
    LanesValue,
    RangeValue,
    FrameRef,
    AttrPrefix,
    Namespace,
    ModuleRef,
    ComponentRef,
    ObjectValue,
    Solved,
    Promise,
    Poison,
    AutoValue,
    NoneValue,
    tuple["Value", ...],
]


def whole(value: Fraction) -> int | Fraction:
    """Return a whole number as an int: a whole Num is an Int."""
    return value.numerator if value.denominator == 1 else value


def show(value: Value) -> str:
    """Print a value as an author would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction):
        return format_quantity(value)
    if isinstance(value, PrefixText | DateText | WordText):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Quantity):
        return format_quantity(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, RangeValue):
        return f"{show(value.low)}..{show(value.high)}"
    if isinstance(value, FrameRef):
        keys = "" if value.keys is None else "[" + ", ".join(show(key) for key in value.keys) + "]"
        return ".".join((value.frame.display + keys, *value.tail))
    if isinstance(value, LanesValue):
        rate, unit = (value.rate_mbps // 1000, "Gbps") if value.rate_mbps % 1000 == 0 else (value.rate_mbps, "Mbps")
        return f"{value.count}x{rate}{unit}"
    if isinstance(value, ObjectValue):
        return "{ " + ", ".join(f"{name} = {show(item)}" for name, item in value.fields.items()) + " }"
    if isinstance(value, Uncertain):
        low, high = value.bounds()
        return f"{format_quantity(low)}..{format_quantity(high)}"
    return describe(value)


def describe(value: Value) -> str:
    """Name a value's type for messages: `expected Length, found String`."""
    if isinstance(value, bool):
        return "Bool"
    if isinstance(value, int):
        return "Int"
    if isinstance(value, Fraction):
        return "Num"
    if isinstance(value, PrefixText):
        return "Prefix"
    if isinstance(value, DateText):
        return "Date"
    if isinstance(value, str):
        return "String"
    if isinstance(value, Quantity | Uncertain):
        return value.type_name
    if isinstance(value, FrameRef):
        return f"{value.frame.kind.name} `{show(value)}`"
    for cls, name in _NAMES:
        if isinstance(value, cls):
            return name
    return "nothing"


_NAMES: tuple[tuple[type, str], ...] = (
    (LanesValue, "Lanes"),
    (tuple, "a list"),
    (RangeValue, "a range"),
    (ObjectValue, "an object"),
    (Solved, "a quantity that the compiler decides"),
    (Promise, "a condition that is not decided yet"),
    (ComponentRef, "a component"),
    (ModuleRef, "a module"),
    (Namespace, "a family of quantities"),
    (AttrPrefix, "the first part of an attribute's name"),
    (AutoValue, "`auto`"),
    (NoneValue, "`none`"),
)
