"""The algebra of a dragonfly+: groups of leaves and spines, whose spines are joined to those of other groups."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.fabric.families.dragonfly import Dragonfly
from optidsl.fabric.families.network import Ties
from optidsl.fabric.tables import I32, I64


@record(frozen=True, slots=True)
class DragonflyPlus:
    """One plane of a dragonfly+ of `groups` groups with `pair_links` links between every two.

    In a group every leaf has `parallel` links to every spine; endpoints are at leaves only, links to other groups at
    spines only, dealt over them as over the routers of a dragonfly.

    Source: Shpiner, Haramaty, Eliad, Zdornov, Gafni, Zahavi, Dragonfly+: Low Cost Topology for Scaling Datacenters
    (HiPINEB 2017), section III.
    """

    down: int
    leaves: int
    spines: int
    parallel: int
    groups: int
    global_ports: int
    pair_links: int

    @property
    def counts(self) -> tuple[int, int]:
        """Leaves and spines of all groups."""
        return self.groups * self.leaves, self.groups * self.spines

    @property
    def leaf_up(self) -> int:
        """Ports of a leaf to spines."""
        return self.spines * self.parallel

    @property
    def spine_down(self) -> int:
        """Ports of a spine to leaves."""
        return self.leaves * self.parallel

    @property
    def uplinks(self) -> int:
        """Links between leaves and spines."""
        return self.counts[0] * self.leaf_up

    @property
    def global_links(self) -> int:
        """Links between groups."""
        return self.groups * self.leads // 2

    @property
    def leads(self) -> int:
        """Global links of a group."""
        return (self.groups - 1) * self.pair_links

    @property
    def diameter(self) -> int:
        """Links between the farthest leaves: every leaf meets every spine of its group, so that three lead anywhere."""
        if self.groups > 1:
            return 3
        return 2 if self.leaves > 1 else 0

    @property
    def disjoint_paths(self) -> int:
        """Paths without a common link between any two leaves, at least.

        The narrowest cut parts one leaf from the rest, or all leaves of a group with those spines that have fewer
        links to other groups than to their leaves.

        Source: Menger's theorem over the sets of j leaves of a group: a spine costs min(j, leaves - j + global links),
        concave in j, so that j = 1 or j = leaves is least.
        """
        if self.counts[0] == 1:
            return 0
        narrow = [self.leaf_up] if self.leaves > 1 else []
        if self.groups > 1:
            least, more = divmod(self.leads, self.spines)
            ports = [least + 1] * more + [least] * (self.spines - more)
            narrow.append(sum(min(self.spine_down, each) for each in ports))
        return min(narrow)

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """Groups, switches of a group, ports and links as they came out."""
        return (
            ("groups", self.groups),
            ("leaves_per_group", self.leaves),
            ("spines_per_group", self.spines),
            ("global_ports", self.global_ports),
            ("links_per_group_pair", self.pair_links),
        )

    def cuts(self) -> tuple[tuple[int, int], ...]:
        """Return the even cuts known, as `(uplinks, global links)` that cross each; none for a single leaf.

        Whole groups on either side, cut between the groups or below the spines of the smaller half; or half of the
        leaves of every group, its spines with the others.

        Source: Shpiner et al. (2017), section III, for the cut between groups. Assumes: of an odd number of groups or
        leaves one half has one more.
        """
        found: list[tuple[int, int]] = []
        if self.groups > 1:
            small = self.groups // 2
            found.append((0, small * (self.groups - small) * self.pair_links))
            found.append((small * self.leaves * self.leaf_up, 0))
        if self.leaves > 1 and (self.groups == 1 or self.leaves % 2 == 0):
            found.append((self.groups * (self.leaves // 2) * self.leaf_up, 0))
        return tuple(found)

    def uplink_ties(self) -> Ties:
        """Return the links of leaves (a) to spines (z): uplink i of a leaf goes to spine `i // parallel`."""
        leaf = np.repeat(np.arange(self.counts[0], dtype=np.int64), self.leaf_up)
        uplink = np.tile(np.arange(self.leaf_up, dtype=np.int64), self.counts[0])
        group, place = leaf // self.leaves, leaf % self.leaves
        return Ties(
            leaf,
            uplink,
            group * self.spines + uplink // self.parallel,
            place * self.parallel + uplink % self.parallel,
        )

    def global_ties(self) -> Ties:
        """Return the links between spines of two groups."""
        if self.groups == 1:
            none: I64 = np.zeros(0, np.int64)
            return Ties(none, none, none, none)
        spines = Dragonfly(0, (self.spines,), (1,), self.groups, self.global_ports, self.pair_links)
        return spines.links(len(spines.dimensions) - 1)

    def group_of(self, per_group: int) -> I32:
        """Return the group of every switch of a tier with so many of them in a group."""
        return (np.arange(self.groups * per_group) // per_group).astype(np.int32)
