"""What only some fabrics can be told: ratios of tiers, uneven links, and how ports are dealt over planes."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.diag import Sink
from optidsl.schema.entity import Entity
from optidsl.schema.families import FamilyKind
from optidsl.sema.design import Endpoint, NodeGroup
from optidsl.sema.lower_choices import open_planes
from optidsl.sema.lowering import span_of, through, whole_number

RAIL_ONLY = "rail_only"


def planes_of(
    sink: Sink, entity: Entity, family: FamilyKind, endpoints: Sequence[Endpoint], nodes: Sequence[NodeGroup]
) -> tuple[int, ...]:
    """Return the planes that a fabric may have: those that the author wrote; of `rail_only`, the rails of endpoints."""
    if family.kind != RAIL_ONLY:
        return open_planes(sink, entity, endpoints, nodes) or (whole_number(entity, "planes"),)
    for name in ("planes", "planes_by"):
        attr = entity.get(name)
        if attr is not None and not attr.is_default:
            sink.error(
                "attribute-not-of-kind",
                f"`{name}` says nothing about a fabric of kind {RAIL_ONLY}: every rail is a plane of its own",
                attr.span,
                helps=(f"leave `{name}` out",),
            )
    rails: set[int] = set()
    for each in endpoints:
        nic = nodes[each.node].model.nic(each.nic)
        own = {port.rail for port in (nic.ports if nic is not None else ()) if port.rail is not None}
        rails |= own if each.rails is None else own & set(each.rails)
    return (max(1, len(rails)),)


def check_tree(sink: Sink, entity: Entity, family: FamilyKind) -> None:
    """Report what is said of tiers, links or planes and has no meaning there."""
    tiers = list(through(entity, "tier"))
    for number, tier in enumerate(tiers):
        attr = tier.get("oversubscription")
        is_top = number + 1 == len(tiers)
        if attr is not None and not attr.is_default and (is_top or not family.is_tree):
            why = f"tier `{tier.name}`: nothing is above it" if family.is_tree else f"a fabric of kind {family.kind}"
            sink.error(
                "attribute-not-of-kind",
                f"`oversubscription` says nothing about {why}",
                attr.span,
                helps=("leave it out",),
            )
    for connect in entity.of_kind("connect"):
        _check_connect(sink, connect, family)
    by = entity.get("planes_by")
    if by is not None and not by.is_default and entity.integer("planes") == 1 and family.kind != RAIL_ONLY:
        sink.error(
            "attribute-not-of-kind",
            f"`planes_by` says nothing about `{entity.name}`, which has one plane",
            by.span,
            helps=("set `planes = 2`, or leave `planes_by` out",),
        )


def _check_connect(sink: Sink, connect: Entity, family: FamilyKind) -> None:
    is_tree = family.is_tree and family.served == "first"
    is_joint = is_tree and "endpoints" not in (connect.text("a"), connect.text("z"))
    for name in ("uneven", "scheme"):
        attr = connect.get(name)
        if attr is None or attr.is_default or (is_joint and not (name == "uneven" and family.kind == "xgft")):
            continue
        if name == "scheme" and _is_peer_scheme(connect, family):
            continue
        what = f"links of a fabric of kind {family.kind}" if is_joint or not is_tree else "the links of endpoints"
        sink.error(
            "attribute-not-of-kind",
            f"`{name}` says nothing about {what}",
            span_of(connect, name),
            "not between two tiers of a tree",
            helps=("leave it out",),
        )


def _is_peer_scheme(connect: Entity, family: FamilyKind) -> bool:
    """Tell whether the order of ports is one that links between switches of one tier understand."""
    value = connect.value("scheme")
    is_peer = connect.text("a") == connect.text("z")
    return is_peer and isinstance(value, tuple) and all(word in family.peer_schemes for word in value)
