"""Policy, addresses, numbers and names: blocks that a design has once, with the schema's defaults where it has none."""

from __future__ import annotations

from typing import Literal, cast

from optidsl.diag import InternalError, Label, Span
from optidsl.schema.entity import AttrValue, Entity
from optidsl.schema.registry import kinds
from optidsl.sema.defaults import default_of
from optidsl.sema.design import Addressing, Asn, Naming, Policy
from optidsl.sema.entities import attr_of
from optidsl.sema.lowering import Lowering, integer, scaled, slot, span_of, text, through, whole_number
from optidsl.source import Origin

_NOWHERE = Span(0, 0, 0)


def _only(lowering: Lowering, parent: Entity, kind: str) -> Entity | None:
    """Return the one block of a kind, reporting a second one."""
    found = list(through(parent, kind))
    for other in found[1:]:
        lowering.sink.error(
            "duplicate-name",
            f"a design has one `{kind}`",
            other.label_span,
            "second one",
            secondary=(Label(found[0].label_span, "first one"),),
        )
    return found[0] if found else None


def _unwritten(kind: str) -> Entity:
    """Return a block that nobody wrote, with the schema's defaults."""
    attrs: dict[str, AttrValue] = {}
    for attribute in kinds()[kind].attributes:
        default = default_of(attribute)
        if default is not None:
            attrs[attribute.name] = attr_of(default, attribute.type)
    return Entity(kind, "", None, (), Origin(_NOWHERE), _NOWHERE, attrs=attrs)


def _origin(entity: Entity | None) -> Origin | None:
    return None if entity is None else entity.origin


def lower_policy(lowering: Lowering, design: Entity) -> Policy:
    """Return the rules on parts."""
    written = _only(lowering, design, "policy")
    entity = written or _unwritten("policy")
    unknown = _only(lowering, entity, "unknown") or _unwritten("unknown")
    checks = [attribute.name for attribute in kinds()["unknown"].attributes]
    return Policy(
        slot(entity.get("optic_skus"), integer),
        slot(entity.get("cable_skus"), integer),
        slot(entity.get("form_factors"), text),
        slot(entity.get("vendors"), text),
        slot(entity.get("media"), text),
        slot(entity.get("grades"), text),
        slot(entity.get("margin"), scaled("mdB")),
        {check: cast('Literal["stop", "warn"]', unknown.text(check)) for check in checks},
        _origin(written),
    )


def lower_addressing(lowering: Lowering, design: Entity) -> Addressing:
    """Return where addresses come from."""
    written = _only(lowering, design, "addressing")
    entity = written or _unwritten("addressing")
    return Addressing(
        _pool(lowering, entity, "loopback"),
        _pool(lowering, entity, "p2p"),
        cast('Literal["unnumbered", "numbered"]', entity.text("mode")),
        whole_number(entity, "mtu"),
        _origin(written),
    )


def _pool(lowering: Lowering, entity: Entity, name: str) -> str:
    import ipaddress

    prefix = entity.text(name)
    try:
        network = ipaddress.ip_network(prefix)
    except ValueError as error:
        lowering.sink.error("bad-prefix", f"`addressing.{name}` is not a pool: {error}", span_of(entity, name))
        return prefix
    if network.version == 6:
        lowering.sink.error(
            "not-in-edition", f"`addressing.{name}`: IPv6 pools are not part of this edition", span_of(entity, name)
        )
    return prefix


def lower_asn(lowering: Lowering, design: Entity) -> Asn:
    """Return the autonomous system numbers."""
    written = _only(lowering, design, "asn")
    entity = written or _unwritten("asn")
    first, last = _ends(entity)
    return Asn(whole_number(entity, "spine"), first, last, whole_number(entity, "core"), _origin(written))


def _ends(entity: Entity) -> tuple[int, int]:
    """Return the first and the last number for leaves."""
    leaf = entity.get("leaf")
    if leaf is not None and isinstance(leaf.value, int):
        return leaf.value, leaf.value
    if leaf is None or not isinstance(leaf.lower, int) or not isinstance(leaf.upper, int):
        raise InternalError("asn.leaf is neither a number nor a range")
    return leaf.lower, leaf.upper


def lower_naming(lowering: Lowering, design: Entity) -> Naming:
    """Return the templates of names."""
    written = _only(lowering, design, "naming")
    entity = written or _unwritten("naming")
    spans = (None, None) if written is None else (span_of(written, "switch"), span_of(written, "node"))
    return Naming(entity.text("switch"), entity.text("node"), _origin(written), *spans)
