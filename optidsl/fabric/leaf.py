"""Size the leaves: ports down, ports up, how many."""

from __future__ import annotations

from fractions import Fraction

from optidsl.diag import Span
from optidsl.fabric.breakout import seat_limits, seat_notes, seats_text
from optidsl.fabric.demand import Ask, LeafSizes
from optidsl.fabric.refusal import Refusal, allows, count_of, nearest, wish, words
from optidsl.fabric.tapering import leaf_is_exact, leaf_ratio, ratio_text
from optidsl.sema.design import Tier


def leaf_sizes(ask: Ask) -> LeafSizes | Refusal:
    """Return the leaves of one plane.

    Ports down are what the author decided; else what a decided number of leaves makes them; else the most that fit
    in the box with the uplinks that the oversubscription asks for. Uplinks are the fewest that meet it.
    """
    down = _down(ask)
    if isinstance(down, Refusal):
        return down
    if down < ask.demand.width:
        return _too_narrow(ask, down)
    up = _up(ask, down)
    if isinstance(up, Refusal):
        return up
    return _count(ask, down, up)


def up_choices(ask: Ask, leaf: LeafSizes) -> list[int]:
    """Return the numbers of uplinks that tiers above may work with, fewest first."""
    tier, box = ask.tiers[0], ask.boxes[0]
    if tier.up.is_decided or leaf_is_exact(ask) or ask.fabric.kind == "fat_tree":
        return [leaf.up]
    most = box.cages * box.per_up
    least = ask.ratio.least
    choices = [up for up in range(leaf.up, most + 1) if allows(tier.up, up) and box.fits(leaf.down, up)]
    return [up for up in choices if least is None or box.ratio(leaf.down, up) >= least]


def _down(ask: Ask) -> int | Refusal:
    tier, box = ask.tiers[0], ask.boxes[0]
    if tier.down.value is not None:
        return tier.down.value
    if ask.fabric.kind == "fat_tree" and len(ask.tiers) > 1:
        return box.capacity // 2
    if tier.count.value is not None and len(ask.tiers) > 1:
        return _down_for_count(ask, tier.count.value)
    largest = _largest_down(ask)
    if largest is None:
        return Refusal(
            "radix-exceeded",
            f"no split of the {count_of(box.cages, 'cage')} of a `{box.model.name}` gives tier `{tier.name}` of "
            f"`{ask.fabric.name}` ports down and up at {ratio_text(leaf_ratio(ask))}",
            tier.origin.span,
            notes=seat_notes(box),
            helps=("allow a higher oversubscription, or loosen `down` and `up` of the tier",),
        )
    return largest


