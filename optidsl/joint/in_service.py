"""Sizes in service: ports of leaves, uplinks, parallel links and pods hold while what is asked now allows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from optidsl._context import Context
from optidsl._record import replace
from optidsl.fabric.openness import is_open
from optidsl.fabric.refusal import Refusal, allows, words
from optidsl.fabric.shapes import Shape, Sizer
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Connect, Design, Fabric, Tier
from optidsl.sema.slot import Slot

KINDS = frozenset({"clos", "rail_optimized"})
"""Trees whose sizes are chosen; those of other kinds follow from parameters."""

_RUNGS = 5
"""Ways to keep sizes in service, each fewer of them than the one before."""

_SIZE = re.compile(r", (down|up|parallel) ([0-9]+)")

Sizes = Mapping[str, Mapping[str, int]]
"""Ports `down` and `up` and links in `parallel` upwards of each tier in service, by its name."""


def with_sizes(design: Design, fabric: Fabric, context: Context) -> Fabric:
    """Return a fabric with the sizes in service decided as far as they are possible; itself where that changes nothing.

    The first that can be built holds: all of them; other links above spines; other parallel links; more uplinks; leaves
    of other sizes. Where the first needs more pods than there are, the next does if it needs fewer.

    Args:
        design: what the fabric is of.
        fabric: with kind, tiers and models in service decided where the author leaves them open.
        context: what is in service.
    """
    said = _said(fabric, context)
    if fabric.kind not in KINDS or not any(said.values()):
        return fabric
    own = replace(fabric, kept_pods=_pods(fabric, said, context))
    sizer, most = Sizer(design), 1 + max(own.kept_pods.values(), default=0)
    ways = (_held_whole(own, said, rung) for rung in range(_RUNGS))
    found = ((way, shape) for way in ways if not isinstance(shape := sizer.shape(way), Refusal))
    first = next(found, None)
    if first is None:
        return fabric
    held, built = first if first[1].pods <= most else min((first, *islice(found, 1)), key=lambda each: each[1].pods)
    return fabric if _is_same(sizer.shape(fabric), built) and not is_open(fabric) else held


def _held_whole(fabric: Fabric, said: Sizes, rung: int) -> Fabric:
    return replace(_held(fabric, said, rung), variants=tuple(_held(each, said, rung) for each in fabric.variants))


def _said(fabric: Fabric, context: Context) -> dict[str, dict[str, int]]:
    shapes = context.pins.shapes
    return {
        tier.name: {name: int(value) for name, value in _SIZE.findall(shapes.get(f"{fabric.name}.{tier.name}", ""))}
        for tier in fabric.tiers
        if not is_upgraded(context, f"{fabric.name}.{tier.name}")
    }


def is_upgraded(context: Context, path: str) -> bool:
    """Tell whether `--upgrade` names a fabric or tier, or what it is part of."""
    return any(each == "all" or path == each or path.startswith(f"{each}.") for each in context.options.upgrade)


def _is_same(free: Shape | Refusal, held: Shape) -> bool:
    return not isinstance(free, Refusal) and (free.counts, free.sides) == (held.counts, held.sides)


def _held(fabric: Fabric, said: Sizes, rung: int) -> Fabric:
    """Return the fabric with sizes decided: the lower the rung, the more of them."""
    if fabric.kind not in KINDS:
        return fabric
    tiers = tuple(
        _held_tier(fabric, tier, said.get(tier.name, {}), at == 0, rung) for at, tier in enumerate(fabric.tiers)
    )
    below = [(), fabric.tiers[:1], fabric.tiers][max(2 - rung, 0)]
    held = {name: said[name] for name in (tier.name for tier in below) if name in said}
    connects = tuple(_held_connect(each, held) for each in fabric.connects)
    return replace(fabric, tiers=tiers, connects=connects)


def _held_tier(fabric: Fabric, tier: Tier, said: Mapping[str, int], is_leaf: bool, rung: int) -> Tier:
    down, up = tier.down, tier.up
    if is_leaf and "down" in said and rung < 4 and _is_free(down, said["down"]):
        down = Slot(value=said["down"], span=down.span)
    if "up" in said and _is_free(up, said["up"]):
        if not is_leaf or rung > 2:
            up = replace(up, lower=said["up"])
        elif not _is_exact(fabric, tier):
            up = Slot(value=said["up"], span=up.span)
    return replace(tier, down=down, up=up)


def _is_free(slot: Slot[int], value: int) -> bool:
    return slot.value is None and allows(slot, value)


def _is_exact(fabric: Fabric, leaf: Tier) -> bool:
    """Tell whether the ratio decides the uplinks of a leaf, once its ports down are known."""
    slot = fabric.oversubscription
    return leaf.oversubscription.value is not None or (
        slot.span is not None and (slot.value is not None or slot.options is not None)
    )


def _held_connect(connect: Connect, said: Sizes) -> Connect:
    links = said.get(connect.a, {}).get("parallel", 0)
    if not links or connect.uneven or not _is_free(connect.parallel, links):
        return connect
    return replace(connect, parallel=Slot(value=links, span=connect.parallel.span))


def _pods(fabric: Fabric, said: Sizes, context: Context) -> dict[int, int]:
    """Return the pod, from 0, that every leaf of a fabric of three tiers is cabled to, by its key."""
    if len(fabric.tiers) < 3:
        return {}
    leaf, spine = (tier.name for tier in fabric.tiers[:2])
    mine = said.get(leaf, {})
    if "parallel" not in mine or "up" not in mine or "up" not in said.get(spine, {}):
        return {}
    step = 100 if mine["up"] // mine["parallel"] < 100 else 1000
    is_split = any(who.startswith(f"{fabric.name}.p0.") for who in context.pins.names)
    path = f"{fabric.name}.p0" if is_split else fabric.name
    below, above = f"{path}.{leaf}[", f"{path}.{spine}["
    found: dict[int, int] = {}
    for a, _, z, _ in context.pins.cables:
        if a.startswith(below) and z.startswith(above):
            found.setdefault(int(a[len(below) : -1]), int(z[len(above) : -1]) // step - 1)
    return found


def tell_moved(design: Design, tables: FabricTables, context: Context) -> None:
    """Tell sizes of leaves in service that a new shape does not keep, where the author leaves them open.

    Args:
        design: as the author left it.
        tables: what is built.
        context: what was in service; takes `shape-not-kept`.
    """
    for fabric, shape in zip(design.fabrics, tables.shapes, strict=True):
        if shape.fabric.kind not in KINDS or not shape.fabric.tiers:
            continue
        leaf = fabric.tiers[0]
        said = _said(fabric, context).get(leaf.name, {})
        sides = (("down", leaf.down, shape.down[0]), ("up", leaf.up, shape.up[0]))
        moved = [
            f"`{leaf.name}` has {said[side]} ports {side} and gets {now}"
            for side, slot, now in sides
            if slot.value is None and said.get(side, now) != now
        ]
        if moved:
            context.sink.warning(
                "shape-not-kept",
                f"the sizes in service of `{fabric.name}` do not serve what is asked for now: {words(moved, 'and')}",
                fabric.origin.span,
                helps=(f"decide `down` and `up` of tier `{leaf.name}` if its ports must stay",),
            )
