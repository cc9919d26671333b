"""What of a fabric's shape the author leaves to the compiler in so many words: a list, a range, a bound, `auto`."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

from optidsl.sema.design import Design, Fabric
from optidsl.sema.slot import Slot

T = TypeVar("T")


def is_left(slot: Slot[T]) -> bool:
    """Tell whether the author wrote of something that it is one of several; what nobody wrote of is derived."""
    return slot.value is None and slot.span is not None


def bounds_ratio(fabric: Fabric) -> bool:
    """Tell whether the author bounds the oversubscription, of the whole or of the leaves, and does not decide it."""
    leaf: Slot[Fraction] = fabric.tiers[0].oversubscription if fabric.tiers else Slot()
    return any(is_left(slot) and slot.options is None for slot in (fabric.oversubscription, leaf))


def is_new_choice(fabric: Fabric) -> bool:
    """Tell whether a fabric leaves open what no closed form for one shape decides: its kind, planes or places."""
    has_places = any(tier.place is not None and tier.place.others for tier in fabric.tiers)
    return bool(fabric.variants or fabric.plane_choices or has_places)


def is_open(fabric: Fabric) -> bool:
    """Tell whether the author leaves several shapes of a fabric open."""
    ratios = [fabric.oversubscription, *(tier.oversubscription for tier in fabric.tiers)]
    numbers = [slot for tier in fabric.tiers for slot in (tier.count, tier.down, tier.up)]
    numbers += [slot for connect in fabric.connects for slot in (connect.rate_mbps, connect.parallel)]
    return (
        is_new_choice(fabric)
        or any(not tier.model.is_decided for tier in fabric.tiers)
        or any(is_left(slot) for slot in ratios)
        or any(is_left(slot) for slot in (fabric.tier_count, *numbers))
    )


def open_fabrics(design: Design) -> tuple[Fabric, ...]:
    """Return the fabrics of which the author leaves several shapes open."""
    return tuple(fabric for fabric in design.fabrics if is_open(fabric))
