"""The protocols a fabric may speak, and what carries each: the one place that says what is Ethernet underneath."""

from __future__ import annotations

CARRIERS: dict[str, str] = {
    "infiniband": "infiniband",
    "ethernet": "ethernet",
    "roce": "ethernet",
    "ultra-ethernet": "ethernet",
    "ici": "ici",
}
"""By protocol of a fabric, the protocol that its ports, modules and cables speak."""

PROTOCOLS: tuple[str, ...] = tuple(CARRIERS)
"""What `fabric.protocol` may be."""


def carrier_of(protocol: str) -> str:
    """Return what the ports of a fabric of a protocol speak: RoCE and Ultra Ethernet run over Ethernet."""
    return CARRIERS.get(protocol, protocol)


def is_ethernet(protocol: str) -> bool:
    """Tell whether a protocol runs over Ethernet, with routed switches, addresses and AS numbers."""
    return carrier_of(protocol) == "ethernet"


def carries(spoken: tuple[str, ...], protocol: str) -> bool:
    """Tell whether a part that speaks these protocols can serve a fabric of `protocol`."""
    return carrier_of(protocol) in spoken
