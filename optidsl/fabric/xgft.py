"""Trees whose author states the shape: the algebra of an extended generalised fat tree, and its sizes on real boxes."""

from __future__ import annotations

from math import prod

from optidsl._record import record
from optidsl.fabric.breakout import seat_notes
from optidsl.fabric.demand import Ask, LeafSizes, Sizes
from optidsl.fabric.refusal import Refusal, allows, count_of, wish
from optidsl.fabric.tapering import limit_refusal


@record(frozen=True, slots=True)
class Xgft:
    """XGFT(h; m1, …, mh; 1, w2, …, wh), with `parallel` links in place of each: one plane of a tree of h tiers.

    Attributes:
        children: what a switch of each tier has below it, leaf first: endpoint ports, then switches.
        parents: switches above that a switch of each tier but the top is joined to, leaf first.
        parallel: links to each of those.

    Source: Öhring, Ibel, Das, Kumar, On Generalized Fat Trees, IPPS 1995 (XGFT); Zahavi, D-Mod-K Routing Providing
    Non-Blocking Traffic for Shift Permutations on Real Life Fat Trees, CCIT report 776, 2010 (parallel links).
    """

    children: tuple[int, ...]
    parents: tuple[int, ...]
    parallel: tuple[int, ...]

    @property
    def tiers(self) -> int:
        """Return the number of tiers."""
        return len(self.children)

    @property
    def endpoints(self) -> int:
        """Return the endpoint ports that it has room for."""
        return prod(self.children)

    @property
    def counts(self) -> tuple[int, ...]:
        """Return the switches of each tier: the product of the children above it and of the parents up to it."""
        return tuple(prod(self.children[i + 1 :]) * prod(self.parents[:i]) for i in range(self.tiers))

    @property
    def down(self) -> tuple[int, ...]:
        """Return the ports down of a switch of each tier."""
        return tuple(self.children[i] * (self.parallel[i - 1] if i else 1) for i in range(self.tiers))

    @property
    def up(self) -> tuple[int, ...]:
        """Return the ports up of a switch of each tier, 0 at the top."""
        return (*(w * p for w, p in zip(self.parents, self.parallel, strict=True)), 0)

    @property
    def links(self) -> tuple[int, ...]:
        """Return the links above each tier but the top."""
        return tuple(count * up for count, up in zip(self.counts[:-1], self.up[:-1], strict=True))

    @property
    def paths(self) -> int:
        """Return the shortest ways between endpoints that are farthest apart, told apart by their switches."""
        return prod(self.parents)


def stated_sizes(ask: Ask, tree: Xgft, told_by: str) -> Sizes | Refusal:
    """Return the sizes of a tree whose shape is stated, or why it cannot be.

    Args:
        ask: the boxes and the endpoint ports of a plane.
        tree: the shape of a plane.
        told_by: the words of the author that fix it, for messages: "`k`".
    """
    refusal = _room_refusal(ask, tree) or _radix_refusal(ask, tree) or _slot_refusal(ask, tree, told_by)
    if refusal is not None:
        return refusal
    own = [box.ratio(*sides) for box, sides in zip(ask.boxes, _sides(tree)[:-1], strict=False)]
    refusal = limit_refusal(ask, own)
    if refusal is not None:
        return refusal
    leaf = LeafSizes(tree.counts[0], tree.down[0], tree.up[0], 0, 0)
    pods = tree.children[2] if tree.tiers == 3 else 1
    pod_leaves = tree.children[1] if tree.tiers == 3 else 0
    return Sizes(ask, leaf, tree.counts, tree.down, tree.up, tree.parallel, pods, pod_leaves, 1, pods)


def _sides(tree: Xgft) -> list[tuple[int, int]]:
    return list(zip(tree.down, tree.up, strict=True))


