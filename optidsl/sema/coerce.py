"""Check a value against the type that is expected of it, and give it that type's form."""

from __future__ import annotations

from fractions import Fraction

from optidsl.diag import Edit, Fix, Span
from optidsl.schema.nearest import alternatives, did_you_mean, nearest
from optidsl.schema.types import DIMENSIONS, LanesValue, Type
from optidsl.sema.scope import Typed
from optidsl.sema.session import Session
from optidsl.sema.values import (
    ERROR,
    DateText,
    FrameRef,
    Poison,
    PrefixText,
    RangeValue,
    Value,
    WordText,
    describe,
    show,
)
from optidsl.units import Quantity, Uncertain

_EXAMPLES = {
    "Length": ("m", "km"),
    "Time": ("us", "s"),
    "Data": ("GB", "Gb"),
    "Rate": ("Gbps",),
    "Frequency": ("GHz", "THz"),
    "Power": ("W", "kW"),
    "Energy": ("kWh",),
    "Gain": ("dB",),
    "Level": ("dBm",),
    "Attenuation": ("dB/km",),
    "Temperature": ("degC",),
    "RackUnits": ("U",),
    "Mass": ("kg",),
}


def coerce(session: Session, value: Value, expected: Typed, span: Span, *, is_nature: bool = False) -> Value:
    """Return the value in the form of its type, or report what was expected and found.

    Args:
        session: where diagnostics go.
        value: what was written.
        expected: the type, and what expects it.
        span: where the value stands.
        is_nature: whether a range or a tolerance is allowed, as nature's choice.
    """
    if isinstance(value, Poison):
        return value
    wanted = expected.type
    if wanted.is_list:
        return _list(session, value, expected, span)
    if isinstance(value, RangeValue):
        value = value.uncertain
        if not is_nature:
            return _not_natures(session, value, expected, span)
    if isinstance(value, Uncertain):
        return _uncertain(session, value, expected, span, is_nature)
    accepted = _scalar(value, wanted)
    if accepted is not None:
        return accepted
    return _mismatch(session, value, expected, span)


def _list(session: Session, value: Value, expected: Typed, span: Span) -> Value:
    wanted = expected.type
    item = Typed(Type(wanted.name, wanted.words, wanted.kinds), f"an item of {expected.what}")
    if isinstance(value, FrameRef) and wanted.name == "Ref":
        value = (value,)
    if not isinstance(value, tuple):
        message = f"{expected.what} expects a list {wanted}, found {describe(value)}"
        session.sink.error("wrong-type", message, span, helps=(f"write `[{show(value)}]`",))
        return ERROR
    items = tuple(coerce(session, entry, item, span) for entry in value)
    return ERROR if any(isinstance(entry, Poison) for entry in items) else items


def _uncertain(session: Session, value: Uncertain, expected: Typed, span: Span, is_nature: bool) -> Value:
    if not is_nature:
        return _not_natures(session, value, expected, span)
    is_number = value.dim.is_number and value.kind == "lin"
    if expected.type.name in ("Num", "Int", "Ratio") if is_number else value.type_name == expected.type.name:
        return value
    return _mismatch(session, value, expected, span)


def _not_natures(session: Session, value: Uncertain, expected: Typed, span: Span) -> Poison:
    session.sink.error(
        "not-exact",
        f"{expected.what} needs one value, found the range {show(value)} that nature chooses in",
        span,
        "`=` with a range or `±` leaves the value to nature",
        helps=("to let the compiler choose inside the range, write `in` instead of `=`",),
    )
    return ERROR


