"""Dragonflies: groups of routers, every two groups joined by one or several links."""

from __future__ import annotations

from math import comb, prod

import numpy as np

from optidsl._record import record, replace
from optidsl.fabric.families.direct import Direct
from optidsl.fabric.families.dragonfly_reach import diameter_of
from optidsl.fabric.families.grids import clique_ties, fewest_around
from optidsl.fabric.families.measured import narrowest_cut
from optidsl.fabric.families.network import Dimension, NetworkAsk, Ties
from optidsl.fabric.refusal import Refusal, count_of
from optidsl.fabric.tables import I32, I64

_MOST_MEASURED = 128
"""Routers of a dragonfly whose narrowest cut is measured where it has no closed form."""


@record(frozen=True, slots=True)
class Dragonfly:
    """A dragonfly of `groups` groups with `pair_links` links between every two.

    A group is one clique, or a grid of columns and rows with a clique in every row and in every column. Global link
    number `t = copy * (groups - 1) + lead - 1` of a group leads `lead` groups further on (modulo the groups); its
    numbers are dealt over the routers of the group in equal runs.

    Source: Kim, Dally, Scott, Abts, Technology-Driven, Highly-Scalable Dragonfly Topology (ISCA 2008), section 3;
    Camarero, Vallejo, Beivide, Topological Characterization of Hamming and Dragonfly Networks (TACO 2014), section 4:
    the relative arrangement of global links.
    """

    down: int
    group_dims: tuple[int, ...]  # (routers,) or (columns, rows)
    local_parallel: tuple[int, ...]
    groups: int
    global_ports: int
    pair_links: int

    @property
    def routers(self) -> int:
        """Routers of a group."""
        return prod(self.group_dims)

    @property
    def switches(self) -> int:
        """Routers of all groups."""
        return self.groups * self.routers

    @property
    def leads(self) -> int:
        """Global links of a group."""
        return (self.groups - 1) * self.pair_links

    @property
    def _axes(self) -> list[int]:
        return [axis for axis, size in enumerate(self.group_dims) if size > 1]

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """`local`, or `row` and `column`; then `global`."""
        names = ("local",) if len(self.group_dims) == 1 else ("row", "column")
        found = []
        for axis in self._axes:
            size, parallel = self.group_dims[axis], self.local_parallel[axis]
            links = self.switches // size * comb(size, 2) * parallel
            found.append(Dimension(names[axis], (size - 1) * parallel, links))
        if self.groups > 1:
            found.append(Dimension("global", self.global_ports, comb(self.groups, 2) * self.pair_links))
        return tuple(found)

    @property
    def diameter(self) -> int:
        """Links between the farthest routers: local, global, local in the canonical dragonfly."""
        return diameter_of(self.group_dims, self.groups, self.router_of(), self.pair_links)

    @property
    def disjoint_paths(self) -> int | None:
        """The links around one router, around a row or a column of a group, or around a whole group, the fewest.

        A cut that splits several groups passes through each; it is narrower only where global links are many beside
        local ones, and then it is measured. None: too large for that.

        Assumes: of the cuts that split one group, one along whole axes is narrowest, as in a HyperX.
        """
        degrees = {axis: (self.group_dims[axis] - 1) * self.local_parallel[axis] for axis in self._axes}
        inside = fewest_around((self.group_dims[axis], degrees[axis]) for axis in self._axes) or 0
        if self.groups == 1:
            return inside
        leads = np.bincount(self.router_of(), minlength=self.routers).reshape(self.group_dims[::-1]).T
        found = self.leads
        for whole in ((), *((axis,) for axis in self._axes)):
            around = prod(self.group_dims[axis] for axis in whole) * sum(
                degrees[axis] for axis in degrees if axis not in whole
            )
            found = min(found, around + int(leads.sum(axis=whole).min()))
        if not degrees or found <= 2 * inside:
            return found
        if self.switches > _MOST_MEASURED:
            return None
        ties = [self.links(index) for index in range(len(self.dimensions))]
        a, z = (np.concatenate(ends) for ends in ([each.a for each in ties], [each.z for each in ties]))
        return narrowest_cut(a, z, self.switches, self.diameter)

    @property
    def parameters(self) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
        """Groups, routers, ports and links as they came out."""
        shape: tuple[tuple[str, int | tuple[int, ...]], ...] = (("routers_per_group", self.routers),)
        if len(self.group_dims) > 1:
            shape = (("group_dims", self.group_dims),)
        return (
            ("groups", self.groups),
            *shape,
            ("global_ports", self.global_ports),
            ("links_per_group_pair", self.pair_links),
        )

    def halves(self) -> tuple[int, ...]:
        """Return the links between two halves of whole groups, or of every group split alike where that has fewer.

        Source: Kim et al. (2008), section 3.1. Assumes: no other cut into halves has fewer links; what is odd in number
        is split into parts that differ by one.
        """
        cuts = [self._split(axis) for axis in self._axes]
        if self.groups > 1:
            crossing = (self.groups // 2) * -(-self.groups // 2) * self.pair_links
            cuts.insert(0, (*(0 for _ in self._axes), crossing))
        return min(cuts, key=sum, default=())

    def _split(self, axis: int) -> tuple[int, ...]:
        """Return the links of each dimension that cross when every group is split across an axis."""
        size, stride = self.group_dims[axis], prod(self.group_dims[:axis])
        local = (size // 2) * -(-size // 2) * self.local_parallel[axis] * (self.switches // size)
        found = tuple(local if other == axis else 0 for other in self._axes)
        if self.groups == 1:
            return found
        is_low = self.router_of() // stride % size < size // 2
        crossing = int((is_low != is_low[self._far_ends()]).sum())
        return (*found, crossing * self.groups // 2)

    def _far_ends(self) -> I64:
        """Return the number that each global link of a group has in the other group, shape `(leads,)`."""
        number = np.arange(self.leads, dtype=np.int64)
        lead = number % (self.groups - 1)
        far: I64 = number - lead + (self.groups - 2 - lead)
        return far

    def links(self, dimension: int) -> Ties:
        """Return the links of a dimension."""
        if dimension < len(self._axes):
            axis = self._axes[dimension]
            return clique_ties(self.group_dims, axis, self.local_parallel[axis], self.groups)
        low, high = (each.astype(np.int64) for each in np.triu_indices(self.groups, 1))
        router, port = self.router_of(), self._port_of()
        up = (high - low - 1)[:, None] + np.arange(self.pair_links, dtype=np.int64) * (self.groups - 1)
        back = self._far_ends()[up]
        return Ties(
            (low[:, None] * self.routers + router[up]).ravel(),
            port[up].ravel(),
            (high[:, None] * self.routers + router[back]).ravel(),
            port[back].ravel(),
        )

    def router_of(self) -> I64:
        """Return the router that has each global link of a group, shape `(leads,)`."""
        return np.arange(self.leads, dtype=np.int64) * self.routers // max(self.leads, 1)

    def _port_of(self) -> I64:
        router = self.router_of()
        first: I64 = -(-router * self.leads // self.routers)
        return np.arange(self.leads, dtype=np.int64) - first

    def group_of(self) -> I32 | None:
        """Return the group of every router."""
        return (np.arange(self.switches) // self.routers).astype(np.int32)


# ------------------------------------------------------------------ sizes


def _network(ask: NetworkAsk) -> Dragonfly | Refusal:
    dims = ask.numbers("group_dims")
    refusal = _dims_refusal(ask, dims)
    if refusal is not None:
        return refusal
    names = ("local",) if dims is None else ("row", "column")
    parallel: list[int] = []
    for name in names:
        found = ask.parallel(name)
        if isinstance(found, Refusal):
            return found
        parallel.append(found)
    given = ask.number("routers_per_group"), ask.number("global_ports")
    if dims is None and given == (None, None):
        return _balanced(ask, tuple(parallel))
    ports = given[1]
    shape = dims if dims is not None else (given[0] or 2 * (ports or 1),)
    if ports is None:
        wanted = ask.number("links_per_group_pair"), ask.number("groups")
        is_stated = wanted[0] is not None and wanted[1] is not None
        leads = (wanted[0] or 1) * ((wanted[1] or 1) - 1)
        ports = -(-leads // prod(shape)) if is_stated else max(1, prod(shape) // 2)
    return _grown(ask, Dragonfly(ask.tier.down.value or max(ports, 1), shape, tuple(parallel), 1, max(ports, 1), 1))


def _dims_refusal(ask: NetworkAsk, dims: tuple[int, ...] | None) -> Refusal | None:
    if dims is None:
        return None
    if len(dims) != 2 or min(dims) < 2:
        return ask.refuse(
            "dims-not-possible",
            f"`group_dims` of `{ask.fabric.name}` is `[{', '.join(str(size) for size in dims)}]`: a group has columns "
            "and rows, 2 of each at least",
            "group_dims",
            ("write `group_dims = [16, 6]`, or `routers_per_group` for a group without rows",),
        )
    routers = ask.number("routers_per_group")
    if routers is not None and routers != prod(dims):
        return ask.refuse(
            "count-not-possible",
            f"`{ask.fabric.name}` has {routers} routers a group, and `group_dims` makes {prod(dims)}",
            "routers_per_group",
            ("leave `routers_per_group` out",),
        )
    return None


def _balanced(ask: NetworkAsk, parallel: tuple[int, ...]) -> Dragonfly | Refusal:
    """Return the smallest balanced dragonfly, a = 2p = 2h, that the endpoints fit in.

    Source: Kim et al. (2008), section 3.1: a = 2p = 2h balances the load of the links.
    """
    down = ask.tier.down.value
    size = down or 1
    while down is None and 2 * size * size * (2 * size * size + 1) < ask.ports:
        size += 1
    made = Dragonfly(down or size, (2 * size,), parallel, 1, size, 1)
    return _grown(ask, made)


def _grown(ask: NetworkAsk, base: Dragonfly) -> Dragonfly | Refusal:
    """Return the dragonfly with its groups, as few as the endpoints need where nobody decided, and links per pair."""
    most = base.routers * base.global_ports // (ask.number("links_per_group_pair") or 1) + 1
    groups = ask.number("groups")
    if groups is None:
        groups = max(1, -(-ask.ports // (base.down * base.routers)))
    if groups > most:
        return _groups_refusal(ask, base, groups, most)
    if groups == 1:
        return replace(base, groups=1, pair_links=0)
    links = ask.number("links_per_group_pair") or base.routers * base.global_ports // (groups - 1)
    down = base.down if ask.tier.down.is_decided else -(-ask.ports // (groups * base.routers))
    return replace(base, down=down, groups=groups, pair_links=links)


def _groups_refusal(ask: NetworkAsk, base: Dragonfly, groups: int, most: int) -> Refusal:
    has = base.routers * base.global_ports
    links = ask.number("links_per_group_pair") or 1
    need = (groups - 1) * links
    ports = -(-need // base.routers)
    return ask.refuse(
        "groups-not-possible",
        f"{count_of(groups, 'group')} of `{ask.fabric.name}` need {count_of(need, 'global link')} each "
        f"({links} to every other), and {count_of(base.routers, 'router')} of "
        f"{count_of(base.global_ports, 'global port')} have {has}: {need - has} too few",
        "groups" if "groups" in ask.fabric.parameters else "links_per_group_pair",
        (f"set `groups = {most}` or less, or `global_ports = {ports}`",),
    )


FAMILY = Direct(
    _network,
    "The ports of a router: endpoints, then its group, then other groups. Local port j leads to the j-th of the other "
    "routers of the group (of the row, then of the column) in their order; global link t of a group leads "
    "t mod (groups - 1) + 1 groups further on, and the links are dealt over the routers in equal runs.",
)
