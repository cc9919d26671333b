"""Read an InfiniBand net file (the output of ``ibnetdiscover``) strictly, with no engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

End = tuple[str, int]
IbLink = frozenset[End]
"""Both ends of a cable as (node description, port number)."""

_RECORD = re.compile(r'^(Switch|Ca|Hca|Rt)\s+(\d+)\s+"([^"]+)"\s*(?:#\s*"([^"]*)")?')
_PORT = re.compile(r'^\[(\d+)\](?:\([0-9a-fA-Fx]+\))?\s+"([^"]+)"\[(\d+)\]')


@dataclass(frozen=True)
class NetFile:
    """What a net file says.

    Attributes:
        links: the cables.
        hosts: node descriptions of the channel adapters, in the order of the file.
        switches: node descriptions of the switches, in the order of the file.
        n_ports: ports of all nodes together.
        faults: cables written at one end only, unknown peers, ports beyond a node's count, names used twice.
    """

    links: frozenset[IbLink]
    hosts: tuple[str, ...]
    switches: tuple[str, ...]
    n_ports: int
    faults: tuple[str, ...]


def parse_netfile(text: str) -> NetFile:
    """Read a net file, with no engine.

    Args:
        text: its content, or the output of ibnetdiscover.

    Returns:
        Its nodes, cables and inconsistencies.
    """
    name_by_id: dict[str, str] = {}
    n_ports_by_id: dict[str, int] = {}
    kinds: dict[str, list[str]] = {"Switch": [], "Ca": []}
    cables: dict[tuple[str, int], tuple[str, int]] = {}
    faults: list[str] = []
    here = ""
    for line in text.splitlines():
        if record := _RECORD.match(line):
            kind, n_ports, here, name = record.groups()
            if here in name_by_id:
                faults.append(f"node {here} is written twice")
            name_by_id[here] = name or here
            n_ports_by_id[here] = int(n_ports)
            kinds["Switch" if kind == "Switch" else "Ca"].append(name_by_id[here])
        elif port := _PORT.match(line):
            near = (here, int(port[1]))
            if near in cables:
                faults.append(f"port {port[1]} of {name_by_id.get(here, here)} is written twice")
            cables[near] = (port[2], int(port[3]))
    faults += _inconsistencies(cables, name_by_id, n_ports_by_id)
    links = frozenset(
        frozenset({(name_by_id[node], port), (name_by_id[peer], peer_port)})
        for (node, port), (peer, peer_port) in cables.items()
        if node in name_by_id and peer in name_by_id
    )
    n_ports = sum(n_ports_by_id.values())
    return NetFile(links, tuple(kinds["Ca"]), tuple(kinds["Switch"]), n_ports, tuple(faults))


def read_netfile(path: Path) -> NetFile:
    """Read an emitted net file, with no engine.

    Args:
        path: the file.

    Returns:
        Its nodes, cables and inconsistencies.
    """
    return parse_netfile(path.read_text(encoding="utf-8"))


def _inconsistencies(
    cables: dict[tuple[str, int], tuple[str, int]], name_by_id: dict[str, str], n_ports_by_id: dict[str, int]
) -> Iterator[str]:
    for name, n_nodes in Counter(name_by_id.values()).items():
        if n_nodes > 1:
            yield f"node description {name} is used {n_nodes} times"
    for (node, port), (peer, peer_port) in sorted(cables.items()):
        where = f"{name_by_id.get(node, node)} port {port}"
        if peer not in name_by_id:
            yield f"{where} leads to unknown node {peer}"
        elif cables.get((peer, peer_port)) != (node, port):
            yield f"{where} leads to {name_by_id[peer]} port {peer_port}, which leads elsewhere"
        if not 1 <= port <= n_ports_by_id.get(node, 0):
            yield f"{where} does not exist: the node has {n_ports_by_id.get(node, 0)} ports"
