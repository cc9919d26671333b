"""Ports for links whose ends are known: those of the cables in service that survive, free ones for the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct
from optidsl._record import record, replace
from optidsl.diag import InternalError
from optidsl.fabric.keep_homes import occurrence
from optidsl.fabric.tables import I64, FabricTables

Mask = NDArray[np.bool_]


@record(frozen=True, slots=True)
class Cables:
    """Cables in service between devices that stand, shape `(n_cables,)`.

    `a_at` and `z_at` order the ports of a device: of a server the index of the port, of a switch its cage and bore.
    """

    a: I64
    a_at: I64
    z: I64
    z_at: I64

    def select(self, rows: I64) -> Cables:
        """Return some of them, in that order."""
        return Cables(self.a[rows], self.a_at[rows], self.z[rows], self.z_at[rows])


def matched(tables: FabricTables, cables: Cables, is_fixed: Mask) -> I64:
    """Return the link that each cable in service becomes, -1 where it becomes none, shape `(n_cables,)`.

    A link of a server is one cable: that of its port, when it ends at the same switch. Between two switches all links
    are alike, so of `m` cables in service and `n` links the ones with the lowest ports, `min(m, n)`, stay. No more
    can: each link is at most one of the cables of its own pair, and pairs share neither. So the sum over all pairs
    and ports is the most that any assignment keeps.

    Args:
        tables: the links, with the devices at both ends decided.
        cables: those in service; no two share a port.
        is_fixed: links whose A end has its port by what it is, shape `(n_links,)`.
    """
    links = tables.links
    n, width = len(tables.devices.group), 1 + max(int(links.a_port.max(initial=0)), int(cables.a_at.max(initial=0)))
    of_server = is_node(tables)
    found = np.full(len(cables.a), -1, np.int64)
    ends = np.flatnonzero(is_fixed)
    of_ports = np.flatnonzero(of_server[cables.a])
    key = links.a_device[ends].astype(np.int64) * width + links.a_port[ends]
    at = looked_up(key, cables.a[of_ports] * width + cables.a_at[of_ports])
    row = ends[at] if ends.size else at
    is_good = (at >= 0) & (links.z_device[row] == cables.z[of_ports]) if ends.size else at >= 0
    found[of_ports] = np.where(is_good, row, -1)
    free, pairs = np.flatnonzero(~is_fixed), np.flatnonzero(~of_server[cables.a])
    of_links = _pair(links.a_device[free].astype(np.int64), links.z_device[free].astype(np.int64), n)
    of_cables = _pair(cables.a[pairs], cables.z[pairs], n)
    order = np.lexsort((cables.z_at[pairs], cables.a_at[pairs], of_cables))
    depth = 1 + max(len(free), len(pairs))
    at = looked_up(of_links * depth + occurrence(of_links), of_cables[order] * depth + occurrence(of_cables[order]))
    found[pairs[order]] = np.where(at >= 0, free[at] if free.size else -1, -1)
    return found


def is_node(tables: FabricTables) -> Mask:
    return np.array([group.kind == "node" for group in tables.groups], np.bool_)[tables.devices.group]


def _pair(a: I64, z: I64, n: int) -> I64:
    return np.minimum(a, z) * n + np.maximum(a, z)


def looked_up(keys: I64, wanted: I64) -> I64:
    """Return the position of every wanted key among keys that all differ, -1 where there is none."""
    if not keys.size:
        return np.full(len(wanted), -1, np.int64)
    order = np.argsort(keys, kind="stable")
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][at] == wanted, order[at], -1)


def with_ports(tables: FabricTables, a_kept: I64, z_kept: I64, is_moved: I64) -> FabricTables:
    """Return the tables with a port at every end: the one kept, else that of the scheme, else the lowest free one.

    A server goes before into cages that serve servers of its own group: a cage holds one kind of module.

    Args:
        tables: links with the ports of the scheme.
        a_kept: port of the A end that stays, -1 where none does, shape `(n_links,)`.
        z_kept: port of the Z end that stays, likewise.
        is_moved: 1 for links whose Z end is at another device than in the scheme, shape `(n_links,)`.
    """
    links, groups = tables.links, tables.groups
    n_links = len(links.segment)
    device = np.r_[links.a_device, links.z_device].astype(np.int64)
    scheme = np.r_[links.a_port, links.z_port].astype(np.int64)
    kept = np.r_[a_kept, z_kept]
    group_of = tables.devices.group.astype(np.int64)
    owner = np.r_[np.full(n_links, -1), group_of[links.a_device]]
    is_switch = ~is_node(tables)[device]
    width = max(len(group.ports.name) for group in groups)
    role_of = np.full((len(groups), width), -1, np.int64)
    cage_of = np.zeros((len(groups), width), np.int64)
    for row, group in enumerate(groups):
        role_of[row, : len(group.ports.name)] = group.ports.role
        cage_of[row, : len(group.ports.name)] = group.ports.cage
    role = role_of[group_of[device], scheme]
    port = np.where(is_switch, kept, scheme)
    open_ = np.flatnonzero(port < 0)
    taken = np.zeros((len(group_of), width), np.bool_)
    taken[device[port >= 0], port[port >= 0]] = True
    stays = open_[~taken[device[open_], scheme[open_]] & ~np.r_[np.zeros(n_links, np.bool_), is_moved > 0][open_]]
    port[stays] = scheme[stays]
    taken[device[stays], port[stays]] = True
    _fill(port, device, owner, role, taken, role_of[group_of], cage_of[group_of])
    if (port < 0).any():
        raise InternalError(f"{int((port < 0).sum())} ends of links found no free port")
    column = port.astype(np.int32)
    return replace(tables, links=replace(links, a_port=column[:n_links], z_port=column[n_links:]))


def in_order(tables: FabricTables, is_fixed: Mask) -> FabricTables:
    """Return the tables with the links between two switches in the order of their ports, whatever became of each."""
    links, n = tables.links, len(tables.devices.group)
    rows = np.flatnonzero(~is_fixed)
    pair = _pair(links.a_device[rows].astype(np.int64), links.z_device[rows].astype(np.int64), n)
    pair = links.segment[rows] * np.int64(n) * n + pair
    by_row, by_port = np.argsort(pair, kind="stable"), np.lexsort((links.z_port[rows], links.a_port[rows], pair))
    a_port, z_port = links.a_port.copy(), links.z_port.copy()
    a_port[rows[by_row]], z_port[rows[by_row]] = links.a_port[rows[by_port]], links.z_port[rows[by_port]]
    return replace(tables, links=replace(links, a_port=a_port, z_port=z_port))


def _fill(port: I64, device: I64, owner: I64, role: I64, taken: Mask, role_of: I64, cage_of: I64) -> None:
    """Give ends without a port the lowest free one of their role, in cages of other owners last.

    Args:
        port: -1 where there is none yet, shape `(n_ends,)`; this and `taken` are written.
        device: of every end.
        owner: group of servers (or switches below) that an end serves, -1 where that does not matter.
        role: of every end.
        taken: ports with a cable, shape `(n_devices, width)`.
        role_of: role of every port, shape `(n_devices, width)`.
        cage_of: cage of every port, shape `(n_devices, width)`.
    """
    rest = np.flatnonzero(port < 0)
    n_owners = int(owner.max(initial=-1)) + 2
    for kind in distinct(role[rest] * n_owners + owner[rest] + 1).tolist():
        of_role, of_owner = kind // n_owners, kind % n_owners - 1
        mine = rest[(role[rest] == of_role) & (owner[rest] == of_owner)]
        mine = mine[np.argsort(device[mine], kind="stable")]
        rows = distinct(device[mine])
        foreign = np.zeros((len(rows), int(cage_of.max(initial=0)) + 1), np.bool_)
        others = np.flatnonzero((port >= 0) & (owner != of_owner) & np.isin(device, rows))
        foreign[np.searchsorted(rows, device[others]), cage_of[device[others], port[others]]] = True
        at, free = np.nonzero(~taken[rows] & (role_of[rows] == of_role))
        order = np.lexsort((free, foreign[at, cage_of[rows[at], free]], at))
        at, free = at[order], free[order]
        depth = taken.shape[1] + 1
        found = looked_up(
            at * depth + occurrence(at), np.searchsorted(rows, device[mine]) * depth + occurrence(device[mine])
        )
        good = found >= 0
        port[mine[good]] = free[found[good]]
        taken[device[mine[good]], port[mine[good]]] = True
