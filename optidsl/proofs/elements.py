"""What can fail of a plan: links, switches, planes, racks, trays, feeds; their names, and what they take along."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optidsl._record import record
from optidsl.plan.model import Plan
from optidsl.proofs.feeds import feeds_of
from optidsl.proofs.graph import graph_of, twins_of
from optidsl.proofs.network import I64, Failure, Mask, Network, no_failure

KINDS: tuple[str, ...] = ("link", "switch", "plane", "rack", "tray", "feed")


@record(frozen=True, slots=True)
class Elements:
    """Elements of one kind: `names(i)`, and the devices and links that fail with each, as rows of the columns.

    `alike` has shape `(n_elements,)`: elements of one number do the same to the network, because exchanging switches
    with the same neighbours and as many endpoints maps one onto the other.
    """

    kind: str
    names: tuple[str, ...] | None  # None: named when asked for, as there may be a million
    devices: tuple[I64, ...] | I64
    links: tuple[I64, ...] | I64
    alike: I64

    @property
    def count(self) -> int:
        """Return how many elements there are."""
        return len(self.alike)

    def failure(self, plan: Plan, element: int) -> Failure:
        """Return the failure of one element."""
        failed = no_failure(plan)
        if len(self.devices):
            failed.devices[self.devices[element]] = True
        if len(self.links):
            failed.links[self.links[element]] = True
        return failed

    def name(self, plan: Plan, element: int) -> str:
        """Return the name of an element: of a device or a rack, or a link by its two ports."""
        if self.names is not None:
            return self.names[element]
        return link_name(plan, int(self.links[element])) if self.kind == "link" else _device_name(plan, self, element)


def _device_name(plan: Plan, elements: Elements, element: int) -> str:
    return plan.devices.name[int(elements.devices[element])]


def link_name(plan: Plan, link: int) -> str:
    """Return a link by its ends: `leaf-001:1/1 -- spine-001:1/1`."""
    links = plan.links
    return (
        f"{port_name(plan, int(links.a_device[link]), int(links.a_port[link]))} -- "
        f"{port_name(plan, int(links.z_device[link]), int(links.z_port[link]))}"
    )


def port_name(plan: Plan, device: int, port: int) -> str:
    """Return a port with its device: `leaf-001:1/1`."""
    group = plan.groups[int(plan.devices.group[device])]
    return f"{plan.devices.name[device]}:{group.ports.name[port]}"


def elements_of(network: Network, kind: str) -> Elements:
    """Return the elements of a kind that hold something of a fabric."""
    finders = {"link": _links, "switch": _switches, "plane": _planes, "rack": _racks, "tray": _trays, "feed": _feeds}
    return finders[kind](network)


_NONE = np.zeros(0, dtype=np.int64)


def _classes(network: Network) -> I64:
    """Return a number for every vertex: those of one number have the same neighbours, tier, group and endpoints.

    Exchanging two of them, with their endpoints, maps the network onto itself: between two tiers there is one rate.
    """
    twin = twins_of(graph_of(network.size, network.a, network.z))
    seats, solo = served(network)
    return numbered(twin, seats, solo, network.level, network.plane, network.pod)


def numbered(*columns: I64) -> I64:
    """Return the number of every row of some columns among the different rows."""
    return np.unique(np.stack(columns), axis=1, return_inverse=True)[1].reshape(-1).astype(np.int64)


def served(network: Network) -> tuple[I64, I64]:
    """Return the bandwidth of the endpoints of every vertex, and the nodes that have all their endpoints there."""
    bandwidth = np.zeros(network.size, dtype=np.int64)
    np.add.at(bandwidth, network.seat, network.seat_mbps)
    solo = np.zeros(network.size, dtype=np.int64)
    if len(network.node):
        lone = ~_is_spread(network)
        pairs = np.unique(np.stack([network.node[lone], network.seat[lone]]), axis=1)
        np.add.at(solo, pairs[1], 1)
    return bandwidth, solo


def _is_spread(network: Network) -> Mask:
    """Return which endpoints belong to a node with endpoints at several vertices, shape `(n_endpoints,)`."""
    nodes = int(network.node.max(initial=-1)) + 1
    least, most = np.full(nodes, network.size), np.full(nodes, -1)
    np.minimum.at(least, network.node, network.seat)
    np.maximum.at(most, network.node, network.seat)
    return np.asarray((least != most)[network.node])


def _links(network: Network) -> Elements:
    of = _classes(network)
    single = network.seat_link >= 0
    ports = np.bincount(network.node, minlength=int(network.node.max(initial=-1)) + 1)
    outer = np.stack([np.full(len(single), -1), of[network.seat], network.seat_mbps, ports[network.node]])
    inner = np.stack([of[network.a], of[network.z], network.mbps, np.zeros(len(network.a), dtype=np.int64)])
    rows = np.concatenate([network.seat_link[single], network.link])
    alike = numbered(*np.concatenate([outer[:, single], inner], axis=1))
    order = np.argsort(rows, kind="stable")
    return Elements("link", None, _NONE, rows[order], alike[order])


def _switches(network: Network) -> Elements:
    is_switch = network.level > 0
    return Elements("switch", None, network.rows[is_switch], _NONE, _classes(network)[is_switch])


def _planes(network: Network) -> Elements:
    planes = range(network.fabric.planes)
    names = tuple(f"plane {plane} of {network.fabric.name}" for plane in planes)
    devices = tuple(network.rows[(network.plane == plane) & (network.level > 0)] for plane in planes)
    return Elements("plane", names, devices, (), np.arange(len(names)))


def _racks(network: Network) -> Elements:
    """Return racks with switches or servers of the fabric; alike are those with switches only that are alike."""
    plan = network.plan
    holds = np.zeros(len(plan.devices.group), dtype=bool)
    holds[network.rows] = holds[network.node] = True
    racks = np.unique(plan.devices.rack[holds])
    racks = racks[racks >= 0].tolist()
    by_rack = [np.flatnonzero(holds & (plan.devices.rack == rack)) for rack in racks]
    of = np.full(len(holds), -1, dtype=np.int64)
    of[network.rows] = np.where(network.level > 0, _classes(network), -1)
    of[network.rows[network.seat[_is_spread(network)]]] = -1  # what a node loses depends on its other leaves
    keys: dict[tuple[int, ...], int] = {}
    alike = []
    for number, devices in enumerate(by_rack):
        marks = np.sort(of[devices]).tolist()
        key = tuple(marks) if marks and marks[0] >= 0 else (-1, number)
        alike.append(keys.setdefault(key, number))
    names = tuple(f"rack {plan.racks[rack].name}" for rack in racks)
    return Elements("rack", names, tuple(by_rack), (), np.array(alike, dtype=np.int64))


def _trays(network: Network) -> Elements:
    """Return the trays along rows, and those across the rows of a hall, with the links that may lie in them.

    A link lies in the trays of the rows of both its racks, unless they are one rack; between rows it crosses the hall.
    """
    trays = list(_tray_masks(network))
    links = tuple(np.flatnonzero(mask) for _, mask in trays)
    return Elements("tray", tuple(name for name, _ in trays), (), links, np.arange(len(trays)))


def _feeds(network: Network) -> Elements:
    """Return the feeds of the fabric's devices; alike are those without which every device is still fed."""
    feeds = feeds_of(network)
    alike = [row if len(devices) else -1 for row, (_, devices) in enumerate(feeds)]
    names, devices = tuple(name for name, _ in feeds), tuple(rows for _, rows in feeds)
    return Elements("feed", names, devices, (), np.array(alike, dtype=np.int64))


