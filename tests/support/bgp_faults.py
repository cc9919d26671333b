"""Read the FRR configurations of a fabric, and find what is wrong between them.

Knows nothing of plans: what routers would meet is judged from the texts alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

_ADDRESS = r"(\d+\.\d+\.\d+\.\d+)"


@dataclass
class Router:
    """A router as its configuration says: AS number, addresses by interface, AS number of each neighbour."""

    asn: int
    addresses: dict[str, str] = field(default_factory=dict)
    neighbours: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Faults:
    """Addresses that two interfaces have, sessions whose own address is nowhere on the router, whose peer is nowhere,
    and whose peer has another AS number than said."""

    duplicates: tuple[str, ...]
    local_missing: tuple[str, ...]
    without_peer: tuple[str, ...]
    wrong_asn: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.duplicates) + len(self.local_missing) + len(self.without_peer) + len(self.wrong_asn)


def read(text: str) -> Router:
    """Return the router of a configuration."""
    asn = re.search(r"^router bgp (\d+)", text, re.MULTILINE)
    router = Router(int(asn[1]) if asn else 0)
    for name, body in re.findall(r"^interface (\S+)\n(.*?)^exit$", text, re.MULTILINE | re.DOTALL):
        for address in re.findall(rf"^ ip address {_ADDRESS}/\d+$", body, re.MULTILINE):
            router.addresses[name] = address
    for address, remote in re.findall(rf"^ neighbor {_ADDRESS} remote-as (\d+)$", text, re.MULTILINE):
        router.neighbours[address] = int(remote)
    return router


def across(address: str) -> str:
    """Return the other address of a /31."""
    head, _, last = address.rpartition(".")
    return f"{head}.{int(last) ^ 1}"


def faults(texts: Mapping[str, str]) -> Faults:
    """Return what is wrong between the configurations of routers, by name."""
    routers = {name: read(text) for name, text in texts.items()}
    counts = Counter(address for router in routers.values() for address in router.addresses.values())
    owners: dict[str, set[int]] = {}
    for router in routers.values():
        for address in router.addresses.values():
            owners.setdefault(address, set()).add(router.asn)
    sessions = [(name, peer, asn) for name, router in routers.items() for peer, asn in router.neighbours.items()]
    return Faults(
        tuple(sorted(address for address, count in counts.items() if count > 1)),
        tuple(f"{name}: {peer}" for name, peer, _ in sessions if across(peer) not in routers[name].addresses.values()),
        tuple(f"{name}: {peer}" for name, peer, _ in sessions if peer not in owners),
        tuple(f"{name}: {peer}" for name, peer, asn in sessions if peer in owners and owners[peer] != {asn}),
    )
