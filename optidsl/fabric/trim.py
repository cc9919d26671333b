"""Give the leaves of a Clos fabric no more ports than the endpoints need, once their number is known."""

from __future__ import annotations

from collections.abc import Callable

from optidsl._record import replace
from optidsl.fabric.demand import Ask, Sizes
from optidsl.fabric.refusal import Refusal, allows
from optidsl.sema.slot import Slot


def trimmed(sizes: Sizes, size: Callable[[Ask], Sizes | Refusal]) -> Sizes:
    """Return the sizes with the ports down of a leaf lowered to what makes the fewest switches, then links, then ports.

    The least a leaf can have is `ceil(endpoints / leaves)`; more where the oversubscription is to be met exactly or
    the uplinks divide over fewer spines. Rail-optimised fabrics and fat trees keep full leaves by definition, and
    so does what the author decided.

    Args:
        sizes: a fabric with leaves as full as their box lets them be.
        size: how to size a fabric again.
    """
    ask, tier = sizes.ask, sizes.ask.tiers[0]
    if ask.fabric.kind != "clos" or tier.down.is_decided or tier.count.is_decided:
        return sizes
    best = sizes
    for down in range(ask.demand.down(sizes.leaf.count), sizes.leaf.down):
        if not allows(tier.down, down):
            continue
        fixed = replace(tier, down=Slot(value=down, span=tier.down.span))
        found = size(replace(ask, tiers=(fixed, *ask.tiers[1:])))
        if not isinstance(found, Refusal) and _cost(found) < _cost(best):
            best = replace(found, ask=ask)
    return best


def _cost(sizes: Sizes) -> tuple[int, int, int]:
    return sizes.switches, sizes.links, sizes.leaf.down
