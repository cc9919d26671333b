"""The statements that size a fabric, each with what the fabric is without it, and with another number in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeVar

from optidsl._record import record, replace
from optidsl.diag import Span
from optidsl.fabric.demand import Demand, Sizes
from optidsl.fabric.edge import dealt, demand_of, edge_of, homed
from optidsl.fabric.refusal import Refusal, wish
from optidsl.fabric.sizing import size_fabric
from optidsl.fabric.tapering import ratio_text
from optidsl.schema.families import family_kind
from optidsl.sema.design import Design, Fabric
from optidsl.sema.slot import Slot

T = TypeVar("T")

Number = Slot[Any]
"""What the author says of a whole number, or of a ratio."""

Size = Callable[[Fabric], "Sizes | None"]
"""Return the sizes of a fabric, None where it cannot be or does not meet what is asked of it."""

ANY_RATIO = Fraction(1_000)
"""An oversubscription that stands for whatever it comes to."""

RATIOS = tuple(sorted({Fraction(a, b) for a in range(1, 13) for b in (1, 2, 3, 4, 5)} | {Fraction(16), Fraction(32)}))
"""Oversubscriptions that people ask for."""

NEAR = 16
"""By how much a number is changed, one by one, before the number that the compiler would choose is taken."""


@record(frozen=True, slots=True)
class SizeStatement:
    """One statement on a fabric's size: attribute `what` of tier `tier` (-1: of the fabric) or of connect `connect`."""

    what: str
    tier: int
    connect: int
    slot: Number
    span: Span
    subject: str

    @property
    def is_ratio(self) -> bool:
        """Tell whether the number is an oversubscription."""
        return self.what == "oversubscription"

    @property
    def text(self) -> str:
        """Return what a label says of it."""
        return f"{self.subject} must be {_ratio_wish(self.slot) if self.is_ratio else wish(self.slot)}"

    def put(self, fabric: Fabric, slot: Number) -> Fabric:
        """Return a fabric with other words in place of this statement."""
        name = "tier_count" if self.what == "tiers" else self.what
        changes: dict[str, Any] = {name: slot}
        if self.connect >= 0:
            connect = replace(fabric.connects[self.connect], **changes)
            return replace(fabric, connects=_put(fabric.connects, self.connect, connect))
        if self.tier >= 0:
            return replace(fabric, tiers=_put(fabric.tiers, self.tier, replace(fabric.tiers[self.tier], **changes)))
        return replace(fabric, **changes)

    def opened(self) -> list[Number]:
        """Return words that leave the number open; a ratio has no word for any, so that several are tried."""
        if not self.is_ratio:
            return [Slot()]
        return [Slot(upper=each, span=self.span) for each in (ANY_RATIO, *map(Fraction, (16, 8, 4, 3, 2, 1)))]

    def number_of(self, sizes: Sizes) -> int | Fraction | None:
        """Return what the number came to, None where the sizes have no such thing."""
        if self.what == "tiers":
            return len(sizes.counts)
        if self.connect >= 0:
            connect = sizes.ask.fabric.connects[self.connect]
            level = next((at for at, tier in enumerate(sizes.ask.tiers) if tier.name == connect.z), 0)
            return sizes.parallel[level - 1] if 0 < level <= len(sizes.parallel) else None
        if self.is_ratio:
            at = max(self.tier, 0)
            ok = at < len(sizes.counts) - 1
            return sizes.ask.boxes[at].ratio(sizes.down[at], sizes.up[at]) if ok else None
        if self.tier >= len(sizes.counts):
            return None
        if self.what == "count":
            return sizes.counts[self.tier] * sizes.ask.planes
        return (sizes.down if self.what == "down" else sizes.up)[self.tier]


def _put(items: tuple[T, ...], at: int, item: T) -> tuple[T, ...]:
    return (*items[:at], item, *items[at + 1 :])


