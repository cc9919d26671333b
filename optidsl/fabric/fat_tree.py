"""Fat trees: the k-ary one of Al-Fares that `k` states, and what a tree of whole switches may not be."""

from __future__ import annotations

from optidsl.fabric.demand import Ask, Sizes
from optidsl.fabric.refusal import Refusal, count_of, gbps, words
from optidsl.fabric.tapering import ratio_text
from optidsl.fabric.xgft import Xgft, stated_sizes


def whole_refusal(ask: Ask) -> Refusal | None:
    """Refuse a fat tree whose switches are not all of one even radix, or that is oversubscribed."""
    radices = [box.capacity for box in ask.boxes]
    k = radices[0]
    fabric = ask.fabric
    if len(set(radices)) > 1 or len(set(ask.rates_mbps)) > 1:
        tiers = zip(ask.tiers, radices, ask.rates_mbps, strict=True)
        listed = words((f"`{tier.name}` {radix} of {gbps(rate)}" for tier, radix, rate in tiers), "and")
        what = f"needs the same ports in every tier, and has {listed}"
    elif k % 2 or not (len(radices) == 1 or ask.boxes[0].fits(k // 2, k // 2)):
        what = f"needs switches that split in halves, and `{ask.boxes[0].model.name}` has {k} ports"
    elif ask.ratio.limit != 1:
        what = f"has as many ports up as down, and `oversubscription` asks for {ratio_text(ask.ratio.limit)}"
    else:
        return None
    return Refusal(
        "fat-tree-uneven",
        f"fat tree `{fabric.name}` {what}",
        fabric.origin.span,
        helps=("set `kind = clos`, which has no such rule, or take one model of even radix",),
    )


def k_ary(k: int, tiers: int, pods: int = 0, parents: tuple[int, ...] = ()) -> Xgft:
    """Return the k-ary tree of one to three tiers: with three, k pods of k/2 edge and k/2 aggregation switches.

    Args:
        k: ports of a switch, even.
        tiers: tiers of switches.
        pods: those built of the k that there is room for (leaves of a two-tier tree); all of them when 0.
        parents: switches above an edge and an aggregation switch, where fewer than k/2.

    Source: Al-Fares, Loukissas, Vahdat, A Scalable, Commodity Data Center Network Architecture, SIGCOMM 2008,
    section 2.2 (Clos networks, fat trees).
    """
    half = k // 2
    if tiers == 1:
        return Xgft((k,), (), ())
    children = (*((half,) * (tiers - 1)), pods or k)
    return Xgft(children, parents or (half,) * (tiers - 1), (1,) * (tiers - 1))


def k_ary_sizes(ask: Ask, k: int) -> Sizes | Refusal:
    """Return the sizes of the k-ary tree: whole unless counts of its tiers say that pods or upper switches are few."""
    tiers = len(ask.tiers)
    refusal = _k_refusal(ask, k) or _capacity_refusal(ask, k)
    if refusal is not None:
        return refusal
    tree = k_ary(k, tiers)
    pods = _pods(ask, tree)
    if isinstance(pods, Refusal):
        return pods
    parents = list(tree.parents)
    for level in range(1, tiers):
        found = _parents(ask, k_ary(k, tiers, pods, tuple(parents)), level)
        if isinstance(found, Refusal):
            return found
        parents[level - 1] = found
    return stated_sizes(ask, k_ary(k, tiers, pods, tuple(parents)), f"`k = {k}`")


def _k_refusal(ask: Ask, k: int) -> Refusal | None:
    given = ask.fabric.parameters["k"]
    if k % 2 or k < 2:
        near = [each for each in (k - 1, k + 1) if each >= 2]
        return Refusal(
            "fat-tree-uneven",
            f"a k-ary fat tree has k/2 ports up and k/2 down in every switch, and `{ask.fabric.name}` has k = {k}: "
            f"{words(near)} would work",
            given.span,
            helps=(f"set `k = {near[-1]}`",),
        )
    for tier, box in zip(ask.tiers, ask.boxes, strict=True):
        most = box.capacity
        if most < k:
            return Refusal(
                "radix-exceeded",
                f"`{ask.fabric.name}` needs switches of k = {k} ports, and a `{box.model.name}` of tier "
                f"`{tier.name}` has {most} at {gbps(box.down_mbps)}: {k - most} too few",
                given.span,
                helps=(f"set `k = {most // 2 * 2}` or less, or name a model with more ports",),
            )
    return None


def _capacity_refusal(ask: Ask, k: int) -> Refusal | None:
    tiers, ports = len(ask.tiers), ask.demand.ports
    room = k_ary(k, tiers).endpoints
    if ports <= room:
        return None
    fitting = k
    while k_ary(fitting, tiers).endpoints < ports:
        fitting += 2
    return Refusal(
        "endpoints-exceeded",
        f"`{ask.fabric.name}` has {count_of(ports, 'endpoint port')}{' a plane' if ask.planes > 1 else ''}, and a "
        f"fat tree of k = {k} and {count_of(tiers, 'tier')} has room for {room:,}: {ports - room:,} too many",
        ask.fabric.parameters["k"].span,
        helps=(f"set `k = {fitting}` or more" + (", or declare a third tier" if tiers < 3 else ""),),
    )


def _pods(ask: Ask, tree: Xgft) -> int | Refusal:
    """Return the pods that are built: all, or those of the leaves that the author decided."""
    slot, tier = ask.tiers[0].count, ask.tiers[0]
    if slot.value is None or tree.tiers == 1:
        return 0
    size = tree.children[1] if tree.tiers == 3 else 1
    step, most = size * ask.planes, tree.counts[0] * ask.planes
    if slot.value % step == 0 and slot.value <= most:
        return slot.value // step
    works = sorted(
        {max(step, min(most, slot.value // step * step)), max(step, min(most, -(-slot.value // step) * step))}
    )
    return Refusal(
        "count-not-possible",
        f"tier `{tier.name}` of `{ask.fabric.name}` is built in pods of {step}, at most {most} in all, and asks for "
        f"{slot.value}: {words(works)} would work",
        slot.span or tier.origin.span,
        helps=(f"set `count = {works[-1]}`, or leave it out",),
    )


def _parents(ask: Ask, tree: Xgft, level: int) -> int | Refusal:
    """Return the switches above one of tier `level - 1`: all k/2, or fewer where the author prunes tier `level`."""
    slot, tier, full = ask.tiers[level].count, ask.tiers[level], tree.parents[level - 1]
    if slot.value is None:
        return full
    step = tree.counts[level] // full * ask.planes
    if slot.value % step == 0 and slot.value <= step * full:
        return slot.value // step
    below = min(max(slot.value // step, 1), full)
    works = sorted({below * step, min(below + 1, full) * step})
    return Refusal(
        "count-not-possible",
        f"tier `{tier.name}` of `{ask.fabric.name}` has up to {step * full} switches in steps of {step}, and asks for "
        f"{slot.value}: {words(works)} would work",
        slot.span or tier.origin.span,
        helps=(f"set `count = {works[-1]}`, or leave it out: then it is {step * full}",),
    )
