"""Keys of the switches of a tree: what a switch is known by, and the ports that follow from it.

A switch's key, not its place in a list, is its identity: a tier has the keys 1, 2, 3, … but those that are retired.
In a tree of three tiers the switches of a pod (and the cores of one position) count by themselves, so that one more
in every pod moves none: key 203 is the third of pod 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, islice

import numpy as np

from optidsl._record import record
from optidsl.diag import Sink
from optidsl.fabric.demand import Sizes
from optidsl.fabric.refusal import Refusal, count_of
from optidsl.fabric.tables import I64
from optidsl.sema.design import Tier


@record(frozen=True, slots=True)
class TreeKeys:
    """The keys of each tier, leaf first, and the port places that they take.

    Attributes:
        keys: of the switches of a plane, by tier.
        per_pod: by how much keys of neighbouring pods differ, by tier; 0 where keys do not count pods.
        below: slot, from 0, that each leaf takes on the ports of a spine; its key less one where there is room.
        above: slot, from 0, that each spine takes on the uplinks of a leaf.
        down: port places down of each tier: as many as its size says, and those that retired keys keep free.
        up: port places up of each tier.
    """

    keys: tuple[tuple[int, ...], ...]
    per_pod: tuple[int, ...]
    below: I64
    above: I64
    down: tuple[int, ...]
    up: tuple[int, ...]


def tree_keys(sizes: Sizes) -> TreeKeys:
    """Return the keys of a tree's switches, and the slots of those of two tiers.

    The links of a retired leaf leave their spine ports free, and those of a retired spine their uplinks, where the
    boxes have ports for that; elsewhere switches take ports in the order of their keys. Leaves of pods, and schemes
    other than the plain one, always do.
    """
    per_pod = [0] * len(sizes.counts)
    keys: list[tuple[int, ...]] = []
    for level, tier in enumerate(sizes.ask.tiers):
        runs = _runs(sizes, level)
        if runs:
            each = sizes.counts[level] // runs
            per_pod[level] = 100 if each < 100 else 1000
            keys.append(tuple((run + 1) * per_pod[level] + at + 1 for run in range(runs) for at in range(each)))
        else:
            keys.append(kept_keys(tier, sizes.counts[level]))
    below, above = (np.arange(sizes.counts[min(level, len(keys) - 1)], dtype=np.int64) for level in (0, 1))
    down, up = list(sizes.down), list(sizes.up)
    if len(keys) == 2 and sizes.parallel[0] and not sizes.ask.connect(1).scheme:
        parallel = sizes.parallel[0]
        leaf_places, spine_places = keys[0][-1] * parallel, keys[1][-1] * parallel
        if sizes.ask.boxes[1].fits(leaf_places, 0):
            below, down[1] = np.array(keys[0], np.int64) - 1, max(down[1], leaf_places)
        if sizes.ask.boxes[0].fits(down[0], spine_places):
            above, up[0] = np.array(keys[1], np.int64) - 1, max(up[0], spine_places)
    return TreeKeys(tuple(keys), tuple(per_pod), below, above, tuple(down), tuple(up))


def kept_keys(tier: Tier, wanted: int) -> tuple[int, ...]:
    """Return the first keys, from 1, that are not retired."""
    gone = frozenset(tier.retired.numbers) if tier.retired is not None else frozenset()
    return tuple(islice((key for key in count(1) if key not in gone), wanted))


def _runs(sizes: Sizes, level: int) -> int:
    """Return how many runs of switches count by themselves: pods of spines, positions of cores; 0 where none do."""
    if len(sizes.counts) < 3 or level == 0:
        return 0
    return sizes.pods if level == 1 else sizes.counts[1] // sizes.pods


def retired_refusal(sizes: Sizes) -> Refusal | None:
    """Refuse retired keys of switches that come alike in every pod."""
    for level, tier in enumerate(sizes.ask.tiers):
        if tier.retired is not None and _runs(sizes, level):
            what = "pods" if level == 1 else "sets of cores"
            return Refusal(
                "keys-retired",
                f"tier `{tier.name}` of `{sizes.ask.fabric.name}` retires "
                f"{count_of(len(tier.retired.numbers), 'key')}, and its {what} are alike: a switch of one cannot go "
                "alone",
                tier.retired.span,
                helps=("leave `retired` out, and change `count`",),
            )
    return None


def report_retired(tiers: Iterable[tuple[str, Tier, tuple[int, ...] | None]], sink: Sink) -> None:
    """Report retired keys that mean nothing: of switches with fixed coordinates, or far beyond the last.

    Args:
        tiers: name of the fabric, a tier of it, and the keys of its switches where it is a tree.
        sink: takes `keys-retired`.
    """
    for fabric, tier, keys in tiers:
        if tier.retired is None:
            continue
        if keys is None:
            message = f"tier `{tier.name}` of `{fabric}` has `retired`, which is for trees: here a key is a coordinate"
            sink.error("keys-retired", message, tier.retired.span, helps=("leave `retired` out",))
            continue
        beyond = [key for key in tier.retired.numbers if key > keys[-1]]
        if beyond and beyond[-1] > keys[-1] + len(beyond):
            sink.warning(
                "keys-retired",
                f"`retired` of tier `{tier.name}` of `{fabric}` names {beyond[-1]}, and its keys end at {keys[-1]}: no "
                "switch had that key",
                tier.retired.span,
                helps=(f"leave {beyond[-1]} out",),
            )
