"""Ports that leaves have for endpoints that are not there yet."""

from __future__ import annotations

import numpy as np

from optidsl.plan.model import Plan, PlanFabric


def ports_in_use(plan: Plan, fabric: PlanFabric) -> int:
    """Return the links down of the fullest leaf of a fabric."""
    is_leaf_link = np.array(
        [s.fabric == fabric.name and s.z == fabric.tiers[0] != s.a for s in plan.segments], dtype=bool
    )
    leaves = plan.links.z_device[is_leaf_link[plan.links.segment]]
    return int(np.bincount(leaves).max(initial=0))


def provision_note(plan: Plan, fabric: PlanFabric) -> str:
    """Return how much of its leaves a rail-optimised fabric uses and how to size for less, "" where they are full.

    Such a fabric has whole scalable units: uplinks follow the ports of a leaf, not the nodes. The `down` that the
    note offers is the least that serves the nodes and keeps the ratio of ports down to ports up.
    """
    if fabric.kind != "rail_optimized":
        return ""
    used, down, up = ports_in_use(plan, fabric), fabric.down[0], fabric.up[0]
    least = next((ports for ports in range(max(used, 1), down) if ports * up % down == 0), down)
    if least == down:
        return ""
    return (
        f"provisioned for full leaves: {used} of {down} ports down in use at most; write `down = {least}` in "
        f"`tier {fabric.tiers[0]}` to size for less"
    )
