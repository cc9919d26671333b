"""Walk the forwarding tables that OpenSM computed: does every host reach every host?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tests.engine.harness.ib_netfile import End, IbLink

ForwardingTables = Mapping[str, Mapping[str, int]]
"""Output port by switch and destination, both as node descriptions."""

_SWITCH = re.compile(r"^Unicast lids .* guid \S+ \('(.*)'\):")
_ENTRY = re.compile(r"^0x[0-9a-f]+ (\d+) # Channel Adapter portguid \S+: '(.*)'")


def parse_forwarding_tables(text: str) -> ForwardingTables:
    """Read OpenSM's dump of the switches' tables.

    Args:
        text: content of ``opensm-lfts.dump``.

    Returns:
        The output port by switch and destination host.
    """
    tables: dict[str, dict[str, int]] = {}
    here: dict[str, int] = {}
    for line in text.splitlines():
        if head := _SWITCH.match(line):
            here = tables.setdefault(head[1], {})
        elif entry := _ENTRY.match(line):
            here[entry[2]] = int(entry[1])
    return tables


def unreached(tables: ForwardingTables, links: Iterable[IbLink], hosts: Iterable[str]) -> list[tuple[str, str]]:
    """Name the switches from which a host is not reached: no entry, a dead port or a loop.

    Args:
        tables: the forwarding tables.
        links: the cables.
        hosts: node descriptions of the destinations.

    Returns:
        Pairs of switch and host, sorted; empty when every host reaches every host.
    """
    peer_by_end: dict[End, str] = {}
    for link in links:
        (node_a, port_a), (node_b, port_b) = sorted(link)
        peer_by_end[node_a, port_a] = node_b
        peer_by_end[node_b, port_b] = node_a
    lost = []
    for host in hosts:
        is_reached = {host: True}
        for switch in tables:
            walked: list[str] = []
            here: str | None = switch
            while here is not None and here not in is_reached and here not in walked:
                walked.append(here)
                port = tables.get(here, {}).get(host)
                here = None if port is None else peer_by_end.get((here, port))
            is_reached.update(dict.fromkeys(walked, here is not None and is_reached.get(here, False)))
            if not is_reached[switch]:
                lost.append((switch, host))
    return sorted(lost)