def _tray_masks(network: Network) -> Iterator[tuple[str, Mask]]:
    plan = network.plan
    if not plan.racks:
        return
    rows = [(rack.site, rack.hall, rack.row) for rack in plan.racks]
    own = np.zeros(len(plan.links.segment), dtype=bool)
    own[network.link] = True
    own[network.seat_link[network.seat_link >= 0]] = True
    a, z = plan.devices.rack[plan.links.a_device], plan.devices.rack[plan.links.z_device]
    own &= (a >= 0) & (z >= 0) & (a != z)
    number = {row: index for index, row in enumerate(dict.fromkeys(rows))}
    of = np.array([number[row] for row in rows], dtype=np.int64)
    for (_, hall, row), index in number.items():
        mask = own & ((of[a] == index) | (of[z] == index))
        if mask.any():
            yield f"tray of row {row} in {hall}", mask
    halls = {(site, hall): index for index, (site, hall) in enumerate(dict.fromkeys(row[:2] for row in rows))}
    of_hall = np.array([halls[row[:2]] for row in rows], dtype=np.int64)
    for (_, hall), index in halls.items():
        mask = own & (of[a] != of[z]) & ((of_hall[a] == index) | (of_hall[z] == index))
        if mask.any():
            yield f"trays across the rows of {hall}", mask
