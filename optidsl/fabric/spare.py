"""Ports left for growth: links that switches could take on the side below beside those that they have."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from optidsl.fabric.box import Box
from optidsl.fabric.tables import DeviceGroup, FabricTables


def spare_of(box: Box, switches: int, up: int, below: int) -> int:
    """Return the links below that switches of a tier could take beside those that they have.

    Args:
        box: the model at the rates of its links.
        switches: switches of the tier.
        up: ports that each keeps for links above, or to others of its tier.
        below: links below all of them.
    """
    return max(0, switches * most_down(box, up) - below)


def most_down(box: Box, up: int) -> int:
    """Return the most ports down of a box beside `up` ports up: cages that serve up are whole."""
    return next((down for down in range(box.capacity, 0, -box.per_down) if box.fits(down, up)), 0)


def spare_ports(tables: FabricTables) -> dict[str, Fraction]:
    """Return `fabric.<f>.tier.<t>.spare_ports`, and `fabric.<f>.spare_ports`: those of the endpoints' tier.

    A switch keeps the ports of its cages that serve up, or other switches of its tier, whether in use or not.
    """
    links, groups, group_of = tables.links, tables.groups, tables.devices.group
    z_group = group_of[links.z_device]
    below = np.bincount(z_group[group_of[links.a_device] != z_group], minlength=len(groups))
    found: dict[str, Fraction] = {}
    for shape in tables.shapes:
        start = f"fabric.{shape.fabric.name}"
        for tier in shape.fabric.tiers:
            own = [
                at for at, each in enumerate(groups) if (each.fabric, each.tier_name) == (shape.fabric.name, tier.name)
            ]
            found[f"{start}.tier.{tier.name}.spare_ports"] = Fraction(
                sum(_of_group(groups[at], int(below[at])) for at in own)
            )
        found[f"{start}.spare_ports"] = found[f"{start}.tier.{shape.tiers[0]}.spare_ports"]
    return found


def _of_group(group: DeviceGroup, below: int) -> int:
    return 0 if group.order is None else spare_of(group.order.box, group.count, group.order.up, below)