def _scalar(value: Value, wanted: Type) -> Value | None:
    """Return the value in the type's form, or None when it does not fit."""
    name = wanted.name
    if isinstance(value, bool):
        return value if name == "Bool" else None
    if isinstance(value, int):
        if name == "Int":
            return value
        return Fraction(value) if name in ("Num", "Ratio") else None
    if isinstance(value, Fraction):
        return value if name in ("Num", "Ratio") else None
    if isinstance(value, Quantity):
        return value if value.type_name == name else None
    if isinstance(value, LanesValue):
        return value if name == "Lanes" else None
    if isinstance(value, FrameRef):
        return _reference(value, wanted)
    if isinstance(value, tuple):
        is_endpoints = all(isinstance(item, FrameRef) and item.tail for item in value)
        return value if name == "Endpoints" and value and is_endpoints else None
    return _text(value, wanted) if isinstance(value, str) else None


def _text(value: str, wanted: Type) -> Value | None:
    if wanted.name == "Word":
        if not wanted.words:
            return str(value)
        if value not in wanted.words:
            return None
        found = WordText(value)
        found.words = wanted.words
        return found
    if isinstance(value, PrefixText):
        return value if wanted.name == "Prefix" else None
    if isinstance(value, DateText):
        return value if wanted.name == "Date" else None
    if wanted.name == "Prefix":
        return PrefixText(value) if _is_prefix(value) else None
    return value if wanted.name in ("String", "Template") else None


def _is_prefix(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _reference(value: FrameRef, wanted: Type) -> Value | None:
    if wanted.name == "Endpoints":
        return (value,) if value.tail else None
    if value.tail:
        return None
    if wanted.name in ("Part", "Ref"):
        return value if value.frame.kind.name in wanted.kinds else None
    if wanted.name == "Word" and not wanted.words and value.frame.is_part:
        return value.frame.name
    return None


def _mismatch(session: Session, value: Value, expected: Typed, span: Span) -> Poison:
    wanted = expected.type
    if wanted.name == "Word" and wanted.words and isinstance(value, str):
        return not_one_of(session, str(value), expected, span)
    if wanted.name in DIMENSIONS and isinstance(value, int | Fraction) and not isinstance(value, bool):
        return _missing_unit(session, value, expected, span)
    helps: tuple[str, ...] = ()
    if wanted.name == "Lanes":
        helps = ("lanes are written as count and rate: `8x100Gbps`",)
    if wanted.name == "Endpoints":
        helps = ("endpoints are the ports of a node's NIC: `gpu.nic.compute`",)
    session.sink.error("wrong-type", f"{expected.what} expects {wanted}, found {_found(value)}", span, helps=helps)
    return ERROR


def _found(value: Value) -> str:
    kind = describe(value)
    if isinstance(value, FrameRef) or kind.startswith(("a ", "an ", "the ", "`")):
        return kind
    return f"{kind} {show(value)}"


def _missing_unit(session: Session, value: int | Fraction, expected: Typed, span: Span) -> Poison:
    number = show(value)
    units = _EXAMPLES.get(expected.type.name, ())
    written = [f"{number}{unit}" for unit in units]
    spelt = " or ".join(f"`{text}`" for text in written)
    help_ = f"write {spelt}" if written else f"write the number with a unit of {expected.type.name}"
    fixes = (Fix(help_, (Edit(span, written[0]),), "unsafe"),) if len(written) == 1 else ()
    session.sink.error(
        "missing-unit",
        f"{expected.what} expects {expected.type}, found {number} without a unit",
        span,
        "which unit?",
        helps=(help_,),
        fixes=fixes,
    )
    return ERROR


def not_one_of(session: Session, found: str, expected: Typed, span: Span) -> Poison:
    """Report a word that is not among those allowed."""
    words = expected.type.words
    near = nearest(found, words, 1)
    fixes = tuple(Fix(f"replace by `{text}`", (Edit(span, text),), "unsafe") for text in near)
    session.sink.error(
        "not-one-of",
        f"{expected.what} is not one of {', '.join(words)}: found `{found}`{did_you_mean(found, words)}",
        span,
        f"one of {alternatives(words)}",
        fixes=fixes,
    )
    return ERROR
