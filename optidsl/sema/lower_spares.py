"""Spares: the policy's rules, and what the design's files say of failures and lead times."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from optidsl._context import Context
from optidsl.catalog.parts import Catalog
from optidsl.catalog.spares import Reliability, Spares
from optidsl.diag import Label, Sink
from optidsl.schema.entity import Entity
from optidsl.schema.nearest import did_you_mean
from optidsl.sema.bring import tell_not_used
from optidsl.sema.lowering import span_of, through
from optidsl.units import Quantity

_SPARED = ("transceivers", "fiber_cables", "direct_cables", "attenuators", "switches")
_DAY_S = 86_400


def lower_spares(design: Entity, parts: Iterable[Entity], catalog: Catalog, context: Context) -> Spares | None:
    """Return the rules on spares, None where the design has none.

    Args:
        design: the design's own block.
        parts: every block of the top level in view, the design's own first.
        catalog: the parts that may be named.
        context: the sink, where mistakes go, and the texts.
    """
    sink = context.sink
    written = [each for policy in through(design, "policy") for each in through(policy, "spares")]
    reliabilities = _reliabilities([each for each in parts if each.kind == "failures"], catalog, context)
    if not written:
        for each in reliabilities.values():
            message = f"`failures {each.part}` serves no purpose: the policy has no `spares`"
            sink.warning("failures-unused", message, each.span, "nothing reads it")
        return None
    if len(written) > 1:
        second = Label(written[0].label_span, "first one")
        sink.error(
            "duplicate-name", "a policy has one `spares`", written[1].label_span, "second one", secondary=(second,)
        )
    entity = written[0]
    ratio, at_least, confidence = _share(entity, "ratio"), entity.integer("at_least"), _share(entity, "confidence")
    if ratio is None and at_least is None and confidence is None:
        message = "`spares` states no rule: how many are kept follows from `ratio`, `at_least` or `confidence`"
        sink.error("missing-attribute", message, entity.label_span, "add one of the three")
    lead_days = _days(entity, "lead_time")
    if confidence is None:
        _warn_of_idle(entity, reliabilities, sink)
    of = entity.value("of")
    named = tuple(str(each) for each in of) if isinstance(of, tuple) else ("transceiver",)
    is_per_site = entity.text("per") == "site"
    return Spares(named, ratio, at_least, confidence, lead_days, is_per_site, entity.label_span, reliabilities)


def _warn_of_idle(entity: Entity, reliabilities: dict[str, Reliability], sink: Sink) -> None:
    """Warn of failure rates and lead times that no rule reads."""
    spans = [("failures", each.span) for each in reliabilities.values()]
    if entity.get("lead_time") is not None:
        spans.append(("lead_time", span_of(entity, "lead_time")))
    for what, span in spans:
        message = f"`{what}` serves no purpose: `spares` has no `confidence`, the only rule that reads it"
        sink.warning("failures-unused", message, span, "nothing reads it")


def _reliabilities(stated: list[Entity], catalog: Catalog, context: Context) -> dict[str, Reliability]:
    """Return the latest word on each part."""
    sink = context.sink
    known = tuple(name for table in _SPARED for name in getattr(catalog, table))
    found: dict[str, Reliability] = {}
    for entity in stated:
        name = entity.name
        if name not in known:
            if tell_not_used(f"failures {name}", name, entity.label_span, context):
                continue
            message = f"`failures {name}`: there is no part of that name{did_you_mean(name, known)}"
            sink.error("unknown-name", message, entity.label_span, "no such part")
            continue
        afr, lead_days, as_of = _share(entity, "afr"), _days(entity, "lead_time"), entity.text("as_of")
        missing = [] if as_of else ["as_of"]
        missing += ["afr"] if afr is None and lead_days is None else []
        for attribute in missing:
            message = f"`failures {name}` needs `{attribute}`"
            sink.error("missing-attribute", message, entity.label_span, f"add `{attribute} = …`")
        before = found.get(name)
        if before is not None and before.as_of == as_of:
            sink.error(
                "duplicate-price",
                f"`failures {name}` is stated twice as of {as_of}",
                entity.label_span,
                "stated again",
                secondary=(Label(before.span, "first stated here"),),
                helps=("remove one of the two, or give the later one its own day",),
            )
        elif not missing and (before is None or before.as_of < as_of):
            found[name] = Reliability(name, afr, lead_days, as_of, entity.text("from"), entity.label_span)
    return dict(sorted(found.items()))


def _share(entity: Entity, name: str) -> Fraction | None:
    value = entity.value(name)
    return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None


def _days(entity: Entity, name: str) -> Fraction | None:
    value = entity.value(name)
    return value.value / _DAY_S if isinstance(value, Quantity) else None
