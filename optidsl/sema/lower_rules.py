"""Policy, addresses, numbers and names: blocks that a design has once, with the schema's defaults where it has none."""

from __future__ import annotations

from typing import Literal, cast

from optidsl.catalog.governance import Waiver
from optidsl.diag import InternalError, Label, Span
from optidsl.schema.entity import AttrValue, Entity
from optidsl.schema.registry import kinds
from optidsl.sema.defaults import default_of
from optidsl.sema.design import Addressing, Asn, Naming, Policy, Statistical
from optidsl.sema.entities import attr_of
from optidsl.sema.lower_governance import lower_versions
from optidsl.sema.lowering import Lowering, integer, ratio, scaled, slot, span_of, text, through, truth, whole_number
from optidsl.sema.slot import Slot
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


def _statistical(lowering: Lowering, entity: Entity) -> Statistical | None:
    from optidsl.sema.lower_statistical import lower_statistical

    return lower_statistical(lowering.sink, entity)


def _origin(entity: Entity | None) -> Origin | None:
    return None if entity is None else entity.origin


def lower_policy(
    lowering: Lowering, design: Entity, waivers: tuple[Waiver, ...] = ()
) -> tuple[Policy, dict[str, Span]]:
    """Return the rules on parts, and where each version of firmware is stated; `waivers` were read before."""
    written = _only(lowering, design, "policy")
    entity = written or _unwritten("policy")
    unknown = _only(lowering, entity, "unknown") or _unwritten("unknown")
    statistical = _only(lowering, entity, "statistical")
    checks = [attribute.name for attribute in kinds()["unknown"].attributes]
    versions, spans = lower_versions(lowering.sink, entity)
    policy = Policy(
        slot(entity.get("optic_skus"), integer),
        slot(entity.get("cable_skus"), integer),
        slot(entity.get("form_factors"), text),
        slot(entity.get("vendors"), text),
        slot(entity.get("media"), text),
        slot(entity.get("grades"), text),
        slot(entity.get("margin"), scaled("mdB")),
        {check: cast('Literal["stop", "warn"]', unknown.text(check)) for check in checks},
        _origin(written),
        _copper_reach(lowering, entity),
        statistical=None if statistical is None else _statistical(lowering, statistical),
        firmware=versions,
        firmware_at=spans,
        waivers=waivers,
        unlisted=cast('Literal["allow", "warn", "stop"]', entity.text("unlisted")),
        approved_only=slot(entity.get("approved_only"), truth),
        osnr_margin_mdb=slot(entity.get("osnr_margin"), scaled("mdB")),
        fiber_types=slot(entity.get("fiber_types"), integer),
        growth_reserve=slot(entity.get("growth_reserve"), ratio),
        multi_source=slot(entity.get("multi_source"), integer),
    )
    return policy, spans


def _copper_reach(lowering: Lowering, policy: Entity) -> dict[str, Slot[int]]:
    """Return the longest direct cable of each technology that the policy speaks of."""
    written = _only(lowering, policy, "copper_reach")
    return {} if written is None else {name: slot(attr, scaled("mm")) for name, attr in written.attrs.items()}


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
        cast('Literal["lower", "upper"]', entity.text("even")),
        entity.scaled("reuse_after", "d"),
    )


def _pool(lowering: Lowering, entity: Entity, name: str) -> str:
    from optidsl.sema.pools import pool_refusal

    prefix = entity.text(name)
    refusal = pool_refusal(prefix)
    if refusal:
        lowering.sink.error("bad-prefix", f"`addressing.{name}` {refusal}", span_of(entity, name))
    elif ":" in prefix:
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
    naming = Naming(entity.text("switch"), entity.text("node"), None)
    if written is None:
        return naming
    labels, place = _labels(lowering, written)
    spans = (span_of(written, "switch"), span_of(written, "node"))
    return Naming(naming.switch, naming.node, written.origin, *spans, labels, place)


def _labels(lowering: Lowering, naming: Entity) -> tuple[dict[str, str], Span | None]:
    """Return the templates of cable ends by the kind of device, and where the first stands."""
    written = [(kind, name) for kind, name in (("switch", "label"), ("node", "node_label")) if naming.get(name)]
    if not written:
        return {}, None
    from optidsl.sema.label_templates import check_label_template

    if naming.get("label") is None:
        message = "`naming.node_label` is the label of ends at nodes, and there is no `naming.label` for the others"
        lowering.sink.error("label-template", message, span_of(naming, "node_label"))
    for _, name in written:
        check_label_template(lowering.sink, naming.text(name), span_of(naming, name))
    return {kind: naming.text(name) for kind, name in written}, span_of(naming, written[0][1])
