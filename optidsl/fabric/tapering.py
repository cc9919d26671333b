"""Oversubscription of a tree as a whole and tier by tier: what each tier may come to."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from optidsl.fabric.box import Box
from optidsl.fabric.demand import Ask, Ratio
from optidsl.fabric.refusal import Refusal
from optidsl.sema.design import Fabric, Tier
from optidsl.sema.slot import Slot


def ratio_text(ratio: Fraction) -> str:
    """Print a ratio as `3:1` or `5:4`."""
    return f"{ratio.numerator}:{ratio.denominator}"


def own_limit(tier: Tier) -> Fraction | None:
    """Return the most that a tier itself may be oversubscribed by; None where the author says nothing of it."""
    slot = tier.oversubscription
    return slot.value if slot.value is not None else slot.upper


def stated_ratios(fabric: Fabric) -> list[Ratio]:
    """Return the oversubscriptions of the whole fabric to try, in the order written.

    Where the author tapers tiers and says nothing of the whole, it is what the tiers come to. A shape that is stated
    as a whole (`xgft`) may come to anything.
    """
    slot = fabric.oversubscription
    span = slot.span or fabric.origin.span
    if slot.value is not None and slot.span is None:
        return [Ratio(limit_of(fabric) or Fraction(1), False, None, span)]
    if slot.value is not None:
        return [Ratio(slot.value, True, None, span)]
    if slot.options is not None:
        kept = [each for each in slot.options if (slot.upper is None or each <= slot.upper)]
        return [Ratio(each, True, None, span) for each in kept if slot.lower is None or each >= slot.lower]
    limit = slot.upper if slot.upper is not None else max(Fraction(1), slot.lower or Fraction(1))
    return [Ratio(limit, False, slot.lower, span)]


def limit_of(fabric: Fabric) -> Fraction | None:
    """Return the most that a tree may be oversubscribed by; None where its stated shape decides."""
    slot = fabric.oversubscription
    if slot.span is not None or slot.value is None:
        return slot.value or slot.upper or max((Fraction(1), *(slot.options or ()), slot.lower or Fraction(1)))
    if fabric.kind == "xgft":
        return None
    return prod((own_limit(tier) or Fraction(1) for tier in fabric.tiers), start=Fraction(1))


def leaf_ratio(ask: Ask) -> Fraction:
    """Return the oversubscription left to the leaf: its own limit, and what the fabric's leaves beside a spine's."""
    own = own_limit(ask.tiers[0])
    left = ask.ratio.limit
    if len(ask.tiers) > 2:
        left /= decided_ratio(ask.tiers[1], ask.boxes[1])
    return left if own is None else min(own, left)


def leaf_is_exact(ask: Ask) -> bool:
    """Tell whether the leaf must come to just its ratio."""
    return ask.ratio.is_exact or ask.tiers[0].oversubscription.is_decided


def decided_ratio(tier: Tier, box: Box) -> Fraction:
    """Return the ratio of a middle tier: its own; else 1:1 unless the author decided both of its sides."""
    own = own_limit(tier)
    if tier.down.value is None or tier.up.value is None:
        return own or Fraction(1)
    return box.ratio(tier.down.value, tier.up.value)


def taper_refusal(ask: Ask) -> Refusal | None:
    """Refuse tiers whose own ratios come to more than the fabric may, or sides of a tier to more than its own."""
    slot = ask.fabric.oversubscription
    tapered = [tier for tier in ask.tiers[:-1] if tier.oversubscription.is_decided]
    total = prod((own_limit(tier) or Fraction(1) for tier in tapered), start=Fraction(1))
    if slot.span is not None and tapered and total > ask.ratio.limit:
        return Refusal(
            "oversubscription-not-met",
            f"the tiers of `{ask.fabric.name}` come to {ratio_text(total)} by themselves, over the "
            f"{ratio_text(ask.ratio.limit)} asked for",
            slot.span,
            f"at most {ratio_text(ask.ratio.limit)}",
            helps=(f"allow `oversubscription <= {ratio_text(total)}`, or lower that of a tier",),
        )
    for tier, box in zip(ask.tiers[:-1], ask.boxes, strict=False):
        if tier.down.value is not None and tier.up.value:
            found = box.ratio(tier.down.value, tier.up.value)
            refusal = _own_refusal(ask.fabric, tier, found)
            if refusal is not None:
                return refusal
    return None


def _own_refusal(fabric: Fabric, tier: Tier, found: Fraction) -> Refusal | None:
    slot: Slot[Fraction] = tier.oversubscription
    least, most = (slot.value, slot.value) if slot.value is not None else (slot.lower, slot.upper)
    if (most is None or found <= most) and (least is None or found >= least):
        return None
    bound = most if most is not None and found > most else least
    words = "just" if slot.value is not None else "at most" if bound == most else "at least"
    return Refusal(
        "oversubscription-not-met",
        f"tier `{tier.name}` of `{fabric.name}` comes to {ratio_text(found)}, and asks for {words} "
        f"{ratio_text(bound or found)}",
        slot.span or tier.origin.span,
        helps=(f"set `oversubscription = {ratio_text(found)}`, or change its ports",),
    )


def limit_refusal(ask: Ask, own: Sequence[Fraction]) -> Refusal | None:
    """Refuse a tree whose tiers, leaf first, come to more (or to other) than they and the fabric may."""
    for tier, found in zip(ask.tiers, own, strict=False):
        refusal = _own_refusal(ask.fabric, tier, found)
        if refusal is not None:
            return refusal
    total, fabric = prod(own, start=Fraction(1)), ask.fabric
    limit = limit_of(fabric)
    is_other = ask.ratio.is_exact and total != ask.ratio.limit
    if limit is None or (total <= ask.ratio.limit and not is_other):
        return None
    return Refusal(
        "oversubscription-not-met",
        f"`{fabric.name}` comes to {ratio_text(total)} ({' x '.join(ratio_text(each) for each in own)}), and "
        f"{'just' if is_other else 'at most'} {ratio_text(ask.ratio.limit)} is asked for",
        ask.ratio.span,
        helps=(f"write `oversubscription <= {ratio_text(total)}`, or give the tiers above more switches",),
    )
