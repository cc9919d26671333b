"""Catalogue entities built by hand, for tests of the catalogue alone."""

from __future__ import annotations

from optidsl.diag import Span
from optidsl.schema.entity import AttrValue, Entity, Value
from optidsl.schema.types import LanesValue
from optidsl.source import Origin
from optidsl.units import parse_quantity

NOWHERE = Span(0, 0, 0)


def value(text: object) -> Value:
    """Return an evaluated value: quantities and lanes as the language writes them, words with a leading quote."""
    if isinstance(text, list | tuple):
        return tuple(value(item) for item in text)  # type: ignore[misc]
    if isinstance(text, bool | int):
        return text
    assert isinstance(text, str)
    if text.startswith("'"):
        return text[1:]
    head, cross, tail = text.partition("x")
    if cross and head.isdigit():
        return LanesValue(int(head), parse_quantity(tail).to_int("Mbps"))
    return parse_quantity(text.removeprefix("-")) if not text.startswith("-") else -parse_quantity(text[1:])


def attr(text: object, cite: str | None = None, confidence: str | None = None) -> AttrValue:
    """Return a decided attribute."""
    return AttrValue(NOWHERE, NOWHERE, value(text), cite=cite, confidence=confidence)


def entity(kind: str, name: str, /, *children: Entity, cite: str | None = None, **attrs: object) -> Entity:
    """Return an entity; every attribute stands in the `cite` named."""
    made = Entity(kind, name, None, (name,), Origin(NOWHERE), Span(0, len(name), len(name) + 1))
    made.attrs = {key: item if isinstance(item, AttrValue) else attr(item, cite) for key, item in attrs.items()}
    made.children = list(children)
    return made


def source(name: str, confidence: str = "vendor-doc") -> Entity:
    """Return a source."""
    return entity("source", name, title=f"'Sheet of {name}", at="'", confidence=f"'{confidence}")


def module(name: str = "dr4", *children: Entity, cite: str | None = "sheet", **attrs: object) -> Entity:
    """Return a complete transceiver with single changes."""
    stated: dict[str, object] = {
        "form_factor": "'osfp",
        "lanes": "8x100Gbps",
        "modulation": "'pam4",
        "pmd": "'400g-dr4",
        "medium": "'singlemode",
        "connector": "'mpo-12-apc",
        "protocols": ["'ethernet"],
    } | attrs
    kept = {key: item for key, item in stated.items() if item is not None}
    return entity("transceiver", name, *children, cite=cite, **kept)


def switch(name: str = "box", *children: Entity, cite: str | None = "sheet", **attrs: object) -> Entity:
    """Return a complete switch with single changes."""
    stated: dict[str, object] = {
        "cages": 64,
        "lanes": "8x100Gbps",
        "accepts": ["'osfp"],
        "breakout": ["1x800Gbps", "2x400Gbps"],
        "protocols": ["'ethernet"],
        "port_name": "'Ethernet{lane}",
    } | attrs
    kept = {key: item for key, item in stated.items() if item is not None}
    return entity("switch_model", name, *children, cite=cite, **kept)
