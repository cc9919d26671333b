"""The statements besides a refusal's own that make it: what the fabric is said to be, and of what models."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._record import replace
from optidsl.diag import Label
from optidsl.fabric.refusal import Refusal, count_of, gbps
from optidsl.fabric.tapering import ratio_text
from optidsl.sema.design import Design, Fabric

_OF_KIND = ("fat-tree-uneven", "tiers-not-declared", "radix-exceeded")
"""Refusals that another kind of fabric would not meet, or not so; `clos` asks for nothing of its own."""

_OF_MODELS = ("rate-not-offered", "protocol-not-offered", "fat-tree-uneven", "radix-exceeded", "port-not-on-model")


def with_causes(design: Design, fabric: Fabric, refusal: Refusal) -> Refusal:
    """Return a refusal with a label on every other statement that it follows from.

    A refusal whose statements are already told, or that nobody's statement but its own makes, stays as it is.
    """
    if refusal.secondary:
        return refusal
    beside = {label.span: label for label in _causes(design, fabric, refusal) if label.span != refusal.span}
    return replace(refusal, secondary=tuple(beside[span] for span in sorted(beside)))


def _causes(design: Design, fabric: Fabric, refusal: Refusal) -> Iterator[Label]:
    stated, name = fabric.stated, refusal.name
    if name in _OF_KIND and "kind" in stated and fabric.kind != "clos":
        yield Label(stated["kind"], f"a fabric of kind {fabric.kind}")
    if name == "fat-tree-uneven" and fabric.oversubscription.span is not None and "oversubscription" in refusal.message:
        limit = fabric.oversubscription.value or fabric.oversubscription.upper
        yield Label(fabric.oversubscription.span, "" if limit is None else f"{ratio_text(limit)} is asked for")
    if name == "endpoints-exceeded" and "endpoints" in stated:
        yield Label(stated["endpoints"], "the ports that must fit")
    if name == "planes-uneven":
        if "planes" in stated:
            yield Label(stated["planes"], f"{count_of(fabric.planes, 'plane')} asked for")
        if "endpoints" in stated:
            yield Label(stated["endpoints"], _ports(design, fabric))
    if name == "protocol-not-offered" and "protocol" in stated:
        yield Label(stated["protocol"], f"the fabric speaks {fabric.protocol}")
    if name in _OF_MODELS:
        yield from _models(fabric, refusal)


def _models(fabric: Fabric, refusal: Refusal) -> Iterator[Label]:
    """Yield the tiers whose models the message names, and the rate that is asked of them."""
    for tier in fabric.tiers:
        model, span = tier.model.value, tier.model.span
        is_named = model is not None and (f"`{model.name}`" in refusal.message or f"`{tier.name}`" in refusal.message)
        if model is not None and span is not None and is_named:
            yield Label(span, f"tier `{tier.name}` is of `{model.name}`")
    for connect in fabric.connects:
        rate = connect.rate_mbps
        if refusal.name != "rate-not-offered" or rate.value is None or rate.span is None:
            continue
        if gbps(rate.value) in refusal.message:
            yield Label(rate.span, f"{gbps(rate.value)} asked for")


def _ports(design: Design, fabric: Fabric) -> str:
    """Return how many ports of the fabric the servers with the most have, in words."""
    nics = [design.nodes[each.node].model.nic(each.nic) for each in fabric.endpoints]
    return f"a server has {count_of(max((len(nic.ports) for nic in nics if nic is not None), default=0), 'port')} here"