def _down_for_count(ask: Ask, total: int) -> int | Refusal:
    """Return the ports down that a decided number of leaves makes, raised to where the ratio can be exact."""
    per_plane, rest = divmod(total, ask.planes)
    rails = ask.demand.rails or 1
    if rest or per_plane % rails or per_plane == 0:
        step = ask.planes * rails
        options = [size for size in (total // step * step, total // step * step + step) if size]
        cause = f"{ask.planes} planes" if rails == 1 else count_of(step, "rail")
        return Refusal(
            "count-not-possible",
            f"{count_of(total, 'leaf', 'leaves')} of `{ask.fabric.name}` do not divide evenly over {cause}; "
            f"{words(options)} do",
            _span(ask.tiers[0].count.span, ask.tiers[0]),
            helps=(f"set `count = {options[-1]}`, or leave it out: the compiler then chooses",),
        )
    down = ask.demand.down(per_plane)
    if leaf_is_exact(ask) and not ask.tiers[0].up.is_decided:
        step = _exact_step(ask)
        down = -(-down // step) * step
    return down


def _exact_step(ask: Ask) -> int:
    box = ask.boxes[0]
    return (leaf_ratio(ask) * box.up_mbps / box.down_mbps).numerator


def _largest_down(ask: Ask) -> int | None:
    tier, box, ratio = ask.tiers[0], ask.boxes[0], leaf_ratio(ask)
    for down in range(box.capacity, 0, -1):
        if not allows(tier.down, down):
            continue
        if len(ask.tiers) == 1:
            return down
        up = _meeting_up(ask, down, ratio)
        if up is not None and box.fits(down, up):
            return down
    return None


def _meeting_up(ask: Ask, down: int, ratio: Fraction) -> int | None:
    """Return the fewest allowed uplinks that meet the ratio of the leaf, None when none does."""
    tier, box = ask.tiers[0], ask.boxes[0]
    least = box.least_up(down, ratio)
    if tier.up.value is not None:
        return tier.up.value if tier.up.value >= least else None
    if leaf_is_exact(ask):
        return least if box.ratio(down, least) == ratio and allows(tier.up, least) else None
    most = box.cages * box.per_up
    return next((up for up in range(least, most + 1) if allows(tier.up, up)), None)


def _up(ask: Ask, down: int) -> int | Refusal:
    tier, box = ask.tiers[0], ask.boxes[0]
    if len(ask.tiers) == 1:
        return 0 if box.fits(down, 0) else _too_many_ports(ask, down, 0)
    up = _meeting_up(ask, down, leaf_ratio(ask))
    if up is None:
        return _no_up(ask, down)
    if not box.fits(down, up):
        return _too_many_ports(ask, down, up)
    least = ask.ratio.least
    if least is not None and box.ratio(down, up) < least:
        return Refusal(
            "oversubscription-not-met",
            f"`{ask.fabric.name}` comes to {ratio_text(box.ratio(down, up))} with {down} ports down and {up} up a "
            f"leaf, under the {ratio_text(least)} asked for at least",
            ask.ratio.span,
            f"at least {ratio_text(least)}",
            helps=(f"decide the ports of tier `{tier.name}`, or lower the bound",),
        )
    return up


def _no_up(ask: Ask, down: int) -> Refusal:
    tier, box, ratio = ask.tiers[0], ask.boxes[0], leaf_ratio(ask)
    least = box.least_up(down, ratio)
    if tier.up.value is not None or not leaf_is_exact(ask) or box.ratio(down, least) == ratio:
        possible = box.fits(down, least) and tier.up.upper is None
        least_ratio = ratio_text(box.ratio(down, tier.up.value)) if tier.up.value else "a higher one"
        return Refusal(
            "oversubscription-not-met",
            f"{down} ports down need {least} up to hold `{ask.fabric.name}` at {ratio_text(ratio)}, and "
            f"tier `{tier.name}` asks for {wish(tier.up)}{_coming_to(ask, down)}",
            _span(tier.up.span, tier),
            f"{least} ports up are needed",
            helps=(f"set `up = {least}`",) * possible + (f"allow an oversubscription of {least_ratio}",),
        )
    step = _exact_step(ask)
    near = [each for each in (down // step * step, down // step * step + step) if each]
    return Refusal(
        "oversubscription-not-exact",
        f"{down} ports down cannot be oversubscribed by just {ratio_text(ratio)}: {least} ports up make "
        f"{ratio_text(box.ratio(down, least))}",
        ask.ratio.span,
        f"just {ratio_text(ratio)}",
        helps=(
            f"write `oversubscription <= {ratio_text(ratio)}`, or set `down` of tier `{tier.name}` to {words(near)}",
        ),
    )


def _coming_to(ask: Ask, down: int) -> str:
    up = ask.tiers[0].up.value
    return f", which makes it {ratio_text(ask.boxes[0].ratio(down, up))}" if up else ""


def _too_many_ports(ask: Ask, down: int, up: int) -> Refusal:
    tier, box, ratio = ask.tiers[0], ask.boxes[0], leaf_ratio(ask)
    needed = box.cages_for(down, up)
    ups = ((d, _meeting_up(ask, d, ratio) if up else 0) for d in range(1, down))
    fitting = [d for d, u in ups if u is not None and box.fits(d, u)]
    sides = f"{down} ports down and {up} up" if up else f"{down} ports down"
    if needed > box.cages:
        what = f"{needed} cages of a `{box.model.name}`, which has {box.cages}: {needed - box.cages} too many"
    elif not box.has_seats(box.cages_for(down, 0), needed - box.cages_for(down, 0)):
        most = "more than it can run" if up else f"of which {box.capacity // box.per_down} can"
        what = f"{seats_text(box, down, up)} of a `{box.model.name}`, {most}: {seat_limits(box)}"
    else:
        what = f"more logical ports than the {box.capacity} of a `{box.model.name}`"
    helps = (f"at most {fitting[-1]} ports down fit",) if fitting else ()
    span = _span(tier.down.span or tier.count.span, tier)
    message = f"tier `{tier.name}` of `{ask.fabric.name}` needs {sides}: {what}"
    return Refusal("radix-exceeded", message, span, helps=helps)


def _too_narrow(ask: Ask, down: int) -> Refusal:
    return Refusal(
        "radix-exceeded",
        f"a node of `{ask.fabric.name}` has {count_of(ask.demand.width, 'port')} on a rail, and a leaf "
        f"{count_of(down, 'port')} down",
        _span(ask.tiers[0].down.span, ask.tiers[0]),
        helps=(f"give tier `{ask.tiers[0].name}` at least {count_of(ask.demand.width, 'port')} down",),
    )


def _count(ask: Ask, down: int, up: int) -> LeafSizes | Refusal:
    """Return the leaves, once their ports are known: as many as the endpoints need, or as the author decided."""
    demand, slot = ask.demand, ask.tiers[0].count
    step = demand.rails or 1
    needed = demand.leaves(down)
    limit = max([slot.value or 0, slot.lower or 0, *(slot.options or ()), needed * ask.planes])
    works = [
        leaves
        for leaves in range(needed, limit // ask.planes + 1, step)
        if allows(slot, leaves * ask.planes) and leaves * down >= demand.ports
    ]
    if not works:
        refuse = _no_room_for_loose if needed * down < demand.ports else _count_refused
        return refuse(ask, down, needed)
    chosen = works[0]
    if not demand.rails:
        return LeafSizes(chosen, down, up, 0, 0)
    return LeafSizes(chosen, down, up, chosen // demand.rails, down // demand.width)


def _count_refused(ask: Ask, down: int, needed: int) -> Refusal:
    slot = ask.tiers[0].count
    step = (ask.demand.rails or 1) * ask.planes
    works = range(needed * ask.planes, needed * ask.planes + 64 * step, step)
    sizes = nearest(slot, works)
    return Refusal(
        "count-not-possible",
        f"`{ask.fabric.name}` needs {count_of(needed * ask.planes, 'leaf', 'leaves')} of {down} ports down for "
        f"{count_of(ask.demand.ports * ask.planes, 'endpoint port')}; tier `{ask.tiers[0].name}` asks for {wish(slot)}",
        _span(slot.span, ask.tiers[0]),
        f"{words(sizes)} would work",
        helps=(f"set `count = {sizes[0]}`, or give a leaf more ports down",),
    )


def _no_room_for_loose(ask: Ask, down: int, leaves: int) -> Refusal:
    demand = ask.demand
    free = leaves * down - demand.railed
    nodes = -(-(demand.loose - free) // (demand.rails * demand.width))
    return Refusal(
        "no-free-leaf-port",
        f"{count_of(demand.loose, 'endpoint port')} of `{ask.fabric.name}` without a rail need a leaf port each, and "
        f"its {count_of(leaves, 'leaf', 'leaves')} have {free} free: {demand.loose - free} too few",
        ask.fabric.origin.span,
        helps=(f"give up {count_of(nodes, 'node')}: that frees {nodes * demand.rails * demand.width} leaf ports",),
    )


def _span(span: Span | None, tier: Tier) -> Span:
    return span or tier.origin.span
