"""What must hold for every synthesised fabric, whatever its sizes: for unit and property tests."""

from __future__ import annotations

import networkx as nx
import numpy as np

from optidsl.fabric.ports import DOWN, UP
from optidsl.fabric.tables import FabricTables


def check_ports(tables: FabricTables) -> None:
    """No port is used twice; a ends are endpoint or up ports, z ends down ports, of the link's rate."""
    links, devices = tables.links, tables.devices
    used = np.concatenate([np.stack([links.a_device, links.a_port]), np.stack([links.z_device, links.z_port])], axis=1)
    assert np.unique(used, axis=1).shape[1] == used.shape[1]
    for device, port, wanted in (
        (links.a_device, links.a_port, None),
        (links.z_device, links.z_port, DOWN),
    ):
        for number, group in enumerate(tables.groups):
            mask = devices.group[device] == number
            at = port[mask]
            assert at.size == 0 or (at.min() >= 0 and at.max() < len(group.ports.name))
            role = (DOWN if group.kind == "node" else UP) if wanted is None else wanted
            assert (group.ports.role[at] == role).all()
            if group.kind == "switch":
                rates = np.array([segment.rate_mbps for segment in tables.segments])
                assert np.array_equal(group.ports.rate_mbps[at], rates[links.segment[mask]])


def check_devices(tables: FabricTables) -> None:
    """Groups tile the device table, and names are unique."""
    devices = tables.devices
    assert len(set(devices.name)) == len(devices.name) == len(devices.group)
    for number, group in enumerate(tables.groups):
        assert (devices.group[group.first : group.first + group.count] == number).all()
        assert devices.ordinal[group.first : group.first + group.count].tolist() == list(range(group.count))


def check_evenness(tables: FabricTables) -> None:
    """Uplinks of a switch spread evenly over the switches they reach, and every uplink port has a link."""
    links, devices = tables.links, tables.devices
    for number, segment in enumerate(tables.segments):
        if segment.a == "endpoints":
            continue
        mask = links.segment == number
        pairs, counts = np.unique(np.stack([links.a_device[mask], links.z_device[mask]]), axis=1, return_counts=True)
        assert len(set(counts.tolist())) == 1, "parallel links differ"
        per_switch = np.unique(pairs[0], return_counts=True)[1]
        assert len(set(per_switch.tolist())) == 1, "switches reach different numbers of neighbours"
        for each in np.unique(devices.group[links.a_device[mask]]):
            group = tables.groups[each]
            n_up = int((group.ports.role == UP).sum())
            uplinks = np.bincount(links.a_device[mask], minlength=len(devices.group))
            assert (uplinks[group.first : group.first + group.count] == n_up).all()


def check_reach(tables: FabricTables) -> None:
    """Every plane is connected, and no two endpoints are farther apart than the shape says (small fabrics only)."""
    for shape in tables.shapes:
        segments = [i for i, segment in enumerate(tables.segments) if segment.fabric == shape.fabric.name]
        mask = np.isin(tables.links.segment, segments)
        graph = nx.Graph()
        graph.add_edges_from(
            zip(tables.links.a_device[mask].tolist(), tables.links.z_device[mask].tolist(), strict=True)
        )
        nodes = [device for device in graph if tables.groups[int(tables.devices.group[device])].kind == "node"]
        if len(shape.tiers) == 1 and shape.fabric.kind == "rail_optimized":
            continue
        assert nx.is_connected(graph)
        switches = graph.subgraph(set(graph) - set(nodes))
        leaves = {neighbour for node in nodes for neighbour in graph[node]}
        if shape.planes > 1:
            continue
        farthest = max(
            nx.single_source_shortest_path_length(switches, leaf)[other] + 1 for leaf in leaves for other in leaves
        )
        assert farthest <= shape.hops


def check_all(tables: FabricTables) -> None:
    """Check every law."""
    check_ports(tables)
    check_devices(tables)
    check_evenness(tables)
    check_reach(tables)
