"""The parameters of a fabric's family, and its tiers: each is one that the family has."""

from __future__ import annotations

from optidsl.diag import Label, Sink
from optidsl.schema.entity import Entity
from optidsl.schema.families import PARAMETERS, FamilyKind, readers
from optidsl.schema.nearest import alternatives, quoted
from optidsl.sema.design import Parameter

_OWN_SLOT = ("oversubscription", "tiers")
"""Parameters with a field of their own in `design.Fabric`."""


def check_tiers(sink: Sink, entity: Entity, family: FamilyKind, count: int) -> None:
    """Report a fabric without tiers, or of a direct network with more tiers than its family has."""
    example = "leaf" if family.is_tree else "router"
    if not count:
        sink.error(
            "missing-block",
            f"fabric `{entity.name}` has no `tier`",
            entity.label_span,
            f"add `tier {example} {{ model = … }}`",
        )
    elif not family.is_tree and not family.tiers[0] <= count <= family.tiers[1]:
        least, most = family.tiers
        wanted = f"{least}" if least == most else f"{least} to {most}"
        sink.error(
            "tiers-not-declared",
            f"`{entity.name}` declares {count} tiers; a fabric of kind {family.kind} has {wanted}",
            entity.label_span,
            secondary=_kind_label(entity, family),
            helps=(f"declare {wanted}, or change `kind`",),
        )


def _kind_label(entity: Entity, family: FamilyKind) -> tuple[Label, ...]:
    """Return a label on the statement that makes a fabric of this kind, none where nobody wrote it."""
    attr = entity.get("kind")
    return () if attr is None or attr.is_default else (Label(attr.span, f"of kind {family.kind}"),)


def lower_parameters(sink: Sink, entity: Entity, family: FamilyKind) -> dict[str, Parameter]:
    """Return what the author wrote of the parameters that the family reads; report those that it does not."""
    found: dict[str, Parameter] = {}
    for attribute in PARAMETERS:
        attr = entity.get(attribute.name)
        if attr is None or attr.is_default:
            continue
        if attribute.name not in family.parameters:
            has = f"parameters of {family.kind}: {alternatives(family.parameters)}" if family.parameters else ""
            sink.error(
                "attribute-not-of-kind",
                f"`{attribute.name}` says nothing about a fabric of kind {family.kind}",
                attr.span,
                f"read by {quoted(readers(attribute.name), 'and')}",
                secondary=_kind_label(entity, family),
                helps=(has or f"a fabric of kind {family.kind} has no parameters of its own",),
            )
        elif attribute.name not in _OWN_SLOT and attr.value is not None:
            value = attr.value if isinstance(attr.value, tuple) else (attr.value,)
            numbers = tuple(each for each in value if isinstance(each, int))
            given = numbers if attribute.type.is_list else numbers[0] if numbers else str(attr.value)
            found[attribute.name] = Parameter(given, attr.span.to(attr.value_span))
    for name in family.required:
        if name not in found:
            sink.error(
                "missing-attribute",
                f"fabric `{entity.name}` of kind {family.kind} needs `{name}`",
                entity.label_span,
                f"add `{name} = …`",
            )
    return found