def _room_refusal(ask: Ask, tree: Xgft) -> Refusal | None:
    over = ask.demand.ports - tree.endpoints
    if over <= 0:
        return None
    below = prod(tree.children[:-1])
    needed = -(-ask.demand.ports // below)
    shape = [*tree.children[:-1], needed]
    given = ask.fabric.parameters.get("children")
    return Refusal(
        "endpoints-exceeded",
        f"`{ask.fabric.name}` has {count_of(ask.demand.ports, 'endpoint port')}{' a plane' if ask.planes > 1 else ''}, "
        f"and its {count_of(tree.counts[0], 'leaf', 'leaves')} of {tree.down[0]} take {tree.endpoints:,}: {over:,} "
        "too many",
        given.span if given is not None else ask.fabric.origin.span,
        helps=(f"set `children = {shape}`",) if given is not None else (),
    )


def _radix_refusal(ask: Ask, tree: Xgft) -> Refusal | None:
    for tier, box, (down, up) in zip(ask.tiers, ask.boxes, _sides(tree), strict=True):
        if box.fits(down, up):
            continue
        sides = f"{count_of(down, 'port')} down and {up} up" if up else f"{count_of(down, 'port')} down"
        cages = box.cages_for(down, up)
        over = f": {cages - box.cages} too many" if cages > box.cages else ""
        return Refusal(
            "radix-exceeded",
            f"tier `{tier.name}` of `{ask.fabric.name}` needs {sides}: {cages} cages of a `{box.model.name}`, which "
            f"has {box.cages}{over}",
            tier.model.span or tier.origin.span,
            notes=seat_notes(box),
            helps=("name a model with more ports, or make the tree narrower",),
        )
    return None


def _slot_refusal(ask: Ask, tree: Xgft, told_by: str) -> Refusal | None:
    """Refuse sizes of a tier that contradict the shape."""
    for i, tier in enumerate(ask.tiers):
        total = tree.counts[i] * ask.planes
        found = ((tier.count, total, "switches"), (tier.down, tree.down[i], "down"), (tier.up, tree.up[i], "up"))
        for slot, size, what in found:
            if not allows(slot, size):
                side = f"{total} switches" if what == "switches" else f"{count_of(size, 'port')} {what} a switch"
                return Refusal(
                    "count-not-possible",
                    f"tier `{tier.name}` of `{ask.fabric.name}` has {side} by {told_by}, and asks for {wish(slot)}",
                    slot.span or tier.origin.span,
                    f"{size} would work",
                    helps=(f"leave it out: it follows from {told_by}",),
                )
    for i, parallel in enumerate(tree.parallel):
        connect = ask.connect(i + 1)
        if not allows(connect.parallel, parallel):
            return Refusal(
                "parallel-not-possible",
                f"`{connect.a} -- {connect.z}` of `{ask.fabric.name}` has {count_of(parallel, 'link')} between two "
                f"switches by {told_by}, and asks for {wish(connect.parallel)}",
                connect.parallel.span or connect.origin.span,
                helps=(f"set `parallel = {parallel}`, or leave it out",),
            )
    return None


def xgft_sizes(ask: Ask) -> Sizes | Refusal:
    """Return the sizes of a fabric of kind `xgft`: its `children` and `parents` fix every tier."""
    lists: dict[str, tuple[int, ...]] = {}
    for name in ("children", "parents"):
        given = ask.fabric.parameters[name]
        value = given.value if isinstance(given.value, tuple) else ()
        if len(value) != len(ask.tiers) or min(value, default=0) < 1:
            return Refusal(
                "dims-not-possible",
                f"`{name}` of `{ask.fabric.name}` is {list(value)}, and its {count_of(len(ask.tiers), 'tier')} need a "
                "positive number each, the leaf's first",
                given.span,
                helps=(f"write {count_of(len(ask.tiers), 'number')}",),
            )
        lists[name] = value
    children, parents = lists["children"], lists["parents"]
    if parents[0] != ask.planes:
        return Refusal(
            "dims-not-possible",
            f"`parents` of `{ask.fabric.name}` gives an endpoint {count_of(parents[0], 'leaf', 'leaves')}, and "
            f"`planes` is {ask.planes}: each leaf of an endpoint is in a plane of its own",
            ask.fabric.parameters["parents"].span,
            helps=(f"set `planes = {parents[0]}`, or begin `parents` with {ask.planes}",),
        )
    wanted = [ask.connect(level).parallel for level in range(1, len(ask.tiers))]
    parallel = tuple(slot.value or min(slot.options or (slot.lower or 1,)) for slot in wanted)
    return stated_sizes(ask, Xgft(children, parents[1:], parallel), "`children` and `parents`")
