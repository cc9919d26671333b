"""How large a dragonfly+ is: what the author decided, what follows from it, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._record import record, replace
from optidsl.fabric.box import Box
from optidsl.fabric.families.plus_network import DragonflyPlus
from optidsl.fabric.refusal import Refusal, allows, count_of, wish
from optidsl.sema.design import Connect, Fabric, Tier
from optidsl.sema.slot import Slot


@record(frozen=True, slots=True)
class PlusAsk:
    """What a dragonfly+ is built from: the author's words, the boxes of leaf and spine, a plane's endpoint ports."""

    fabric: Fabric
    boxes: tuple[Box, Box]
    uplink: Connect  # of leaves to spines
    ports: int

    def number(self, name: str) -> int | None:
        """Return a parameter that the author decided, None where he did not."""
        given = self.fabric.parameters.get(name)
        return given.value if given is not None and isinstance(given.value, int) else None

    def refuse(self, name: str, message: str, parameter: str, helps: tuple[str, ...]) -> Refusal:
        """Return a refusal told at a parameter, or at the fabric where the author did not write it."""
        given = self.fabric.parameters.get(parameter)
        return Refusal(name, message, self.fabric.origin.span if given is None else given.span, helps=helps)


def size_of(ask: PlusAsk) -> DragonflyPlus | Refusal:
    """Return the network that fits the endpoints and the boxes, or why there is none."""
    parallel = _parallel(ask)
    if isinstance(parallel, Refusal):
        return parallel
    network = _grown(ask, _group(ask, parallel))
    if isinstance(network, Refusal):
        return network
    return next(_refusals(ask, network), network)


def _parallel(ask: PlusAsk) -> int | Refusal:
    slot = ask.uplink.parallel
    least = slot.value or (min(slot.options) if slot.options else max(slot.lower or 1, 1))
    if allows(slot, least):
        return least
    return Refusal(
        "parallel-not-possible",
        f"no number of parallel links is allowed on `{ask.uplink.a} -- {ask.uplink.z}` of `{ask.fabric.name}`",
        slot.span or ask.uplink.origin.span,
        helps=("loosen `parallel`, or leave it out: then it is 1",),
    )


def _group(ask: PlusAsk, parallel: int) -> DragonflyPlus:
    """Return one group: as the author says, else balanced.

    Source: Shpiner et al. (2017), section III: half of the ports of every switch go up, so that a group has as many
    leaves as spines, and a spine as many global links as leaves.
    """
    down = ask.fabric.tiers[0].down.value
    leaves, spines, ports = (ask.number(name) for name in ("leaves_per_group", "spines_per_group", "global_ports"))
    if (leaves, spines, ports, down) == (None, None, None, None):
        size = 1
        while size * size * (size * size + 1) < ask.ports:
            size += 1
        return DragonflyPlus(size * parallel, size, size, parallel, 1, size * parallel, 0)
    spines = spines or leaves or ports or down or 1
    leaves = leaves or spines
    if ports is None:
        links, groups = ask.number("links_per_group_pair"), ask.number("groups")
        is_stated = links is not None and groups is not None
        ports = -(-(links or 1) * ((groups or 1) - 1) // spines) if is_stated else leaves * parallel
    return DragonflyPlus(down or spines * parallel, leaves, spines, parallel, 1, max(ports, 1), 0)


def _grown(ask: PlusAsk, base: DragonflyPlus) -> DragonflyPlus | Refusal:
    """Return the network with its groups, as few as the endpoints need where nobody decided, and links per pair."""
    wanted = ask.number("links_per_group_pair")
    has = base.spines * base.global_ports
    groups = ask.number("groups") or max(1, -(-ask.ports // (base.down * base.leaves)))
    most = has // (wanted or 1) + 1
    if groups > most:
        need = (groups - 1) * (wanted or 1)
        return ask.refuse(
            "groups-not-possible",
            f"{count_of(groups, 'group')} of `{ask.fabric.name}` need {count_of(need, 'global link')} each "
            f"({wanted or 1} to every other), and {count_of(base.spines, 'spine')} of "
            f"{count_of(base.global_ports, 'global port')} have {has}: {need - has} too few",
            "groups" if "groups" in ask.fabric.parameters else "links_per_group_pair",
            (f"set `groups = {most}` or less, or `global_ports = {-(-need // base.spines)}`",),
        )
    is_decided = ask.fabric.tiers[0].down.is_decided
    down = base.down if is_decided else -(-ask.ports // (groups * base.leaves))
    if groups == 1:
        return replace(base, down=down)
    return replace(base, down=down, groups=groups, pair_links=wanted or has // (groups - 1))


# ------------------------------------------------------------------ what cannot be


def _refusals(ask: PlusAsk, network: DragonflyPlus) -> Iterator[Refusal]:
    room = network.counts[0] * network.down
    if room < ask.ports:
        leaf = ask.fabric.tiers[0]
        plane = " a plane" if ask.fabric.planes > 1 else ""
        yield Refusal(
            "endpoints-exceeded",
            f"`{ask.fabric.name}` has {count_of(ask.ports, 'endpoint port')}{plane}, and its "
            f"{count_of(network.counts[0], 'leaf', 'leaves')} of {network.down} take {room:,}: {ask.ports - room:,} "
            "too many",
            leaf.down.span or ask.fabric.origin.span,
            helps=(f"set `down = {-(-ask.ports // network.counts[0])}` in tier `{leaf.name}`, or more `groups`",),
        )
    up = network.global_ports if network.groups > 1 else 0
    sides = ((network.down, network.leaf_up), (network.spine_down, up))
    for tier, count, (down, to_above) in zip(ask.fabric.tiers, network.counts, sides, strict=True):
        yield from _count_refusals(ask, tier, count * ask.fabric.planes, down, to_above)
    for tier, box, (down, to_above) in zip(ask.fabric.tiers, ask.boxes, sides, strict=True):
        if not box.fits(down, to_above):
            yield _radix_refusal(ask, tier, box, (down, to_above))


def _count_refusals(ask: PlusAsk, tier: Tier, count: int, down: int, up: int) -> Iterator[Refusal]:
    asked: tuple[tuple[Slot[int], int, str, str], ...] = (
        (tier.count, count, f"`{ask.fabric.name}` has {count} of them by its parameters", "count"),
        (tier.down, down, f"a switch of it has {count_of(down, 'port')} down", "down"),
        (tier.up, up, f"a switch of it has {count_of(up, 'port')} up", "up"),
    )
    for slot, found, has, word in asked:
        if not allows(slot, found):
            yield Refusal(
                "count-not-possible",
                f"tier `{tier.name}` asks for `{word}` {wish(slot)}, and {has}",
                slot.span or tier.origin.span,
                f"{found} would work",
                helps=(f"set `{word} = {found}`, or leave it out: it follows from the parameters",),
            )


def _radix_refusal(ask: PlusAsk, tier: Tier, box: Box, sides: tuple[int, int]) -> Refusal:
    is_leaf = tier is ask.fabric.tiers[0]
    below, above = ("endpoints", "spines") if is_leaf else ("leaves", "other groups")
    cages = box.cages_for(*sides)
    smaller = (
        "fewer `spines_per_group` or a smaller `down`" if is_leaf else "fewer `leaves_per_group` or `global_ports`"
    )
    return Refusal(
        "radix-exceeded",
        f"a switch of tier `{tier.name}` of `{ask.fabric.name}` needs {sides[0]} ports for {below} and {sides[1]} for "
        f"{above}, {cages} cages, and a `{box.model.name}` has {count_of(box.cages, 'cage')}",
        tier.model.span or tier.origin.span,
        f"{count_of(max(cages - box.cages, 1), 'cage')} too few",
        helps=(f"ask for {smaller}, or name a model with more ports",),
    )