def _ratio_wish(slot: Number) -> str:
    if slot.value is not None:
        return ratio_text(Fraction(slot.value))
    words = [f"at least {ratio_text(Fraction(slot.lower))}"] if slot.lower is not None else []
    words += [f"at most {ratio_text(Fraction(slot.upper))}"] if slot.upper is not None else []
    if slot.options is not None:
        words.append("one of " + ", ".join(ratio_text(Fraction(each)) for each in slot.options))
    return " and ".join(words)


def size_statements(fabric: Fabric) -> list[SizeStatement]:
    """Return what the author says of a fabric's sizes, in source order."""
    found = [
        SizeStatement("oversubscription", -1, -1, fabric.oversubscription, fabric.origin.span, "oversubscription"),
        SizeStatement("tiers", -1, -1, fabric.tier_count, fabric.origin.span, "the number of tiers"),
    ]
    for at, tier in enumerate(fabric.tiers):
        for what in ("count", "down", "up", "oversubscription"):
            subject = f"`{what}` of tier `{tier.name}`"
            found.append(SizeStatement(what, at, -1, getattr(tier, what), tier.origin.span, subject))
    for at, connect in enumerate(fabric.connects):
        subject = f"`parallel` of `{connect.a} -- {connect.z}`"
        found.append(SizeStatement("parallel", -1, at, connect.parallel, connect.origin.span, subject))
    stated = [replace(each, span=each.slot.span) for each in found if each.slot.span is not None]
    return sorted(stated, key=lambda each: each.span)


@record(frozen=True, slots=True)
class Sizer:
    """Size the trees of one fabric again and again: its endpoints stay, its numbers change."""

    design: Design
    demand: Demand

    def sizes(self, fabric: Fabric) -> Sizes | None:
        """Return the sizes, None where the fabric cannot be."""
        found = size_fabric(self.design, fabric, self.demand)
        return None if isinstance(found, Refusal) else found


def sizer_of(design: Design, fabric: Fabric) -> Sizer | None:
    """Return what sizes a fabric, None where it is no tree or something else than its sizes is wrong with it."""
    if not family_kind(fabric.kind).is_tree:
        return None
    planes = dealt(fabric, edge_of(design, fabric))
    if isinstance(planes, Refusal):
        return None
    wired = [homed(fabric, each) for each in planes]
    edges = [each for each in wired if not isinstance(each, Refusal)]
    demand = demand_of(fabric, edges) if len(edges) == len(wired) else None
    return None if demand is None or isinstance(demand, Refusal) else Sizer(design, demand)


def others(statement: SizeStatement, sizes: Sizes) -> Iterator[Number]:
    """Yield other words for a statement, those that change the least first.

    Args:
        statement: as written.
        sizes: of the fabric without it.
    """
    slot, chosen = statement.slot, statement.number_of(sizes)
    if chosen is None:
        return
    if slot.value is not None:
        for number in _nearest(statement, chosen):
            yield Slot(value=number, span=statement.span)
    elif slot.upper is not None and chosen > slot.upper:
        for number in sorted({chosen, *(each for each in RATIOS if statement.is_ratio and slot.upper < each)}):
            yield replace(slot, upper=number)
    elif slot.lower is not None and chosen < slot.lower:
        yield replace(slot, lower=chosen)
    elif slot.options is not None and chosen not in slot.options:
        yield replace(slot, options=(*slot.options, chosen))


def _nearest(statement: SizeStatement, chosen: int | Fraction) -> list[int | Fraction]:
    """Return numbers near the one stated, nearest first, that the compiler's own among them."""
    value = statement.slot.value
    if value is None:
        return []
    if statement.is_ratio:
        return sorted({chosen, *(each for each in RATIOS if each > value)})
    near = {number for step in range(1, NEAR + 1) for number in (int(value) - step, int(value) + step) if number > 0}
    return sorted({*near, chosen} - {value}, key=lambda number: (abs(number - value), number))
