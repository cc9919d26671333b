"""How far the routers of a dragonfly are apart, from one group: all groups are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl.fabric.tables import I64

Flags = NDArray[np.bool_]


def diameter_of(group_dims: Sequence[int], groups: int, router_of: I64, pair_links: int) -> int:
    """Return the links between the farthest routers.

    With every two groups joined, a group that is a clique is at most local, global, local from any other; counting
    what two links reach tells most dragonflies that need all three. Others are searched, from the routers of one
    group: the arrangement of global links is the same seen from every group.

    Args:
        group_dims: routers of a group, or columns and rows.
        groups: groups.
        router_of: the router of each global link of a group, shape `(leads,)`.
        pair_links: links between two groups.
    """
    routers = int(np.prod(group_dims))
    if groups > 1 and len(group_dims) == 1 and _needs_three(routers, groups, router_of, pair_links):
        return 3
    return _searched(group_dims, groups, router_of)


def _needs_three(routers: int, groups: int, router_of: I64, pair_links: int) -> bool:
    """Tell whether counting shows that two links do not reach every router.

    Router 0 with k global links misses at least `groups - 1 - k` groups; in each, `routers - pair_links` routers have
    no link from its group; and two global links in a row reach at most k times the most of a router.
    """
    counts = np.bincount(router_of, minlength=routers)
    missed = max(groups - 1 - int(counts[0]), 0) * max(routers - pair_links, 0)
    return missed > int(counts[0]) * int(counts.max())


def _searched(group_dims: Sequence[int], groups: int, router_of: I64) -> int:
    """Return the rounds until every router of group 0 has reached every router of every group."""
    routers = int(np.prod(group_dims))
    is_reached = np.zeros((routers, groups, routers), np.bool_)
    is_reached[np.arange(routers), 0, np.arange(routers)] = True
    rounds = 0
    while not is_reached.all():
        before = is_reached
        is_reached = _beside(before, group_dims)
        for number, router in enumerate(router_of.tolist()):
            lead = number % (groups - 1) + 1
            back = number // (groups - 1) * (groups - 1) + groups - lead - 1
            far = int(router_of[back])
            is_reached[:, :, far] |= np.roll(before[:, :, router], lead, axis=1)
        rounds += 1
    return rounds


def _beside(is_reached: Flags, group_dims: Sequence[int]) -> Flags:
    """Return the routers that have one reached in their row or column, or are such: the last axis is the router."""
    grid = is_reached.reshape(*is_reached.shape[:-1], *reversed(group_dims))
    found = np.zeros_like(grid)
    for axis in range(len(group_dims)):
        found |= grid.any(axis=-1 - axis, keepdims=True)
    return found.reshape(is_reached.shape)
