"""Warn about words of a policy's lists that no part in use goes by: a slip of the pen lets nothing through."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import Catalog
from optidsl.diag import Sink
from optidsl.schema.nearest import nearest, quoted
from optidsl.sema.design import Policy
from optidsl.sema.slot import Slot


def warn_listed(policy: Policy, catalog: Catalog, sink: Sink) -> None:
    """Warn of every vendor, form factor and fibre grade of the policy that no part of the catalogue has."""
    for topic, slot, known in _lists(policy, catalog):
        words = [slot.value] if slot.value is not None else list(slot.options or ())
        for word in [each for each in words if each not in known]:
            near = nearest(word, known)
            sink.warning(
                "word-without-parts",
                f"no part in use has the {topic} `{word}`",
                slot.span,
                "it lets nothing through",
                helps=(f"did you mean {quoted(near)}?",) if near else (f"there are {quoted(sorted(known), 'and')}",),
            )


def _lists(policy: Policy, catalog: Catalog) -> Iterator[tuple[str, Slot[str], frozenset[str]]]:
    """Yield the lists that the policy has, each with the words that parts go by."""
    if policy.vendors.is_decided or policy.vendors.options:
        makers = {each.vendor for each in catalog.transceivers.values()}
        makers |= {each.vendor for each in catalog.fiber_cables.values()}
        makers |= {each.vendor for each in catalog.direct_cables.values()}
        makers |= {each.vendor for each in catalog.attenuators.values()}
        yield "vendor", policy.vendors, frozenset(makers - {""})
    if policy.form_factors.is_decided or policy.form_factors.options:
        plugs = {each.form_factor.value for each in catalog.transceivers.values()}
        plugs |= {each.form_factor_a.value for each in catalog.direct_cables.values()}
        plugs |= {each.form_factor_z.value for each in catalog.direct_cables.values()}
        yield "form factor", policy.form_factors, frozenset(plugs)
    if policy.grades.is_decided or policy.grades.options:
        yield "fibre grade", policy.grades, frozenset(each.grade.value for each in catalog.fiber_cables.values())
